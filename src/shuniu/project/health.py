"""`/health`: 200 when the database answers and the sequencer and worker have been seen lately; else 503 and what lacks."""

from __future__ import annotations

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from shuniu.trust import api as trust

LATE = 15.0  # seconds since a process was last seen


def health(request: HttpRequest) -> JsonResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        seen = trust.last_seen()
    except Error:
        return JsonResponse({"ok": False, "lacks": ["database"]}, status=503)
    now = timezone.now()
    lacks = [name for name in ("sequencer", "worker") if name not in seen or (now - seen[name]).total_seconds() > LATE]
    return JsonResponse({"ok": not lacks, "lacks": lacks}, status=503 if lacks else 200)
