"""Bills at the desk: what is charged by which rule, whose income it is, and what two people change on it."""

from __future__ import annotations

from typing import get_args

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuniu.cases.api import fees, payments, till
from shuniu.cases.api.fees import Change
from shuniu.cases.declare.fee import BillEvent, BillMove, BillRow, BillView, Which
from shuniu.cases.payments import configured
from shuniu.directory.api import agency_names
from shuniu.portal.hall.pay import STATES, yuan
from shuniu.portal.pages.fee_forms import WHOLE, Asking, Counting, Deciding, GivingBack, Typed, window
from shuniu.portal.shell import SIZE, desk_page, going, officer, tried
from shuniu.portal.shell import number as whole
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Event, Link, Row, State, Value

_WHICH: dict[Which, str] = {
    "all": gettext_noop("全部"),
    "asked": gettext_noop("待复核"),
    "refunding": gettext_noop("退款在途"),
    "owed": gettext_noop("待缴费"),
}
_ASKS = {BillMove.WAIVER_ASKED: gettext_lazy("减免"), BillMove.REFUND_ASKED: gettext_lazy("退费")}


@never_cache
@require_safe
def bills(request: HttpRequest) -> HttpResponse:
    """The agency's bills, those that wait for a decision or whose money is on its way by a tab of their own."""
    which = _which(request.GET.get("show"))
    found = fees.list_bills(
        actor=officer(request), which=which, before=whole(request.GET.get("before")) or None, limit=SIZE + 1
    )
    at = reverse("portal:fees")
    context = {
        "tabs": [Link(_(words), at if key == "all" else f"{at}?show={key}", key == which) for key, words in _WHICH.items()],
        "columns": [
            Column(_("缴费单号"), "code"), Column(_("缴费人")), Column(_("状态")),
            Column(_("应收"), "number"), Column(_("待缴"), "number"), Column(_("实收"), "number"), Column(_("要办的")),
        ],
        "rows": [_row(one) for one in found[:SIZE]],
        "going": going(request, "before", found[SIZE - 1].id if len(found) > SIZE else None),
        "today": timezone.localdate().isoformat(),
    }  # fmt: skip
    return desk_page(request, "fees", context)


def _which(said: str | None) -> Which:
    return next((one for one in get_args(Which) if one == said), "all")


def _row(one: BillRow) -> Row:
    state = State(_(one.state.title), STATES[one.state])
    to_do: Value = None
    if one.asked:
        to_do = State(_("%(n)s 项待复核") % {"n": one.asked}, "warning")
    elif one.going_back:
        to_do = State(_("退款在途 %(amount)s") % {"amount": yuan(one.going_back)}, "waiting")
    cells = (one.number, one.applicant, state, yuan(one.total), yuan(one.due), yuan(one.kept), to_do)
    return Row(cells, reverse("portal:fee_bill", args=[one.number]))


@never_cache
@require_safe
def bill(request: HttpRequest, number: str) -> HttpResponse:
    """One bill: its lines by rule, each agency's share, what happened, what may be asked for or decided."""
    return _page(request, number)


def _page(
    request: HttpRequest,
    number: str,
    asking: Asking | None = None,
    deciding: tuple[int, Deciding] | None = None,
    typed: Typed | None = None,
) -> HttpResponse:
    who, it = officer(request), fees.read_bill(actor=officer(request), number=number)
    names = agency_names()
    asking = asking or Asking(it, who)
    offers = who.may("cases.ask_fee_change") and bool(asking.fields["line"].choices)  # type: ignore[attr-defined]  # has them
    wrong = asking if asking.errors else deciding[1] if deciding else typed.form if typed else None
    context = {
        "crumbs": [Link(_("收费退费"), reverse("portal:fees"))], "it": it, "facts": _facts(it),
        "line_columns": [
            Column(_("收费项")), Column(_("执收单位")), Column(_("依据")), Column(_("标准"), "code"),
            Column(_("单价"), "number"), Column(_("数量"), "number"), Column(_("金额"), "number"), Column(_("余额"), "number"),
        ],
        "lines": [
            Row((one.title, names.get(one.agency, one.agency), one.basis, one.rule, yuan(one.unit), one.count,
                 yuan(one.amount), yuan(fees.left(it.lines, it.events, one.key))))
            for one in it.lines
        ],
        "share_columns": [
            Column(_("执收单位")), Column(_("应收"), "number"), Column(_("减免"), "number"), Column(_("退费"), "number"),
            Column(_("应留存"), "number"),
        ],
        "shares": [
            Row((names.get(one.agency, one.agency), yuan(one.charged), yuan(one.waived), yuan(one.refunded), yuan(one.kept)))
            for one in fees.shares(it.lines, it.events)
        ],
        "open": [(_asked(it, one), _decides(it, one, who, deciding)) for one in waiting(it)],
        "events": [_event(it, one) for one in reversed(it.events)],
        "asking": asking if offers else None, "change": "refund" if fees.paid(it.events) else "waiver", "wrong": wrong,
        "online": configured() and bool(it.due) and bool(payments.last_order(number)), **window(it, who, typed),
    }  # fmt: skip
    return desk_page(request, "fee_bill", context, status=422 if wrong else 200)


def _facts(it: BillView) -> list[tuple[str, Value]]:
    settled = fees.paid(it.events)
    facts: list[tuple[str, Value]] = [
        (_("状态"), State(_(it.state.title), STATES[it.state])),
        (_("应收"), yuan(it.total)), (_("待缴"), yuan(it.due)), (_("实收"), yuan(it.kept)), (_("开具时间"), it.issued_at),
    ]  # fmt: skip
    if settled is not None:
        facts += [(_("缴费时间"), settled.happened), (_("回执编号"), it.receipt)]
        facts.append((_("窗口票据号"), settled.slip) if settled.slip else (_("支付流水号"), settled.trade))
    return facts


def waiting(it: BillView) -> list[BillEvent]:
    """What was asked for and nobody has decided."""
    answered = {one.answers for one in it.events}
    return [one for one in it.events if one.move in _ASKS and one.seq not in answered]


def _line(it: BillView, key: str) -> str:
    return next((one.title for one in it.lines if one.key == key), _("整单"))


def _asked(it: BillView, one: BillEvent) -> dict[str, object]:
    facts: list[tuple[str, Value]] = [
        (_("哪一项"), _line(it, one.line)), (_("金额"), yuan(one.amount)), (_("依据和事实"), one.reason),
        (_("提出人"), one.person_name), (_("提出时间"), one.at),
    ]  # fmt: skip
    return {"seq": one.seq, "what": str(_ASKS[one.move]), "facts": facts}


def _decides(it: BillView, one: BillEvent, who: Actor, wrong: tuple[int, Deciding] | None) -> Deciding | None:
    """The form of a second person; None for who asked, and for an agency whose income it is not."""
    agencies = {it.agency, *(line.agency for line in it.lines if line.key == one.line)}
    if one.person == who.person or not who.may("cases.decide_fee_change") or who.agency not in agencies:
        return None
    return wrong[1] if wrong and wrong[0] == one.seq else Deciding(prefix=str(one.seq))


def _event(it: BillView, one: BillEvent) -> Event:
    what = f"{_(one.move.title)}：{_line(it, one.line) + '，' if one.line else ''}{yuan(one.amount)}"
    return Event(one.at, _("支付机构") if one.order else one.person_name, what, one.reason or one.slip or one.trade)


@never_cache
@require_POST
def ask(request: HttpRequest, number: str, change: Change) -> HttpResponse:
    """Ask for a waiver or a refund."""
    if change not in get_args(Change):
        raise Http404
    who = officer(request)
    form = Asking(fees.read_bill(actor=who, number=number), who, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        line = "" if said["line"] == WHOLE else said["line"]
        made = tried(
            form,
            lambda: fees.ask_fee_change(
                actor=who, number=number, change=change, reason=said["reason"], line=line, amount=form.fen
            ),
        )
        if made is not None:
            messages.success(request, _("已提出，等另一名收费经办复核。"))
            return redirect("portal:fee_bill", number=number)
    return _page(request, number, form)


@never_cache
@require_POST
def decide(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """Agree or not to what another asked for."""
    who, form = officer(request), Deciding(request.POST, prefix=str(seq))
    if form.is_valid():
        agree, reason = form.cleaned_data["agree"] == "yes", form.cleaned_data["reason"]
        made = tried(
            form, lambda: fees.decide_fee_change(actor=who, number=number, seq=seq, agree=agree, reason=reason)
        )
        if made is not None:
            done = _("已同意。网上缴的由平台自动退回；窗口缴的由另一名收费经办退款并登记。")
            messages.success(request, done if agree else _("已复核。"))
            return redirect("portal:fee_bill", number=number)
    return _page(request, number, deciding=(seq, form))


@never_cache
@require_POST
def look(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the provider whether the newest order was paid: its notice may have been lost."""
    it = fees.read_bill(actor=officer(request), number=number)
    if it.due and payments.ask_provider(number):
        messages.success(request, _("支付机构已收款，现已入账。"))
    else:
        messages.info(request, _("支付机构没有收款记录，或者暂时连接不上。"))
    return redirect("portal:fee_bill", number=number)


@never_cache
@require_POST
def take(request: HttpRequest, number: str) -> HttpResponse:
    """Book what was paid at the window."""
    who, form = officer(request), Counting(request.POST)
    if form.is_valid():
        slip, fen = form.cleaned_data["slip"], form.fen
        if tried(form, lambda: till.take_at_counter(actor=who, number=number, slip=slip, amount=fen)) is not None:
            messages.success(request, _("已登记窗口收款，并告知缴费人。"))
            return redirect("portal:fee_bill", number=number)
    return _page(request, number, typed=Typed(0, form))


@never_cache
@require_POST
def give_back(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """Book that a refund was handed out at the window."""
    who, form = officer(request), GivingBack(request.POST, prefix=str(seq))
    if form.is_valid():
        slip = form.cleaned_data["slip"]
        if tried(form, lambda: till.give_back_at_counter(actor=who, number=number, seq=seq, slip=slip)) is not None:
            messages.success(request, _("已登记窗口退款，并告知缴费人。"))
            return redirect("portal:fee_bill", number=number)
    return _page(request, number, typed=Typed(seq, form))


urlpatterns = [
    path("desk/fees/", bills, name="fees"),
    path("desk/fees/<str:number>/", bill, name="fee_bill"),
    path("desk/fees/<str:number>/ask/<str:change>/", ask, name="fee_ask"),
    path("desk/fees/<str:number>/decide/<int:seq>/", decide, name="fee_decide"),
    path("desk/fees/<str:number>/look/", look, name="fee_look"),
    path("desk/fees/<str:number>/take/", take, name="fee_take"),
    path("desk/fees/<str:number>/give-back/<int:seq>/", give_back, name="fee_give_back"),
]
