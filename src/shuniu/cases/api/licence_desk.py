"""The issuer's desk of licences: searching the library, what waits to be issued, reissuing."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from shuniu.base.masking import mask_name
from shuniu.cases.api import items
from shuniu.cases.api import licences as library
from shuniu.cases.declare.licence import LicenceLine, LicenceQuery, LicenceState, LicenceType, LicenceView, Unissued
from shuniu.cases.models import Case, Licence
from shuniu.cases.rules import licences as rules
from shuniu.cases.store import successions
from shuniu.procedures.calendars import api as calendars
from shuniu.registries import api as registries
from shuniu.trust.api import keyed, record, require, verb
from shuniu.trust.declare import Actor, Refused

MOST_UNISSUED = 50
_KINDS = ("uscc", "resident_id")


@verb("cases.find_holder", "按证件号码查找持证人", reads=True)
def find_holder(*, actor: Actor, identifier: str) -> int | None:
    """The subject that answers to exactly this unified social credit code or resident ID; None: nobody, or not one only."""
    require()
    value = identifier.strip().upper()
    found = next((one for kind in _KINDS if (one := registries.find_subject(kind, value)) is not None), None)
    record("licences", subjects=[found] if found is not None else [], detail={"identifier": keyed(value)})
    return found


@verb("cases.list_licences", "查询本单位制发的证照", reads=True)
def list_licences(
    *, actor: Actor, query: LicenceQuery, before: int | None = None, limit: int = 50
) -> list[LicenceLine]:
    """Licences that the actor's agency looks after, the newest first; `before` is the `id` of the last one seen."""
    require()
    today = timezone.localdate()
    rows = Licence.objects.filter(_asked(query, today), agency__in=successions.estate(actor.agency))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = [_line(row, today) for row in rows.order_by("-id")[:limit]]
    subjects = [query.holder] if query.holder is not None else []
    record(f"agency:{actor.agency}", subjects=subjects, detail={"licences": len(found), "type": query.type})
    return found


def _asked(query: LicenceQuery, today: date) -> Q:
    asked = Q()
    if query.number.strip():
        asked &= Q(number=query.number.strip())
    if query.holder is not None:
        asked &= Q(holder__in=library.one_with(query.holder))
    if query.type:
        asked &= Q(type=query.type)
    return asked & _stands(query.state, today) if query.state is not None else asked


def _stands(state: LicenceState, today: date) -> Q:
    """As `rules.state_on` says it, for the database: what has run out is expired without anybody's act."""
    ran_out = Q(state__in=[one.value for one in rules.IN_FORCE], valid_to__lt=today)
    if state is LicenceState.EXPIRED:
        return Q(state=state.value) | ran_out
    return Q(state=state.value) & ~ran_out if state in rules.IN_FORCE else Q(state=state.value)


def _line(row: Licence, today: date) -> LicenceLine:
    name = row.holder_name if row.holder_kind == "legal" else mask_name(row.holder_name)
    state = rules.state_on(LicenceState(row.state), row.valid_to, today)
    return LicenceLine(row.pk, row.number, row.title, name, state, row.valid_from, row.valid_to)


@verb("cases.list_unissued", "查看待制证的办件", reads=True)
def list_unissued(*, actor: Actor) -> list[Unissued]:
    """Granted cases of the actor's agency whose item issues a licence and that have none yet, the oldest first."""
    require()
    issuing = {one.item.key: one.item for one in items.published_all(actor.agency) if one.item.licences}
    none = ~Exists(Licence.objects.filter(case=OuterRef("pk")))
    own = Case.objects.filter(agency__in=successions.estate(actor.agency))
    rows = own.filter(none, state="granted", item__in=issuing).order_by("id")
    waiting = list(rows[:MOST_UNISSUED])
    dues = calendars.next_dues([row.matter for row in waiting if row.matter is not None])
    found = [
        Unissued(row.number, issuing[row.item].title, _masked(row), kinds, dues.get(row.matter or 0))
        for row in waiting
        if (kinds := _kinds(issuing[row.item].licences, actor.agency))
    ]
    record(f"agency:{actor.agency}", detail={"unissued": len(found)})
    return found


def _masked(case: Case) -> str:
    return case.applicant_name if case.applicant_kind == "legal" else mask_name(case.applicant_name)


def _kinds(names: tuple[str, ...], agency: str) -> tuple[LicenceType, ...]:
    return tuple(one for one in kinds_of(agency) if one.key in names)


def kinds_of(agency: str) -> tuple[LicenceType, ...]:
    """The licence types that an agency issues: its own, and those of the agencies whose place it took."""
    own = successions.estate(agency)
    return tuple(one for one in library.KINDS.values() if one.agency in own)


def issue(
    *, actor: Actor, case: str, kind: str, valid_from: date | None = None, valid_to: date | None = None
) -> LicenceView:
    """Issue by a case a licence that its item names. Raises `Refused` as `issue_licence`, and licence.kind."""
    own = Case.objects.filter(agency__in=successions.estate(actor.agency))
    found = own.filter(number=case).values_list("item", "version").first()
    named = items.version(*found).item.licences if found is not None else ()
    if kind not in named or kind not in library.KINDS:
        raise Refused("licence.kind", f"办件 {case} 的事项不制发这种证照。", "请从待制证的办件中选择。")
    return library.issue_licence(
        actor=actor, case=case, licence=library.KINDS[kind], valid_from=valid_from, valid_to=valid_to
    )


@verb("cases.reissue_licence", "换发、补发证照")
def reissue_licence(*, actor: Actor, number: str, reason: str, basis: str) -> LicenceView:
    """Issue a licence anew, because it was lost or damaged, with what it says and its term: the old one is cancelled.

    The new one keeps the serial number under the next version (GB/T 36904-2018). Raises `Refused`: right.agency,
    licence.unknown, licence.reissue (not in force), licence.kind (its type is declared no more), licence.reason,
    licence.basis, licence.issuer.
    """
    row = Licence.objects.select_for_update().filter(number=number).first()
    require(agency=successions.keeper(row.agency) if row else None)
    if row is None:
        raise library.unknown()
    today = timezone.localdate()
    before = rules.state_on(LicenceState(row.state), row.valid_to, today)
    if before is not LicenceState.VALID:
        raise Refused("licence.reissue", f"证照现为“{before.title}”，不能换发。", "暂扣的先恢复；失效的请重新申请。")
    rules.change(before, LicenceState.CANCELLED, reason, basis)
    kind = library.KINDS.get(row.type)
    if kind is None:
        raise Refused("licence.kind", f"“{row.title}”这一证照类型已不再登记。", "请按新的证照类型重新申请。")
    made = _again(row, kind)
    library.add(actor, row, LicenceState.CANCELLED, f"换发为 {made.number}：{reason.strip()}", basis.strip())
    library.save(made)
    library.add(actor, made, LicenceState.VALID, f"换发，原证 {number}：{reason.strip()}", basis.strip())
    subjects = [row.holder] if row.holder is not None else []
    record(f"licence:{made.number}", subjects=subjects, detail={"replaces": number, "version": made.version})
    return library.view(made, events=True)


def _again(old: Licence, kind: LicenceType) -> Licence:
    agency, code = library.issuer(kind)
    first, version = old.number.partition("-")[0], old.version + 1
    serial = rules.serial_of(old.identifier)
    return library.signed(
        Licence(
            number=f"{first}-{version}", identifier=rules.identifier(kind, code, serial, version), version=version,
            replaces=old, type=old.type, title=old.title, single=old.single, agency=agency.key, agency_name=agency.name,
            holder=old.holder, holder_kind=old.holder_kind, holder_name=old.holder_name, content=old.content,
            valid_from=old.valid_from, valid_to=old.valid_to, case=old.case,
        )
    )  # fmt: skip
