"""A file that was begun is gone on with to its end, whatever became of the day's quota; nothing else goes out uncounted."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from shuniu.client import Client, RefusedError
from shuniu.exchange.gateway import files
from shuniu.exchange.grants.models import Agreement, AgreementVersion
from shuniu.exchange.spool import FRAME
from shuniu.trust.certificates import api as certificates
from shuniu.trust.models import Entry
from tests.exchange.gateway.road import ISSUER, Machine, machine
from tests.exchange.gateway.test_gateway_files import asker, content, offered, url
from tests.refusals import refused

__all__ = ["url"]
pytestmark = pytest.mark.django_db(transaction=True)
SIZE = 5 * FRAME


def counted() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(sum(calls), 0) from exchange_agreement_use")
        return int(cursor.fetchone()[0])


def quota(calls: int) -> None:
    AgreementVersion.objects.update(quota_calls=calls)


def take(tax: Machine, number: int, first: int = 0, *, listed: bool = False, purpose: str = "inspection") -> None:
    """Fetch a file from a byte on to its end, or its list."""
    granted = files.take_file(actor=asker(tax), number=number, purpose=purpose, first=first, listed=listed)
    if not listed:
        assert sum(map(len, files.streamed(asker(tax), granted, first, granted.size - 1))) == granted.size - first


@pytest.mark.slow
def test_a_file_that_was_begun_comes_whole_by_one_call_and_another_fetching_waits_for_tomorrow(
    tax: Machine, url: str, tmp_path: Path
) -> None:
    number = offered(SIZE)
    quota(1)
    client = Client(url, tax.private, [tax.platform])
    with client._get(f"/exchange/files/{number}", "inspection") as came:
        (tmp_path / "x.part").write_bytes(came.read(2 * FRAME + 9))
    client.close()
    assert client.fetch(number, tmp_path / "x", purpose="inspection").read_bytes() == b"".join(content(SIZE))
    assert counted() == 1
    with pytest.raises(RefusedError) as refusal:
        client.fetch(number, tmp_path / "y", purpose="inspection")
    assert refusal.value.rule == "grant.quota_calls" and counted() == 1
    client.close()


def test_going_on_with_what_was_never_begun_counts_and_needs_a_call_that_is_left(tax: Machine) -> None:
    begun, other = offered(SIZE), offered(SIZE)
    take(tax, begun, 1)
    assert counted() == 1
    quota(1)
    take(tax, begun, listed=True)
    take(tax, begun, FRAME)
    for first, listed in ((0, False), (1, False), (0, True)):
        with refused("grant.quota_calls"):
            take(tax, other, first, listed=listed)
    assert counted() == 1
    began = Entry.objects.filter(object=f"file:{begun}", outcome="begun").order_by("id")
    assert [one.detail["from"] for one in began] == [1, FRAME], "each is journalled, counted or not"


def test_for_one_call_no_more_goes_out_than_the_files_bytes_twice(tax: Machine) -> None:
    number = offered(SIZE)
    quota(1)
    for first in (0, 2 * FRAME, 4 * FRAME):
        take(tax, number, first)
    assert counted() == 1
    with refused("grant.quota_calls"):
        take(tax, number, 1)
    quota(3)
    take(tax, number, 1)
    take(tax, number, 1)
    assert counted() == 2
    take(tax, number, 1)
    assert counted() == 3


def test_a_quota_of_rows_that_was_used_up_meanwhile_does_not_stop_it_either(tax: Machine) -> None:
    number = offered(SIZE)
    take(tax, number)
    with connection.cursor() as cursor:
        cursor.execute("update exchange_agreement_use set rows = 9")
    AgreementVersion.objects.update(quota_rows=9)
    take(tax, number, FRAME)
    with refused("grant.quota_rows"):
        take(tax, number)


def test_what_was_begun_is_gone_on_with_by_the_same_agency_while_everything_else_stands(tax: Machine) -> None:
    number = offered(SIZE)
    take(tax, number)
    with refused("grant.other_purpose"):
        take(tax, number, FRAME, purpose="credit")
    with refused("gateway.unknown"):
        take(machine(agency="43.police", name="省公安厅"), number, FRAME)
    Agreement.objects.update(state="suspended")
    with refused("grant.ended"):
        take(tax, number, FRAME)
    Agreement.objects.update(state="in_force")
    take(tax, number, FRAME)
    with connection.cursor() as cursor:
        cursor.execute("update exchange_file set expires = clock_timestamp()")
    with refused("grant.ended"):
        take(tax, number, FRAME)
    certificates.revoke_certificate(actor=ISSUER, number=tax.held.number, reason="key_compromise")
    asked = tax.client._signed("GET", f"/exchange/files/{number}", "inspection")
    assert tax.refused(asked, range=f"bytes={FRAME}-") == (401, "trust.revoked")
