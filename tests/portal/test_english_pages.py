"""The main pages in English: nothing Chinese is left on them but what is data."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from lxml import html

from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.directory.models import Account
from shuniu.registries import api as registries
from shuniu.registries.declare import Mode
from shuniu.systems.credit.report import report
from shuniu.trust import api as trust
from shuniu.trust.declare import Actor
from tests.cast import Cast, SignedIn
from tests.exchange.conftest import Deliver, firm, registration
from tests.exchange.test_submission import many_codes
from tests.systems import credit_province
from tests.systems.credit_province import FIRM, NAME, PENALTY, Case
from tests.systems.credit_province import deliver as credited

pytestmark = pytest.mark.django_db(transaction=True)
CHINESE = re.compile("[\u4e00-\u9fff，。：；！？（）、]+")
SHOWN = ("aria-label", "placeholder", "title", "data-head", "alt")
GOOD = [f"{code},湘江机械有限公司,2010-03-05,{n},存续,430102" for n, code in enumerate(many_codes(60))]


def data() -> set[str]:
    """What the catalogue and the directory hold: names and titles, which are no words of the interface."""
    found = {one.name for one in directory.agencies()}
    for published in catalogue.published_all():
        it = published.resource
        found |= {it.title, it.summary, it.share_conditions, it.legal_basis, it.article, it.purpose, it.purpose_basis}
        found |= {it.retention, it.note, it.credit.nature if it.credit else ""}
        found |= {text for item in it.items for text in (item.title, item.note)}
    for codes in catalogue.code_lists().values():
        found |= {codes.title, *(code.label for code in codes.codes)}
    return found - {""}


def left(client: Client, address: str, known: Iterable[str], post: dict[str, str] | None = None) -> set[str]:
    """The Chinese on a page that is none of the known data."""
    response = client.get(address) if post is None else client.post(address, post)
    assert response.status_code == 200, address
    page = html.fromstring(response.content)
    assert page.get("lang") == "en"
    texts: list[str] = []
    for one in page.iter():
        ours = one.tag != "script" and one.get("lang") != "zh-hans"
        texts += [one.text or "" if ours else "", one.tail or "", *(one.get(name) or "" for name in SHOWN)]
    longest = sorted(known, key=len, reverse=True)
    found = set()
    for text in texts:
        for name in longest:
            text = text.replace(name, "")
        found |= set(CHINESE.findall(text))
    return found


@pytest.fixture
def english(signed_in: SignedIn) -> SignedIn:
    def of(actor: Actor) -> Client:
        client = signed_in(actor)
        client.cookies["language"] = "en"
        return client

    return of


@pytest.fixture
def reader() -> Client:
    cache.clear()
    client = Client()
    client.cookies["language"] = "en"
    return client


def test_the_public_pages_speak_english(deliver: Deliver, cast: Cast, reader: Client) -> None:
    deliver(registration(firm(0)), actor=cast.market_officer)
    known = data() | {"行政处罚"}
    for address in (
        "/", "/sign-in/", "/enrol/", "/catalogue/", "/catalogue/43.market/registration/", "/search/?q=x", "/credit/",
        "/credit/verify/",
    ):  # fmt: skip
        assert left(reader, address, known) == set(), address


def test_the_desk_and_the_office_speak_english(deliver: Deliver, cast: Cast, english: SignedIn) -> None:
    receipt = deliver(registration(*GOOD), actor=cast.market_officer)
    held = deliver(registration(*GOOD[:20]), actor=cast.market_officer)
    trust.sequence()
    known = data() | {one.name for one in vars(cast).values()} | {"湖南省", "登记.csv", held.reason, held.remedy}
    known |= {*receipt.notes, *held.notes, "湘江机械有限公司", "万元", "元", "行政处罚", "后台任务", "安装"}
    pages = {
        cast.market_officer: [
            "/desk/", "/desk/submissions/", f"/desk/submissions/{receipt.number}/", "/desk/entry/", "/desk/quality/",
            f"/desk/submissions/{receipt.number}/rows/new/", "/desk/upload/43.market/registration/", "/desk/objections/",
            "/desk/entry/43.market/registration/", "/desk/reconciling/", "/rights/", "/",
        ],
        cast.market_second: ["/desk/", f"/desk/submissions/{held.number}/"],
        cast.market_cataloguer: ["/desk/catalogue/", "/desk/catalogue/new/"],
        cast.reviewer: ["/desk/catalogue/review/", "/desk/catalogue/conformance/"],
        cast.matcher: ["/desk/matches/"],
        cast.office: ["/office/", "/office/resources/", "/office/bulletin/", "/office/bulletin/rows/"],
        cast.market_admin: ["/accounts/"],
        cast.auditor: ["/audit/"],
    }  # fmt: skip
    for who, addresses in pages.items():
        client = english(who)
        for address in addresses:
            assert left(client, address, known) == set(), address


def test_a_firm_and_its_report_are_shown_in_english(db: None, reader: Client) -> None:
    credit_province.found()
    credited(PENALTY, Case("湘市监罚〔2026〕1号", timezone.localdate().isoformat()).row)
    made = report(actor=directory.anonymous(), code=FIRM)
    known = data() | {NAME, "李四"} | {text for pair in made.elsewhere for text in pair}
    known |= {text for line in made.lines for text in (line.title, line.text)}
    known |= {text for fact in made.facts for pair in fact.items for text in pair}
    assert left(reader, f"/credit/?q={NAME}", known) == set()
    assert left(reader, f"/credit/{FIRM}/", known) == set()
    assert left(reader, f"/credit/{FIRM}/report/", known, {"as": "page"}) == set()
    subject = registries.find_subject("uscc", FIRM)
    own = Account.objects.create(kind="firm", login="xiangjiang", name="xiangjiang", password="!", subject=subject)
    reader.force_login(own)
    for address in ("/credit/mine/", "/credit/mine/repairs/"):
        assert left(reader, address, known) == set(), address


def test_a_document_is_the_same_whatever_its_reader_reads(deliver: Deliver, cast: Cast, english: SignedIn) -> None:
    deliver(registration(*GOOD), actor=cast.market_officer)
    client = english(cast.office)
    read = client.get("/office/bulletin.pdf").content
    client.cookies["language"] = "zh-hans"
    assert client.get("/office/bulletin.pdf").content == read


def test_what_is_kept_is_said_in_chinese_whatever_the_reader_reads(
    deliver: Deliver, cast: Cast, english: SignedIn
) -> None:
    """A receipt and the journal are the same for everybody: only the pages change their language."""
    receipt = deliver(registration(*GOOD), actor=cast.market_officer, mode=Mode.SNAPSHOT)
    client = english(cast.market_officer)
    at = f"/desk/submissions/{receipt.number}/"
    assert client.post(f"{at}recall/", {"reason": "误报"}).status_code == 302
    assert "批次撤回：误报" in client.get(at).content.decode()
