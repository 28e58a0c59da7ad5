"""A life event (一件事): which items of which agencies it takes, in what order, and which questions decide that.

The form, the materials, the fees and the time are never written down: they are the union of the items as they stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import Field, model_validator

from shuniu.cases.declare.condition import Condition
from shuniu.cases.declare.form import Question
from shuniu.cases.declare.service import Audience, ServiceItem
from shuniu.catalogue.declare import Frozen


class Need(Frozen):
    """An earlier item of the bundle, and what of it is used: a licence type or a resource; empty: only the order."""

    item: str
    gives: str = ""


class Branch(Frozen):
    """One item of a bundle: after which others, and whether it applies at all (over the determinants' answers)."""

    item: str
    after: tuple[Need, ...] = ()
    show_if: Condition | None = None


class Bundle(Frozen):
    """A life event. `agency` leads it: one contact point, one withdrawal."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: str
    summary: str
    agency: str
    audience: Audience
    determinants: tuple[Question, ...] = ()
    branches: Annotated[tuple[Branch, ...], Field(min_length=2)]
    telephone: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        keys = [branch.item for branch in self.branches]
        if doubled := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"“{self.title}”中事项重复：{'、'.join(doubled)}")
        unknown = sorted({need.item for branch in self.branches for need in branch.after} - set(keys))
        if unknown:
            raise ValueError(f"“{self.title}”中先办的事项不在其内：{'、'.join(unknown)}")
        return self


@dataclass(frozen=True)
class PublishedItem:
    """The published version of a service item; a case goes on under the version that it was filed under."""

    version: int
    item: ServiceItem


@dataclass(frozen=True)
class PublishedBundle:
    """The published version of a life event."""

    version: int
    bundle: Bundle


@dataclass(frozen=True)
class ItemFault:
    """One thing that an item or a bundle does against a rule: which rule, where, and how to mend it."""

    rule: str
    where: str  # key of the item or bundle
    part: str  # material, question, fee line … within it; empty: the whole
    message: str
    remedy: str
    blocks: bool = True
