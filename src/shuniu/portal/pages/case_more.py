"""The other acts in a case, which its page keeps behind 更多办理方式: hand on, add signers, take back, circulate, supervise."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.translation import gettext_noop

from shuniu.cases.api import handling, seats
from shuniu.cases.declare.case import CaseView
from shuniu.directory.declare import Person
from shuniu.portal.pages.case_acts import Act, Standing
from shuniu.portal.pages.case_forms import (
    ActForm,
    Choices,
    Circulating,
    Dropping,
    Handing,
    Noting,
    Reasoned,
    Seated,
    Signing,
    Supervising,
)
from shuniu.procedures.declare import Seat
from shuniu.trust.declare import Actor

# --- what each does -----------------------------------------------------------------------------------------------------


def _take(who: Actor, number: str, form: ActForm) -> CaseView:
    return handling.take(actor=who, number=number, seat=form.cleaned_data["seat"])


def _release(who: Actor, number: str, form: ActForm) -> CaseView:
    return seats.release(actor=who, number=number, **form.cleaned_data)


def _transfer(who: Actor, number: str, form: ActForm) -> CaseView:
    return seats.transfer(actor=who, number=number, **form.cleaned_data)


def _delegate(who: Actor, number: str, form: ActForm) -> CaseView:
    return seats.delegate(actor=who, number=number, **form.cleaned_data)


def _sign(who: Actor, number: str, form: ActForm) -> CaseView:
    said = form.cleaned_data
    return seats.add_signer(
        actor=who, number=number, to=said["to"], after=said["when"] == "after", reason=said["reason"], seat=said["seat"]
    )


def _drop(who: Actor, number: str, form: ActForm) -> CaseView:
    return seats.drop_signer(actor=who, number=number, **form.cleaned_data)


def _withdraw(who: Actor, number: str, form: ActForm) -> CaseView:
    return seats.withdraw_answer(actor=who, number=number, **form.cleaned_data)


def _circulate(who: Actor, number: str, form: ActForm) -> CaseView:
    return seats.circulate(actor=who, number=number, **form.cleaned_data)


def _read(who: Actor, number: str, form: ActForm) -> CaseView:
    return seats.confirm_read(actor=who, number=number)


def _urge(who: Actor, number: str, form: ActForm) -> CaseView:
    return seats.urge(actor=who, number=number, **form.cleaned_data)


def _supervise(who: Actor, number: str, form: ActForm) -> CaseView:
    return seats.supervise(actor=who, number=number, **form.cleaned_data)


def _unsupervise(who: Actor, number: str, form: ActForm) -> CaseView:
    return seats.unsupervise(actor=who, number=number, **form.cleaned_data)


# --- when it fits -------------------------------------------------------------------------------------------------------


def _free(at: Standing) -> bool:
    return at.mine is not None and not at.mine.person


def _taken(at: Standing) -> bool:
    return at.mine is not None and at.mine.person == at.who.person and not at.mine.added_to


def _handable(at: Standing) -> bool:
    return bool(at.peers)


def _shareable(at: Standing) -> bool:
    return bool(at.lane and at.peers)


def _added(at: Standing) -> list[Seat]:
    """The seats that the reader may take back: those added by him or to his own, that have not answered."""
    own = {seat.number for seat in at.it.matter.seats if seat.person == at.who.person}
    asked = (seat for seat in at.it.matter.seats if seat.added_to and not seat.answer)
    return [seat for seat in asked if at.it.state.running and (seat.added_by == at.who.person or seat.added_to in own)]


def _answered(at: Standing) -> int:
    """The seat whose answer the reader may still take back; 0 where there is none."""
    matter = at.it.matter
    mine = [seat for seat in matter.seats if seat.answer and seat.person == at.who.person]
    if not mine or not at.it.state.running or matter.state.suspensions or matter.state.returned:
        return 0
    last = mine[-1]
    below = matter.procedure.below(last.stage) - {last.stage}
    later = any(one.answer and (one.stage in below or last.number in one.after) for one in matter.seats)
    return 0 if later else last.number


def _awaited(at: Standing) -> bool:
    return at.it.state.running and any(seat.person != at.who.person or not seat.person for seat in at.it.matter.open)


def _watching(at: Standing) -> bool:
    return any(one.person == at.who.person for one in at.it.matter.state.supervisors)


def _unread(at: Standing) -> bool:
    """Whether the case was circulated to the reader, who has not confirmed that he read it."""
    return any(one.person == at.who.person and one.read_at is None for one in at.it.matter.state.readers)


# --- what can be chosen -------------------------------------------------------------------------------------------------


def _people(of: Callable[[Standing], Iterable[Person]]) -> Callable[[Standing], Choices]:
    return lambda at: [(one.person, one.name) for one in of(at)]


_PEERS = _people(lambda at: at.peers)
READ = Act("read", gettext_noop("已阅"), gettext_noop("这件传给您阅。"), gettext_noop("已阅"), gettext_noop("已记为已阅。"),
           ActForm, "cases.confirm_read", _read, _unread, "d")  # fmt: skip
"""In front of all else while it waits: who was sent a case reads it and says so."""
MORE = (
    Act("take", gettext_noop("领办"), gettext_noop("由我办理，其他人不再办理这一项。"), gettext_noop("领办"),
        gettext_noop("已由您领办。"), Seated, "cases.take", _take, _free),
    Act("release", gettext_noop("退领"), gettext_noop("交回给本单位，其他人可以领办。"), gettext_noop("退领"),
        gettext_noop("已退领。"), Reasoned, "cases.release", _release, _taken),
    Act("transfer", gettext_noop("转办"), gettext_noop("改由同岗位的另一人办理，您不再办理这一项。"), gettext_noop("转办"),
        gettext_noop("已转办，并通知对方。"), Handing, "cases.transfer", _transfer, _handable, choices=_PEERS),
    Act("delegate", gettext_noop("委派"), gettext_noop("请另一人先答复意见，再由您办理。"), gettext_noop("委派"),
        gettext_noop("已委派，并通知对方。"), Handing, "cases.delegate", _delegate, _shareable, choices=_PEERS),
    Act("sign", gettext_noop("加签"), gettext_noop("请另一人会签：他也同意，才办理下去。"), gettext_noop("加签"),
        gettext_noop("已加签，并通知对方。"), Signing, "cases.add_signer", _sign, _shareable, choices=_PEERS),
    Act("drop", gettext_noop("减签"), gettext_noop("撤下您加签或委派、还没有答复的人。"), gettext_noop("减签"),
        gettext_noop("已减签。"), Dropping, "cases.drop_signer", _drop, lambda at: bool(_added(at)),
        choices=lambda at: [(str(one.number), one.person_name) for one in _added(at)]),
    Act("withdraw", gettext_noop("撤回我的答复"), gettext_noop("后面的人还没有答复时可以撤回，由您重新办理。"),
        gettext_noop("撤回"), gettext_noop("已撤回，由您重新办理。"), Reasoned, "cases.withdraw_answer", _withdraw,
        lambda at: bool(_answered(at)), seat=_answered),
    Act("circulate", gettext_noop("传阅"), gettext_noop("传给本单位人员阅知，不等他们答复。"), gettext_noop("传阅"),
        gettext_noop("已传阅，并通知对方。"), Circulating, "cases.circulate", _circulate, lambda at: bool(at.readers),
        choices=_people(lambda at: at.readers)),
    Act("urge", gettext_noop("催办"), gettext_noop("通知现在要办理的人尽快办理。"), gettext_noop("催办"),
        gettext_noop("已催办，并通知办理人。"), Noting, "cases.urge", _urge, _awaited),
    Act("supervise", gettext_noop("督办"), gettext_noop("列入您的督办，并通知现在要办理的人；再次督办则改期限。"),
        gettext_noop("督办"), gettext_noop("已列入督办，并通知办理人。"), Supervising, "cases.supervise", _supervise,
        lambda at: at.it.state.running),
    Act("unsupervise", gettext_noop("解除督办"), gettext_noop("不再列入您的督办。"), gettext_noop("解除督办"),
        gettext_noop("已解除督办。"), Noting, "cases.unsupervise", _unsupervise, _watching),
)  # fmt: skip
WATCHING = tuple(one for one in MORE if one.key in ("urge", "unsupervise"))
"""What is done in the list of what one supervises."""
