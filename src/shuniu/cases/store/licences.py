"""Serial numbers of licences."""

from __future__ import annotations

from django.db import connection


def next_serial(year: int) -> str:
    """A fresh serial: the year and eight digits. Never given twice; an issue that fails leaves a gap."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval('cases_licence_serial')")
        return f"{year}{int(cursor.fetchone()[0]):08d}"
