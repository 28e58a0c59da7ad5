"""Forms, purely: elements written into questions, which are shown, what an answer means, what is wrong with it.

Answers are read by the very rules that a department's rows are read by: one row, whose columns are the questions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

import polars as pl

from shuniu.base.expressions import Kind, Raw, holds
from shuniu.base.expressions.nodes import fields_of
from shuniu.cases.declare.condition import Condition
from shuniu.cases.declare.form import Answers, Choices, Fault, Form, Page, Question, ResolvedForm
from shuniu.catalogue.declare import Element, Item, ItemType, Resource
from shuniu.registries.conform import LINE, MAX_CELL, conform
from shuniu.registries.rules import CELL_RULES
from shuniu.trust.declare import Refused

_ROW = "Row"  # upper case, as no question is: the key that a row must have
_NUL = "\x00"  # what no database text can hold

_TYPED: Mapping[ItemType, Callable[[str], Raw]] = {
    ItemType.TEXT: str,
    ItemType.INTEGER: int,
    ItemType.DECIMAL: Decimal,
    ItemType.DATE: date.fromisoformat,
    ItemType.TIMESTAMP: datetime.fromisoformat,
    ItemType.BOOLEAN: lambda text: text == "true",
}


@dataclass(frozen=True)
class Read:
    """Answers as canonical texts, and what could not be read. A faulty answer is in neither."""

    answers: Answers
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Taken:
    """What a form's answers are after some of its pages were posted.

    `faults` are those of the posted pages; `ignored` names what was posted for questions that were not shown, or that
    the register has answered.
    """

    answers: Answers
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]


def resolve(form: Form, elements: Mapping[str, Element], codes: Callable[[str], Mapping[str, str]]) -> ResolvedForm:
    """Write into each question what its element says; what the question says itself is kept, but never loosens a length.

    `codes` gives the codes of a list in force. Raises Refused form.element, form.title, form.condition.
    """
    pages = tuple(
        page.model_copy(update={"questions": tuple(_resolved(one, elements) for one in page.questions)})
        for page in form.pages
    )
    done = Form(pages=pages)
    _check_kinds(done)
    lists = dict.fromkeys(one.code_list for one in done.questions if one.code_list)
    return ResolvedForm(form=done, lists=tuple(Choices(key=key, codes=tuple(codes(key).items())) for key in lists))


def _resolved(question: Question, elements: Mapping[str, Element]) -> Question:
    if not question.element:
        if not question.title:
            raise Refused("form.title", f"问题“{question.name}”没有标题。", "请写明标题，或引用数据元。")
        return question
    element = elements.get(question.element)
    if element is None:
        raise Refused(
            "form.element", f"问题“{question.name}”引用的数据元“{question.element}”不存在。", "请核对数据元代码。"
        )
    lengths = [length for length in (question.length, element.length) if length]
    return question.model_copy(
        update={
            "title": question.title or element.title, "type": element.type, "check": element.check or question.check,
            "code_list": element.code_list or question.code_list, "length": min(lengths, default=None),
            "sensitivity": max(question.sensitivity, element.sensitivity),
        }
    )  # fmt: skip


def _check_kinds(form: Form) -> None:
    """A condition reads each question as what it is: known only now that the elements are."""
    kinds = {one.name: Kind(one.type.sql) for one in form.questions}
    parts: list[Page | Question] = [*form.pages, *form.questions]
    for part in parts:
        for field in fields_of(part.show_if) if part.show_if is not None else ():
            if kinds[field.name] != field.kind:
                raise Refused(
                    "form.condition",
                    f"“{part.title}”的显示条件把“{field.name}”当作 {field.kind}，它是 {kinds[field.name]}。",
                    "请按数据元的类型改写条件。",
                )


def typed(question: Question, text: str | None) -> Raw | None:
    """An answer as expressions compare it; None where there is none, or it is not canonical."""
    if text is None:
        return None
    try:
        return _TYPED[question.type](text)
    except (ValueError, InvalidOperation):
        return None


def shown(form: Form, answers: Answers, today: date) -> tuple[str, ...]:
    """The names of the questions that are shown, in order. An answer to a question that is not shown says nothing."""
    row: dict[str, Raw | None] = dict.fromkeys((one.name for one in form.questions), None)
    found = []
    for page in form.pages:
        open_page = _holds(page.show_if, row, today)
        for question in page.questions:
            if open_page and _holds(question.show_if, row, today):
                found.append(question.name)
                row[question.name] = typed(question, answers.get(question.name))
    return tuple(found)


def _holds(condition: Condition | None, row: Mapping[str, Raw | None], today: date) -> bool:
    return condition is None or holds(condition, row, today)


def settle(form: Form, answers: Answers, today: date) -> dict[str, str]:
    """The answers without those of questions that are not shown."""
    kept = shown(form, answers, today)
    return {name: answers[name] for name in kept if name in answers}


def read(resolved: ResolvedForm, posted: Mapping[str, str], issued: Mapping[str, str] | None = None) -> Read:
    """Canonical answers of what was typed, of whatever questions are named; an empty text is no answer.

    `issued` are the region codes ever issued and what became of them (`directory.issued_codes`).
    """
    asked = [one for one in resolved.form.questions if posted.get(one.name)]
    if not asked:
        return Read({}, ())
    resource = Resource(
        key="cases.form/answers", title="", agency="cases.form",
        items=(Item(name=_ROW, title="", key=True), *(_item(one) for one in asked)),
    )  # fmt: skip
    cells = {one.name: [posted[one.name].replace(_NUL, "")] for one in asked}
    schema = {LINE: pl.UInt32, _ROW: pl.String, **dict.fromkeys(cells, pl.String)}
    raw = pl.DataFrame({LINE: [1], _ROW: ["1"], **cells}, schema=schema)
    done = conform(raw, resource, {**resolved.codes, **({"region/issued": issued} if issued else {})})
    wrong = {str(item): str(rule) for item, rule in done.faults.select("item", "rule").iter_rows()}
    if wrong:  # a row with a fault is given back without its values: the sound cells are read by themselves
        rest = read(resolved, {one.name: posted[one.name] for one in asked if one.name not in wrong}, issued)
        return Read(rest.answers, tuple(fault(one, wrong[one.name]) for one in asked if one.name in wrong))
    row = done.rows.row(0, named=True)
    return Read({one.name: row[one.name] for one in asked if row[one.name] is not None}, ())


def _item(question: Question) -> Item:
    return Item(
        name=question.name, title=question.title, type=question.type, length=question.length,
        code_list=question.code_list, check=question.check,
    )  # fmt: skip


def fault(question: Question, rule: str) -> Fault:
    """What a rule says of a question to the person who answers it."""
    said, remedy = CELL_RULES.get(rule, ("不符合要求", "请改正"))
    if rule == "cell.required":
        chosen = question.code_list or question.type is ItemType.BOOLEAN
        said, remedy = ("没有选择", "请选择一项") if chosen else ("没有填写", "请填写")
    elif rule == "cell.length":
        remedy = f"请缩短到 {question.length or MAX_CELL} 个字以内"
    elif rule == "cell.code":
        said, remedy = "不在可选的范围内", "请从列出的各项中选择，或填写代码、名称全称"
    return Fault(
        question.name, question.title, rule, said, remedy.replace("后重新报送", "").replace("后报送", "").strip()
    )


def check(resolved: ResolvedForm, answers: Answers, today: date) -> tuple[Fault, ...]:
    """Every fault of the answers to the questions that are shown, in the form's order.

    For answers that `read` gave: that identifiers are sound was found then, at a cost that is not paid again at filing.
    """
    asked = {one.name: one for one in resolved.form.questions}
    found = (
        (asked[name], _broken(asked[name], answers.get(name), resolved))
        for name in shown(resolved.form, answers, today)
    )
    return tuple(fault(one, rule) for one, rule in found if rule)


def _broken(question: Question, text: str | None, resolved: ResolvedForm) -> str:
    """The rule that a canonical answer breaks; empty when none."""
    if text is None:
        return "cell.required" if question.required else ""
    if typed(question, text) is None:
        return f"cell.{question.type.value}"
    if question.type is not ItemType.TEXT:
        return ""
    if question.code_list and text not in resolved.codes[question.code_list]:
        return "cell.code"
    return "cell.length" if len(text) > (question.length or MAX_CELL) else ""


def take(
    resolved: ResolvedForm, held: Answers, pages: Collection[str], posted: Mapping[str, str], today: date,
    *, fixed: Answers, issued: Mapping[str, str] | None = None,
) -> Taken:  # fmt: skip
    """The answers after some pages were posted over those held. `fixed` are what the register has answered for good.

    What was typed wrongly replaces what was held too: an older answer is never filed in its place.
    """
    form = resolved.form
    asked = {one.name for page in form.pages if page.key in pages for one in page.questions} - set(fixed)
    found = read(resolved, {name: text for name, text in posted.items() if name in asked}, issued)
    before = set(shown(form, held, today))
    kept = {name: text for name, text in held.items() if name not in asked}
    answers = settle(form, {**kept, **found.answers, **fixed}, today)
    after = set(shown(form, answers, today))
    never = {name for name, text in posted.items() if text and (name not in asked or name not in before | after)}
    same = {name for name in never if posted[name] == fixed.get(name)}
    told = {one.question: one for one in check(resolved, answers, today)} | {one.question: one for one in found.faults}
    faults = (told[one.name] for one in form.questions if one.name in told and one.name in asked & after)
    return Taken(answers, tuple(faults), tuple(sorted(never - same)))
