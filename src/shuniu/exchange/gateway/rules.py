"""Limits of the gateway by the dated rules, and how a refusal is said over HTTP. Pure but for which pack is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings

from shuniu.base.rules import RuleBook
from shuniu.trust.declare import Refused


@dataclass(frozen=True)
class Limits:
    """What the rules allow on a day: seconds of skew, bytes of a question, identifiers and rows of one, hours of a token."""

    skew: int
    size: int
    batch: int
    rows: int
    once: int
    cases: tuple[str, ...]  # purposes that must name one
    failures: int  # of a live interface, one after the other, before it is left alone
    pause: int  # for so many seconds
    at_once: int  # questions that a process answers at a time
    wait: int  # seconds without any of them moving, after which nobody waits for room
    live: int  # of them, those that wait for one live interface
    files: int  # that a process takes in or gives out at a time
    file: int  # bytes of one
    file_days: int  # that one is kept at most
    portion: int  # bytes of one upload's request
    upload_hours: int  # that a file which has not come whole is waited for
    uploads: int  # of those at once, by one agency


@lru_cache(maxsize=16)
def limits(day: date) -> Limits:
    """The rules of a day. Raises NoRule where the pack lacks one."""
    book = RuleBook.load(settings.RULE_PACK)

    def number(key: str) -> int:
        return book.resolve(f"gateway.{key}", day).integer()

    return Limits(
        skew=number("skew.seconds"), size=number("request.bytes"), batch=number("batch.most"),
        rows=number("rows.most"), once=number("once.hours"),
        cases=book.resolve("gateway.case.needed", day).texts(),
        failures=number("live.failures"), pause=number("live.pause.seconds"), at_once=number("at_once"),
        wait=number("wait.seconds"), live=number("live.at_once"), files=number("files.at_once"),
        file=number("file.bytes"), file_days=number("file.days"), portion=number("upload.portion.bytes"),
        upload_hours=number("upload.hours"), uploads=number("upload.most"),
    )  # fmt: skip


class Later(Refused):
    """Not now: the same request may be made again after so many seconds."""

    def __init__(self, rule: str, message: str, remedy: str, seconds: int) -> None:
        super().__init__(rule, message, remedy)
        self.seconds = max(1, seconds)


_STATUSES = (
    ("gateway.method", 405), ("gateway.size", 413), ("gateway.type", 415), ("gateway.replay", 409), ("gateway.changed", 409),
    ("gateway.once", 409), ("gateway.rate", 429), ("grant.quota", 429), ("gateway.full", 503), ("gateway.down", 502),
    ("gateway.lies", 502), ("gateway.slow", 504), ("gateway.open", 503), ("gateway.busy", 503), ("gateway.unknown", 404),
    ("gateway.uncertified", 502), ("gateway.offset", 409), ("file.open", 429),
    ("catalogue.unknown", 404), ("gateway.range", 416), ("gateway.moment", 401), ("message.digest", 400),
    ("message.", 401), ("trust.unplaced", 409), ("trust.", 401), ("grant.", 403), ("share.", 403), ("right.", 403),
    ("file.size", 413), ("file.agreement", 403), ("file.expired", 410),
    ("gateway.purpose", 403), ("gateway.officer", 403), ("gateway.", 400),
)  # fmt: skip


def status_of(rule: str) -> int:
    """The HTTP status that says what kind of refusal a rule is."""
    return next((status for prefix, status in _STATUSES if rule.startswith(prefix)), 422)
