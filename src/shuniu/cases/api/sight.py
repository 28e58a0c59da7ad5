"""Who of the officers sees a case: the rule behind reading one, and the same rule asked about somebody without reading."""

from __future__ import annotations

from collections.abc import Collection

from shuniu.cases.models import Case
from shuniu.cases.store import cases as store
from shuniu.cases.store import successions
from shuniu.directory.declare import ALL_AGENCIES
from shuniu.procedures import api as procedures
from shuniu.trust.api import denied, record, require, verb
from shuniu.trust.declare import Actor, Refused

READ = "cases.read_case"


def unseen(reader: Actor, case: Case, seats: Collection[str]) -> Refused | None:
    """Why an officer may not read a case, on which the agencies of `seats` work; None when he may. Not for whose it is."""
    if reader.agency not in {*seats, successions.keeper(case.agency)}:
        return store.unknown(case.number)
    return denied(reader, READ, "查看办件", region=case.region)


@verb("cases.explain_sight", "查问能否查看办件", reads=True)
def explain_sight(*, actor: Actor, reader: Actor, number: str) -> Refused | None:
    """Why an officer (`reader`, as the directory explained him) may not read a case, or None; nothing of the case is read.

    For oneself; of others for who may list their accounts, and for the auditor. One that is not there and one that is
    another agency's get the same answer. Raises Refused right.missing, right.agency.
    """
    require()
    if reader.person != actor.person and not actor.may("directory.read_rights_on"):
        require(capability="directory.list_accounts", agency=None if actor.may(ALL_AGENCIES) else reader.agency)
    case = Case.objects.filter(number=number).first()
    refused = denied(reader, READ, "查看办件")
    if refused is None:
        refused = store.unknown(number) if case is None else unseen(reader, case, _seats(case))
    record(
        f"case:{case.number}" if case else "case",
        detail={"reader": reader.person, "refused": refused.rule if refused else ""},
    )
    return refused


def _seats(case: Case) -> set[str]:
    """The agencies that work on a case; none for a part that has not come to its turn."""
    if case.matter is None:
        return set()
    standing, _history = procedures.case_and_history(case.matter)
    return {seat.agency for seat in standing.seats}
