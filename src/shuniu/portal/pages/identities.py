"""The identity clerk's window: who somebody is by the document, an account made or restored, what came of it.

Whose turn it is stands in the session and in no address: an address is kept in logs, and could be counted through.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shuniu.directory import api as directory
from shuniu.directory.declare import KINDS, PROOFS, AccessState, Enrolment, GivenAccess, Kind, PublicAccount
from shuniu.portal.shell import desk_page, first_click, officer, unclicked
from shuniu.registries import api as registries
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Link, Row, State, StateKind, Value
from shuniu.web.forms import PlainForm

_WHOSE = "identity"
_AT = {
    "identity.number": "identifier", "directory.login_form": "login", "directory.login_identity": "login",
    "directory.login_taken": "login", "directory.no_proof": "proof", "directory.no_reason": "reason",
    "directory.reason_identity": "reason",
}  # fmt: skip
"""Beside which field a refusal stands."""
_SHAPES: Mapping[AccessState, StateKind] = {
    AccessState.ACTIVE: "done", AccessState.WAITING: "waiting", AccessState.LAPSED: "warning",
    AccessState.LOCKED: "warning", AccessState.CLOSED: "stopped",
}  # fmt: skip


class Document(PlainForm):
    """What stands on the document; asked for by post alone."""

    identifier = forms.CharField(
        label=gettext_lazy("公民身份号码或者统一社会信用代码"), min_length=15, max_length=24,
        help_text=gettext_lazy("照证件写全。核对会留痕，当事人看得到。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("证件上的姓名或者企业名称"), max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class _AtWindow(PlainForm):
    """What every act at the window states: how the identity was proved. Posted twice it is done once."""

    subject = forms.IntegerField(widget=forms.HiddenInput)
    once = forms.CharField(widget=forms.HiddenInput, max_length=40)
    proof = forms.ChoiceField(label=gettext_lazy("怎样核验的身份"), widget=forms.RadioSelect)

    def __init__(self, kind: Kind, whose: int, *args: Any, **options: Any) -> None:
        options.setdefault("initial", {"subject": whose, "once": secrets.token_hex(8)})
        super().__init__(*args, **options)
        proofs = [(key, _(words)) for key, words in PROOFS[kind].items()]
        self.fields["proof"].choices = proofs  # type: ignore[attr-defined]  # a ChoiceField has them


class Register(_AtWindow):
    """An account for the verified person or firm."""

    login = forms.CharField(
        label=gettext_lazy("登录名"), max_length=32,
        help_text=gettext_lazy("由当事人选定，3–32 位小写字母、数字、点、横线或下划线，不能用身份证号。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip


class Again(_AtWindow):
    """Why a code is given again."""

    reason = forms.CharField(
        label=gettext_lazy("为什么重发"), max_length=200,
        help_text=gettext_lazy("例如“忘记密码”“激活码过期”“手机遗失，怀疑被人登录”。不要写证件号码、电话和住址。"),
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def identities(request: HttpRequest) -> HttpResponse:
    """Verify a document; below it, the codes that the clerk gave out and what came of them."""
    who = officer(request)
    form = Document(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            found = registries.find_identity(actor=who, identifier=said["identifier"], name=said["name"])
        except Refused as refusal:
            _beside(form, refusal)
        else:
            if found is not None:
                request.session[_WHOSE] = found
                return redirect("portal:identity")
            form.add_error(
                None,
                _(
                    "登记库中没有号码和姓名都与此相符的人或者企业。请对照证件逐字核对；核对无误的，请当事人先到户籍窗口（个人）"
                    "或者登记机关（企业）核实登记信息，入库后再来办理。"
                ),
            )
    context = {
        "form": form,
        "columns": [
            Column(_("发出时间")), Column(_("登录名"), "code"), Column(_("姓名或名称")), Column(_("类别")), Column(_("办理")),
            Column(_("结果")),
        ],
        "rows": [_given(one) for one in directory.list_given_access(actor=who)],
    }  # fmt: skip
    return desk_page(request, "identities", context, status=422 if form.errors else 200)


def _given(one: GivenAccess) -> Row:
    done = _("重发激活码") if one.again else _("登记账号")
    return Row((one.at, one.login, one.name, _(KINDS[one.kind]), done, State(_(one.state.title), _SHAPES[one.state])))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: HttpRequest) -> HttpResponse:
    """Who was verified, and the accounts there are: make one, or give a code again; the code is shown this once."""
    who, whose = officer(request), request.session.get(_WHOSE)
    if not isinstance(whose, int):
        return redirect("portal:identities")
    it = registries.read_identity(actor=who, subject=whose)
    posted = request.method == "POST"
    if posted and request.POST.get("subject") != str(whose):
        messages.warning(request, _("您后来又核对了另一个人或者企业，刚才那一页没有办理。请重新核对证件。"))
        return redirect("portal:identities")
    accounts = directory.list_public_accounts(actor=who, subjects=it.members)
    kind: Kind = "citizen" if it.natural else "firm"
    register = Register(kind, whose, request.POST if posted and request.POST.get("act") == "register" else None)
    if register.is_bound and (answer := _register(request, who, it, register)):
        return answer
    again = {}
    for one in accounts:
        if one.state is not AccessState.CLOSED:
            chosen = posted and request.POST.get("act") == f"again-{one.account}"
            again[one.account] = Again(kind, whose, request.POST if chosen else None, auto_id=f"id_{one.account}_%s")
            if chosen and (answer := _again(request, who, one, again[one.account])):
                return answer
    shown = [register, *again.values()]
    context = {
        "crumbs": [Link(_("实名账号"), reverse("portal:identities"))],
        "it": it, "kind": _(KINDS[kind]), "number_title": _("公民身份号码") if it.natural else _("统一社会信用代码"),
        "accounts": [(one, _facts(one), again.get(one.account)) for one in accounts],
        "register": register if kind == "firm" or not again else None,
        "more": bool(again),
        "forms": [one for one in shown if one.errors],
        "may_reset_factors": who.may("directory.ask_factor_reset"),
    }  # fmt: skip
    return desk_page(request, "identity", context, status=422 if context["forms"] else 200)


def _facts(one: PublicAccount) -> list[tuple[str, Value]]:
    facts: list[tuple[str, Value]] = [
        (_("状态"), State(_(one.state.title), _SHAPES[one.state])), (_("登记时间"), one.created),
        (_("最近登录"), one.signed_in or _("还没有登录过")),
    ]  # fmt: skip
    if one.until is not None:
        words = _("锁定到") if one.state is AccessState.LOCKED else _("激活码有效期到")
        facts.insert(1, (words, one.until))
    return facts


def _register(request: HttpRequest, who: Actor, it: registries.Identity, form: Register) -> HttpResponse | None:
    if not form.is_valid():
        return None
    said = form.cleaned_data
    verb = directory.register_citizen if it.natural else directory.register_firm
    return _once(
        request, form, it.name, said["login"],
        lambda: verb(actor=who, login=said["login"], name=it.name, subject=it.id, proof=said["proof"]),
    )  # fmt: skip


def _again(request: HttpRequest, who: Actor, one: PublicAccount, form: Again) -> HttpResponse | None:
    if not form.is_valid():
        return None
    said = form.cleaned_data
    return _once(
        request, form, one.name, one.login,
        lambda: directory.reset_public_access(
            actor=who, account=one.account, proof=said["proof"], reason=said["reason"]
        ),
    )  # fmt: skip


def _once(
    request: HttpRequest, form: _AtWindow, name: str, login: str, act: Callable[[], Enrolment]
) -> HttpResponse | None:
    """Do it and show the code; a second click or a page loaded anew does it no second time. None: it was refused."""
    once = f"{_WHOSE}:{form.cleaned_data['once']}"
    if not first_click(once):
        messages.warning(request, _("这一次已经办过。激活码只在办理时显示一次，没有拿到的，请在下面重发。"))
        return redirect("portal:identity")
    try:
        made = act()
    except Refused as refusal:
        unclicked(once)
        _beside(form, refusal)
        return None
    context = {
        "crumbs": [Link(_("实名账号"), reverse("portal:identities")), Link(name, reverse("portal:identity"))],
        "made": made, "name": name, "login": login, "again": isinstance(form, Again),
        "address": settings.PUBLIC_URL + reverse("directory:enrol"),
    }  # fmt: skip
    return desk_page(request, "identity_given", context)


def _beside(form: PlainForm, refusal: Refused) -> None:
    form.add_error(_AT.get(refusal.rule), str(refusal))


urlpatterns = [
    path("desk/identities/", identities, name="identities"),
    path("desk/identities/here/", identity, name="identity"),
]
