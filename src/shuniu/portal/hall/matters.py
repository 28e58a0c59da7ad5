"""What somebody has asked of an agency that is no case of a service item: by declared kind, with state, day and link.

Objections to data stay procedures of the exchange, below the cases (`docs/decisions/0009`); to whoever asks they are one
more thing to be done by somebody by a day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from shuniu.directory.api import agency_names
from shuniu.exchange.api.objections import OPEN, TITLES, objections
from shuniu.portal.clocks import due_cell, stage_due
from shuniu.procedures import api as procedures
from shuniu.trust.api import OVERSEE
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Row, State

MOST = 50
OBJECTION_STATES: dict[str, State] = {
    "raised": State(TITLES["raised"], "waiting"),
    "accepted": State(TITLES["accepted"], "waiting"),
    "upheld": State(TITLES["upheld"], "warning"),
    "corrected": State(TITLES["corrected"], "done"),
    "rejected": State(TITLES["rejected"], "stopped"),
    "declined": State(TITLES["declined"], "none"),
}


@dataclass(frozen=True)
class Kind:
    """One kind of matter: who may list his own, and how a list shows them (see `columns`), the newest first."""

    right: str
    rows: Callable[[Actor], list[Row]]


def _objections(who: Actor) -> list[Row]:
    if who.may(OVERSEE):  # the office is listed everybody's
        return []
    found, names = objections(actor=who, limit=MOST), agency_names()
    running = procedures.case_views([one.case for one in found if one.case is not None and one.state in OPEN])
    return [
        Row(
            (
                _("数据异议：%(title)s") % {"title": one.resource_title}, names.get(one.agency, one.agency),
                OBJECTION_STATES[one.state], one.raised_at,
                due_cell(stage_due(running[one.case])) if one.case in running else None,
                _("第 %(n)s 号") % {"n": one.number},
            ),
            reverse("portal:objection", args=[one.number]),
        )
        for one in found
    ]  # fmt: skip


KINDS = (Kind("exchange.list_objections", _objections),)


def columns() -> list[Column]:
    return [Column(_("事项")), Column(_("由谁办理")), Column(_("状态")), Column(_("提出"), "day"),
            Column(_("本环节应办结"), "day"), Column(_("编号"))]  # fmt: skip


def matters(who: Actor) -> list[Row]:
    """All that the reader has asked for besides cases, kind by kind."""
    return [row for kind in KINDS if who.may(kind.right) for row in kind.rows(who)]
