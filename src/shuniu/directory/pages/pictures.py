"""The QR code by which an authenticator takes a secret, drawn into the page itself: it is nowhere kept and never fetched."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup


def qr(text: str) -> Markup:
    """An SVG picture without a declaration, to stand in HTML; its meaning is said in words beside it."""
    out = io.BytesIO()
    segno.make(text, error="m").save(
        out,
        kind="svg",
        xmldecl=False,
        svgclass="qr",
        lineclass=None,
        omitsize=True,
        border=3,
        dark="#16202c",
        light="#fff",
    )
    # The text is only drawn, never written: nothing of it can become markup.
    return Markup(out.getvalue().decode())  # noqa: S704 - made by segno from bits alone
