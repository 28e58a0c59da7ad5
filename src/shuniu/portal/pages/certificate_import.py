"""Registering a certificate that a licensed authority issued for an agency."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shuniu.directory import api as directory
from shuniu.portal.pages.certificate_forms import Bring
from shuniu.portal.shell import desk_page, officer, tried
from shuniu.trust.certificates import api
from shuniu.trust.certificates.declare import Held, Subject
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Link

_MOST = 20_000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Check the file against the authorities that are believed, and keep it."""
    who = officer(request)
    if not who.may("trust.import_certificate"):
        raise Refused("right.missing", "您没有“登记持牌机构签发的证书”的权限。", "请由省级平台主管或者安全管理员办理。")
    form = Bring(request.POST or None, request.FILES or None)
    if form.is_valid():
        said = form.cleaned_data
        held = tried(form, lambda: _kept(who, said["agency"].strip(), said["purpose"], said["file"].read(_MOST)))
        if held is not None:
            messages.success(request, _("已登记为第 %(n)s 号证书。") % {"n": held.number})
            return redirect("portal:certificate", number=held.number)
    context = {"crumbs": [Link(_("证书"), reverse("portal:certificates"))], "form": form}
    return desk_page(request, "certificate_import", context, status=422 if form.errors else 200)


def _kept(who: Actor, agency: str, purpose: str, certificate: bytes) -> Held:
    found = directory.agency(agency)
    if found is None:
        raise Refused("directory.no_agency", "没有这个单位。", "请核对单位标识。")
    subject = Subject("agency", f"agency:{found.key}", found.name, found.key, found.name)
    return api.import_certificate(actor=who, subject=subject, certificate=certificate, purpose=purpose)
