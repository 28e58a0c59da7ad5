"""A life event taken apart again: what of the one form and the one list each item gets, and whose turn it is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shuniu.cases.declare import Bundle, Material, ServiceItem
from shuniu.cases.declare.case import CaseState
from shuniu.cases.declare.draft import Prefilled
from shuniu.cases.declare.form import Answers
from shuniu.cases.rules.bundles import Joint, Wanted, likeness
from shuniu.cases.rules.contract import Standing, standing


@dataclass(frozen=True)
class Turn:
    """What follows from how the items of a whole stand: which are to be handed over, which cannot go on, which wait."""

    ready: frozenset[str]
    cut: frozenset[str]
    waiting: frozenset[str]


def after_of(bundle: Bundle, items: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """By item of the whole, those of it that must be granted before."""
    taken = set(items)
    return {
        branch.item: tuple(need.item for need in branch.after if need.item in taken)
        for branch in bundle.branches
        if branch.item in taken
    }


def turn(after: Mapping[str, tuple[str, ...]], states: Mapping[str, CaseState]) -> Turn:
    """Whose turn it is when the items stand so. What was cut is no decision: it follows from the item before it."""
    ended = {
        key: state is CaseState.GRANTED
        for key, state in states.items()
        if not state.running and state is not CaseState.CUT
    }
    found = standing(after, ended)
    by = {one: frozenset(key for key, said in found.items() if said is one) for one in Standing}
    return Turn(by[Standing.OPEN], by[Standing.CUT], by[Standing.WAITING])


def why_cut(after: Mapping[str, tuple[str, ...]], states: Mapping[str, CaseState], item: str) -> tuple[str, ...]:
    """The items right before this one on account of which it cannot go on."""
    bad = [one for one in after[item] if not states[one].running and states[one] is not CaseState.GRANTED]
    return tuple(bad) if states[item] is CaseState.CUT else ()


def answers_of(item: ServiceItem, whole: Joint, answers: Answers) -> dict[str, str]:
    """An item's answers, under its own names, out of those of the one form."""
    names = whole.names[item.key]
    return {own: answers[name] for own, name in names.items() if name in answers}


def prefilled_of(item: ServiceItem, whole: Joint, prefilled: Iterable[Prefilled]) -> tuple[Prefilled, ...]:
    """What of an item's answers the registers gave."""
    by_name = {one.question: one for one in prefilled}
    names = whole.names[item.key]
    return tuple(by_name[name].model_copy(update={"question": own}) for own, name in names.items() if name in by_name)


def materials_of(item: ServiceItem, whole: Joint) -> tuple[tuple[Material, str], ...]:
    """The materials that an item still asks for, each with the whole's name of it; not those that an earlier item gives."""
    return tuple(
        (own, name) for name, wanted in named(whole) if not wanted.given_by and (own := _own(item, wanted)) is not None
    )


def given_to(item: ServiceItem, whole: Joint) -> tuple[tuple[str, str], ...]:
    """The materials that earlier items give to an item: title, and the item that gives it."""
    return tuple((one.material.title, one.given_by) for one in whole.given if item.key in one.items)


def named(whole: Joint) -> tuple[tuple[str, Wanted], ...]:
    """The materials of the whole under names that no two share."""
    return tuple((f"m{at}", one) for at, one in enumerate(whole.materials, start=1))


def _own(item: ServiceItem, wanted: Wanted) -> Material | None:
    same = likeness(wanted.material)
    return next((one for one in item.materials if item.key in wanted.items and likeness(one) == same), None)


def offered(pairs: Sequence[tuple[Material, str]], uploads: Mapping[str, Sequence[int]]) -> dict[str, Sequence[int]]:
    """The uploads of an item, under its own keys."""
    return {own.key: uploads[name] for own, name in pairs if name in uploads}
