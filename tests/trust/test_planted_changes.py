"""Whatever is changed in an evidence file is found and named: every field, and hundreds of changes at random."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from shuniu.trust.declare import Refused
from shuniu.trust.evidence import file, verify
from tests.trust import evidence_files as files

Place = tuple[str | int, ...]


def places(said: Any, here: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every value of a JSON document that is no list and no object, with where it stands."""
    inner = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    for key, value in inner:
        yield from places(value, (*here, key))
    if not isinstance(said, dict | list):
        yield here, said


def put(said: Any, place: Place, value: Any) -> Any:
    """The document with another value there."""
    copy = json.loads(json.dumps(said))
    inner = copy
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return copy


def other(value: Any, chance: Random) -> Any:
    """Something near a value that is not it."""
    if value is None:
        return "x"
    if isinstance(value, int):
        return max(0, value + chance.choice((-1, 1, 2))) if value else 1
    if not value:
        return "x"
    at = chance.randrange(len(value))
    hexed = all(one in "0123456789abcdef" for one in value)
    letters = "0123456789abcdef" if hexed else "甲0a\n "
    return value[:at] + chance.choice([one for one in letters if one != value[at]]) + value[at + 1 :]


def found(said: Any, trusted: verify.Trusted) -> list[str]:
    """What the verifier says is wrong with a document, by rule."""
    try:
        return [one.rule for one in verify.verify(file.read(json.dumps(said).encode()), trusted).faults]
    except Refused as refusal:
        return [refusal.rule]


@pytest.mark.parametrize("key", ["international", "guomi"])
def test_every_field_of_an_evidence_file_is_proven(key: str) -> None:
    one, chance = files.world(key), Random(4)
    made = json.loads(file.write(files.made(one)))
    assert found(made, one.trusted) == []
    every = list(places(made))
    for place, value in [*every, *chance.choices(every, k=150)]:
        assert found(put(made, place, other(value, chance)), one.trusted), place


def test_no_part_of_a_file_can_be_left_out_doubled_or_moved() -> None:
    one = files.world()
    made = json.loads(file.write(files.made(one)))
    lists = {place[:at] for place, _ in places(made) for at in range(len(place)) if isinstance(place[at], int)}
    for place in lists:
        whole = made
        for step in place:
            whole = whole[step]
        for changed in (whole[1:], [*whole, whole[0]], [*whole[1:], whole[0]]):
            if changed != whole and place != ("shown",):
                assert found(put(made, place, changed), one.trusted), place
    for name in set(made) - {"shown"}:
        assert found({key: value for key, value in made.items() if key != name}, one.trusted), name


def test_who_holds_the_platforms_own_key_can_still_not_change_what_others_signed_or_the_journal_proves() -> None:
    one, chance = files.world(), Random(5)
    made = json.loads(file.write(files.made(one)))
    own = {"number", "made_at", "unproven", "seal", "form"}
    every = [(place, value) for place, value in places(made) if place[0] not in own and place[-1] != "token"]
    for place, value in [*every, *chance.choices(every, k=150)]:
        changed = put(made, place, other(value, chance))
        try:
            sealed = files.sealed(file.read(json.dumps(changed).encode()), one.journal_key)
        except Refused:
            continue
        faults = found(json.loads(file.write(sealed)), one.trusted)
        assert faults and "evidence.seal" not in faults, place
