"""信用修复: a case of the service item, decided by the agency whose fact it is; its grant hides the fact and deletes nothing.

The mark follows a row's key: it hides the row in every reading of credit from then on, here and wherever it is redelivered.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import Rule, RuleBook
from shuniu.cases.api import drafts, effects, items
from shuniu.cases.declare import Application, Effect
from shuniu.cases.declare.case import CaseState
from shuniu.cases.declare.draft import Applicant
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Resource
from shuniu.procedures import api as procedures
from shuniu.registries import api as registries
from shuniu.registries.api.files import who_is
from shuniu.registries.api.marks import Mark, RowKey, put
from shuniu.systems.credit.declare import COMMITMENT, EFFECT, FACT, FACTS, ITEM, REPAIR, REPAIR_CASE, Viewer
from shuniu.systems.credit.disclosure import earliest_repair, least
from shuniu.systems.credit.file import Fact
from shuniu.systems.credit.report import report
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

procedures.register(REPAIR)
procedures.register(REPAIR_CASE)


@dataclass(frozen=True)
class Terms:
    """From what day a fact may be repaired, and what is asked: by the rules of the day of asking."""

    opens: date
    shortest: Rule
    conditions: Rule

    @property
    def asked(self) -> tuple[str, ...]:
        """min_period, corrected, commitment: those that the day's rule names."""
        return self.conditions.texts()

    def open(self, today: date) -> bool:
        return today >= self.opens or "min_period" not in self.asked


@dataclass(frozen=True)
class Standing:
    """The newest application for a fact: a case (`number`), or a bare procedure of the time before (`matter`)."""

    state: CaseState
    number: str = ""
    matter: int = 0


@dataclass(frozen=True)
class Commitment:
    """A 信用承诺 as it is published. Of which fact is not said: that would publish anew what a grant hides."""

    name: str
    code: str
    text: str
    day: date


def terms(fact: Fact, today: date) -> Terms | None:
    """What a repair of a fact takes; None for what none is for: no term runs, and it ends with its end at the source."""
    if not fact.seen_as.disclosed.months or fact.document_date is None:
        return None
    book = RuleBook.load(settings.RULE_PACK)
    shortest = least(fact.seen_as.resource, book, today, settings.PROVINCE)
    conditions = book.resolve("credit.repair.conditions", today, settings.PROVINCE)
    return Terms(earliest_repair(fact.document_date, shortest), shortest, conditions)


def standings(facts: Collection[Fact]) -> Mapping[RowKey, Standing]:
    """How the newest application for each of one subject's facts stands, under whichever of its ids it was made.

    A fact that nothing was asked for is not there. The caller has checked who may see the facts.
    """
    if not facts:
        return {}
    members = registries.members(next(iter(facts)).header.subject)
    made = effects.applications(ITEM.key, members)
    found = {one.answers[FACT]: Standing(one.state, one.number) for one in reversed(made)}
    known = {one.place: found.get(_code(one.place)) or _before(one.place, members) for one in facts}
    return {place: one for place, one in known.items() if one is not None}


_ENDED = {"": CaseState.ACCEPTED, "granted": CaseState.GRANTED}


def _before(place: RowKey, members: Collection[int]) -> Standing | None:
    objects = (f"repair:{member}:{_code(place)}" for member in members)
    made = [one for about in objects for one in procedures.cases_on(about, procedure=REPAIR.key)]
    newest = max(made, key=lambda one: one.id, default=None)
    return Standing(_ENDED.get(newest.outcome, CaseState.REFUSED), matter=newest.id) if newest else None


def _code(place: RowKey) -> str:
    """A fact's place as a form answers with it."""
    return f"{place[0]}:{place[1]}"


def place_of(code: str) -> tuple[RowKey, Resource]:
    """Where the fact is that a form named, and its class. Raises Refused repair.unknown."""
    table, _colon, key = code.partition(":")
    found = next((one for one in catalogue.snapshot().published.values() if str(one.table) == table), None)
    if found is None:
        raise Refused("repair.unknown", "申请修复的信息所在的目录已经取消。", "请与认定单位联系。")
    return (found.table, UUID(key)), found.resource


def begin(*, actor: Actor, fact: Fact) -> int:
    """Begin an application for a fact of the actor's own report, asked of the agency whose fact it is; the draft's number.

    Raises Refused as `drafts.start` does.
    """
    it = items.published(ITEM.key)
    draft = drafts.start(actor=actor, item=it.item, version=it.version, agency=fact.seen_as.resource.agency)
    seen = drafts.view(actor=actor, draft=draft).version
    drafts.save_page(actor=actor, draft=draft, pages=[FACT], posted={FACT: _code(fact.place)}, seen=seen)
    return draft


def _facts(actor: Actor, subject: int | None) -> tuple[Fact, ...]:
    """What may be asked to be repaired: of one's own report; at the counter, of the public file of the firm that is served.

    A clerk sees no more of a firm than everybody does, and of a person nothing. Raises Refused repair.counter.
    """
    if not actor.agency:
        return report(actor=actor, viewer=Viewer.SUBJECT).facts
    who = who_is(subject) if subject is not None else None
    if who is None or who.kind != "legal" or not who.known:
        raise Refused(
            "repair.counter",
            "窗口只为登记在册的企业和其他组织代录信用修复。",
            "请核对名称和统一社会信用代码；个人的信息只给本人看，请本人登录后申请。",
        )
    return report(actor=actor, code=who.code, viewer=Viewer.PUBLIC).facts


def _offered(actor: Actor, agency: str, applicant: Applicant | None) -> dict[str, dict[str, str]]:
    """The facts that this agency may be asked to repair today; at the counter none until the firm is named."""
    if actor.agency and applicant is None:
        return {FACTS: {}}
    today = timezone.localdate()
    own = [
        one for one in _facts(actor, applicant.subject if applicant else None) if one.seen_as.resource.agency == agency
    ]
    open_ = [one for one in own if (asked := terms(one, today)) is not None and asked.open(today)]
    known = standings(open_)
    free = [one for one in open_ if one.place not in known or not known[one.place].state.running]
    if not free:
        raise Refused(
            "repair.none",
            "报告中没有由这个单位认定、现在可以申请修复的信息。",
            "本人（本企业）请从“我的信用信息”进入“信用修复”，那里写明每条信息由谁办、从哪天起可以申请。",
        )
    return {FACTS: {_code(one.place): _label(one) for one in free}}


def _label(fact: Fact) -> str:
    named = {item.title for item in fact.seen_as.resource.key_items}
    said = [text for title, text in fact.items if title in named]
    day = [fact.document_date.isoformat()] if fact.document_date else []
    return " · ".join([fact.seen_as.resource.title, *said, *day])


def _check(actor: Actor, asked: Application) -> None:
    """Refuse what may not be asked now: not one's own or shown no longer, another's to decide, too early, asked already."""
    facts = _facts(actor, asked.subject)
    fact = next((one for one in facts if _code(one.place) == asked.answers.get(FACT)), None)
    today = timezone.localdate()
    by = terms(fact, today) if fact is not None else None
    if fact is None or by is None or asked.subject not in registries.members(fact.header.subject):
        raise Refused("repair.fact", "本人报告中没有这条可以修复的失信信息。", "请从本人（本企业）信用报告进入。")
    if fact.seen_as.resource.agency != asked.agency:
        raise Refused(
            "repair.agency", f"这条信息由{fact.seen_as.agency_name}认定。", "请从信用报告重新申请，由认定单位办理。"
        )
    if not by.open(today):
        raise Refused("repair.min_period", f"最短公示期没有届满，{by.opens} 起可以修复。", "请在这一天以后提出申请。")
    if "commitment" in by.asked and asked.answers.get(COMMITMENT) != "true":
        raise Refused("repair.commitment", "没有作出信用承诺。", "请在“信用承诺”一页选择“是”，公开作出信用承诺。")
    known = standings([fact]).get(fact.place)
    if known is not None and known.state.running:
        raise Refused("repair.open", "这条信息的修复申请正在办理。", "请在“我的办件”等待认定单位的决定。")


def _granted(actor: Actor, asked: Application) -> None:
    hide(actor, asked.answers[FACT], asked.filed_at, f"信用修复，办件编号 {asked.number}", asked.matter)


def hide(actor: Actor, code: str, asked_at: datetime, reason: str, case: int) -> None:
    """Mark a fact as repaired, by the rule of the day on which it was asked for; within the deciding verb."""
    place, resource = place_of(code)
    book, day = RuleBook.load(settings.RULE_PACK), timezone.localdate(asked_at)
    rule = least(resource, book, day, settings.PROVINCE).id
    put(place, Mark.REPAIRED, rule=rule, since=timezone.localdate(), by=actor.person, reason=reason, case=case)


effects.register(Effect(EFFECT, "信用修复", frozenset({FACT, COMMITMENT}), _check, _granted, _offered))


@verb("credit.list_commitments", "查看信用承诺公示", reads=True)
def commitments(*, actor: Actor, limit: int, offset: int = 0) -> tuple[int, tuple[Commitment, ...]]:
    """How many commitments are published, and some, the newest first: those of applications that were accepted.

    Legal persons' alone: of natural persons nothing is published (dated rule credit.disclosure.natural_person).
    """
    require()
    total, made = effects.accepted(ITEM.key, "legal", limit=limit, offset=offset)
    given = tuple(_commitment(one) for one in made if one.answers.get(COMMITMENT) == "true")
    record("credit", detail={"commitments": len(given)})
    return total, given


def _commitment(made: Application) -> Commitment:
    """As it was given: the words are those of the form that was filed, the name is the register's."""
    who = who_is(made.subject) if made.subject is not None else None
    text = next(one.hint for one in drafts.frozen_form(made.form).form.questions if one.name == COMMITMENT)
    day = timezone.localdate(made.accepted_at or made.filed_at)
    return Commitment(who.name if who else made.applicant, who.code if who else "", text, day)
