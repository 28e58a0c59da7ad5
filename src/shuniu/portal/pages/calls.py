"""Call by call, for the two parties of each: when, what for, under which agreement; and its evidence as a file."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.directory.api import agency_names
from shuniu.exchange.api.calls import Call, calls
from shuniu.exchange.api.evidence import export_evidence
from shuniu.exchange.grants import api as grants
from shuniu.exchange.grants.purposes import purpose_title
from shuniu.portal.pages.shares import resource_titles
from shuniu.portal.shell import SIZE, desk_page, download, going, officer
from shuniu.portal.shell import number as whole
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.evidence import file
from shuniu.web.declare import Column, Filter, Link, Row

_MOST = 500
"""Agreements at most, newest first, whose resources can be chosen."""


@never_cache
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The answered calls for a resource (`?resource=`, `?agency=`), newest first; a number alone leads to its file."""
    who = officer(request)
    if not who.may("exchange.list_calls"):
        raise Refused("right.missing", "您没有“查看逐次查询”的权限。", "请用本单位数据专员的账号。")
    if wanted := whole(request.GET.get("number")):
        return redirect("portal:call_evidence", number=wanted)
    resource, agency = request.GET.get("resource", "").strip()[:200], request.GET.get("agency", "").strip()[:60]
    before, titles, names = whole(request.GET.get("before")), resource_titles(), agency_names()
    found = calls(actor=who, resource=resource, agency=agency, before=before, limit=SIZE + 1) if resource else ()
    context = {
        "crumbs": [Link(_("接口运行"), reverse("portal:connections"))],
        "filters": (*_parties(who, resource, agency, titles, names), Filter("number", _("证据编号"), "")),
        "columns": [
            Column(_("证据编号"), "code"), Column(_("时间")), Column(_("资源")), Column(_("使用单位")), Column(_("用途")),
            Column(_("依据")), Column(_("证据")),
        ],
        "rows": [_row(one, titles, names) for one in found[:SIZE]],
        "asked": bool(resource),
        "going": going(request, "before", found[SIZE - 1].number if len(found) > SIZE else None),
    }  # fmt: skip
    return desk_page(request, "calls", context)


def _parties(
    who: Actor, resource: str, agency: str, titles: dict[str, str], names: dict[str, str]
) -> tuple[Filter, Filter]:
    """The resources and users to choose from: those of the agency's agreements, ended ones too, and what is asked for."""
    allowed = who.may("exchange.list_agreements")
    held = grants.agreements(actor=who, agency=who.agency, live_only=False, limit=_MOST) if allowed else []
    resources = {one.it.resource for one in held} | {resource} - {""}
    users = {one.it.consumer for one in held} | {agency} - {""}
    return (
        Filter(
            "resource",
            _("资源"),
            resource,
            (("", _("请选择")), *sorted((key, titles.get(key, key)) for key in resources)),
        ),
        Filter(
            "agency", _("使用单位"), agency, (("", _("全部")), *sorted((key, names.get(key, key)) for key in users))
        ),
    )


def _row(one: Call, titles: dict[str, str], names: dict[str, str]) -> Row:
    key, _sep, matter = one.purpose.partition("/")
    said = _(purpose_title(key, timezone.localdate(one.at)))
    held = _("第 %(n)s 号共享协议第 %(v)s 版") % {"n": one.agreement, "v": one.version}
    return Row((
        str(one.number), one.at, titles.get(one.resource, one.resource), names.get(one.agency, one.agency_name),
        f"{said}（{matter}）" if matter else said,
        Link(held, reverse("portal:agreement", args=[one.agreement])),
        Link(_("取证据文件"), reverse("portal:call_evidence", args=[one.number])),
    ))  # fmt: skip


def address(resource: str, agency: str) -> str:
    """Where the calls of one connection are listed."""
    return reverse("portal:calls") + "?" + urlencode({"resource": resource, "agency": agency})


@never_cache
@require_safe
def evidence(request: HttpRequest, number: int) -> HttpResponse:
    """What proves one call, as a file that `shuniu evidence verify` checks alone; `?held=` the size of a head that is kept."""
    made = export_evidence(actor=officer(request), number=number, held=whole(request.GET.get("held")))
    return download(file.write(made), f"evidence-call-{number}.json", "application/json")


urlpatterns = [
    path("desk/connections/calls/", listed, name="calls"),
    path("desk/connections/calls/<int:number>/evidence.json", evidence, name="call_evidence"),
]
