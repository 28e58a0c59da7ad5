"""Pages of an agency's interface tokens: given out, listed, taken back."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shuniu.directory import api
from shuniu.directory.accounts.api.tokens import PAGE
from shuniu.directory.declare import IssuedToken, TokenState, TokenView
from shuniu.directory.pages.asked import number_of, read_or_post
from shuniu.directory.pages.forms import NewToken, Revoke
from shuniu.directory.session import signed_in
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Link, Paging, Row, State, StateKind, Value

_SHAPES: dict[TokenState, StateKind] = {
    TokenState.VALID: "done", TokenState.EXPIRED: "none", TokenState.REVOKED: "stopped",
}  # fmt: skip
_AT = {
    "directory.token_days": "days", "directory.no_title": "title", "directory.token_title": "title",
    "directory.not_officer": "login", "directory.closed": "login",
}  # fmt: skip


@never_cache
@read_or_post
def tokens(request: HttpRequest) -> HttpResponse:
    """An agency's tokens, and giving one out, which is shown this once. Who keeps all agencies chooses by `?agency=`."""
    who = signed_in(request)
    agency = request.GET.get("agency") or who.agency
    form = NewToken(request.POST or None, initial={"login": request.GET.get("login", "")})
    made: IssuedToken | None = None
    if request.method == "POST" and form.is_valid():
        made = _issued(who, agency, form)
    page = max(1, number_of(request.GET.get("page", "1")))
    found, total = api.list_tokens(actor=who, agency=agency, page=page)
    context = {
        "agency": api.agency(agency),
        "crumbs": [Link(_("账号与岗位"), f"{reverse('directory:accounts')}?{urlencode({'agency': agency})}")],
        "form": NewToken() if made else form,
        "made": made,
        "made_for": form.cleaned_data if made else None,
        "columns": [
            Column(_("用途")), Column(_("代表")), Column(_("状态")), Column(_("发放人")), Column(_("有效期到"), "day"),
            Column(_("最近使用")),
        ],
        "rows": [_row(one) for one in found],
        "paging": Paging(page, PAGE, total, (("agency", agency),)),
    }  # fmt: skip
    return render(request, "directory/tokens.html.jinja", context, status=422 if form.errors else 200)


def _issued(who: Actor, agency: str, form: NewToken) -> IssuedToken | None:
    """The token, for who of the agency has this login; what refuses it stands beside its field."""
    said = form.cleaned_data
    people, _total = api.list_accounts(actor=who, agency=agency, text=said["login"])
    found = next((one for one in people if one.login == said["login"]), None)
    if found is None:
        form.add_error("login", _("本单位没有这个登录名。请在“账号与岗位”中核对。"))
        return None
    try:
        return api.issue_token(actor=who, account=found.account, title=said["title"], days=said["days"])
    except Refused as refusal:
        if refusal.rule not in _AT:
            raise
        form.add_error(_AT[refusal.rule], str(refusal))
        return None


@never_cache
@read_or_post
def token(request: HttpRequest, number: int) -> HttpResponse:
    """One token with what became of it; taken back after its consequence was read and confirmed."""
    who = signed_in(request)
    it = api.read_token(actor=who, token=number)
    form = Revoke(request.POST or None)
    if request.method == "POST" and form.is_valid():
        api.revoke_token(actor=who, token=number)
        messages.success(request, _("令牌已收回，立即失效。"))
        return redirect("directory:token", number=number)
    context = {
        "crumbs": [Link(_("接口令牌"), f"{reverse('directory:tokens')}?{urlencode({'agency': it.agency})}")],
        "it": it,
        "facts": _facts(it),
        "form": form if it.state is TokenState.VALID and who.may("directory.revoke_token") else None,
        "tokens": f"{reverse('directory:tokens')}?{urlencode({'agency': it.agency, 'login': it.login})}",
    }
    return render(request, "directory/token.html.jinja", context, status=422 if form.errors else 200)


def _row(one: TokenView) -> Row:
    cells = (
        one.title, f"{one.holder}（{one.login}）", _state(one), one.issued_by, localdate(one.expires),
        one.last_used or _("没有用过"),
    )  # fmt: skip
    return Row(cells, reverse("directory:token", args=[one.id]))


def _facts(one: TokenView) -> list[tuple[str, Value]]:
    facts: list[tuple[str, Value]] = [
        (_("状态"), _state(one)), (_("用途"), one.title), (_("代表"), f"{one.holder}（{one.login}）"),
        (_("发放人"), one.issued_by), (_("发放时间"), one.issued), (_("有效期到"), one.expires),
        (_("最近使用"), one.last_used or _("没有用过")),
    ]  # fmt: skip
    if one.revoked is not None:
        facts += [(_("收回时间"), one.revoked), (_("收回人"), one.revoked_by or _("随账号停用"))]
    return facts


def _state(one: TokenView) -> State:
    return State(_(one.state.title), _SHAPES[one.state])
