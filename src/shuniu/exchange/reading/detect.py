"""What a file is, by its content. Its name is only compared, and a difference told."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import PurePath

from shuniu.exchange.reading.encoding import encoding_of, utf8_blocks
from shuniu.exchange.reading.notes import Notes
from shuniu.exchange.spool import Spooled
from shuniu.trust.declare import Refused


class Format(Enum):
    """The formats that are read; the value is what users call it."""

    DELIMITED = "CSV（或制表符、分号分隔的文本）"
    WORKBOOK = "Excel 工作簿（.xlsx）"
    OLD_WORKBOOK = "旧版 Excel 工作簿（.xls）"
    JSON = "JSON"
    XML = "XML"


_SUFFIXES = {
    Format.DELIMITED: {".csv", ".txt", ".tsv"},
    Format.WORKBOOK: {".xlsx", ".xlsm"},
    Format.OLD_WORKBOOK: {".xls", ".et"},
    Format.JSON: {".json", ".jsonl", ".ndjson"},
    Format.XML: {".xml"},
}
_KNOWN = {suffix for suffixes in _SUFFIXES.values() for suffix in suffixes}
_FOREIGN = {
    b"%PDF": "PDF 文件",
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"\x1f\x8b": "GZIP 压缩包",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"PK\x05\x06": "空的压缩包",
}
_HTML = re.compile(rb"<(!doctype\s+html|html|head|meta|body|table|style)\b", re.I)
_JSON = re.compile(rb"\{\s*[\"}]|\[\s*[{\]]")
_JSON_START = re.compile(rb"[\[{]\s*\Z")


def format_of(spooled: Spooled, name: str, notes: Notes) -> Format:
    """The format of a delivered file. Raises Refused file.empty, file.format, file.encoding."""
    head = next(spooled.blocks(), b"")[:4096]
    for magic, called in _FOREIGN.items():
        if head.startswith(magic):
            raise unreadable(f"这是{called}。")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        found = Format.OLD_WORKBOOK
    else:
        found = Format.WORKBOOK if head.startswith(b"PK\x03\x04") else _text_format(spooled)
    suffix = PurePath(name).suffix.lower()
    if suffix in _KNOWN and suffix not in _SUFFIXES[found]:
        notes.say(f"文件名后缀是 {suffix}，内容却是{found.value}，已按内容读取。")
    return found


def unreadable(what: str) -> Refused:
    return Refused("file.format", f"{what}平台不能读取这种文件。", "请另存为 .xlsx，或 UTF-8 编码的 CSV 后重新报送。")


def empty() -> Refused:
    return Refused("file.empty", "文件中没有数据行。", "本期确无数据时，请使用“零报告”。")


def _text_format(spooled: Spooled) -> Format:
    for block in utf8_blocks(spooled, encoding_of(spooled)):
        start = block.lstrip()[:4096]
        if not start:
            continue
        if start.startswith(b"<"):
            if _HTML.search(start[:1024]) and not start.startswith(b"<?xml"):
                raise unreadable("这是网页（HTML），不是真正的 Excel 或数据文件。")
            return Format.XML
        return Format.JSON if _JSON.match(start) or _JSON_START.match(start) else Format.DELIMITED
    raise empty()
