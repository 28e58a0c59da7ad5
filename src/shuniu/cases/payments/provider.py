"""What a payment provider must be able to do for us, by signed messages.

Whatever tells of money comes as one `Message`, whether the provider called or was asked, and goes in by one door.
Asking for the same order or refund twice makes one. A production gateway is another class of this shape.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from shuniu.cases.declare.fee import Order, RefundOrder, Trade
from shuniu.cases.partner import Message


class Provider(Protocol):
    """A payment provider. Every method but `read` talks to it and raises OSError when it cannot be reached."""

    def create(self, order: Order, *, title: str, back: str, notify: str) -> str:
        """Announce an order; the address at which it is paid. `back` is where the payer returns to."""

    def ask(self, number: str) -> Message | None:
        """What the provider knows of the payment of an order; None when it was not paid."""

    def refund(self, order: RefundOrder) -> Message:
        """Have a refund carried out; the confirmation."""

    def read(self, message: Message) -> Trade:
        """What a message says. Raises Refused: fees.signature, fees.form."""

    def statement(self, day: date) -> tuple[Trade, ...]:
        """Every payment and refund of a day (Beijing time), for reconciliation."""
