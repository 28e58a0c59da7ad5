"""Reading of cases: locked or not, their logs folded. One case is a set of one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone

from shuniu.base.periods import Term, Unit
from shuniu.procedures import migrating, rules, terms
from shuniu.procedures.declare import Event, Move, Procedure, State
from shuniu.procedures.models import Case, Declaration
from shuniu.trust.api import fetch_prepared
from shuniu.trust.declare import Refused

_COLUMNS = [column.attname for column in Case._meta.concrete_fields]
_LANES = _COLUMNS.index("lanes")
# With what they are parts of, in order of their ids: two acts never wait for each other. The logs are read afterwards, by a
# statement of their own: one that had waited for the lock would still see them as they were when it began.
_LOCK = f"""
with recursive family as (
  select id, parent_id from procedures_case where id = any(%s::bigint[])
  union select c.id, c.parent_id from procedures_case c join family f on c.id = f.parent_id
)
select {", ".join(f"c.{column}" for column in _COLUMNS)} from procedures_case c
where c.id = any(array(select id from family)) order by c.id for update of c
""".encode()
_LOGS = b"""
select case_id, seq, verb, person, person_name, at, stage, seat, "to", reason, rule from procedures_event
where case_id = any(%s::bigint[]) order by case_id, seq
"""
_STORED = f"select id from {Declaration._meta.db_table} where key = %s and version = %s".encode()


def term_of(row: Case) -> Term | None:
    """The time that was promised for a case as a whole, if any."""
    return None if row.term_amount is None else Term(row.term_amount, Unit(row.term_unit))


@dataclass
class Loaded:
    """A case with its log folded, and what this act adds to the log."""

    row: Case
    procedure: Procedure
    state: State
    events: list[Event]
    fresh: list[Event]
    was: State | None = None  # as the projections have it; None: they have nothing
    parent: Loaded | None = field(default=None, repr=False)

    def add(self, *events: Event) -> None:
        """Apply events, then ask whoever the stages that became ready wait for. Raises Refused."""
        for event in events:
            self._put(event)
        self._ask(events[-1])

    def migrate(self, procedure: Procedure, state: State, event: Event) -> None:
        """Go on under another version, in which the case has become this state; then ask as `add` does."""
        self.procedure, self.state, self.was = procedure, state, None
        self._log(replace(event, seq=len(self.events)))
        self._ask(event)

    def _ask(self, last: Event) -> None:
        for stage in rules.unseated(self.procedure, self.state):
            lanes = tuple(self.row.lanes.get(stage) or (self.row.agency,))
            rule = terms.stage_rule(self.procedure[stage], timezone.localdate(last.at), self.row.region)
            self._put(Event(0, Move.SEAT, last.person, last.person_name, last.at, stage, to=lanes, rule=rule))

    def _put(self, event: Event) -> None:
        event = replace(event, seq=len(self.events))
        self.state = rules.apply(self.procedure, self.state, event)
        self._log(event)

    def _log(self, event: Event) -> None:
        self.events.append(event)
        self.fresh.append(event)


def locked(cases: Iterable[int]) -> list[Loaded]:
    """Lock these cases, and those that they are parts of, and fold their logs. Raises Refused (procedures.unknown)."""
    wanted = sorted(set(cases))
    rows = [_case(row) for row in fetch_prepared(_LOCK, [wanted])] if wanted else []
    found = {case.row.pk: case for case in fold(rows)}
    if missing := [one for one in wanted if one not in found]:
        raise unknown(missing[0])
    for case in found.values():
        case.parent = found.get(case.row.parent_id or 0)
    return [found[one] for one in wanted]


def _case(row: Sequence[object]) -> Case:
    lanes = row[_LANES]
    values = [*row]
    values[_LANES] = json.loads(lanes) if isinstance(lanes, str) else lanes
    return Case.from_db(DEFAULT_DB_ALIAS, _COLUMNS, values)


def unknown(case: int) -> Refused:
    """The refusal of a case that is not there, or that its reader may not know of."""
    return Refused(
        "procedures.unknown",
        f"没有编号为 {case} 的事项，或者您不能查看它。",
        "请从待办列表重新进入，或者向承办单位查询。",
    )


def fold(rows: Sequence[Case]) -> list[Loaded]:
    """The cases of these rows with their logs folded."""
    if not rows:
        return []
    procedures = {number: declared(number) for number in {row.declaration_id for row in rows}}
    logs: dict[int, list[Event]] = {row.pk: [] for row in rows}
    for case, seq, move, person, name, at, stage, seat, to, reason, rule in fetch_prepared(_LOGS, [[*logs]]):
        logs[case].append(Event(seq, Move(move), person, name, at, stage, seat, tuple(to), reason, rule))
    versions = _versions({p.key for p in procedures.values()}) if any(map(migrating.needed, logs.values())) else {}
    loaded = []
    for row in rows:
        procedure, log = procedures[row.declaration_id], logs[row.pk]
        state = migrating.fold(procedure, log, versions.get(procedure.key, {}))
        loaded.append(Loaded(row, procedure, state, log, [], was=state))
    return loaded


def _versions(keys: Iterable[str]) -> dict[str, dict[int, Procedure]]:
    """Every version of these procedures under which a case was opened or to which one was moved."""
    found: dict[str, dict[int, Procedure]] = {}
    for number, key, version in Declaration.objects.filter(key__in=keys).values_list("pk", "key", "version"):
        found.setdefault(key, {})[version] = declared(number)
    return found


@lru_cache(maxsize=4096)
def declared(number: int) -> Procedure:
    """The procedure of a stored declaration: what was stored once never changes."""
    return Procedure.model_validate(Declaration.objects.get(pk=number).form)


def declaration(procedure: Procedure) -> Declaration:
    """The stored form of a procedure. Raises ValueError when that version was stored with another content."""
    stored = fetch_prepared(_STORED, [procedure.key, procedure.version])
    if stored:
        row = Declaration(pk=stored[0][0])
    else:
        form = procedure.model_dump(mode="json")
        row, _ = Declaration.objects.get_or_create(
            key=procedure.key, version=procedure.version, defaults={"form": form}
        )
    # as declarations, not as text: what a later release added to a stage says nothing about an earlier one
    if declared(row.pk) != procedure:
        raise ValueError(f"程序“{procedure.key}”第 {procedure.version} 版已按另一内容使用过；内容有变时请升版本号")
    return row


def family(case: Loaded) -> list[int]:
    """The parts of a case that still run."""
    return [part.case for part in case.state.parts if not part.outcome]
