"""Paying: the bill with its receipt, the way to the provider and back, and the door that the provider calls at."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from shuniu.cases.api import fees, owing, till
from shuniu.cases.api import payments as api
from shuniu.cases.declare.fee import BillMove, BillState, BillView
from shuniu.cases.payments import Message, configured, provider
from shuniu.directory import api as directory
from shuniu.directory.session import actor
from shuniu.trust.declare import Refused
from shuniu.web.declare import Column, Event, Row, State, StateKind

STATES: Mapping[BillState, StateKind] = {
    BillState.OWED: "waiting",
    BillState.WAIVED: "done",
    BillState.PAID: "done",
    BillState.PART_REFUNDED: "info",
    BillState.REFUNDED: "none",
}
"""The shape of each state."""
_STATUS = {"fees.signature": 401, "fees.unknown": 404, "fees.unknown_order": 404, "fees.no_provider": 503}


def yuan(fen: int) -> str:
    """Fen as an amount with its unit."""
    return _("%(amount)s 元") % {"amount": f"{fen // 100:,}.{fen % 100:02d}"}


@never_cache
@require_safe
def bill(request: HttpRequest, number: str) -> HttpResponse:
    """One bill: what is charged on what basis, what is still to be paid, the receipt, and what happened."""
    return _page(request, fees.read_bill(actor=actor(request), number=number))


def _page(request: HttpRequest, it: BillView, going: str = "") -> HttpResponse:
    names = directory.agency_names()
    titles = {line.key: line.title for line in it.lines}
    columns = [Column(_("收费项")), Column(_("执收单位")), Column(_("依据")), Column(_("单价"), "number"),
               Column(_("数量"), "number"), Column(_("金额"), "number")]  # fmt: skip
    rows = [
        Row((one.title, names.get(one.agency, one.agency), one.basis, yuan(one.unit), one.count, yuan(one.amount)))
        for one in it.lines
    ]
    events = [
        Event(
            one.at, _("支付机构") if one.order else one.person_name,
            f"{_(one.move.title)}：{titles.get(one.line, '')}{yuan(one.amount)}", one.reason or one.slip,
        )
        for one in reversed(it.events)
    ]  # fmt: skip
    context = {
        "it": it, "state": State(_(it.state.title), STATES[it.state]), "columns": columns,
        "rows": rows, "events": events, "yuan": yuan, "going": going, "online": configured(),
        "settled": next((one for one in it.events if one.move is BillMove.PAID), None),
        "at": owing.pay_at(it) if it.due else None, "back": sum(one.amount for one in till.to_give_back(it)),
    }  # fmt: skip
    return render(request, "portal/hall/bill.html.jinja", context)


@never_cache
@require_POST
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """Make out an order and show the way to the provider; a bill that is paid shows that instead."""
    who = actor(request)
    try:
        order = api.start_payment(actor=who, number=number)
    except Refused as refusal:
        if refusal.rule != "fees.paid":
            raise
        return redirect("portal:bill", number=number)
    back = _site(request) + reverse("portal:bill_back", args=[number])
    notify = settings.PUBLIC_URL.rstrip("/") + reverse("portal:payment_notice")
    try:
        going = provider().create(order, title=_("政务服务缴费 %(n)s") % {"n": number}, back=back, notify=notify)
    except OSError as error:
        raise Refused(
            "fees.unreachable", "支付机构暂时连接不上，没有扣款。", "请过几分钟再试，或者到窗口缴费。"
        ) from error
    return _page(request, fees.read_bill(actor=who, number=number), going)


def _site(request: HttpRequest) -> str:
    """Where the payer comes from and returns to: his session is known at that host alone."""
    own = settings.PUBLIC_URL.rstrip("/")
    return own if request.get_host() == urlsplit(own).netloc else request.build_absolute_uri("/").rstrip("/")


@never_cache
@require_safe
def back(request: HttpRequest, number: str) -> HttpResponse:
    """Where the payer returns to: if the provider's notice has not come yet, the provider is asked."""
    if fees.read_bill(actor=actor(request), number=number).state is BillState.OWED:
        api.ask_provider(number)
    return redirect("portal:bill", number=number)


@csrf_exempt  # the provider has no session; its signature is what is believed
@require_POST
def notice(request: HttpRequest) -> HttpResponse:
    """The provider tells of money; 200 says that it is booked and need not be told again."""
    message = Message(request.body, request.headers.get("X-Signature", ""))
    try:
        api.take_payment(actor=directory.system("cashier"), message=message)
    except Refused as refusal:
        said = {"rule": refusal.rule, "message": refusal.message, "remedy": refusal.remedy}
        return JsonResponse(said, status=_STATUS.get(refusal.rule, 422), json_dumps_params={"ensure_ascii": False})
    return JsonResponse({"booked": True})


urlpatterns = [
    path("hall/payments/notice/", notice, name="payment_notice"),
    path("hall/bills/<str:number>/", bill, name="bill"),
    path("hall/bills/<str:number>/pay/", pay, name="bill_pay"),
    path("hall/bills/<str:number>/back/", back, name="bill_back"),
]
