"""Drafts of applications: begun, saved page by page, gone on with, given up, expired, and frozen into what a case is filed with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import RuleBook
from shuniu.cases.api import effects
from shuniu.cases.declare.bundle import Bundle
from shuniu.cases.declare.draft import DraftLine, DraftState, DraftView, Filled, Saved
from shuniu.cases.declare.effect import Codes
from shuniu.cases.declare.form import Form, ResolvedForm
from shuniu.cases.declare.service import Audience, Reach, ServiceItem
from shuniu.cases.models import Draft
from shuniu.cases.rules import forms
from shuniu.cases.rules.acting import account_kind, check_counter, grounds
from shuniu.cases.store import drafts as store
from shuniu.cases.store.drafts import AlreadyFiled as AlreadyFiled
from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Json, Refused

COUNTER, WEB, MOBILE = "1", "2", "3"
"""办理形式 (A.5): an officer's drafts are the counter's (窗口代录), everybody else's the web's or the phone's."""


def _days(key: str) -> timedelta:
    return timedelta(days=RuleBook.load(settings.RULE_PACK).resolve(key, timezone.localdate()).integer())


def resolved(form: Form, given: Codes = MappingProxyType({})) -> ResolvedForm:
    """A form as the elements and code lists of today make it; `given` are lists that the catalogue does not have.

    Raises Refused form.element, form.title, form.condition.
    """
    today = timezone.localdate()
    return forms.resolve(
        form, catalogue.snapshot().elements, lambda key: given[key] if key in given else catalogue.code_list(key, today)
    )


@verb("cases.start_draft", "开始填写申请")
def start(*, actor: Actor, item: ServiceItem, version: int, mobile: bool = False, agency: str = "") -> int:
    """Begin a draft of one version of an item; its number. One that was begun and never saved is taken again.

    `agency`: whom an item with `asked_of` is asked of. Raises Refused draft.account, draft.agency, draft.reach, and what
    `resolved` raises.
    """
    require()
    _check_agency(item, agency)
    about = item.at(agency)
    check_reach(actor, [about])
    row = begin(actor, about, version, item.form, item.audiences, mobile=mobile)
    record(f"draft:{row}", detail={"item": item.key, "version": version, "agency": about.agency})
    return row


def _check_agency(item: ServiceItem, agency: str) -> None:
    """Refuse an agency that does not stand today, none where one must be named, one where the item has its own."""
    if not item.asked_of and agency not in ("", item.agency):
        raise Refused("draft.agency", f"“{item.title}”由规定的单位办理，不能另选。", "请从事项页面重新开始申请。")
    if item.asked_of and agency not in {one.key for one in directory.agencies()}:
        raise Refused("draft.agency", "没有选择受理申请的机关，或者这个机关已经撤销。", "请从列出的机关中选择一个。")


def check_reach(actor: Actor, wanted: Collection[ServiceItem]) -> None:
    """Refuse an officer's counter that one of the items does not reach. Raises Refused draft.reach."""
    if account_kind(actor) != "officer":
        return
    asked = any(item.regions is Reach.CITY for item in wanted)  # the city's digits of GB/T 2260, where one is asked for
    cities = {one.key: one.region[:4] for one in directory.agencies()} if asked else {}
    for item in wanted:
        near = actor.agency in cities and cities[actor.agency] == cities.get(item.agency)
        check_counter(item, own=item.agency == actor.agency, same_city=near)


def begin(
    actor: Actor,
    about: ServiceItem | Bundle,
    version: int,
    form: Form,
    audiences: Collection[Audience],
    *,
    mobile: bool,
) -> int:
    """The row of a new draft with that form, for the verb that starts it. Raises Refused as `start` does."""
    if not grounds(actor):
        raise Refused("draft.account", "开始申请需要本人账号、企业账号或窗口人员账号。", "请登录后再试。")
    now = timezone.now()
    given = effects.choices(actor, about) if isinstance(about, ServiceItem) else {}
    officer = account_kind(actor) == "officer"
    natural = Audience.NATURAL in audiences
    legal = any(one is not Audience.NATURAL for one in audiences)
    fresh = {
        "item_version": version, "title": about.title, "agency": about.agency, "account": actor.person,
        "kinds": [kind for kind, served in (("natural", natural), ("legal", legal)) if served],
        "form_id": store.freeze_form(resolved(form, given)), "channel": COUNTER if officer else MOBILE if mobile else WEB,
        "started_at": now, "saved_at": now, "expires": timezone.localdate() + _days("form.draft.days"),
    }  # fmt: skip
    row, _new = Draft.objects.update_or_create(
        item=about.key, account=actor.person, state=DraftState.OPEN.value, version=0, defaults=fresh
    )
    return row.pk


@verb("cases.read_draft", "查看申请草稿", reads=True)
def view(*, actor: Actor, draft: int) -> DraftView:
    """One's own draft. Raises Refused draft.unknown, for another's too."""
    require()
    row = store.owned(actor, draft)
    found = store.view(row, actor, timezone.localdate())
    record(f"draft:{draft}", subjects=_subjects(row))
    return found


@verb("cases.list_drafts", "查看我的草稿", reads=True)
def mine(*, actor: Actor) -> tuple[DraftLine, ...]:
    """One's own open drafts, the newest first."""
    require()
    rows = Draft.objects.filter(account=actor.person, state=DraftState.OPEN, expires__gte=timezone.localdate())
    found = tuple(
        DraftLine(row.pk, row.item, row.title, (row.applicant or {}).get("name", ""), row.version, row.expires)
        for row in rows.order_by("-id")[:200]
    )
    record("drafts", detail={"rows": len(found)})
    return found


def _subjects(row: Draft) -> tuple[int, ...]:
    subject = (row.applicant or {}).get("subject")
    return (subject,) if subject else ()


@verb("cases.save_page", "保存申请页")
def save_page(*, actor: Actor, draft: int, pages: Sequence[str], posted: Mapping[str, str], seen: int) -> Saved:
    """Save one page, or several of a dense form; what is sound is kept, what is not comes back as faults.

    `seen` is the version that the poster looked at: a page that was saved since by another window is not written over.
    Answers to questions that are not shown are dropped and journalled as ignored. The same save twice is one save.
    Raises Refused draft.unknown, draft.filed, draft.ended, draft.changed.
    """
    require()
    today = timezone.localdate()
    row = store.open_draft(actor, draft, today)
    form = store.form_of(row.form_id)
    taken = forms.take(form, row.answers, pages, posted, today, fixed=store.fixed(row), issued=store.issued(form))
    wrong = {one.question for one in taken.faults}
    shown = set(forms.shown(form.form, taken.answers, today))
    names = {page.key: {one.name for one in page.questions} for page in form.form.pages if page.key in pages}
    saved = [key for key, asked in names.items() if asked & shown]
    unsettled = sorted({*row.unsettled} - {*saved} | {key for key in saved if names[key] & wrong})
    if taken.answers != row.answers or unsettled != row.unsettled or not {*saved} <= row.visited.keys():
        check_seen(row, saved, seen)
        row.answers, row.unsettled = dict(taken.answers), unsettled
        touch(row, saved)
    ignored: dict[str, Json] = {"ignored": list(taken.ignored)} if taken.ignored else {}
    record(f"draft:{draft}", subjects=_subjects(row), detail={"pages": list(saved), "version": row.version, **ignored})
    return Saved(store.view(row, actor, today), taken.faults, taken.ignored)


def check_seen(row: Draft, parts: Sequence[str], seen: int) -> None:
    """Refuse where a part was saved after its poster looked. Raises Refused draft.changed."""
    if any(row.visited.get(part, 0) > seen for part in parts):
        raise Refused(
            "draft.changed",
            "这一页在您打开之后，又在别的窗口保存过。",
            "您填写的内容还在下面；核对后再保存一次，就以这里的为准。",
        )


def touch(row: Draft, parts: Sequence[str]) -> None:
    """Write a draft with its parts at a new version; each save gives it its whole time again."""
    row.version += 1
    row.visited = {**row.visited, **dict.fromkeys(parts, row.version)}
    row.saved_at = timezone.now()
    row.expires = timezone.localdate() + _days("form.draft.days")
    row.save()


@verb("cases.discard_draft", "放弃申请草稿")
def discard(*, actor: Actor, draft: int) -> None:
    """Give a draft up; what was answered is destroyed. Twice is once. Raises Refused draft.unknown, draft.filed."""
    require()
    row = store.owned(actor, draft, lock=True)
    if row.state == DraftState.FILED:
        raise AlreadyFiled(row.number)
    subjects = _subjects(row)
    if row.state == DraftState.OPEN:
        store.forget(row, DraftState.DISCARDED)
    record(f"draft:{draft}", subjects=subjects)


@verb("cases.freeze_draft", "提交申请内容")
def freeze(*, actor: Actor, draft: int) -> Filled:
    """All of a draft, checked once more, for the verb that files a case: to be called within it, so that both stand or fall.

    Raises Refused draft.unknown, draft.ended, draft.not_ready, delegation.* where it is made under one that no longer lets
    it be filed, and AlreadyFiled with the case's number.
    """
    require()
    today = timezone.localdate()
    row = store.open_draft(actor, draft, today)
    if (under := (row.acting or {}).get("delegation")) is not None:
        directory.check_delegation(actor, under, "file", row.item)
    found = store.view(row, actor, today)
    if not found.ready or found.applicant is None or found.acting is None:
        raise Refused("draft.not_ready", f"还不能提交：{_missing(found)}。", "请按任务列表逐项完成后再提交。")
    filled = Filled(
        draft=draft, item=row.item, version=row.item_version, form=found.form, digest=row.form_id,
        answers=forms.settle(found.form.form, row.answers, today), applicant=found.applicant, acting=found.acting,
        prefilled=tuple(one for one in found.prefilled if one.question in found.shown), channel=row.channel,
        account=row.account, agency=row.agency,
    )  # fmt: skip
    record(f"draft:{draft}", subjects=_subjects(row), detail={"item": row.item, "version": row.item_version})
    store.forget(row, DraftState.FILED)
    return filled


def _missing(found: DraftView) -> str:
    parts = ["没有说明以谁的名义办理"] if found.acting is None or found.applicant is None else []
    parts += [
        f"“{page.title}”{'需要改正' if found.standing(page) == 'fault' else '没有填写'}"
        for page in found.pages
        if found.standing(page) != "done"
    ]
    return "；".join(parts)


def name_case(draft: int, number: str) -> None:
    """Write down which case a filed draft became, for the verb that files it: a second click then leads to the case."""
    Draft.objects.filter(pk=draft, state=DraftState.FILED).update(number=number)


def frozen_form(digest: str) -> ResolvedForm:
    """The resolved form that a case was filed with. KeyError for an unknown digest."""
    return store.form_of(digest)


@verb("cases.expire_drafts", "清除过期草稿")
def expire(*, actor: Actor, on: date | None = None) -> int:
    """End the drafts whose time is over and destroy what was answered in them; how many."""
    require()
    over = Draft.objects.filter(state=DraftState.OPEN, expires__lt=on or timezone.localdate())
    ended = over.update(state=DraftState.EXPIRED, answers={}, prefilled=[], applicant=None, acting=None)
    record("drafts", detail={"ended": ended})
    return ended
