"""SQL of certificates: the stamp that a revocation changes, keys by their ids, searching. Called by `api` alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from shuniu.trust.certificates import models
from shuniu.trust.certificates.declare import Held, Line, Query, TakenList
from shuniu.trust.certificates.lists import Revocations
from shuniu.trust.certificates.ocsp import Status
from shuniu.trust.prepared import fetch

LOCK = 0x43524C
"""Any fixed number: one maker, and one taker, of revocation lists at a time."""
_HELD = b"""
select c.id, c.key_id, c.public, c.suite, c.purpose, c.kind, c.holder, c.name, c.agency, c.not_before, c.not_after,
    c.revoked_at, case when c.source = 'licensed' then coalesce(l.next_update, c.issued_at) end
from trust_certificate c left join trust_licensed_list l on l.issuer = c.issuer where c.key_id = %s
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


def key_of(der: bytes) -> str:
    """The key id of a certificate that is kept, byte for byte; empty for any other."""
    found = fetch(b"select key_id from trust_certificate where sha256(der) = sha256(%s) and der = %s", [der, der])
    return str(found[0][0]) if found else ""


_NAMES = tuple(field.attname for field in models.Certificate._meta.concrete_fields)  # the columns' names too
_COPY = f"copy trust_certificate ({', '.join(_NAMES)}) from stdin"
_NUMBERS = "select nextval(pg_get_serial_sequence('trust_certificate', 'id')) from generate_series(1, %s)"


def insert(rows: Sequence[models.Certificate]) -> None:
    """Write certificates, as many as there are at one go, and give them their numbers. Raises IntegrityError."""
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [len(rows)])
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number
        with connection.wrap_database_errors, cursor.copy(_COPY) as copy:
            for row in rows:
                copy.write_row([row.__dict__[name] for name in _NAMES])


def held_of(row: models.Certificate) -> Held:
    """A row as a noun."""
    return Held(
        row.pk, row.key_id, bytes(row.public), row.suite, row.purpose, row.kind, row.holder, row.name, row.agency,
        row.not_before, row.not_after, row.revoked_at,
    )  # fmt: skip


def line_of(row: models.Certificate) -> Line:
    """A row as a list shows it."""
    return Line(held_of(row), row.serial, row.source)


_LINE = """
c.id, c.key_id, c.public, c.suite, c.purpose, c.kind, c.holder, c.name, c.agency, c.not_before, c.not_after, c.revoked_at,
c.serial, c.source
"""
_ASKED: Mapping[str, str] = {
    "name": "name like %(name)s",
    "holder": "holder = %(holder)s",
    "agency": "agency = %(agency)s",
    "serial": "serial like %(serial)s",
    "fingerprint": "sha256(der) = %(fingerprint)s",
    "expires_before": "not_after < %(expires_before)s and revoked_at is null",
}
"""What each way of asking means; each has its index."""
_FENCED = ("name", "holder", "serial", "fingerprint", "expires_before")
"""Ways that find few, or find by an index that has no order of ours.

All that they find is gathered before it is sorted: left to itself, the server would for a frequent name walk back through
all certificates, betting that some soon fit.
"""


def statement(query: Query, *, before: int, limit: int) -> tuple[str, dict[str, Any]]:
    """The search as it is sent: the newest that fit, by numbers alone, then their rows."""
    asked = [key for key in _ASKED if getattr(query, key)]
    values: dict[str, Any] = {key: getattr(query, key) for key in asked} | {"before": before, "limit": limit}
    for key in ("name", "serial"):
        if key in values:
            values[key] = _PATTERN.sub(r"\\\g<0>", values[key]) + "%"
    if query.fingerprint:
        values["fingerprint"] = bytes.fromhex(query.fingerprint)
    where = " and ".join([_ASKED[key] for key in asked] + (["id < %(before)s"] if before else [])) or "true"
    fence = "offset 0" if set(asked) & set(_FENCED) else "order by id desc limit %(limit)s"
    text = f"""
select {_LINE} from (
    select id from (select id from trust_certificate where {where} {fence}) f order by id desc limit %(limit)s
) found join trust_certificate c on c.id = found.id order by c.id desc
"""
    return text, values


_PATTERN = re.compile(r"[\\%_]")


def search(query: Query, *, before: int, limit: int) -> list[Line]:
    """Certificates that fit, the newest first, those after number `before`."""
    with connection.cursor() as cursor:
        cursor.execute(*statement(query, before=before, limit=limit))
        return [
            Line(Held(number, key, bytes(public), *rest), serial, source)
            for number, key, public, *rest, serial, source in cursor.fetchall()
        ]


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


_ENDED = """
update trust_certificate c set revoked_at = least(w.at, %s), revoked_by = %s, reason = w.reason
from unnest(%s::text[], %s::timestamptz[], %s::text[]) w(serial, at, reason)
where c.serial = w.serial and c.issuer = %s and c.revoked_at is null returning c.id
"""


def revoke(issuer: str, listed: Sequence[tuple[int, datetime, str]], *, by: str, now: datetime) -> list[int]:
    """Revoke what an authority's list names, set-based. Returns the numbers of those that were not revoked before."""
    serials, moments, reasons = (list(column) for column in zip(*listed, strict=True)) if listed else ([], [], [])
    with connection.cursor() as cursor:
        cursor.execute(_ENDED, [now, by, [_hex(one) for one in serials], moments, reasons, issuer])
        return sorted(int(number) for (number,) in cursor.fetchall())


def taken_list(issuer: str) -> TakenList | None:
    """The newest list that was taken of a licensed authority; none other is taken until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
    row = models.LicensedList.objects.filter(issuer=issuer).first()
    if row is None:
        return None
    return TakenList(None if row.number is None else int(row.number), row.issued_at, row.next_update)


def take_list(found: Revocations, issuer: str, *, by: str, now: datetime) -> None:
    """Note which list of a licensed authority is the newest now."""
    models.LicensedList.objects.update_or_create(
        issuer=issuer,
        defaults={
            "number": found.number, "issued_at": found.issued, "next_update": found.next_update,
            "taken_at": now, "taken_by": by,
        },
    )  # fmt: skip


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
