"""axe in a page: what WCAG 2.2 AA finds wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from playwright.sync_api import Page

_AXE: Final = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")
# What passed is only counted, not described element by element: that takes longer than the search itself.
_RUN: Final = """async () => {
  const found = await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"],
  });
  return found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${rule.help}: ${node.target.join(" ")}`));
}"""


def violations(page: Page) -> list[str]:
    """Return one line per element that breaks a rule; none is what a page must have.

    axe enters by the debugger's evaluation, which the page's own content security policy does not stop, once a page.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    found: list[str] = page.evaluate(_RUN)
    return found
