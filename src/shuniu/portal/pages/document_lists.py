"""The desk's lists of documents: 发文, 收文, what waits, what was done, 信息, 督查."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.cases.api import document_lists as api
from shuniu.cases.declare.document import DocumentLine, DocumentState, IncomingLine, IncomingState, Sort
from shuniu.directory.api import agency_names
from shuniu.portal.clocks import due_cell
from shuniu.portal.pages.work_objects import DOCUMENTS, page_of, words_of
from shuniu.portal.shell import SIZE, desk_page, officer, page_asked, paged
from shuniu.portal.tables import most
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import OUTCOME_TITLES
from shuniu.systems.documents.declare import PROCEDURES
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Filter, Link, Paging, Row, State, StateKind, Value

SORTS: Mapping[Sort, str] = {
    "outgoing": gettext_noop("公文"),
    "information": gettext_noop("信息"),
    "supervision": gettext_noop("督查事项"),
}
STATES: Mapping[DocumentState, StateKind] = {
    DocumentState.DRAFT: "none",
    DocumentState.REVIEW: "waiting",
    DocumentState.SIGNED: "done",
    DocumentState.VOID: "stopped",
    DocumentState.DONE: "done",
}
INCOMING_STATES: Mapping[IncomingState, StateKind] = {
    IncomingState.SENT: "warning",
    IncomingState.RETURNED: "stopped",
    IncomingState.HANDLING: "waiting",
    IncomingState.DONE: "done",
}
_TABS = (
    (gettext_noop("发文"), "documents"),
    (gettext_noop("收文"), "incoming_documents"),
    (gettext_noop("待办"), "documents_waiting"),
    (gettext_noop("已办"), "documents_done"),
    (gettext_noop("信息报送"), "documents_information"),
    (gettext_noop("督查"), "documents_supervision"),
)
_MOST_TASKS = 500


def _page(request: HttpRequest, name: str, title: str, context: Mapping[str, object]) -> HttpResponse:
    tabs = [Link(_(text), reverse(f"portal:{one}"), current=one == name) for text, one in _TABS]
    return desk_page(request, "documents", {"tabs": tabs, "title": _(title), "export": _(title), "note": "", **context})


def _narrowing(request: HttpRequest) -> tuple[str, str, int, int]:
    """What the address asks: the state, the words, how many a page and which page."""
    size, page = most(request, SIZE), page_asked(request)
    return request.GET.get("state", "")[:20], request.GET.get("q", "").strip()[:100], size, page


def _reader(request: HttpRequest) -> Actor:
    """Who deals with documents; the reader's own tasks are asked of no verb. Raises Refused right.*."""
    who = officer(request)
    if not who.may("cases.list_documents"):
        raise Refused("right.missing", "您没有“公文列表”的权限。", "需要办理公文的，请联系本单位管理员授予公文岗位。")
    return who


def _filters(state: str, words: str, states: tuple[tuple[str, str], ...]) -> tuple[Filter, ...]:
    text = Filter("q", _("标题或文号"), words)
    return (Filter("state", _("状态"), state, states), text) if states else (text,)


def _own(request: HttpRequest, sort: Sort, name: str, title: str, states: tuple[tuple[str, str], ...]) -> HttpResponse:
    who, names = officer(request), agency_names()
    state, words, size, page = _narrowing(request)
    found, total = api.list_documents(
        actor=who, sort=sort, state=state, words=words, limit=size, offset=(page - 1) * size
    )
    query = tuple((key, value) for key, value in (("state", state), ("q", words)) if value)
    numbered = [Column(_("文号"), "code"), Column(_("发送"))] if sort == "outgoing" else []
    context = {
        "filters": _filters(state, words, states), "paging": Paging(page, size, total, query), "sort": sort,
        "columns": [
            Column(_("标题")), Column(_("文种")), *numbered, Column(_("发起单位")), Column(_("起草"), "day"), Column(_("状态")),
        ],
        "rows": [_line(one, names, numbered=bool(numbered)) for one in found],
        "empty": _("没有这样的公文。"),
    }  # fmt: skip
    return _page(request, name, title, context)


def _urgent(one: DocumentLine | IncomingLine) -> str:
    return f"［{_(one.urgency)}］{one.title}" if one.urgency else one.title


def _line(one: DocumentLine, names: dict[str, str], *, numbered: bool) -> Row:
    sent: Value = (
        _("%(received)s / %(sent)s 已签收") % {"received": one.received, "sent": one.sent} if one.sent else None
    )
    middle: list[Value] = [one.number or None, sent] if numbered else []
    state = State(_(one.state.title), STATES[one.state])
    cells = (_urgent(one), _(one.kind), *middle, names.get(one.agency, one.agency), one.at, state)
    return Row(cells, reverse("portal:document", args=[one.id]))


@never_cache
@require_safe
def outgoing(request: HttpRequest) -> HttpResponse:
    """发文 of one's agency."""
    states = (("", _("全部")), ("unsigned", _("未签发")), ("signed", _("已签发")), ("void", _("作废")))
    return _own(request, "outgoing", "documents", gettext_noop("发文"), states)


@never_cache
@require_safe
def information(request: HttpRequest) -> HttpResponse:
    """信息 of one's agency, and that came to it."""
    return _own(request, "information", "documents_information", gettext_noop("信息报送"), ())


@never_cache
@require_safe
def supervision(request: HttpRequest) -> HttpResponse:
    """督查 that one's agency asks for or is asked in."""
    return _own(request, "supervision", "documents_supervision", gettext_noop("督查"), ())


@never_cache
@require_safe
def came(request: HttpRequest) -> HttpResponse:
    """收文 of one's agency."""
    who, names = officer(request), agency_names()
    state, words, size, page = _narrowing(request)
    found, total = api.list_incoming(actor=who, state=state, words=words, limit=size, offset=(page - 1) * size)
    query = tuple((key, value) for key, value in (("state", state), ("q", words)) if value)
    states = (
        ("", _("全部")), ("sent", _("待签收")), ("late", _("逾期未签收")), ("received", _("已签收")), ("returned", _("已退文")),
    )  # fmt: skip
    context = {
        "filters": _filters(state, words, states), "paging": Paging(page, size, total, query), "sort": "",
        "columns": [
            Column(_("标题")), Column(_("文种")), Column(_("文号"), "code"), Column(_("来文单位")), Column(_("来文"), "day"),
            Column(_("应签收"), "day"), Column(_("状态")),
        ],
        "rows": [_came(one, names) for one in found], "empty": _("没有这样的来文。"),
    }  # fmt: skip
    return _page(request, "incoming_documents", gettext_noop("收文"), context)


def _came(one: IncomingLine, names: dict[str, str]) -> Row:
    state = State(_(one.state.title), INCOMING_STATES[one.state])
    due: Value = due_cell(one.due) if one.state is IncomingState.SENT else one.due
    agency = names.get(one.agency, one.agency)
    cells = (_urgent(one), _(one.kind), one.number, agency, one.sent_at, due, state)
    return Row(cells, reverse("portal:incoming_document", args=[one.dispatch]))


@never_cache
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for the reader in the procedures of documents, what is due first at the top."""
    who, words = _reader(request), request.GET.get("q", "").strip()[:100]
    every = [task for one in PROCEDURES for task in procedures.tasks(who, procedure=one.key, limit=_MOST_TASKS)]
    found = sorted(every, key=lambda task: (task.due is None, task.due, task.since))[:_MOST_TASKS]
    titles = api.titles([one.object for one in found])
    shown, paging = paged(request, [one for one in found if words in titles.get(one.object, "")])
    context = {
        "filters": _filters("", words, ()), "paging": paging, "sort": "",
        "columns": [
            Column(_("标题")), Column(_("程序")), Column(_("环节")), Column(_("提出人")), Column(_("到达"), "day"),
            Column(_("应办结"), "day"),
        ],
        "rows": [
            Row((titles.get(one.object) or words_of(one.object), _(one.procedure_title), _(one.stage_title), one.opened_by_name,
                 one.since, due_cell(one.due)), page_of(one.object, one.case))
            for one in shown
        ],
        "empty": _("没有等您办理的公文。"), "note": _cut(len(every), _("只列最先到期的 %(n)s 件，办完一些再看其余的。")),
    }  # fmt: skip
    return _page(request, "documents_waiting", gettext_noop("待办公文"), context)


@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """What the reader has done with documents, the last first."""
    who, words = _reader(request), request.GET.get("q", "").strip()[:100]
    found = procedures.done(who, kinds=DOCUMENTS, limit=_MOST_TASKS)
    titles = api.titles([one.object for one in found])
    shown, paging = paged(request, [one for one in found if words in titles.get(one.object, "")])
    context = {
        "filters": _filters("", words, ()), "paging": paging, "sort": "",
        "columns": [Column(_("标题")), Column(_("环节")), Column(_("我的意见")), Column(_("时间"), "day"), Column(_("现在"))],
        "rows": [
            Row((titles.get(one.object) or words_of(one.object), _(one.stage_title), _(one.move.value), one.at,
                 _(OUTCOME_TITLES[one.outcome])), page_of(one.object, one.case))
            for one in shown
        ],
        "empty": _("还没有办理过公文。"), "note": _cut(len(found), _("只列最近办理的 %(n)s 件。")),
    }  # fmt: skip
    return _page(request, "documents_done", gettext_noop("已办公文"), context)


def _cut(count: int, said: str) -> str:
    """A sentence where there may be more than is listed: these lists are searched by titles, which no index holds."""
    return said % {"n": _MOST_TASKS} if count >= _MOST_TASKS else ""
