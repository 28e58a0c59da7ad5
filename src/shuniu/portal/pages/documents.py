"""One official document: how it stands, its opinion boxes, versions compared, receipts, its printed form, the next step."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuniu.cases.api.document_files import read_document_file
from shuniu.cases.api.documents import compare, printed, read_document
from shuniu.cases.declare.document import Answered, DocumentState, DocumentView, Opinion, Sent
from shuniu.directory.api import agency_names
from shuniu.directory.session import actor
from shuniu.portal.hall.uploads import taken_away
from shuniu.portal.pages import document_codes, document_lists, document_writing, incoming
from shuniu.portal.pages import document_steps as steps
from shuniu.portal.pages.agency_choice import searched
from shuniu.portal.pages.document_lists import STATES
from shuniu.portal.shell import desk_page, download, number, officer, tried
from shuniu.trust.declare import Refused
from shuniu.web.declare import Column, Event, Link, Row, State, Value


@never_cache
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The document's page; `old` and `new` name the two versions that are compared (default: the last two)."""
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, wrong: steps.Step | None = None) -> HttpResponse:
    who = actor(request)
    it = read_document(actor=who, document=pk)
    last, names = len(it.versions), agency_names()
    new = min(max(number(request.GET.get("new"), last), 1), last)
    old = min(max(number(request.GET.get("old"), new - 1), 1), last)
    found = steps.of_document(who, it)
    context = {
        "crumbs": [Link(_("公文"), reverse("portal:documents"))],
        "it": it, "facts": _facts(it, names), "old": old, "new": new, "printable": it.number is not None,
        "editable": it.keeper == who.agency and _writable(it) and who.may("cases.draft_document"),
        "again": it.returned and it.state is DocumentState.SIGNED,
        "waiting": _waiting(it, names), "boxes": boxes(it.opinions, names),
        "tasks": [_task(one, names) for one in it.tasks], "task_columns": _task_columns(),
        "sent": [_sent(one, names) for one in it.sent],
        "sent_columns": [
            Column(_("收文单位")), Column(_("版本")), Column(_("发出时间")), Column(_("应签收"), "day"), Column(_("签收")),
            Column(_("退文理由")),
        ],
        "compared": compare(it.versions[old - 1], it.versions[new - 1]) if last > 1 else (),
        "versions": [_version(it, at) for at in range(1, last + 1)],
        "came": next((one.id for one in it.sent if one.agency == who.agency), None) if who.agency != it.keeper else None,
        "steps": [wrong if wrong and wrong.key == one.key else one for one in found],
        "wrong": wrong.form if wrong else None, "act": "portal:document_act",
    }  # fmt: skip
    return desk_page(request, "document", context, status=422 if wrong and wrong.form.errors else 200)


def _writable(it: DocumentView) -> bool:
    """Whether a further version may be written: of a draft, and of what was signed and given back (修改后重发)."""
    return it.state is DocumentState.DRAFT or (it.state is DocumentState.SIGNED and it.returned)


def _version(it: DocumentView, at: int) -> tuple[int, str]:
    said = _("第 %(n)s 稿") % {"n": at}
    if at > len(it.written):
        return at, said
    made = it.written[at - 1]
    return at, f"{said}{_('（')}{made.person_name} {timezone.localtime(made.at):%Y-%m-%d %H:%M}{_('）')}"


def boxes(opinions: Sequence[Opinion], names: dict[str, str]) -> list[tuple[str, list[Event]]]:
    """The opinion boxes, one for each stage, in the order in which the stages were first answered."""
    found: dict[str, list[Event]] = {}
    for one in opinions:
        who = " · ".join(part for part in (names.get(one.agency, one.agency), one.person_name) if part)
        found.setdefault(_(one.stage_title), []).append(Event(one.at, who, _(one.said), one.words))
    return list(found.items())


def _waiting(it: DocumentView, names: dict[str, str]) -> list[str]:
    """Who is waited for now: the stage and the agency of each open seat."""
    if it.matter is None:
        return []
    seats = [(it.matter, seat) for seat in it.matter.open]
    seats += [(one.matter, seat) for one in it.tasks if one.matter for seat in one.matter.open]
    return [
        f"{_(matter.procedure[seat.stage].title)}{_('：')}{names.get(seat.agency, seat.agency)}"
        for matter, seat in seats
    ]


def _facts(it: DocumentView, names: dict[str, str]) -> list[tuple[str, Value]]:
    own: list[tuple[str, Value]] = [
        (_("发文字号"), str(it.number) if it.number else _("签发时编号")),
        (_("成文日期"), it.signed_on),
        (_("签发人"), "、".join(it.signers) or None),
    ]
    joint: list[tuple[str, Value]] = [(_("联合行文"), "、".join(names.get(one, one) for one in it.issuers))]
    addressed: list[tuple[str, Value]] = [
        (_("主送"), "、".join(names.get(one, one) for one in it.draft.to) or None),
        (_("抄送"), "、".join(names.get(one, one) for one in it.draft.copies) or None),
    ]
    void: list[tuple[str, Value]] = [(_("作废理由"), it.void.reason)] if it.void else []
    return [
        (_("状态"), State(_(it.state.title), STATES[it.state])),
        *(own if it.draft.sort == "outgoing" else []),
        (_("紧急程度"), _(it.draft.urgency) if it.draft.urgency else _("平件")),
        (_("发文机关"), names.get(it.agency, it.agency)),
        *(joint if len(it.issuers) > 1 else []),
        *(addressed if it.draft.sort != "supervision" else []),
        *void,
    ]


def _sent(one: Sent, names: dict[str, str]) -> Row:
    chased = _("，已催 %(n)s 次") % {"n": len(one.chased)} if one.chased else ""
    late = one.late(timezone.localdate())
    received: Value = State(
        (_("逾期未签收") if late else _("未签收")) + chased, "warning" if late or chased else "waiting"
    )
    if one.received_at is not None:
        said = f"{one.received_by} {timezone.localtime(one.received_at):%Y-%m-%d}"
        received = State(f"{_('退文')} {said}", "stopped") if one.returned else State(said, "done")
    agency = names.get(one.agency, one.agency)
    return Row((agency, _("第 %(n)s 稿") % {"n": one.version}, one.sent_at, one.due, received, one.returned or None))


def _task_columns() -> list[Column]:
    return [
        Column(_("承办单位")), Column(_("任务")), Column(_("期限"), "day"), Column(_("反馈")), Column(_("反馈时间"), "day"),
        Column(_("状态")), Column(_("评价")),
    ]  # fmt: skip


def _task(one: Answered, names: dict[str, str]) -> Row:
    state = State(_("待立项"), "none")
    if one.matter is not None:
        state = State(_("已反馈，通过"), "done") if one.matter.outcome else State(_("承办中"), "waiting")
        if one.late(timezone.localdate()):
            state = State(_("%(state)s，逾期") % {"state": state.word}, "stopped")
    grade = "：".join(part for part in (one.grade and _(one.grade), one.words) if part)
    agency, task = names.get(one.task.agency, one.task.agency), one.task
    return Row((agency, task.what, task.due, one.answer or None, one.answered_at, state, grade or None))


@require_POST
def act(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take one step; a refusal stands in its form."""
    who = officer(request)
    taken = steps.posted(steps.of_document(who, read_document(actor=who, document=pk), request.POST), step)
    if searched(taken.form) or not taken.form.is_valid() or tried(taken.form, lambda: (taken.take(),)) is None:
        return _page(request, pk, taken)
    messages.success(request, _("%(step)s：已办理。") % {"step": taken.title})
    return redirect("portal:document", pk=pk)


@never_cache
@require_safe
def document_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The document as it is printed, once it is signed."""
    it = read_document(actor=actor(request), document=pk)
    if it.number is None:
        raise Refused("documents.not_signed", "公文没有签发，没有文号和成文日期。", "请先签发。")
    return download(printed(it), f"{it.number}.pdf", "application/pdf")


@never_cache
@require_safe
def document_file(request: HttpRequest, pk: int, upload: int) -> StreamingHttpResponse:
    """A file of the document, of any version that the reader may read."""
    return taken_away(read_document_file(actor=actor(request), document=pk, upload=upload))


urlpatterns = [
    path("desk/documents/", document_lists.outgoing, name="documents"),
    path("desk/documents/incoming/", document_lists.came, name="incoming_documents"),
    path("desk/documents/waiting/", document_lists.waiting, name="documents_waiting"),
    path("desk/documents/done/", document_lists.done, name="documents_done"),
    path("desk/documents/information/", document_lists.information, name="documents_information"),
    path("desk/documents/supervision/", document_lists.supervision, name="documents_supervision"),
    path("desk/documents/codes/", document_codes.codes, name="document_codes"),
    path("desk/documents/new/<slug:sort>/", document_writing.new, name="document_new"),
    path("desk/documents/incoming/<int:pk>/", incoming.incoming, name="incoming_document"),
    path("desk/documents/incoming/<int:pk>/document.pdf", incoming.document_pdf, name="incoming_pdf"),
    path("desk/documents/incoming/<int:pk>/files/<int:upload>", incoming.document_file, name="incoming_file"),
    path("desk/documents/incoming/<int:pk>/<slug:step>/", incoming.act, name="incoming_act"),
    path("desk/documents/<int:pk>/", document, name="document"),
    path("desk/documents/<int:pk>/edit/", document_writing.edit, name="document_edit"),
    path("desk/documents/<int:pk>/document.pdf", document_pdf, name="document_pdf"),
    path("desk/documents/<int:pk>/files/<int:upload>", document_file, name="document_file"),
    path("desk/documents/<int:pk>/do/<slug:step>/", act, name="document_act"),
]
