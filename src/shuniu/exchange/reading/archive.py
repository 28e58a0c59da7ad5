"""Opening an XLSX file's archive: every limit is checked in its directory before anything is unpacked."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from shuniu.exchange.reading.detect import unreadable
from shuniu.exchange.reading.window import window
from shuniu.exchange.spool import Spooled
from shuniu.trust.declare import Refused

MAX_ENTRIES = 10_000
MAX_UNPACKED = 4 << 30
"""Bytes of all parts unpacked. A full sheet of 1 048 576 rows and 20 columns has about 1.5 GB."""
MAX_RATIO = 200
"""Unpacked to packed; spreadsheets reach some 20 to 50, the format's most is 1032."""
SMALL = 10 << 20
"""Below this many bytes unpacked the ratio does not matter."""


@contextmanager
def archive(spooled: Spooled) -> Iterator[zipfile.ZipFile]:
    """A workbook's archive within the limits. Raises Refused file.damaged, file.bomb, file.format, file.locked."""
    with window(spooled) as stream:
        try:
            opened = zipfile.ZipFile(stream)
            _check(opened.infolist())
            if "[Content_Types].xml" not in opened.NameToInfo:
                raise unreadable("这是压缩包，不是 .xlsx 工作簿。")
            yield opened
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as problem:
            raise damaged("文件没有传完整，或已损坏。") from problem


def damaged(message: str) -> Refused:
    return Refused("file.damaged", message, "请用表格软件重新打开、另存为 .xlsx，确认上传完整后再报送。")


def _check(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MAX_ENTRIES:
        raise _bomb(f"压缩包内有 {len(entries)} 个文件，上限 {MAX_ENTRIES} 个。")
    if unpacked > MAX_UNPACKED:
        raise _bomb(f"展开后有 {unpacked / (1 << 30):.1f} GB，上限 {MAX_UNPACKED >> 30} GB。")
    if unpacked > SMALL and unpacked > MAX_RATIO * packed:
        raise _bomb(f"展开后是压缩时的 {unpacked // max(packed, 1)} 倍，上限 {MAX_RATIO} 倍。")
    if len({entry.filename for entry in entries}) < len(entries):
        raise damaged("压缩包内有重名的文件。")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("file.locked", "文件设有密码，平台无法读取。", "请取消密码后重新报送。")


def _bomb(message: str) -> Refused:
    return Refused("file.bomb", message, "请改用 CSV 报送，或按区划、年份拆分后分批报送。")
