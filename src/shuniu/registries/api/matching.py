"""Matching and merging: who the unknown subjects are, by rule; two subjects made one, and made two again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.utils import timezone

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import SubjectType
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Opening
from shuniu.registries import matching
from shuniu.registries.api.loading import describer
from shuniu.registries.declare import Placed, Resolved
from shuniu.registries.models import Batch, Doubt, Merge, Subject
from shuniu.registries.procedure import MATCH_REVIEW
from shuniu.registries.store import candidates, identity, links, subject_rows, subjects
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

procedures.register(MATCH_REVIEW)
MANY = 10_000
"""A register's batch of more rows than this makes all unknown subjects be tried again, not only those that it touches."""


@verb("registries.resolve", "认领未知主体")
def resolve(*, actor: Actor, resource: str = "", batch: int = 0) -> Resolved:
    """Climb the ladder for unknown subjects: those of one committed batch and those that it may have made known, or all.

    Linked pairs become merges, doubtful ones cases for a reviewer. Set-based; safe to repeat.
    """
    require()
    subjects.lock()
    _say(resource, batch)
    count = _pend(resource, batch)
    judged = matching.judge(candidates.pairs()) if count else None
    linked = links.write(judged.links, by=actor.person) if judged is not None else 0
    settled = settle(actor)
    raised = links.raise_doubts(judged.doubts if judged is not None else None, contested=bool(batch))
    _ask(actor, raised)
    target = f"resource:{resource}" if resource else "subjects"
    record(
        target, detail={"batch": batch, "awaiting": count, "linked": linked, "doubts": len(raised), "settled": settled}
    )
    return Resolved(count, linked, len(raised))


def _say(resource: str, batch: int) -> None:
    """Note the names of the unknown subjects that this batch founded, or every batch for which that was not done yet."""
    unsaid = Batch.objects.filter(said=False).select_related("table").order_by("table_id", "number")
    if batch:
        unsaid = unsaid.filter(table__resource=resource, number=batch)
    for one in unsaid:
        published = catalogue.published(one.table.resource)
        describe = describer(published.resource)
        for rows in identity.founded(published, one.number):
            identity.say(published, rows, describe)
        one.said = True
        one.save(update_fields=["said"])


def _pend(resource: str, batch: int) -> int:
    if not batch:
        return candidates.pend_all()
    published = catalogue.published(resource)
    brought = Batch.objects.get(table_id=published.table, number=batch)
    register = published.resource.register_for is not SubjectType.NONE
    count = candidates.pend_batch(published.table, batch, register=register and brought.new + brought.changed <= MANY)
    return candidates.pend_all() if register and brought.new + brought.changed > MANY else count


def _ask(actor: Actor, doubts: Sequence[int], reason: str = "") -> None:
    """Open a case for each doubt, in the provincial office, where the reviewers sit; `reason`: why it is asked again."""
    if not doubts:
        return
    office = str(getattr(settings, "OFFICE_AGENCY", f"{settings.PROVINCE}.office"))
    openings = [Opening(f"doubt:{doubt}", office, str(settings.PROVINCE)) for doubt in doubts]
    cases = procedures.open_cases(actor=actor, procedure=MATCH_REVIEW.key, openings=openings, reason=reason)
    links.set_cases(doubts, cases)


def ask_again(actor: Actor, doubt: Doubt, reason: str) -> None:
    """Put a doubt back into the queue with a new case, which somebody else than this actor answers.

    Why stays in the new case's log for good.
    """
    doubt.state, doubt.merge, doubt.decided_at, doubt.by, doubt.reason = "open", None, None, "", ""
    doubt.save()
    _ask(actor, [doubt.pk], reason)
    settle(actor)
    doubt.refresh_from_db()


def settle(actor: Actor) -> int:
    """Settle the doubts that nobody need decide any more and end their cases. Returns how many."""
    found = links.settle()
    for one, why in ((True, "两者已是同一主体，无须再判断。"), (False, "待认领的一方已另行认出，无须再判断。")):
        cases = [case for _, case, became_one in found if became_one is one and case is not None]
        if cases:
            procedures.end_cases(actor=actor, cases=cases, reason=why)
    return len(found)


@verb("registries.merge", "合并主体")
def merge(*, actor: Actor, one: int, other: int, why: str) -> int:
    """Make two subjects one on a person's word. Returns the merge's id, with which `undo_merge` takes it back.

    Raises Refused: match.reason, match.unknown, match.kind (a person and a legal person), match.already.
    """
    require()
    made = join(actor, one, other, why, rung="person")
    settle(actor)
    record(f"merge:{made.pk}", subjects=(one, other))
    return made.pk


def join(actor: Actor, one: int, other: int, why: str, *, rung: str) -> Merge:
    """Merge two subjects inside the verb that has required the right."""
    if not why.strip():
        raise Refused("match.reason", "合并主体须写明理由。", "请填写理由后再提交。")
    subjects.lock()
    held = {each.pk: each for each in Subject.objects.select_for_update().filter(pk__in=[one, other]).order_by("pk")}
    if len(held) < 2:
        raise Refused("match.unknown", "没有这两个主体，或两者是同一编号。", "请从复核列表重新进入。")
    if held[one].kind != held[other].kind:
        raise Refused("match.kind", "自然人与法人不能合并为一个主体。", "请核对后选择“不是同一主体”。")
    if held[one].root == held[other].root:
        raise Refused("match.already", "两者已经是同一主体。", "无需再合并。")
    made = Merge.objects.create(absorbed_id=one, survivor_id=other, rung=rung, why=why.strip(), by=actor.person)
    derive((one, other))
    return made


@verb("registries.undo_merge", "撤销主体合并")
def undo_merge(*, actor: Actor, merge: int, reason: str) -> None:
    """Take one merge back, whoever or whatever made it, in any order; the same pair is not merged by rule again.

    Raises Refused: match.reason, match.not_merged.
    """
    require()
    part(actor, merge, reason)
    doubt = Doubt.objects.filter(merge_id=merge).first()
    if doubt is not None:
        ask_again(actor, doubt, reason)


def part(actor: Actor, number: int, reason: str) -> None:
    """Undo a merge inside the verb that has required the right, record it, and ask again what it had settled."""
    if not reason.strip():
        raise Refused("match.reason", "撤销合并须写明理由。", "请填写理由后再提交。")
    subjects.lock()
    made = Merge.objects.select_for_update().filter(pk=number, undone_at=None).first()
    if made is None:
        raise Refused("match.not_merged", f"没有编号为 {number} 的合并，或已撤销。", "请刷新后重试。")
    made.undone_at, made.undone_by, made.undone_why = timezone.now(), actor.person, reason.strip()
    made.save()
    touched = derive((made.absorbed_id, made.survivor_id))
    _ask(actor, links.unsettle(touched), f"据以了结的合并已撤销：{reason.strip()}")
    record(f"merge:{number}", subjects=(made.absorbed_id, made.survivor_id))


def derive(pair: tuple[int, int]) -> list[int]:
    """Derive roots and answering identifiers anew around two subjects. Returns all that are or were one with them."""
    touched = {*subjects.members(pair[0]), *subjects.members(pair[1])}
    subjects.derive_roots(pair)
    touched |= {*subjects.members(pair[0]), *subjects.members(pair[1])}
    subjects.derive_answers_of(touched)
    return sorted(touched)


@verb("registries.export_matches", "导出主体匹配结果", reads=True)
def export_matches(*, actor: Actor, resources: Sequence[str] = ()) -> Iterator[Placed]:
    """Where every current row stands: of these resources, or of all. Ids alone leave, no content."""
    require()
    wanted = [catalogue.published(key) for key in resources] or catalogue.published_all()
    record("subjects", detail={"resources": [one.resource.key for one in wanted]})
    return (placed for one in wanted for placed in subject_rows.placed(one))
