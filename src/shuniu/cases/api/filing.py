"""What an applicant does with a case: file it, correct it, take it back, look at it."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from shuniu.cases import telling
from shuniu.cases.api import drafts, effects, fees, items, sight, terms, views, whose
from shuniu.cases.api.materials import Asked, settle_materials
from shuniu.cases.api.whose import is_own as is_own
from shuniu.cases.declare.bundle import Bundle
from shuniu.cases.declare.case import CaseLine, CaseState, CaseView
from shuniu.cases.declare.draft import Acting, Filled
from shuniu.cases.declare.material import NOTHING, ByUpload, HandedIn, Material
from shuniu.cases.declare.service import ServiceItem
from shuniu.cases.models import Case
from shuniu.cases.store import cases as store
from shuniu.cases.store import successions
from shuniu.cases.store.cases import matter_of, subjects
from shuniu.directory import api as directory
from shuniu.procedures import api as procedures
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Json, Refused

PAGE = 50


@verb("cases.file", "提交申请")
def file(*, actor: Actor, draft: int, given: HandedIn = NOTHING) -> CaseView:
    """Make a case of a finished draft: numbered, its answers and materials frozen, put before the agency. Once.

    Raises Refused: draft.* (`drafts.freeze`; AlreadyFiled with the number after a second click), material.*
    (`settle_materials`), cases.no_item.
    """
    require()
    filled = drafts.freeze(actor=actor, draft=draft)
    item = items.version(filled.item, filled.version).item.at(filled.agency)
    now = timezone.now()
    case = made(actor, item, filled, now)
    consent = given.consent or bool(filled.prefilled)
    asked = Asked(
        filled.answers, filled.applicant.subject, consent, filled.acting.ground.value, given.uploads, given.promised
    )
    settle_materials(actor=actor, case=case.pk, item=with_proof(item, filled.acting), asked=asked)
    case.matter = procedures.open_case(
        actor=actor, procedure=item.procedure, object=f"case:{case.number}", agency=case.agency, region=case.region,
        lanes=successions.seated(item.lanes), term=item.term,
    ).id  # fmt: skip
    case.save(update_fields=["matter"])
    terms.received(case, item)
    drafts.name_case(draft, case.number)
    telling.tell(case, telling.FILED, item.title)
    detail: dict[str, Json] = {"item": filled.item, "version": filled.version, "channel": filled.channel}
    detail |= views.under(case)
    record(f"case:{case.number}", subjects=subjects(case), detail=detail)
    return views.seen(case, "", own=True)


def with_proof(item: ServiceItem, acting: Acting) -> ServiceItem:
    """The item with what proves that somebody may act for the applicant among its materials, where that is asked for."""
    if not acting.proof:
        return item
    proof = Material(key=acting.proof, title=acting.ground.proof_title, satisfied_by=(ByUpload(),))
    return item.model_copy(update={"materials": (*item.materials, proof)})


def made(actor: Actor, item: ServiceItem | Bundle, filled: Filled, at: datetime, parent: Case | None = None) -> Case:
    """The row of a case, numbered, with its answers frozen; its materials and its procedure are still to come.

    Raises Refused where the item has an effect that may not be asked for now.
    """
    keeper = successions.keeper(item.agency)
    agency = directory.agency(keeper)
    case = Case(
        number=store.next_number(item, timezone.localdate(at)), item=filled.item, version=filled.version,
        agency=keeper, region=agency.region if agency else "", applicant=filled.applicant.subject,
        applicant_kind=filled.applicant.kind, applicant_name=filled.applicant.name, account=filled.account,
        acting=filled.acting.ground.title if filled.acting.ground else "", acting_name=filled.acting.name,
        delegation=filled.acting.delegation,
        channel=filled.channel, form=filled.digest, answers=dict(filled.answers),
        prefilled=[one.model_dump(mode="json") for one in filled.prefilled], state=CaseState.FILED, filed_at=at,
        parent=parent,
    )  # fmt: skip
    if isinstance(item, ServiceItem):
        effects.check(actor, item, case)
    case.save(force_insert=True)
    if case.delegation is not None and parent is None:
        directory.use_delegation(
            actor=actor, number=case.delegation, act="file", item=case.item, verb="cases.file",
            object=f"case:{case.number}",
        )  # fmt: skip
    return case


@verb("cases.correct", "提交补正")
def correct(*, actor: Actor, number: str, note: str = "") -> CaseView:
    """Say that what was asked for (补正) has been handed in; the case goes on. Raises Refused case.unknown, procedures.*."""
    require()
    case = whose.locked(actor, number, "file", "cases.correct")
    procedures.correct(actor=actor, case=matter_of(case), note=note, on_behalf=case.account != actor.person)
    case.state = CaseState.FILED  # a correction is asked for before acceptance alone
    case.save(update_fields=["state"])
    if "/" in case.item:  # a life event's own terms run from acceptance
        terms.received(case, items.version(case.item, case.version).item)
    record(f"case:{number}", subjects=subjects(case), detail={"corrected": True})
    return views.seen(case, fees.bill_of(case.pk), own=True)


@verb("cases.withdraw", "撤回申请")
def withdraw(*, actor: Actor, number: str, reason: str) -> CaseView:
    """Take an application back before it is decided; a life event with all its items that are not decided.

    Raises Refused case.unknown, case.part (a single item of a life event), procedures.*.
    """
    require()
    case = whose.locked(actor, number, "file", "cases.withdraw")
    if case.parent is not None:
        raise Refused("case.part", f"本件是一件事 {case.parent.number} 的一项。", "请撤回整件事，各单位一并停止办理。")
    procedures.withdraw_case(actor=actor, case=matter_of(case), reason=reason, on_behalf=case.account != actor.person)
    end(case, CaseState.WITHDRAWN)
    for part in Case.objects.select_for_update().filter(parent=case, ended_at=None).order_by("pk"):
        end(part, CaseState.WITHDRAWN)
    record(f"case:{number}", subjects=subjects(case), detail={"withdrawn": True})
    return views.seen(case, fees.bill_of(case.pk), own=True)


def end(case: Case, state: CaseState) -> None:
    """Write how a case ended, inside the verb that ended it; its clocks ended with its procedure."""
    case.state, case.ended_at = state, timezone.now()
    case.save(update_fields=["state", "ended_at"])


@verb("cases.read_case", "查看办件", reads=True)
def read_case(*, actor: Actor, number: str) -> CaseView:
    """A case: for its applicant, and for the officers of the agencies that work on it, within their region.

    Raises Refused case.unknown, right.region.
    """
    require()
    case = Case.objects.filter(number=number).first()
    if case is None:
        raise store.unknown(number)
    own = whose.claim(actor, case, "see", "cases.read_case")
    found = views.seen(case, fees.bill_of(case.pk), own=own)
    if not own:
        seats = {seat.agency for seat in found.matter.seats} if case.matter is not None else set()
        if (refusal := sight.unseen(actor, case, seats)) is not None:
            raise refusal
    record(f"case:{number}", subjects=subjects(case))
    return found


@verb("cases.list_own", "查看我的办件", reads=True)
def list_own(*, actor: Actor, before: str = "", most: int = PAGE) -> tuple[CaseLine, ...]:
    """The actor's own cases, the newest first: those filed by the account, in the name of its subject, and those that it
    may see under a delegation. `most` of them, behind the one numbered `before`.
    """
    require()
    rows = Case.objects.filter(whose.own_cases(actor))
    if last := rows.filter(number=before).values_list("pk", flat=True).first() if before else None:
        rows = rows.filter(pk__lt=last)
    found = list(rows.order_by("-id")[:most])
    record(f"account:{actor.person}", detail={"cases": len(found)})
    return views.listed(found, own=True)
