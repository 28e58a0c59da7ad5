"""Sharing on the desk: requests that are ours or wait for us, asking for a resource, deciding item by item."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import NotFound, Resource
from shuniu.directory import api as directory
from shuniu.exchange.grants import api as grants
from shuniu.exchange.grants.api import Waiting
from shuniu.exchange.grants.conformity import closed
from shuniu.exchange.grants.declare import Terms
from shuniu.exchange.grants.purposes import purpose_title
from shuniu.exchange.grants.views import REQUEST_TITLES, RequestView
from shuniu.portal.clocks import clock, due_cell
from shuniu.portal.pages.share_forms import ANSWERS, Decision, Reason, Wish
from shuniu.portal.shell import SIZE, desk_page, going, officer, tried
from shuniu.portal.shell import number as whole
from shuniu.portal.tables import most
from shuniu.trust.api import OVERSEE
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Filter, Link, Row, State, Value
from shuniu.web.forms import PlainForm

_MOST = 500
"""Agreements among which that of a request is looked for, newest first."""
STATES: dict[str, State] = {
    "asked": State(REQUEST_TITLES["asked"], "waiting"),
    "granted": State(REQUEST_TITLES["granted"], "done"),
    "partial": State(REQUEST_TITLES["partial"], "done"),
    "refused": State(REQUEST_TITLES["refused"], "stopped"),
    "withdrawn": State(REQUEST_TITLES["withdrawn"], "none"),
}


@never_cache
@require_safe
def shares(request: HttpRequest) -> HttpResponse:
    """The requests that the reader's agency made or must answer; of all agencies for the office, the overdue marked."""
    who = officer(request)
    open_only, size = request.GET.get("show", "open") == "open", most(request, SIZE)
    found = grants.share_requests(
        actor=who, agency="" if who.may(OVERSEE) else who.agency, open_only=open_only, limit=size + 1,
        before=whole(request.GET.get("before")),
    )  # fmt: skip
    names, titles, estate = directory.agency_names(), resource_titles(), directory.estate(who.agency)
    today = timezone.localdate()
    late = sum(1 for one in found if one.due is not None and one.due < today)
    choices = (("open", _("待审核")), ("all", _("全部")))
    context = {
        "filters": (Filter("show", _("情况"), "open" if open_only else "all", choices),),
        "columns": [
            Column(_("编号")), Column(_("资源")), Column(_("申请单位")), Column(_("提供单位")), Column(_("信息项"), "number"),
            Column(_("状态")), Column(_("申请时间"), "day"), Column(_("应答复"), "day"),
        ],
        "rows": [_row(one, names, titles, estate) for one in found[:size]],
        "late": late,
        "going": going(request, "before", found[size - 1].it.number if len(found) > size else None),
        "export": _("共享申请"),
    }  # fmt: skip
    return desk_page(request, "shares", context)


def resource_titles() -> dict[str, str]:
    """Resource key to title, of all that are published."""
    return {one.resource.key: one.resource.title for one in catalogue.published_all()}


def _row(one: Waiting, names: dict[str, str], titles: dict[str, str], estate: Collection[str]) -> Row:
    it = one.it
    mine = it.state == "asked" and it.owner in estate
    return Row(
        (
            _("第 %(n)s 号") % {"n": it.number}, titles.get(it.resource, it.resource),
            names.get(it.consumer, it.consumer), names.get(it.owner, it.owner), len(it.terms.items),
            State(_("等您单位审核"), "warning") if mine else STATES[it.state], it.asked_at, due_cell(one.due),
        ),
        reverse("portal:share", args=[it.number]),
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for a resource, or (`?changes=`) for other terms of an agreement; what the check finds stands at the fields."""
    who = officer(request)
    if not who.may("exchange.request_share"):
        raise Refused("right.missing", "您没有“申请数据共享”的权限。", "请用本单位数据专员的账号。")
    published = catalogue.published(key)
    resource = published.resource
    refusal = closed(resource, who.agency)
    if refusal is not None:
        raise refusal
    changes = whole(request.GET.get("changes")) or None
    setting = grants.setting(who.agency, timezone.localdate())
    posted = request.method == "POST"
    form = Wish(resource, setting, request.POST) if posted else Wish(resource, setting, initial=_initial(who, changes))
    if posted and form.is_valid():
        wanted = form.terms()
        form.say(grants.faults(who.agency, published, wanted))
        made = None if form.errors else tried(form, lambda: _asked(who, key, wanted, form, changes))
        if made is not None:
            at_once = (
                _("已即时办结，协议生效。") if made.state == "granted" else _("已送提供单位审核，结果会通知本单位。")
            )
            messages.success(request, _("第 %(n)s 号共享申请%(said)s") % {"n": made.number, "said": at_once})
            return redirect("portal:share", number=made.number)
    context = {
        "crumbs": [Link(_("资源目录"), reverse("portal:catalogue")), Link(resource.title, reverse("portal:resource", args=[key]))],
        "it": resource,
        "owner": directory.agency_names().get(resource.agency, resource.agency),
        "changes": changes,
        "waiting": grants.waiting_request(who.agency, key, changes),
        "form": form,
    }  # fmt: skip
    return desk_page(request, "share_new", context, status=422 if form.errors else 200)


def _initial(who: Actor, changes: int | None) -> dict[str, object]:
    if changes is None:
        return {}
    held = grants.agreement(actor=who, number=changes)
    return Wish.of(held.it.terms, grants.share_request(actor=who, number=held.versions[0].request).it.use)


def _asked(who: Actor, key: str, wanted: Terms, form: Wish, changes: int | None) -> RequestView:
    return grants.request_share(actor=who, resource=key, wanted=wanted, use=form.cleaned_data["use"], changes=changes)


@never_cache
@require_safe
def share(request: HttpRequest, number: int) -> HttpResponse:
    """One request: what is asked for and why, its clock, the answer item by item; the form of who may decide."""
    return _page(request, number)


def _page(
    request: HttpRequest, number: int, deciding: Decision | None = None, withdrawing: PlainForm | None = None
) -> HttpResponse:
    who = officer(request)
    found = grants.share_request(actor=who, number=number)
    it, resource = found.it, _resource(found.it)
    titles = {item.name: item.title for item in resource.items} if resource else {}
    sides, asked = directory.keepers([it.owner, it.consumer]), it.state == "asked"
    decides = asked and sides[it.owner] == who.agency and who.may("exchange.decide_share")
    withdraws = asked and sides[it.consumer] == who.agency and who.may("exchange.withdraw_share_request")
    if (deciding is not None and not decides) or (withdrawing is not None and not withdraws):
        raise Refused("share.not_yours", "这件申请不由您办理，或者已经办结。", "请从共享申请列表重新进入。")
    form = (deciding or Decision(it, titles)) if decides else None
    back = (withdrawing or Reason()) if withdraws else None
    context = {
        "crumbs": [Link(_("共享申请"), reverse("portal:shares"))],
        "it": it,
        "title": resource.title if resource else it.resource,
        "clock": clock(found.case, directory.agency_names()) if found.case and it.state == "asked" else None,
        "facts": _facts(it, resource),
        "agreement": _made(who, it),
        "items": _items(it, titles),
        "form": form,
        "back": back,
    }
    wrong = any(one is not None and one.errors for one in (form, back))
    return desk_page(request, "share", context, status=422 if wrong else 200)


def _made(who: Actor, it: RequestView) -> int | None:
    """The agreement that a granted request became, for who may open it."""
    if it.state not in ("granted", "partial") or not who.may("exchange.list_agreements"):
        return None
    agency = "" if who.may(OVERSEE) else who.agency
    held = grants.agreements(actor=who, agency=agency, live_only=False, limit=_MOST)
    near = [one.it.number for one in held if (one.it.resource, one.it.consumer) == (it.resource, it.consumer)]
    versions = ((number, grants.agreement(actor=who, number=number).versions) for number in near)
    return next((number for number, made in versions if any(one.request == it.number for one in made)), None)


def _resource(it: RequestView) -> Resource | None:
    """The resource as it stood when it was asked for."""
    try:
        return catalogue.version(it.resource, it.version).resource
    except NotFound:
        return None


def _facts(it: RequestView, resource: Resource | None) -> list[tuple[str, Value]]:
    names = directory.agency_names()
    facts: list[tuple[str, Value]] = [
        (_("状态"), STATES[it.state]),
        (_("资源"), Link(resource.title if resource else it.resource, reverse("portal:resource", args=[it.resource]))),
        (_("申请单位"), names.get(it.consumer, it.consumer)),
        (_("提供单位"), names.get(it.owner, it.owner)),
        (_("申请人"), it.person_name),
        (_("申请时间"), it.asked_at),
        (_("使用事项"), it.use),
        *terms_facts(it.terms),
    ]
    if it.changes is not None:
        link = Link(_("第 %(n)s 号共享协议") % {"n": it.changes}, reverse("portal:agreement", args=[it.changes]))
        facts.append((_("变更"), link))
    if it.decided_at is not None:
        facts += [(_("由谁审核"), it.decided_name), (_("审核时间"), it.decided_at), (_("审核意见"), it.reason)]
    return facts


def terms_facts(terms: Terms) -> list[tuple[str, Value]]:
    """Terms but for the items, as rows of a summary list."""
    today, names = timezone.localdate(), directory.region_names()
    return [
        (_("用途"), "、".join(_(purpose_title(key, today)) for key in terms.purposes)),
        (_("法律依据"), "；".join(str(basis) for basis in terms.bases)),
        (_("区划"), "、".join(_region_words(code, names) for code in terms.regions) or _("不按区划")),
        (_("每分钟最多调用次数"), terms.rate),
        (_("每日最多调用次数"), terms.quota_calls),
        (_("每日最多取得行数"), terms.quota_rows),
        (_("期限"), _("%(start)s 至 %(end)s") % {"start": terms.valid_from, "end": terms.valid_until}),
    ]


def _region_words(code: str, names: dict[str, str]) -> str:
    """A region's name with its code; the code alone where nobody bears it today."""
    whole = code.ljust(6, "0")
    return f"{names[whole]}（{code}）" if whole in names else code


_KINDS: dict[str, Literal["done", "warning", "stopped"]] = {"whole": "done", "masked": "warning", "refused": "stopped"}


def _items(it: RequestView, titles: dict[str, str]) -> dict[str, object]:
    """What is asked for, and once it is decided what was said to each."""
    words = dict(ANSWERS)
    answers = {one.item: one for one in it.answers}
    columns = [Column(_("信息项")), Column(_("字段名"), "code")]
    if not answers:
        return {"columns": columns, "rows": [Row((titles.get(name, name), name)) for name in it.terms.items]}
    rows = []
    for name in it.terms.items:
        said = answers[name]
        why = f"{said.facts}（《{said.law}》{said.article}）" if said.answer == "refused" else ""
        state = State(str(words[said.answer]), _KINDS[said.answer])
        rows.append(Row((titles.get(name, name), name, state, why, said.forward)))
    more = [Column(_("答复")), Column(_("理由")), Column(_("可以怎么办"))]
    return {"columns": [*columns, *more], "rows": rows}


@never_cache
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Answer a request item by item."""
    who = officer(request)
    it = grants.share_request(actor=who, number=number).it
    resource = _resource(it)
    form = Decision(it, {item.name: item.title for item in resource.items} if resource else {}, request.POST)
    if form.is_valid():
        done = tried(
            form,
            lambda: grants.decide_share(
                actor=who, number=number, answers=form.answers(), reason=form.cleaned_data["reason"],
                narrower=form.narrower(),
            ),
        )  # fmt: skip
        if done is not None:
            messages.success(request, _("已审核，并通知申请单位。"))
            return redirect("portal:share", number=number)
    return _page(request, number, deciding=form)


@never_cache
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take a request back."""
    who = officer(request)
    form = Reason(request.POST)
    if form.is_valid():
        said = form.cleaned_data["reason"]
        if tried(form, lambda: grants.withdraw_share_request(actor=who, number=number, reason=said)) is not None:
            messages.success(request, _("已撤回，并通知提供单位。"))
            return redirect("portal:share", number=number)
    return _page(request, number, withdrawing=form)
