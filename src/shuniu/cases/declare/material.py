"""A material: what must be proven, and by what. What the government already holds is not asked for again."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shuniu.base.expressions import Node
from shuniu.catalogue.declare import Frozen


class ByFact(Frozen):
    """A row of the applicant in a resource that meets a condition (over the resource's items)."""

    kind: Literal["fact"] = "fact"
    resource: str
    condition: Node | None = None


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
    show_if: Node | None = None  # over the form's answers
