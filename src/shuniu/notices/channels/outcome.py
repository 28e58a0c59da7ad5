"""What a channel is given, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.conf import settings

PATIENCE = 10.0
"""How long the other side is waited for at each step: seconds. A worker that waits does nothing else."""


class Answer(StrEnum):
    """`trouble` is the channel's and not the delivery's: nothing else could be sent either, so the run ends."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # for good: another attempt would be refused as well
    LATER = "later"
    TROUBLE = "trouble"


@dataclass(frozen=True)
class Outgoing:
    """One delivery on its way out. `repr` shows neither address nor text, so logs cannot."""

    number: int
    reference: str
    address: str = field(repr=False)
    title: str = field(repr=False)
    text: str = field(repr=False)
    at: datetime


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt, and what the other side said."""

    answer: Answer
    said: str = field(repr=False)


Sender = Callable[[Outgoing], Outcome]


def setting(name: str) -> str:
    """What the host has set for a channel; empty where it has set nothing."""
    return str(getattr(settings, name, ""))
