"""Licences: one's own with what happened to them, as PDF; and anybody's verification."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.cases.api import licences as cases
from shuniu.cases.declare.licence import LicenceState
from shuniu.directory.session import actor
from shuniu.portal.credit.document import NOT_SEALED
from shuniu.portal.credit.pages import slowly
from shuniu.portal.hall.licence_document import SIGNED, pdf, term, verify_url
from shuniu.portal.shell import download, own_page, tried
from shuniu.web.declare import Column, Event, Link, Row, State
from shuniu.web.forms import PlainForm


class CheckForm(PlainForm):
    """What is printed beside a licence's code."""

    number = forms.CharField(
        label=gettext_lazy("证照编号"), max_length=40, help_text=gettext_lazy("印在证照名称下面。")
    )
    check = forms.CharField(
        label=gettext_lazy("校验码"), max_length=12, help_text=gettext_lazy("印在二维码下面，8 位字母和数字。")
    )


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's licences, those in force first."""
    rows = [
        Row(
            (one.title, one.number, standing(one.state), one.agency_name, one.valid_from, one.valid_to or _("长期")),
            reverse("portal:hall_licence", args=[one.number]),
        )
        for one in cases.licences(actor=actor(request))
    ]
    columns = [
        Column(_("证照")), Column(_("编号"), "code"), Column(_("状态")), Column(_("颁发机构")),
        Column(_("生效"), "day"), Column(_("有效期至"), "day"),
    ]  # fmt: skip
    return own_page(request, "licences", {"columns": columns, "rows": rows})


@never_cache
@require_safe
def licence(request: HttpRequest, number: str) -> HttpResponse:
    """One licence: what it says, how it stands, what happened to it."""
    seen = cases.licence(actor=actor(request), number=number)
    events = [
        Event(one.at, one.agency_name or one.person_name, f"{one.reason}（{one.basis}）", state=standing(one.state))
        for one in seen.events
    ]
    context = {
        "crumbs": [Link(_("我的证照"), reverse("portal:hall_licences"))],
        "it": seen,
        "state": standing(seen.state),
        "term": term(seen),
        "events": events,
        "verify": verify_url(seen),
        "not_sealed": NOT_SEALED,
        "signed": SIGNED,
    }
    return render(request, "portal/hall/licence.html.jinja", context)


@never_cache
@require_safe
def document(request: HttpRequest, number: str) -> HttpResponse:
    """The licence to take away or print."""
    seen = cases.licence(actor=actor(request), number=number)
    return download(pdf(seen), f"{seen.title} {seen.number}.pdf", "application/pdf")


@require_safe
@slowly
def verify(request: HttpRequest) -> HttpResponse:
    """Whether a licence was issued here and how it stands now; never what it says."""
    form = CheckForm(request.GET) if "number" in request.GET else CheckForm()
    found = None
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        found = tried(
            form, lambda: cases.verify_licence(actor=actor(request), number=said["number"], check=said["check"])
        )
    context = {"form": form, "it": found, "state": standing(found.state) if found else None}
    return render(request, "portal/hall/licence_verify.html.jinja", context, status=422 if form.errors else 200)


def standing(state: LicenceState) -> State:
    """A licence's state as a word with its shape."""
    if state is LicenceState.VALID:
        return State(state.title, "done")
    return State(state.title, "warning" if state is LicenceState.SUSPENDED else "stopped")
