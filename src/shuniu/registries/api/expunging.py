"""Destroying a row's content for good: two people, a legal ground, and a commitment that stays in the journal."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Published
from shuniu.registries.api.loading import describer
from shuniu.registries.declare import Counts, Expunged, Ground
from shuniu.registries.models import Bar, Batch, Expunge, Table
from shuniu.registries.store import bars, expunging, identity, loading, subjects
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Json, Refused


@verb("registries.propose_expunge", "提请销毁数据")
def propose_expunge(*, actor: Actor, resource: str, rows: Sequence[int], ground: Ground, basis: str) -> int:
    """Ask that rows (by `Row.row`) be destroyed, on a ground and with the document or article that orders it.

    Returns the proposal's id for `confirm_expunge`. Raises Refused: expunge.basis, expunge.rows, right.*, catalogue.unknown.
    """
    published = catalogue.published(resource)
    require(agency=published.resource.agency)
    if not basis.strip():
        raise Refused("expunge.basis", "销毁数据须写明依据的文书或条款。", "请填写依据后再提交。")
    wanted = sorted(set(rows))
    if not wanted or len(expunging.standing(published, wanted)) < len(wanted):
        raise Refused("expunge.rows", "所列数据行不存在或已销毁。", "请从数据行页面重新选择。")
    made = Expunge.objects.create(
        table_id=published.table, rows=wanted, ground=ground.value, basis=basis.strip(), proposed_by=actor.person
    )
    record(f"expunge:{made.pk}", detail={"ground": ground.value, "rows": len(wanted), "resource": resource})
    return made.pk


@verb("registries.confirm_expunge", "核准销毁数据")
def confirm_expunge(*, actor: Actor, number: int) -> Expunged:
    """Destroy what another person proposed: cells, keys and digests in the table, and what subjects were called from it.

    The journal keeps the act, the ground and one salted commitment a row; the salts are in what is returned and nowhere
    else. Old row versions are vacuumed away after the commit. A row that is gone with its last version is barred: sent
    again it is refused (`row.expunged`) until `lift_bars`. Raises Refused: expunge.unknown, expunge.second_person.
    """
    made = Expunge.objects.select_for_update().filter(pk=number, confirmed_at=None).first()
    if made is None:
        raise Refused("expunge.unknown", f"没有编号为 {number} 的待核准销毁。", "请从待核准列表重新进入。")
    table = Table.objects.get(pk=made.table_id)
    require(agency=table.agency)
    if made.proposed_by == actor.person:
        raise Refused("expunge.second_person", "提请人不能核准自己提请的销毁。", "请由本单位另一位有权人员核准。")
    published = catalogue.published(table.resource)
    last, held = loading.lock_table(made.table_id)
    salt = secrets.token_bytes(32)
    subjects.lock()
    done = expunging.destroy(published, made.rows, salt, last + 1)
    _say_again(published, done.subjects)
    counts = Counts(withdrawn=done.current, held_before=held, held_after=held - done.current)
    Batch.objects.create(
        table_id=made.table_id, number=last + 1, at=timezone.now(), kind="expunge", source=f"expunge:{number}",
        version=published.version, **vars(counts),
    )  # fmt: skip
    Table.objects.filter(pk=made.table_id).update(last_batch=last + 1, held=counts.held_after)
    made.commitments, made.confirmed_by, made.confirmed_at = list(done.commitments), actor.person, timezone.now()
    made.save()
    bars.bar(made.table_id, made.pk, done.keys)
    record(
        f"expunge:{number}",
        subjects=done.subjects,
        detail={"resource": table.resource, "ground": made.ground, "commitments": list(done.commitments)},
    )
    transaction.on_commit(lambda: expunging.vacuum(published))
    return Expunged(number, tuple(made.rows), done.commitments, salt.hex(), done.origins)


def _say_again(published: Published, called: Sequence[int]) -> None:
    """Let the rows that stand elsewhere name the subjects that the destroyed ones named: else the next one founds another."""
    for key in expunging.elsewhere(published, called) if called else ():
        other = catalogue.published(key)
        identity.say(other, expunging.rows_of(other, called), describer(other.resource))
    expunging.retitle(called)


@verb("registries.lift_bars", "解除销毁数据的入库限制")
def lift_bars(*, actor: Actor, number: int, reason: str, rows: Sequence[int] = ()) -> int:
    """Let rows that expunge `number` destroyed come in again: those named (by `Row.row`), or all of that act.

    Returns how many bars were lifted; nothing comes back by itself, the department delivers it anew. Raises Refused:
    expunge.reason, expunge.no_bar, right.*.
    """
    found = Bar.objects.select_for_update().filter(expunge=number, lifted_at=None)
    standing = list((found.filter(row__in=rows) if rows else found).select_related("table"))
    if not standing:
        raise Refused("expunge.no_bar", f"编号为 {number} 的销毁没有这样的入库限制。", "请核对销毁编号和数据行。")
    table = standing[0].table
    require(agency=table.agency)
    if not reason.strip():
        raise Refused("expunge.reason", "解除入库限制须写明理由。", "请填写理由和依据后再提交。")
    Bar.objects.filter(pk__in=[one.pk for one in standing]).update(
        lifted_at=timezone.now(), lifted_by=actor.person, lifted_why=reason.strip()
    )
    detail: dict[str, Json] = {"resource": table.resource, "rows": len(standing), "reason": reason.strip()[:200]}
    record(f"expunge:{number}", detail=detail)
    return len(standing)
