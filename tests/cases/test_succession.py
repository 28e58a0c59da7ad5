"""Nothing is left lying when an officer leaves or an agency merges into another in the middle of what it does."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from shuniu.cases.api import filing, finding, handling, items, rectifying
from shuniu.cases.api.counter import keep_window
from shuniu.cases.api.fees import ask_fee_change, list_bills
from shuniu.cases.api.succession import hand_back, list_successions, succeed_agency
from shuniu.cases.api.uploads import read_upload
from shuniu.cases.declare.case import CaseState
from shuniu.cases.declare.succession import Inherited, Succeeded
from shuniu.cases.models import Case, CaseMaterial, Licence, ServiceWindow, Succession, Upload
from shuniu.directory import api as directory
from shuniu.notices.models import Notice
from shuniu.procedures import api as procedures
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cases import booking, fees, licensed, papers
from tests.cases.booking import window
from tests.cases.filing import chief, clerk, examiner, filed, published
from tests.cases.rating import bad, decided
from tests.cast import Cast, cast
from tests.refusals import refused, rule_of

__all__ = ["cast", "chief", "clerk", "decided", "examiner", "published", "window"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
REASON = "湘编〔2026〕3号"


def merged(cast: Cast, into: str = "43.tax", of: str = "43.market", **more: object) -> Succeeded:
    said: dict[str, object] = {"agency": of, "successor": into, "reason": REASON, **more}
    return succeed_agency(actor=cast.office, **said)  # type: ignore[arg-type]  # what a test changes of it


def of_tax(who: Actor) -> Actor:
    return replace(who, agency="43.tax", agency_name="省税务局")


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
    done = merged(cast)
    assert (done.matters, done[Inherited.CASES], done[Inherited.OTHERS]) == (1, 1, 0)
    with pytest.raises(Refused):
        handling.examine(actor=examiner, number=number, opinion="建议准予。")
    seen = handling.examine(actor=of_tax(examiner), number=number, opinion="建议准予。")
    assert [seat.stage for seat in seen.matter.open] == ["decide"]
    assert filing.read_case(actor=of_tax(examiner), number=number).agency == "43.tax"


def test_new_applications_for_its_items_go_to_the_successor_with_their_materials(cast: Cast, clerk: Actor) -> None:
    before = filed(cast.citizen).number
    merged(cast)
    made = filed(cast.citizen)
    assert made.agency == "43.tax" and {seat.agency for seat in made.matter.seats} == {"43.tax"}
    upload = papers.uploaded(cast.citizen)
    kept = CaseMaterial.objects.create(
        case=Case.objects.get(number=before), key="photo", title="照片", how="upload", readers=["43.market"],
        at=made.filed_at, person=cast.citizen.person, person_name="田野",
    )  # fmt: skip
    kept.files.add(Upload.objects.get(pk=upload.id))
    assert read_upload(actor=of_tax(clerk), number=upload.id).upload.name == "证明.pdf"
    assert rule_of(lambda: read_upload(actor=clerk, number=upload.id)) == "upload.unknown"


def test_ended_cases_keep_who_decided_them_and_the_successor_finds_and_reads_them(
    cast: Cast, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    number = handling.accept(actor=clerk, number=filed(cast.citizen).number).number
    handling.examine(actor=examiner, number=number, opinion="建议准予。")
    handling.decide(actor=chief, number=number)
    merged(cast)
    row = Case.objects.get(number=number)
    assert row.agency == "43.market" and row.decision.agency_name == "省市场监督管理局"
    taking_over = of_tax(clerk)
    assert filing.read_case(actor=taking_over, number=number).number == number
    assert [one.number for one in finding.list_agency(actor=taking_over, running=False).lines] == [number]
    assert finding.list_agency(actor=clerk, running=False).lines == ()


def test_a_bad_rating_of_an_ended_case_is_put_right_by_the_successor(cast: Cast, decided: str, chief: Actor) -> None:
    rating = bad(cast.citizen, decided)
    assert merged(cast)[Inherited.OTHERS] == 1
    minder = replace(chief, person="officer:906", name="蒋文")
    assert rule_of(lambda: rectifying.rectify(actor=minder, rating=rating, measures="已整改。")) == "rating.unknown"
    rectifying.rectify(actor=of_tax(minder), rating=rating, measures="已批评教育，增设首问负责制。")
    assert (
        rule_of(lambda: rectifying.rectify(actor=of_tax(minder), rating=rating + 1, measures="无")) == "rating.unknown"
    )


def test_the_bill_of_an_ended_case_is_waived_by_the_successor(cast: Cast) -> None:
    bill = fees.billed()
    Case.objects.filter(pk=bill.case).update(state="granted", ended_at=bill.issued_at)
    merged(cast, into="43.office")
    asked = partial(ask_fee_change, number=bill.number, change="waiver", reason="低保家庭", line="")
    assert rule_of(lambda: asked(actor=fees.CLERK)) == "right.agency"
    taking_over = replace(fees.CLERK, agency="43.office")
    assert [one.number for one in list_bills(actor=taking_over)] == [bill.number]
    assert asked(actor=taking_over).agency == "43.office"


def test_a_counter_and_its_bookings_go_over_and_keep_a_name_of_their_own(
    cast: Cast, chief: Actor, clerk: Actor, window: int
) -> None:
    taken = booking.OTHER.model_copy(update={"key": "43.tax/archive", "agency": "43.tax"})
    items.ship(actor=cast.installer, items=[taken])
    keep_window(actor=of_tax(chief), title="综合窗口 3 号", place="省税务局一楼", items=[taken.key])
    done = merged(cast)
    assert done[Inherited.WINDOWS] == 1
    row = ServiceWindow.objects.get(pk=window)
    assert (row.agency, row.title) == ("43.tax", "综合窗口 3 号（原省市场监管局）")
    kept = keep_window(
        actor=of_tax(chief), window=window, title="综合窗口 5 号", place="省税务局一楼", items=[booking.ITEM.key]
    )
    assert kept.id == window


def test_what_is_shown_before_is_what_moves_and_nothing_moves_before(cast: Cast, clerk: Actor, window: int) -> None:
    for _ in range(2):
        handling.accept(actor=clerk, number=filed(cast.citizen).number)
    licensed.agencies()
    licensed.issued()
    looked = merged(cast, dry_run=True, reason="")
    assert looked.matters == 2 and looked[Inherited.CASES] == 2 and looked[Inherited.LICENCES] == 1
    shares = {one.kind: one.first for one in looked.shares}
    assert len(shares[Inherited.CASES]) == 2 and shares[Inherited.LICENCES] == ("食品经营许可证 1",)
    assert shares[Inherited.WINDOWS] == ("综合窗口 3 号",)
    assert not Case.objects.filter(agency="43.tax").exists() and not Succession.objects.exists()
    assert not Notice.objects.filter(agency="43.tax").exists() and list_successions(actor=cast.office) == ()
    assert merged(cast) == looked
    assert Case.objects.filter(agency="43.tax", ended_at=None).count() == 2
    entry = Entry.objects.filter(verb="cases.succeed_agency").latest("id")
    assert {one.kind.value: entry.detail[one.kind.value] for one in looked.shares} == {
        one.kind.value: one.count for one in looked.shares
    }
    assert "湘编〔2026〕3号" in Notice.objects.get(agency="43.tax").text
    (past,) = list_successions(actor=cast.office)
    assert (past.agency, past.successor, past.reason) == ("43.market", "43.tax", REASON)
    assert Licence.objects.get().agency == "43.market"


def test_once_more_moves_what_has_come_since_and_the_next_merger_moves_both(
    cast: Cast, clerk: Actor, examiner: Actor
) -> None:
    number = handling.accept(actor=clerk, number=filed(cast.citizen).number).number
    merged(cast)
    Case.objects.filter(number=number).update(agency="43.market")  # as one that was filed in that very moment
    again = merged(cast)
    assert (again[Inherited.CASES], again[Inherited.LICENCES], again[Inherited.ITEMS]) == (1, 0, 0)
    looked = merged(cast, of="43.tax", into="43.office", dry_run=True)
    assert looked[Inherited.ITEMS] == 1  # the market bureau's, which the tax bureau looks after
    merged(cast, of="43.tax", into="43.office")
    at_office = replace(examiner, agency="43.office", agency_name="省政务信息化办公室")
    assert handling.examine(actor=at_office, number=number, opinion="建议准予。").agency == "43.office"
    assert filed(cast.citizen).agency == "43.office"


def test_a_merger_of_nobody_into_nobody_without_a_reason_or_against_another_is_refused(cast: Cast) -> None:
    for of, into in (("43.market", "43.market"), ("43.nothing", "43.tax"), ("43.market", "43.nothing")):
        assert rule_of(partial(merged, cast, of=of, into=into)) == "case.agency"
    with refused("case.reason"):
        merged(cast, reason="  ")
    with refused("right.missing"):
        succeed_agency(actor=cast.market_admin, agency="43.market", successor="43.tax", reason=REASON, dry_run=True)
    assert not Succession.objects.exists()
    merged(cast)
    for of, into in (("43.market", "43.office"), ("43.tax", "43.market"), ("43.office", "43.market")):
        assert rule_of(partial(merged, cast, of=of, into=into)) == "case.succeeded"
