"""What is not written to the log line by line. Imported before the applications are: it knows none of them."""

from __future__ import annotations

import logging

_GATEWAY = "gateway_"
"""How the names of the gateway's addresses begin."""


class Refusals(logging.Filter):
    """Keeps the gateway's refusals out of `django.request`, which logs every answer of 400 and more, 500 and more as an error.

    A full gateway turns away thousands a second, honestly; they are counted for the monitoring, and what was signed is in the
    journal. An exception that nobody caught is logged like any other: its record carries it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written."""
        found = getattr(getattr(record, "request", None), "resolver_match", None)
        name = getattr(found, "url_name", None) or ""
        return bool(record.exc_info) or not name.startswith(_GATEWAY)
