"""Setting the day since which cases are supervised here."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shuniu.assessment import api
from shuniu.directory.session import actor
from shuniu.portal.shell import desk_page, officer, tried
from shuniu.trust.declare import Refused
from shuniu.web.declare import Link
from shuniu.web.forms import DayField, PlainForm


class BeginningForm(PlainForm):
    """The day and why."""

    since = DayField(label=gettext_lazy("从哪一天起监察"))
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def beginning(request: HttpRequest) -> HttpResponse:
    """Since when there is supervision, and a form to set another day. Raises Refused right.missing but for the office."""
    if not officer(request).may("assessment.begin"):
        raise Refused("right.missing", "监察起始日只由省级平台设定。", "需要改动的，请联系省级平台主管。")
    form = BeginningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if tried(form, lambda: api.begin(actor=actor(request), since=said["since"], reason=said["reason"])) is not None:
            messages.success(request, _("监察起始日已设定；已经出的牌不变，下一次扫描起按新的日子。"))
            return redirect("portal:cards")
    context = {"form": form, "began": api.began(), "crumbs": [Link(_("监察牌"), reverse("portal:cards"))]}
    return desk_page(request, "supervision_beginning", context, status=422 if form.errors else 200)
