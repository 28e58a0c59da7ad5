"""A form: pages of questions, each about a data element. Which are shown is decided by expressions, on the server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from shuniu.base.expressions import Node
from shuniu.catalogue.declare import Frozen, ItemType

Answers = Mapping[str, str]
"""Canonical texts by question; a question that was not answered, or is not shown, is absent."""


class Prefill(Frozen):
    """Where an answer is already held: an item of a resource, of the applicant's own row (一数一源)."""

    resource: str
    item: str


class Question(Frozen):
    """One thing that is asked. With `element` its type, check, length, code list and title come from the catalogue."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: str = ""
    element: str = ""
    type: ItemType = ItemType.TEXT
    length: int | None = None
    check: str = ""
    code_list: str = ""
    required: bool = True
    hint: str = ""
    show_if: Node | None = None  # over the answers of questions before it
    prefill: Prefill | None = None
    sensitivity: Annotated[int, Field(ge=1, le=4)] = 1


class Page(Frozen):
    """Questions that a citizen answers together; mostly one."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    title: str
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
    show_if: Node | None = None


class Form(Frozen):
    """All that is asked for one service item, in order."""

    pages: Annotated[tuple[Page, ...], Field(min_length=1)]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question in order, shown or not."""
        return tuple(question for page in self.pages for question in page.questions)
