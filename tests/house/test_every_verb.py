"""Every public verb of the platform, enumerated: refused without the right, journalled; named once; held by some role."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest

import shuniu
from shuniu.directory.declare import CITIZEN, FIRM, PUBLIC, ROLES, SIGNED_IN, SYSTEMS, WIDER
from shuniu.trust.api import VERBS
from shuniu.trust.declare import Actor, Refused, Verb
from shuniu.trust.models import Entry

for _module in pkgutil.walk_packages(shuniu.__path__, "shuniu."):
    if "migrations" not in _module.name and not _module.name.endswith((".main", "__main__")):
        importlib.import_module(_module.name)

NAMED = sorted(VERBS.items())
STRANGER = Actor("officer:0", "无权人员", "43.nowhere", "无此单位", ("43",), frozenset())
HELD = frozenset().union(
    PUBLIC, SIGNED_IN, CITIZEN, FIRM, *SYSTEMS.values(), *(role.capabilities for role in ROLES.values())
)


def test_there_are_verbs_in_every_engine_that_acts() -> None:
    assert {name.partition(".")[0] for name in VERBS} >= {"trust", "directory", "catalogue", "registries", "exchange"}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "verb"), NAMED, ids=[name for name, _ in NAMED])
def test_a_verb_refuses_who_has_no_right_whatever_the_arguments_and_journals_the_refusal(name: str, verb: Verb) -> None:
    arguments = dict.fromkeys(inspect.signature(verb.call).parameters, None)
    with pytest.raises(Refused) as refusal:
        verb.call(**{**arguments, "actor": STRANGER})
    assert refusal.value.rule == "right.missing"
    entry = Entry.objects.latest("id")
    assert (entry.verb, entry.outcome, entry.person) == (name, "refused", STRANGER.person)


@pytest.mark.parametrize(("name", "verb"), NAMED, ids=[name for name, _ in NAMED])
def test_a_verb_is_keyword_only_with_the_actor_first_and_says_what_it_is_for(name: str, verb: Verb) -> None:
    parameters = list(inspect.signature(verb.call).parameters.values())
    assert parameters[0].name == "actor"
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters)
    assert verb.title and inspect.getdoc(verb.call)


def test_every_verb_can_be_done_by_somebody() -> None:
    assert sorted(set(VERBS) - HELD) == []


def test_every_capability_that_a_role_gives_is_a_verb_or_named_as_wider() -> None:
    assert sorted(HELD - set(VERBS) - set(WIDER)) == []


def test_the_three_administrators_read_no_business_row() -> None:
    reading = {
        name for name, verb in VERBS.items() if verb.reads and name.startswith(("exchange.", "registries.", "credit."))
    }
    for role in ("system_administrator", "security_administrator", "auditor"):
        assert sorted(ROLES[role].capabilities & reading) == []
