"""What a courier must be able to do for us. What it says comes as a signed `Message`, called or asked for, by one door.

Asking for the same order twice makes one. A production gateway is another class of this shape.
"""

from __future__ import annotations

from typing import Protocol

from shuniu.cases.declare.postal import Parcel, Word
from shuniu.cases.partner import Message


class Courier(Protocol):
    """A courier. Every method but `read` talks to it and raises OSError when it cannot be reached."""

    def order(self, parcel: Parcel, *, notify: str) -> str:
        """Have a parcel collected; its waybill number. `notify` is where the courier tells of it."""

    def ask(self, order: str) -> tuple[Message, ...]:
        """All that the courier knows of an order, the oldest first; nothing for one that it never got."""

    def read(self, message: Message) -> Word:
        """What a message says. Raises Refused: postal.signature, postal.form."""
