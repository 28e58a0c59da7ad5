"""The watched drop folder `<var>/drop/<agency>/<resource name>/FILE`: what comes to rest there is delivered.

A file is at rest when size and time are the same at two looks `REST` seconds apart or more. Links, devices and hostile
names are never opened as files. The receipt lies beside (`FILE.receipt.json`) and the file goes, in this order: a kill in
between leaves the file, and delivering it again gives its first receipt. A file with a classified mark goes without trace.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from shuniu.catalogue import api as catalogue
from shuniu.exchange import api, classified
from shuniu.exchange.declare import ReceiptView
from shuniu.exchange.delivery import spool_blocks
from shuniu.exchange.spool import FRAME
from shuniu.registries.declare import Mode
from shuniu.trust.declare import Actor, Refused

REST = 10.0
RECEIPT = ".receipt.json"
_PASSED_OVER = re.compile(r"^\.|~$|\.(part|tmp|crdownload|filepart)$|\.receipt\.json$", re.IGNORECASE)
_HOSTILE = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_Seen = tuple[int, int, int]
"""Size, time of writing and number of a file: the same while nobody touches it."""


class _Moving(Exception):
    """The file is not what it was at the last look."""


@dataclass(frozen=True)
class Looked:
    """What one look did: files delivered with their receipts, and files refused with the rule."""

    delivered: tuple[ReceiptView, ...]
    refused: tuple[str, ...]


def root() -> Path:
    return Path(settings.VAR) / "drop"


def make_folders() -> None:
    """Have a folder for every published resource, so that departments find where to put what."""
    for one in catalogue.published_all():
        agency, _, name = one.resource.key.partition("/")
        (root() / agency / name).mkdir(mode=0o770, parents=True, exist_ok=True)


class Watcher:
    """Looks again and again; between looks it remembers sizes and times alone."""

    def __init__(self, actor_of: Callable[[str], Actor], worker: Actor, rest: float = REST) -> None:
        self._actor_of, self._worker, self._rest = actor_of, worker, rest
        self._seen: dict[tuple[str, str, str], tuple[_Seen, float]] = {}

    def look(self) -> Looked:
        """Deliver and process everything that has come to rest since the last looks."""
        delivered: list[ReceiptView] = []
        refused: list[str] = []
        present: set[tuple[str, str, str]] = set()
        for agency, name, at in _folders():
            # Of an open folder, which nobody can swap meanwhile.
            for file in sorted(os.listdir(at)):  # noqa: PTH208 - pathlib lists no descriptors
                if _PASSED_OVER.search(file):
                    continue
                place = (agency, name, file)
                present.add(place)
                try:
                    if self._at_rest(place, at):
                        delivered.append(self._take(place, at))
                except (FileNotFoundError, _Moving):
                    continue  # taken away or written to while we looked: the next look sees
                except Refused as refusal:
                    refused.append(refusal.rule)
        self._seen = {place: seen for place, seen in self._seen.items() if place in present}
        return Looked(tuple(delivered), tuple(refused))

    def _at_rest(self, place: tuple[str, str, str], at: int) -> bool:
        found = os.stat(place[2], dir_fd=at, follow_symlinks=False)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1 or _HOSTILE.search(place[2]):
            _refuse_hostile(place[2], at, found)
        now, seen = time.monotonic(), _state(found)
        known, since = self._seen.get(place, (None, now))
        if known != seen:
            self._seen[place] = (seen, now)
            return False
        return now - since >= self._rest

    def _take(self, place: tuple[str, str, str], at: int) -> ReceiptView:
        agency, name, file = place
        seen = self._seen[place][0]
        try:
            receipt = self._deliver(f"{agency}/{name}", agency, file, at, seen)
        except Refused as refusal:
            if refusal.rule not in classified.RULES:
                said = {"refused": refusal.rule, "message": refusal.message, "remedy": refusal.remedy}
                _write(at, file + RECEIPT, said)
            _remove(file, at, seen)
            raise
        said = {**asdict(receipt), "mode": receipt.mode.value, "state": receipt.state.value, "text": receipt.sentence}
        _write(at, file + RECEIPT, said)
        _remove(file, at, seen)
        return receipt

    def _deliver(self, resource: str, agency: str, file: str, at: int, seen: _Seen) -> ReceiptView:
        mode = Mode.DELTA if ".delta." in file.lower() or "增量" in file else Mode.SNAPSHOT
        # Not blocking on a pipe, not following a link: what it was a moment ago may have been swapped.
        number = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=at)
        with os.fdopen(number, "rb") as opened:
            if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                raise _Moving
            writer = spool_blocks(iter(lambda: opened.read(FRAME), b""))
            if _state(os.fstat(opened.fileno())) != seen:
                writer.discard()
                raise _Moving
        taken = api.deliver(
            actor=self._actor_of(agency), writer=writer, resource=resource, name=file, mode=mode, channel="folder",
            enqueue=False,
        )  # fmt: skip
        return api.process(actor=self._worker, number=taken.number)


def _folders() -> Iterator[tuple[str, str, int]]:
    """Every folder of a published resource, opened step by step, so that no link leads outside; closed after its turn."""
    root().mkdir(mode=0o770, parents=True, exist_ok=True)
    names: dict[str, list[str]] = {}
    for one in catalogue.published_all():
        agency, _, name = one.resource.key.partition("/")
        names.setdefault(agency, []).append(name)
    with _opened(str(root())) as top:
        for agency in sorted(names):
            with _opened(agency, top) as middle:
                for name in names[agency] if middle is not None else ():
                    with _opened(name, middle) as last:
                        if last is not None:
                            yield agency, name, last


@contextmanager
def _opened(name: str, at: int | None = None) -> Iterator[int | None]:
    """A folder's descriptor; None when there is no such folder, or something else of that name."""
    try:
        number = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=at)
    except OSError as problem:
        if problem.errno not in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            raise
        yield None
        return
    try:
        yield number
    finally:
        os.close(number)


def _state(found: os.stat_result) -> _Seen:
    return found.st_size, found.st_mtime_ns, found.st_ino


def _remove(file: str, at: int, seen: _Seen) -> None:
    """Take the delivered file away; one that was put in its place meanwhile stays for the next look."""
    if _state(os.stat(file, dir_fd=at, follow_symlinks=False)) == seen:
        os.unlink(file, dir_fd=at)


def _refuse_hostile(file: str, at: int, found: os.stat_result) -> None:
    """Refuse what is no plain file of a plain name. A link is taken away, never what it points to; the rest stays."""
    if stat.S_ISLNK(found.st_mode):
        os.unlink(file, dir_fd=at)
        raise Refused("folder.link", "投递目录中不能放链接，已移除。", "请放入文件本身。")
    plain = _HOSTILE.sub("_", file)[:100]
    refusal = (
        Refused("folder.name", f"文件名“{plain}”含有控制字符。", "请改名后重新放入。")
        if _HOSTILE.search(file)
        else Refused("folder.kind", f"“{plain}”不是普通文件，或另有硬链接。", "请放入单独的普通文件。")
    )
    _write(at, plain + RECEIPT, {"refused": refusal.rule, "message": refusal.message, "remedy": refusal.remedy})
    raise refusal


def _write(at: int, name: str, said: object) -> None:
    """Write a receipt whole or not at all, over whatever had its name: a link there is replaced, never followed."""
    draft = f".{os.urandom(8).hex()}"
    number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640, dir_fd=at)
    with os.fdopen(number, "w", encoding="utf-8") as file:
        json.dump(said, file, ensure_ascii=False, indent=1, default=str)
    os.replace(draft, name, src_dir_fd=at, dst_dir_fd=at)
