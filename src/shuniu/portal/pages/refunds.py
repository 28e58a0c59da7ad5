"""Refunds on their way and the day's books against the provider's statement: who must act, and where."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuniu.cases.api import payments, refunds, till
from shuniu.cases.declare.fee import Compared, Counted, Explained, RefundWaiting
from shuniu.cases.payments import configured
from shuniu.directory.api import agency_names
from shuniu.directory.session import actor
from shuniu.portal.hall.pay import yuan
from shuniu.portal.pages.fee_forms import Stopping
from shuniu.portal.shell import desk_page, officer, tried
from shuniu.trust.api import OVERSEE
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Link, Row, State, Value

DAYS = 31
_MUST = {
    "missing_here": gettext_lazy("平台已向支付机构补问；仍未入账的，请支付机构核对这笔收款后重新通知"),
    "missing_there": gettext_lazy("请支付机构查明为什么没有这笔，必要时撤销重做"),
    "amount": gettext_lazy("请支付机构和收费单位核对金额"),
}


@never_cache
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """The refunds that the provider has not confirmed."""
    return _refunds(request)


def _refunds(request: HttpRequest, wrong: tuple[str, Stopping] | None = None) -> HttpResponse:
    names = agency_names()
    found = refunds.list_refunds(actor=officer(request))
    context = {
        "crumbs": [Link(_("收费退费"), reverse("portal:fees"))],
        "found": [(one, _refund(one, names), _stopping(one, wrong)) for one in found],
        "wrong": wrong[1] if wrong else None, "online": configured(),
    }  # fmt: skip
    return desk_page(request, "fee_refunds", context, status=422 if wrong else 200)


def _refund(one: RefundWaiting, names: dict[str, str]) -> list[tuple[str, Value]]:
    state = State(_("不再自动重试"), "stopped") if one.why else State(_("等支付机构退款"), "waiting")
    return [
        (_("状态"), state), (_("金额"), yuan(one.order.amount)), (_("同意时间"), one.since), (_("已试次数"), one.tries),
        (_("支付机构答复"), one.said or None), (_("下次重试"), one.due if one.tries else _("一分钟内")) if not one.why
        else (_("停止原因"), one.why),
        (_("由谁处理"), _("%(agency)s收费经办") % {"agency": names.get(one.agency, one.agency)}),
        (_("缴费单"), Link(one.bill, reverse("portal:fee_bill", args=[one.bill]))),
    ]  # fmt: skip


def _stopping(one: RefundWaiting, wrong: tuple[str, Stopping] | None) -> Stopping | None:
    if one.why:
        return None
    return wrong[1] if wrong and wrong[0] == one.order.number else Stopping(prefix=one.order.number)


@never_cache
@require_POST
def retry(request: HttpRequest, order: str) -> HttpResponse:
    """Begin the tries anew."""
    refunds.retry_refund(actor=officer(request), order=order)
    messages.success(request, _("一分钟内重新退款。"))
    return redirect("portal:fee_refunds")


@never_cache
@require_POST
def stop(request: HttpRequest, order: str) -> HttpResponse:
    """Try no more, with the reason."""
    who, form = officer(request), Stopping(request.POST, prefix=order)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if not _fails(form, who, order, reason):
            messages.success(request, _("已停止自动退款。"))
            return redirect("portal:fee_refunds")
    return _refunds(request, (order, form))


def _fails(form: Stopping, who: Actor, order: str, reason: str) -> bool:
    tried(form, lambda: refunds.stop_refund(actor=who, order=order, reason=reason))
    return bool(form.errors)


@never_cache
@require_safe
def days(request: HttpRequest) -> HttpResponse:
    """What each day's comparison came to, the newest day first."""
    before = _day(request.GET.get("before", ""))
    found = refunds.list_reconciliations(actor=actor(request), before=before, limit=DAYS + 1)
    more = found[DAYS - 1].day.isoformat() if len(found) > DAYS else ""
    whole = [Column(_("平台笔数"), "number"), Column(_("渠道笔数"), "number")] if actor(request).may(OVERSEE) else []
    context = {
        "columns": [Column(_("日期"), "day"), *whole, Column(_("差异")), Column(_("对账时间"), "day")],
        "rows": [_compared(one) for one in found[:DAYS]], "next": f"?before={more}" if more else "", "online": configured(),
    }  # fmt: skip
    return desk_page(request, "reconciliations", context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _compared(one: Compared) -> Row:
    n = len(one.differences)
    state = State(_("%(n)s 笔有差异") % {"n": n}, "warning") if n else State(_("相符"), "done")
    counts = (one.here, one.there) if one.here is not None and one.there is not None else ()
    return Row((one.day, *counts, state, one.made_at), reverse("portal:reconciliation", args=[one.day.isoformat()]))


@never_cache
@require_safe
def reconciliation(request: HttpRequest, day: str) -> HttpResponse:
    """One day's differences, each with its bill and who must act."""
    asked, who = _day(day), actor(request)
    if asked is None:
        raise Http404
    found = payments.read_reconciliation(actor=who, day=asked)
    names = agency_names()
    counted = till.read_till(actor=who, day=asked) if who.may("cases.read_till") else None
    context = {
        "crumbs": [Link(_("支付对账"), reverse("portal:reconciliations"))], "day": asked, "found": found, "whole": who.may(OVERSEE),
        "columns": [
            Column(_("渠道流水号"), "code"), Column(_("差异")), Column(_("平台金额"), "number"),
            Column(_("渠道金额"), "number"), Column(_("缴费单")), Column(_("由谁处理")), Column(_("怎样处理")),
        ],
        "rows": [_explained(one, names, who) for one in refunds.explained(found or ())],
        "counted": counted, "till_columns": [
            Column(_("时间"), "day"), Column(_("收款或者退款")), Column(_("票据号"), "code"), Column(_("金额"), "number"),
            Column(_("缴费单"), "code"), Column(_("经办人")),
        ],
        "till_rows": [_counted(one) for one in counted or ()],
        "taken": yuan(sum(one.amount for one in counted or () if one.kind == "paid")),
        "given": yuan(sum(one.amount for one in counted or () if one.kind == "refunded")),
    }  # fmt: skip
    return desk_page(request, "reconciliation", context)


def _explained(one: Explained, names: dict[str, str], who: Actor) -> Row:
    it = one.difference
    bill: Value = one.bill or it.number or None
    if one.bill and who.may("cases.list_bills") and one.agency == who.agency:
        bill = Link(one.bill, reverse("portal:fee_bill", args=[one.bill]))
    must = _("%(agency)s收费经办") % {"agency": names.get(one.agency, one.agency)} if one.agency else _("平台主管单位")
    amounts = [yuan(fen) if fen is not None else _("没有") for fen in (it.here, it.there)]
    return Row((it.trade, State(_(it.title), "warning"), *amounts, bill, must, str(_MUST[it.kind])))


def _counted(one: Counted) -> Row:
    kind = _("收款") if one.kind == "paid" else _("退款")
    cells = (one.at, kind, one.slip, yuan(one.amount), one.bill, one.person_name)
    return Row(cells, reverse("portal:fee_bill", args=[one.bill]))


urlpatterns = [
    path("desk/refunds/", waiting, name="fee_refunds"),
    path("desk/refunds/<str:order>/retry/", retry, name="fee_refund_retry"),
    path("desk/refunds/<str:order>/stop/", stop, name="fee_refund_stop"),
    path("desk/reconciliations/", days, name="reconciliations"),
    path("desk/reconciliations/<str:day>/", reconciliation, name="reconciliation"),
]
