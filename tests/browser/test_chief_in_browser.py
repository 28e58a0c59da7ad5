"""A chief at the desk in a real browser: sends a case back, adds a signer, takes an answer back; all of it by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from shuniu.cases.api import handling, items, seats
from shuniu.directory.api import system
from shuniu.trust.declare import Actor
from tests.browser.chromium import browser, serving
from tests.browser.keyboard import choose, hold_alt, pick, press, tick, unfold, write
from tests.browser.looking import look, page_of
from tests.cases.filing import ITEM
from tests.cast import Cast, SignedIn, cast, signed_in
from tests.portal.cases import chief, clerk, examiner, filed, officer

__all__ = ["cast", "chief", "clerk", "examiner", "signed_in"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ready(cast: Cast, clerk: Actor, examiner: Actor) -> list[str]:
    """The numbers of two cases that wait for their decision."""
    items.ship(actor=system("install"), items=[ITEM])
    numbers = [filed(cast.citizen) for _ in range(2)]
    for number in numbers:
        handling.accept(actor=clerk, number=number)
        handling.examine(actor=examiner, number=number, opinion="场所、设备符合要求，建议准予。")
    return numbers


def more(page: Page, title: str) -> None:
    """Open one of the acts that are kept behind."""
    if page.locator("details.more[open]").count() == 0:
        unfold(page.get_by_text("更多办理方式"))
    unfold(page.locator("details.more summary", has_text=re.compile(rf"^{title}$")))


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def sends_back(page: Page, site: str) -> None:
    """The chief confirms what was circulated to him, sends the case back, supervises and urges it."""
    page.goto(f"{site}/start/")
    press(page.get_by_role("link", name="我的工作"))
    look(page)
    press(page.get_by_role("link", name="传阅", exact=True))
    look(page)
    press(page.get_by_role("link", name=ITEM.title))
    press(button(page, "已阅"))
    expect(page.get_by_text("已记为已阅。")).to_be_visible()
    unfold(page.locator("summary", has_text="退回前面的环节"))
    write(page.get_by_label("退回理由"), "请核对排烟设施。")
    press(button(page, "退回"))
    expect(page.get_by_text("已退回。")).to_be_visible()
    look(page)
    more(page, "督办")
    press(button(page, "督办"))
    expect(page.get_by_text("已列入督办，并通知办理人。")).to_be_visible()
    press(page.get_by_role("link", name="我的工作"))
    press(page.get_by_role("link", name="督办", exact=True))
    look(page)
    press(page.get_by_role("button", name="催办"))
    expect(page.get_by_text("已催办，并通知办理人。")).to_be_visible()


def examines_again(page: Page, case: str) -> None:
    """The examiner puts it forward once more, takes that back, and puts it forward better; without a script."""
    page.goto(case)
    write(page.get_by_label("审查意见"), "排烟设施合格，建议准予。")
    press(button(page, "送交决定"))
    more(page, "撤回我的答复")
    write(page.get_by_label("理由"), "补充照片")
    press(button(page, "撤回"))
    expect(page.get_by_text("已撤回，由您重新办理。")).to_be_visible()
    write(page.get_by_label("审查意见"), "已补照片，建议准予。")
    press(button(page, "送交决定"))


def adds_a_signer_and_withdraws(page: Page, case: str) -> None:
    """The chief asks a second signature, agrees, takes that back and agrees again."""
    page.goto(case)
    more(page, "加签")
    look(page)
    pick(page.get_by_label("加签人"), "谭伟")
    choose(page.get_by_label("在我之后（后加签）"))
    press(button(page, "加签"))
    expect(page.get_by_text("已加签，并通知对方。")).to_be_visible()
    press(button(page, "准予"))
    expect(page.get_by_text("还要等其他人答复才生效")).to_be_visible()
    more(page, "撤回我的答复")
    write(page.locator("form[action$='/withdraw/']").get_by_label("理由"), "再核对一次面积")
    look(page)
    press(button(page, "撤回"))
    expect(page.get_by_text("已撤回，由您重新办理。")).to_be_visible()
    press(button(page, "准予"))
    expect(page.get_by_text("还要等其他人答复才生效")).to_be_visible()


def test_a_chief_sends_back_adds_a_signer_and_takes_his_answer_back(
    cast: Cast, ready: list[str], signed_in: SignedIn, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    second = officer("case_decider", "tanwei", "谭伟")
    seats.circulate(actor=clerk, number=ready[0], to=[chief.person])
    clients = {who.name: signed_in(who) for who in (clerk, examiner, chief, second)}
    with serving() as site, browser() as chromium:
        case = f"{site}/desk/cases/{ready[0]}/"
        with page_of(chromium, clients[chief.name], site) as page:
            sends_back(page, site)
        with page_of(chromium, clients[examiner.name], site, scripts=False) as page:
            examines_again(page, case)
        with page_of(chromium, clients[chief.name], site) as page:
            adds_a_signer_and_withdraws(page, case)
        with page_of(chromium, clients[second.name], site) as page:
            page.goto(case)
            press(button(page, "准予"))
            expect(page.get_by_text("已准予，并通知申请人。")).to_be_visible()
            look(page)


def test_a_desk_is_cleared_by_keyboard_alone(ready: list[str], signed_in: SignedIn, chief: Actor) -> None:
    client = signed_in(chief)
    with serving() as site, browser() as chromium, page_of(chromium, client, site) as page:
        page.goto(f"{site}/desk/work/")
        page.keyboard.press("j")
        expect(page.locator("#work a.opens").first).to_be_focused()
        page.keyboard.press("Enter")
        expect(button(page, "准予")).to_be_visible()
        look(page)
        hold_alt(page, "n")
        page.keyboard.press("Tab")
        page.keyboard.type("现场核查发现经营场所与住宅相通，不具备独立的加工间。")
        page.keyboard.press("Tab")
        page.keyboard.type("《食品安全法》第三十三条")
        page.keyboard.press("Enter")
        expect(page.get_by_text("已决定不予许可，并通知申请人。")).to_be_visible()
        hold_alt(page, "j")
        expect(button(page, "准予")).to_be_visible()
        hold_alt(page, "m")
        expect(page.locator("details.more > .act").first).to_be_visible()
        hold_alt(page, "y")
        expect(page.get_by_text("已准予，并通知申请人。")).to_be_visible()
        expect(page.get_by_text("办下一件")).to_have_count(0)


def test_many_are_agreed_to_from_the_list_by_keyboard(
    ready: list[str], signed_in: SignedIn, chief: Actor, clerk: Actor
) -> None:
    client = signed_in(chief)
    with serving() as site, browser() as chromium, page_of(chromium, client, site) as page:
        page.goto(f"{site}/desk/work/")
        look(page)
        for box in page.get_by_role("checkbox").all():
            tick(box)
        press(page.get_by_role("button", name="同意所选"))
        expect(page.get_by_role("heading", name="批量办理结果：办成 2 件，未办成 0 件")).to_be_visible()
        look(page)
        page.goto(f"{site}/desk/cases/")
        pick(page.get_by_label("办理情况"), "全部")
        write(page.get_by_label("编号末四位以上"), "田野")
        expect(page.locator("#cases tbody tr")).to_have_count(2)
        expect(page.get_by_label("编号末四位以上")).to_be_focused()
        look(page)
        write(page.get_by_label("编号末四位以上"), ready[1][-12:])
        expect(page.locator("#cases tbody tr")).to_have_count(1)
