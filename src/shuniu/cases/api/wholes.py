"""What befalls a filed life event when one of its items moves. Called inside the verb that moved the item, which records.

The whole's row was locked before the item's (`store.locked`), so of two agencies that answer at once one waits.
"""

from __future__ import annotations

from django.utils import timezone

from shuniu.cases import telling
from shuniu.cases.api import items
from shuniu.cases.api.filing import end
from shuniu.cases.declare.case import CaseState
from shuniu.cases.models import Case
from shuniu.cases.rules import bundling as rules
from shuniu.cases.rules.bundles import Joint, joint
from shuniu.cases.store import successions
from shuniu.cases.store.cases import subjects
from shuniu.procedures import api as procedures
from shuniu.procedures.calendars import api as calendars
from shuniu.procedures.calendars.declare import Kind, Start
from shuniu.procedures.declare import Opening, Outcome
from shuniu.trust.api import record
from shuniu.trust.declare import Actor

_ENDED: dict[Outcome, CaseState] = {
    "granted": CaseState.GRANTED, "partial": CaseState.PARTIAL, "refused": CaseState.REFUSED,
}  # fmt: skip
"""How a whole ended by how its procedure did; that it was withdrawn is written where it is."""


def parts_of(whole: Case) -> dict[str, Case]:
    """The cases of a whole by item, in the order in which they were filed: each after those that it waits for."""
    return {one.item: one for one in Case.objects.filter(parent=whole).order_by("pk")}


def joint_of(whole: Case, parts: dict[str, Case]) -> Joint:
    """What the whole's items take together, in the versions that they were filed under."""
    bundle = items.bundle_version(whole.item, whole.version).bundle
    branches = tuple(one for one in bundle.branches if one.item in parts)
    held = {key: items.version(key, part.version).item for key, part in parts.items()}
    return joint(bundle, held, branches, items.limits())


def opening(part: Case) -> tuple[str, Opening]:
    """What puts a part before its agency: the item's own procedure, in the item's lanes."""
    item = items.version(part.item, part.version).item
    return item.procedure, Opening(
        f"case:{part.number}", part.agency, part.region, successions.seated(item.lanes), term=item.term
    )


def handed_over(opened: tuple[int, ...], parts: dict[str, Case]) -> None:
    """Write down which of the procedure's cases each part became."""
    numbers = {f"case:{part.number}": part for part in parts.values()}
    for matter, view in procedures.case_views(opened).items():
        if (part := numbers.get(view.object)) is not None and part.matter is None:
            part.matter = matter
            part.save(update_fields=["matter"])


def began(part: Case) -> None:
    """An item was accepted: with the first of them the whole is, and its clocks run (行政许可法 art. 42 para. 2)."""
    whole = part.parent
    if whole is None or whole.accepted_at is not None or whole.matter is None:
        return
    whole.state, whole.accepted_at = CaseState.ACCEPTED, timezone.now()
    whole.save(update_fields=["state", "accepted_at"])
    one, today = joint_of(whole, parts_of(whole)), timezone.localdate()
    terms = ((Kind.STATUTORY, one.longest), (Kind.PROMISED, one.promised))
    calendars.begin({whole.matter: [Start(kind, today, term) for kind, term in terms if term.amount]})


def before_granting(actor: Actor, part: Case) -> None:
    """Put the items that wait for nothing but this one before their agencies, just before it is granted.

    Before, not after: otherwise the whole could end between the two, with nothing left that runs.
    """
    whole = part.parent
    if whole is None or whole.matter is None:
        return
    parts = parts_of(whole)
    states = {key: CaseState(one.state) for key, one in parts.items()} | {part.item: CaseState.GRANTED}
    turn = rules.turn(_after(whole, parts), states)
    ready = {key: one for key, one in parts.items() if key in turn.ready and one.matter is None}
    if not ready:
        return
    title = items.title(part.item, part.version)
    opened = procedures.split(
        actor=actor, case=whole.matter, parts=[opening(one) for one in ready.values()], reason=f"“{title}”已准予"
    )
    handed_over(tuple(one.case for one in opened.state.parts), ready)
    for one in ready.values():
        record(f"case:{one.number}", subjects=subjects(one), detail={"began_after": part.number})


def after_ending(part: Case) -> None:
    """End what rests on an item that was not granted, and the whole once nothing of it runs."""
    whole = part.parent
    if whole is None or whole.matter is None:
        return
    parts = parts_of(whole)
    after, states = _after(whole, parts), {key: CaseState(one.state) for key, one in parts.items()}
    cut = rules.turn(after, states).cut
    for one in (parts[key] for key in parts if key in cut and states[key].running):
        end(one, CaseState.CUT)
        title = items.title(one.item, one.version)
        telling.tell(one, telling.DECIDED, title, outcome=CaseState.CUT.title)
        record(f"case:{one.number}", subjects=subjects(one), detail={"decided": CaseState.CUT, "because": part.number})
    outcome = procedures.case_view(whole.matter).outcome
    if outcome:
        end(whole, _ENDED[outcome])
        title = items.title(whole.item, whole.version)
        telling.tell(whole, telling.DECIDED, title, outcome=_ENDED[outcome].title)
        record(f"case:{whole.number}", subjects=subjects(whole), detail={"decided": _ENDED[outcome]})


def _after(whole: Case, parts: dict[str, Case]) -> dict[str, tuple[str, ...]]:
    return rules.after_of(items.bundle_version(whole.item, whole.version).bundle, parts)
