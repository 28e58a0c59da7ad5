"""The pages of moving running cases to a new version of their procedure: chosen, looked at, done; for the office alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shuniu.cases.api import filing, handling
from shuniu.procedures.declare import Procedure
from shuniu.trust.declare import Actor
from tests.cases.filing import published
from tests.cases.versioned import RENAMED, STRICTER, revised
from tests.cast import Cast, SignedIn, cast
from tests.portal.cases import clerk, filed, text

__all__ = ["cast", "clerk", "published", "revised"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
Revised = Callable[[Procedure], None]
ROOT = "/desk/migrating/cases.simple/"
KEPT = {"reason": "湘政办〔2026〕9号", "stage-accept": "accept", "stage-examine": "examine", "stage-decide": "decide"}


@pytest.fixture
def number(cast: Cast, clerk: Actor) -> str:
    return handling.accept(actor=clerk, number=filed(cast.citizen)).number


def test_the_office_comes_from_the_menu_to_a_procedure_and_its_versions(
    cast: Cast, signed_in: SignedIn, revised: Revised, number: str
) -> None:
    office = signed_in(cast.office)
    page = text(office.get("/desk/migrating/"))
    assert ROOT in page and 'href="/desk/migrating/"' in page and "依申请办理" in page
    current = text(office.get(ROOT))
    assert "已是最新" in current and f"{ROOT}2/" not in current
    revised(STRICTER)
    old = text(office.get(ROOT))
    assert "审查 1" in old and f"{ROOT}2/" in old
    assert "没有在办件" in text(office.get("/desk/migrating/cases.bundle/"))


def test_what_would_happen_is_shown_before_anything_can_be_done_and_then_it_is_done(
    cast: Cast, signed_in: SignedIn, revised: Revised, number: str
) -> None:
    revised(STRICTER)
    office, at = signed_in(cast.office), f"{ROOT}2/"
    page = text(office.get(at))
    assert "旧环节“审查”改为" in page and "新环节“法制审核”由谁办理" in page and 'name="do"' not in page
    bare = office.post(at, {**KEPT, "reason": ""})
    assert bare.status_code == 422 and "请填写迁移的依据" in text(bare)
    looked = text(office.post(at, KEPT))
    assert "可以迁移 1 件，不能迁移 0 件" in looked and number in looked and 'name="do"' in looked
    assert filing.read_case(actor=cast.citizen, number=number).matter.procedure.version == 2
    done = office.post(at, {**KEPT, "do": "1"}, follow=True)
    assert "已迁移 1 件" in text(done) and "已是最新" in text(done)
    assert filing.read_case(actor=cast.citizen, number=number).matter.procedure.version == 3


def test_a_mapping_that_does_not_fit_comes_back_with_the_reason_and_what_was_chosen(
    cast: Cast, signed_in: SignedIn, revised: Revised, number: str
) -> None:
    revised(RENAMED)
    office, at = signed_in(cast.office), f"{ROOT}2/"
    twice = office.post(at, {**KEPT, "stage-examine": "decide"})
    assert twice.status_code == 422 and KEPT["reason"] in text(twice) and 'name="do"' not in text(twice)
    unsaid = office.post(at, {**KEPT, "stage-examine": ""})
    assert unsaid.status_code == 422 and "请选择旧环节“审查”改为什么" in text(unsaid)
    dropped = text(office.post(at, {**KEPT, "stage-examine": "@dropped"}))
    assert "可以迁移 1 件" in dropped and "核查" in dropped


def test_nobody_else_sees_or_moves_anything(
    cast: Cast, signed_in: SignedIn, revised: Revised, clerk: Actor, number: str
) -> None:
    revised(STRICTER)
    for who in (clerk, cast.market_officer, cast.citizen):
        client = signed_in(who)
        for at in ("/desk/migrating/", ROOT, f"{ROOT}2/"):
            assert client.get(at).status_code == 403
        assert client.post(f"{ROOT}2/", {**KEPT, "do": "1"}).status_code == 403
    assert signed_in(cast.office).get("/desk/migrating/cases.nothing/").status_code in (403, 404, 409, 422)
