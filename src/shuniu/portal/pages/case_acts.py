"""The acts of the law in a case, as its page offers them: accept, correct, decline, examine, decide, send back."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shuniu.cases.api import handling, items, seats
from shuniu.cases.declare.case import CaseView
from shuniu.directory.declare import Person
from shuniu.portal.hall import case_parts as shared
from shuniu.portal.pages.case_forms import (
    ActForm,
    Advising,
    Asking,
    Choices,
    Examining,
    Refusing,
    Replying,
    Returning,
    Seated,
)
from shuniu.procedures.declare import Seat
from shuniu.trust.declare import Actor


@dataclass(frozen=True)
class Standing:
    """A case as it stands to its reader: with the seat that waits for him now, where one does."""

    who: Actor
    it: CaseView
    mine: Seat | None

    @property
    def lane(self) -> str:
        """The capability that the reader's seat asks for, where his answer is not advice; else empty."""
        return self.it.matter.procedure[self.mine.stage].lane if self.mine is not None and self.mine.counts else ""

    @cached_property
    def peers(self) -> tuple[Person, ...]:
        """Who else could have the reader's seat."""
        if self.mine is None:
            return ()
        lane = self.it.matter.procedure[self.mine.stage].lane
        return self._others(seats.colleagues(self.mine.agency, lane, self.it.region))

    @cached_property
    def readers(self) -> tuple[Person, ...]:
        """To whom the case can still be circulated."""
        unread = {one.person for one in self.it.matter.state.readers if one.read_at is None}
        found = self._others(seats.colleagues(self.who.agency, seats.MAY_READ, self.it.region))
        return tuple(one for one in found if one.person not in unread)

    def _others(self, people: Collection[Person]) -> tuple[Person, ...]:
        besides = {self.who.person, self.it.matter.opened_by}
        return tuple(one for one in people if one.person not in besides)

    @cached_property
    def results(self) -> Choices:
        """The ways in which the item says that it is decided, under their headings; none: it is granted or refused."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for one in items.version(self.it.item, self.it.version).item.results:
            groups.setdefault(one.group or one.title, []).append((one.key, one.title))
        return [("", _("请选择")), *groups.items()] if groups else []

    @property
    def refusal(self) -> str:
        """What the procedure calls a no in the reader's seat, where it has a word for it."""
        return self.it.matter.procedure[self.mine.stage].refusal if self.mine is not None else ""

    @property
    def before(self) -> Choices:
        """The stages that one can return to, the nearest first."""
        if self.mine is None:
            return []
        earlier = self.it.matter.procedure.before(self.mine.stage)
        return [(one.key, _(one.title)) for one in reversed(self.it.matter.procedure.stages) if one.key in earlier]


@dataclass(frozen=True)
class Act:
    """One thing that can be done: its words, its form, when it fits, and the verb behind it.

    `accesskey` is the key that does it, or opens its form. `choices` are those of its form; `seat` is the one that the form
    names where it is not the reader's own open one.
    """

    key: str
    title: str
    hint: str
    button: str
    said: str
    kind: type[ActForm]
    right: str
    does: Callable[[Actor, str, ActForm], CaseView]
    fits: Callable[[Standing], bool]
    accesskey: str = ""
    choices: Callable[[Standing], Choices] | None = None
    seat: Callable[[Standing], int] = lambda at: at.mine.number if at.mine is not None else 0
    named: Callable[[Standing], str] = lambda at: ""

    def called(self, at: Standing) -> Act:
        """The act in the words of the case's procedure, where that has a word for it."""
        word = self.named(at)
        return replace(self, title=word, button=word) if word else self


def _accept(who: Actor, number: str, form: ActForm) -> CaseView:
    return handling.accept(actor=who, number=number, seat=form.cleaned_data["seat"])


def _ask(who: Actor, number: str, form: ActForm) -> CaseView:
    said = form.cleaned_data
    return handling.ask_correction(actor=who, number=number, what=said["what"], seat=said["seat"])


def _decline(who: Actor, number: str, form: ActForm) -> CaseView:
    grounds = _grounds(form)
    return handling.decline(actor=who, number=number, grounds=grounds.grounds, seat=form.cleaned_data["seat"])


def _examine(who: Actor, number: str, form: ActForm) -> CaseView:
    said = form.cleaned_data
    return handling.examine(actor=who, number=number, opinion=said["opinion"], seat=said["seat"])


def _grant(who: Actor, number: str, form: ActForm) -> CaseView:
    return handling.decide(actor=who, number=number, seat=form.cleaned_data["seat"])


def _refuse(who: Actor, number: str, form: ActForm) -> CaseView:
    grounds = _grounds(form)
    return handling.decide(actor=who, number=number, grounds=grounds.grounds, seat=form.cleaned_data["seat"])


def _reply(who: Actor, number: str, form: ActForm) -> CaseView:
    if not isinstance(form, Replying):
        raise TypeError("a result is chosen in a form with the results")
    return handling.decide(
        actor=who, number=number, grounds=form.grounds, reply=form.reply, seat=form.cleaned_data["seat"]
    )


def _advise(who: Actor, number: str, form: ActForm) -> CaseView:
    said = form.cleaned_data
    return seats.advise(
        actor=who, number=number, agree=said["agree"] == "yes", opinion=said["opinion"], seat=said["seat"]
    )


def _return(who: Actor, number: str, form: ActForm) -> CaseView:
    said = form.cleaned_data
    return handling.return_(
        actor=who, number=number, reason=said["reason"], to_stage=said["to_stage"], seat=said["seat"]
    )


def _grounds(form: ActForm) -> Refusing:
    if not isinstance(form, Refusing):
        raise TypeError("a refusal is said in a form with its grounds")
    return form


def _lane(*lanes: str) -> Callable[[Standing], bool]:
    return lambda at: at.lane in lanes


def _correctable(at: Standing) -> bool:
    return at.lane == "cases.accept" and at.it.accepted_at is None and not shared.asked_to_correct(at.it)


def _declinable(at: Standing) -> bool:
    return at.lane == "cases.accept" and not at.results


def _plain(at: Standing) -> bool:
    return at.lane == "cases.decide" and not at.results


def _replied(at: Standing) -> bool:
    return at.lane == "cases.decide" and bool(at.results)


def _returnable(at: Standing) -> bool:
    return at.lane in ("cases.examine", "cases.decide") and bool(at.before)


def _advisable(at: Standing) -> bool:
    return at.mine is not None and not at.mine.counts


_ON_GROUNDS = gettext_noop("写明事实和条款；救济途径由系统按现行规定写入。")
MAIN = (
    Act("accept", gettext_noop("受理"), gettext_noop("材料齐全、符合法定形式。受理后应缴的费用随之确定。"),
        gettext_noop("受理"), gettext_noop("已受理，并通知申请人。"), Seated, "cases.accept", _accept,
        _lane("cases.accept"), "y"),
    Act("ask", gettext_noop("一次告知补正"), gettext_noop("材料不齐或者不符合法定形式的，一次告知全部内容。"),
        gettext_noop("告知补正"), gettext_noop("已告知申请人补正。"), Asking, "cases.ask_correction", _ask,
        _correctable, "b"),
    Act("decline", gettext_noop("不予受理"), _ON_GROUNDS, gettext_noop("不予受理"),
        gettext_noop("已决定不予受理，并通知申请人。"), Refusing, "cases.decline", _decline,
        _declinable, "n"),
    Act("examine", gettext_noop("审查"), gettext_noop("写明意见后送交决定。"), gettext_noop("送交决定"),
        gettext_noop("审查意见已送交决定。"), Examining, "cases.examine", _examine, _lane("cases.examine"), "y"),
    Act("grant", gettext_noop("准予"), gettext_noop("同意申请，办件随之办结。"), gettext_noop("准予"),
        gettext_noop("已准予，并通知申请人。"), Seated, "cases.decide", _grant, _plain, "y"),
    Act("refuse", gettext_noop("不予许可"), _ON_GROUNDS, gettext_noop("不予许可"),
        gettext_noop("已决定%(outcome)s，并通知申请人。"), Refusing, "cases.decide", _refuse, _plain, "n",
        named=lambda at: at.refusal),
    Act("reply", gettext_noop("作出答复"), gettext_noop("选择一个办理结果；不提供的写明理由，救济途径由系统按现行规定写入。"),
        gettext_noop("作出答复"), gettext_noop("已答复，并通知申请人。"), Replying, "cases.decide", _reply, _replied, "y",
        lambda at: at.results),
    Act("advise", gettext_noop("答复意见"), gettext_noop("您受委派先答复意见，决定由委派您的人作出。"),
        gettext_noop("答复"), gettext_noop("意见已答复给委派您的人。"), Advising, "cases.advise", _advise,
        _advisable, "y"),
    Act("return", gettext_noop("退回前面的环节"), gettext_noop("退回的环节和它之后的重新办理。"),
        gettext_noop("退回"), gettext_noop("已退回。"), Returning, "cases.return", _return, _returnable, "r",
        lambda at: at.before),
)  # fmt: skip
"""What is in front of the page; of those that fit, one answers yes by the key y."""
