"""Files under an agreement, by browser: offered by the owner alone, seen by both sides, withdrawn, fetched by no officer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from shuniu.directory.declare import ROLES
from shuniu.exchange.gateway import files
from shuniu.exchange.gateway.counting import tidy
from shuniu.exchange.grants.models import Agreement
from shuniu.exchange.spool import FRAME
from shuniu.exchange.spool import folder as spool
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cast import Cast, SignedIn
from tests.exchange.files import framed
from tests.exchange.gateway.road import agree
from tests.portal.reading import text

pytestmark = pytest.mark.django_db(transaction=True)
BYTES = "名称,状态\r\n湘江机械,存续\r\n".encode() * 60_000  # some two MiB
TIDY = Actor("system:worker", "系统任务", capabilities=frozenset({"exchange.tidy_calls"}))


@pytest.fixture
def number(catalogued: None, cast: Cast) -> Iterator[int]:
    """An agreement by which the tax department uses the market department's register; no other test's files lie about."""
    with connection.cursor() as cursor:
        cursor.execute("truncate exchange_file, exchange_upload")
    _clear()
    yield agree("uscc", "name", purposes=("inspection",)).pk
    _clear()


def _clear() -> None:
    for path in kept():
        path.unlink()


def posted(content: bytes = BYTES, **otherwise: str) -> dict[str, object]:
    return {"file": SimpleUploadedFile("登记.csv", content), "days": "7", "whole": "1", **otherwise}


def kept() -> list[Path]:
    return [*spool().iterdir(), *files.folder().iterdir()]


def test_a_file_is_offered_seen_by_both_sides_and_withdrawn(number: int, cast: Cast, signed_in: SignedIn) -> None:
    owner, consumer, at = signed_in(cast.market_officer), signed_in(cast.tax_officer), f"/desk/agreements/{number}/"
    assert f"{at}files/new/" in text(owner, at) and "还没有提供文件" in text(owner, at)
    assert "files/new/" not in text(consumer, at) + text(signed_in(cast.market_second), at)
    page = text(owner, f"{at}files/new/")
    assert "16.0" in page and "client.offer" in page and 'value="30"' in page and "涉密信息不得提供" in page
    assert "文件已提供" in owner.post(f"{at}files/new/", posted(), follow=True).content.decode()
    (one,) = files.list_files(actor=cast.market_officer, agreement=number)
    assert (one.name, one.size) == ("登记.csv", len(BYTES))
    assert timedelta(days=6) < one.expires - timezone.now() < timedelta(days=8)
    for client in (owner, consumer, signed_in(cast.office)):
        said = text(client, at)
        assert "登记.csv" in said and one.digest in said and "还没有取完过" in said
    assert "client.fetch" in text(consumer, at) and "client.fetch" not in text(owner, at)
    (path,) = kept()
    assert "湘江机械".encode() not in path.read_bytes(), "only ciphertext meets the disk"
    away = f"{at}files/{one.number}/withdraw/"
    assert away in text(owner, at) and away not in text(consumer, at)
    assert consumer.post(away).status_code == 403 and kept()
    assert "文件已撤回" in owner.post(away, follow=True).content.decode()
    assert kept() == [] and away not in text(owner, at) and "已撤回" in text(consumer, at)
    assert owner.post(away).status_code == 403, "it is withdrawn once"
    assert Entry.objects.filter(verb="exchange.withdraw_file", object=f"file:{one.number}", outcome="done").count() == 1


def test_what_is_offered_is_what_is_fetched_and_its_end_is_seen(number: int, cast: Cast, signed_in: SignedIn) -> None:
    signed_in(cast.market_officer).post(f"/desk/agreements/{number}/files/new/", posted())
    (one,) = files.list_files(actor=cast.tax_officer, agreement=number)
    machine = Actor("node:1", "税务前置机", "43.tax", "省税务局", capabilities=frozenset(
        {"exchange.take_file", "exchange.end_file"}
    ))  # fmt: skip
    granted = files.take_file(actor=machine, number=one.number, purpose="inspection")
    assert len(granted.chunks) == 32 * (len(BYTES) // FRAME + 1)
    assert b"".join(files.streamed(machine, granted, 0, FRAME - 1)) == BYTES[:FRAME]
    assert files.list_files(actor=cast.tax_officer, agreement=number)[0].fetched_at is None, "not to its end"
    assert b"".join(files.streamed(machine, granted, FRAME, len(BYTES) - 1)) == BYTES[FRAME:]
    assert files.list_files(actor=cast.tax_officer, agreement=number)[0].fetched_at is not None
    assert "还没有取完过" not in text(signed_in(cast.market_officer), f"/desk/agreements/{number}/")
    assert not any("exchange.take_file" in role.capabilities for role in ROLES.values()), "no officer fetches"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"days": "0"}, "保留多少天"), ({"days": "400"}, "保留多少天"), ({"days": ""}, "保留多少天"),
        ({"whole": ""}, "文件没有传完"), ({"file": SimpleUploadedFile("x.csv", b"")}, "这个文件是空的"),
        ({"file": ""}, "请选择文件"),
    ],
)  # fmt: skip
def test_a_wrong_offer_is_explained_and_leaves_nothing(
    number: int, cast: Cast, signed_in: SignedIn, said: dict[str, object], words: str
) -> None:
    came = signed_in(cast.market_officer).post(f"/desk/agreements/{number}/files/new/", {**posted(), **said})
    assert came.status_code == 422 and words in came.content.decode()
    assert kept() == [] and files.list_files(actor=cast.market_officer, agreement=number) == ()


def test_who_may_not_offer_is_refused_before_a_byte_is_read(number: int, cast: Cast, signed_in: SignedIn) -> None:
    at = f"/desk/agreements/{number}/files/new/"
    for who in (cast.tax_officer, cast.market_second, cast.citizen):
        assert signed_in(who).get(at).status_code == signed_in(who).post(at, posted()).status_code == 403
    owner = signed_in(cast.market_officer)
    checked = Client(enforce_csrf_checks=True)
    checked.cookies = owner.cookies
    assert checked.post(at, posted()).status_code == 403
    Agreement.objects.update(state="suspended")
    assert owner.get(at).status_code == owner.post(at, posted()).status_code == 403
    assert kept() == []
    for name in ("", "x" * 201, "a\nb"):
        Agreement.objects.update(state="in_force")
        with pytest.raises(Refused, match="文件名"):
            files.offer_file(actor=cast.market_officer, agreement=number, name=name, writer=framed([b"x"]))
    assert kept() == [], "what is refused is discarded"
    with pytest.raises(Refused, match="没有第"):
        files.list_files(actor=replace(cast.tax_officer, agency="43.police"), agreement=number)


def test_bytes_of_a_file_that_ended_go_a_day_later(number: int, cast: Cast, signed_in: SignedIn) -> None:
    signed_in(cast.market_officer).post(f"/desk/agreements/{number}/files/new/", posted())
    for hours, left in ((-1, 1), (23, 1), (25, 0)):
        with connection.cursor() as cursor:
            cursor.execute("update exchange_file set expires = clock_timestamp() - make_interval(hours => %s)", [hours])
        tidy(actor=TIDY)
        assert len(kept()) == left
    assert "已到期" in text(signed_in(cast.tax_officer), f"/desk/agreements/{number}/")
    tidy(actor=TIDY)
