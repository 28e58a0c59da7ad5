"""Pages of one's own rights, and of an agency's accounts."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.directory import api
from shuniu.directory.accounts.api.people import PAGE
from shuniu.directory.declare import ALL_AGENCIES, KINDS, Enrolment, Person, Post
from shuniu.directory.pages.asked import number_of, read_or_post
from shuniu.directory.pages.forms import Appoint, Close, NewAccount
from shuniu.directory.posts.rules import title_of
from shuniu.directory.session import signed_in, tried
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Filter, Link, Paging, Row, State


@never_cache
@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """What one may do, and which post gives it, where."""
    who = signed_in(request)
    posts = api.own_posts(who)
    rows = [
        Row((_(title_of(name)), Link(_(post.title), f"#post-{post.id}"), _places(post)))
        for post in posts
        for name in sorted(post.capabilities)
    ]
    rows += [Row((_(title_of(name)), _("每个账号都有"), "")) for name in sorted(who.capabilities - _held(posts))]
    columns = [Column(_("权限")), Column(_("来自岗位")), Column(_("辖区"))]
    context = {"who": who, "posts": posts, "rows": rows, "columns": columns, "places": _places}
    return render(request, "directory/rights.html.jinja", context)


@never_cache
@read_or_post
def accounts(request: HttpRequest) -> HttpResponse:
    """An agency's accounts: found, listed, made. Who administers all agencies chooses one (`?agency=`)."""
    who = signed_in(request)
    agency = request.GET.get("agency") or who.agency
    form = NewAccount(request.POST or None)
    made: Enrolment | None = None
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: api.create_account(actor=who, agency=agency, **form.cleaned_data))
    text, page = request.GET.get("text", ""), max(1, number_of(request.GET.get("page", "1")))
    people, total = api.list_accounts(actor=who, agency=agency, text=text, page=page)
    names = api.agency_names() if who.may(ALL_AGENCIES) else {}
    context = {
        "agency": api.agency(agency),
        "unwatched": who.may("directory.appoint") and _unwatched(agency),
        "form": NewAccount() if made else form,
        "made": made,
        "columns": [Column(_("姓名")), Column(_("登录名"), "code"), Column(_("岗位")), Column(_("状态"))],
        "rows": [
            Row((one.name, one.login, _titles(one), _state(one)), reverse("directory:account", args=[one.account]))
            for one in people
        ],
        "agencies": names,
        # The choice stays with the search: a drop-down of the one agency that is open.
        "filters": (
            *((Filter("agency", _("单位"), agency, ((agency, names.get(agency, agency)),)),) if names else ()),
            Filter("text", _("姓名或登录名"), text),
        ),
        "paging": Paging(page, PAGE, total, (("agency", agency), ("text", text))),
    }
    return render(request, "directory/accounts.html.jinja", context, status=422 if form.errors else 200)


def _unwatched(agency: str) -> bool:
    """Whether an agency that delivers or asks for data has nobody who watches over the readings."""
    return bool(api.holders(agency, "data_officer")) and not api.holders(agency, "data_protection_officer")


@never_cache
@read_or_post
def account(request: HttpRequest, account: int) -> HttpResponse:
    """One account: its posts, appointing and ending, a new code, closing. `act` says which button was pressed."""
    who = signed_in(request)
    found = api.person(account)
    # Who may list it may see it, and that is journalled; a number that there is not is answered as another agency's.
    api.list_accounts(actor=who, agency=found.agency if found else "", text=found.login if found else "")
    if found is None:
        raise Http404
    act = request.POST.get("act", "")
    appoint = Appoint(request.POST if act == "appoint" else None, may=who.may, regions=who.regions)
    close = Close(request.POST if act == "close" else None)
    made: Enrolment | None = None
    if request.method == "POST":
        made = _act(request, who, found, act, appoint, close)
        if made is None and not (appoint.errors or close.errors):
            return redirect("directory:account", account=account)
    context = {
        "crumbs": [Link(_("账号与岗位"), f"{reverse('directory:accounts')}?{urlencode({'agency': found.agency})}")],
        "person": found,
        "kind": _(KINDS[found.kind]),
        "state": _state(found),
        "places": _places,
        "appoint": appoint,
        "close": close,
        "made": made,
    }
    return render(
        request, "directory/account.html.jinja", context, status=422 if appoint.errors or close.errors else 200
    )


def _act(request: HttpRequest, who: Actor, found: Person, act: str, appoint: Appoint, close: Close) -> Enrolment | None:
    if act == "appoint" and appoint.is_valid():
        asked = appoint.cleaned_data
        regions = asked["regions"].replace("，", " ").replace(",", " ").split()
        post = tried(
            appoint,
            lambda: api.appoint(
                actor=who, account=found.account, role=asked["role"], regions=regions, title=asked["title"]
            ),
        )
        if post:
            messages.success(request, _("已任命%(name)s为%(title)s。") % {"name": found.name, "title": _(post.title)})
    elif act == "close" and close.is_valid():
        reason = close.cleaned_data["reason"]
        tried(close, lambda: api.close_account(actor=who, account=found.account, reason=reason))
        if not close.errors:
            messages.success(request, _("%(name)s的账号已停用。") % {"name": found.name})
    elif act == "end":
        api.end_appointment(actor=who, appointment=number_of(request.POST.get("post", "")))
        messages.success(request, _("岗位已免去。"))
    elif act == "code":
        return api.reset_access(actor=who, account=found.account)
    return None


def _held(posts: tuple[Post, ...]) -> frozenset[str]:
    return frozenset[str]().union(*(post.capabilities for post in posts))


def _places(post: Post) -> str:
    return _("、").join(api.region_path(code) or code for code in post.regions)


def _titles(one: Person) -> str:
    return _("、").join(_(post.title) for post in one.posts) or _("没有岗位")


def _state(one: Person) -> State:
    if not one.active:
        return State(_("已停用"), "stopped")
    if one.locked_until is not None and one.locked_until > timezone.now():
        return State(_("已锁定"), "warning")
    return State(_("在用"), "done") if one.posts else State(_("未任命"), "waiting")
