"""SQL of files that come in portions: begun, gone on with, ended. Called by `uploads` alone."""

from __future__ import annotations

from django.db import connection

from shuniu.exchange.gateway.declare import Upload

_READ = """
select u.id, u.agreement, u.agency, u.person, u.name, u.size, u.digest, u.days, u.token, u.taken, u.expires,
    u.expires > clock_timestamp(), a.state = 'in_force' and a.owner = u.agency, u.file, u.refused
from exchange_upload u join exchange_agreement a on a.id = u.agreement
"""
_SAME = f"""{_READ} left join exchange_file f on f.id = u.file
where u.agreement = %s and u.name = %s and u.size = %s and u.digest = %s and u.days = %s and u.refused = ''
    and u.expires > clock_timestamp() and (u.file is null or f.expires > clock_timestamp()) order by u.id desc limit 1
"""


def _found(statement: str, *values: int | str | bytes) -> Upload | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        if (row := cursor.fetchone()) is None:
            return None
    number, agreement, agency, person, name, size, digest, days, token, *rest = row
    return Upload(number, agreement, agency, person, name, size, bytes(digest), days, bytes(token), *rest)


def upload(number: int, *, held: bool = False) -> Upload | None:
    """An upload by its number; `held`: its row until the end of the transaction."""
    return _found(f"{_READ} where u.id = %s{' for update of u' if held else ''}", number)


def same(agreement: int, name: str, size: int, digest: bytes, days: int) -> Upload | None:
    """An upload of the very same file that waits for the rest, or whose file may still be fetched."""
    return _found(_SAME, agreement, name, size, digest, days)


def unfinished(agency: str) -> int:
    """How many uploads of an agency wait for the rest."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from exchange_upload where agency = %s and file is null and refused = ''", [agency]
        )
        return int(cursor.fetchone()[0])


def begin(
    agreement: int, agency: str, person: str, name: str, size: int, digest: bytes, days: int, token: bytes, hours: int
) -> None:
    """Note an upload, unless the same one waits already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into exchange_upload (agreement, agency, person, name, size, digest, days, token, expires)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, clock_timestamp() + make_interval(hours => %s)) on conflict do nothing",
            [agreement, agency, person, name, size, digest, days, token, hours],
        )


def take(number: int, taken: int) -> None:
    """Note up to where the bytes are here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update exchange_upload set taken = %s, took_at = clock_timestamp() where id = %s", [taken, number]
        )


def end(number: int, file: int | None, refused: str) -> None:
    """Note what became of an upload: an offered file, which has its token from now on, or the rule that refused it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update exchange_upload set token = '', file = %s, refused = %s where id = %s", [file, refused, number]
        )


def expire() -> list[bytes]:
    """Forget the uploads whose time is over; the tokens of those that had not ended."""
    with connection.cursor() as cursor:
        cursor.execute("delete from exchange_upload where expires < clock_timestamp() returning token")
        return [bytes(token) for (token,) in cursor.fetchall() if token]


def unchecked(minutes: int) -> list[int]:
    """The numbers of those that have been whole for so long and are not yet checked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from exchange_upload where taken = size and file is null and refused = ''"
            " and took_at < clock_timestamp() - make_interval(mins => %s)",
            [minutes],
        )
        return [number for (number,) in cursor.fetchall()]
