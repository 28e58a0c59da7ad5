"""The English of the pages: taken from the sources anew, joined with the English that is held, compiled for Django.

`.venv/bin/python -m tests.english` after any change of words on a page; it names what has no English yet.
"""

from __future__ import annotations

import importlib
import io
import os
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import shuniu

SOURCES = Path(__file__).parents[1] / "src" / "shuniu"
PO = SOURCES / "project" / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
_KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
_METHODS = [("**.py", "python"), ("**.jinja", "jinja2")]
_JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true", "silent": "false"}
_DAY = datetime(2026, 11, 21, tzinfo=UTC)
"""Stands in every header, so that the same words give the same files."""


def _catalog() -> Catalog:
    return Catalog(
        "en", header_comment="# The English of the pages. Written by tests/english.py; only the English is edited by hand.",
        project="shuniu", version="", msgid_bugs_address="-", last_translator="-", language_team="-",
        creation_date=_DAY, revision_date=_DAY, fuzzy=False, charset="utf-8",
    )  # fmt: skip


def sources() -> Catalog:
    """Every text marked on a page and every word of a closed list, without its English; with the file it stands in."""
    found = _catalog()
    marked = extract_from_dir(SOURCES, _METHODS, {"**.jinja": _JINJA}, _KEYWORDS)
    for file, _line, text, _comments, context in sorted(marked, key=lambda one: (one[0], one[1])):
        found.add(text, locations=[(Path(file).as_posix(), 0)], context=context)
    for room, word in vocabulary():
        found.add(word, locations=[(room, 0)])
    return found


def vocabulary() -> Iterator[tuple[str, str]]:
    """Room and word of the closed lists that lower rooms declare and pages show: states, cycles, roles, verbs, stages."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuniu.project.settings")
    django.setup()
    # Only now: they have models. Every room is loaded, so that every verb is known.
    for module in pkgutil.walk_packages(shuniu.__path__, "shuniu."):
        if "migrations" not in module.name and not module.name.endswith((".main", "__main__")):
            importlib.import_module(module.name)
    from shuniu.assessment.api import RULES
    from shuniu.assessment.declare import CardState, Step
    from shuniu.assessment.declare import Level as CardLevel
    from shuniu.assessment.rules.scoring import GRADES, WORST
    from shuniu.base.identifiers import IdentifierKind
    from shuniu.cases.declare import Audience, LicenceState, ServiceKind, ServiceStage
    from shuniu.cases.declare.appointment import BookingState, NumberState
    from shuniu.cases.declare.case import CaseState
    from shuniu.cases.declare.document import DocumentState, IncomingState
    from shuniu.cases.declare.draft import DraftState, Ground
    from shuniu.cases.declare.fee import BillMove, BillState
    from shuniu.cases.declare.postal import HandoverState, Way
    from shuniu.cases.declare.rating import OFFLINE, ONLINE, Level, RatedStage
    from shuniu.catalogue import declare as catalogue
    from shuniu.directory import declare as directory
    from shuniu.exchange import declare as exchange
    from shuniu.exchange.api.objections import TITLES
    from shuniu.exchange.api.telling import KINDS
    from shuniu.exchange.freshness import Freshness
    from shuniu.exchange.quality import Dimension
    from shuniu.notices.declare import CHANNELS
    from shuniu.notices.declare import State as Delivered
    from shuniu.procedures.calendars.declare import Cause, Kind, Standing
    from shuniu.procedures.clocks import Why
    from shuniu.procedures.declare import OUTCOME_TITLES, Move, Procedure
    from shuniu.registries import declare as registries
    from shuniu.registries.api.changes import Change
    from shuniu.systems.credit import declare as credit
    from shuniu.trust.api import VERBS

    loaded = [vars(module) for name, module in sorted(sys.modules.items()) if name.startswith("shuniu.")]
    procedures = {
        (one.key, one.version): one for names in loaded for one in names.values() if isinstance(one, Procedure)
    }.values()
    lists = {
        "assessment": [
            *(one.title for kind in (CardLevel, CardState) for one in kind), *(one.value for one in Step),
            *(one.title for one in RULES.values()), *GRADES, WORST,
        ],
        "base": [one.label for one in IdentifierKind],
        "cases": [
            *(one.title for kind in (Audience, CaseState, DraftState, LicenceState, ServiceKind, ServiceStage) for one in kind),
            *(text for one in Ground for text in (one.title, one.proof_title) if text),
            *(one.title for kind in (BillMove, BillState, DocumentState, IncomingState) for one in kind),
            *(one.title for kind in (BookingState, NumberState, Way) for one in kind),
            *(one.title_by(way) for way in Way for one in HandoverState),
            *(one.title for kind in (Level, RatedStage) for one in kind),
            *ONLINE.values(), *OFFLINE.values(),
        ],
        "catalogue": [
            one.title
            for kind in (
                catalogue.ItemType, catalogue.ShareType, catalogue.Cycle, catalogue.SubjectType, catalogue.Disclosure,
                catalogue.State,
            )
            for one in kind
        ],
        "directory": [*directory.KINDS.values(), *directory.WIDER.values(), *(r.title for r in directory.ROLES.values())],
        "exchange": [
            *(one.title for kind in (exchange.State, Freshness, Dimension) for one in kind), *TITLES.values(),
            *KINDS.values(), "核验", "入库",
        ],
        "notices": [
            *(text for one in CHANNELS.values() for text in (one.title, one.outcome)), *(one.title for one in Delivered),
        ],
        "procedures": [
            *(one.title for kind in (Cause, Kind) for one in kind), *(one.value for kind in (Standing, Why) for one in kind),
            *OUTCOME_TITLES.values(), "发起人", "分项",
            *(one.title for one in procedures), *(stage.title for one in procedures for stage in one.stages),
            *(one.value for one in Move),
        ],
        "registries": [one.title for kind in (registries.Mode, registries.Answer, Change) for one in kind],
        "systems": [
            *(one.title for kind in (credit.Viewer, credit.Purpose) for one in kind), *credit.SECTIONS.values(),
        ],
        "trust": [one.title for _name, one in sorted(VERBS.items()) if one.call.__module__.startswith("shuniu.")],
    }  # fmt: skip
    return ((room, word) for room, words in lists.items() for word in words)


def held() -> Catalog:
    """The English as it is written in the catalogue's file."""
    with PO.open("rb") as file:
        found = read_po(file, locale="en", charset="utf-8")
    found.fuzzy = False
    return found


def forms(english: str | Sequence[str] | None) -> tuple[str, ...]:
    """A message's English: one form, or one and many; empty where there is none."""
    return (english,) if isinstance(english, str) else tuple(english or ("",))


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as Django reads it."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def main() -> int:
    """Write both files anew; the exit status is 1 while something has no English."""
    found, known = sources(), held()
    for message in found:
        said = known.get(message.id, message.context)
        if message.id and said is not None:
            message.string = said.string
    with PO.open("wb") as file:
        write_po(file, found, width=120)
    MO.write_bytes(compiled(held()))
    missing = [one for one in found if one.id and not all(forms(one.string))]
    for one in missing:
        sys.stdout.write(f"no English yet: {one.id}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
