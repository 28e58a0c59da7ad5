"""Making and withdrawing versions: an agency's editor drafts, hands in for review, and takes back with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from shuniu.catalogue import models, rules, store
from shuniu.catalogue.api import reads
from shuniu.catalogue.api.ship import refuse_faults
from shuniu.catalogue.declare import NotFound, Resource, State
from shuniu.catalogue.procedure import PLATFORM, REVIEW
from shuniu.directory import api as directory
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Opening
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

procedures.register(REVIEW)


@verb("catalogue.draft", "编制资源目录")
def draft(*, actor: Actor, resource: Resource, seen: datetime | None = None) -> int:
    """Make or edit the open draft of a resource of the actor's own agency. Returns the version's number.

    A draft may be incomplete; what it lacks is asked for when it is handed in. `seen` is the `made_at` of the version
    that the editor had before him: what somebody else wrote since is not overwritten. An element that an edited item
    names settles what an import had asked of it. Raises Refused: catalogue.in_review, catalogue.owner (a shipped
    resource), catalogue.incompatible, catalogue.secret, catalogue.forbidden, catalogue.changed.
    """
    require(agency=resource.agency)
    held = store.open_versions([resource.key]).get(resource.key)
    if seen is not None and held is not None and held.made_at != seen:
        raise Refused(
            "catalogue.changed",
            f"“{held.declaration['title']}”的草稿刚被改过。",
            "请重新打开草稿，在最新的内容上修改。",
        )
    (row,) = save([resource], actor)
    _settle(row, resource, actor)
    record(f"resource:{resource.key}", detail={"version": row.number})
    return row.number


def _settle(row: models.Version, resource: Resource, actor: Actor) -> None:
    """What was proposed for items that are gone is dropped; an item that now names its element waits for nobody."""
    proposed = models.Recognition.objects.filter(version=row)
    proposed.exclude(item__in=[item.name for item in resource.items]).delete()
    told = [item.name for item in resource.items if item.element]
    proposed.filter(state="open", item__in=told).update(state="confirmed", decided_by=actor.person)


def save(resources: Sequence[Resource], actor: Actor) -> list[models.Version]:
    """Store these as open drafts. For verbs that have required the right to each agency."""
    refuse_foreign([one.key for one in resources])
    held = reads.snapshot()
    for resource in resources:
        before = held.published.get(resource.key)
        found = list(rules.incompatible(before.resource, resource)) if before else []
        found += [fault for fault in rules.faults(resource, held.elements, held.code_lists) if fault.rule in NEVER]
        if found:
            raise Refused(*rules.refusal(found))
    waiting = [
        key for key, row in store.open_versions(one.key for one in resources).items() if row.state == State.REVIEW
    ]
    if waiting:
        raise Refused(
            "catalogue.in_review", f"资源“{'、'.join(waiting[:5])}”正在审核，不能修改。", "请等审核办结后再修改。"
        )
    return store.save_drafts(resources, store.Author(actor.person, timezone.now()))


NEVER = ("catalogue.secret", "catalogue.forbidden")
"""Rules under which not even a draft is kept."""


def refuse_foreign(keys: Iterable[str]) -> None:
    """Raise Refused when one of these resources came with the software: editing it means copying it to a new key."""
    shipped = models.Version.objects.filter(resource__key__in=list(keys), shipped=True)
    if taken := sorted(set(shipped.values_list("resource__key", flat=True))):
        raise Refused(
            "catalogue.owner",
            f"资源“{'、'.join(taken[:5])}”随平台发布，不能在这里修改或撤销。",
            "请复制为新的资源代码后再编制。",
        )


@verb("catalogue.submit_for_review", "提交目录审核")
def submit_for_review(*, actor: Actor, keys: Sequence[str], reason: str = "") -> tuple[int, ...]:
    """Hand in the drafts of these resources, all or none: one review case each. Returns the cases' ids by key.

    Raises NotFound, Refused: catalogue.in_review, and any rule that keeps a version from being published.
    """
    rows = _drafts(keys)
    regions = {agency: _region(agency) for agency in sorted({row.resource.agency for row in rows})}
    for agency in regions:
        require(agency=agency)
    refuse_faults([Resource.model_validate(row.declaration) for row in rows])
    lanes = {PLATFORM: (_office(),)}
    openings = [
        Opening(f"resource:{row.resource.key}", row.resource.agency, regions[row.resource.agency], lanes)
        for row in rows
    ]
    cases = procedures.open_cases(actor=actor, procedure=REVIEW.key, openings=openings, reason=reason)
    for row, case in zip(rows, cases, strict=True):
        row.state, row.case, row.reason = State.REVIEW, case, ""
    models.Version.objects.bulk_update(rows, ["state", "case", "reason"], batch_size=500)
    record("catalogue", detail={"resources": [row.resource.key for row in rows], "state": State.REVIEW})
    return cases


def _drafts(keys: Sequence[str]) -> list[models.Version]:
    held = store.open_versions(keys)
    for key in keys:
        if key not in held:
            raise NotFound("待提交的草稿", key)
        if held[key].state == State.REVIEW:
            raise Refused("catalogue.in_review", f"资源“{key}”已提交审核。", "无需重复提交，请等审核结果。")
    return list(held.values())


def _office() -> str:
    """The agency that sits in the platform's stage: the settings' OFFICE_AGENCY, else the province's data office."""
    return str(getattr(settings, "OFFICE_AGENCY", f"{settings.PROVINCE}.office"))


def _region(agency: str) -> str:
    found = directory.agency(agency)
    if found is None:
        raise Refused("catalogue.agency", f"单位“{agency}”不在单位名录中。", "请先由系统管理员登记单位。")
    return found.region


@verb("catalogue.take_back", "撤回送审")
def take_back(*, actor: Actor, key: str, reason: str) -> None:
    """Make what the actor has handed in a draft again, while its review runs: the review ends without a decision.

    Raises NotFound, Refused: catalogue.not_yours (another person handed it in), catalogue.reason.
    """
    row = store.open_versions([key]).get(key)
    if row is None or row.state != State.REVIEW or row.case is None:
        raise NotFound("正在审核的资源", key)
    require(agency=row.resource.agency)
    case = procedures.case_view(row.case)
    if case.opened_by != actor.person:
        raise Refused(
            "catalogue.not_yours", f"“{key}”由{case.opened_by_name}提交审核，只能由其本人撤回。",
            "请联系提交人，或由审核人答复“不同意”。",
        )  # fmt: skip
    if not reason.strip():
        raise Refused("catalogue.reason", "撤回须写明理由。", "请填写理由后再提交。")
    procedures.end_cases(actor=actor, cases=[row.case], reason=reason)
    row.state = State.DRAFT
    row.save(update_fields=["state"])
    record(f"resource:{key}", detail={"version": row.number, "case": row.case})


@verb("catalogue.withdraw", "撤销资源目录")
def withdraw(*, actor: Actor, key: str, reason: str) -> None:
    """Take the published version of a resource out of the catalogue, or an open draft away; its rows are not touched.

    Raises NotFound, Refused: catalogue.reason, catalogue.in_review, catalogue.owner.
    """
    if not reason.strip():
        raise Refused("catalogue.reason", "撤销须写明理由。", "请填写理由后再提交。")
    row = _withdrawable(key)
    require(agency=row.resource.agency)
    refuse_foreign([key])
    was, row.state, row.reason = row.state, State.WITHDRAWN, reason.strip()
    row.save(update_fields=["state", "reason"])
    store.touch()
    record(f"resource:{key}", detail={"version": row.number, "from": was})


def _withdrawable(key: str) -> models.Version:
    """The open draft of a resource before its published version: what was made last goes first."""
    row = store.open_versions([key]).get(key)
    if row is not None and row.state == State.REVIEW:
        raise Refused("catalogue.in_review", f"资源“{key}”正在审核。", "请等审核办结后再撤销。")
    published = models.Version.objects.select_for_update(of=("self",)).select_related("resource")
    row = row or published.filter(resource__key=key, state=State.PUBLISHED).first()
    if row is None:
        raise NotFound("可撤销的资源", key)
    return row
