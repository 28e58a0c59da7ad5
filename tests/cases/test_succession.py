"""Nothing is left lying when an officer leaves or an agency merges into another in the middle of a case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shuniu.cases.api import filing, handling
from shuniu.cases.api.succession import hand_back, succeed_agency
from shuniu.cases.declare.case import CaseState
from shuniu.directory import api as directory
from shuniu.procedures import api as procedures
from shuniu.trust.declare import Actor, Refused
from tests.cases.filing import chief, clerk, examiner, filed, published
from tests.cast import Cast, cast

__all__ = ["cast", "chief", "clerk", "examiner", "published"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def test_what_an_officer_had_in_hand_is_free_again_once_the_account_is_closed(
    cast: Cast, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    leaving = replace(examiner, person=cast.market_second.person, name=cast.market_second.name)
    made = handling.accept(actor=clerk, number=filed(cast.citizen).number)
    procedures_case = made.matter.id
    handling.take(actor=leaving, number=made.number)
    assert [seat.person for seat in procedures.case_view(procedures_case).open] == [leaving.person]
    with pytest.raises(Refused):
        handling.examine(actor=examiner, number=made.number, opinion="建议准予。")
    worker = directory.system("worker")
    assert hand_back(actor=worker) == 0
    account = int(leaving.person.partition(":")[2])
    directory.close_account(actor=cast.market_admin, account=account, reason="调离")
    assert hand_back(actor=worker) == 1
    handling.examine(actor=examiner, number=made.number, opinion="建议准予。")
    assert handling.decide(actor=chief, number=made.number).state is CaseState.GRANTED


def test_the_successor_of_an_agency_answers_what_it_had_still_to_answer(
    cast: Cast, clerk: Actor, examiner: Actor
) -> None:
    number = handling.accept(actor=clerk, number=filed(cast.citizen).number).number
    with pytest.raises(Refused) as refusal:
        succeed_agency(actor=cast.office, agency="43.market", successor="43.market", reason="湘编〔2026〕3号")
    assert refusal.value.rule == "case.agency"
    assert succeed_agency(actor=cast.office, agency="43.market", successor="43.tax", reason="湘编〔2026〕3号") == 1
    with pytest.raises(Refused):
        handling.examine(actor=examiner, number=number, opinion="建议准予。")
    taking_over = replace(examiner, agency="43.tax", agency_name="省税务局")
    done = handling.examine(actor=taking_over, number=number, opinion="建议准予。")
    assert [seat.stage for seat in done.matter.open] == ["decide"]
    assert filing.read_case(actor=taking_over, number=number).agency == "43.tax"
