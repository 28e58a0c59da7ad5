"""Nouns of the exchange: a submission and its states, its receipt, what a department sees of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shuniu.base.titled import Titled
from shuniu.registries.declare import Counts, Mode


class State(Titled):
    """Where a submission stands. Only `received` and `held` are open: the others have their receipt and stay."""

    RECEIVED = "received", "已接收，待处理"
    HELD = "held", "待第二人复核"
    STORED = "stored", "已入库"
    REFUSED = "refused", "整批拒收"
    RECALLED = "recalled", "已撤回"


CHANNELS = {
    "web": "网页上传", "api": "接口", "command": "命令行", "folder": "投递目录", "entry": "在线录入", "nothing": "零报告",
}  # fmt: skip
"""The ways in which a delivery comes."""
NOTHING = "nothing"
"""The channel of a 零报告: no file came, and that is what is receipted."""


@dataclass(frozen=True)
class ReceiptView:
    """A submission with its receipt as everybody who may see it reads it: page, command line and HTTP API alike."""

    number: int
    resource: str
    resource_title: str
    agency: str
    name: str
    digest: str  # SHA-256 of the file as delivered, hex
    size: int
    mode: Mode
    department_batch: str
    state: State
    reason: str
    remedy: str
    counts: Counts
    batch: int | None
    received_at: datetime
    finished_at: datetime | None
    officer: str
    signature: str = ""
    key: str = ""
    period: str = ""  # a 零报告: the period that had nothing
    notes: tuple[str, ...] = ()  # what the reader skipped or took for something, as sentences
    repeated: bool = False  # the same delivery came again: this is its first receipt

    @property
    def sentence(self) -> str:
        """The receipt in words, for the command line and notices."""
        c = self.counts
        said = f"第 {self.number} 号报送（{self.resource_title}）：{self.state.title}。"
        if self.period:
            return f"第 {self.number} 号报送（{self.resource_title}）：零报告，{self.period} 期没有数据。"
        if self.state is State.STORED:
            said += (
                f"收到 {c.received} 行 = 新增 {c.new} + 更改 {c.changed} + 未变 {c.unchanged} + 重复 {c.duplicate}"
                f" + 退回 {c.rejected}；撤下 {c.withdrawn}；在库 {c.held_before} → {c.held_after} 行；待认领 {c.awaiting} 行。"
            )
        return said + self.reason + self.remedy

    @property
    def text(self) -> str:
        """The sentence, and below it a line for each of the reader's notes."""
        return "\n".join([self.sentence, *self.notes])


@dataclass(frozen=True)
class Progress:
    """How far the processing of a submission is."""

    stage: str
    done: int
    total: int

    @property
    def share(self) -> float:
        return min(1.0, self.done / self.total) if self.total else 0.0


@dataclass(frozen=True)
class RejectedRow:
    """A refused row: its source line, its cells as delivered by item name, and a sentence per fault."""

    line: int
    cells: dict[str, str | None]
    reasons: tuple[str, ...]
