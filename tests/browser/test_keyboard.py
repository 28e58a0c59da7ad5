"""The keyboard verbs of the journeys: they get where a keyboard gets, say so where one gets stuck, and nobody takes a mouse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import browser
from tests.browser.keyboard import choose, hold_alt, pick, press, reach, tick, unfold, write

pytestmark = pytest.mark.browser
TESTS = Path(__file__).parents[1]
JOURNEYS = (
    "browser/at_the_desk.py",
    "browser/test_founder_in_browser.py",
    "browser/test_counter_in_browser.py",
    "browser/test_case_in_browser.py",
    "browser/test_chief_in_browser.py",
    "browser/test_letters_in_browser.py",
    "assessment/test_supervision_in_browser.py",
)
_NO_KEY = re.compile(
    r"\.(click|dblclick|tap|hover|drag_to|fill|check|uncheck|set_checked|select_option|press_sequentially|focus|blur"
    r"|dispatch_event|set_input_files)\(|\.(mouse|touchscreen)\b|(?<!keyboard)\.(press|type)\("
)
"""What Playwright does with a mouse, or without any key: a key that it presses on a found control is preceded by a focus."""
PAGE = """<a class="skip" href="#main">on</a><nav><a href="#x">menu</a></nav><main id="main" tabindex="-1">
<style>.skip:not(:focus) { position: absolute; left: -9999px } :focus-visible { outline: 3px solid blue }</style>
<a href="#y">first</a><label>name <input value="old"></label>
<label><input type="radio" name="r">one</label><label><input type="radio" name="r">two</label>
<label><input type="checkbox">agree</label>
<label>list <select><option>a</option><option>b</option><option>c</option></select></label>
<details><summary accesskey="m">more</summary><p>hidden</p></details><button type="button" id="z">last</button></main>"""


@pytest.fixture
def page() -> Iterator[Page]:
    with browser() as chromium:
        page = chromium.new_context().new_page()
        page.set_content(PAGE)
        yield page


def test_keys_reach_and_work_every_kind_of_control(page: Page) -> None:
    write(page.get_by_label("name"), "new 名称")
    assert page.get_by_label("name").input_value() == "new 名称"
    choose(page.get_by_label("two"))
    tick(page.get_by_label("agree"))
    pick(page.get_by_label("list"), "c")
    unfold(page.get_by_text("more"))
    expect(page.get_by_text("hidden")).to_be_visible()
    hold_alt(page, "m")
    expect(page.get_by_text("hidden")).to_be_hidden()
    choose(page.get_by_label("one"))
    press(page.get_by_role("link", name="first"))
    assert page.url.endswith("#y")
    assert page.get_by_label("agree").is_checked() and page.get_by_label("list").input_value() == "c"
    reach(page.get_by_role("link", name="menu"))


@pytest.mark.parametrize(
    ("style", "why"),
    [
        ("button { outline: none !important }", "no ring"),
        ("nav { position: fixed; inset: 0 }", "lies under <nav"),
        ("button { position: fixed; left: 200vw }", "out of sight"),
    ],
)
def test_a_control_whose_focus_cannot_be_seen_fails_the_journey(page: Page, style: str, why: str) -> None:
    page.add_style_tag(content=style)
    with pytest.raises(AssertionError, match=why):
        reach(page.locator("#z"))


def test_a_control_that_no_key_reaches_fails_the_journey(page: Page) -> None:
    page.evaluate("document.getElementById('z').tabIndex = -1")
    with pytest.raises(AssertionError, match="is not reached by"):
        reach(page.locator("#z"))


@pytest.mark.parametrize("name", JOURNEYS)
def test_a_journey_takes_no_mouse_and_sets_nothing_from_outside_the_page(name: str) -> None:
    said = (TESTS / name).read_text(encoding="utf-8").splitlines()
    assert [line for line in said if _NO_KEY.search(line)] == []
