"""What the holder of an answer adds to its evidence: fields that he chooses to show; the others stay hidden. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from shuniu.trust.declare import Refused
from shuniu.trust.evidence import commitments
from shuniu.trust.evidence.commitments import WHOSE, Row
from shuniu.trust.evidence.file import Evidence, Shown


@dataclass(frozen=True)
class _Answer:
    rows: tuple[dict[str, str | None], ...]
    seed: str


_ANSWER = TypeAdapter(_Answer)


def show(evidence: Evidence, rows: Sequence[Row], seed: bytes, wanted: Sequence[tuple[int, str]]) -> Evidence:
    """The file with these fields (row from 0, item) of the answer shown, and with them whose row it is.

    Raises Refused evidence.answer where the answer is not the one that the file is about, evidence.field where it lacks one.
    """
    committed = evidence.exchange.commitment if evidence.exchange else None
    root, fields = commitments.commit(rows, seed)
    if committed is None or (root.hex(), fields) != (committed.root, committed.fields):
        raise Refused("evidence.answer", "这份答复不是证据文件所说的答复。", "请用当时收到的答复原文。")
    try:
        whole = dict.fromkeys(one for row, item in wanted for one in ((row, WHOSE), (row, item)))
        shown = tuple(_shown(commitments.prove(rows, seed, row, item)) for row, item in whole)
    except KeyError as error:
        raise Refused("evidence.field", f"答复里没有信息项 {error.args[0]}。", _known(rows)) from error
    return evidence.model_copy(update={"shown": (*evidence.shown, *shown)})


def _known(rows: Sequence[Row]) -> str:
    """What there is to show: the items of the answer by their names, never their values."""
    items = "、".join(dict.fromkeys(item for row in rows for item in row if item != WHOSE))
    return f"答复有 {len(rows)} 行，行从 0 数起；信息项有：{items}。" if rows else "答复没有行，没有可以展示的信息项。"


def answer(data: bytes) -> tuple[tuple[Row, ...], bytes]:
    """Rows and seed of an answer as it came, or as the client keeps it. Raises Refused evidence.answer."""
    try:
        said = _ANSWER.validate_json(data)
        return said.rows, bytes.fromhex(said.seed)
    except (ValidationError, ValueError) as error:
        raise Refused("evidence.answer", "这不是一份答复。", "请用当时收到的答复原文，或客户端保存的文件。") from error


def _shown(field: commitments.Field) -> Shown:
    return Shown(
        row=field.row, item=field.item, value=field.value, salt=field.salt.hex(), position=field.position,
        path=tuple(one.hex() for one in field.path),
    )  # fmt: skip
