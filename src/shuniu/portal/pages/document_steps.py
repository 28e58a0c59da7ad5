"""What a reader may do with a document now: each step's form, and the verb that it calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from shuniu.cases.api import dispatches, supervising
from shuniu.cases.api import documents as api
from shuniu.cases.api.incoming import circulate_incoming, handle_incoming, note_reading, readers, return_document
from shuniu.cases.declare.document import DocumentState, DocumentView, Incoming, IncomingState
from shuniu.portal.pages import document_forms as forms
from shuniu.portal.pages.steps import Step as Plain
from shuniu.procedures.declare import CaseView, Seat
from shuniu.systems.documents.declare import INCOMING, INFORMATION, OUTGOING, SUPERVISION, TASK
from shuniu.trust.declare import Actor, Refused
from shuniu.web.forms import PlainForm

PROCEDURES = {"outgoing": OUTGOING, "information": INFORMATION, "supervision": SUPERVISION}
_BY_WORDS = ("handle",)
"""Stages that are answered by what was done."""


@dataclass(frozen=True)
class Step(Plain):
    """One thing that the reader may do now, and what happens when its form is valid."""

    take: Callable[[], object]


def posted(steps: list[Step], key: str) -> Step:
    """The step that was posted, its form bound. Raises Refused where it is not, or no longer, the reader's."""
    found = next((one for one in steps if one.key == key), None)
    if found is None:
        raise Refused("documents.gone", "这一步现在不由您办理，可能已经由他人办理。", "请返回公文页面查看现在的状态。")
    return found


def open_to(who: Actor, matter: CaseView | None) -> list[Seat]:
    """The seats that wait for this reader; the verb decides once more."""
    if matter is None:
        return []
    procedure = matter.procedure
    own = matter.state.opened_by == who.person and not procedure.own_approval
    return [
        seat
        for seat in matter.open
        if not own and who.may(procedure[seat.stage].lane) and seat.person in ("", who.person)
        and seat.agency == who.agency
    ]  # fmt: skip


def _answer_form(seat: Seat, data: QueryDict | None) -> forms.StageForm:
    form = forms.WordsForm if seat.stage in _BY_WORDS else forms.AnswerForm
    return form(data, initial={"stage": seat.stage})


def of_document(who: Actor, it: DocumentView, data: QueryDict | None = None) -> list[Step]:
    """The steps of a document's page: hand in, answer, send, chase, put out of use; and of 督查 the tasks and the end."""
    own, steps = it.keeper == who.agency, list[Step]()
    if own and it.state is DocumentState.DRAFT and who.may("cases.submit_document"):
        steps.append(_submit(who, it, data))
    for seat in open_to(who, it.matter):
        if seat.stage == supervising.CLOSE:
            steps.append(_close(who, it, data))
        else:
            steps.append(_answer(who, it, seat, data))
    for task in it.tasks:
        steps += [_task(who, it, task.task.agency, seat, data) for seat in open_to(who, task.matter)]
    if own and it.state is DocumentState.SIGNED and who.may("cases.send_document"):
        steps += _out(who, it, data)
    return steps


def _submit(who: Actor, it: DocumentView, data: QueryDict | None) -> Step:
    sort = it.draft.sort
    form = forms.SubmitForm(who.agency, data, it.issuers) if sort == "outgoing" else PlainForm(data)
    fixed = {"adopt": it.draft.to} if sort == "information" else {}

    def take() -> object:
        lanes = form.lanes(who.agency) if isinstance(form, forms.SubmitForm) else fixed
        return api.submit_document(actor=who, document=it.id, procedure=PROCEDURES[sort].key, lanes=lanes)

    return Step("submit", _("送审"), form, _("送审"), take)


def _answer(who: Actor, it: DocumentView, seat: Seat, data: QueryDict | None) -> Step:
    form = _answer_form(seat, data)

    def take() -> object:
        said = form.cleaned_data
        answered = {"actor": who, "document": it.id, "answer": said["answer"], "opinion": said["opinion"]}
        if seat.stage in api.SIGNED_IN:
            return api.sign_document(**answered, stage=seat.stage, tasks=TASK.key)
        return api.review_document(**answered, stage=seat.stage)

    title = it.matter.procedure[seat.stage].title if it.matter else ""
    return Step(f"answer-{seat.stage}", _(title), form, _("提交%(stage)s意见") % {"stage": _(title)}, take)


def _task(who: Actor, it: DocumentView, agency: str, seat: Seat, data: QueryDict | None) -> Step:
    form = _answer_form(seat, data)

    def take() -> object:
        said = form.cleaned_data
        return supervising.answer_task(
            actor=who, document=it.id, agency=agency, stage=seat.stage, answer=said["answer"], opinion=said["opinion"]
        )

    name = dict(forms.agencies()).get(agency, agency)
    title = f"{_(TASK[seat.stage].title)}{_('：')}{name}"
    at = [one.task.agency for one in it.tasks].index(agency)
    return Step(f"task-{at}-{seat.stage}", title, form, _("提交"), take)


def _close(who: Actor, it: DocumentView, data: QueryDict | None) -> Step:
    names = dict(forms.agencies())
    form = forms.CloseForm([(one.task.agency, names.get(one.task.agency, one.task.agency)) for one in it.tasks], data)

    def take() -> object:
        return supervising.close_supervision(
            actor=who, document=it.id, grades=form.grades(), opinion=form.cleaned_data["opinion"]
        )

    return Step("close", _("办结评价"), form, _("办结"), take)


def _out(who: Actor, it: DocumentView, data: QueryDict | None) -> list[Step]:
    reached = {one.agency for one in it.sent if one.version == it.signings[-1].version}
    named = [one for one in (*it.draft.to, *it.draft.copies) if one not in reached]
    steps = list[Step]()
    if named:
        send = forms.SendForm(named, data)
        steps.append(Step("send", _("发出"), send, _("发出公文"), lambda: dispatches.send_document(
            actor=who, document=it.id, to=tuple(send.cleaned_data["to"]) or tuple(named)
        )))  # fmt: skip
    if any(one.received_at is None for one in it.sent):
        steps.append(Step("chase", _("催收"), PlainForm(data), _("催收未签收的单位"), lambda: dispatches.chase_document(
            actor=who, document=it.id
        )))  # fmt: skip
    if not it.sent:
        void = forms.VoidForm(data)
        steps.append(Step("void", _("作废文号"), void, _("作废"), lambda: api.void_number(
            actor=who, document=it.id, reason=void.cleaned_data["reason"]
        )))  # fmt: skip
    return steps


def of_incoming(who: Actor, it: Incoming, data: QueryDict | None = None) -> list[Step]:
    """The steps of what came: sign for it or give it back; opinions; circulate; 已阅."""
    at = it.sent.id
    if it.state is IncomingState.SENT:
        return _arrived(who, it, data)
    steps = [_incoming_answer(who, it, seat, data) for seat in open_to(who, it.matter)]
    state = it.matter.state if it.matter else None
    if state and any(one.person == who.person and one.read_at is None for one in state.readers):
        steps.append(Step("read", _("传阅"), PlainForm(data), _("已阅"), lambda: note_reading(actor=who, dispatch=at)))
    if it.state is IncomingState.HANDLING and who.may("cases.circulate_incoming"):
        others = [one for one in readers(who.agency) if one[0] != who.person]
        circulate = forms.CirculateForm(others, data)
        steps.append(Step("circulate", _("传阅给本单位人员"), circulate, _("传阅"), lambda: circulate_incoming(
            actor=who, dispatch=at, to=circulate.cleaned_data["to"], note=circulate.cleaned_data["note"]
        )))  # fmt: skip
    return steps


def _arrived(who: Actor, it: Incoming, data: QueryDict | None) -> list[Step]:
    if not who.may("cases.receive_document"):
        return []
    receive, back = forms.ReceiveForm(data, initial={"digest": it.sent.digest}), forms.ReturnForm(data)
    return [
        Step("receive", _("签收"), receive, _("签收并登记"), lambda: dispatches.receive_document(
            actor=who, dispatch=it.sent.id, digest=receive.cleaned_data["digest"], procedure=INCOMING.key
        )),
        Step("return", _("退文"), back, _("退回发文单位"), lambda: return_document(
            actor=who, dispatch=it.sent.id, reason=back.cleaned_data["reason"]
        )),
    ]  # fmt: skip


def _incoming_answer(who: Actor, it: Incoming, seat: Seat, data: QueryDict | None) -> Step:
    form, title = _answer_form(seat, data), INCOMING[seat.stage].title

    def take() -> object:
        said = form.cleaned_data
        return handle_incoming(
            actor=who, dispatch=it.sent.id, stage=seat.stage, answer=said["answer"], opinion=said["opinion"]
        )

    return Step(f"answer-{seat.stage}", _(title), form, _("提交%(stage)s意见") % {"stage": _(title)}, take)
