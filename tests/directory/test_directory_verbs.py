"""Every verb of the directory refuses whoever lacks its right, and journals the refusal."""

from __future__ import annotations

import pytest

from shuniu.directory import api
from shuniu.directory.declare import ADMINISTRATION, CITIZEN, FIRM, PUBLIC, ROLES, SIGNED_IN, SYSTEMS
from shuniu.trust.api import VERBS
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry

OURS = sorted(name for name in VERBS if name.startswith("directory."))


def test_every_public_function_that_acts_is_a_verb() -> None:
    assert len(OURS) == 62
    assert {VERBS[name].call for name in OURS} <= {getattr(api, name) for name in api.__all__}


@pytest.mark.parametrize("name", OURS)
def test_a_verb_refuses_an_actor_without_the_right_and_says_so_in_the_journal(db: None, name: str) -> None:
    with pytest.raises(Refused) as refused:
        VERBS[name].call(actor=Actor("officer:0", "无权者"))
    assert refused.value.rule == "right.missing"
    entry = Entry.objects.latest("id")
    assert (entry.verb, entry.outcome, entry.detail) == (name, "refused", {"rule": "right.missing"})


def test_every_verb_of_the_directory_is_somebodys() -> None:
    held = PUBLIC | SIGNED_IN | CITIZEN | FIRM | ADMINISTRATION
    held = held.union(*(role.capabilities for role in ROLES.values()), *SYSTEMS.values())
    assert set(OURS) <= held
