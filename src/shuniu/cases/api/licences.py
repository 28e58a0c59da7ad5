"""Licences (电子证照): issued by a case, verified by anybody, changed by events, reused as materials."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from shuniu.base.masking import mask_name
from shuniu.cases.api import delivering, owing
from shuniu.cases.api.licence_kinds import KINDS as KINDS
from shuniu.cases.api.licence_kinds import register as register
from shuniu.cases.api.whose import claim, for_another
from shuniu.cases.declare.licence import LicenceChecked, LicenceEvent, LicenceState, LicenceType, LicenceView
from shuniu.cases.models import Case, Licence
from shuniu.cases.models import LicenceEvent as EventRow
from shuniu.cases.rules import licences as rules
from shuniu.cases.store import licences as store
from shuniu.cases.store import successions
from shuniu.cases.store.cases import subjects
from shuniu.directory import api as directory
from shuniu.directory.declare import Agency
from shuniu.registries import api as registries
from shuniu.registries.api.files import who_is
from shuniu.trust.api import countersign, keyed, record, require, signed_by_platform, verb
from shuniu.trust.declare import Actor, Json, Refused, Signature

CHECK_BYTES = 5
"""Random bytes of a check code: eight letters and digits, so that numbers in a row open nothing."""


NEXT = rules.NEXT
"""What may follow what: what a page offers."""


@verb("cases.issue_licence", "制发证照")
def issue_licence(
    *, actor: Actor, case: str, licence: LicenceType, valid_from: date | None = None, valid_to: date | None = None
) -> LicenceView:
    """Issue a licence by a granted case (its number), signed and numbered; what it says is taken from the case's answers.

    `valid_to` is stated for the types whose term the law sets by the holder, and for no other. The same case asked twice
    for the same type gives the first licence. Raises `Refused`: right.agency, licence.term (a last day too much or missing),
    licence.case (no such case, or not granted), licence.holder (another kind of holder), licence.issuer (the agency has
    no unified social credit code), licence.held (the holder has one in force), fees.unpaid.
    """
    require(agency=successions.keeper(licence.agency))
    row = Case.objects.select_for_update().filter(number=case).first()
    if row is None or row.state != "granted":
        raise Refused("licence.case", f"办件 {case} 没有准予决定，不能制发证照。", "请先作出准予决定。")
    if licence.holder not in (row.applicant_kind, "any"):
        raise Refused("licence.holder", f"“{licence.title}”不发给这类申请人。", "请核对事项与证照类型。")
    earlier = Licence.objects.filter(case=row, type=licence.key).first()
    if earlier is not None:
        record(f"licence:{earlier.number}", detail={"repeated": True})
        return view(earlier)
    owing.check_delivery(row)
    first = valid_from or timezone.localdate()
    last = rules.last_day(licence, first, valid_to)
    run_out(licence, row.applicant)
    made = _make(row, licence, first, last)
    save(made)
    add(actor, made, LicenceState.VALID, f"办件 {case} 准予，制发", licence.title)
    delivering.done(row)
    record(f"licence:{made.number}", subjects=subjects(row), detail={"case": case, "digest": keyed(made.digest)})
    return view(made)


def _make(case: Case, kind: LicenceType, first: date, last: date | None) -> Licence:
    serial = store.next_serial(first.year)
    agency, code = issuer(kind)
    return signed(
        Licence(
            number=f"{agency.region[:6].ljust(6, '0')}{kind.number}{serial}",
            identifier=rules.identifier(kind, code, serial), type=kind.key, title=kind.title, single=kind.single,
            agency=agency.key, agency_name=agency.name, holder=case.applicant, holder_kind=case.applicant_kind,
            holder_name=case.applicant_name, content=[list(one) for one in _content(case, kind)],
            valid_from=first, valid_to=last, case=case,
        )
    )  # fmt: skip


def issuer(kind: LicenceType) -> tuple[Agency, str]:
    """Who issues a type today, with its unified social credit code. Raises Refused licence.issuer."""
    agency = directory.agency(successions.keeper(kind.agency))
    if agency is None or not agency.uscc:
        raise Refused("licence.issuer", "颁发机构没有统一社会信用代码，不能生成证照标识。", "请先在机构目录中补登。")
    return agency, agency.uscc


def signed(made: Licence) -> Licence:
    """A licence that is about to be issued, signed by the platform, with a check code."""
    content = tuple((title, value) for title, value in made.content)
    made.digest = rules.digest(made.number, content, made.valid_from, made.valid_to)
    by = countersign(made.digest.encode())
    made.signature, made.key = by.signature, by.key
    made.check_code = base64.b32encode(secrets.token_bytes(CHECK_BYTES)).decode()
    made.issued_at, made.state = timezone.now(), LicenceState.VALID.value
    return made


def save(made: Licence) -> None:
    """Write a new licence. Raises Refused licence.held where the holder has one in force and may have one only."""
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as held:
        if "licence_one_in_force" not in str(held):
            raise
        raise Refused(
            "licence.held",
            f"{made.holder_name}已有有效的“{made.title}”。",
            "请办理变更或者延续；旧证应先注销。",
        ) from held


def _content(case: Case, kind: LicenceType) -> tuple[tuple[str, str], ...]:
    who = who_is(case.applicant) if case.applicant is not None else None
    held = {**case.answers, "name": case.applicant_name, "code": who.code if who else ""}
    return tuple((title, str(held[name])) for name, title in kind.fields if held.get(name))


def run_out(kind: LicenceType, holder: int | None) -> None:
    """Write down what the calendar says already, so that a new one may follow one that has run out."""
    if holder is None:
        return
    past = Licence.objects.select_for_update().filter(
        type=kind.key, holder__in=one_with(holder), valid_to__lt=timezone.localdate(),
        state__in=[state.value for state in rules.IN_FORCE],
    )  # fmt: skip
    for row in past:
        add(directory.system("worker"), row, LicenceState.EXPIRED, "有效期届满", "证照载明的有效期")


@verb("cases.change_licence", "变更证照状态")
def change_licence(*, actor: Actor, number: str, state: LicenceState, reason: str, basis: str) -> LicenceView:
    """Suspend, restore, revoke, withdraw, cancel or expire a licence: an event with reason and legal basis.

    Raises `Refused`: right.agency, licence.unknown, licence.state, licence.reason, licence.basis, licence.held.
    """
    row = Licence.objects.select_for_update().filter(number=number).first()
    require(agency=successions.keeper(row.agency) if row else None)
    if row is None:
        raise unknown()
    # What has run out stays so: it may be cancelled, not restored.
    before = rules.state_on(LicenceState(row.state), row.valid_to, timezone.localdate())
    rules.change(before, state, reason, basis)
    add(actor, row, state, reason.strip(), basis.strip())
    detail: dict[str, Json] = {"from": before.value, "to": state.value}
    record(f"licence:{number}", subjects=[row.holder] if row.holder is not None else [], detail=detail)
    return view(row)


@verb("cases.read_licences", "查看我的证照", reads=True)
def licences(*, actor: Actor) -> list[LicenceView]:
    """The actor's own licences and those that he may receive for another, those in force first, then the newest."""
    require()
    mine = Q(holder__in=one_with(actor.subject)) | Q(case__in=Case.objects.filter(for_another(actor, "receive")))
    found = Licence.objects.filter(mine).select_related("case").order_by("-id")
    listed = sorted((view(one) for one in found), key=lambda one: one.state is not LicenceState.VALID)
    subjects = [actor.subject] if actor.subject is not None else []
    record("licences", subjects=subjects, detail={"licences": len(listed)})
    return listed


@verb("cases.read_licence", "查看证照", reads=True)
def licence(*, actor: Actor, number: str) -> LicenceView:
    """One licence with its events: for its holder and for officers of who looks after it. Raises `Refused` licence.unknown."""
    require()
    row = Licence.objects.filter(number=number).select_related("case").first()
    own = row is not None and (row.holder in one_with(actor.subject) or _kept_by(actor, row))
    if row is None or not (own or claim(actor, row.case, "receive", "cases.read_licence")):
        raise unknown()
    record(f"licence:{number}", subjects=[row.holder] if row.holder is not None else [])
    return view(row, events=True)


def _kept_by(actor: Actor, row: Licence) -> bool:
    return bool(actor.agency) and actor.agency == successions.keeper(row.agency)


@verb("cases.verify_licence", "核验证照", reads=True)
def verify_licence(*, actor: Actor, number: str, check: str) -> LicenceChecked:
    """What anybody may learn of a licence whose number and check code he has. Raises `Refused` licence.unknown.

    A wrong code is refused like an unknown number: numbers run on, and nobody shall leaf through them.
    """
    require()
    row = Licence.objects.filter(number=number.strip()).first()
    if row is None or not hmac.compare_digest(row.check_code.encode(), check.strip().upper().encode()):
        raise unknown()
    record(f"licence:{row.number}", subjects=[row.holder] if row.holder is not None else [])
    seen = view(row, events=True)
    name = row.holder_name if row.holder_kind == "legal" else mask_name(row.holder_name)
    return LicenceChecked(
        seen.number, seen.title, seen.agency_name, name, seen.valid_from, seen.valid_to, seen.state,
        seen.events[-1].at, seen.digest if row.holder_kind == "legal" else "", intact(seen),
    )  # fmt: skip


def one_with(subject: int | None) -> set[int]:
    """Every id that is one with a subject, itself included; none for nobody."""
    return set() if subject is None else {subject, *registries.members(subject)}


def in_force(holder: int, types: Sequence[str]) -> dict[str, str]:
    """Numbers of the holder's licences of these types that are valid today, the newest of each, by type."""
    found = Licence.objects.filter(holder__in=one_with(holder), type__in=types, state=LicenceState.VALID.value)
    today = timezone.localdate()
    return {
        one.type: one.number
        for one in found.order_by("id")
        if one.valid_from <= today and rules.state_on(LicenceState.VALID, one.valid_to, today) is LicenceState.VALID
    }


def intact(seen: LicenceView) -> bool:
    """Whether what is kept is what the platform signed when the licence was issued."""
    digest = rules.digest(seen.number, seen.content, seen.valid_from, seen.valid_to)
    return digest == seen.digest and signed_by_platform(digest.encode(), Signature(seen.key, seen.signature))


def view(row: Licence, *, events: bool = False) -> LicenceView:
    """A licence as it stands today."""
    history = tuple(
        LicenceEvent(
            one.seq, LicenceState(one.state), one.reason, one.basis, one.person_name, one.agency_name, one.at
        )
        for one in EventRow.objects.filter(licence=row).order_by("seq")
    ) if events else ()  # fmt: skip
    return LicenceView(
        row.number, row.identifier, row.type, row.title, row.agency, row.agency_name, row.holder, row.holder_kind,
        row.holder_name, tuple((title, value) for title, value in row.content), row.valid_from, row.valid_to,
        rules.state_on(LicenceState(row.state), row.valid_to, timezone.localdate()), row.case.number, row.check_code,
        row.digest, row.signature, row.key, row.issued_at, history, row.version,
        row.replaces.number if row.replaces is not None else "", _replaced_by(row),
    )  # fmt: skip


def _replaced_by(row: Licence) -> str:
    return Licence.objects.filter(replaces=row).values_list("number", flat=True).first() or "" if row.pk else ""


def add(actor: Actor, row: Licence, state: LicenceState, reason: str, basis: str) -> None:
    """Write one more event of a licence, and the state that it leads to."""
    EventRow.objects.create(
        licence=row, seq=EventRow.objects.filter(licence=row).count() + 1, state=state.value, reason=reason,
        basis=basis, person=actor.person, person_name=actor.name, agency_name=actor.agency_name, at=timezone.now(),
    )  # fmt: skip
    if row.state != state.value:
        row.state = state.value
        row.save(update_fields=["state"])


def unknown() -> Refused:
    """The refusal of a number that nobody has, or that the reader may not know of."""
    return Refused(
        "licence.unknown",
        "没有这个证照，或者校验码不符。",
        "请逐字核对证照编号和校验码；仍不符的，请向持证人索要原件。",
    )
