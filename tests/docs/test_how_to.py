"""What the how-to guides name exists: commands with their options, settings, addresses, rules, rights, files of the repository."""

from __future__ import annotations

import argparse
import re
import shlex
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

from shuniu.directory.declare import ROLES
from shuniu.project.environment import VARIABLES
from shuniu.project.main import parser
from shuniu.trust.api import VERBS

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "docs" / "how-to").glob("*.md"))
SOURCES = [one.read_text(encoding="utf-8") for one in (ROOT / "src" / "shuniu").rglob("*.py")]
COMMAND = re.compile(r"(?:^|[\s`(/\"])shuniu((?: [^\s`|)\"]+)+)", re.MULTILINE)
ENGINES = r"trust|directory|notices|procedures|catalogue|registries|exchange|cases|assessment|credit|portal"
BY_EXAMPLE = {"SHUNIU_VAR", "night_work.list_proofs", "/desk/night-work/"}
"""What a guide makes itself."""

guides = pytest.mark.parametrize(
    "guide", [one.read_text(encoding="utf-8") for one in GUIDES], ids=[one.stem for one in GUIDES]
)


def named(pattern: str, guide: str) -> set[str]:
    return set(re.findall(pattern, guide)) - BY_EXAMPLE


def test_every_guide_is_on_the_list_of_guides() -> None:
    for name in ("README.md", "README.zh.md"):
        page = (ROOT / name).read_text(encoding="utf-8")
        assert [one.name for one in GUIDES if f"docs/how-to/{one.name}" not in page] == [], name


@guides
def test_commands_exist_with_the_options_that_are_given_to_them(guide: str) -> None:
    known = commands(parser())
    outside = re.sub(r"```(?:sql|systemd|nginx|text)\n.*?```", "", guide, flags=re.DOTALL)  # other programs' words
    for said in COMMAND.findall(outside.replace("\\\n", " ")):
        words = shlex.split(said.replace("…", "").replace("'", ""))
        if words[0] in known or (words[0].isascii() and words[0].islower() and words[0].isalpha()):
            name = " ".join(words[:2]) if " ".join(words[:2]) in known else words[0]
            assert name in known, said
            options = {word.partition("=")[0] for word in words if word.startswith("--")}
            assert options <= known[name], said


def commands(made: argparse.ArgumentParser, at: str = "") -> dict[str, set[str]]:
    """Each command of a parser by its words, with its options."""
    found: dict[str, set[str]] = {}
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, one in action.choices.items():
                found |= commands(one, f"{at} {name}".strip())
    return found or {at: {option for action in made._actions for option in action.option_strings}}


@guides
def test_settings_are_read_by_the_platform(guide: str) -> None:
    assert named(r"SHUNIU_[A-Z_]*[A-Z]", guide) <= {one.name for one in VARIABLES}


@guides
def test_addresses_open_a_page(guide: str) -> None:
    for address in named(r"`(/[a-z][a-z/.-]*)`", guide):
        if re.match(r"/(etc|var|usr|opt|srv)/", address):
            continue
        tried = [address, f"{address}platform.pem", f"{address}x", f"{address}43.market/x/"]
        assert any(opens(one) for one in tried), address


def opens(address: str) -> bool:
    try:
        resolve(address)
    except Resolver404:
        return address in {"/exchange/", "/api/"}  # what begins with it
    return True


@guides
def test_verbs_rules_and_dated_rules_are_some(guide: str) -> None:
    dated = {
        line.split(",")[1] for line in (ROOT / "src/shuniu/base/data/rules/current-2026.csv").read_text().splitlines()
    }
    for name in named(rf"`((?:{ENGINES}|certificates|gateway|item|right)\.[a-z_.]+)`", guide):
        engine, _, rest = name.partition(".")
        spoken = name in VERBS or name in dated or any(f'"{name}"' in source for source in SOURCES)
        assert spoken or (engine == "item" and any(f'_fault(item, "{rest}"' in source for source in ITEMS)), name


ITEMS = [re.sub(r"_fault\(\s+item,\s+", "_fault(item, ", one) for one in SOURCES]


@guides
def test_roles_are_called_as_they_are(guide: str) -> None:
    titles = {role.title for role in ROLES.values()}
    for title in named(r"(?:^\| |, )(\w+(?:专员|管理员|经办|复核人|编目员|审核员|负责人))(?=[,. |])", guide):
        assert title in titles, title


@guides
def test_files_of_the_repository_and_links_are_there(guide: str) -> None:
    for target in named(r"\]\(([^)#:]+)\)", guide):
        assert (ROOT / "docs" / "how-to" / target).exists(), target
    for name in named(r"`((?:src|tests|docs)/[\w./-]+)`", guide):
        if "night_work" not in name:
            assert list(ROOT.glob(name)), name
