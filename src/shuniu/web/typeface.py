"""The vendored fonts: where they lie, what they can draw, and what stands for a character that they cannot."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import typst

FOLDER = Path(__file__).parent / "fonts"
FAMILIES = ("Shuniu Sans SC", "Shuniu Rare")
"""The fonts' names in the order in which they are asked for a glyph."""


@cache
def fonts() -> typst.Fonts:
    """The vendored fonts and no others, as documents are laid out with them; read once per process."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FOLDER])


@cache
def covered() -> frozenset[int]:
    """Every code point that one of the vendored fonts has a glyph for."""
    files = sorted(path for path in FOLDER.iterdir() if path.suffix in (".otf", ".ttf"))
    return frozenset(point for file in files for point in code_points(file.read_bytes()))


def drawable(text: str) -> str:
    """The text as a document can print it: ［U+2A6D7］ for what no font draws, so that a name is never an empty box."""
    known = covered()
    return "".join(char if ord(char) in known or char == "\n" else f"［U+{ord(char):04X}］" for char in text)


def code_points(font: bytes) -> Iterator[int]:
    """What a font's character map covers (OpenType `cmap`, format 12). Raises ValueError when it has no such map."""
    tables = struct.unpack_from(">H", font, 4)[0]
    directory = [struct.unpack_from(">4sIII", font, 12 + 16 * number) for number in range(tables)]
    start = next((offset for tag, _, offset, _ in directory if tag == b"cmap"), 0)
    maps = struct.unpack_from(">H", font, start + 2)[0] if start else 0
    for number in range(maps):
        (offset,) = struct.unpack_from(">I", font, start + 4 + 8 * number + 4)
        at = start + offset
        if struct.unpack_from(">H", font, at)[0] == 12:
            (groups,) = struct.unpack_from(">I", font, at + 12)
            for group in range(groups):
                first, last, glyph = struct.unpack_from(">III", font, at + 16 + 12 * group)
                yield from range(first + (glyph == 0), last + 1)
            return
    raise ValueError("the font has no character map of format 12")
