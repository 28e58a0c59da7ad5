"""Agreements on the desk: both sides' list, one with its versions and use, what is done to it, and the dry run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import NotFound, Resource
from shuniu.directory import api as directory
from shuniu.directory.declare import ROLES
from shuniu.exchange.grants import api as grants
from shuniu.exchange.grants.declare import Agreement
from shuniu.exchange.grants.declare import State as Stand
from shuniu.exchange.grants.policy import ItemView, view
from shuniu.exchange.grants.purposes import purposes
from shuniu.exchange.grants.views import AgreementView, Held
from shuniu.portal.pages.agreement_files import files_of
from shuniu.portal.pages.share_forms import Foresight, Reason
from shuniu.portal.pages.shares import resource_titles, terms_facts
from shuniu.portal.shell import SIZE, desk_page, going, officer, tried
from shuniu.portal.shell import number as whole
from shuniu.portal.tables import most
from shuniu.trust.api import OVERSEE
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Event, Filter, Link, Row, State, Value

STATES: dict[Stand, State] = {
    Stand.IN_FORCE: State(Stand.IN_FORCE.title, "done"),
    Stand.SUSPENDED: State(Stand.SUSPENDED.title, "warning"),
    Stand.REVOKED: State(Stand.REVOKED.title, "stopped"),
    Stand.GIVEN_UP: State(Stand.GIVEN_UP.title, "none"),
    Stand.EXPIRED: State(Stand.EXPIRED.title, "none"),
}
_HOW = {
    "whole": State(gettext_noop("原值"), "done"),
    "masked": State(gettext_noop("脱敏"), "warning"),
    "withheld": State(gettext_noop("看不到"), "stopped"),
}


@never_cache
@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """The agreements that the reader's agency uses or has granted; of all agencies for the office. The unused marked."""
    who = officer(request)
    live, size = request.GET.get("show", "live") == "live", most(request, SIZE)
    found = grants.agreements(
        actor=who, agency="" if who.may(OVERSEE) else who.agency, live_only=live, limit=size + 1,
        before=whole(request.GET.get("before")),
    )  # fmt: skip
    names, titles = directory.agency_names(), resource_titles()
    choices = (("live", _("生效和暂停")), ("all", _("全部")))
    context = {
        "filters": (Filter("show", _("情况"), "live" if live else "all", choices),),
        "columns": [
            Column(_("编号")), Column(_("资源")), Column(_("使用单位")), Column(_("提供单位")), Column(_("状态")),
            Column(_("最后一天"), "day"), Column(_("最近使用"), "day"),
        ],
        "rows": [_row(one, names, titles) for one in found[:size]],
        "unused": sum(one.unused for one in found[:size]),
        "going": going(request, "before", found[size - 1].it.number if len(found) > size else None),
        "export": _("共享协议"),
    }  # fmt: skip
    return desk_page(request, "agreements", context)


def _row(one: Held, names: dict[str, str], titles: dict[str, str]) -> Row:
    it = one.it
    state = State(_("长期未使用"), "warning") if one.unused else STATES[it.state]
    return Row(
        (
            _("第 %(n)s 号") % {"n": it.number}, titles.get(it.resource, it.resource),
            names.get(it.consumer, it.consumer), names.get(it.owner, it.owner), state, it.terms.valid_until,
            one.last_used or _("没有使用过"),
        ),
        reverse("portal:agreement", args=[it.number]),
    )  # fmt: skip


@dataclass(frozen=True)
class _Act:
    """One thing that may be done to an agreement now."""

    key: str
    title: str
    hint: str
    form: Reason


_ACTS: dict[str, tuple[str, str, Callable[..., None]]] = {
    "suspend": (gettext_noop("暂停"), gettext_noop("现在起不能使用，可以恢复。"), grants.suspend_share),
    "resume": (gettext_noop("恢复"), gettext_noop("现在起又可以使用。"), grants.resume_share),
    "revoke": (
        gettext_noop("撤销"),
        gettext_noop("现在起不能使用，不能恢复；使用单位须重新申请。"),
        grants.revoke_share,
    ),
    "give-up": (gettext_noop("放弃"), gettext_noop("本单位不再使用；以后需要时重新申请。"), grants.give_up_share),
}


def _acts(it: Agreement, who: Actor, tried_form: Reason | None) -> list[_Act]:
    sides = directory.keepers([it.owner, it.consumer])
    keeper = sides[it.owner] == who.agency or who.may(OVERSEE)
    fits = {
        "suspend": keeper and it.state is Stand.IN_FORCE and who.may("exchange.suspend_share"),
        "resume": keeper and it.state is Stand.SUSPENDED and who.may("exchange.resume_share"),
        "revoke": keeper and it.state.live and who.may("exchange.revoke_share"),
        "give-up": sides[it.consumer] == who.agency and it.state.live and who.may("exchange.give_up_share"),
    }
    tried_key = tried_form.prefix if tried_form else ""
    return [
        _Act(
            key,
            _(_ACTS[key][0]),
            _(_ACTS[key][1]),
            tried_form if tried_form and key == tried_key else Reason(prefix=key),
        )
        for key, fit in fits.items()
        if fit
    ]


@never_cache
@require_safe
def agreement(request: HttpRequest, number: int) -> HttpResponse:
    """One agreement: its terms, items, versions, what happened to it, how it is used, and what may be done to it."""
    return _page(request, number)


def _page(request: HttpRequest, number: int, form: Reason | None = None) -> HttpResponse:
    who = officer(request)
    found = grants.agreement(actor=who, number=number)
    it = found.it
    resource = _published(it.resource)
    own = it.consumer == who.agency and it.state.live and who.may("exchange.request_share")
    context = {
        "crumbs": [Link(_("共享协议"), reverse("portal:agreements"))],
        "it": it,
        "title": resource.title if resource else it.resource,
        "facts": _facts(found, resource),
        "items": items_table(view(resource, it)) if resource else None,
        "versions": _versions(found),
        "events": [
            Event(one.at, one.person_name, _("%(what)s（第 %(n)s 版）") % {"what": _(one.title), "n": one.version}, one.reason)
            for one in found.events
        ],
        "use_columns": [Column(_("日期"), "day"), Column(_("次数"), "number"), Column(_("行数"), "number")],
        "use_rows": [Row((one.day, one.calls, one.rows)) for one in found.use],
        "acts": _acts(it, who, form),
        "files": files_of(who, it) if who.may("exchange.list_files") else None,
        "change": f"{reverse('portal:share_new', args=[it.resource])}?changes={number}" if own and resource else "",
    }  # fmt: skip
    return desk_page(request, "agreement", context, status=422 if form is not None and form.errors else 200)


def _published(key: str) -> Resource | None:
    try:
        return catalogue.published(key).resource
    except NotFound:
        return None


def _facts(found: AgreementView, resource: Resource | None) -> list[tuple[str, Value]]:
    it, names = found.it, directory.agency_names()
    title = resource.title if resource else it.resource
    return [
        (_("状态"), STATES[it.state]),
        (_("资源"), Link(title, reverse("portal:resource", args=[it.resource])) if resource else title),
        (_("使用单位"), names.get(it.consumer, it.consumer)),
        (_("提供单位"), names.get(it.owner, it.owner)),
        (_("版本"), it.version),
        (_("由谁批准"), found.versions[0].granted_name),
        *terms_facts(it.terms),
    ]


def items_table(items: tuple[ItemView, ...]) -> dict[str, object]:
    """Every item: how it is seen, by which rule, and what to do where it is not seen whole."""
    columns = [Column(_("信息项")), Column(_("能看到")), Column(_("规则")), Column(_("可以怎么办"))]
    rows = [
        Row((one.item.title, State(_(_HOW[one.how].word), _HOW[one.how].kind), one.why, one.forward)) for one in items
    ]
    return {"columns": columns, "rows": rows}


def _versions(found: AgreementView) -> dict[str, object]:
    columns = [
        Column(_("版本")), Column(_("批准时间"), "day"), Column(_("批准人")), Column(_("信息项"), "number"),
        Column(_("其中脱敏"), "number"), Column(_("开始"), "day"), Column(_("最后一天"), "day"),
    ]  # fmt: skip
    rows = [
        Row(
            (one.number, one.made_at, one.granted_name, len(one.terms.items), len(one.masked), one.terms.valid_from,
             one.terms.valid_until),
            reverse("portal:share", args=[one.request]),
        )
        for one in found.versions
    ]  # fmt: skip
    return {"columns": columns, "rows": rows}


@never_cache
@require_POST
def act(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Suspend, resume, revoke or give up, with the reason."""
    who = officer(request)
    form = Reason(request.POST, prefix=what)
    verb = _ACTS[what][2]
    if form.is_valid():
        said = form.cleaned_data["reason"]

        def done() -> bool:
            verb(actor=who, number=number, reason=said)
            return True

        if tried(form, done):
            messages.success(request, _("已办理，并通知对方。现在起生效。"))
            return redirect("portal:agreement", number=number)
    return _page(request, number, form)


@never_cache
@require_safe
def foresee(request: HttpRequest) -> HttpResponse:
    """What an agency or one of its officers would see of a resource, for a purpose and a region; nothing is read."""
    who = officer(request)
    if not who.may("exchange.foresee_share"):
        raise Refused("right.missing", "您没有“预演共享结果”的权限。", "请用数据专员或第二复核人的账号。")
    consumer = request.GET.get("consumer", "") or who.agency
    form = Foresight(
        sorted(directory.agency_names().items(), key=lambda one: one[1]), _officers(consumer), _purposes(),
        request.GET if "purpose" in request.GET else None,
        initial={"resource": request.GET.get("resource", ""), "consumer": consumer},
    )  # fmt: skip
    found = None
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        found = tried(
            form,
            lambda: grants.foresee(
                actor=who, resource=said["resource"], purpose=said["purpose"], consumer=said["consumer"],
                account=whole(said["account"]), region=said["region"],
            ),
        )  # fmt: skip
    context = {
        "crumbs": [Link(_("共享协议"), reverse("portal:agreements"))],
        "form": form,
        "found": found,
        "items": items_table(found.judgement.items) if found and found.judgement.items else None,
    }
    return desk_page(request, "foresee", context, status=422 if form.errors else 200)


def _officers(agency: str) -> list[tuple[str, str]]:
    roles = [key for key, role in ROLES.items() if "exchange.read" in role.capabilities]
    held = {one.account: one.name for role in roles for one in directory.holders(agency, role)}
    return [(str(account), name) for account, name in held.items()]


def _purposes() -> list[tuple[str, str]]:
    return [(one.key, _(one.title)) for one in purposes(timezone.localdate())]
