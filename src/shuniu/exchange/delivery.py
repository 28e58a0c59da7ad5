"""Taking bytes in: a file, a request's body or an upload becomes spooled ciphertext, within limits."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from shuniu.exchange.spool import FRAME, SpoolWriter
from shuniu.trust.declare import Refused

MAX_BYTES = 8 << 30
"""The largest file that is taken in: bytes."""


def spool_blocks(blocks: Iterable[bytes]) -> SpoolWriter:
    """Spool portions of bytes. Raises `Refused` file.size past the limit; nothing is left behind then."""
    writer = SpoolWriter()
    try:
        for block in blocks:
            writer.write(block)
            if writer.size > MAX_BYTES:
                raise Refused("file.size", f"文件超过 {MAX_BYTES >> 30} GB。", "请按区划或年份拆分后分批报送。")
    except BaseException:
        writer.discard()
        raise
    return writer


def spool_file(path: Path) -> SpoolWriter:
    """Spool a file of this machine. Raises `Refused` file.missing when it is not there."""
    if not path.is_file():
        raise Refused("file.missing", f"找不到文件 {path.name}。", "请核对路径。")
    with path.open("rb") as file:
        return spool_blocks(iter(lambda: file.read(FRAME), b""))
