"""Finding service items: by words, audience, agency, topic and stage. Purely over what is published."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shuniu.cases.declare import Audience, Bundle, ServiceItem

PERSON, FIRM = "person", "firm"
_ENOUGH = 0.5


@dataclass(frozen=True)
class Asked:
    """What a reader looks for; empty is everything."""

    q: str = ""
    audience: str = ""  # person · firm
    agency: str = ""
    topic: str = ""
    stage: str = ""


def serves(item: ServiceItem, audience: str) -> bool:
    """Whether an item is for persons, or for firms and other organisations."""
    if audience == PERSON:
        return Audience.NATURAL in item.audiences
    return audience != FIRM or any(one is not Audience.NATURAL for one in item.audiences)


def find(items: Iterable[ServiceItem], asked: Asked, agencies: Mapping[str, str]) -> list[ServiceItem]:
    """The items that fit, those first whose title says the words, then those that end in what the words say.

    Where none holds every word, those that share at least half of the words' pairs of characters: people rarely know an
    item's official name.
    """
    fitting = [
        one
        for one in items
        if serves(one, asked.audience)
        and asked.agency in ("", one.agency)
        and (not asked.topic or asked.topic in one.topics)
        and asked.stage in ("", str(one.stage.value))
    ]
    words = plain(asked.q).split()
    if not words:
        return fitting
    said = {one.key: plain(_said(one, agencies)) for one in fitting}
    found = [one for one in fitting if all(word in said[one.key] for word in words)]
    if found:
        return sorted(
            found, key=lambda one: [not all(word in plain(part) for word in words) for part in (one.title, one.result)]
        )
    pairs = _pairs("".join(words))
    near = {one.key: len(pairs & _pairs(said[one.key])) / len(pairs) for one in fitting} if pairs else {}
    return sorted((one for one in fitting if near.get(one.key, 0) >= _ENOUGH), key=lambda one: -near[one.key])


def events(bundles: Iterable[Bundle], text: str) -> list[Bundle]:
    """The life events that say all the words."""
    words = plain(text).split()
    return [one for one in bundles if words and all(word in plain(one.title + one.summary) for word in words)]


def plain(text: str) -> str:
    """Text as it is compared: one width, no capitals."""
    return unicodedata.normalize("NFKC", text).casefold()


def _said(item: ServiceItem, agencies: Mapping[str, str]) -> str:
    parts = [item.title, agencies.get(item.agency, ""), item.result, *item.topics, *item.conditions]
    parts += [material.title for material in item.materials]
    parts += [word for pair in item.questions for word in pair]
    return " ".join(parts)


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
