"""What the desk's and the public page of scores share: columns, rows, months to choose from, and how points are counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from shuniu.assessment import api
from shuniu.assessment.api import Explained
from shuniu.assessment.declare import CardLine, CardState, Level, Score
from shuniu.portal.pages.supervision_facts import LEVELS, STATES, basis, free_of_limit, limit_words
from shuniu.web.declare import Column, Filter, Link, Row, Value

_QUARTER = 3
STANDING = "standing"
"""In an address: all cards but the cancelled ones, which cost no points."""


def period_of(request: HttpRequest) -> str:
    """The month or quarter that the address asks for; else this month."""
    return request.GET.get("period", "") or f"{timezone.localdate():%Y-%m}"


def period_filter(period: str) -> Filter:
    """The months and quarters from the first card's to this one, the newest first."""
    months = api.published()
    quarters = dict.fromkeys(f"{one[:4]}-Q{(int(one[5:]) - 1) // _QUARTER + 1}" for one in months)
    every = dict.fromkeys([period, *months, *quarters])
    return Filter("period", _("月份或季度"), period, tuple((one, one) for one in sorted(every, reverse=True)))


def card_columns() -> list[Column]:
    """The columns of `card_row`."""
    return [
        Column(_("编号")), Column(_("等级")), Column(_("规则")), Column(_("事项")), Column(_("单位")),
        Column(_("出牌时间"), "day"), Column(_("情况")),
    ]  # fmt: skip


def card_row(one: CardLine, names: dict[str, str], href: str, *more: Value) -> Row:
    """A card as lists show it; what is never public stands by its number, level and day."""
    cells = (
        _("第 %(n)s 号") % {"n": one.number}, LEVELS[one.level], _(one.rule_title) if one.rule else _("不予公开"),
        _(one.title) if one.title else _("不予公开"), names.get(one.agency, one.agency), one.at, STATES[one.state], *more,
    )  # fmt: skip
    return Row(cells, href)


def score_columns() -> list[Column]:
    """The columns of `score_row`."""
    return [
        Column(_("得分"), "number"), Column(_("等次")), Column(_("红牌"), "number"), Column(_("黄牌"), "number"),
        Column(_("提示"), "number"), Column(_("已撤销"), "number"), Column(_("全部"), "number"),
    ]  # fmt: skip


def score_row(one: Score, at: str, **of: str) -> Row:
    """A score, each of its numbers leading to the cards behind it."""

    def behind(number: int, **more: str) -> Value:
        return Link(str(number), f"{at}?{urlencode({**of, **more})}") if number else 0

    cells = (
        one.name, one.points, _(one.grade), behind(one.red, level=Level.RED, state=STANDING),
        behind(one.yellow, level=Level.YELLOW, state=STANDING), behind(one.reminders, level=Level.REMINDER, state=STANDING),
        behind(one.cancelled, state=CardState.CANCELLED), behind(one.cards),
    )  # fmt: skip
    return Row(cells)


@dataclass(frozen=True)
class Method:
    """How the points of a month or quarter are counted, by which rules, and since when there is supervision."""

    weight_columns: tuple[Column, ...]
    weights: tuple[Row, ...]
    rule_columns: tuple[Column, ...]
    rules: tuple[Row, ...]
    began: date


def method(period: str) -> Method:
    """The rule text of a period's scores. Raises Refused (assessment.period)."""
    reminder, yellow, red, excellent, good, passed = api.weighing(period)
    said = (
        (_("一次提示扣分"), reminder), (_("一张黄牌扣分"), yellow), (_("一张红牌扣分"), red), (_("优秀，不低于"), excellent),
        (_("良好，不低于"), good), (_("合格，不低于"), passed),
    )  # fmt: skip
    return Method(
        (Column(_("计分")), Column(_("分"), "number"), Column(_("依据"))),
        tuple(Row((words, rule.integer(), basis(rule))) for words, rule in said),
        (Column(_("规则")), Column(_("等级")), Column(_("界限")), Column(_("依据"))),
        # Two rules may say the same of two clocks.
        tuple(dict.fromkeys(_rule(one) for one in api.explained(timezone.localdate()))),
        api.began(),
    )  # fmt: skip


def _rule(one: Explained) -> Row:
    if one.limit:
        said = limit_words(one.limit), basis(one.limit)
    else:
        said = _("没有生效的界限，不出牌") if one.rule.limit else free_of_limit(bool(one.rule.clocks)), ""
    return Row((_(one.rule.title), LEVELS[one.rule.level], *said))


def public_at() -> str:
    """The address of the public page."""
    return reverse("portal:supervision")
