"""What the desk has beside a case for a request for information: what the applicant asked before, and the fee notice."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shuniu.cases.api import charging, earlier, filing
from shuniu.directory.session import actor
from shuniu.portal.hall import case_parts as shared
from shuniu.portal.shell import desk_page, tried
from shuniu.systems.disclosure.declare import by_pages, by_pieces
from shuniu.web.declare import Column, Link, Row
from shuniu.web.forms import PlainForm

_COUNTS = {"pages": by_pages, "pieces": by_pieces}


class Charging(PlainForm):
    """By what the fee is counted, and how many."""

    by = forms.ChoiceField(
        label=gettext_lazy("计收方式"), widget=forms.RadioSelect,
        choices=[
            ("pages", gettext_lazy("按量：提供的页数，30 页以下不收费")),
            ("pieces", gettext_lazy("按件：同一申请人当月的第几件，10 件以下不收费")),
        ],
    )  # fmt: skip
    count = forms.IntegerField(
        label=gettext_lazy("数量"), min_value=1, max_value=100_000,
        error_messages={"invalid": gettext_lazy("请填写整数。")},
    )  # fmt: skip

    @property
    def counts(self) -> Mapping[str, str]:
        """What each line of the tariff charges, for the verb."""
        return _COUNTS[self.cleaned_data["by"]](self.cleaned_data["count"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant's similar requests of before, and the form of the fee notice for who may make it out."""
    who = actor(request)
    it = filing.read_case(actor=who, number=number)
    form = Charging(request.POST) if request.method == "POST" else Charging()
    if request.method == "POST" and form.is_valid():
        done = tried(form, lambda: charging.charge(actor=who, number=number, counts=form.counts))
        if done is not None:
            messages.success(request, _("收费通知已发给申请人，缴费单 %(bill)s。") % {"bill": done.bill})
            return redirect("portal:information_case", number=number)
    found = earlier.list_earlier(actor=who, number=number, question="what")
    context = {
        "it": it, "asked": it.answers.get("what", ""), "form": form,
        "charges": who.may("cases.charge") and it.accepted_at and it.state.running and not it.bill,
        "columns": [Column(_("提交"), "day"), Column(_("相似程度"), "number"), Column(_("状态")), Column(_("办件编号"))],
        "rows": [
            Row((one.line.filed_at, f"{one.alike:.0%}", shared.standing(one.line.state, one.line.result), one.line.number),
                reverse("portal:case", args=[one.line.number]))
            for one in found
        ],
        "crumbs": [Link(_("办件"), reverse("portal:cases")), Link(it.number, reverse("portal:case", args=[number]))],
    }  # fmt: skip
    return desk_page(request, "disclosure_case", context, status=422 if form.errors else 200)


urlpatterns = [path("desk/information/<str:number>/", request_, name="information_case")]
