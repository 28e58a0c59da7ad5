"""What the demo province has done of late: applications, letters, documents and ratings in different states, by the verbs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from shuniu.base.periods import add_months
from shuniu.cases.api import bundling, fees, filing, handling, licence_desk, ratings, rectifying, till
from shuniu.cases.api.letter_lists import public_letters
from shuniu.cases.declare.case import Grounds, Reply
from shuniu.cases.declare.rating import Level, RatedStage
from shuniu.demo import correspondence, staff
from shuniu.demo.applying import BY_AGENT, applied, founded
from shuniu.directory import api as directory
from shuniu.registries.api.files import who_is
from shuniu.systems.credit.declare import Purpose, Viewer
from shuniu.systems.credit.report import report
from shuniu.systems.disclosure.declare import ITEM as INFORMATION
from shuniu.systems.petitions.declare import PETITIONS
from shuniu.trust.declare import Actor

_FOUND = "材料齐全，符合条件，建议准予。（演示）"
_REFUSED = Grounds(
    facts="提交的管理制度没有写明劳动报酬和社会保险的办法，不符合许可条件。（演示）",
    articles="《中华人民共和国劳动合同法》第五十七条",
)
_NOT_HELD = Grounds(facts="检索了本机关的档案和业务系统，没有制作也没有保存这项信息。（演示）", articles="")


def fill(progress: Callable[[str], None]) -> None:
    """Do it once and in one transaction; nothing where letters are there, or who applies or handles is not.

    The items must be published and the windows open.
    """
    if public_letters(box=PETITIONS, most=1) or not staff.manned():
        return
    people = _people()
    if people is None:
        return
    progress("演示数据：办理几件申请、来信和公文……")
    with transaction.atomic():
        _apply(*people)
        correspondence.letters()
        correspondence.documents()


def _people() -> tuple[Actor, Actor, Actor] | None:
    """The two citizens and the firm; None where their registers were not delivered, so that they have no accounts."""
    found = []
    for login in staff.PUBLIC:
        signed = directory.sign_in(actor=directory.anonymous(), login=login, password=staff.PASSWORD)
        if signed.account is None:
            return None
        found.append(directory.actor_of(signed.account))
    first, second, firm = found
    return first, second, firm


@dataclass(frozen=True)
class Desk:
    """Who handles applications at a department."""

    department: str

    @property
    def agency(self) -> str:
        return staff.agency(self.department)

    def accept(self, number: str) -> None:
        clerk = staff.actor(self.agency, "case_clerk")
        filing.read_case(actor=clerk, number=number)
        handling.accept(actor=clerk, number=number)

    def examine(self, number: str, opinion: str = _FOUND) -> None:
        handling.examine(actor=staff.actor(self.agency, "case_examiner"), number=number, opinion=opinion)

    def decide(self, number: str, grounds: Grounds | None = None, reply: Reply | None = None) -> None:
        chief = staff.actor(self.agency, "case_decider")
        handling.decide(actor=chief, number=number, grounds=grounds, reply=reply)

    def whole(self, number: str, grounds: Grounds | None = None, reply: Reply | None = None) -> None:
        """From acceptance to the decision."""
        self.accept(number)
        self.examine(number)
        self.decide(number, grounds, reply)


def _apply(first: Actor, second: Actor, firm: Actor) -> None:
    _identity_cards(first, second)
    _founding(first)
    _information(first, second)
    _firm(firm)
    applied(second, "43.market/individual-registration", {"shop_name": "演示小吃店"})  # waits to be accepted
    teacher = applied(first, "43.education/teacher-qualification", {"subject": "初中数学"})
    clerk = staff.actor(staff.agency("education"), "case_clerk")
    handling.ask_correction(actor=clerk, number=teacher, what="普通话水平测试等级证书不清晰，请重新上传。（演示）")


def _identity_cards(first: Actor, second: Actor) -> None:
    """One that is accepted and not paid; one that was paid at the window, granted, issued and rated."""
    police = Desk("police")
    owing = applied(first, "43.police/identity-card", {"reason": "到期换领", "lost": "否"})
    police.accept(owing)
    number = applied(second, "43.police/identity-card", {"reason": "遗失补领", "lost": "是"})
    police.accept(number)
    cashier = staff.actor(police.agency, "fee_officer")
    seen = filing.read_case(actor=staff.actor(police.agency, "case_clerk"), number=number)
    bill = fees.read_bill(actor=cashier, number=seen.bill)
    till.take_at_counter(actor=cashier, number=bill.number, slip="YS-000001", amount=bill.due)
    police.examine(number)
    police.decide(number)
    keeper = staff.actor(police.agency, "licence_officer")
    last = add_months(timezone.localdate(), 12 * 20) - timedelta(days=1)  # at his age: 居民身份证法第五条
    licence_desk.issue(actor=keeper, case=number, kind="identity-card", valid_to=last)
    _rate(second, number, Level.VERY_GOOD, "窗口缴费当场开了票，一次就办好了。（演示）")


def _founding(first: Actor) -> None:
    """开办企业: registered, the seal filed, the others at their agencies."""
    whole = founded(first, "found-a-company", {"hires": "true", "invoices": "true"})
    parts = {one.item: one.number for one in bundling.branches(actor=first, number=whole)}
    Desk("market").whole(parts["43.market/company-registration"])
    Desk("police").whole(parts["43.police/seal-filing"])
    Desk("tax").accept(parts["43.tax/taxpayer-information"])


def _information(first: Actor, second: Actor) -> None:
    """依申请公开: one answered and rated well, one that the agency does not hold and rated badly, one that waits."""
    market = Desk("market")
    given = applied(second, INFORMATION.key, {"what": "本年度食品抽检计划（演示）"}, agency=market.agency)
    market.whole(given, reply=Reply(result="open", text="抽检计划见附件，可在办件页面下载。（演示）"))
    _rate(second, given, Level.GOOD, "答复很快，内容清楚。（演示）")
    lacking = applied(first, INFORMATION.key, {"what": "某小区电梯历年维修记录（演示）"}, agency=market.agency)
    market.whole(lacking, _NOT_HELD, Reply(result="not_held"))
    _rate(first, lacking, Level.BAD, "没有告诉我应该向谁申请。（演示）")
    minder = staff.actor(market.agency, "rating_officer")
    for one in ratings.list_ratings(actor=minder):
        rectifying.look_at_text(actor=minder, rating=one.id, show=True)
    applied(first, INFORMATION.key, {"what": "户籍窗口排队时间统计（演示）"}, agency=staff.agency("police"))


def _firm(firm: Actor) -> None:
    """One application that waits to be decided, one refused; and the firm's file looked up in duty."""
    food = applied(firm, "43.market/food-licence", {"project": "热食类食品制售"}, whom=BY_AGENT)
    Desk("market").accept(food)
    Desk("market").examine(food)
    Desk("labour").whole(applied(firm, "43.labour/labour-dispatch", {}, whom=BY_AGENT), _REFUSED)
    known = who_is(firm.subject) if firm.subject is not None else None
    if known is not None and known.code:
        looking = staff.actor(staff.agency("development"), "credit_officer")
        report(actor=looking, code=known.code, viewer=Viewer.DUTY, purpose=Purpose.ADMINISTRATION)


def _rate(who: Actor, number: str, level: Level, text: str) -> None:
    ratings.rate(actor=who, number=number, stage=RatedStage.DECIDE, level=level, text=text)
