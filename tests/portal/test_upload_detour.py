"""To the uploads and back: what was ticked for an application is still ticked, and files go by their names."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuniu.cases.api import filing, items
from shuniu.cases.declare.material import HandedIn
from shuniu.directory.api import system
from shuniu.trust.declare import Actor
from tests.cases.filing import ITEM, drafted, published
from tests.cases.papers import PDF, PNG, uploaded
from tests.cast import Cast, cast
from tests.portal.cases import LEASE, PLAN, TAX, clerk, text
from tests.portal.conftest import signed_in

__all__ = ["cast", "clerk", "published", "signed_in"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
SignedIn = Callable[[Actor], Client]
UPLOADS = "/hall/materials/"


@pytest.fixture(autouse=True)
def _needing(published: None) -> None:
    items.ship(actor=system("install"), items=[ITEM.model_copy(update={"materials": (PLAN, TAX, LEASE)})])


def ticked(page: str) -> set[tuple[str, str]]:
    """Name and value of every box that is ticked."""
    boxes = (one for one in re.findall(r"<input[^>]*>", page) if 'type="checkbox"' in one and " checked" in one)
    found = ((re.search(r'name="([^"]*)"', one), re.search(r'value="([^"]*)"', one)) for one in boxes)
    return {(name[1], value[1] if value else "on") for name, value in found if name}


def back(page: str) -> str:
    """Where the page of uploads leads back to."""
    found = re.search(r'href="([^"]*)">回到申请材料选用', page)
    assert found is not None
    return unescape(found[1])


def test_what_was_ticked_is_still_ticked_after_an_upload(cast: Cast, signed_in: SignedIn) -> None:
    client, draft = signed_in(cast.citizen), drafted(cast.citizen)
    plan = str(uploaded(cast.citizen, name="平面图.pdf").id)
    where = f"/hall/cases/file/{draft}/"
    away = client.post(where, {"act": "upload", "u-plan": plan, "p-tax": "on", "other": "x"}).headers["Location"]
    assert away.startswith(UPLOADS) and back(text(client.get(away))).startswith(where)
    file = SimpleUploadedFile("租约.png", PNG)
    after = client.post(away, {"file": file, "whole": "1"}, follow=True)
    assert "“租约.png”已收好" in text(after)
    page = text(client.get(back(text(after))))
    assert ticked(page) == {("u-plan", plan), ("p-tax", "on")} and "租约.png" in page
    assert "还缺" not in page and "平面图.pdf" in page


def test_ticks_of_a_material_that_is_handed_in_later_are_kept_too(cast: Cast, signed_in: SignedIn) -> None:
    plan, lease = uploaded(cast.citizen, name="平面图.pdf"), uploaded(cast.citizen, PNG, "租约.png")
    made = filing.file(actor=cast.citizen, draft=drafted(cast.citizen), given=HandedIn({"plan": [plan.id]}, ["tax"]))
    client, where = signed_in(cast.citizen), f"/hall/cases/{made.number}/materials/lease/"
    away = client.post(where, {"act": "upload", "chosen": str(lease.id)}).headers["Location"]
    assert ticked(text(client.get(back(text(client.get(away)))))) == {("chosen", str(lease.id))}


@pytest.mark.parametrize("said", ["https://example.test/", "//example.test/", "javascript:alert(1)", "hall", ""])
def test_the_way_back_leads_nowhere_else(cast: Cast, signed_in: SignedIn, said: str) -> None:
    assert "回到申请材料" not in text(signed_in(cast.citizen).get(UPLOADS, {"back": said}))


def test_files_go_by_their_names_for_the_applicant_and_at_the_desk(
    cast: Cast, signed_in: SignedIn, clerk: Actor
) -> None:
    plan = uploaded(cast.citizen, PDF, "平面图（一层）.pdf")
    made = filing.file(actor=cast.citizen, draft=drafted(cast.citizen), given=HandedIn({"plan": [plan.id]}, ["tax"]))
    for who, at in ((cast.citizen, f"/hall/cases/{made.number}/"), (clerk, f"/desk/cases/{made.number}/")):
        page = text(signed_in(who).get(at))
        assert re.search(rf'href="/hall/materials/{plan.id}/file"[^>]*>平面图（一层）\.pdf', page)
