"""Who looked at my data: a subject's readings, month by month."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import partial

from django.utils import timezone

from shuniu.assessment.looked import store
from shuniu.assessment.looked.api.covert import grounds_of
from shuniu.assessment.looked.declare import Bulk, Look, LooksPage
from shuniu.assessment.looked.models import CovertInquiry, ReadingQuestion
from shuniu.assessment.store import midnight
from shuniu.base.masking import mask_free_text
from shuniu.base.periods import add_months
from shuniu.cases.api.oversight import applied_by
from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.exchange.api.called import Called, called, handed
from shuniu.exchange.gateway.declare import CALL
from shuniu.exchange.grants.purposes import purpose_title
from shuniu.registries import api as registries
from shuniu.trust.api import VERBS, Reading, first_entry_at, readings, record, require, verb
from shuniu.trust.declare import Actor, Refused

SIZE = 8
"""Readings on a page: as many entries as may be fetched by their keys without reading more than some fifty pages."""


@verb("assessment.read_readings", "查看谁查过我的数据", reads=True)
def read_readings(
    *, actor: Actor, month: date | None = None, agency: str = "", resource: str = "", own: bool = False, before: int = 0,
    limit: int = SIZE,
) -> LooksPage:  # fmt: skip
    """The readings of the actor's own records in a month (None: the newest that has any), newest first.

    The actor's own acts are left out unless `own`: they would bury those of others. All ids
    that are one with the actor's are looked for. What was read of others in the same breath is not told, nor anything of
    an inquiry that is kept back for now. Raises Refused (reading.subject, reading.month).
    """
    require()
    mine = subjects_of(actor)
    now = timezone.localtime()
    this, first = now.date().replace(day=1), _month(first_entry_at() or now)
    if month is not None and not first <= month.replace(day=1) <= this:
        raise Refused("reading.month", "这个月没有留痕。", f"请选 {first:%Y-%m} 至 {this:%Y-%m} 之间的月份。")
    inquiries = list(store.covert(mine))
    veils = store.veils(inquiries, now.date())
    target = f"resource:{resource}" if resource else ""
    at = month.replace(day=1) if month else this
    while True:
        asked = partial(
            readings, mine, midnight(at), midnight(add_months(at, 1)), agency=agency, object=target, veils=veils,
            before=before, limit=limit + 1,
        )  # fmt: skip
        found = asked()
        if not own and any(one.person == actor.person for one in found):
            found = asked(but=actor.person)  # dearer by an entry for each that is passed over: only where there is one
        if found or month or at <= first:
            break
        at = add_months(at, -1)
    page = LooksPage(
        at if found or month else this,
        tuple(_looks(actor, mine, found[:limit], inquiries)),
        found[limit - 1].entry if len(found) > limit else None,
        add_months(at, -1) if at > first else None,
        add_months(at, 1) if at < this else None,
        _bulks(mine, at, {veil.agency for veil in veils}),
    )
    record(f"subject:{actor.subject}", detail={"month": f"{at:%Y-%m}", "rows": len(page.looks)})
    return page


def _bulks(mine: Sequence[int], month: date, hidden: Collection[str]) -> tuple[Bulk, ...]:
    """The files of a month whose resources hold rows of these subjects now; none of an agency that inquires unseen."""
    found = [one for one in handed(midnight(month), midnight(add_months(month, 1))) if one.consumer not in hidden]
    resources = {one.resource for one in found}
    held = [one for one in catalogue.published_all() if one.resource.key in resources] if found else []
    titles = {one.resource.key: one.resource.title for one in held}
    names = directory.agency_names() if found else {}
    about = registries.rows_of(mine, held) if held else {}
    return tuple(
        Bulk(one.at, names.get(one.consumer, one.consumer), titles[one.resource], one.resource, one.agreement)
        for one in found
        if one.resource in about
    )


def _month(moment: datetime) -> date:
    return timezone.localdate(moment).replace(day=1)


def subjects_of(actor: Actor) -> list[int]:
    """All ids of who signed in. Raises Refused reading.subject for who is no citizen or firm."""
    if actor.subject is None:
        raise Refused("reading.subject", "只有个人和企业可以查看自己的数据被谁查过。", "请用个人或企业账号登录。")
    return sorted({actor.subject, *registries.members(actor.subject)})


def _looks(
    actor: Actor, mine: Sequence[int], found: Sequence[Reading], inquiries: Sequence[CovertInquiry]
) -> list[Look]:
    posts = store.posts({_reader(one) for one in found})
    asked = dict(
        ReadingQuestion.objects.filter(asked_by=actor.person, entry__in=[one.entry for one in found]).values_list(
            "entry", "pk"
        )
    )
    titles = resource_titles(_resource(one) for one in found)
    own = applied_by([number for one in found if (number := case_number(one))], mine)
    answered = called([one.entry for one in found])
    return [
        Look(
            entry=one.entry, at=one.at, agency=one.agency_name, agency_key=one.agency,
            who=who(one, actor, posts.get(_reader(one), "")), what=what(one),
            resource=titles.get(_resource(one), ("", {}))[0], resource_key=_resource(one).partition("resource:")[2],
            items=_items(one, titles, answered.get(one.entry)),
            purpose=purpose(one),
            case=number if (number := case_number(one)) in own else "", grant=_grant(answered.get(one.entry)),
            grounds=_kept_back(one, inquiries), question=asked.get(one.entry),
            can_ask=bool(one.agency) and one.person != actor.person and one.entry not in asked,
        )
        for one in found
    ]  # fmt: skip


def _reader(one: Reading) -> tuple[str, str, str, date]:
    return one.person, one.agency, one.verb, timezone.localdate(one.at)


def who(one: Reading, actor: Actor, post: str) -> str:
    """Who read, as its subject is told: the subject, a post, or a kind of reader; never a name."""
    if one.person == actor.person:
        return "本人"
    kind = one.person.partition(":")[0]
    unknown = "单位的业务系统" if one.agency else "其他用户"
    return {"officer": post or "工作人员", "system": "平台自动处理", "anonymous": "未登录的公众"}.get(kind, unknown)


def what(one: Reading) -> str:
    """What was done, in the words of the door."""
    return VERBS[one.verb].title if one.verb in VERBS else one.verb


def case_number(one: Reading) -> str:
    """The number of the case that a reading was for, whosever it is; empty for none."""
    matter = str(one.detail.get("purpose", "")).partition("/")[2] if one.verb == CALL else one.object
    kind, _, number = matter.partition(":")
    return number if kind == "case" else str(one.detail.get("case", "") or "")


def resource_titles(objects: Iterable[str]) -> dict[str, tuple[str, dict[str, str]]]:
    """The title of each resource read, and those of its items, by `resource:` and its key."""
    wanted = {one for one in objects if one.startswith("resource:")}
    known = catalogue.published_all() if wanted else []
    return {
        target: (one.resource.title, {item.name: item.title for item in one.resource.items})
        for one in known
        if (target := f"resource:{one.resource.key}") in wanted
    }


def _resource(one: Reading) -> str:
    """Of which resource the rows were: what was read, or, where that is a submission or an objection, what it says."""
    named = one.detail.get("resource")
    return f"resource:{named}" if named and not one.object.startswith("resource:") else one.object


def _items(one: Reading, titles: dict[str, tuple[str, dict[str, str]]], answer: Called | None) -> tuple[str, ...]:
    """What was shown: as the entry names it, or all that the agreement granted; nothing where it does not say."""
    said, known = one.detail.get("items"), titles.get(_resource(one), ("", {}))[1]
    items = said if isinstance(said, list) else answer.items if answer else ()
    return tuple(known.get(str(item), str(item)) for item in items)


def _grant(answer: Called | None) -> str:
    return f"第 {answer.agreement} 号共享协议第 {answer.version} 版" if answer else ""


def purpose(one: Reading) -> str:
    """What a reading was for, as it was stated then: the legal list's words, or the officer's own without numbers of persons."""
    said = str(one.detail.get("purpose", "") or "")
    if one.verb == CALL:
        return purpose_title(said.partition("/")[0], timezone.localdate(one.at))
    return mask_free_text(said)


def _kept_back(one: Reading, inquiries: Sequence[CovertInquiry]) -> str:
    """By what law this reading was not told until now; empty where it always was."""
    for inquiry in inquiries:
        same = (inquiry.person, inquiry.agency) == (one.person, one.agency)
        if same and inquiry.decided_at and inquiry.decided_at <= one.at and timezone.localdate(one.at) <= inquiry.until:
            return grounds_of(inquiry)
    return ""
