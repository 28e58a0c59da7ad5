"""Reviewing versions: 同意, 不同意 and 退回 by people who did not make them, many at once; the last 同意 publishes."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from shuniu.catalogue import models, store
from shuniu.catalogue.api.ship import refuse_faults
from shuniu.catalogue.declare import NotFound, Resource, State
from shuniu.catalogue.procedure import DEPARTMENT
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import CaseView, Move
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


@verb("catalogue.review", "审核资源目录")
def review(*, actor: Actor, keys: Sequence[str], answer: str, reason: str = "") -> tuple[CaseView, ...]:
    """Answer 同意, 不同意 (ends the review, back to the editor) or 退回 (to the department's stage) for all of these.

    All or none. In either stage nobody agrees to what is against the rules as they stand now (an element, a code list or
    the published version may have changed since it was handed in): the refusal names each such resource. The actor's
    seat is found by stage and agency (see `procedures.api.answer`). When the last stage agrees the version is published
    and the one before it superseded; its table is not touched: see `to_mount`.
    Raises NotFound, Refused: catalogue.own_approval, the rules of publishing, and whatever `procedures` refuses.
    """
    require()
    rows = _in_review(keys)
    own = [row.resource.key for row in rows if actor.person in row.makers or row.made_by == actor.person]
    if own:
        raise Refused("catalogue.own_approval", f"“{own[0]}”由您编制，不能由您审核。", "请由其他有审核权限的人员办理。")
    if answer == Move.AGREE:
        refuse_faults([Resource.model_validate(row.declaration) for row in rows])
    cases = [row.case for row in rows if row.case is not None]
    views = _answered(actor, cases, answer, reason)
    _follow(rows, views, actor, reason)
    record("catalogue", detail={"resources": [row.resource.key for row in rows], "answer": answer})
    return views


def _in_review(keys: Sequence[str]) -> list[models.Version]:
    held = store.open_versions(keys)
    for key in keys:
        if key not in held or held[key].state != State.REVIEW:
            raise NotFound("待审核的资源", key)
    return list(held.values())


def _answered(actor: Actor, cases: Sequence[int], answer: str, reason: str) -> tuple[CaseView, ...]:
    if answer == Move.RETURN:
        return tuple(
            procedures.return_(actor=actor, case=case, to_stage=DEPARTMENT, reason=reason) for case in sorted(cases)
        )
    return procedures.answer_all(actor=actor, cases=cases, answer=answer, reason=reason)


def _follow(rows: Sequence[models.Version], views: Sequence[CaseView], actor: Actor, reason: str) -> None:
    """Bring the versions to what their cases have come to."""
    outcomes = {view.id: view.outcome for view in views}
    granted = [row for row in rows if outcomes[row.case or 0] == "granted"]
    refused = [row for row in rows if outcomes[row.case or 0] == "refused"]
    for row in refused:
        row.state, row.reason = State.REJECTED, reason.strip()
    if granted:
        store.supersede(row.resource_id for row in granted)
        at = timezone.now()
        for row in granted:
            row.state, row.published_by, row.published_at, row.reason = State.PUBLISHED, actor.person, at, ""
    changed = [*granted, *refused]
    models.Version.objects.bulk_update(changed, ["state", "published_by", "published_at", "reason"], batch_size=500)
    if granted:
        store.touch()
