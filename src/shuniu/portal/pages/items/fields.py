"""What the forms of an item's parts share: short ways to make fields, terms, conditions by a question and its answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shuniu.base.expressions import Compare, ExpressionError, Field, Kind, Node, Raw, Value
from shuniu.base.periods import Term, Unit
from shuniu.cases.declare import Question, ServiceItem
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import ItemType
from shuniu.portal.hall.guide import when
from shuniu.portal.pages.cataloguing_forms import Seen
from shuniu.portal.pages.cataloguing_forms import text as text
from shuniu.portal.pages.cataloguing_forms import titled as titled

NONE = ("", _("无"))
KEPT = "=kept"
"""The choice that leaves a condition as it is which one question and its answer cannot say."""
_UNITS = [
    (Unit.WORKING_DAY.value, _("工作日")), (Unit.DAY.value, _("日")), (Unit.MONTH.value, _("月")), (Unit.YEAR.value, _("年")),
]  # fmt: skip


def long(label: Any, help_text: Any = "", **options: Any) -> forms.CharField:
    """Several lines of text."""
    given = {"max_length": 20_000, "widget": forms.Textarea(attrs={"rows": 4}), **options}
    return text(label, help_text, **given)


def tick(label: Any, help_text: Any = "") -> forms.BooleanField:
    """A box to tick."""
    return forms.BooleanField(label=label, help_text=help_text, required=False)


def term_fields(label: Any, help_text: Any = "", least: int = 1) -> tuple[forms.IntegerField, forms.ChoiceField]:
    """A length of time as its amount and its unit."""
    amount = forms.IntegerField(label=label, help_text=help_text, required=False, min_value=least, max_value=9999)
    return amount, forms.ChoiceField(label=format_lazy(_("{term}的单位"), term=label), choices=_UNITS)


def term_read(name: str, term: Term | None) -> dict[str, object]:
    """A term as the two fields' values."""
    return {name: term.amount if term else None, f"{name}_unit": (term.unit if term else Unit.WORKING_DAY).value}


def term_said(name: str, said: Mapping[str, Any]) -> Term | None:
    """The term that two fields say; None where the amount is empty."""
    amount = said[name]
    return Term(amount, Unit(said[f"{name}_unit"])) if amount is not None else None


def lines(said: str) -> tuple[str, ...]:
    """What stands on each line, without empty ones."""
    return tuple(line.strip() for line in said.splitlines() if line.strip())


def fresh(prefix: str, taken: Iterable[str]) -> str:
    """A code that is not taken: the prefix and a number."""
    held = set(taken)
    return next(name for number in range(1, len(held) + 2) if (name := f"{prefix}{number}") not in held)


def titles_of(item: ServiceItem) -> dict[str, str]:
    """What each question of an item is called, by its name."""
    elements = catalogue.elements()
    return {
        one.name: one.title or (elements[one.element].title if one.element in elements else one.name)
        for one in item.form.questions
    }


class PartForm(Seen):
    """A part of an item, or one entry of a part that is a list; `of` is the entry that is edited.

    `read` gives the fields' values, `write` what they come to; `words` tells of an entry in a list.
    """

    def __init__(self, *args: Any, item: ServiceItem, of: Any = None, **options: Any) -> None:
        self.item, self.of = item, of
        initial = {**self.read(), **options.pop("initial", {})}
        super().__init__(*args, **options, initial=initial)

    def read(self) -> dict[str, Any]:
        """The fields' values as they are before anything is typed: what the entry declares, where a form says no other."""
        return self.of.model_dump() if self.of else {}

    def write(self, said: dict[str, Any]) -> Any:
        """What was typed, as the item keeps it. ValueError for what is no declaration."""
        raise NotImplementedError

    @classmethod
    def words(cls, of: Any, item: ServiceItem) -> tuple[str, str]:
        """An entry's title and a note on it."""
        raise NotImplementedError

    def choose(self, name: str, choices: Sequence[tuple[str, Any]], held: str = "") -> None:
        """A field's choices; what is held now stays one of them, known or not."""
        known = {value for value, _words in choices}
        extra = [] if not held or held in known else [(held, held)]
        self.fields[name].choices = [*choices, *extra]  # type: ignore[attr-defined]  # a choice field's

    def spoken(self, name: str, value: object) -> str:
        """A field's value as people read it."""
        if isinstance(value, bool):
            return gettext("是") if value else gettext("否")
        if isinstance(value, list | tuple):
            return "、".join(self.spoken(name, one) for one in value)
        words = dict(getattr(self.fields[name], "choices", ()))
        return str(words.get(value, "" if value is None else value))


class ShownForm(PartForm):
    """An entry that may be shown only when a question was answered so. Fields: `if_question`, `if_value`."""

    def askable(self) -> Sequence[Question]:
        """The questions that the condition may look at."""
        return self.item.form.questions

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        titles = titles_of(self.item)
        choices = [("", _("总是")), *((one.name, titles[one.name]) for one in self.askable())]
        if self.initial["if_question"] == KEPT:
            choices.append((KEPT, when(self.of.show_if, titles)))
        self.choose("if_question", choices, str(self.initial["if_question"]))

    def read_condition(self) -> dict[str, object]:
        """The two fields' values for the condition of the entry that is edited."""
        match self.of.show_if if self.of is not None else None:
            case None:
                return {"if_question": "", "if_value": ""}
            case Compare(op="=", left=Field(name=name), right=Value(raw=raw)):
                said = {True: gettext("是"), False: gettext("否")}[raw] if isinstance(raw, bool) else str(raw)
                return {"if_question": name, "if_value": self._label(name, said)}
        return {"if_question": KEPT, "if_value": ""}

    def _label(self, name: str, said: str) -> str:
        question = next((one for one in self.item.form.questions if one.name == name), None)
        return _codes(question).get(said, said) if question is not None else said

    def clean(self) -> dict[str, Any]:
        """The condition, told apart from what was typed for it: under `show_if`."""
        said = super().clean() or self.cleaned_data
        said["show_if"] = None
        name, value = said.get("if_question", ""), str(said.get("if_value", "")).strip()
        question = next((one for one in self.askable() if one.name == name), None)
        if name == KEPT:
            said["show_if"] = self.of.show_if
        elif question is not None and not value:
            self.add_error("if_value", _("请填写这个问题答什么的时候出现。"))
        elif question is not None:
            try:
                said["show_if"] = _equals(question, value)
            except (ValueError, InvalidOperation, ExpressionError):
                self.add_error("if_value", _("这个问题不能这样回答。请按它的类型或者代码填写。"))
        return said


def _codes(question: Question) -> dict[str, str]:
    element = catalogue.elements().get(question.element)
    key = (element.code_list if element else "") or question.code_list
    return dict(catalogue.code_list(key, timezone.localdate())) if key else {}


def type_of(question: Question) -> ItemType:
    """A question's type: its element's where it has one."""
    element = catalogue.elements().get(question.element)
    return element.type if element else question.type


def _equals(question: Question, said: str) -> Node:
    """That a question is answered so. ValueError, InvalidOperation for what is no answer to it."""
    kind, codes = type_of(question), _codes(question)
    raw: Raw = said
    if codes:
        raw = next((code for code, label in codes.items() if said in (code, label)), "")
        if not raw:
            raise ValueError(said)
    elif kind is ItemType.BOOLEAN:
        raw = {gettext("是"): True, gettext("否"): False, "是": True, "否": False}.get(said, said)
    elif kind is ItemType.INTEGER:
        raw = int(said)
    elif kind is ItemType.DECIMAL:
        raw = Decimal(said)
    elif kind is ItemType.DATE:
        raw = date.fromisoformat(said)
    at = Kind(kind.sql)
    return Compare("=", Field(question.name, at), Value(at, raw))


def condition_fields() -> tuple[forms.ChoiceField, forms.CharField]:
    """The two fields of a `ShownForm`."""
    question = forms.ChoiceField(label=_("什么时候出现"), required=False, help_text=_("选一个问题，再写它的回答。"))
    return question, text(
        _("这个问题的回答是"), _("是否类写“是”或“否”；代码类写名称；总是出现的不填。"), max_length=200
    )
