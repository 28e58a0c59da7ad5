"""A chief at the desk in a real browser: sends a case back, adds a signer, takes an answer back; and all of it by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from shuniu.cases.api import handling, items, seats
from shuniu.directory.api import system
from shuniu.trust.declare import Actor
from tests.browser.chromium import browser, serving
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
        page.get_by_text("更多办理方式").click()
    page.locator("details.more summary", has_text=re.compile(rf"^{title}$")).click()


def press(page: Page, letter: str) -> None:
    """Alt and a letter, as a keyboard sends them: for an access key the browser looks at the letter without the Alt."""
    keys = page.context.new_cdp_session(page)
    said = {"modifiers": 1, "key": letter, "code": f"Key{letter.upper()}", "windowsVirtualKeyCode": ord(letter.upper())}
    keys.send("Input.dispatchKeyEvent", {**said, "type": "keyDown", "unmodifiedText": letter})
    keys.send("Input.dispatchKeyEvent", {**said, "type": "keyUp"})


def sends_back(page: Page, site: str) -> None:
    """The chief confirms what was circulated to him, sends the case back, supervises and urges it."""
    page.goto(f"{site}/desk/work/circulated/")
    look(page)
    page.get_by_role("link", name=ITEM.title).click()
    page.get_by_role("button", name="已阅").click()
    expect(page.get_by_text("已记为已阅。")).to_be_visible()
    page.locator("summary", has_text="退回前面的环节").click()
    page.get_by_label("退回理由").fill("请核对排烟设施。")
    page.get_by_role("button", name="退回", exact=True).click()
    expect(page.get_by_text("已退回。")).to_be_visible()
    look(page)
    more(page, "督办")
    page.get_by_role("button", name="督办", exact=True).click()
    expect(page.get_by_text("已列入督办，并通知办理人。")).to_be_visible()
    page.goto(f"{site}/desk/work/supervised/")
    look(page)
    page.get_by_role("button", name="催办").click()
    expect(page.get_by_text("已催办，并通知办理人。")).to_be_visible()


def examines_again(page: Page, case: str) -> None:
    """The examiner puts it forward once more, takes that back, and puts it forward better; without a script."""
    page.goto(case)
    page.get_by_label("审查意见").fill("排烟设施合格，建议准予。")
    page.get_by_role("button", name="送交决定").click()
    more(page, "撤回我的答复")
    page.get_by_label("理由").fill("补充照片")
    page.get_by_role("button", name="撤回", exact=True).click()
    expect(page.get_by_text("已撤回，由您重新办理。")).to_be_visible()
    page.get_by_label("审查意见").fill("已补照片，建议准予。")
    page.get_by_role("button", name="送交决定").click()


def adds_a_signer_and_withdraws(page: Page, case: str) -> None:
    """The chief asks a second signature, agrees, takes that back and agrees again."""
    page.goto(case)
    more(page, "加签")
    look(page)
    page.get_by_label("加签人").select_option("谭伟")
    page.get_by_label("在我之后（后加签）").check()
    page.get_by_role("button", name="加签", exact=True).click()
    expect(page.get_by_text("已加签，并通知对方。")).to_be_visible()
    page.get_by_role("button", name="准予", exact=True).click()
    expect(page.get_by_text("还要等其他人答复才生效")).to_be_visible()
    more(page, "撤回我的答复")
    page.locator("form[action$='/withdraw/']").get_by_label("理由").fill("再核对一次面积")
    look(page)
    page.get_by_role("button", name="撤回", exact=True).click()
    expect(page.get_by_text("已撤回，由您重新办理。")).to_be_visible()
    page.get_by_role("button", name="准予", exact=True).click()
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
            page.get_by_role("button", name="准予", exact=True).click()
            expect(page.get_by_text("已准予，并通知申请人。")).to_be_visible()
            look(page)


def test_a_desk_is_cleared_by_keyboard_alone(ready: list[str], signed_in: SignedIn, chief: Actor) -> None:
    client = signed_in(chief)
    with serving() as site, browser() as chromium, page_of(chromium, client, site) as page:
        page.goto(f"{site}/desk/work/")
        page.keyboard.press("j")
        expect(page.locator("#work a.opens").first).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="准予", exact=True)).to_be_visible()
        look(page)
        press(page, "n")
        page.keyboard.press("Tab")
        page.keyboard.type("现场核查发现经营场所与住宅相通，不具备独立的加工间。")
        page.keyboard.press("Tab")
        page.keyboard.type("《食品安全法》第三十三条")
        page.keyboard.press("Enter")
        expect(page.get_by_text("已决定不予许可，并通知申请人。")).to_be_visible()
        press(page, "j")
        expect(page.get_by_role("button", name="准予", exact=True)).to_be_visible()
        press(page, "m")
        expect(page.locator("details.more > .act").first).to_be_visible()
        press(page, "y")
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
            box.focus()
            page.keyboard.press("Space")
        page.get_by_role("button", name="同意所选").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="批量办理结果：办成 2 件，未办成 0 件")).to_be_visible()
        look(page)
        page.goto(f"{site}/desk/cases/")
        page.get_by_label("办理情况").select_option("all")
        page.get_by_label("编号末四位以上").press_sequentially("田野")
        expect(page.locator("#cases tbody tr")).to_have_count(2)
        look(page)
        page.get_by_label("编号末四位以上").fill(ready[1][-12:])
        expect(page.locator("#cases tbody tr")).to_have_count(1)
