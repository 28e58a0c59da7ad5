"""Letters as they stand in the tables, and the one filter of who may know of them. Called by `api` alone."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import lru_cache

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.utils import timezone

from shuniu.base.rules import region_prefix
from shuniu.cases.declare.letters import LetterBox, LetterLine, LetterPart, LetterState, PartState, Writer
from shuniu.cases.models import Letter, LetterAccused
from shuniu.cases.models import LetterPart as PartRow
from shuniu.cases.store import successions
from shuniu.directory import api as directory
from shuniu.procedures.calendars import api as calendars
from shuniu.procedures.calendars.declare import ClockView
from shuniu.trust import api as trust
from shuniu.trust.api import OVERSEE
from shuniu.trust.declare import Actor, Refused

_KEY, _PURPOSE = "letters.key", b"shuniu.cases.letter_writer"
_ALIKE = 0.3
"""From what share of common character groups two letters are shown as alike."""
_MOST_COMPARED = 2000


def seal(writer: Writer) -> bytes:
    """Who wrote a letter, encrypted: neither a dump nor a replica tells."""
    text = json.dumps([writer.name, writer.contact, writer.account], ensure_ascii=False)
    return trust.seal(_KEY, text.encode(), _PURPOSE)


def unseal(letter: Letter) -> Writer:
    name, contact, account = json.loads(trust.unseal(_KEY, letter.writer.sealed, _PURPOSE))
    return Writer(name, contact, account)


def digest_of(account: str) -> str:
    """An account as its letters are found by: a keyed digest, from which nobody reads the account; empty of nobody's."""
    return trust.keyed(f"letters:{account}") if account else ""


def unknown(number: str) -> Refused:
    """The same whether there is no such letter or this reader may not know of it."""
    return Refused("letters.unknown", f"没有来信 {number}，或者您不能查看它。", "请核对编号，或从来信列表进入。")


def next_number(at: datetime) -> str:
    """来电编号: the day and a running number; from a sequence, so that letters do not wait for one another."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval('cases_letter_serial')")
        return f"{timezone.localdate(at):%Y%m%d}{int(cursor.fetchone()[0]):06d}"


def with_above(agency: str) -> set[str]:
    """An agency and all above it."""
    parents = {one.key: one.parent for one in directory.agencies()}
    found, at = set[str](), agency
    while at and at not in found:
        found.add(at)
        at = parents.get(at) or ""
    return found


def with_below(agencies: Iterable[str]) -> set[str]:
    """These agencies and all below them."""
    wanted, every = set(agencies), {one.key: one.parent for one in directory.agencies()}
    grown = True
    while grown:
        more = {key for key, parent in every.items() if parent in wanted} - wanted
        wanted |= more
        grown = bool(more)
    return wanted


def is_wide(actor: Actor, box: LetterBox) -> bool:
    """Whether the actor's sight is not limited to what was handed to the actor's agency."""
    return actor.agency == box.centre or actor.may(OVERSEE)


def visible(actor: Actor, box: LetterBox) -> QuerySet[Letter]:
    """The letters of a box that this officer may know of: `rules.letters.may_see` in SQL. Every reading starts here."""
    rows = Letter.objects.filter(box=box.key)
    rows = rows.exclude(
        Exists(LetterAccused.objects.filter(letter=OuterRef("pk"), agency__in=with_above(actor.agency)))
    )
    handed = Q(Exists(_standing().filter(letter=OuterRef("pk"), agency__in=successions.estate(actor.agency))))
    if is_wide(actor, box):
        for region in actor.regions:
            handed |= Q(region__startswith=region_prefix(region))
    return rows.filter(handed)


def _standing() -> QuerySet[PartRow]:
    return PartRow.objects.exclude(state=PartState.MOVED)


def narrowed(rows: QuerySet[Letter], state: str) -> QuerySet[Letter]:
    """The letters that stand so: a LetterState; or handled ones of which a part now asked is late (`overdue`), or asked to
    be taken back (`returning`). As `line` says of each."""
    if state in tuple(LetterState) or not state:
        return rows.filter(state=state) if state else rows
    rows = rows.filter(state=LetterState.HANDLING)
    asked = _standing().filter(letter=OuterRef("pk"), round=OuterRef("round"))
    if state == "returning":
        return rows.filter(Exists(asked.exclude(return_reason="")))
    matters = PartRow.objects.filter(letter__in=rows).values_list("matter", flat=True)
    late = Q(matter__in=calendars.late([*matters])) | Q(state=PartState.SENT, sign_by__lt=timezone.now())
    return rows.filter(Exists(asked.filter(late)))


def one(actor: Actor, box: LetterBox, number: str, *, lock: bool = False) -> Letter:
    """A letter that this officer may know of. Raises Refused (letters.unknown)."""
    rows = visible(actor, box).filter(number=number)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise unknown(number)
    return found


def accused(letter: Letter) -> set[str]:
    return set(letter.accused.values_list("agency", flat=True))


def clocks(matters: Collection[int]) -> dict[int, ClockView]:
    """The term of each part, by its matter."""
    return {clock.case: clock for clock in calendars.clocks(list(matters)) if not clock.stage}


def part(row: PartRow, clock: ClockView | None, at: datetime) -> LetterPart:
    """A part with its clock; late is what was answered, or is not answered, after the due day."""
    state = PartState(row.state)
    ended = clock.ended if clock else None
    late = bool(clock and clock.due and state is not PartState.MOVED and (ended or timezone.localdate(at)) > clock.due)
    return LetterPart(
        row.pk, row.agency, row.task, row.round, state, row.sent_at, row.sign_by, clock.due if clock else None,
        late or (state is PartState.SENT and at > row.sign_by), clock.id if clock else 0, row.designated,
        row.return_reason, row.answer, row.answered_at,
    )  # fmt: skip


def with_parts(rows: QuerySet[Letter]) -> list[tuple[Letter, tuple[LetterPart, ...]]]:
    """Letters with their parts in three queries, however many."""
    found = list(rows.prefetch_related(Prefetch("parts", PartRow.objects.order_by("pk")), "accused", "ratings"))
    terms = clocks([one.matter for letter in found for one in letter.parts.all()]) if found else {}
    now = timezone.now()
    return [(letter, tuple(part(one, terms.get(one.matter), now) for one in letter.parts.all())) for letter in found]


def line(letter: Letter, parts: Iterable[LetterPart]) -> LetterLine:
    standing = [one for one in parts if one.state is not PartState.MOVED and one.round == letter.round]
    return LetterLine(
        letter.number, letter.category, letter.region, letter.title, letter.received_at, LetterState(letter.state),
        tuple(dict.fromkeys(one.agency for one in standing)), any(one.overdue for one in standing),
        any(one.return_reason for one in standing),
    )  # fmt: skip


def similar(rows: QuerySet[Letter], region: str, text: str, since: timedelta, most: int = 5) -> list[Letter]:
    """Those of these letters that came from the same region of late and say much the same, the most alike first.

    By pg_trgm where PostgreSQL has it and its locale knows Chinese letters, by pairs of characters where not.
    """
    near = rows.filter(region=region, received_at__gte=timezone.now() - since)
    if _has_trigrams():
        alike = TrigramSimilarity(Concat("title", Value(" ", TextField()), "text"), text)
        scored = near.annotate(alike=alike).filter(alike__gte=_ALIKE).order_by("-alike")
        return list(scored[:most])
    wanted = _pairs(text)
    found = [(_share(wanted, _pairs(f"{one.title} {one.text}")), one) for one in near.order_by("-pk")[:_MOST_COMPARED]]
    return [one for share, one in sorted(found, key=lambda pair: -pair[0]) if share >= _ALIKE][:most]


@lru_cache(maxsize=1)
def _has_trigrams() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select to_regprocedure('show_trgm(text)') is not null")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("select cardinality(show_trgm('路灯')) > 0")
        return bool(cursor.fetchone()[0])


def _pairs(text: str) -> set[str]:
    plain = "".join(text.split())
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


def _share(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def written_by(account: str) -> QuerySet[Letter]:
    """The letters that an account wrote; of nobody's none, and never a report."""
    return Letter.objects.filter(account=digest_of(account), sealed=False) if account else Letter.objects.none()


def public(box: LetterBox) -> QuerySet[Letter]:
    """The letters that stand in the anonymised list and are counted there: no reports, no matters of minors."""
    return Letter.objects.filter(box=box.key, sealed=False, minor=False)
