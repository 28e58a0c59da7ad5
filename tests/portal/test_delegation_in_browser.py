"""The pages of delegation in a real browser: nothing for axe to find, at a phone's width and at a desk's."""

from __future__ import annotations

import pytest

from shuniu.cases.api import filing
from shuniu.cases.declare.draft import Ground, Whom
from shuniu.directory import api
from shuniu.directory.models import Application
from tests.browser.chromium import browser
from tests.browser.looking import look_at_answers
from tests.cases.filing import ITEM, drafted, published
from tests.cast import Cast, cast
from tests.directory.delegating.people import browser_of, citizen, given, in_days

__all__ = ["cast", "published"]
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("published")]


@pytest.fixture
def pages(cast: Cast) -> dict[str, bytes]:
    """Pages as the test client gets them; read before the browser starts, whose thread may not use the database."""
    helper = citizen("tangqiao", "唐巧", 7_000_003)
    made = given(cast.firm, helper, "file", "receive", items=[ITEM.key])
    offered = given(cast.citizen, helper, "see", until=in_days(3), accepted=False)
    number = filing.file(actor=helper, draft=drafted(helper, Whom(ground=Ground.DELEGATE, delegation=made))).number
    office = api.register_application(
        actor=cast.security, title="办公系统", agency="43.market", redirects=["https://oa.example.gov.cn/"]
    )
    Application.objects.update(leaves=["https://oa.example.gov.cn/left"])
    firm, taker = browser_of(cast.firm)[0], browser_of(helper)[0]
    wrong = {"login": "tangqiao", "name": "别人", "acts": ["file"], "until": "2020-01-01"}
    return {
        "given": firm.get("/hall/delegations/").content,
        "taken": taker.get("/hall/delegations/").content,
        "giving": firm.get("/hall/delegations/new/").content,
        "wrong": firm.post("/hall/delegations/new/", wrong).content,
        "one": firm.get(f"/hall/delegations/{made}/").content,
        "offered": taker.get(f"/hall/delegations/{offered}/").content,
        "whom": taker.get(f"/apply/{drafted(helper)}/whom/").content,
        "case": firm.get(f"/hall/cases/{number}/").content,
        "leave": firm.get(f"/oidc/logout?client_id={office.key}").content,
    }


def test_every_page_of_delegation_is_clean_and_fits(pages: dict[str, bytes]) -> None:
    with browser() as chromium:
        look_at_answers(chromium, pages)
