"""Offering a file to the holder of an agreement: sent in portions, gone on with by itself after any break."""

from __future__ import annotations

import hashlib
import json
import ssl
import time
from pathlib import Path
from typing import Any, BinaryIO

from shuniu.client.speaking import RefusedError, Speaker

UPLOADS, PURPOSE, PORTION = "/exchange/uploads", "offer", "application/octet-stream"
LONGEST = 60.0
"""Seconds between two attempts at most, and between two looks at whether the platform has checked a file."""


class Offering(Speaker):
    """What a provider's machine does."""

    def offer(
        self, path: Path, *, agreement: int, name: str = "", days: int = 30, tries: int = 12, pause: float = 0.2
    ) -> int:
        """Offer a file under an agreement for so many days; its number, once the platform has checked all of it.

        A portion is in memory at a time. What breaks off, or is turned away for the moment, is gone on with up to `tries`
        times in a row without progress, after `pause` seconds and each time twice as long. Called again, also by
        another process, it goes on where the platform is. Raises RefusedError, ForgedError, OSError.
        """
        with path.open("rb") as file:
            said = {
                "agreement": agreement, "name": name or path.name, "size": path.stat().st_size,
                "digest": hashlib.file_digest(file, "sha256").hexdigest(), "days": days,
            }  # fmt: skip
            body = json.dumps(said, ensure_ascii=False).encode()
            state: dict[str, Any] | None = None
            failed, furthest = 0, -1
            while True:
                try:
                    with self._broken():
                        if state is None:  # the first time; after a break the same request finds what has come
                            state = self._told(self._signed("POST", UPLOADS, PURPOSE, body))
                        if state["taken"] > furthest:
                            furthest, failed = state["taken"], 0
                        if _ended(state):
                            return int(state["file"])
                        state = self._further(file, state, pause)
                except (OSError, RefusedError) as error:
                    failed, state = failed + 1, None
                    if failed > tries or not _passes(error):
                        raise
                    time.sleep(getattr(error, "retry_after", None) or min(pause * 2 ** (failed - 1), LONGEST))

    def _further(self, file: BinaryIO, state: dict[str, Any], pause: float) -> dict[str, Any]:
        """One portion further; where all have come, a look at what became of them."""
        at = f"{UPLOADS}/{state['number']}"
        if state["taken"] == state["size"]:
            time.sleep(min(max(pause, 1e-9 * state["size"]), LONGEST))  # some two GB are checked in a second
            return self._told(self._signed("GET", at, PURPOSE))
        file.seek(state["taken"])
        portion = file.read(state["portion"])
        return self._told(self._signed("PUT", f"{at}/{state['taken']}", PURPOSE, portion, PORTION))


def _ended(state: dict[str, Any]) -> bool:
    if state["refused"]:
        raise RefusedError(422, state["refused"], None)
    return state["file"] is not None


def _passes(error: Exception) -> bool:
    """Whether the same may succeed later, or from where the platform is."""
    if isinstance(error, RefusedError):
        return bool(error.retry_after) or error.rule in ("gateway.offset", "gateway.size")
    return not isinstance(error, ssl.SSLCertVerificationError)
