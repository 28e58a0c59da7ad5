"""The drawing of a procedure as a page shows it: words and states in its boxes, and the same said in a table beside it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as mark

from shuniu.base.rules import NoRule, RuleBook
from shuniu.procedures.declare import OPENER, CaseView, Event, Procedure, Stage
from shuniu.procedures.drawing.grid import Box, Layout, Point
from shuniu.procedures.drawing.sketch import END, PARTS, START, Place, Standing, places, row, sketch, stage_id
from shuniu.trust.api import VERBS
from shuniu.web.declare import Column, Row, State
from shuniu.web.templates import write_date, write_datetime, write_term

_STANDINGS: dict[Standing, State] = {
    "ahead": State(mark("未到"), "none"),
    "open": State(mark("待办"), "waiting"),
    "taken": State(mark("在办"), "info"),
    "again": State(mark("退回重办"), "warning"),
    "parts": State(mark("等待分项"), "waiting"),
    "paused": State(mark("暂停"), "warning"),
    "agreed": State(mark("同意"), "done"),
    "refused": State(mark("不同意"), "stopped"),
    "out": State(mark("略过"), "none"),
    "never": State(mark("未办"), "none"),
}
_LINE = 19
_TITLE_WIDTH, _LINE_WIDTH = 20, 25
"""How many half-width characters a box holds, in the size of its title and of its lines."""


@dataclass(frozen=True)
class Card:
    """One stage's box: the lines of its title, its state in a case, the lines below; `y` of each line's foot."""

    box: Box
    title: tuple[tuple[int, str], ...]
    lines: tuple[tuple[int, str], ...]
    state: State | None = None
    state_y: int = 0
    optional: bool = False


@dataclass(frozen=True)
class Figure:
    """A drawing with its words: `summary` says in a sentence what it shows, `rows` say all of it in a table."""

    id: str
    title: str
    summary: str
    layout: Layout
    lanes: tuple[tuple[int, int, str], ...]  # y, height, words
    cards: tuple[Card, ...]
    arrows: tuple[tuple[str, bool], ...]  # an SVG path, and whether it goes back
    ends: tuple[tuple[Point, str], ...]  # the middle of the round signs, and their words
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def returns(self) -> bool:
        """Whether an arrow goes back, so that the key explains it."""
        return any(back for _path, back in self.arrows)


def figure(
    id: str, procedure: Procedure, *, case: CaseView | None = None, log: Sequence[Event] = (),
    names: Mapping[str, str] | None = None,
) -> Figure:  # fmt: skip
    """Draw a procedure, or where a case stands on its own; `names` are those of agencies. `id` is the page's for it."""
    layout = sketch(procedure)
    found = {one.stage: one for one in places(case, log)} if case else {}
    cards = tuple(
        _card(layout.boxes[stage_id(stage.key)], procedure, stage, found.get(stage.key), names or {})
        for stage in procedure.stages
    )
    words = {START: _("提出"), END: _("办结")}
    columns, rows = _table(procedure, found, names or {})
    return Figure(
        id=id,
        title=_("“%(title)s”流程图") % {"title": _(procedure.title)},
        summary=_summary(procedure, case),
        layout=layout,
        lanes=tuple((band.y, band.height, lane_title(band.lane)) for band in layout.bands),
        cards=cards,
        arrows=tuple((_path(points), key.endswith("<")) for key, points in layout.paths.items()),
        ends=tuple((layout.boxes[id].middle, said) for id, said in words.items()),
        columns=columns,
        rows=rows,
    )


def lane_title(lane: str) -> str:
    """What a lane is called: by the right that its seats ask for."""
    if lane == PARTS:
        return _("各分项")
    return _(VERBS[lane].title) if lane in VERBS else lane


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _card(box: Box, procedure: Procedure, stage: Stage, place: Place | None, names: Mapping[str, str]) -> Card:
    title = _wrapped(_(stage.title), _TITLE_WIDTH, 2)
    lines = _who(place, names) if place else (_term(stage), _on_no(procedure, stage))
    y = box.y + 24
    heads = tuple((y + _LINE * number, text) for number, text in enumerate(title))
    y += _LINE * len(title)
    state_y = y
    y += _LINE if place else 0
    lines = tuple(line for line in lines if line)
    if place and len(_wrapped(" · ".join(lines), _LINE_WIDTH, 9)) == 1:
        lines = (" · ".join(lines),)
    shown = [_wrapped(line, _LINE_WIDTH, 1)[0] for line in lines if line][: 3 - len(title) + (not place)]
    return Card(
        box, heads, tuple((y + _LINE * number, text) for number, text in enumerate(shown)),
        _STANDINGS[place.standing] if place else None, state_y, stage.optional,
    )  # fmt: skip


def _who(place: Place, names: Mapping[str, str]) -> tuple[str, ...]:
    """Who answered and when, or who has it since when; how many, where there are several."""
    several = len(place.done) + len(place.waiting) > 1
    if place.waiting and several:
        said = {"done": len(place.done), "all": len(place.done) + len(place.waiting)}
        return _("已答复 %(done)s，共 %(all)s") % said, _("%(day)s 起") % {"day": write_date(place.waiting[0].asked)}
    if place.waiting:
        (seat,) = place.waiting
        return seat.person_name or names.get(seat.agency, seat.agency), _("%(day)s 起") % {
            "day": write_date(seat.since)
        }
    if several:
        last = max(done.at for done in place.done)
        return _("%(n)s 位答复") % {"n": len(place.done)}, write_date(last)
    return tuple(text for done in place.done for text in (done.person_name, write_date(done.at)))


def _on_no(procedure: Procedure, stage: Stage) -> str:
    if stage.children:
        return {"all": _("各分项均须同意"), "any": _("一个分项同意即可"), "each": _("各分项均须办结")}[stage.children]
    if stage.returns_to == OPENER:
        return _("不同意：退回发起人")
    if stage.returns_to:
        return _("不同意：退回%(stage)s") % {"stage": _(procedure[stage.returns_to].title)}
    return _("不同意：办结")


def _rule(stage: Stage, place: Place | None) -> str:
    """How many of a stage's seats must agree; 会签 is what several do: how many they are, a case knows alone."""
    if stage.children:
        return ""
    several = place is not None and len(place.done) + len(place.waiting) > 1
    said = {"all": _("会签（均须同意）") if several else _("办理人同意"), "any": _("或签（一方同意即可）")}
    return said.get(stage.rule) or _("表决（%(n)s 方同意）") % {"n": stage.quorum}


def _term(stage: Stage) -> str:
    """The term of a stage in words, as the rule that is named has it today; empty where there is none."""
    if stage.share:
        return _("办理期限的 %(n)s%%") % {"n": stage.share}
    if stage.term is None:
        return ""
    if isinstance(stage.term, int):
        return _("限 %(n)s 个工作日") % {"n": stage.term}
    try:
        rule = RuleBook.load(settings.RULE_PACK).resolve(stage.term, timezone.localdate(), None)
    except NoRule:
        return _("按规定期限")
    return _("限 %(term)s") % {"term": write_term(rule.term())}


def _table(
    procedure: Procedure, found: Mapping[str, Place], names: Mapping[str, str]
) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    titles = {stage.key: _(stage.title) for stage in procedure.stages}
    heads = [_("环节"), *([_("现状"), _("办理人和时间")] if found else []), _("由谁办理"), _("在其之后"), _("如何算同意"),
             _("不同意时"), _("时限")]  # fmt: skip
    rows = []
    for stage in procedure.stages:
        place = found.get(stage.key)
        told = (_STANDINGS[place.standing], _people(place, names)) if place else ()
        after = _("、").join(titles[need] for need in stage.needs) or _("提出")
        title = _("%(stage)s（可略过）") % {"stage": titles[stage.key]} if stage.optional else titles[stage.key]
        rows.append(
            Row(
                (
                    title,
                    *told,
                    lane_title(row(stage)),
                    after,
                    _rule(stage, place),
                    _on_no(procedure, stage),
                    _term(stage),
                )
            )
        )
    return tuple(Column(head) for head in heads), tuple(rows)


def _people(place: Place, names: Mapping[str, str]) -> str:
    answers = {"yes": _("同意"), "no": _("不同意")}
    said = [
        _("%(agency)s %(who)s %(when)s %(answer)s")
        % {"agency": names.get(done.agency, done.agency), "who": done.person_name, "when": write_datetime(done.at),
           "answer": answers.get(done.answer, "")}
        for done in place.done
    ]  # fmt: skip
    said += [
        _("%(agency)s %(who)s %(when)s 起待办")
        % {"agency": names.get(seat.agency, seat.agency), "who": seat.person_name, "when": write_datetime(seat.since)}
        for seat in place.waiting
    ]
    return _("；").join(" ".join(one.split()) for one in said)


def _summary(procedure: Procedure, case: CaseView | None) -> str:
    stages = _("、").join(_(stage.title) for stage in procedure.stages)
    said = _("共 %(n)s 个环节：%(stages)s。") % {"n": len(procedure.stages), "stages": stages}
    if case is None:
        return said
    done = sum(bool(result) for result in case.results.values())
    waits = {_(case.procedure[seat.stage].title): None for seat in case.open}
    said += _("已完成 %(n)s 个。") % {"n": done}
    if waits:
        said += _("正在办理：%(stages)s。") % {"stages": _("、").join(waits)}
    elif case.waits_for:
        said += _("正在等待：%(what)s。") % {"what": _("、").join(_(one) for one in case.waits_for)}
    return said


def _wrapped(text: str, width: int, most: int) -> list[str]:
    """The text in at most so many lines, each of at most so many half-width characters; what is left out shows as …"""
    lines, line, used = [], "", 0
    for letter in text:
        size = 2 if unicodedata.east_asian_width(letter) in "WFA" else 1
        if used + size > width:
            lines.append(line)
            line, used = "", 0
        line, used = line + letter, used + size
    lines.append(line)
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1][:-1] + "…"]
