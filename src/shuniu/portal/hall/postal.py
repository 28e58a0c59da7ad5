"""One's own documents after the decision: the choice between post and fetching, and where a parcel is; the courier's door."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from shuniu.cases.api import filing
from shuniu.cases.api import postal as api
from shuniu.cases.declare.postal import PROOFS, HandoverState, HandoverView, Way
from shuniu.directory import api as directory
from shuniu.directory.session import actor
from shuniu.portal.hall.case_filing import case_crumbs
from shuniu.portal.shell import tried
from shuniu.trust.declare import Refused
from shuniu.web.declare import Event, State, StateKind, Value
from shuniu.web.forms import PlainForm

_KINDS: Mapping[HandoverState, StateKind] = {
    HandoverState.WAITING: "waiting",
    HandoverState.CONSIGNED: "info",
    HandoverState.TRANSIT: "info",
    HandoverState.SIGNED: "done",
    HandoverState.RETURNED: "stopped",
    HandoverState.TAKEN: "done",
}
_STATUS = {"postal.signature": 401, "postal.unknown_order": 404, "postal.conflict": 409, "postal.no_courier": 503}


class ChoosingForm(PlainForm):
    """Post or fetch; the address only for the post."""

    way = forms.ChoiceField(
        label=gettext_lazy("怎样领取"), widget=forms.RadioSelect,
        choices=[(Way.MAIL.value, gettext_lazy("邮寄")), (Way.PICKUP.value, gettext_lazy("到窗口自取"))],
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("收件人"), required=False, max_length=60,
        help_text=gettext_lazy("自取的不用填以下三项。地址只用于这次邮寄，加密保存，送达后销毁。"),
    )  # fmt: skip
    telephone = forms.CharField(
        label=gettext_lazy("收件电话"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    address = forms.CharField(
        label=gettext_lazy("收件地址"), required=False, max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "street-address"}),
    )  # fmt: skip

    def __init__(self, *args: object, by_mail: bool, **options: object) -> None:
        super().__init__(*args, **options)
        if not by_mail:
            self.fields = {
                "way": forms.ChoiceField(
                    label=_("怎样领取"), widget=forms.RadioSelect, choices=[(Way.PICKUP.value, _("到窗口自取"))]
                )
            }


def state(it: HandoverView) -> State:
    """How far the documents have come as a word with its shape."""
    return State(_(it.state_title), _KINDS[it.state])


def happened(it: HandoverView) -> list[Event]:
    """What happened, the newest first, with the evidence of each step."""
    return [
        Event(
            one.at, _(one.who), _(one.title),
            _("；").join(filter(None, (
                _(one.said), _("签收人：%(who)s") % {"who": one.signer} if one.signer else "",
                _("核对：%(proof)s") % {"proof": _(PROOFS[one.proof])} if one.proof else "",
                _("登记于 %(at)s") % {"at": f"{one.noted_at:%Y-%m-%d}"} if one.noted_at.date() != one.at.date() else "",
            ))),
        )
        for one in reversed(it.events)
    ]  # fmt: skip


def facts(it: HandoverView) -> list[tuple[str, Value]]:
    """How the documents stand, the address masked."""
    rows: list[tuple[str, Value]] = [
        (_("领取方式"), _(it.way.title)), (_("状态"), state(it)), (_("收件人"), it.name), (_("收件电话"), it.telephone),
        (_("收件地址"), it.address), (_("运单号"), it.waybill), (_("交寄时间"), it.consigned_at),
        (_("内件"), it.contents),
    ]  # fmt: skip
    if it.receipt:
        rows += [(_("签收人"), it.receipt.signer), (_("签收时间"), it.receipt.at)]
    return [row for row in rows if row[1]]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delivery(request: HttpRequest, number: str) -> HttpResponse:
    """How the documents of one's own case come to one, and the evidence that they did."""
    who = actor(request)
    case = filing.read_case(actor=who, number=number)
    if not case.own:
        return redirect("portal:postal_case", number=number)
    it, mail = api.read(actor=who, number=number), api.offered(number)
    form = ChoosingForm(request.POST if request.method == "POST" else None, by_mail=mail)
    if form.is_bound and form.is_valid():
        said = {"name": "", "telephone": "", "address": "", **form.cleaned_data}
        way = Way(said.pop("way"))
        if tried(form, lambda: api.choose(actor=who, number=number, way=way, **said)) is not None:
            messages.success(request, _("已选择%(way)s。") % {"way": _(way.title)})
            return redirect("portal:delivery", number=number)
    open_ = case.state not in api.NOTHING_TO_HAND_OVER and (it is None or it.state in (
        HandoverState.WAITING, HandoverState.RETURNED))  # fmt: skip
    context = {
        "crumbs": case_crumbs(case), "it": it, "number": number, "form": form if open_ or form.errors else None,
        "mail": mail, "facts": facts(it) if it else [], "events": happened(it) if it else [], "title": case.title,
        "decided": case.decision is not None, "back": reverse("portal:my_case", args=[number]),
    }  # fmt: skip
    return render(request, "portal/hall/delivery.html.jinja", context, status=422 if form.errors else 200)


@csrf_exempt  # the courier has no session; its signature is what is believed
@require_POST
def notice(request: HttpRequest) -> HttpResponse:
    """The courier tells of a parcel; 200 says that it is noted and need not be told again."""
    signature = request.headers.get("X-Signature", "")
    try:
        api.take_word(actor=directory.system("courier"), body=request.body, signature=signature)
    except Refused as refusal:
        said = {"rule": refusal.rule, "message": refusal.message, "remedy": refusal.remedy}
        return JsonResponse(said, status=_STATUS.get(refusal.rule, 422), json_dumps_params={"ensure_ascii": False})
    return JsonResponse({"noted": True})


urlpatterns = [
    path("hall/postal/notice/", notice, name="postal_notice"),
    path("hall/cases/<str:number>/delivery/", delivery, name="delivery"),
]
