"""Effects of service items: registered by systems, asked when a case is filed, done within the decision that grants it."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from shuniu.cases.declare.case import CaseState
from shuniu.cases.declare.draft import Applicant
from shuniu.cases.declare.effect import Application, Codes, Effect
from shuniu.cases.declare.service import ServiceItem
from shuniu.cases.models import Case
from shuniu.cases.store import effects as store
from shuniu.registries import api as registries
from shuniu.trust.declare import Actor, Refused

EFFECTS: dict[str, Effect] = {}
"""What systems registered, by name and version. An item that names another cannot be published."""


def register(effect: Effect) -> Effect:
    """Make an effect known. Raises ValueError for another one under the same name and version."""
    if EFFECTS.setdefault(effect.key, effect) != effect:
        raise ValueError(f"效果“{effect.key}”登记了两次，请升版本号")
    return effect


def choices(actor: Actor, item: ServiceItem, applicant: Applicant | None = None) -> Codes:
    """What the item's effect offers to this actor for the questions of its form. Raises Refused, as the effect says.

    `applicant`: whom a clerk has named at the counter.
    """
    return _of(item).choices(actor, item.agency, applicant) if item.effect else {}


def check(actor: Actor, item: ServiceItem, case: Case) -> None:
    """Refuse an application that may not be made now; within the filing. Raises Refused effects.unknown, or the effect's."""
    if not item.effect:
        return
    if case.applicant is not None:
        store.lock(item.effect, min(registries.members(case.applicant), default=case.applicant))
    _of(item).check(actor, _seen(case))


def grant(actor: Actor, item: ServiceItem, case: Case) -> None:
    """Do what was granted, within the decision. Raises Refused effects.unknown, or what the effect raises."""
    if item.effect:
        _of(item).granted(actor, _seen(case))


def applications(item: str, subjects: Collection[int]) -> tuple[Application, ...]:
    """What these subjects have applied for under an item, the newest first. The caller's verb has required the right.

    `subjects` are the ids of one: what was filed before they were found to be one is among them.
    """
    return _all(Case.objects.filter(item=item, applicant__in=subjects).order_by("-id"))


def accepted(item: str, kind: str, *, limit: int, offset: int = 0) -> tuple[int, tuple[Application, ...]]:
    """How many applications of applicants of a kind were accepted and not refused or taken back, and some, the newest first."""
    standing = (CaseState.ACCEPTED, CaseState.GRANTED)
    found = Case.objects.filter(item=item, applicant_kind=kind, state__in=standing, accepted_at__isnull=False)
    return found.count(), _all(found.order_by("-accepted_at", "-id")[offset : offset + limit])


def _of(item: ServiceItem) -> Effect:
    if item.effect not in EFFECTS:
        raise Refused("effects.unknown", f"平台没有登记效果“{item.effect}”。", "请平台管理员核对版本后再办理。")
    return EFFECTS[item.effect]


def _all(rows: QuerySet[Case]) -> tuple[Application, ...]:
    return tuple(_seen(one) for one in rows)


def _seen(case: Case) -> Application:
    return Application(
        case.number, case.matter or 0, case.item, case.agency, case.applicant_name, case.applicant, case.applicant_kind,
        case.answers, case.form, CaseState(case.state), case.filed_at, case.accepted_at,
    )  # fmt: skip
