"""What an agency's successor finds of its letters, documents, licences and service items: facts stand, work goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from shuniu.cases.api import item_drafts, items
from shuniu.cases.api import letter_desk as desk
from shuniu.cases.api.dispatches import chase_document, receive_document, send_document
from shuniu.cases.api.document_lists import list_documents, list_incoming
from shuniu.cases.api.documents import draft_document, read_document, review_document, sign_document, submit_document
from shuniu.cases.api.incoming import handle_incoming, read_incoming, return_document
from shuniu.cases.api.letters import rate_letter, send_letter
from shuniu.cases.api.licence_desk import list_licences, list_unissued, reissue_licence
from shuniu.cases.api.licences import change_licence, intact, issue_licence, licence, verify_licence
from shuniu.cases.api.succession import succeed_agency
from shuniu.cases.api.supervising import answer_task
from shuniu.cases.declare.document import Draft, IncomingState, Task
from shuniu.cases.declare.letters import LetterIn, LetterState, PartState
from shuniu.cases.declare.licence import LicenceQuery, LicenceState
from shuniu.cases.declare.succession import Inherited, Succeeded
from shuniu.cases.models import Document, LetterAccused, LetterPart
from shuniu.directory import api as directory
from shuniu.notices.models import Notice
from shuniu.systems.documents.declare import INCOMING, OUTGOING, SUPERVISION, TASK
from shuniu.systems.licences.declare import BY_KEY
from shuniu.trust.declare import Actor
from tests.cases import drafting, letters, licensed, papers
from tests.cases.documents import AUTHOR, NOTICE, OFFICE, TAX_CHIEF, TAX_CLERK, signed, submitted
from tests.cases.filing import FORM, officer
from tests.cases.letters import BOX, CLERK, MARKET, REPORT, TAX, answered, sent
from tests.cast import AGENCIES, Cast, cast
from tests.refusals import refused, rule_of

__all__ = ["cast"]
pytestmark = pytest.mark.django_db
ITEM = drafting.service(FORM)


def merged(cast: Cast, of: str = "43.market", into: str = "43.tax") -> Succeeded:
    """The market bureau merges into the tax bureau; what was shown before is what happened."""
    looked = succeed_agency(actor=cast.office, agency=of, successor=into, dry_run=True)
    done = succeed_agency(actor=cast.office, agency=of, successor=into, reason="湘编〔2026〕3号")
    assert done == looked
    return done


def seen(number: str, reader: Actor = CLERK) -> list[tuple[str, str, str]]:
    """The parts of a letter in order: agency, task, state."""
    found = desk.read_letter(actor=reader, box=BOX, number=number)
    return [(one.agency, one.task, one.state) for one in found.parts]


def test_parts_of_letters_are_answered_by_the_successor_each_by_itself(cast: Cast) -> None:
    number = sent().number
    desk.split_letter(actor=CLERK, box=BOX, number=number, parts={"43.market": "", "43.tax": "发票"})
    waits, told = sent().number, Notice.objects.filter(agency="43.tax").count()
    assert merged(cast)[Inherited.LETTERS] == 2
    assert Notice.objects.filter(agency="43.tax").count() == told + 1
    assert seen(number) == [("43.tax", "", "sent"), ("43.tax", "发票", "sent")]
    assert {*LetterPart.objects.values_list("came_from", "task")} == {("43.market", ""), ("", "发票")}
    assert {one.number for one in desk.list_letters(actor=TAX, box=BOX)} == {number, waits}
    assert desk.list_letters(actor=MARKET, box=BOX) == ()
    for part in LetterPart.objects.filter(letter__number=number).values_list("pk", flat=True):
        done = answered(part, TAX, letters.TAX_CHIEF)
    assert done.line.state is LetterState.ANSWERED and done.line.agencies == ("43.tax",)


def test_a_letter_that_was_answered_before_is_reopened_at_the_successor_with_all_that_was_asked(cast: Cast) -> None:
    number, code = (it := sent()).number, it.code
    desk.split_letter(actor=CLERK, box=BOX, number=number, parts={"43.office": "退货", "43.tax": "发票"})
    parts = dict(LetterPart.objects.exclude(state="moved").values_list("agency", "pk"))
    at_office = replace(MARKET, agency="43.office"), replace(letters.MARKET_CHIEF, agency="43.office")
    answered(parts["43.office"], *at_office)
    answered(parts["43.tax"], TAX, letters.TAX_CHIEF)
    merged(cast, of="43.tax", into="43.market")
    merged(cast, of="43.office", into="43.market")
    done = [("43.office", "退货", PartState.DONE), ("43.tax", "发票", PartState.DONE)]
    assert seen(number, MARKET)[1:] == done, "who answered stands"
    rate_letter(actor=CLERK, number=number, code=code, satisfied=False, words="没有退。")
    assert seen(number, MARKET)[-1] == ("43.market", "退货；发票", "sent")


def test_new_letters_go_on_to_the_successor(cast: Cast) -> None:
    merged(cast)
    assert seen(sent().number) == [("43.tax", "", "sent")]
    report = send_letter(actor=directory.anonymous(), box=BOX, letter=REPORT).number
    assert "43.tax" not in {one.agency for one in LetterPart.objects.filter(letter__number=report)}
    assert {*LetterAccused.objects.values_list("agency", flat=True)} == {"43.market", "43.tax"}


def test_a_report_never_comes_to_the_accused_by_a_merger(cast: Cast) -> None:
    at_market = LetterIn(**{**REPORT.model_dump(), "accused": "43.tax", "text": "食品抽检有人打招呼。"})
    to_market = send_letter(actor=directory.anonymous(), box=BOX, letter=at_market).number
    on_market = LetterIn(**{**REPORT.model_dump(), "text": "有人开发票不入账。", "title": "举报"})
    to_tax = send_letter(actor=directory.anonymous(), box=BOX, letter=on_market).number
    assert seen(to_market) == [("43.market", "", "sent")] and seen(to_tax) == [("43.tax", "", "sent")]
    done = merged(cast)
    assert (done[Inherited.LETTERS], done.matters, done.left) == (0, 0, 2)
    assert seen(to_market) == [("43.market", "", "sent")] and seen(to_tax) == [("43.tax", "", "sent")]
    assert desk.list_letters(actor=TAX, box=BOX) == () and desk.list_letters(actor=MARKET, box=BOX) == ()
    assert {*LetterAccused.objects.values_list("letter__number", "agency")} == {
        (to_market, "43.tax"), (to_tax, "43.market"), (to_tax, "43.tax"),
    }  # fmt: skip
    told = Notice.objects.filter(template="cases.letter_unfit")
    assert {*told.values_list("agency", "object")} == {("43.office", f"letter:{one}") for one in (to_market, to_tax)}
    for number in (to_market, to_tax):
        split = desk.split_letter(actor=CLERK, box=BOX, number=number, parts={"43.office": ""})
        assert split.line.agencies == ("43.office",)


def test_the_office_is_not_told_of_letters_that_may_accuse_it(cast: Cast) -> None:
    at_tax = LetterIn(**{**REPORT.model_dump(), "accused": "43.market", "text": "有人开发票不入账。", "title": "举报"})
    send_letter(actor=directory.anonymous(), box=BOX, letter=at_tax)
    assert merged(cast, "43.market", "43.office").left == 0


def test_documents_without_a_number_become_the_successors_and_numbered_ones_keep_theirs(cast: Cast) -> None:
    draft = draft_document(actor=AUTHOR, draft=NOTICE)
    waits, out = submitted(), signed()
    done = merged(cast)
    assert (done[Inherited.DRAFTS], done[Inherited.FILED], done.matters) == (2, 1, 1)
    assert dict(Document.objects.values_list("pk", "agency")) == {
        draft.id: "43.tax", waits.id: "43.tax", out.id: "43.market",
    }  # fmt: skip
    assert {one.id for one in list_documents(actor=TAX_CLERK)[0]} == {draft.id, waits.id, out.id}
    review_document(actor=TAX_CLERK, document=waits.id, stage="review", answer="同意")
    with refused("documents.code"):  # 机关代字 do not go over by themselves
        sign_document(actor=TAX_CHIEF, document=waits.id, answer="同意")
    sign_document(actor=TAX_CHIEF, document=waits.id, answer="不同意", opinion="改用本局代字")
    revised = draft_document(actor=TAX_CLERK, draft=NOTICE.model_copy(update={"code": "湘税发"}), document=waits.id)
    assert revised.draft.code == "湘税发"
    assert (kept := read_document(actor=TAX_CLERK, document=out.id)).number == out.number
    assert (kept.agency, kept.issuers, kept.keeper) == ("43.market", ("43.market",), "43.tax")
    assert rule_of(lambda: read_document(actor=AUTHOR, document=out.id)) == "documents.unknown"


def test_what_was_signed_before_is_sent_chased_and_mended_by_the_successor_under_its_number(cast: Cast) -> None:
    it = signed()
    merged(cast)
    _tax, county, to_office = send_document(actor=TAX_CLERK, document=it.id)
    return_document(actor=OFFICE, dispatch=to_office.id, reason="没有写明报送日期。")
    assert Notice.objects.filter(agency="43.tax", text__contains="退回").exists()
    assert chase_document(actor=TAX_CLERK, document=it.id) == 2
    draft_document(actor=TAX_CLERK, draft=NOTICE.model_copy(update={"to": ("43.office",)}), document=it.id)
    submit_document(actor=TAX_CLERK, document=it.id, procedure=OUTGOING.key)
    other = replace(TAX_CLERK, person="officer:8", name="周全")
    review_document(actor=other, document=it.id, stage="review", answer="同意")
    mended = sign_document(actor=TAX_CHIEF, document=it.id, answer="同意")
    assert (mended.number, mended.issuers, mended.signers) == (it.number, ("43.market",), ("钟华",))
    assert county.agency == "430102.market"


def test_what_came_is_signed_for_and_handled_by_the_successor_and_says_whom_it_was_sent_to(cast: Cast) -> None:
    first, second, closed = signed(), signed(), signed()
    for one in (first, second, closed):
        send_document(actor=AUTHOR, document=one.id, to=["43.tax"])
    came = {one.number: one.dispatch for one in list_incoming(actor=TAX_CLERK)[0]}
    at = [came[str(one.number)] for one in (first, second, closed)]
    digests = {key: read_incoming(actor=TAX_CLERK, dispatch=key).sent.digest for key in at}
    receive_document(actor=TAX_CLERK, dispatch=at[1], digest=digests[at[1]], procedure=INCOMING.key)
    return_document(actor=TAX_CLERK, dispatch=at[2], reason="错发")
    done = merged(cast, of="43.tax", into="43.office")
    assert (done[Inherited.INCOMING], done[Inherited.FILED], done[Inherited.OTHERS]) == (2, 1, 0)
    assert list_incoming(actor=OFFICE)[1] == 3 and list_incoming(actor=TAX_CLERK)[1] == 0
    receive_document(actor=OFFICE, dispatch=at[0], digest=digests[at[0]], procedure=INCOMING.key)
    for dispatch in at[:2]:
        handled = handle_incoming(actor=OFFICE, dispatch=dispatch, stage="propose", answer="同意", opinion="请阅示")
        assert (handled.sent.agency, handled.state) == ("43.tax", IncomingState.HANDLING)
    assert read_document(actor=OFFICE, document=first.id).number == first.number


def test_a_supervised_task_is_answered_by_the_successor_in_the_name_that_was_asked(cast: Cast) -> None:
    due = timezone.localdate() + timedelta(days=9)
    tasks = tuple(Task(agency=one, what=f"第{at}项", due=due) for at, one in enumerate(("43.market", "43.tax"), 1))
    draft = Draft(kind="督查", title="督查一件事", body=("请办理。",), sort="supervision", tasks=tasks)
    it = draft_document(actor=OFFICE, draft=draft)
    submit_document(actor=OFFICE, document=it.id, procedure=SUPERVISION.key)
    head = replace(TAX_CHIEF, person="officer:9", agency="43.office", agency_name="省政务信息化办公室")
    sign_document(actor=head, document=it.id, answer="同意", stage="approve", tasks=TASK.key)
    assert merged(cast)[Inherited.OTHERS] == 1
    assert [one.id for one in list_documents(actor=TAX_CLERK, sort="supervision")[0]] == [it.id]
    done = answer_task(actor=TAX_CLERK, document=it.id, agency="43.market", stage="handle", opinion="已办结")
    assert [(one.task.agency, one.answer) for one in done.tasks] == [("43.market", "已办结"), ("43.tax", "")]


def test_licences_say_who_issued_them_and_the_successor_suspends_reissues_and_issues(cast: Cast) -> None:
    install = directory.system("install")
    codes = {"43.market": "11430000XN0000020U", "43.tax": "11430000006122244L"}
    rows = [replace(one, uscc=codes.get(one.key)) for one in AGENCIES]
    directory.load_agencies(actor=install, rows=rows)
    food = BY_KEY["food_business"]
    it, waits = licensed.issued(food), licensed.granted("G2", applicant=7_000_009)
    assert merged(cast)[Inherited.LICENCES] == 1
    keeper = papers.STRANGER
    for state in (LicenceState.SUSPENDED, LicenceState.VALID):
        change_licence(actor=keeper, number=it.number, state=state, reason="查实", basis="行政许可法第六十九条")
    assert rule_of(lambda: licensed.change(it.number, LicenceState.REVOKED)) == "right.agency"
    kept = licence(actor=keeper, number=it.number)
    assert (kept.agency, kept.agency_name, intact(kept)) == ("43.market", "省市场监督管理局", True)
    assert [one.agency_name for one in kept.events] == ["43.market", "43.tax", "43.tax"]
    shown = verify_licence(actor=cast.anonymous, number=it.number, check=it.check)
    assert shown.agency_name == "省市场监督管理局"
    assert [one.number for one in list_licences(actor=keeper, query=LicenceQuery())] == [it.number]
    assert list_licences(actor=papers.CLERK, query=LicenceQuery()) == [] == list_unissued(actor=papers.CLERK)
    again = reissue_licence(actor=keeper, number=it.number, reason="遗失", basis="行政许可法第四十九条")
    made = issue_licence(actor=keeper, case=waits, licence=food)
    assert {one.agency_name for one in (again, made)} == {"省税务局"} and codes["43.tax"] in made.identifier


def test_service_items_stand_as_published_until_the_successor_publishes_them_anew(cast: Cast) -> None:
    editor = officer(cast, "agency_head", 911, "章程")
    assert editor.agency == "43.market"
    writer = replace(
        editor, capabilities=editor.capabilities | {"cases.draft_item", "cases.list_items", "cases.read_item"}
    )
    items.ship(actor=cast.installer, items=[ITEM])
    own = ITEM.model_copy(update={"key": "43.market/own", "title": "本局自编事项"})
    items.draft(actor=writer, item=own)
    assert merged(cast)[Inherited.ITEMS] == 2
    at_tax = replace(writer, agency="43.tax", agency_name="省税务局")
    assert items.published(ITEM.key).item.agency == "43.market"
    assert [one.item.key for one in items.published_all("43.tax")] == [ITEM.key] and not items.published_all(
        "43.market"
    )
    assert {one.key for one in item_drafts.list_items(actor=at_tax, agency="43.tax")} == {ITEM.key, own.key}
    at_hand = item_drafts.read(actor=at_tax, key=own.key).item
    items.draft(actor=at_tax, item=at_hand)
    assert item_drafts.read(actor=at_tax, key=own.key).item.agency == "43.tax"
    assert rule_of(lambda: items.draft(actor=writer, item=own)) == "right.agency"
