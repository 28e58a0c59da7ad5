"""Handing documents over after a decision (送达): by post or in person, how far it has come, and the evidence of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from shuniu.base.titled import Titled


class Way(Titled):
    """How an applicant wants the documents."""

    MAIL = "mail", "邮寄"
    PICKUP = "pickup", "自取"


class HandoverState(StrEnum):
    """How far documents have come. Signed and taken are ends; what was returned goes out again."""

    WAITING = "waiting"
    CONSIGNED = "consigned"
    TRANSIT = "transit"
    SIGNED = "signed"
    RETURNED = "returned"
    TAKEN = "taken"

    @property
    def ended(self) -> bool:
        return self in (HandoverState.SIGNED, HandoverState.TAKEN)

    @property
    def on_the_way(self) -> bool:
        return self in (HandoverState.CONSIGNED, HandoverState.TRANSIT)

    def title_by(self, way: Way) -> str:
        """The state in words: what waits is to be posted, or to be fetched."""
        waiting = "待交寄" if way is Way.MAIL else "待领取"
        titles = (waiting, "已交寄", "在途", "已签收", "已退回", "已领取")
        return titles[list(HandoverState).index(self)]


@dataclass(frozen=True)
class Addressee:
    """To whom and where documents are posted: personal data, kept sealed."""

    name: str = field(repr=False)
    telephone: str = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True)
class Parcel:
    """What a courier is asked to carry: our order number (asked twice, it carries once), what is in it, to whom."""

    order: str
    contents: str
    to: Addressee = field(repr=False)


@dataclass(frozen=True)
class Word:
    """What a courier says of a parcel: `event` is its own number of this word; `at` when it happened.

    Who signed is said by `signer`, why it came back by `said`.
    """

    event: str
    order: str
    waybill: str
    state: Literal["consigned", "transit", "signed", "returned"]
    at: datetime
    signer: str = ""
    said: str = ""


@dataclass(frozen=True)
class Told:
    """What is noted of a parcel: when it happened, who signed, why it came back, the courier's number of its word."""

    at: datetime
    signer: str = ""
    said: str = ""
    event: str = ""


@dataclass(frozen=True)
class HandoverEvent:
    """One thing that happened, kept as evidence (送达凭据). `who`: the officer, or the courier."""

    move: str
    at: datetime
    noted_at: datetime
    who: str
    said: str
    signer: str
    proof: str
    order: str

    @property
    def title(self) -> str:
        return MOVES.get(self.move, self.move)


MOVES: Mapping[str, str] = {
    "chosen": "申请人选择领取方式",
    "ordered": "窗口交寄下单",
    "consigned": "已交寄",
    "transit": "在途",
    "signed": "已签收",
    "returned": "已退回",
    "taken": "当面领取",
}
PROOFS: Mapping[str, str] = {
    "own": "本人有效身份证件",
    "proxy": "授权委托书和受托人身份证件",
    "seal": "单位介绍信和经办人身份证件",
}
"""What proved that somebody may take the documents."""


@dataclass(frozen=True)
class HandoverView:
    """How a case's documents stand; the address as far as its reader may see it (masked)."""

    case: str
    title: str
    agency: str
    way: Way
    state: HandoverState
    by_mail: bool
    name: str
    telephone: str
    address: str
    waybill: str
    contents: str
    chosen_at: datetime
    consigned_at: datetime | None
    late: bool
    events: tuple[HandoverEvent, ...]

    @property
    def state_title(self) -> str:
        return self.state.title_by(self.way)

    @property
    def receipt(self) -> HandoverEvent | None:
        """The evidence that the documents arrived."""
        ends = ("signed", "taken")
        return next((one for one in reversed(self.events) if one.move in ends), None) if self.state.ended else None


@dataclass(frozen=True)
class HandoverLine:
    """A case's documents in the window's list. Nobody's name."""

    case: str
    title: str
    way: Way
    state: HandoverState
    waybill: str
    since: datetime
    late: bool
