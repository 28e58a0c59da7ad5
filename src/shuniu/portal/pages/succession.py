"""机构改革: an agency has merged into another. What would go over is shown first, then ordered. The province's office."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shuniu.cases.api import succession as api
from shuniu.cases.declare.succession import Share, Succeeded, SuccessionView
from shuniu.directory.api import agency_name
from shuniu.directory.session import actor
from shuniu.portal.pages.agency_choice import FIND, AgencyField, searched
from shuniu.portal.shell import desk_page, paged, tried
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Link, Row
from shuniu.web.forms import PlainForm

_GONE = timedelta(days=365)
"""An agency that was abolished within this time is still offered: its merger is entered after the fact."""


class Choice(PlainForm):
    """Which agency merged into which."""

    agency = AgencyField(label=gettext_lazy("被合并、撤销的单位"))
    successor = AgencyField(label=gettext_lazy("承接单位"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        stood = timezone.localdate() - _GONE
        cast(AgencyField, self.fields["agency"]).offer("agency", data, stood=stood)
        cast(AgencyField, self.fields["successor"]).offer("successor", data)

    def clean(self) -> dict[str, Any]:
        """Refuse an agency that would take over from itself, beside the field."""
        said = self.cleaned_data
        if said.get("agency") and said.get("agency") == said.get("successor"):
            self.add_error("successor", _("承接单位不能是被合并的单位自己，请选择另一个单位。"))
        return said

    def looked(self, who: Actor) -> Succeeded | None:
        """What would go over; None with the reason beside the field where it cannot."""
        said = self.cleaned_data
        try:
            return api.succeed_agency(actor=who, agency=said["agency"], successor=said["successor"], dry_run=True)
        except Refused as refusal:
            if not refusal.rule.startswith("case."):
                raise
            self.add_error("successor", str(refusal))
            return None


class Order(PlainForm):
    """By what it was ordered, and that the numbers were looked at."""

    reason = forms.CharField(
        label=gettext_lazy("依据（文件名称和文号）"), max_length=500,
        help_text=gettext_lazy("例如“湘编〔2026〕3 号”。写入每一件的办理过程。"),
    )  # fmt: skip
    sure = forms.BooleanField(
        label=gettext_lazy("我已核对上面的数字，确认转由承接单位办理"),
        error_messages={"required": gettext_lazy("请核对上面的数字后勾选确认。")},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def successions(request: HttpRequest) -> HttpResponse:
    """Choose the two agencies; look at what would go over; order it. Below, who took whose place before."""
    who = actor(request)
    past = api.list_successions(actor=who)
    data = request.POST if request.method == "POST" else request.GET
    form = Choice(data if {"find", "save", "agency", "successor"} & {*data} or _finds(data) else None)
    found = form.looked(who) if not searched(form) and form.is_bound and form.is_valid() else None
    if found is None:
        return _choosing(request, form, past)
    order = Order(request.POST) if request.method == "POST" else Order()
    if order.is_valid() and (done := tried(order, lambda: _ordered(who, found, order))) is not None:
        said = {"n": f"{done.matters:,}", "successor": agency_name(done.successor)}
        messages.success(request, _("已转由%(successor)s承接，共 %(n)s 件在办流程。") % said)
        return redirect("portal:successions")
    return _checking(request, found, order)


def _finds(data: Any) -> bool:
    return any(name.startswith(FIND) for name in data)


def _ordered(who: Actor, found: Succeeded, order: Order) -> Succeeded:
    return api.succeed_agency(
        actor=who, agency=found.agency, successor=found.successor, reason=order.cleaned_data["reason"]
    )


def _choosing(request: HttpRequest, form: Choice, past: tuple[SuccessionView, ...]) -> HttpResponse:
    shown, paging = paged(request, past)
    columns = [
        Column(_("被合并的单位")), Column(_("承接单位")), Column(_("依据")), Column(_("办理时间"), "day"), Column(_("办理人")),
    ]  # fmt: skip
    rows = [
        Row((agency_name(one.agency), agency_name(one.successor), one.reason, one.at, one.person_name)) for one in shown
    ]
    context = {"form": form, "columns": columns, "rows": rows, "paging": paging}
    return desk_page(request, "successions", context, status=422 if form.errors else 200)


def _checking(request: HttpRequest, found: Succeeded, order: Order) -> HttpResponse:
    context = {
        "crumbs": [Link(_("机构合并承接"), reverse("portal:successions"))],
        "found": found, "form": order, "names": (agency_name(found.agency), agency_name(found.successor)),
        "columns": [Column(_("类别")), Column(_("数量"), "number"), Column(_("例如"))],
        "handled": [_share(one) for one in found.shares if one.kind.handled],
        "kept": [_share(one) for one in found.shares if not one.kind.handled],
    }  # fmt: skip
    return desk_page(request, "succession", context, status=422 if order.errors else 200)


def _share(one: Share) -> Row:
    return Row((_(one.kind.title), one.count, _("、").join(one.first) or "—"))


urlpatterns = [path("desk/successions/", successions, name="successions")]
