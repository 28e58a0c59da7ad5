"""Whose case it is: the applicant's, whoever filed it for him, and whoever acts for him under a delegation in force."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from shuniu.cases.models import Case
from shuniu.cases.store import cases as store
from shuniu.directory import api as directory
from shuniu.directory.declare import DelegableAct, Delegated
from shuniu.trust.declare import Actor


def is_own(actor: Actor, case: Case, act: DelegableAct = "see") -> bool:
    """Whether the actor is the case's applicant, filed it, or may do this act on it under a delegation.

    What was filed under a delegation is its taker's only as long as that is in force.
    """
    return _by_himself(actor, case) or _under(actor, case, act) is not None


def claim(actor: Actor, case: Case, act: DelegableAct, verb: str) -> bool:
    """As `is_own`, for the verb that does the act: what is done under a delegation is noted for its two parties, and the
    delegation cannot end meanwhile.
    """
    if _by_himself(actor, case):
        return True
    under = _under(actor, case, act)
    if under is not None:
        directory.use_delegation(
            actor=actor, number=under.number, act=act, item=_item(case, under.scope.items), verb=verb,
            object=f"case:{case.number}",
        )  # fmt: skip
    return under is not None


def locked(actor: Actor, number: str, act: DelegableAct, verb: str) -> Case:
    """The actor's own case, or one that he may do this act on for its applicant; locked. Raises Refused case.unknown."""
    case = store.locked(number)
    if not claim(actor, case, act, verb):
        raise store.unknown(number)
    return case


def own_cases(actor: Actor) -> Q:
    """The cases that `is_own` holds for, to be seen."""
    own = Q(account=actor.person, delegation=None)
    if actor.subject is not None:
        own |= Q(applicant=actor.subject)
    return own | for_another(actor, "see")


def for_another(actor: Actor, act: DelegableAct) -> Q:
    """The cases on which the actor may do this act under a delegation in force."""
    found = Q(pk__in=())
    for one in directory.delegations_to(actor):
        if act in one.scope.acts:
            named = Q(item__in=one.scope.items) | Q(parent__item__in=one.scope.items)
            found |= Q(applicant=one.subject) & named if one.scope.items else Q(applicant=one.subject)
    return found


def told(case: Case) -> tuple[str, ...]:
    """Whom news of a case reach: who filed it; under a delegation, first whose matter it is, then who acts while he may."""
    return (case.account,) if case.delegation is None else directory.told_of(case.delegation)


def _by_himself(actor: Actor, case: Case) -> bool:
    filed = case.account == actor.person and case.delegation is None
    return filed or (actor.subject is not None and actor.subject == case.applicant)


def _under(actor: Actor, case: Case, act: DelegableAct) -> Delegated | None:
    """The delegation in force that allows the act, the one that the case was filed under before others."""
    if case.applicant is None:
        return None
    found = [
        one
        for one in directory.delegations_to(actor)
        if one.subject == case.applicant and one.scope.covers(act, _item(case, one.scope.items))
    ]
    return min(found, key=lambda one: one.number != case.delegation, default=None)


def _item(case: Case, named: Collection[str]) -> str:
    """By which key a delegation's items name a case: its own, or that of the life event that it is a part of."""
    return case.parent.item if case.parent is not None and case.item not in named else case.item
