"""A material: what must be proven, and by what. What the government already holds is not asked for again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from shuniu.base.titled import Titled
from shuniu.cases.declare.condition import Condition
from shuniu.catalogue.declare import Frozen


class ByFact(Frozen):
    """A row of the applicant in a resource that meets a condition (over the resource's items)."""

    kind: Literal["fact"] = "fact"
    resource: str
    condition: Condition | None = None


class ByLicence(Frozen):
    """A licence of this type that is in force and in the applicant's name."""

    kind: Literal["licence"] = "licence"
    licence: str


class ByUpload(Frozen):
    """A file, uploaded now or earlier. `formats` are file endings."""

    kind: Literal["upload"] = "upload"
    formats: tuple[str, ...] = ("pdf", "jpg", "png")
    most_bytes: int = 20_000_000


Satisfier = Annotated[ByFact | ByLicence | ByUpload, Field(discriminator="kind")]


class Material(Frozen):
    """One entry of an item's list of materials; the first satisfier that holds is used."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    title: str
    satisfied_by: Annotated[tuple[Satisfier, ...], Field(min_length=1)]
    required: bool = True
    source: Literal["applicant", "agency", "intermediary"] = "applicant"  # 来源渠道
    copies: int = 1
    paper: bool = False  # the original must be seen (at the counter, or by mail)
    later: bool = False  # 容缺受理: may be handed in after acceptance
    promise: bool = False  # 告知承诺: a signed promise stands in for it
    standard: str = ""  # 受理标准
    sample: str = ""  # what a good one looks like, in words
    show_if: Condition | None = None  # over the form's answers


class FileKind(StrEnum):
    """The formats that are taken, each known by its content; the value is the file ending."""

    PDF = "pdf"
    JPG = "jpg"
    PNG = "png"
    OFD = "ofd"
    DOCX = "docx"
    XLSX = "xlsx"

    @property
    def mime(self) -> str:
        return _MIMES[self]


_OFFICE = "application/vnd.openxmlformats-officedocument"
_MIMES = {
    FileKind.PDF: "application/pdf",
    FileKind.JPG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.OFD: "application/ofd",
    FileKind.DOCX: f"{_OFFICE}.wordprocessingml.document",
    FileKind.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
}


class Scan(Titled):
    """Whether a file was looked at for viruses. An infected one is destroyed; its row stays to say so."""

    UNSCANNED = "unscanned", "未查毒"
    CLEAN = "clean", "查毒无异常"
    INFECTED = "infected", "查出病毒，已销毁"


@dataclass(frozen=True)
class Looked:
    """What looking at a file's bytes came to. `problem` is the last word of the rule that it breaks (files/content.py)."""

    kind: FileKind | None
    problem: str = ""
    virus: str = ""
    scanned: bool = False


@dataclass(frozen=True)
class UploadView:
    """A kept upload. `gone`: its bytes were destroyed, by its owner or for a virus."""

    id: int
    account: str
    subject: int | None
    name: str
    kind: FileKind
    size: int
    digest: str
    scan: Scan
    virus: str
    received_at: datetime
    gone: bool
    used: bool = False
    usable: bool = True
    stopped: str = ""  # why the scanner is asked no more; empty: it is, or has looked


@dataclass(frozen=True)
class Quarantined:
    """An upload that the scanner has not looked at: whose (masked), how often tried, what came of it, when next."""

    id: int
    name: str
    size: int
    owner: str
    received_at: datetime
    tries: int
    said: str
    due: datetime | None
    stopped: str  # why it is tried no more; empty: it is
    cases: tuple[str, ...]  # numbers of the cases that use it


class How(Titled):
    """By what a material of a case is satisfied."""

    FACT = "fact", "政府已有，免交"
    LICENCE = "licence", "电子证照，免交"
    UPLOAD = "upload", "已上传"
    PROMISE = "promise", "告知承诺"
    LATER = "later", "容缺，稍后补交"
    OMITTED = "omitted", "选交，未交"
    MISSING = "missing", "还缺"


@dataclass(frozen=True)
class Fact:
    """The register row that satisfies a material: where it stands, so that it is found again as it was."""

    resource: str
    title: str
    agency: str
    row: int
    batch: int
    line: int


@dataclass(frozen=True)
class Planned:
    """One material that an application needs and what satisfies it; `problem` says why what was offered does not."""

    material: str
    title: str
    how: How
    fact: Fact | None = None
    licence: str = ""  # its number
    uploads: tuple[int, ...] = ()
    problem: str = ""
    paper: bool = False

    @property
    def settled(self) -> bool:
        return self.how is not How.MISSING


@dataclass(frozen=True)
class Promise:
    """告知承诺: the text as it was accepted, under a number, signed by the platform when it was given."""

    number: str
    text: str
    signature: str
    key: str


@dataclass(frozen=True)
class HandedIn:
    """What an applicant gives with a form: uploads and promises by the names of materials.

    `consent`: that what the government holds may be looked up for the materials; who let answers be prefilled has given it.
    """

    uploads: Mapping[str, Sequence[int]] = field(default_factory=dict)
    promised: Collection[str] = ()
    consent: bool = False


NOTHING = HandedIn()


@dataclass(frozen=True)
class CaseMaterialView:
    """A material as it is frozen with its case. A later version stands beside the one that it follows, never over it."""

    material: str
    version: int
    title: str
    how: How
    at: datetime
    person: str
    fact: Fact | None = None
    licence: str = ""
    uploads: tuple[int, ...] = ()
    promise: Promise | None = None
    paper: bool = False
    names: tuple[str, ...] = ()  # of the uploads, in their order
