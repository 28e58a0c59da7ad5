"""One form out of several items' forms: each element asked once, each question after those that its condition reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shuniu.base.expressions import And, Node, Or, fields_of, from_json, to_json
from shuniu.cases.declare import Form, Page, Question, ServiceItem
from shuniu.trust.declare import Refused

Names = Mapping[str, Mapping[str, str]]
"""By item, what each of its questions is called in the one form."""


@dataclass(frozen=True)
class United:
    """The one form, what each item's questions are called in it, and the questions that an earlier item's result answers."""

    form: Form | None
    names: Names
    filled: tuple[tuple[str, str], ...]  # item and question: prefilled when the item begins


def united(whole: Sequence[ServiceItem], made: Mapping[str, frozenset[str]]) -> United:
    """One form: every element asked once, pages in the order of the items, conditions kept.

    `made` says, by item, what the items before it give: a question that is prefilled from that is not asked, unless a
    condition reads it. Raises Refused: bundle.conflict.
    """
    filled = {(item.key, one.name) for item in whole for one in _answered(item, made[item.key])}
    names = _names(whole, filled)
    asked: dict[str, list[tuple[ServiceItem, Page, Question]]] = {}
    for item in whole:
        for page in item.form.pages:
            for question in page.questions:
                if (item.key, question.name) not in filled:
                    asked.setdefault(names[item.key][question.name], []).append((item, page, question))
    merged = {name: _question(name, found, names) for name, found in asked.items()}
    pages: list[tuple[str, list[Question]]] = []
    for name in _readable(merged):
        item, page, _ = asked[name][0]
        if not pages or pages[-1][0] != f"{item.key} {page.title}":
            pages.append((f"{item.key} {page.title}", []))
        pages[-1][1].append(merged[name])
    made_pages = tuple(
        Page(key=f"p{at}", title=title.partition(" ")[2], questions=tuple(questions))
        for at, (title, questions) in enumerate(pages, start=1)
    )
    left = tuple(one for one in sorted(filled) if one[1] not in names[one[0]])
    return United(Form(pages=made_pages) if made_pages else None, names, left)


def _answered(item: ServiceItem, made: frozenset[str]) -> Iterator[Question]:
    """The questions of an item that are prefilled from what earlier items give, and that no condition reads."""
    conditions = [
        *(one.show_if for one in item.form.pages),
        *(one.show_if for one in item.form.questions),
        *(one.show_if for one in item.materials),
        *(one.show_if for one in item.fees),
    ]
    read = {field.name for one in conditions if one is not None for field in fields_of(one)}
    read |= {line.per for line in item.fees}
    for question in item.form.questions:
        if question.prefill and question.prefill.resource in made and question.name not in read:
            yield question


def _same(item: ServiceItem, question: Question) -> tuple[str, ...]:
    """What makes two questions one: the element and what it is about; without an element it is only itself."""
    return (question.element, question.about) if question.element else (item.key, question.name, "")


def _names(whole: Sequence[ServiceItem], filled: Collection[tuple[str, str]]) -> Names:
    """By item and question, its name in the one form: the first one's; a second of that name gets a number.

    What is filled has a name only where another item asks the same.
    """
    every = [(item, question) for item in whole for question in item.form.questions]
    names: dict[str, dict[str, str]] = {item.key: {} for item in whole}
    taken: dict[tuple[str, ...], str] = {}
    for item, question in every:
        same = _same(item, question)
        if same not in taken and (item.key, question.name) not in filled:
            name, at = question.name, 2
            while name in taken.values():
                name, at = f"{question.name}_{at}", at + 1
            taken[same] = name
    for item, question in every:
        if name := taken.get(_same(item, question), ""):
            names[item.key][question.name] = name
    return names


def _question(name: str, found: Sequence[tuple[ServiceItem, Page, Question]], names: Names) -> Question:
    first_item, _, first = found[0]
    for item, _, other in found[1:]:
        if (other.type, other.check, other.code_list) != (first.type, first.check, first.code_list):
            message = f"“{first_item.title}”与“{item.title}”对同一数据元“{first.element}”的填法不同。"
            raise Refused("bundle.conflict", message, "请两个单位按数据元的类型、校验和代码集统一，或者写明问的是谁。")
    conditions = [renamed(both(page.show_if, question.show_if), names[item.key]) for item, page, question in found]
    questions = [question for _, _, question in found]
    return first.model_copy(
        update={
            "name": name,
            "required": any(one.required for one in questions),
            "length": min((one.length for one in questions if one.length), default=None),
            "prefill": next((one.prefill for one in questions if one.prefill), None),
            "hint": next((one.hint for one in questions if one.hint), ""),
            "sensitivity": max(one.sensitivity for one in questions),
            "show_if": either(conditions),
        }
    )


def _readable(merged: dict[str, Question]) -> Iterator[str]:
    """The names in order, each after those that its condition reads.

    Items may ask the same things in opposite orders; where two conditions then wait for each other, the first of them is
    asked of everybody.
    """
    done: set[str] = set()

    def place(name: str, open_: tuple[str, ...]) -> Iterator[str]:
        condition = merged[name].show_if
        reads = sorted(field.name for field in fields_of(condition)) if condition is not None else []
        for other in sorted(reads, key=list(merged).index):
            if other in (*open_, name):
                merged[name] = merged[name].model_copy(update={"show_if": None})
                break
            if other not in done:
                yield from place(other, (*open_, name))
        if name not in done:
            done.add(name)
            yield name

    for name in list(merged):
        if name not in done:
            yield from place(name, ())


def renamed(condition: Node | None, names: Mapping[str, str]) -> Node | None:
    """The condition with every field under its name in the one form."""

    def walk(data: object) -> object:
        if isinstance(data, list):
            return [walk(one) for one in data]
        if not isinstance(data, dict):
            return data
        inner = {key: walk(value) for key, value in data.items()}
        return {**inner, "name": names[data["name"]]} if data.get("node") == "field" else inner

    return None if condition is None else from_json(walk(to_json(condition)))


def both(one: Node | None, other: Node | None) -> Node | None:
    """Both conditions; none is always true."""
    return other if one is None else one if other is None else And((one, other))


def either(conditions: Sequence[Node | None]) -> Node | None:
    """At least one of the conditions; none is always true."""
    known = [one for one in dict.fromkeys(conditions) if one is not None]
    if len(known) < len(dict.fromkeys(conditions)):
        return None
    return known[0] if len(known) == 1 else Or(tuple(known))
