"""Call by call: both parties find theirs and take the evidence away, which is verified without the platform; nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from shuniu.project.main import parser
from shuniu.trust import api as trust
from shuniu.trust.evidence import api as evidence
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cast import Cast, SignedIn
from tests.exchange.conftest import FIRMS, Deliver, firm, registration
from tests.exchange.gateway.road import agree, machine
from tests.portal.reading import text

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "43.market/registration"
AT = "/desk/connections/calls/"


@pytest.fixture
def calls(deliver: Deliver, cast: Cast) -> list[int]:
    """Two calls of the tax bureau's machine, placed in the journal."""
    with connection.cursor() as cursor:
        cursor.execute("truncate exchange_minute, exchange_failure, exchange_once, exchange_hour")
    deliver(registration(firm(0)), actor=cast.market_officer)
    agree("uscc", "name")
    tax = machine()
    made = [tax.ask(FIRMS[0]).number, tax.ask(FIRMS[0]).number]
    trust.sequence()
    return made


def verified(tmp_path: Path, content: bytes) -> int:
    """What `shuniu evidence verify` says of a file, with nothing but the public keys beside it."""
    given, keys = tmp_path / "evidence.json", tmp_path / "keys.pem"
    given.write_bytes(content)
    keys.write_bytes(evidence.public_keys())
    args = parser().parse_args(["evidence", "verify", str(given), "--trust", str(keys)])
    return int(args.call(args))


def test_both_parties_find_a_call_from_the_connections_and_its_file_is_verified_offline(
    calls: list[int], cast: Cast, signed_in: SignedIn, tmp_path: Path
) -> None:
    for who in (cast.tax_officer, cast.market_officer):
        client = signed_in(who)
        listed = f"{AT}?resource=43.market%2Fregistration&amp;agency=43.tax"
        assert f'href="{listed}"' in text(client, "/desk/connections/")
        page = text(client, listed.replace("&amp;", "&"))
        assert page.index(f">{calls[1]}<") < page.index(f">{calls[0]}<"), "the newest first"
        assert "监管检查" in page and "第 1 版" in page and FIRMS[0] not in page
        took = client.get(f"{AT}{calls[0]}/evidence.json")
        assert took.status_code == 200 and "attachment" in took.headers["Content-Disposition"]
        assert FIRMS[0] not in took.content.decode() and verified(tmp_path, took.content) == 0
        altered = took.content.replace(b"43.market/registration", b"43.market/registratiom")
        assert verified(tmp_path, altered) == 1
        assert client.get(f"{AT}?number={calls[0]}").headers["Location"] == f"{AT}{calls[0]}/evidence.json"


def test_a_list_goes_on_by_number_and_an_empty_one_says_what_to_fill_in(
    calls: list[int], cast: Cast, signed_in: SignedIn
) -> None:
    client = signed_in(cast.tax_officer)
    assert "请选择资源" in text(client, AT)
    assert "没有这样的查询" in text(client, f"{AT}?resource=43.market/none")
    older = text(client, f"{AT}?resource={KEY}&before={calls[1]}")
    assert f">{calls[0]}<" in older and f">{calls[1]}<" not in older


def test_who_was_no_part_of_it_finds_neither_list_nor_file(calls: list[int], cast: Cast, signed_in: SignedIn) -> None:
    for who in (cast.office, cast.auditor, cast.citizen, cast.market_second, cast.stranger):
        client = signed_in(who)
        text(client, f"{AT}?resource={KEY}", 403)
        text(client, f"{AT}{calls[0]}/evidence.json", 403)
    assert Client().get(AT).status_code in (302, 403)
    tax = signed_in(cast.tax_officer)
    text(tax, f"{AT}?resource={KEY}&agency=43.office", 403)
    assert "没有第" in text(tax, f"{AT}{calls[0] + 1000}/evidence.json", 403)


@pytest.mark.browser
def test_the_page_is_clean_at_both_widths(calls: list[int], cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.tax_officer)
    with serving() as site, browser() as chromium, page_of(chromium, client, site) as page:
        page.goto(f"{site}{AT}?resource={KEY}")
        assert page.get_by_role("row").count() >= 3
        look(page)
