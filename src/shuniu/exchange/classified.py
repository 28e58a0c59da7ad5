"""Marks of classification: a file that bears one is refused whole before anything of it is kept (保密法 2024 art. 31).

Looked at are the file's name, all its text, and of a workbook every part (sheet names, properties, comments, headers,
text boxes). A mention is no mark: 泄露国家秘密 and 商业秘密 pass. A safety net, no substitute for 保密审查. Marks of work
secrets are refused as well: what is delivered here is delivered to be shared, which 政务数据共享条例 excludes for them.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Callable, Iterator
from functools import partial

import polars as pl

from shuniu.exchange.reading import encoding
from shuniu.exchange.reading.archive import archive
from shuniu.exchange.reading.compound import MAGIC, Compound
from shuniu.exchange.reading.old_workbook import texts_of
from shuniu.exchange.spool import Spooled
from shuniu.trust.declare import Refused

STATE, WORK = "classified.mark", "classified.work_secret"
"""The rules: a mark of a state secret, a mark of a work secret."""
RULES = (STATE, WORK)

_LEVEL = r"(?:绝\s?密|机\s?密|秘\s?密)"
_BETWEEN = r"[\s:：,;，；\t|\"'<>/=]"
_BEFORE = rf"(?:^|{_BETWEEN})"
# 秘密★1年, 机密 ★ 10年, 绝密★长期; not 商业秘密保护.
_MARK = re.compile(
    rf"(?<!商业)(?<!个人)(?<!工作){_LEVEL}[^\S\n]*[★☆*＊][^\S\n]*(?:长期|\d{{1,2}}\s*(?:年|个月|月)|启封)?"
)
# 密级：机密, also with the level in the next cell, attribute or element.
_HEAD = re.compile(
    rf"{_BEFORE}(?:密级|保密期限|保密等级|涉密等级){_BETWEEN}{{0,12}}{_LEVEL}(?:级|件)?(?![一-鿿])", re.M
)
_WORK_MARK = re.compile(
    rf"工作秘密[^\S\n]*[★☆*＊]|{_BEFORE}(?:密级|保密等级){_BETWEEN}{{0,12}}工作秘密|内部资料[\s，,、]*注意保存|此件不公开",
    re.M,
)
_LABEL_CELL = re.compile(rf"{_BEFORE}(?:密级|保密等级|涉密等级)(?:$|{_BETWEEN})", re.M)
_IN_NAME = re.compile(
    rf"(?:^|[\W\d_]){_LEVEL}(?:[\W\d_]|$)|(?<!商业)(?<!个人)(?<!工作)(?<!国家){_LEVEL}(?:级|件|文件|资料)"
)
_WORK_IN_NAME = re.compile(r"(?:^|[\W\d_])工作秘密(?:[\W\d_]|$)")

_WORDS = ("★", "☆", "密*", "密＊", "密 *", "密级", "保密等级", "涉密等级", "保密期限", "内部资料", "此件不公开")
"""A mark has one of these in it; only around them is looked more closely."""
_DELIMITERS = b"\n\t,;|\"'> "
_ENDS = [bytes([end]) for end in b"\r\n\t,;|\"'< "]
_LEVEL_CELLS = [before + level for level in ("绝密", "机密", "秘密") for before in _DELIMITERS.decode()]
"""A cell that is a level and no more: a mark if the file has a column 密级."""
_PORTION = 1 << 20
_RARE = r"密|★|☆|内部资料|此件不公开|\\u|&#"
"""Every one of the words, as it stands or escaped, has one of these in it."""
_BEFORE_WORD, _AFTER_WORD = 400, 200
"""Bytes looked at around a word: a workbook may have its formatting between two characters of a mark."""
_TAG = re.compile(r"<(/?)(?:\w+:)?(\w+)[^<>]*>")
_RUN_TAGS = {"r", "rPr", "t", "b", "i", "u", "sz", "color", "rFont", "family", "charset", "scheme", "span"}
"""Tags inside one text of a workbook: what they part is one text all the same."""
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def _escaped(word: str) -> list[str]:
    """A word as it stands in JSON's escapes and in XML's character references."""
    forms = ("\\u{:04x}", "\\u{:04X}", "&#{};", "&#x{:x};", "&#x{:X};")
    return ["".join(form.format(ord(c)) if c > "\x7f" else c for c in word) for form in forms]


_ESCAPED = [form for word in _WORDS for form in _escaped(word)]
_MI = [form.encode() for form in ("密", *_escaped("密"))]
_PHRASES = [form.encode() for word in ("内部资料", "此件不公开") for form in (word, *_escaped(word))]


def scan(spooled: Spooled, name: str) -> str | None:
    """The rule that a delivered file breaks, or None. What cannot be read as its format is looked through as bytes."""
    by_name = _judge_name(name)
    if by_name:
        return by_name
    scanner = _Scanner()
    for part in _parts(spooled, scanner):
        for block in part:
            found = scanner.see(block)
            if found:
                return found
        found = scanner.end()
        if found:
            return found
    return None


def refuse(spooled: Spooled, name: str) -> None:
    """Raise Refused classified.* for a marked file, its bytes discarded; neither name nor content goes anywhere."""
    rule = scan(spooled, name)
    if rule is not None:
        spooled.discard()
        what = "国家秘密" if rule == STATE else "工作秘密"
        raise Refused(
            rule,
            f"文件含有{what}标志，整份未接收、未留存。",
            "请立即停止在本平台传输该文件，按保密规定处理；标志有误的，先由本单位保密员确认后去掉再报送。"
            "本检查不能替代保密审查。",
        )


def _judge_name(name: str) -> str | None:
    if _IN_NAME.search(name) or _MARK.search(name):
        return STATE
    return WORK if _WORK_MARK.search(name) or _WORK_IN_NAME.search(name) else None


class _Scanner:
    """Looks for the few words in blocks of UTF-8, and only around them for marks."""

    def __init__(self) -> None:
        self.broken = False
        self._tail = b""
        self._label = self._level = False

    def see(self, block: bytes) -> str | None:
        """Look through the next block; the rule broken, or None."""
        data = self._tail + block
        self._tail = data[-_BEFORE_WORD - _AFTER_WORD :]
        text = self._as_text(data)
        if not text.str.contains(_RARE).item(0):
            return None  # ten times quicker than looking for every word
        words = [*_WORDS, *_LEVEL_CELLS, *(_ESCAPED if b"\\u" in data or b"&#" in data else ())]
        if not text.str.contains_any(words).item(0):
            return None
        data = str(text.item(0)).encode()
        for start in sorted(text.str.find_many(words, overlapping=True).item(0).to_list()):
            if data[start] in _DELIMITERS:
                self._level = self._level or data[start + 7 : start + 8] in (b"", *_ENDS)
                continue
            found = self._judge(data[max(0, start - _BEFORE_WORD) : start + _AFTER_WORD])
            if found:
                return found
        return None

    def end(self) -> str | None:
        """A column 密级 and a cell 秘密 in one file are a mark, wherever in it they stand."""
        self._tail = b""
        return STATE if self._label and self._level else None

    def _as_text(self, data: bytes) -> pl.Series:
        """One string: characters cut at either end are left out (the overlap has them), broken ones replaced."""
        start = next((at for at, byte in enumerate(data[:4]) if not 0x80 <= byte < 0xC0), 0)
        cut = next((at for at in range(len(data) - 1, len(data) - 4, -1) if at >= 0 and data[at] >= 0xC0), len(data))
        try:
            return pl.Series([data[start:cut]]).cast(pl.String)
        except pl.exceptions.PolarsError:
            self.broken = True
            return pl.Series([data.decode(errors="replace")])

    def _judge(self, around: bytes) -> str | None:
        if not any(form in around for form in _MI) and not any(word in around for word in _PHRASES):
            return None  # a star by itself
        text = around.decode(errors="ignore")
        if "\\u" in text or "&#" in text:
            text = html.unescape(_ESCAPE.sub(lambda code: chr(int(code[1], 16)), text))
        for reading in (text, _TAG.sub(_parting, text)) if "<" in text else (text,):
            if _MARK.search(reading) or _HEAD.search(reading):
                return STATE
            if _WORK_MARK.search(reading):
                return WORK
            self._label = self._label or _LABEL_CELL.search(reading) is not None
        return None


def _parting(tag: re.Match[str]) -> str:
    return "" if tag[2] in _RUN_TAGS else "\n"


def _parts(spooled: Spooled, scanner: _Scanner) -> Iterator[Iterator[bytes]]:
    """What is looked through, each part as blocks of UTF-8: a text file, or every XML part of a workbook."""
    head = next(spooled.blocks(), b"")[:8]
    if head == MAGIC:
        yield from _old_parts(spooled)
        return
    if not head.startswith(b"PK\x03\x04"):
        yield _texts(spooled, scanner)
        return
    try:
        with archive(spooled) as opened:
            for entry in opened.infolist():
                if entry.filename.endswith((".xml", ".rels", ".vml")):
                    with opened.open(entry) as part:
                        yield iter(partial(part.read, 1 << 20), b"")
    except Refused:
        return  # a bomb or damaged: nothing of it is ever read, it is refused as such


def _old_parts(spooled: Spooled) -> Iterator[Iterator[bytes]]:
    """An old workbook's texts as its cells have them, and every stream of it (comments, text boxes, properties) as bytes.

    Text lies among other bytes there, at even and at odd places, in UTF-16 or in the machine's code page.
    """
    try:
        compound = Compound(spooled)
    except Refused:
        yield _in_every_encoding(spooled.blocks)
        return
    yield _in_blocks(texts_of(compound))
    for content in compound.streams():
        for code, start in ((encoding.UTF16_LE, 0), (encoding.UTF16_LE, 1), (encoding.GB18030, 0)):
            decoder = codecs.getincrementaldecoder(code)("ignore")
            portions = (content[at : at + _PORTION] for at in range(start, len(content), _PORTION))
            yield (decoder.decode(portion).encode(errors="ignore") for portion in portions)


def _in_blocks(texts: Iterator[str]) -> Iterator[bytes]:
    held: list[str] = []
    size = 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size > _PORTION:
            yield "".join(held).encode(errors="replace")
            held, size = [], 0
    yield "".join(held).encode(errors="replace")


def _texts(spooled: Spooled, scanner: _Scanner) -> Iterator[bytes]:
    """A text file as UTF-8; one that is broken or mixed then in each likely encoding, without what does not fit."""
    try:
        code = encoding.encoding_of(spooled)
        yield from spooled.blocks() if code == encoding.UTF8 else encoding.utf8_blocks(spooled, code)
        if not scanner.broken:
            return
    except Refused:
        pass
    yield from _in_every_encoding(spooled.blocks)


def _in_every_encoding(blocks: Callable[[], Iterator[bytes]]) -> Iterator[bytes]:
    for code in (encoding.UTF8, encoding.GB18030, encoding.UTF16_LE, encoding.UTF16_BE):
        decoder = codecs.getincrementaldecoder(code)("ignore")
        yield from (decoder.decode(block).encode(errors="ignore") for block in blocks())
