"""A document that came: signed for or given back, 拟办, 批示, 承办, 传阅, 办结."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuniu.cases.api.document_files import read_document_file
from shuniu.cases.api.documents import printed
from shuniu.cases.api.incoming import read_incoming
from shuniu.cases.declare.document import Incoming
from shuniu.directory.api import agency_names
from shuniu.portal.hall.uploads import taken_away
from shuniu.portal.pages import document_steps as steps
from shuniu.portal.pages.document_lists import INCOMING_STATES
from shuniu.portal.shell import desk_page, download, officer, tried
from shuniu.web.declare import Column, Event, Link, Row, State, Value


@never_cache
@require_safe
def incoming(request: HttpRequest, pk: int) -> HttpResponse:
    """What came, and what the agency does about it."""
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, wrong: steps.Step | None = None) -> HttpResponse:
    who, names = officer(request), agency_names()
    it = read_incoming(actor=who, dispatch=pk)
    state = it.matter.state if it.matter else None
    found: dict[str, list[Event]] = {}
    for one in it.opinions:
        found.setdefault(_(one.stage_title), []).append(Event(one.at, one.person_name, _(one.said), one.words))
    context = {
        "crumbs": [Link(_("收文"), reverse("portal:incoming_documents"))], "it": it.document, "came": it,
        "facts": _facts(it, names), "boxes": list(found.items()),
        "waiting": [_(it.matter.procedure[seat.stage].title) for seat in it.matter.open] if it.matter else [],
        "readers": [Row((one.person_name, one.since, one.read_at)) for one in (state.readers if state else ())],
        "reader_columns": [Column(_("传阅给")), Column(_("送阅时间")), Column(_("已阅时间"))],
        "steps": [wrong if wrong and wrong.key == one.key else one for one in steps.of_incoming(who, it)],
        "wrong": wrong.form if wrong else None, "act": "portal:incoming_act",
        "newer": reverse("portal:incoming_document", args=[it.newer]) if it.newer else "",
    }  # fmt: skip
    return desk_page(request, "document_incoming", context, status=422 if wrong else 200)


def _facts(it: Incoming, names: dict[str, str]) -> list[tuple[str, Value]]:
    draft, sent = it.document.draft, it.sent
    signed: Value = None
    if sent.received_at is not None:
        signed = f"{sent.received_by} {timezone.localtime(sent.received_at):%Y-%m-%d %H:%M}"
    late = sent.late(timezone.localdate())
    due: Value = State(_("%(day)s，已逾期") % {"day": sent.due}, "stopped") if late else sent.due
    rows: list[tuple[str, Value]] = [
        (_("状态"), State(_(it.state.title), INCOMING_STATES[it.state])),
        (_("来文单位"), names.get(it.document.agency, it.document.agency)), (_("发文字号"), str(it.document.number)),
        (_("成文日期"), it.document.signed_on), (_("紧急程度"), _(draft.urgency) if draft.urgency else _("平件")),
        (_("版本"), _("第 %(n)s 稿（修改后重发）") % {"n": sent.version} if _again(it) else None),
        (_("联合行文"), "、".join(names.get(one, one) for one in it.document.issuers) if len(it.document.issuers) > 1 else None),
        (_("来文时间"), sent.sent_at), (_("应签收"), due),
        (_("退文人") if sent.returned else _("签收人"), signed), (_("退文理由"), sent.returned or None),
    ]  # fmt: skip
    return [row for row in rows if row[1] is not None]


def _again(it: Incoming) -> bool:
    return it.sent.version > it.document.signings[0].version


@never_cache
@require_safe
def document_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """What came, as it is printed: the version that was sent."""
    it = read_incoming(actor=officer(request), dispatch=pk).document
    return download(printed(it), f"{it.number}.pdf", "application/pdf")


@never_cache
@require_safe
def document_file(request: HttpRequest, pk: int, upload: int) -> StreamingHttpResponse:
    """A file that came with it."""
    who = officer(request)
    it = read_incoming(actor=who, dispatch=pk).document
    return taken_away(read_document_file(actor=who, document=it.id, upload=upload, dispatch=pk))


@require_POST
def act(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take one step; a refusal stands in its form."""
    who = officer(request)
    taken = steps.posted(steps.of_incoming(who, read_incoming(actor=who, dispatch=pk), request.POST), step)
    if not taken.form.is_valid() or tried(taken.form, lambda: (taken.take(),)) is None:
        return _page(request, pk, taken)
    messages.success(request, _("%(step)s：已办理。") % {"step": taken.title})
    return redirect("portal:incoming_document", pk=pk)
