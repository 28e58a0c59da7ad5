"""What the form at an address calls its fields, as far as it declares them: read from the code of its view, which is not run.

To open the page for its labels would stand in the journal as a reading that nobody made.
"""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from types import CodeType, FunctionType, ModuleType
from typing import cast

from django.forms import BooleanField, ChoiceField, Field, Form
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from shuniu.cases.api import drafts
from shuniu.cases.declare.form import Question, ResolvedForm
from shuniu.catalogue.declare import ItemType
from shuniu.portal.hall.apply_forms import PREFIX, spoken
from shuniu.trust.declare import Actor, Refused

_OURS = "shuniu.portal."
_STEPS = 6
"""So far from a view its form may be named."""
_Form = type[Form]


def shown(who: Actor, path: str, said: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What was typed into the form at this path: each field's label and its value in words; what is hidden there is left out.

    A field that no form declares there keeps its name, and its value stays as it was posted.
    """
    said = list(said)
    try:
        match = resolve(path)
    except Resolver404:
        return said
    given = frozenset(str(one) for one in match.kwargs.values())
    asked, form = _questions(who, match.kwargs.get("draft"))
    names = {name: _bare(name, given) for name, _text in said}
    declared = _declared(_forms(match.func, given), frozenset(names.values()))
    found = []
    for name, text in said:
        field = declared.get(names[name])
        if form is not None and name in asked:
            found.append((asked[name].title, _answer(asked[name], form, text)))
        elif field is None or not field.widget.is_hidden:
            found.append((str(field.label or name) if field else name, _words(field, text)))
    return found


def _bare(name: str, given: Collection[str]) -> str:
    """The name of a field without the prefix of its form, which is a part of the address."""
    prefix, dash, bare = name.partition("-")
    return bare if dash and prefix in given else name


def _words(field: Field | None, text: str) -> str:
    if isinstance(field, BooleanField):
        return _("是")
    if not isinstance(field, ChoiceField):
        return text
    for value, words in cast(Iterable[tuple[object, object]], field.choices):
        group = words if isinstance(words, list | tuple) else [(value, words)]
        if (known := next((one for key, one in group if str(key) == text), None)) is not None:
            return str(known)
    return text


def _questions(who: Actor, draft: object) -> tuple[Mapping[str, Question], ResolvedForm | None]:
    """The questions of the reader's own draft, by the names that they are posted under."""
    if not isinstance(draft, int):
        return {}, None
    try:
        form = drafts.view(actor=who, draft=draft).form
    except Refused:
        return {}, None
    return {PREFIX + one.name: one for one in form.form.questions}, form


def _answer(question: Question, form: ResolvedForm, text: str) -> str:
    plain = question.type is ItemType.BOOLEAN and text not in ("true", "false")
    return text if plain else spoken(question, form, text)


# --- the forms that a view names ----------------------------------------------------------------------------------------


def _declared(forms: Iterable[tuple[int, _Form]], names: Collection[str]) -> dict[str, Field]:
    """The fields of these names: of the form that has the most of them, of two such of the nearer; none where they differ."""
    ranked: dict[str, list[tuple[tuple[int, int], Field]]] = {}
    for steps, form in forms:
        has = [name for name in names if name in form.base_fields]
        for name in has:
            ranked.setdefault(name, []).append(((-len(has), steps), form.base_fields[name]))
    found = {}
    for name, places in ranked.items():
        first = min(rank for rank, _field in places)
        best = [field for rank, field in places if rank == first]
        if len({str(field.label) for field in best}) == 1:
            found[name] = best[0]
    return found


@lru_cache(maxsize=1024)
def _forms(view: object, given: frozenset[str]) -> tuple[tuple[int, _Form], ...]:
    """The classes of forms that a view's code names, itself or through what it names, each with how far it had to be sought."""
    ring, seen, found = [inspect.unwrap(view)] if callable(view) else [], set[int](), list[tuple[int, _Form]]()
    for steps in range(_STEPS):
        ahead: list[object] = []
        for thing in ring:
            if id(thing) in seen:
                continue
            seen.add(id(thing))
            if isinstance(thing, type) and issubclass(thing, Form):
                found.append((steps, thing))
            else:
                ahead.extend(_named(thing, given))
        ring = ahead
    return tuple(found)


def _named(thing: object, given: Collection[str]) -> Iterator[object]:
    """What of ours a thing leads to; of many by a key, only those that the address names."""
    if isinstance(thing, dict | list | tuple):
        pairs = list(thing.items()) if isinstance(thing, dict) else [(getattr(one, "key", None), one) for one in thing]
        chosen = [one for key, one in pairs if key in given]
        yield from chosen or [one for _key, one in pairs]
    elif not getattr(thing, "__module__", "").startswith(_OURS):
        return
    elif isinstance(thing, FunctionType):
        yield from _globals(thing)
    elif isinstance(thing, type):
        yield from (one for one in vars(thing).values() if isinstance(one, FunctionType))
    elif is_dataclass(thing):
        yield from (getattr(thing, one.name, None) for one in fields(thing))


def _globals(function: FunctionType) -> Iterator[object]:
    names = set(_code_names(function.__code__))
    for name in names & function.__globals__.keys():
        value = function.__globals__[name]
        if not isinstance(value, ModuleType):
            yield value
        elif value.__name__.startswith(_OURS):
            yield from (vars(value)[one] for one in names & vars(value).keys())


def _code_names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _code_names(one)
