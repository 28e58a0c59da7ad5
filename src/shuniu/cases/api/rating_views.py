"""How ratings look to those who may not know who gave them: no name, no case number, no day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from django.utils import timezone

from shuniu.cases.api import items
from shuniu.cases.api.rectification import RECTIFY
from shuniu.cases.declare.rating import AsideView, Level, RatedStage, RatingView, RectificationView
from shuniu.cases.models import Case, Rating, RatingAside, RatingText, Rectification
from shuniu.cases.rules import ratings as rules
from shuniu.directory import api as directory
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import CaseView as MatterView
from shuniu.trust.declare import Actor

LOOK = "cases.look_at_rating_text"


def names(case: Case) -> tuple[str, ...]:
    """Whom a text may not name: who applied, and who acted for him."""
    return case.applicant_name, case.acting_name


def title_of(rating: Rating) -> str:
    return items.title(rating.item, rating.case.version)


def seen(rows: Sequence[Rating], reader: Actor | None = None) -> tuple[RatingView, ...]:
    """Ratings as a reader may see them (None: everybody).

    Texts that nobody has looked at, and what was said at a call-back, are there for who looks at texts alone: a few
    words may tell the rated who wrote them.
    """
    looking = reader is not None and reader.may(LOOK)
    agencies = directory.agency_names()
    matters = procedures.case_views([one.matter for row in rows if (one := rectification(row))])
    return tuple(_view(row, agencies.get(row.agency, row.agency), matters, looking, reader is None) for row in rows)


def _view(row: Rating, agency_name: str, matters: dict[int, MatterView], looking: bool, public: bool) -> RatingView:
    known, look, aside, led_to = rules.indicators(row.case.channel), _look(row), _aside(row), rectification(row)
    text = look.text if look else ""
    if looking and not text:
        text = rules.masked(row.text, names(row.case))
    if public and aside and aside.agreed:
        text = ""
    return RatingView(
        row.pk, row.agency, agency_name, row.item, title_of(row), RatedStage(row.stage), Level(row.level),
        tuple((known[key], Level(value)) for key, value in row.parts.items() if key in known), text,
        timezone.localdate(row.at).replace(day=1), row.version, bool(row.text), bool(look.text) if look else None,
        AsideView(aside.reason, aside.agreed, aside.answer) if aside else None,
        _rectification(led_to, row.case, matters[led_to.matter], looking) if led_to else None,
    )  # fmt: skip


def _rectification(row: Rectification, case: Case, matter: MatterView, looking: bool) -> RectificationView:
    state: Literal["rectify", "call_back", "done", "ended"] = "call_back"
    if matter.outcome:
        state = "done" if row.done_at else "ended"
    elif any(seat.stage == RECTIFY for seat in matter.open):
        state = "rectify"
    return RectificationView(
        row.matter, matter.due, state, rules.masked(row.measures, names(case)),
        rules.masked(row.call_back, names(case)) if looking else "",
        timezone.localdate(row.called_at) if row.called_at else None,
    )  # fmt: skip


def rectification(row: Rating) -> Rectification | None:
    return row.rectification if hasattr(row, "rectification") else None


def _look(row: Rating) -> RatingText | None:
    return row.look if hasattr(row, "look") else None


def _aside(row: Rating) -> RatingAside | None:
    return row.aside if hasattr(row, "aside") else None
