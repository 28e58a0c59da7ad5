"""What a reconciliation found, as the platform says it, and how a department finds the same rows in its own file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from shuniu.exchange.digest import Declaration, conformed, secret_of
from shuniu.exchange.sketch import mark_of
from shuniu.registries.conform import KEY, LINE
from shuniu.trust.declare import Refused

FORM = "shuniu-reconciliation-1"


@dataclass(frozen=True)
class Held:
    """A row that the platform holds: its mark, its key items' values, and the batch and line that brought it."""

    mark: str
    key: dict[str, str | None]
    batch: int
    line: int


@dataclass(frozen=True)
class Differences:
    """Every row that differs. `missing` rows are the department's alone: the platform knows but their marks."""

    resource: str
    version: int
    salt: str
    rows_here: int
    rows_there: int
    missing: tuple[str, ...]  # 32 hex digits each
    changed: tuple[Held, ...]
    extra: tuple[Held, ...]

    @property
    def same(self) -> bool:
        return not (self.missing or self.changed or self.extra)

    @property
    def sentence(self) -> str:
        if self.same:
            return f"相符：平台与本单位都是 {self.rows_here} 行，逐行一致。"
        return (
            f"平台 {self.rows_here} 行，本单位 {self.rows_there} 行：平台缺 {len(self.missing)} 行，"
            f"内容不同 {len(self.changed)} 行，平台多 {len(self.extra)} 行。"
        )

    def to_json(self) -> str:
        return json.dumps({"form": FORM, **asdict(self)}, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Differences:
        """Raises `Refused` reconcile.form."""
        try:
            said = json.loads(text)
            if said.pop("form") != FORM:
                raise ValueError("another form")
            rows = {name: tuple(Held(**row) for row in said.pop(name)) for name in ("changed", "extra")}
            return cls(**{**said, "missing": tuple(said["missing"]), **rows})
        except (ValueError, KeyError, TypeError) as problem:
            raise Refused(
                "reconcile.form", "这不是平台给出的对账结果。", "请使用对账命令或页面下载的文件。"
            ) from problem


@dataclass(frozen=True)
class Named:
    """One differing row as the department sees it: `line` in its own file (0: not there), and what to do."""

    kind: str  # missing · changed · extra · refused
    line: int
    key: dict[str, str | None]
    batch: int = 0
    batch_line: int = 0

    @property
    def sentence(self) -> str:
        key = " ".join(value or "" for value in self.key.values())
        there = f"（平台批次 {self.batch} 第 {self.batch_line} 行）" if self.batch else ""
        return _SENTENCES[self.kind].format(line=self.line, key=key) + there


_SENTENCES = {
    "missing": "第 {line} 行“{key}”：平台没有这一行，请报送。",
    "changed": "第 {line} 行“{key}”：平台上的内容不同，请报送更正。",
    "extra": "“{key}”：平台有这一行，文件中没有；应撤下的请报送全量。",
    "refused": "“{key}”：文件中这一行不合格或主键重复，平台仍保留原有内容，请改正后报送。",
}


def named(path: Path, declaration: Declaration, found: Differences) -> list[Named]:
    """Every differing row with its line and key in the department's file, by kind and line."""
    secret = secret_of(declaration.key, found.salt)
    held = {row.mark: row for row in (*found.changed, *found.extra)}
    extra = {row.mark for row in found.extra}
    kinds = dict.fromkeys(found.missing, "missing") | {row.mark: "changed" for row in found.changed}
    wanted = pl.Series([*kinds, *extra], dtype=pl.String)
    names = [item.name for item in declaration.published.resource.key_items]
    listed: list[Named] = []
    for done in conformed(path, declaration):
        rows = done.rows.with_columns(mark_of(pl.col(KEY), secret).alias("mark")).filter(_among("mark", wanted))
        for mark, line, *cells in rows.select("mark", LINE, *names).iter_rows():
            # In the file and yet among the platform's own: its key came twice with different contents.
            kind = kinds.get(mark, "refused")
            extra.discard(mark)
            listed.append(_named(kind, line, dict(zip(names, cells, strict=True)), held.get(mark)))
        refused = done.rejected_keys.to_frame().select(mark_of(pl.col(KEY), secret).alias("mark"))
        for mark in refused.filter(_among("mark", wanted)).get_column("mark"):
            if mark in extra:
                extra.discard(mark)
                listed.append(_named("refused", 0, held[mark].key, held[mark]))
    listed += [_named("extra", 0, held[mark].key, held[mark]) for mark in extra]
    order = ("missing", "changed", "refused", "extra")
    return sorted(listed, key=lambda row: (order.index(row.kind), row.line, row.batch, row.batch_line))


def _among(column: str, wanted: pl.Series) -> pl.Expr:
    return pl.col(column).is_in(wanted.implode())


def _named(kind: str, line: int, key: dict[str, str | None], there: Held | None) -> Named:
    return Named(kind, line, key, there.batch if there else 0, there.line if there else 0)
