"""What rules judge a case by, and what they find in it."""

from __future__ import annotations

from datetime import date, datetime

from shuniu.assessment.declare.rules import Level, Limit
from shuniu.catalogue.declare import Frozen
from shuniu.procedures.calendars.declare import Kind


class Clocked(Frozen):
    """One clock of a case as it stood; `own`: no law and no promise gives its term, the platform's default does."""

    id: int
    kind: Kind
    stage: str
    start: date
    term: str
    due: date | None
    ended: date | None
    provisional: bool
    own: bool = False


class Moved(Frozen):
    """One event of a case, without what was said in it (`reasoned`: that something was); of officers in seats, who."""

    seq: int
    move: str
    stage: str
    person: str
    person_name: str
    at: datetime
    to: tuple[str, ...]
    reasoned: bool
    seat: int = 0


class Halt(Frozen):
    """One span in which the clocks of a case stood still."""

    kind: str
    begun: date
    ended: date | None


class Charge(Frozen):
    """One line of a bill, in fen; `known`: its rule is one of the fee table, which allows `standard` for one."""

    title: str
    amount: int
    rule: str
    known: bool
    unit: int = 0
    standard: int = 0


class Warned(Frozen):
    """A card that the case had before, and whose it was."""

    rule: str
    level: Level
    ladder: str
    stage: str
    on: date
    answered: bool
    seat: int = 0
    agency: str = ""
    person: str = ""
    person_name: str = ""


class Facts(Frozen):
    """All that rules judge a case by, as it stood at one moment. `applied` is an application's day of receipt.

    `taken_up` is the day on which it was accepted, declined or 补正 was asked for; None: not yet, or no application.
    """

    matter: int
    object: str
    title: str
    agency: str
    region: str
    outcome: str
    applied: date | None
    taken_up: date | None
    ended: date | None
    titles: tuple[tuple[str, str], ...]
    clocks: tuple[Clocked, ...]
    moves: tuple[Moved, ...]
    halts: tuple[Halt, ...]
    charges: tuple[Charge, ...]
    warned: tuple[Warned, ...]


class Finding(Frozen):
    """What a rule found: since which day, how many working days over its due day or limit, whose it was.

    `last` is the last day on which all was still in order: what lies before supervision began makes no card.

    `stage` is "" for the whole case, and names the kind of stop for LONG_STOP and LATE_STOP; `seat` is the stage's seat
    that is late, so that each of several agencies answers for its own. `ladder` is what climbs from reminder to red: of
    one ladder, stage and seat only what is graver than before makes another card.
    """

    rule: str
    level: Level
    ladder: str
    stage: str
    seat: int = 0
    agency: str
    person: str
    person_name: str
    since: date
    last: date
    late: int
    clock: int | None
    limit: Limit
    said: str
