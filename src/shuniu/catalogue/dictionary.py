"""Reading a data dictionary's file, CSV or XLSX, as a table of text; what is too big or no table is refused."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import fastexcel
import polars as pl

from shuniu.catalogue.names import normal
from shuniu.catalogue.rules import is_marked
from shuniu.trust.declare import Refused

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 60
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
HEADER_WITHIN = 10  # rows: above the header there may be a merged title and a line of remarks

REQUIRED = ("资源代码", "资源名称", "信息项名称", "字段名", "数据类型")
OPTIONAL = (
    "资源摘要", "信息性质", "主体类型", "披露方式", "公示期限规则", "有效期限", "法律依据", "条款", "更新周期",
    "共享类型", "共享条件", "不予共享依据", "开放", "信用用途", "长度", "必填", "主键", "主体标识", "代码集", "数据元",
    "敏感级别", "注释", "目的", "依据", "保存期限", "区划字段", "基础库登记",
)  # fmt: skip
_ALSO = {
    "信息资源代码": "资源代码", "信息资源名称": "资源名称", "信息资源摘要": "资源摘要", "数据项名称": "信息项名称",
    "字段中文名": "信息项名称", "英文字段名": "字段名", "字段英文名": "字段名", "字段类型": "数据类型",
    "数据长度": "长度", "是否必填": "必填",
    "是否主键": "主键", "备注": "注释", "是否开放": "开放", "处理目的": "目的", "处理依据": "依据",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line below the header: its number in the file (1 is the first line) and its cells by column."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Table:
    """What was read: the columns known, those that were not, and the rows that hold anything."""

    columns: tuple[str, ...]
    unknown: tuple[str, ...]
    rows: tuple[Row, ...]


def read(content: bytes, name: str) -> Table:
    """Read a dictionary. Raises Refused: catalogue.import_size, _format, _encoding, _header; catalogue.secret."""
    if len(content) > MAX_BYTES:
        raise _refused("size", f"文件超过 {MAX_BYTES // 1024 // 1024} MB。", "请按资源拆成几个文件再导入。")
    if not content.strip():
        raise _refused("format", "文件是空的。", "请检查导出的数据字典。")
    lines = list(_lines(content))
    if any(is_marked(cell) for _, line in lines for cell in line):
        raise Refused(
            "catalogue.secret",
            "文件带有密级标志，整份不予接收，内容未保存。",
            "本平台不得存储涉密信息，请在涉密系统中编目。",
        )
    return _table(lines)


def _refused(rule: str, message: str, remedy: str) -> Refused:
    return Refused(f"catalogue.import_{rule}", message, remedy)


def _lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refused("format", "这是旧版 Excel（.xls）文件。", "请另存为 .xlsx 或 .csv 后导入。")
    source = _sheet(content) if content.startswith(b"PK\x03\x04") else _csv(_decoded(content))
    for count, (number, line) in enumerate(source, start=1):
        if count > MAX_ROWS:
            raise _refused("size", f"超过 {MAX_ROWS} 行。", "请按资源拆成几个文件再导入。")
        if len(line) > MAX_COLUMNS:
            raise _refused("size", f"第 {number} 行超过 {MAX_COLUMNS} 列。", "请只保留数据字典的列。")
        yield number, line


def _decoded(content: bytes) -> str:
    marked = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}.get(content[:2])
    for encoding in [marked] if marked else ["utf-8-sig", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _refused("encoding", "认不出文件的文字编码。", "请另存为 UTF-8 编码的 CSV，或 .xlsx。")


def _csv(text: str) -> Iterator[tuple[int, list[str]]]:
    head = "\n".join(text.splitlines()[:HEADER_WITHIN])
    delimiter = max(",\t;", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    start = 1
    try:
        for line in reader:
            yield start, line
            start = reader.line_num + 1
    except csv.Error as error:
        raise _refused("format", f"第 {start} 行附近不是完整的 CSV。", "请检查引号是否成对。") from error


def _sheet(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
            if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * len(content):
                raise _refused("size", "压缩包展开后过大。", "请只保留数据字典一张表，另存后导入。")
            _refuse_far_cells(archive)
        reader = fastexcel.read_excel(content)
        sheet = reader.load_sheet(0, header_row=None, n_rows=MAX_ROWS + 1, dtypes="string")
        frame: pl.DataFrame = sheet.to_polars()
    except (zipfile.BadZipFile, fastexcel.FastExcelError) as error:
        raise _refused("format", "打不开这个 Excel 文件。", "请用表格软件重新另存为 .xlsx 后导入。") from error
    for number, line in enumerate(frame.iter_rows(), start=1):
        yield number, ["" if cell is None else str(cell) for cell in line]


def _refuse_far_cells(archive: zipfile.ZipFile) -> None:
    """Refuse a sheet with a cell far out: the reader lays out all cells between, and two of them can take all memory."""
    for part in archive.namelist():
        if part.startswith("xl/worksheets/"):
            for column, row in _CELL.findall(archive.read(part)):
                if int(row) > MAX_ROWS + HEADER_WITHIN or (len(column), column) > (2, LAST_COLUMN):
                    raise _refused(
                        "size",
                        f"表中有单元格远在 {column.decode()}{row.decode()}。",
                        f"请删去第 {MAX_ROWS} 行、第 {MAX_COLUMNS} 列以外的内容。",
                    )


_CELL = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})(\d{1,9})"')
LAST_COLUMN = b"BH"
"""The letters of column MAX_COLUMNS."""


def _table(lines: list[tuple[int, list[str]]]) -> Table:
    heads = [[_column(cell) for cell in line] for _, line in lines[:HEADER_WITHIN]]
    place = max(range(len(heads)), key=lambda at: len(set(heads[at]) & set(REQUIRED)))
    head = heads[place]
    if missing := [column for column in REQUIRED if column not in head]:
        raise _refused(
            "header",
            f"找不到列：{'、'.join(missing)}。",
            f"表头须有：{'、'.join(REQUIRED)}（前 {HEADER_WITHIN} 行之内）。",
        )
    if doubled := sorted({column for column in head if column and head.count(column) > 1}):
        raise _refused("header", f"列重复：{'、'.join(doubled)}。", "每一列只保留一次。")
    known = set(REQUIRED) | set(OPTIONAL)
    rows = tuple(
        Row(number, {column: cell.strip() for column, cell in zip(head, line, strict=False) if column in known})
        for number, line in lines[place + 1 :]
        if any(cell.strip() for cell in line)
    )
    return Table(
        tuple(column for column in head if column in known),
        tuple(column for column in head if column and column not in known),
        rows,
    )


def _column(cell: str) -> str:
    plain = normal(cell)
    return _ALSO.get(plain, plain)
