"""What a card was computed from, as lists and tables for its page."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuniu.assessment.declare import CardState, CardView, Level, Recomputed
from shuniu.base.rules import PACKS, Certainty, Rule, RuleBook
from shuniu.web.declare import Column, Link, Row, State, Value

LEVELS: dict[Level, State] = {
    Level.REMINDER: State("提示", "info"),
    Level.YELLOW: State("黄牌", "warning"),
    Level.RED: State("红牌", "stopped"),
}
STATES: dict[CardState, State] = {
    CardState.ISSUED: State("待说明", "waiting"),
    CardState.EXPLAINED: State("已说明", "info"),
    CardState.APPEALED: State("申诉中", "waiting"),
    CardState.UPHELD: State("已维持", "stopped"),
    CardState.CANCELLED: State("已撤销", "none"),
}


@dataclass(frozen=True)
class Shown:
    """One table of a card's page."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def facts(it: CardView, names: dict[str, str], explains: bool) -> list[tuple[str, Value]]:
    """What was found, whose it was and by which rule; `explains`: the reader may open the clock's page."""
    one, line = it.finding, it.line
    stage = _(dict(it.facts.titles).get(one.stage, one.stage)) if one.stage else ""
    shown: list[tuple[str, Value]] = [
        (_("规则"), _(line.rule_title)),
        (_("查明"), one.said),
        *([(_("环节"), stage)] if stage else []),
        (_("单位"), names.get(line.agency, line.agency)),
        (_("责任人"), line.person_name or _("无人领办")),
        (_("起算"), one.since),
        (_("界限的依据"), rule_words(one.limit.rule) if one.limit.rule else free_of_limit(one.clock is not None)),
        (_("出牌时间"), line.at),
        (_("日历版本"), it.calendar),
    ]
    if one.clock is not None and explains:
        shown.append((_("每一天怎样算"), Link(_("为什么是这一天到期"), reverse("portal:clock", args=[one.clock]))))
    return shown


def rule_words(rule: str) -> str:
    """The dated rule of that id in words, with its number; the id itself where no pack has it any more."""
    packs = [settings.RULE_PACK, *PACKS]
    found = next((one for pack in packs for one in RuleBook.load(pack).rules if one.id == rule), None)
    return f"{basis(found)} · {limit_words(found)}" if found else rule


def basis(found: Rule) -> str:
    """A dated rule in words; which of them are the platform's own defaults is said."""
    article = _("第%(n)s条") % {"n": found.article} if found.article else ""
    own = _("（平台自定，非法定）") if found.certainty is Certainty.OWN_DEFAULT else ""
    return f"{found.legal_basis}{article}{own}"


def limit_words(found: Rule) -> str:
    """The number of a dated rule, with its unit."""
    number = found.integer()
    match found.unit:
        case "working_day":
            return ngettext("%(n)s 个工作日", "%(n)s 个工作日", number) % {"n": number}
        case "count":
            return ngettext("%(n)s 次", "%(n)s 次", number) % {"n": number}
    return str(number)


def free_of_limit(due: bool) -> str:
    """What a rule without a number goes by."""
    return _("到期日本身") if due else _("事实本身")


def tables(it: CardView) -> tuple[Shown, ...]:
    """The clocks, stops and events as they stood when the card was issued; those that it had none of are left out."""
    titles = {key: _(title) for key, title in it.facts.titles}
    clocks = tuple(
        Row((_(one.kind.title), titles.get(one.stage, one.stage) or _("全程"), one.start, one.term, one.due, one.ended))
        for one in it.facts.clocks
    )
    halts = tuple(Row((_(one.kind), one.begun, one.ended or _("尚未恢复"))) for one in it.facts.halts)
    moves = tuple(
        Row((one.at, _(one.move), titles.get(one.stage, one.stage), one.person_name)) for one in it.facts.moves
    )
    charges = tuple(Row((one.title, f"{one.amount / 100:.2f}", one.rule or _("没有"))) for one in it.facts.charges)
    shown = (
        Shown("clocks", _("时限"), (Column(_("种类")), Column(_("环节")), Column(_("起算"), "day"), Column(_("期限")),
              Column(_("到期"), "day"), Column(_("停表"), "day")), clocks),
        Shown("halts", _("停止计时"), (Column(_("事由")), Column(_("从"), "day"), Column(_("到"), "day")), halts),
        Shown("charges", _("收费"), (Column(_("收费项")), Column(_("金额（元）"), "number"), Column(_("收费标准"))), charges),
        Shown("moves", _("办理经过"), (Column(_("时间")), Column(_("事件")), Column(_("环节")), Column(_("人员"))), moves),
    )  # fmt: skip
    return tuple(one for one in shown if one.rows)


def changed(again: Recomputed) -> list[Row]:
    """What a computation anew found otherwise."""
    return [Row((_way(one.what), one.then or "—", one.now or "—")) for one in again.changes]


def _way(what: str) -> str:
    """Where a fact stands, in words: `facts.clocks.0.due` is 时限 1 · 到期."""
    words = {
        "clocks": _("时限"), "moves": _("办理经过"), "halts": _("停止计时"), "charges": _("收费"), "warned": _("以前的牌"),
        "finding": _("查明"), "due": _("到期"), "start": _("起算"), "ended": _("停表"), "at": _("时间"), "rule": _("规则"),
        "late": _("超过的工作日"), "said": _("查明"), "since": _("起算"), "limit": _("界限"), "value": _("界限"),
        "person": _("责任人"), "person_name": _("责任人"), "agency": _("单位"), "stage": _("环节"), "term": _("期限"),
    }  # fmt: skip
    named: list[str] = []
    for key in what.split(".")[1 if what.startswith("facts.") else 0 :]:
        if key.isdigit() and named:
            named[-1] += f" {int(key) + 1}"
        else:
            named.append(words.get(key, key))
    return " · ".join(named)
