"""Certificates at the desk: found and listed, one with its history, inviting, revoking, keys in escrow, the self-check."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuniu.base.masking import mask_name
from shuniu.directory import api as directory
from shuniu.exchange.gateway.clocks import refused_clocks
from shuniu.portal.pages import certificate_import
from shuniu.portal.pages.certificate_forms import Ask, Invite, Revoke, agencies
from shuniu.portal.shell import SIZE, desk_page, download, going, officer, tried
from shuniu.portal.shell import number as whole
from shuniu.trust.certificates import api
from shuniu.trust.certificates.declare import (
    EVERY,
    KINDS,
    PURPOSES,
    REASONS,
    STANDINGS,
    Finding,
    Invitation,
    Line,
    Query,
    Shown,
)
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Event, Filter, Link, Row, State, StateKind, Value

_SOON = (("", gettext_lazy("不限")), ("30", gettext_lazy("30 天内")), ("90", gettext_lazy("90 天内")))
_FINGERPRINT = re.compile("[0-9a-f]{64}")
_STATES: Mapping[str, StateKind] = {"valid": "done", "not_yet": "waiting", "expired": "none", "revoked": "stopped"}
_FOUND = {
    "good": State(gettext_noop("正常"), "done"),
    "warning": State(gettext_noop("注意"), "warning"),
    "wrong": State(gettext_noop("有问题"), "stopped"),
}


@never_cache
@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """The certificates that the address asks for, the newest first; one's own agency's for who may not see all."""
    who = officer(request)
    asked, names = _query(request, who), directory.agency_names()
    found = api.list_certificates(actor=who, query=asked, before=whole(request.GET.get("before")), limit=SIZE + 1)
    context = {
        "columns": [
            Column(_("编号"), "code"), Column(_("持有人")), Column(_("单位")), Column(_("种类")), Column(_("用途")),
            Column(_("状态")), Column(_("有效期至"), "day"), Column(_("序列号"), "code"),
        ],
        "rows": [_row(one, timezone.now(), names) for one in found[:SIZE]],
        "filters": _filters(request, who, asked),
        "going": going(request, "before", found[SIZE - 1].held.number if len(found) > SIZE else None),
        "every": who.may(EVERY),
    }  # fmt: skip
    return desk_page(request, "certificates", context)


def _query(request: HttpRequest, who: Actor) -> Query:
    given = {key: str(request.GET.get(key, "")).strip() for key in ("name", "agency", "serial")}
    days = whole(request.GET.get("expires"))
    digits = given["serial"].lower().replace(":", "")
    whole_print = _FINGERPRINT.fullmatch(digits) is not None
    return Query(
        name=given["name"],
        agency=given["agency"] if who.may(EVERY) else who.agency,
        serial="" if whole_print else digits.lstrip("0"),
        fingerprint=digits if whole_print else "",
        expires_before=timezone.now() + timedelta(days=days) if 0 < days < 10_000 else None,
    )


def _filters(request: HttpRequest, who: Actor, asked: Query) -> tuple[Filter, ...]:
    shown = [Filter("name", _("持有人（从头写起）"), asked.name)]
    if who.may(EVERY):
        shown.append(Filter("agency", _("单位"), asked.agency, (("", _("全部")), *agencies()[1:])))
    days = tuple((key, str(words)) for key, words in _SOON)
    shown += [
        Filter("serial", _("序列号或者 SHA-256 指纹"), asked.serial or asked.fingerprint),
        Filter("expires", _("到期"), request.GET.get("expires", ""), days),
    ]
    return tuple(shown)


def _name(line: Line) -> str:
    return mask_name(line.held.name) if line.held.kind == "citizen" else line.held.name


def _row(one: Line, now: datetime, names: dict[str, str]) -> Row:
    held = one.held
    cells = (
        held.number, _name(one), names.get(held.agency, held.agency), _(KINDS[held.kind]), _(PURPOSES[held.purpose]),
        _standing(one, now), timezone.localdate(held.not_after), one.serial,
    )  # fmt: skip
    return Row(cells, reverse("portal:certificate", args=[held.number]))


def _standing(one: Line, now: datetime) -> State:
    standing = one.held.standing(now)
    return State(_(STANDINGS[standing]), _STATES[standing])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def certificate(request: HttpRequest, number: int) -> HttpResponse:
    """One certificate, its history, and what may be done with it; `act` says which button was pressed."""
    who = officer(request)
    shown = api.read_certificate(actor=who, number=number)
    act = request.POST.get("act", "")
    revoke = Revoke(request.POST if act == "revoke" else None, prefix="revoke")
    ask = Ask(request.POST if act == "ask" else None, prefix="ask")
    if act and _acted(request, who, shown, act, revoke, ask):
        return redirect("portal:certificate", number=number)
    line = shown.line
    live = line.held.revoked is None
    context = {
        "crumbs": [Link(_("证书"), reverse("portal:certificates"))],
        "title": _name(line),
        "number": number,
        "facts": _facts(shown),
        "events": [Event(step.at, step.who, _(step.what), step.note) for step in shown.steps],
        "pem": shown.pem,
        "revoke": revoke if live and who.may("trust.revoke_certificate") else None,
        "ask": ask if _in_escrow(line) and who.may("trust.ask_release") else None,
        "waiting": [one for one in shown.releases if one.taken_at is None],
    }
    return desk_page(request, "certificate", context, status=422 if revoke.errors or ask.errors else 200)


def _in_escrow(line: Line) -> bool:
    return line.held.purpose == "encrypt" and line.source == "own"


def _acted(request: HttpRequest, who: Actor, shown: Shown, act: str, revoke: Revoke, ask: Ask) -> bool:
    number = shown.line.held.number
    if act == "revoke" and revoke.is_valid():
        api.revoke_certificate(actor=who, number=number, reason=revoke.cleaned_data["reason"])
        messages.success(request, _("证书已吊销，立即生效。"))
    elif act == "ask" and ask.is_valid():
        api.ask_release(actor=who, number=number, reason=ask.cleaned_data["reason"])
        messages.success(request, _("已提出申请，等另一位保管人批准。"))
    else:
        return False
    return True


def _holder(holder: str) -> str:
    """Whose a certificate is, in words: an agency by its name, a person by the number of the account."""
    kind, _sep, number = holder.partition(":")
    if kind == "agency":
        return directory.agency_names().get(number, number)
    return _("%(kind)s第 %(n)s 号") % {"kind": _(KINDS[kind]), "n": number} if kind in KINDS else number


def _facts(shown: Shown) -> list[tuple[str, Value]]:
    line, held = shown.line, shown.line.held
    agency = directory.agency_names().get(held.agency, held.agency) or None
    source = _("持牌机构签发，在此登记") if line.source == "licensed" else _("本平台签发")
    facts: list[tuple[str, Value]] = [
        (_("状态"), _standing(line, timezone.now())), (_("用途"), _(PURPOSES[held.purpose])), (_("种类"), _(KINDS[held.kind])),
        (_("持有人"), _holder(held.holder)), (_("单位"), agency), (_("密钥编号"), held.key_id),
        (_("序列号"), line.serial), (_("生效"), held.not_before), (_("到期"), held.not_after), (_("来源"), source),
    ]  # fmt: skip
    if held.revoked is not None:
        facts[1:1] = [(_("吊销时间"), held.revoked), (_("吊销原因"), _(REASONS[shown.reason]))]
    return facts


@never_cache
@require_safe
def certificate_file(request: HttpRequest, number: int) -> HttpResponse:
    """The certificate as a file."""
    shown = api.read_certificate(actor=officer(request), number=number)
    return download(shown.pem.encode(), f"certificate-{number}.crt", "application/x-pem-file")


@never_cache
@require_POST
def approve(request: HttpRequest, number: int, release: int) -> HttpResponse:
    """Approve what another has asked for."""
    api.approve_release(actor=officer(request), release=release)
    messages.success(request, _("已批准。申请人可以取出一次。"))
    return redirect("portal:certificate", number=number)


@never_cache
@require_POST
def take(request: HttpRequest, number: int, release: int) -> HttpResponse:
    """The private key, once, to who asked."""
    return download(
        api.take_release(actor=officer(request), release=release), f"encryption-{number}.key", "application/pkcs8"
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: HttpRequest) -> HttpResponse:
    """Invitations: made, listed, withdrawn. The code is shown this once."""
    who = officer(request)
    form = Invite(request.POST if request.POST.get("act") == "invite" else None)
    made, suite = None, request.POST.get("suite", "")
    if form.is_valid():
        found = directory.agency(form.cleaned_data["agency"].strip())
        if found is None:
            form.add_error("agency", _("没有这个单位。请核对单位标识。"))
        else:
            made = tried(form, lambda: api.invite(actor=who, agency=found.key, agency_name=found.name, suite=suite))
    if request.POST.get("act") == "withdraw":
        api.withdraw_invitation(actor=who, number=whole(request.POST.get("invitation")))
        messages.success(request, _("邀请码已收回。"))
        return redirect("portal:invitations")
    listed = api.list_invitations(actor=who, agency="" if who.may(EVERY) else who.agency)
    context = {
        "crumbs": [Link(_("证书"), reverse("portal:certificates"))],
        "form": Invite() if made else form, "made": made, "command": _command(made.code, suite) if made else "",
        "may_invite": who.may("trust.invite"),
        "columns": [
            Column(_("编号"), "code"), Column(_("单位")), Column(_("发放人")), Column(_("发放时间"), "day"),
            Column(_("有效到"), "day"), Column(_("状态")), Column(_("证书"), "number"),
        ],
        "rows": [_invitation(one) for one in listed],
        "open": [one for one in listed if one.used_at is None and one.expires > timezone.now()],
    }  # fmt: skip
    return desk_page(request, "certificate_invitations", context, status=422 if form.errors else 200)


def _command(code: str, suite: str) -> str:
    chosen = "" if suite == "international" else f" --suite {suite}"
    return f"shuniu trust join {code} --url {settings.PUBLIC_URL}{chosen}"


def _invitation(one: Invitation) -> Row:
    if one.used_at is not None:
        state = State(_("已接入"), "done")
    else:
        state = State(_("等待接入"), "waiting") if one.expires > timezone.now() else State(_("已过期"), "none")
    at = reverse("portal:certificate", args=[one.certificate]) if one.certificate else ""
    number = Link(str(one.certificate), at) if at else None
    return Row((one.number, one.agency_name, one.made_by, one.made_at, one.expires, state, number))


@never_cache
@require_safe
def self_check(request: HttpRequest) -> HttpResponse:
    """What is wrong with clocks and certificates, and who must act: of one's own agency, or of all."""
    who = officer(request)
    found = api.self_check(actor=who, agency="" if who.may(EVERY) else who.agency, machines=refused_clocks)
    context = {
        "crumbs": [Link(_("证书"), reverse("portal:certificates"))],
        "wrong": [one for one in found if one.state != "good"],
        "columns": [Column(_("结果")), Column(_("说明")), Column(_("由谁处理")), Column(_("怎么办"))],
        "rows": [_finding(one) for one in found],
    }
    return desk_page(request, "certificate_check", context)


def _finding(one: Finding) -> Row:
    return Row(
        (State(_(_FOUND[one.state].word), _FOUND[one.state].kind), one.message, one.who or None, one.remedy or None)
    )


urlpatterns = [
    path("desk/certificates/", certificates, name="certificates"),
    path("desk/certificates/invitations/", invitations, name="invitations"),
    path("desk/certificates/import/", certificate_import.bring, name="certificate_import"),
    path("desk/certificates/check/", self_check, name="certificate_check"),
    path("desk/certificates/<int:number>/", certificate, name="certificate"),
    path("desk/certificates/<int:number>/certificate.crt", certificate_file, name="certificate_file"),
    path("desk/certificates/<int:number>/releases/<int:release>/approve/", approve, name="release_approve"),
    path("desk/certificates/<int:number>/releases/<int:release>/take/", take, name="release_take"),
]
