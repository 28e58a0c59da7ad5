"""SQL of files under agreements: what may be fetched, what was, what ended. Called by `files` and `uploads`."""

from __future__ import annotations

from datetime import date

from django.db import connection

from shuniu.exchange.gateway.declare import Granted, Offered
from shuniu.trust.api import fetch_prepared as fetch

_GRANTED = b"""
select f.id, a.id, a.version, a.consumer, a.resource, a.state = 'in_force' and f.expires > clock_timestamp()
    and %s::date between v.valid_from and v.valid_until, f.name, f.size, f.digest, f.chunks, f.token, f.paid
from exchange_file f join exchange_agreement a on a.id = f.agreement
join exchange_agreement_version v on v.agreement_id = a.id and v.number = a.version where f.id = %s
"""


def granted(number: int, today: date) -> Granted | None:
    """A file by its number, as its agreement stands on a day; None where there is none."""
    found = fetch(_GRANTED, (today, number))
    return Granted(*found[0]) if found else None


def keep_file(
    agreement: int, name: str, size: int, digest: bytes, chunks: bytes, token: bytes, person: str, days: int
) -> int:
    """Note a file for an agreement's holder."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into exchange_file (agreement, name, size, digest, chunks, token, made_by, expires)"
            " values (%s, %s, %s, %s, %s, %s, %s, clock_timestamp() + make_interval(days => %s)) returning id",
            [agreement, name, size, digest, chunks, token, person, days],
        )
        return int(cursor.fetchone()[0])


def sides(agreement: int) -> tuple[str, str] | None:
    """Owner and consumer of an agreement, in force or not."""
    with connection.cursor() as cursor:
        cursor.execute("select owner, consumer from exchange_agreement where id = %s", [agreement])
        found: tuple[str, str] | None = cursor.fetchone()
        return found


def offered(agreement: int, limit: int) -> list[Offered]:
    """The files of an agreement, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, name, size, encode(digest, 'hex'), made_at, expires, fetched_at, withdrawn_at"
            " from exchange_file where agreement = %s order by id desc limit %s",
            [agreement, limit],
        )
        return [Offered(*row) for row in cursor.fetchall()]


def begun(number: int, paid: int) -> None:
    """Note that a call was counted, and how many bytes of a file may go out for it."""
    with connection.cursor() as cursor:
        cursor.execute("update exchange_file set paid = %s where id = %s", [paid, number])


def sent(number: int, first: int, size: int) -> None:
    """Note that so many bytes of a file went out, from byte `first` on; and that it was fetched, if they reach its end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update exchange_file set paid = greatest(0, paid - %s),"
            " fetched_at = case when size = %s then clock_timestamp() else fetched_at end where id = %s",
            [size, first + size, number],
        )


_DROP = """
with gone as (select id, token from exchange_file where {which} and octet_length(token) > 0 for update)
update exchange_file f set token = '', {change} from gone where f.id = gone.id returning gone.token, f.name
"""
_WITHDRAW = _DROP.format(
    which="agreement = %s and id = %s and expires > clock_timestamp()",
    change="withdrawn_at = clock_timestamp(), expires = clock_timestamp()",
)
_EXPIRE = _DROP.format(
    which="expires < clock_timestamp() - make_interval(hours => %s)",
    change="expires = expires",
)


def withdraw_file(agreement: int, number: int) -> tuple[bytes, str] | None:
    """End a file now; its token, of which no copy stays, and its name. None where the agreement has no such file to fetch."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHDRAW, [agreement, number])
        found = cursor.fetchone()
        return None if found is None else (bytes(found[0]), found[1])


def expire_files(hours: int) -> list[bytes]:
    """The tokens of files that ended so many hours ago, of which no copies stay."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRE, [hours])
        return [bytes(token) for token, _ in cursor.fetchall()]


def tokens() -> list[bytes]:
    """Those of all bytes that are there for a reason: files and unfinished uploads."""
    named = "select token from {} where octet_length(token) > 0"
    with connection.cursor() as cursor:
        cursor.execute(f"{named.format('exchange_file')} union all {named.format('exchange_upload')}")
        return [bytes(token) for (token,) in cursor.fetchall()]


def owner(agreement: int) -> str:
    """Whose data an agreement in force gives; '' where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("select owner from exchange_agreement where id = %s and state = 'in_force'", [agreement])
        found = cursor.fetchone()
        return str(found[0]) if found else ""
