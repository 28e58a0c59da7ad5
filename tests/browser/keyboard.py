"""What somebody without a mouse does: Tab, arrows, Space, Enter, a held Alt, and typing. The eye is on the focus all the while.

The keys reach the browser as real ones do (Input.dispatchKeyEvent of the debugger's protocol, which Playwright's keyboard
sends); nothing is clicked, set or focused from outside the page.
"""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Locator, Page, expect

FARTHEST: Final = 60
"""So many keys are pressed in search of a control, and then it counts as out of reach."""
_SLOWEST: Final = 15_000
"""Milliseconds that a page may take to come after the key that asks for it."""
# The next key on the way to a control, and how often it can be pressed before looking again: past the menus by the link
# that skips them, within a group of radio buttons by the arrows, else by Tab, backwards if it lies behind. No key: it has
# the focus. Whatever surely stops a Tab is counted; a few stops more only mean a few looks more.
_NEXT: Final = """one => {
  const at = document.activeElement, main = document.querySelector("main");
  if (at === one) return ["", 0];
  const before = (a, b) => a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING;
  if (at.matches(".skip") && main.contains(one)) return ["Enter", 1];
  if (at.type === "radio" && one.type === "radio" && at.name === one.name && at.form === one.form)
    return [before(at, one) ? "ArrowDown" : "ArrowUp", 1];
  if (at === document.body) return ["Tab", 1];
  const [key, from, to] = before(at, one) ? ["Tab", at, one] : ["Shift+Tab", one, at];
  const stops = [...document.querySelectorAll("a[href], button:enabled, input[type=checkbox], textarea, select")];
  const between = stops.filter(stop => before(from, stop) && before(stop, to) && stop.checkVisibility());
  return [key, between.length + 1];
}"""
# What keeps a reader from seeing that a control has the focus (WCAG 2.2: 2.4.7, 2.4.11). Empty: nothing.
_UNSEEN: Final = """one => {
  const style = getComputedStyle(one), box = one.getClientRects()[0];
  if (!one.matches(":focus-visible") || style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2)
    return "no ring is drawn around it";
  const x = box.x + box.width / 2, y = box.y + Math.min(box.height, innerHeight) / 2;
  if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return "it is out of sight";
  const top = document.elementFromPoint(x, y);
  return one.contains(top) ? "" : `it lies under <${top.tagName.toLowerCase()} class="${top.className}">`;
}"""
_OPTIONS: Final = "one => ({at: one.selectedIndex, words: [...one.options].map(option => option.label.trim())})"


def reach(wanted: Locator) -> None:
    """Go on until this one control has the focus, and see that it has."""
    expect(wanted).to_be_visible()
    one = wanted.element_handle()
    keys = 0
    while (then := one.evaluate(_NEXT))[0]:
        key, times = then
        keys += times
        if keys > FARTHEST:
            raise AssertionError(f"{wanted} is not reached by {FARTHEST} keys in {wanted.page.url}")
        for _ in range(times):
            wanted.page.keyboard.press(key)
    if keys and (why := one.evaluate(_UNSEEN)):
        raise AssertionError(f"{wanted} has the focus in {wanted.page.url}, but {why}")


def press(wanted: Locator) -> None:
    """Enter, on a link or a button that leads to another page, another place in the page, or a page with what is wrong."""
    reach(wanted)
    with wanted.page.expect_navigation(timeout=_SLOWEST):
        wanted.page.keyboard.press("Enter")


def unfold(wanted: Locator) -> None:
    """Enter, on the title of what is folded."""
    reach(wanted)
    wanted.page.keyboard.press("Enter")


def write(wanted: Locator, words: str) -> None:
    """Type in a field, in place of what it holds."""
    reach(wanted)
    wanted.page.keyboard.press("Control+a")
    wanted.page.keyboard.type(words)


def enter(page: Page) -> None:
    """Enter, in the field where one is: the form is sent."""
    with page.expect_navigation(timeout=_SLOWEST):
        page.keyboard.press("Enter")


def tick(wanted: Locator) -> None:
    """Space, on a check box."""
    reach(wanted)
    wanted.page.keyboard.press("Space")


def choose(wanted: Locator) -> None:
    """Arrows to a radio button, which choose it; Space, where it is the first one met."""
    reach(wanted)
    if not wanted.is_checked():
        wanted.page.keyboard.press("Space")
    expect(wanted).to_be_checked()


def pick(wanted: Locator, words: str) -> None:
    """Arrows in a drop-down list, to the option with these words."""
    reach(wanted)
    found = wanted.evaluate(_OPTIONS)
    steps = found["words"].index(words) - found["at"]
    for _ in range(abs(steps)):
        wanted.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
    assert wanted.evaluate(_OPTIONS)["at"] == found["at"] + steps, wanted


def hold_alt(page: Page, letter: str) -> None:
    """An access key as a keyboard sends it: for one the browser looks at the letter without the Alt."""
    keys = page.context.new_cdp_session(page)
    said = {"modifiers": 1, "key": letter, "code": f"Key{letter.upper()}", "windowsVirtualKeyCode": ord(letter.upper())}
    keys.send("Input.dispatchKeyEvent", {**said, "type": "keyDown", "unmodifiedText": letter})
    keys.send("Input.dispatchKeyEvent", {**said, "type": "keyUp"})


def press_alt(page: Page, letter: str) -> None:
    """The same, where it leads to another page."""
    with page.expect_navigation(timeout=_SLOWEST):
        hold_alt(page, letter)
