"""SQL of certificates: the stamp that a revocation changes, keys by their ids, searching. Called by `api` alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from shuniu.trust.certificates import models
from shuniu.trust.certificates.declare import Held, Line, Query
from shuniu.trust.certificates.ocsp import Status
from shuniu.trust.prepared import fetch

LOCK = 0x43524C
"""Any fixed number: one maker of revocation lists at a time."""
_HELD = b"""
select id, key_id, public, suite, purpose, kind, holder, name, agency, not_before, not_after, revoked_at
from trust_certificate where key_id = %s
"""


def stamp() -> int:
    """The value that every revocation changes; what was read of a key under one value stands while that value does."""
    return int(fetch(b"select value from trust_certificate_stamp", ())[0][0])


def touch() -> None:
    """Change the stamp, in the transaction that revokes. From a sequence: a rolled-back value never returns."""
    with connection.cursor() as cursor:
        cursor.execute("update trust_certificate_stamp set value = nextval('trust_certificate_stamp_value')")


def held(key_id: str) -> Held | None:
    """A key as it stands now; None for an unknown one."""
    found = fetch(_HELD, [key_id])
    if not found:
        return None
    number, key, public, *rest = found[0]
    return Held(number, key, bytes(public), *rest)


def held_of(row: models.Certificate) -> Held:
    """A row as a noun."""
    return Held(
        row.pk, row.key_id, bytes(row.public), row.suite, row.purpose, row.kind, row.holder, row.name, row.agency,
        row.not_before, row.not_after, row.revoked_at,
    )  # fmt: skip


def line_of(row: models.Certificate) -> Line:
    """A row as a list shows it."""
    return Line(held_of(row), row.serial, row.source)


def search(query: Query, *, before: int, limit: int) -> list[Line]:
    """Certificates that fit, the newest first, those after number `before`; every way of asking has its index."""
    found: QuerySet[models.Certificate] = models.Certificate.objects.order_by("-id").defer("der")
    if query.name:
        found = found.filter(name__startswith=query.name)
    if query.holder:
        found = found.filter(holder=query.holder)
    if query.agency:
        found = found.filter(agency=query.agency)
    if query.serial:
        found = found.filter(serial__startswith=query.serial)
    if query.expires_before is not None:
        found = found.filter(not_after__lt=query.expires_before, revoked_at=None)
    if before:
        found = found.filter(id__lt=before)
    return [line_of(row) for row in found[:limit]]


def statuses(issuer: str, serials: Collection[int]) -> dict[int, Status]:
    """How certificates of an authority stand, by serial; those that it never issued are not among them."""
    wanted = {_hex(serial): serial for serial in serials if serial > 0}
    rows = models.Certificate.objects.filter(issuer=issuer, serial__in=wanted)
    return {
        wanted[serial]: Status(revoked, reason or "unspecified")
        for serial, revoked, reason in rows.values_list("serial", "revoked_at", "reason")
    }


def revoked(issuer: str, at: datetime) -> Sequence[tuple[int, datetime, str]]:
    """What a revocation list of an authority names: all that are revoked and would not have expired by themselves."""
    rows = models.Certificate.objects.filter(issuer=issuer, revoked_at__isnull=False, not_after__gte=at)
    found = rows.order_by("revoked_at", "id").values_list("serial", "revoked_at", "reason")
    return [(int(serial, 16), when, reason) for serial, when, reason in found if when is not None]


def publish(made: models.RevocationList) -> None:
    """Put the list in the place of the one before."""
    models.RevocationList.objects.bulk_create(
        [made],
        update_conflicts=True,
        unique_fields=["suite"],
        update_fields=["number", "stamp", "made_at", "next_update", "der"],
    )


def lock() -> None:
    """Hold the making of revocation lists to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])


def now() -> datetime:
    """What time the database has."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
        return found


def _hex(serial: int) -> str:
    return f"{serial:x}"
