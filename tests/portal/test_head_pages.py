"""The head of an agency reads its cases and who has how many in hand, and decides none of them."""

from __future__ import annotations

import pytest

from shuniu.cases.api import handling
from tests.cases.filing import published
from tests.cast import Cast, SignedIn, cast, signed_in
from tests.portal.cases import clerk, filed, officer, text
from tests.refusals import refused

__all__ = ["cast", "clerk", "published", "signed_in"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("published")]


def test_the_head_reads_the_agency_s_cases_and_decides_none(cast: Cast, signed_in: SignedIn) -> None:
    head, number = officer("agency_head", "head", "聂首"), filed(cast.citizen)
    desk = signed_in(head)
    listed = desk.get("/desk/cases/")
    assert listed.status_code == 200 and number in text(listed)
    case = desk.get(f"/desk/cases/{number}/")
    assert case.status_code == 200 and f"/desk/cases/{number}/act/" not in text(case)
    assert "本单位人员办理量" in text(desk.get("/desk/work/"))
    with refused("right.missing"):
        handling.accept(actor=head, number=number)
