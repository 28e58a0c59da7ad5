"""What an uploaded file is, by its content alone; its name is compared and must not claim another format."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePath

from shuniu.cases.declare.material import FileKind, Looked
from shuniu.cases.files import scanner
from shuniu.exchange.delivery import spool_blocks
from shuniu.exchange.spool import Spooled

MAX_ENTRIES = 2000
MAX_UNPACKED = 256 << 20
"""Bytes of all parts of a packed document; what is larger is taken for a bomb and never unpacked."""
_PORTION = 1 << 20
_TAIL = 2048
"""Where a whole PDF or PNG ends; cameras append to a JPEG whatever they like."""
_MAGIC = {b"%PDF-": FileKind.PDF, b"\xff\xd8\xff": FileKind.JPG, b"\x89PNG\r\n\x1a\n": FileKind.PNG}
_ENDS = {FileKind.PDF: b"%%EOF", FileKind.JPG: b"\xff\xd9", FileKind.PNG: b"IEND"}
_MARKERS = {"OFD.xml": FileKind.OFD, "word/document.xml": FileKind.DOCX, "xl/workbook.xml": FileKind.XLSX}
_SUFFIXES = {".jpeg": FileKind.JPG, **{f".{kind.value}": kind for kind in FileKind}}
_TAG = re.compile(rb"<[^<>]*>")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


def look(spooled: Spooled, name: str, limit: int) -> Looked:
    """Look at a file of at most `limit` bytes, and have it scanned where there is a scanner. Refuses nothing itself."""
    data = spooled.whole(limit)
    kind, problem = kind_of(data, name)
    virus = "Eicar-Test-Signature" if _has_eicar(data, kind) else ""
    scanned = False
    if not virus and not problem and scanner.configured():
        with suppress(scanner.Unavailable):  # it is looked at again by the next sweep
            virus, scanned = scanner.scan(spooled.blocks()), True
    return Looked(kind, problem, virus, scanned)


def kind_of(data: bytes, name: str) -> tuple[FileKind | None, str]:
    """The format and, where the file is refused for what it is, why (a rule's last word); else empty.

    `type` unknown format · `clothes` another format than the name says, or two at once · `damaged` cut off or broken ·
    `bomb` too much packed · `macro` · `locked` behind a password.
    """
    kind = next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), None)
    packed = zipfile.is_zipfile(io.BytesIO(data))
    problem = ""
    if kind is None and packed:
        kind, problem = _packed_kind(data)
    elif kind is not None and packed:
        problem = "clothes"
    elif kind is not None and _ENDS[kind] not in (data if kind is FileKind.JPG else data[-_TAIL:]):
        problem = "damaged"
    elif kind is None:
        problem = "damaged" if data.startswith(b"PK\x03\x04") else "type"
    claimed = _SUFFIXES.get(PurePath(name).suffix.lower())
    if claimed is not None and claimed is not kind and problem in ("", "type"):
        problem = "clothes"
    return kind, problem


def texts(spooled: Spooled, kind: FileKind | None, limit: int) -> Iterator[Spooled]:
    """What is looked through for marks of classification: the file, and of an OFD document the words of its pages.

    The words are spooled as ciphertext like any delivered bytes, and gone when the next is asked for.
    """
    yield spooled
    if kind is not FileKind.OFD:
        return
    with zipfile.ZipFile(io.BytesIO(spooled.whole(limit))) as archive:
        words = [_TAG.sub(b"", archive.read(entry)) for entry in archive.infolist() if entry.filename.endswith(".xml")]
    writer = spool_blocks([b"\n".join(words)])
    text = writer.close()
    try:
        yield text
    finally:
        text.discard()


def _packed_kind(data: bytes) -> tuple[FileKind | None, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                return None, "bomb"
            if len(names) < len(entries):
                return None, "damaged"
            if any(entry.flag_bits & 1 for entry in entries):
                return None, "locked"
            kind = next((kind for marker, kind in _MARKERS.items() if marker in names), None)
            if kind is None:
                return None, "type"
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return kind, "macro"
            return kind, "damaged" if archive.testzip() else ""
    except _BROKEN:
        return None, "damaged"


def _has_eicar(data: bytes, kind: FileKind | None) -> bool:
    if scanner.EICAR in data:
        return True
    if kind not in _MARKERS.values():
        return False
    with suppress(*_BROKEN), zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(scanner.EICAR in archive.read(entry) for entry in archive.infolist())
    return False
