"""A form: pages of questions, each about a data element. Which are shown is decided by expressions, on the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from shuniu.base.expressions.nodes import fields_of
from shuniu.cases.declare.condition import Condition
from shuniu.catalogue.declare import Frozen, ItemType

Answers = Mapping[str, str]
"""Canonical texts by question; a question that was not answered, or is not shown, is absent."""


class Prefill(Frozen):
    """Where an answer is already held: an item of a resource, of the applicant's own row (一数一源)."""

    resource: str
    item: str
    changeable: bool = False  # whether the applicant may answer otherwise than the register says


class Question(Frozen):
    """One thing that is asked. With `element` its type, check, length, code list and title come from the catalogue."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,58}$")]
    title: str = ""
    element: str = ""
    about: str = ""  # whom or what it is about where not the applicant: mother, agent, premises
    type: ItemType = ItemType.TEXT
    length: int | None = None
    check: str = ""
    code_list: str = ""
    required: bool = True
    hint: str = ""
    show_if: Condition | None = None  # over the answers of questions before it
    prefill: Prefill | None = None
    sensitivity: Annotated[int, Field(ge=1, le=4)] = 1


class Page(Frozen):
    """Questions that a citizen answers together; mostly one."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    title: str
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
    show_if: Condition | None = None


class Form(Frozen):
    """All that is asked for one service item, in order.

    ValueError for a name that is there twice, or a condition that looks at a question which is not asked before it: so
    no two conditions can wait for one another.
    """

    pages: Annotated[tuple[Page, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        keys = [page.key for page in self.pages]
        if doubled := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"页面代码重复：{'、'.join(doubled)}")
        before: set[str] = set()
        for page in self.pages:
            _looks_back(page.show_if, before, f"页面“{page.title}”")
            for question in page.questions:
                _looks_back(question.show_if, before, f"问题“{question.name}”")
                if question.name in before:
                    raise ValueError(f"问题代码重复：{question.name}")
                before.add(question.name)
        return self

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question in order, shown or not."""
        return tuple(question for page in self.pages for question in page.questions)

    def page(self, key: str) -> Page:
        """The page of that key. KeyError when there is none."""
        for page in self.pages:
            if page.key == key:
                return page
        raise KeyError(key)


def _looks_back(condition: Condition | None, before: set[str], what: str) -> None:
    ahead = sorted({field.name for field in fields_of(condition)} - before) if condition is not None else []
    if ahead:
        raise ValueError(f"{what}的显示条件用到了排在后面或不存在的问题：{'、'.join(ahead)}。请调整顺序或改写条件")


class Choices(Frozen):
    """The codes of one list in their order, as they were in force on the day that the form was resolved."""

    key: str
    codes: tuple[tuple[str, str], ...]  # code, label


class ResolvedForm(Frozen):
    """A form with all that its elements say written into its questions: kept as it is with the draft and the case."""

    form: Form
    lists: tuple[Choices, ...] = ()

    @cached_property
    def codes(self) -> Mapping[str, Mapping[str, str]]:
        """Code to label by list."""
        return {one.key: dict(one.codes) for one in self.lists}


@dataclass(frozen=True)
class Fault:
    """What is wrong with one answer: which question, which rule, what it says of it, and how to mend it."""

    question: str
    title: str
    rule: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"“{self.title}”{self.message}。{self.remedy}。"
