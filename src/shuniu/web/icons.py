"""Icons and the mark, drawn by us: shapes which stand beside words, never instead of them."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

_SHAPES: Final = {
    # Three strokes meeting in a ring.
    "mark": '<g fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round"><circle cx="12" cy="12" '
    'r="4.4"/><path d="M12 7.6V1.8M8.2 14.2l-5 2.9M15.8 14.2l5 2.9"/></g>',
    "search": '<g fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round"><circle cx="10.5" '
    'cy="10.5" r="6.5"/><path d="m15.5 15.5 5.5 5.5"/></g>',
    "done": '<circle cx="12" cy="12" r="10"/><path class="cut" d="m7 12.5 3.5 3.5L17 9"/>',
    "waiting": '<circle cx="12" cy="12" r="8.8" fill="none" stroke="currentColor" stroke-width="2.4"/>'
    '<path d="M12 7v5.5l3.5 2" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round"/>',
    "warning": '<path d="M12 2 23 21.5H1z"/><path class="cut" d="M12 9v6M12 18v.4"/>',
    "stopped": '<path d="M7.9 2h8.2L22 7.9v8.2L16.1 22H7.9L2 16.1V7.9z"/><path class="cut" d="m8.5 8.5 7 7m0-7-7 7"/>',
    "info": '<rect x="2.5" y="2.5" width="19" height="19" rx="3"/><path class="cut" d="M12 11v6M12 7v.4"/>',
    "none": '<path d="M5 12h14" stroke="currentColor" stroke-width="3" stroke-linecap="round"/>',
    "source": '<path d="M4 3h10l6 6v12H4zM14 3v6h6M8 13h8M8 17h6" fill="none" stroke="currentColor" '
    'stroke-width="2" stroke-linejoin="round"/>',
    "sealed": '<path d="M12 2 4 5v6c0 5 3.4 9.2 8 11 4.6-1.8 8-6 8-11V5z"/><path class="cut" d="m8 12 3 3 5-6"/>',
}


def icon(name: str) -> Markup:
    """Return a decorative inline SVG, one em high, in the colour of the text beside it. KeyError if there is none."""
    # Nothing of a reader's reaches the markup: the shapes are constants of this module.
    return Markup(f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{_SHAPES[name]}</svg>')  # noqa: S704 - shapes are our own constants
