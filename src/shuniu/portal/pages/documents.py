"""One official document: how it stands, its opinion boxes, who signed for it, its printed form, two versions side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.cases.api.documents import compare, printed, read_document
from shuniu.cases.declare.document import DocumentState, DocumentView, Sent
from shuniu.directory import api as directory
from shuniu.directory.session import actor
from shuniu.portal.shell import desk_page, download, number
from shuniu.trust.declare import Refused
from shuniu.web.declare import Column, Event, Row, State, Value

_STATES = {
    DocumentState.DRAFT: "none",
    DocumentState.REVIEW: "waiting",
    DocumentState.SIGNED: "done",
    DocumentState.VOID: "stopped",
}


@never_cache
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The document's page; `old` and `new` name the two versions that are compared (default: the last two)."""
    it = read_document(actor=actor(request), document=pk)
    last = len(it.versions)
    new = min(max(number(request.GET.get("new"), last), 1), last)
    old = min(max(number(request.GET.get("old"), new - 1), 1), last)
    names = {one.key: one.name for one in directory.agencies()}
    compared = compare(it.versions[old - 1], it.versions[new - 1]) if last > 1 else ()
    context = {
        "it": it, "facts": _facts(it, names), "old": old, "new": new, "printable": it.number is not None,
        "opinions": [
            Event(one.at, one.person_name, f"{one.stage_title}：{_(one.said)}", one.words) for one in it.opinions
        ],
        "sent": [_sent(one, names) for one in it.sent],
        "sent_columns": [Column(_("收文单位")), Column(_("发出时间")), Column(_("应签收"), "day"), Column(_("签收"))],
        "compared": [
            Row((State(_(one.title), "none" if one.change == "same" else "warning"), one.old, one.new)) for one in compared
        ],
        "compared_columns": [Column(_("改动")), Column(_("第 %(n)s 稿") % {"n": old}), Column(_("第 %(n)s 稿") % {"n": new})],
    }  # fmt: skip
    return desk_page(request, "document", context)


def _facts(it: DocumentView, names: dict[str, str]) -> list[tuple[str, Value]]:
    state = State(_(it.state.title), _STATES[it.state])  # type: ignore[arg-type]  # the table's values are State's kinds
    void: list[tuple[str, Value]] = [(_("作废理由"), it.void.reason)] if it.void else []
    return [
        (_("状态"), state),
        (_("发文字号"), str(it.number) if it.number else _("签发时编号")),
        (_("成文日期"), it.signed_on),
        (_("签发人"), "、".join(it.signers) or None),
        (_("发文机关"), names.get(it.agency, it.agency)),
        (_("主送"), "、".join(names.get(one, one) for one in it.draft.to) or None),
        (_("抄送"), "、".join(names.get(one, one) for one in it.draft.copies) or None),
        *void,
    ]


def _sent(one: Sent, names: dict[str, str]) -> Row:
    chased = _("，已催 %(n)s 次") % {"n": len(one.chased)} if one.chased else ""
    received: Value = State(_("未签收") + chased, "warning" if chased else "waiting")
    if one.received_at is not None:
        received = State(f"{one.received_by} {one.received_at:%Y-%m-%d}", "done")
    return Row((names.get(one.agency, one.agency), one.sent_at, one.due, received))


@never_cache
@require_safe
def document_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The document as it is printed, once it is signed."""
    it = read_document(actor=actor(request), document=pk)
    if it.number is None:
        raise Refused("documents.not_signed", "公文没有签发，没有文号和成文日期。", "请先签发。")
    return download(printed(it), f"{it.number}.pdf", "application/pdf")


urlpatterns = [
    path("desk/documents/<int:pk>/", document, name="document"),
    path("desk/documents/<int:pk>/document.pdf", document_pdf, name="document_pdf"),
]
