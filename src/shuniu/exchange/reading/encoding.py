"""The encoding of a text file, found from its bytes and then held to strictly: UTF-8, UTF-16, GB18030; else refused.

UTF-8 passes through as it is (its consumers validate it); the others are turned to UTF-8 block by block. Mixed files
exist: departments append one system's export to another's. They are refused at the first line that breaks.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from shuniu.exchange.spool import Spooled
from shuniu.trust.declare import Refused

UTF8, UTF16_LE, UTF16_BE, GB18030 = "utf-8", "utf-16-le", "utf-16-be", "gb18030"
LABELS = {UTF8: "UTF-8", UTF16_LE: "UTF-16", UTF16_BE: "UTF-16", GB18030: "GB18030"}
_BOMS = {b"\xef\xbb\xbf": UTF8, b"\xff\xfe": UTF16_LE, b"\xfe\xff": UTF16_BE}
_SAMPLE = 4 << 20
# Six Chinese characters in a row in UTF-8: GB18030 text practically never looks like that by accident.
_UTF8_RUN = re.compile(rb"(?:[\xe4-\xe9][\x80-\xbf]{2}){6}")
_FIRST_CHINESE = re.compile(rb"[\x80-\xff][^\n]*")
_REMEDY = "请另存为 UTF-8 编码（或 GB18030）后重新报送；由几个文件拼接的，请先统一编码。"


def encoding_of(spooled: Spooled) -> str:
    """The encoding of a text file, from its byte order mark or its first non-ASCII part. Raises Refused file.encoding."""
    sample = _sample(spooled)
    for mark, encoding in _BOMS.items():
        if sample.startswith(mark):
            return encoding
    if b"\0" in sample:
        return _utf16(sample[:4096])
    if _decodes(sample, UTF8) or _begins_as_utf8(sample):
        return UTF8
    return GB18030


def utf8_blocks(spooled: Spooled, encoding: str) -> Iterator[bytes]:
    """The file's text as UTF-8, without its byte order mark. Raises Refused file.encoding at the first broken line."""
    first = True
    for block in _blocks(spooled, encoding):
        if b"\0" in block:
            line = 1 + _lines_before_nul(spooled, encoding)
            raise _refused(f"第 {line} 行含有空字符（NUL），文件不是纯文本或已损坏。")
        if first:
            first = False
            yield block.removeprefix(b"\xef\xbb\xbf")
        else:
            yield block


def texts(spooled: Spooled, encoding: str) -> Iterator[str]:
    """The file's text, every byte checked. Raises Refused file.encoding at the first broken line."""
    for number, text in enumerate(_decoded(spooled, encoding)):
        if "\0" in text:
            raise _refused(f"第 {1 + _lines_before_nul(spooled, encoding)} 行含有空字符（NUL），文件已损坏。")
        yield text.removeprefix("\ufeff") if number == 0 else text


def refuse_broken(spooled: Spooled) -> None:
    """Find the first line that is not UTF-8 and raise Refused file.encoding; return when there is none."""
    for _ in _decoded(spooled, UTF8):
        pass


def _blocks(spooled: Spooled, encoding: str) -> Iterator[bytes]:
    return spooled.blocks() if encoding == UTF8 else (text.encode() for text in _decoded(spooled, encoding))


def _decoded(spooled: Spooled, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines = 1
    for block in _with_end(spooled.blocks()):
        try:
            if encoding == GB18030 and (run := _UTF8_RUN.search(block)):
                raise UnicodeDecodeError(encoding, block, run.start(), run.end(), "UTF-8 here")
            text = decoder.decode(block, not block)
        except UnicodeDecodeError as problem:
            if not block:
                raise Refused(
                    "file.damaged", f"文件在第 {lines} 行中断，没有传完整。", "请重新导出并上传完整的文件。"
                ) from problem
            line = lines + _newlines(bytes(problem.object[: problem.start]), encoding)
            raise _refused(f"第 {line} 行不是 {LABELS[encoding]} 编码，与此前各行不一致。") from problem
        lines += text.count("\n")
        yield text


def _with_end(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The blocks and an empty one, which tells a decoder that nothing follows."""
    yield from blocks
    yield b""


def _newlines(before: bytes, encoding: str) -> int:
    return before.decode(encoding, "replace").count("\n")


def _lines_before_nul(spooled: Spooled, encoding: str) -> int:
    lines = 0
    for block in _blocks(spooled, encoding):
        before, nul, _ = block.partition(b"\0")
        lines += before.count(b"\n")
        if nul:
            break
    return lines


def _sample(spooled: Spooled) -> bytes:
    """The file's beginning as far as it shows the encoding: some megabytes from the first block that is not ASCII."""
    first, rest = b"", bytearray()
    for number, block in enumerate(spooled.blocks()):
        if number == 0:
            first = block
        elif rest or not block.isascii():
            rest += block
        if (number == 0 and not block.isascii()) or len(rest) >= _SAMPLE:
            break
    return first + bytes(rest)


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _begins_as_utf8(sample: bytes) -> bool:
    """Whether the first line with Chinese in it is UTF-8: then that is the encoding, and a later line breaks it."""
    line = _FIRST_CHINESE.search(sample)
    return line is not None and _decodes(line[0], UTF8) and any(c > "\u0800" for c in line[0].decode(UTF8, "ignore"))


def _utf16(sample: bytes) -> str:
    """UTF-16 without byte order mark: read the right way round, its rows end and its cells are separated."""
    marks = {code: sum(map(_ends(sample, code).count, ",\t;|\n")) for code in (UTF16_LE, UTF16_BE)}
    likely = max(marks, key=lambda code: marks[code])
    if "\n" in _ends(sample, likely) and marks[likely] > 10 * (sum(marks.values()) - marks[likely]):
        return likely
    raise _refused("文件含有空字符（NUL），不是纯文本，也不是 UTF-16 编码。")


def _ends(sample: bytes, code: str) -> str:
    return sample[: len(sample) // 2 * 2].decode(code, "ignore")


def _refused(message: str) -> Refused:
    return Refused("file.encoding", message, _REMEDY)
