"""A life event as one: which items apply, one form, one list of materials, fees by agency, one time, partial outcomes.

Everything is computed from the items as they stand, each made and changed by its own agency. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter

from shuniu.base.expressions import holds
from shuniu.base.periods import Term, Unit
from shuniu.cases.declare import Branch, Bundle, ByFact, ByLicence, FeeLine, Form, Material, ServiceItem
from shuniu.cases.rules.forms import typed
from shuniu.cases.rules.items import Limits, held_by
from shuniu.cases.rules.union import Names, either, renamed, united
from shuniu.trust.declare import Refused


@dataclass(frozen=True)
class Wanted:
    """A material of the whole, the items that want it, and the item of the bundle that gives it (empty: none does)."""

    material: Material
    items: tuple[str, ...]
    given_by: str = ""


@dataclass(frozen=True)
class Charges:
    """What one agency charges in the whole."""

    agency: str
    lines: tuple[tuple[str, FeeLine], ...]  # item and line


@dataclass(frozen=True)
class Joint:
    """The whole: items in an order in which each comes after those it waits for, and what they take together.

    `names` says, by item and its question, what the question is called in the one form; `filled` are the questions that
    an earlier item's result answers, so that nobody is asked them. `promised` is the longest path
    of promised terms, at most what the law gives to joint handling (`longest`, and `extension` once).
    """

    items: tuple[str, ...]
    after: Mapping[str, tuple[str, ...]]
    form: Form | None
    names: Names
    filled: tuple[tuple[str, str], ...]
    materials: tuple[Wanted, ...]
    charges: tuple[Charges, ...]
    promised: Term
    path: tuple[str, ...]
    longest: Term
    extension: Term

    @property
    def asked(self) -> tuple[Wanted, ...]:
        """The materials that the applicant, a register or an earlier licence has to show."""
        return tuple(one for one in self.materials if not one.given_by)

    @property
    def given(self) -> tuple[Wanted, ...]:
        """The materials that an earlier item of the bundle gives, and that are not asked for."""
        return tuple(one for one in self.materials if one.given_by)


def applying(bundle: Bundle, answers: Mapping[str, str], today: date) -> tuple[Branch, ...]:
    """The branches that apply for these answers to the determinants; what is not answered is unknown, so not true."""
    row = {one.name: typed(one, answers.get(one.name)) for one in bundle.determinants}
    return tuple(one for one in bundle.branches if one.show_if is None or holds(one.show_if, row, today))


def joint(bundle: Bundle, items: Mapping[str, ServiceItem], branches: Sequence[Branch], limits: Limits) -> Joint:
    """The union of these branches' items.

    Raises Refused: bundle.cycle (naming it), bundle.item (an item is not published), bundle.conflict (one element asked
    in two ways).
    """
    missing = [branch.item for branch in branches if branch.item not in items]
    if missing:
        message = f"“{bundle.title}”中的事项没有发布：{'、'.join(missing)}。"
        raise Refused("bundle.item", message, "请牵头单位换成在办的事项，或者请该单位重新发布。")
    after = _after(branches)
    order = _order(bundle, after, items)
    whole = [items[key] for key in order]
    made = {key: frozenset[str]().union(*(gives(items[one]) for one in _before(key, after))) for key in order}
    one = united(whole, made)
    path = _longest(order, after, items)
    worked = min(sum(_days(items[key]) for key in path), limits.joint.amount)
    return Joint(
        order, after, one.form, one.names, one.filled, _materials(whole, after, one.names), _charges(whole, one.names),
        Term(worked, Unit.WORKING_DAY), path, limits.joint, limits.joint_extend,
    )  # fmt: skip


def _after(branches: Sequence[Branch]) -> dict[str, tuple[str, ...]]:
    """By item, those of the applying ones that it waits for."""
    keys = {branch.item for branch in branches}
    return {branch.item: tuple(n.item for n in branch.after if n.item in keys) for branch in branches}


def _order(bundle: Bundle, after: Mapping[str, tuple[str, ...]], items: Mapping[str, ServiceItem]) -> tuple[str, ...]:
    try:
        return tuple(TopologicalSorter(after).static_order())
    except CycleError as error:
        way = " → ".join(items[key].title if key in items else key for key in error.args[1])
        message = f"“{bundle.title}”的先后关系成环：{way}。"
        raise Refused("bundle.cycle", message, "请牵头单位去掉其中一个先后关系。") from error


def _before(key: str, after: Mapping[str, tuple[str, ...]]) -> set[str]:
    """All that an item waits for, directly or not."""
    found: set[str] = set()
    open_ = list(after[key])
    while open_:
        one = open_.pop()
        if one not in found:
            found.add(one)
            open_ += after[one]
    return found


def _days(item: ServiceItem) -> int:
    """Promised working days; a natural day counts as a working day, which never promises too little."""
    return item.promised.amount if item.promised else 0


def _longest(
    order: Sequence[str], after: Mapping[str, tuple[str, ...]], items: Mapping[str, ServiceItem]
) -> tuple[str, ...]:
    """The path of items that takes the longest, first to last."""
    paths: dict[str, tuple[int, tuple[str, ...]]] = {}
    for key in order:
        days, path = max((paths[one] for one in after[key]), default=(0, ()))
        paths[key] = (days + _days(items[key]), (*path, key))
    return max(paths.values())[1] if paths else ()


def gives(item: ServiceItem) -> frozenset[str]:
    """What comes of an item: licence types and resources."""
    return frozenset((*item.licences, *item.produces))


def _uses(material: Material) -> frozenset[str]:
    return frozenset(
        one.licence if isinstance(one, ByLicence) else one.resource
        for one in material.satisfied_by
        if isinstance(one, ByLicence | ByFact)
    )


def likeness(material: Material) -> str:
    """What makes two items' materials one: where it is held, or else its title."""
    held = held_by(material)
    return held.model_dump_json() if held is not None else material.title


def _materials(whole: Sequence[ServiceItem], after: Mapping[str, tuple[str, ...]], names: Names) -> tuple[Wanted, ...]:
    """Each material once, under the strictest terms; those that an earlier item gives are marked so."""
    by_key = {item.key: item for item in whole}
    found: dict[tuple[str, str], list[tuple[ServiceItem, Material]]] = {}
    for item in whole:
        before = [by_key[key] for key in by_key if key in _before(item.key, after)]
        for material in item.materials:
            giver = next((one.key for one in before if gives(one) & _uses(material)), "")
            found.setdefault((likeness(material), giver), []).append((item, material))
    return tuple(_wanted(each, giver, names) for (_, giver), each in found.items())


def _wanted(each: Sequence[tuple[ServiceItem, Material]], giver: str, names: Names) -> Wanted:
    materials = [material for _, material in each]
    shown = [renamed(m.show_if, names[item.key]) for item, m in each]
    merged = materials[0].model_copy(
        update={
            "required": any(one.required for one in materials),
            "copies": max(one.copies for one in materials),
            "paper": any(one.paper for one in materials),
            "later": all(one.later for one in materials),
            "promise": all(one.promise for one in materials),
            "show_if": either(shown),
        }
    )
    return Wanted(merged, tuple(dict.fromkeys(item.key for item, _ in each)), giver)


def _charges(whole: Sequence[ServiceItem], names: Names) -> tuple[Charges, ...]:
    """Fee lines by the agency whose income they are, with their questions as the one form calls them."""
    split: dict[str, list[tuple[str, FeeLine]]] = {}
    for item in whole:
        for line in item.fees:
            shown = renamed(line.show_if, names[item.key])
            per = names[item.key][line.per] if line.per else ""
            line = line.model_copy(update={"show_if": shown, "per": per})
            split.setdefault(line.agency or item.agency, []).append((item.key, line))
    return tuple(Charges(agency, tuple(lines)) for agency, lines in split.items())
