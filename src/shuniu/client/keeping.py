"""An answer with its evidence: what was signed on both sides, and by what single fields can be shown to a third party."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shuniu.trust.evidence.commitments import WHOSE, Field, Row, commit, prove, shows

__all__ = ["WHOSE", "Answer", "ForgedError", "check_commitment", "proven"]


class ForgedError(Exception):
    """An answer whose signature, digest or commitment does not hold: nothing of it is to be used."""


@dataclass(frozen=True)
class Answer:
    """What the platform answered, checked. A row holds its items, and under `WHOSE` the identifier that it belongs to.

    `of` says the same by the identifier's place in the question, from 1.
    """

    number: int
    agreement: str  # number/version
    version: int  # of the resource
    items: tuple[str, ...]
    masked: tuple[str, ...]
    rows: tuple[Row, ...] = field(repr=False)
    of: tuple[int, ...]
    disputed: tuple[int, ...]  # rows that somebody objects to: whoever uses them must say so
    root: bytes
    seed: bytes = field(repr=False)
    fields: int
    request: Mapping[str, str] = field(repr=False)  # base, signature, key
    answer: Mapping[str, str] = field(repr=False)

    def show(self, row: int, item: str) -> Field:
        """One field with what proves it, to be shown to a third party; the others stay hidden. Raises KeyError.

        Whose field it is says that of the item `WHOSE` in the same row: show both.
        """
        return prove(self.rows, self.seed, row, item)

    def keep(self, folder: Path) -> Path:
        """Write body and evidence to a file `<number>.json` of their own; only its owner reads it."""
        path = folder / f"{self.number}.json"
        said = {
            "number": self.number, "agreement": self.agreement, "root": self.root.hex(), "seed": self.seed.hex(),
            "fields": self.fields, "rows": [dict(row) for row in self.rows], "request": dict(self.request),
            "answer": dict(self.answer),
        }  # fmt: skip
        path.touch(mode=0o600)
        path.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
        return path


def proven(shown: Field, root: bytes, fields: int) -> bool:
    """Whether a field that somebody shows was in the answer of that root."""
    return shows(shown, root, fields)


def check_commitment(rows: Sequence[Row], seed: bytes, root: bytes, fields: int) -> None:
    """Raises ForgedError where the rows are not those that the platform committed to."""
    if commit(rows, seed) != (root, fields):
        raise ForgedError("回答的内容与平台签名的承诺不符，请勿使用，并与平台核对。")
