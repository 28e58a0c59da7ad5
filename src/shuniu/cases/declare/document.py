"""Official documents (公文): the draft as its author writes it, its number, who signed, and to whom it went.

Elements and rules: 党政机关公文处理工作条例 (中办发〔2012〕14号), layout GB/T 9704-2012. Nothing above public or internal is
written here: state secrets never enter the platform, so a document has no classification.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from shuniu.catalogue.declare import Frozen

Urgency = Literal["", "特急", "加急"]


class Draft(Frozen):
    """A document as it is drafted: everything that people write. Its number, date and signers come of signing it."""

    kind: str  # 文种, one of the day's rule `documents.kinds`
    title: Annotated[str, Field(min_length=1, max_length=200)]
    code: Annotated[str, Field(pattern=r"^[\u4e00-\u9fa5]{1,20}$")]  # 机关代字
    to: tuple[str, ...] = ()  # 主送机关, keys of agencies
    copies: tuple[str, ...] = ()  # 抄送机关, keys of agencies
    body: Annotated[tuple[str, ...], Field(min_length=1)]  # paragraphs
    attachments: tuple[str, ...] = ()  # 附件说明: their names
    note: str = ""  # 附注, without its brackets
    urgency: Urgency = ""


class DocumentState(StrEnum):
    """How far a document is, derived from what happened to it."""

    DRAFT = "draft"
    REVIEW = "review"
    SIGNED = "signed"
    VOID = "void"

    @property
    def title(self) -> str:  # type: ignore[override]  # str.title is of no use here
        return ("起草", "审签", "已签发", "作废")[list(DocumentState).index(self)]


@dataclass(frozen=True, order=True)
class DocumentNumber:
    """发文字号: 机关代字〔年〕号, without 第 and without leading zeros (GB/T 9704-2012, 7.2.5)."""

    code: str
    year: int
    serial: int

    def __str__(self) -> str:
        return f"{self.code}〔{self.year}〕{self.serial}号"


@dataclass(frozen=True)
class Void:
    """A number that was given and is no longer used, and why."""

    number: DocumentNumber
    reason: str
    person_name: str
    at: datetime


@dataclass(frozen=True)
class Opinion:
    """What one person said at one step, as the document's opinion boxes print it."""

    stage: str
    stage_title: str
    person_name: str
    said: str  # 同意 · 不同意 · 退回
    words: str
    at: datetime


@dataclass(frozen=True)
class Compared:
    """One row of two versions side by side, sentence by sentence."""

    change: Literal["same", "changed", "removed", "added"]
    old: str
    new: str

    @property
    def title(self) -> str:
        return {"same": "未改", "changed": "修改", "removed": "删去", "added": "增加"}[self.change]


@dataclass(frozen=True)
class Sent:
    """A document on its way to one agency; `received_at` None: not yet signed for."""

    id: int
    document: int
    agency: str
    sent_at: datetime
    due: date
    chased: tuple[datetime, ...]
    received_at: datetime | None
    received_by: str
    digest: str  # SHA-256 of what was handed over


@dataclass(frozen=True)
class DocumentView:
    """A document as it stands."""

    id: int
    agency: str
    state: DocumentState
    versions: tuple[Draft, ...]
    number: DocumentNumber | None
    signed_on: date | None
    signers: tuple[str, ...]
    opinions: tuple[Opinion, ...]
    sent: tuple[Sent, ...]
    void: Void | None = None

    @property
    def draft(self) -> Draft:
        """The newest version."""
        return self.versions[-1]
