"""Objections (数据异议): 提出 受理 核实 更正/驳回 通知. The row is marked disputed until the matter is decided."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Published
from shuniu.directory import api as directory
from shuniu.exchange.access import about_persons
from shuniu.exchange.api.objections import OPEN, TITLES, ObjectionView, State, view
from shuniu.exchange.api.telling import notify
from shuniu.exchange.models import Objection
from shuniu.exchange.procedure import ACCEPT, CORRECT, OBJECTION, VERIFY
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Move
from shuniu.registries import api as registries
from shuniu.registries.api import marks as row_marks
from shuniu.registries.api import versions
from shuniu.registries.api.marks import Mark
from shuniu.trust.api import readers, record, require, verb
from shuniu.trust.declare import Actor, Refused


@verb("exchange.raise_objection", "提出数据异议")
def raise_objection(*, actor: Actor, resource: str, row: int, claim: str, item: str = "") -> ObjectionView:
    """Say that a row is wrong, as a whole or in one item. The row is disputed from now on, and its owner is asked.

    Anybody verified may about a legal person; about a natural person only that person, or an officer. The same person
    cannot dispute the same again while it is open. Raises `Refused`: objection.row, objection.claim, objection.item,
    objection.twice; NotFound.
    """
    require()
    published = catalogue.published(resource)
    found = versions.version(published, row)
    if found is None or not found.current or not _may_dispute(actor, published, found.subject):
        raise Refused("objection.row", "没有这条现行记录，或者您不能对它提出异议。", "请从本人或本单位可见的记录进入。")
    if not claim.strip():
        raise Refused("objection.claim", "没有写明哪里有误。", "请写明事实和依据。")
    if item and item not in {one.name for one in published.resource.items}:
        raise Refused("objection.item", f"“{published.resource.title}”没有信息项“{item}”。", "请从列表选择。")
    open_ones = Objection.objects.filter(resource=resource, key=found.key, state__in=OPEN)
    if open_ones.filter(item=item, person=actor.person).exists():
        raise Refused("objection.twice", "您对这条记录的异议正在办理。", "请在“我的异议”查看进度。")
    first = not open_ones.exists()
    made = Objection.objects.create(
        resource=resource, agency=published.resource.agency, row=row, key=found.key, digest=found.digest,
        subject=found.subject, item=item, claim=claim.strip(), person=actor.person, person_name=actor.name,
        person_agency=actor.agency,
    )  # fmt: skip
    keeper = directory.keeper(made.agency)
    case = procedures.open_case(
        actor=actor, procedure=OBJECTION.key, object=f"objection:{made.pk}", agency=keeper, region=_region(keeper),
        reason=made.claim,
    )  # fmt: skip
    made.case = case.id
    made.save(update_fields=["case"])
    if first:
        row_marks.put(
            (published.table, found.key), Mark.DISPUTED, rule=case.rule, since=timezone.localdate(), by=actor.person,
            reason="数据异议办理中", case=case.id,
        )  # fmt: skip
    notify(
        "objection",
        f"objection:{made.pk}",
        f"“{published.resource.title}”有一条记录被提出异议，请受理。",
        agency=keeper,
    )
    subjects = [found.subject] if found.subject is not None else []
    record(f"objection:{made.pk}", subjects=subjects, detail={"resource": resource, "row": row, "item": item})
    return view(made, published)


def _may_dispute(actor: Actor, published: Published, subject: int | None) -> bool:
    known = registries.subject(subject) if subject is not None else None
    if known is not None and actor.subject is not None and actor.subject in known.members:
        return True
    return bool(actor.agency) or not about_persons(published.resource, known.kind if known else "")


def _region(agency: str) -> str:
    found = directory.agency(agency)
    return found.region if found else settings.PROVINCE


@verb("exchange.accept_objection", "受理数据异议")
def accept_objection(*, actor: Actor, number: int, accept: bool, reason: str = "") -> ObjectionView:
    """Take an objection up (受理), or not (不予受理, with a reason).

    By the row's owner or who took its place, never by who raised it.
    """
    found, published = _locked(number, "raised")
    require(agency=directory.keeper(found.agency))
    _answer(actor, found, ACCEPT, agree=accept, reason=reason)
    if accept:
        return _moved(found, published, "accepted", reason, "已受理，正在核实。")
    return _decided(actor, found, published, "declined", reason)


@verb("exchange.verify_objection", "核实数据异议")
def verify_objection(*, actor: Actor, number: int, upheld: bool, reason: str) -> ObjectionView:
    """Say what the check found: the row is wrong and will be corrected, or it is right and the objection rejected (驳回)."""
    found, published = _locked(number, "accepted")
    require(agency=directory.keeper(found.agency))
    if not reason.strip():
        raise Refused("objection.reason", "没有写明核实的结果。", "请写明核实经过和依据。")
    _answer(actor, found, VERIFY, agree=upheld, reason=reason)
    if upheld:
        found.decided_at = timezone.now()
        return _moved(found, published, "upheld", reason, "核实属实，将予更正。")
    return _decided(actor, found, published, "rejected", reason)


@verb("exchange.correct_objection", "办结数据更正")
def correct_objection(*, actor: Actor, number: int, reason: str = "") -> ObjectionView:
    """Close an upheld objection once the row was corrected by a delivery or an online entry, or withdrawn.

    Whoever had received the row is told. Raises `Refused` objection.uncorrected while the row still says the same.
    """
    found, published = _locked(number, "upheld")
    require(agency=directory.keeper(found.agency))
    now = versions.current(published, found.key)
    if now is not None and now.digest == found.digest:
        raise Refused(
            "objection.uncorrected", "这条记录还没有更正。", "请先报送更正后的数据，或在线录入这一条，再办结。"
        )
    _answer(actor, found, CORRECT, agree=True, reason=reason)
    _tell_recipients(found, published)
    return _decided(actor, found, published, "corrected", reason or "已按核实结果更正。")


def _locked(number: int, state: State) -> tuple[Objection, Published]:
    found = Objection.objects.select_for_update().filter(pk=number).first()
    if found is None or found.state != state:
        at = f"，现为“{TITLES[found.state]}”" if found else ""
        raise Refused("objection.state", f"第 {number} 号异议不在可以这样办理的环节{at}。", "请从异议列表重新进入。")
    return found, catalogue.published(found.resource)


def _answer(actor: Actor, found: Objection, stage: str, *, agree: bool, reason: str) -> None:
    if found.case is None:
        raise LookupError(f"objection {found.pk} has no case")
    move = Move.AGREE if agree else Move.DISAGREE
    procedures.answer(actor=actor, case=found.case, answer=move, reason=reason, stage=stage)


def _moved(found: Objection, published: Published, state: State, reason: str, said: str) -> ObjectionView:
    found.state, found.reason = state, reason.strip()
    found.save()
    text = f"您对“{published.resource.title}”一条记录提出的异议{said}{found.reason}"
    notify("objection", f"objection:{found.pk}", text, person=found.person)
    record(f"objection:{found.pk}", detail={"state": state})
    return view(found, published)


def _decided(actor: Actor, found: Objection, published: Published, state: State, reason: str) -> ObjectionView:
    """End the matter: the mark goes when no other objection to the row is open, and who raised it is told."""
    found.decided_at = timezone.now()
    others = Objection.objects.filter(resource=found.resource, key=found.key, state__in=OPEN).exclude(pk=found.pk)
    if not others.exists():
        row_marks.end((published.table, found.key), Mark.DISPUTED, by=actor.person, reason=TITLES[state])
    return _moved(found, published, state, reason, f"{TITLES[state]}。")


def _tell_recipients(found: Objection, published: Published) -> None:
    """Tell every agency and person who read this subject's rows of the resource before, but for the owner."""
    if found.subject is None:
        return
    members = registries.members(found.subject) or (found.subject,)
    text = f"您查阅过的“{published.resource.title}”中有一条记录已经更正，请以现行数据为准并复核已作的使用。"
    received = readers(members, f"resource:{found.resource}")
    agencies = {one.agency for one in received if one.agency} - {found.agency}
    persons = {one.person for one in received if not one.agency} - {found.person}
    for agency in sorted(agencies):
        notify("correction", f"resource:{found.resource}", text, agency=agency)
    for person in sorted(persons):
        notify("correction", f"resource:{found.resource}", text, person=person)
