"""Having the journal's heads stamped: trust knows no actor, so the room above it asks."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings

from shuniu.directory.api import system
from shuniu.trust.declare import Refused
from shuniu.trust.evidence import api as evidence
from shuniu.trust.evidence import service

log = logging.getLogger(__name__)


def stamp_newest() -> bool:
    """Whether the newest head has its stamp now. A service that is lost is noted and asked again; nothing waits for it."""
    head = evidence.to_stamp() if settings.STAMP_URL else None
    if head is None:
        return bool(settings.STAMP_URL)
    actor = system("worker")
    try:
        roots = Path(settings.STAMP_ROOTS).read_bytes() if settings.STAMP_ROOTS else b""
        token = service.ask(settings.STAMP_URL, head)
        evidence.keep_stamp(actor=actor, head=head, token=token, roots=roots)
    except (OSError, Refused) as error:
        log.warning("no time stamp: %s", error)
        reason = str(error) if isinstance(error, Refused) else "连不上时间戳服务，或者它没有正常答复"
        evidence.miss_stamp(actor=actor, reason=reason)
        return False
    return True
