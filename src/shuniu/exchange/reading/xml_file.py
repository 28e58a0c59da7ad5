"""XML: flat records (a repeated element whose children or attributes are the fields); no DTD, no entities, no network."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from shuniu.exchange.reading.header import Labels
from shuniu.exchange.reading.records import Record
from shuniu.trust.declare import Refused

_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.I)
MAX_BETWEEN = 200_000
"""Elements after which a record must have ended."""
_FLAT = "请把每条记录写成一个元素，各字段为其子元素或属性，不再嵌套。"


class _Stream:
    """Text as something that a parser reads UTF-8 from; a document type is refused before the parser sees it."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts
        self._held = b""
        self._first = True

    def read(self, size: int = -1) -> bytes:
        while not self._held:
            text = next(self._texts, None)
            if text is None:
                return b""
            if self._first:
                self._first = False
                text = text.lstrip()
                refuse_doctype(text[:65536].encode())
            self._held = text.encode()
        taken, self._held = (self._held, b"") if size < 0 else (self._held[:size], self._held[size:])
        return taken


def refuse_doctype(start: bytes) -> None:
    """Raise Refused file.doctype when an XML text begins with a document type: bombs and external entities need one."""
    if _DOCTYPE.search(start):
        raise Refused(
            "file.doctype",
            "XML 中有文档类型定义（DOCTYPE、ENTITY），可被用来引用外部文件或无限展开，平台一律不接收。",
            "请去掉 DOCTYPE 声明后重新报送。",
        )


def events(
    source: object, tags: tuple[str, ...] | None = None, encoding: str | None = None
) -> Iterator[tuple[str, etree._Element]]:
    """Elements of what can be read from, as they begin and end (with `tags`: only those, as they end), nothing dangerous on.

    Raises Refused file.doctype when a document type shows all the same, and etree.XMLSyntaxError.
    """
    parser = etree.iterparse(
        source,  # all that it needs is read()
        events=("end",) if tags else ("start", "end"), tag=tags, encoding=encoding, resolve_entities=False,
        no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    first = True
    for event, element in parser:
        if first and element.getroottree().docinfo.doctype:
            refuse_doctype(b"<!DOCTYPE")
        first = False
        yield event, element


def records(texts: Iterator[str], labels: Labels) -> Iterator[Record]:
    """The records of an XML file: elements like the first one that has a field which the resource knows.

    Raises Refused file.xml, file.nested, file.doubled_key, file.doctype.
    """
    number = depth = between = 0
    shape: tuple[int, str] | None = None
    try:
        for event, element in events(_Stream(texts), encoding="utf-8"):
            if event == "start":
                depth += 1
                continue
            depth -= 1
            between += 1
            if shape is None and labels.known([_local(child.tag) for child in element] + _attributes(element)):
                shape = (depth, _local(element.tag))
            if shape == (depth, _local(element.tag)):
                number, between = number + 1, 0
                yield _record(element, number)
            if shape is not None and depth <= shape[0]:
                forget(element)
            if between > MAX_BETWEEN:
                raise Refused("file.xml", f"第 {number} 条记录之后认不出下一条记录。", _FLAT)
    except etree.XMLSyntaxError as problem:
        raise Refused(
            "file.xml",
            f"不是有效的 XML：第 {problem.lineno} 行，第 {number} 条记录之后。",
            "文件可能没有传完整，或导出程序有误；请检查后重新报送。",
        ) from problem


def _record(element: etree._Element, number: int) -> Record:
    found: dict[str, str | None] = {_local(name): str(value) for name, value in element.attrib.items()}
    for child in element:
        name = _local(child.tag)
        if len(child):
            raise Refused("file.nested", f"第 {number} 条记录的“{name[:40]}”之下还有元素。", _FLAT)
        if name in found:
            raise Refused(
                "file.doubled_key", f"第 {number} 条记录中“{name[:40]}”出现两次。", "请只保留一个后重新报送。"
            )
        found[name] = child.text
    return found


def _attributes(element: etree._Element) -> list[str]:
    return [_local(name) for name in element.attrib]


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def forget(element: etree._Element) -> None:
    """Free an element that has been read, and its elder siblings."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
