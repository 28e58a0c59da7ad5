"""SQL of the directory: the one query behind every request's actor, posts as they are held, walks along regions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from shuniu.directory import models
from shuniu.directory.declare import Agency, Instead, Kind, Post
from shuniu.trust.api import fetch_prepared

STANDING = """
select a.id, a.kind, a.login, a.name, a.password, a.is_active, a.subject,
       coalesce(a.agency_id, ''), coalesce(g.name, ''),
       array(select r.code || '>' || r.successor from directory_region r
             where r.successor is not null and r.level <= 3),
       p.id, p.title, p.role, p.regions, p.since, p.until,
       s.ended, s.seen, s.proved_at, s.strong_at, p.number, p.holder, p.holder_name
from directory_account a
left join directory_agency g on g.key = a.agency_id
left join directory_sitting s on s.id = %(sitting)s and s.account_id = a.id
left join lateral (
    select o.id, o.title, o.role, o.regions, o.since, o.until,
           null::bigint as number, null::bigint as holder, null as holder_name
    from directory_appointment o
    where o.account_id = a.id and o.agency_id = a.agency_id
      and o.since <= %(day)s and (o.until is null or o.until > %(day)s)
    union all
    select o.id, o.title, o.role, o.regions, i.since, least(i.until, o.until), i.id, h.id, h.name
    from directory_substitution i
    join directory_appointment o on o.id = i.post_id
    join directory_account h on h.id = o.account_id
    where i.substitute_id = a.id and o.agency_id = a.agency_id and i.since <= %(day)s and i.until > %(day)s
      and o.since <= %(day)s and (o.until is null or o.until > %(day)s)
) p on true
where a.id = %(account)s
order by p.number nulls first, p.id
"""
PATH = """
with recursive way as (
    select code, name, parent, level from directory_region
    where code = %s and valid_from <= %s and (valid_to is null or valid_to >= %s)
    union
    select r.code, r.name, r.parent, r.level from directory_region r join way on r.code = way.parent
    where r.valid_from <= %s and (r.valid_to is null or r.valid_to >= %s)
)
select name from way order by level
"""
AGENCY = b"""
select key, name, short, level, region, uscc, parent_id, valid_from, valid_to from directory_agency where key = %s
"""
SUCCESSORS = """
with recursive way as (
    select %s::text as code, 0 as step
    union
    select r.successor, way.step + 1 from directory_region r join way on r.code = way.code
    where r.successor is not null and r.successor <> r.code and r.valid_to < %s and way.step < 20
      and not exists (select from directory_region s where s.code = r.code and s.valid_from <= %s
                      and (s.valid_to is null or s.valid_to >= %s))
)
select way.code from way where exists (
    select from directory_region r where r.code = way.code and r.valid_from <= %s
    and (r.valid_to is null or r.valid_to >= %s)
) order by way.step limit 1
"""


@dataclass(frozen=True)
class Sat:
    """How the sitting that was asked about stands: its end, when it was last seen, and what was last proved when."""

    ended: datetime | None
    seen: datetime
    proved_at: datetime
    strong_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """An account as it stands on one day: who, where, in which posts, and which abolished codes map to which.

    `sat` is the sitting that was asked about; None when there is no such sitting of this account.
    """

    account: int
    kind: Kind
    login: str
    name: str
    password: str
    active: bool
    subject: int | None
    agency: str
    agency_name: str
    abolished: dict[str, str]
    posts: tuple[Post, ...]
    sat: Sat | None


def standing(account: int, on: date, sitting: int | None = None) -> Standing | None:
    """Everything that an actor is built from, in one query. None when there is no such account."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, {"sitting": sitting, "day": on, "account": account})
        rows = cursor.fetchall()
    if not rows:
        return None
    first = rows[0]
    posts = tuple(
        Post(
            row[10], row[11], row[12], first[7], first[8], tuple(row[13]), row[14], row[15],
            None if row[20] is None else Instead(row[20], f"officer:{row[21]}", row[22]),
        )
        for row in rows
        if row[10] is not None
    )  # fmt: skip
    abolished = dict(pair.split(">", 1) for pair in first[9])
    return Standing(
        account=first[0],
        kind=cast(Kind, first[1]),
        login=first[2],
        name=first[3],
        password=first[4],
        active=first[5],
        subject=first[6],
        agency=first[7],
        agency_name=first[8],
        abolished=abolished,
        posts=posts,
        sat=Sat(*first[16:20]) if first[17] else None,
    )


def post_of(row: models.Appointment) -> Post:
    """An appointment as others read it."""
    return Post(row.pk, row.title, row.role, row.agency_id, row.agency.name, tuple(row.regions), row.since, row.until)


def post_instead(row: models.Substitution) -> Post:
    """A post as its substitute holds it: as far as both the substitution and the post itself last."""
    post, until = row.post, min(row.until, row.post.until or row.until)
    whose = Instead(row.pk, f"officer:{post.account_id}", post.account.name)
    return Post(
        post.pk, post.title, post.role, post.agency_id, post.agency.name, tuple(post.regions), row.since, until, whose
    )


def stood_in(on: date) -> QuerySet[models.Substitution]:
    """The substitutions that give rights on a day: the post is still held then, and the substitute is of its agency."""
    rows = models.Substitution.objects.filter(
        Q(post__until=None) | Q(post__until__gt=on), since__lte=on, until__gt=on, post__since__lte=on,
        substitute__is_active=True, substitute__agency=F("post__agency"),
    )  # fmt: skip
    return rows.select_related("substitute", "post__account", "post__agency")


def posts_of(accounts: Sequence[int], on: date | None = None) -> dict[int, tuple[Post, ...]]:
    """The posts open on that day of each account that has any, others' that it holds for a while behind its own."""
    found = defaultdict(list)
    rows = held_on(models.Appointment.objects.filter(account__in=accounts), on)
    for one in rows.select_related("agency").order_by("pk"):
        found[one.account_id].append(post_of(one))
    for other in stood_in(on or timezone.localdate()).filter(substitute__in=accounts).order_by("pk"):
        found[other.substitute_id].append(post_instead(other))
    return {account: tuple(posts) for account, posts in found.items()}


def roles_of(account: int) -> set[str]:
    """The roles that an account holds today, its own and others'."""
    return {post.role for post in posts_of([account]).get(account, ())}


def held_on(posts: QuerySet[models.Appointment], on: date | None) -> QuerySet[models.Appointment]:
    """Those of these posts that are held on a day (default today)."""
    day = on or timezone.localdate()
    return posts.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


def agency(key: str) -> Agency | None:
    """One agency, standing or abolished; None for an unknown key. Asked for several times in most acts."""
    found = fetch_prepared(AGENCY, [key])
    return Agency(*found[0]) if found else None


def path_names(code: str, on: date) -> tuple[str, ...]:
    """Names from the province down to the region, as they were on that day."""
    with connection.cursor() as cursor:
        cursor.execute(PATH, [code, *[on] * 4])
        return tuple(str(row[0]) for row in cursor.fetchall())


def successor(code: str, on: date) -> str | None:
    """The code that stands for this one on that day, following every change of hands; None when nothing does."""
    with connection.cursor() as cursor:
        cursor.execute(SUCCESSORS, [code, *[on] * 5])
        row = cursor.fetchone()
    return None if row is None else str(row[0])
