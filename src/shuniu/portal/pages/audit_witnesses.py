"""What others say of the journal: other nodes' signatures on its heads, time stamps, and how the service does."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import TypeAdapter

from shuniu.directory.session import actor
from shuniu.portal.shell import desk_page, download
from shuniu.portal.shell import number as whole
from shuniu.trust.evidence import api as evidence
from shuniu.trust.evidence import forms
from shuniu.trust.evidence.declare import Crossed, Presented, Stamped, Witnesses
from shuniu.web.declare import Column, Link, Row


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def witnesses(request: HttpRequest) -> HttpResponse:
    """The lists; posted is a cross-signature that another node gave."""
    who = actor(request)
    if request.method == "POST":
        pasted = request.POST.get("crossed", "")[: forms.MOST + 1]
        evidence.take_cross(actor=who, crossed=forms.read(Crossed, pasted.encode()))
        return redirect("portal:audit_witnesses")
    found = evidence.read_witnesses(actor=who)
    context = {
        "crumbs": [Link(_("留痕审计"), reverse("portal:audit"))], "found": found, "standing": _standing(found),
        "crosses": [_cross(one) for one in found.crosses], "stamps": [_stamp(one) for one in found.stamps],
        "cross_columns": [
            Column(_("签名时间"), "day"), Column(_("节点")), Column(_("封存条数"), "number"), Column(_("密钥")),
        ],
        "stamp_columns": [Column(_("时间戳时间"), "day"), Column(_("服务")), Column(_("封存条数"), "number")],
    }  # fmt: skip
    return desk_page(request, "audit_witnesses", context)


def _standing(found: Witnesses) -> tuple[str, str]:
    """How stamping stands, in words, and the kind of notice that says it."""
    it = found.stamping
    behind = _("有 %(n)s 条留痕还没有时间戳。") % {"n": f"{it.behind:,}"} if it.behind else ""
    if not found.configured:
        return _("没有配置时间戳服务。") + behind, "warning"
    if it.failing_since is not None:
        since = f"{it.failing_since:%Y-%m-%d %H:%M}"
        said = _("时间戳服务自 %(since)s（UTC）起不可用：%(why)s。") % {"since": since, "why": it.reason.rstrip("。")}
        return said + behind + _("交换照常进行；服务恢复后自动补盖。"), "warning"
    return behind or _("全部留痕都已加盖时间戳。"), "done"


def _cross(one: Crossed) -> Row:
    return Row((one.at, one.node, one.size, one.key))


def _stamp(one: Stamped) -> Row:
    return Row((one.at, one.authority, one.size))


@never_cache
@require_safe
def present(request: HttpRequest) -> HttpResponse:
    """The newest head for another node to sign; `after` is the size that it signed last."""
    found = evidence.present_head(actor=actor(request), after=whole(request.GET.get("after")))
    data = json.dumps(TypeAdapter(Presented).dump_python(found, mode="json"), ensure_ascii=False, indent=1)
    return download(data.encode(), f"journal-present-{found.head.size}.json", "application/json")


@never_cache
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys and roots that a verifier needs, as PEM."""
    return download(evidence.public_keys(), "shuniu-keys.pem", "application/x-pem-file")
