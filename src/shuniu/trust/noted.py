"""The highest head that was signed, noted in the folder of keys: who owns the database alone turns no journal back unseen.

Noted after its commit, never before. A kill between the two leaves a note that is behind, which the next step makes good
once it has seen that the journal goes on from it; a note of a head that never was committed would stop the journal for
nothing. The file is what `shuniu journal head` writes, so that `shuniu journal verify --head` reads it too.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from shuniu.trust import journal, keys
from shuniu.trust.declare import NOTE, Refused, SignedHead

NAME = f"{NOTE}.json"
_DRAFT = f"{NAME}.new"
log = logging.getLogger("shuniu")


def read() -> SignedHead | None:
    """The head that was noted; None where none is. Raises Refused journal.note for a file that is not one of ours."""
    try:
        said = json.loads((Path(settings.KEYS) / NAME).read_bytes())
        head = SignedHead(**{**said, "at": datetime.fromisoformat(said["at"])})
        signed = journal.head_bytes(head.size, bytes.fromhex(head.root), head.at)
        ours = keys.verify(keys.journal_signer().public_key, bytes.fromhex(head.signature), signed)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        ours = False
    if not ours:
        raise Refused(
            "journal.note",
            f"密钥目录中存底的签名头（{NAME}）读不出来，或者不是本平台现在的密钥签的。",
            "请查明谁动过密钥目录；核验留痕无误后，在主机上执行 shuniu journal accept --reason 原因。",
        )
    return head


def keep(head: SignedHead) -> None:
    """Note a committed head, unless a higher one is noted. What hinders it is logged: the next step tries again."""
    try:
        with _alone():
            noted = read()
            if noted is None or noted.size < head.size:
                _write(head)
    except (OSError, Refused) as error:
        log.error("journal: its newest head cannot be noted in the folder of keys: %s", error)


def replace(head: SignedHead | None) -> None:
    """Note this head, or none, whatever is noted; what was noted stays beside it under the time of this act."""
    folder = Path(settings.KEYS)
    with _alone():
        if (folder / NAME).exists():
            (folder / NAME).rename(folder / f"{NOTE}-until-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.json")
        if head is not None:
            _write(head)


@contextmanager
def _alone() -> Iterator[None]:
    """One writer at a time among all processes: whoever holds the file of the key that signs."""
    keys.journal_signer()
    with (Path(settings.KEYS) / "journal.pem").open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _write(head: SignedHead) -> None:
    """Whole or not at all. A power cut may take the renaming back: the note is behind then, as after a kill."""
    folder = Path(settings.KEYS)
    said = json.dumps({**asdict(head), "at": head.at.isoformat()}, indent=1)
    with open(folder / _DRAFT, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(said.encode())
        file.flush()
        os.fsync(file.fileno())
    (folder / _DRAFT).rename(folder / NAME)
