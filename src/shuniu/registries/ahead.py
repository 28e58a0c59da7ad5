"""Having the next one made while the last is used: one other thread, one piece ahead."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Piece = TypeVar("Piece")


def ahead(pieces: Iterator[Piece]) -> Generator[Piece, None, None]:
    """The pieces, each made by another thread while the one before it is in use. Errors come where their piece would."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        following = pool.submit(next, pieces, None)
        while (piece := following.result()) is not None:
            following = pool.submit(next, pieces, None)
            yield piece
