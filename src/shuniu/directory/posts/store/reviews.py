"""SQL of the yearly review: which agencies are due, what stands in their lists. Called by `api.reviewing` alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection

from shuniu.directory import models
from shuniu.directory.declare import PUBLIC, ROLES, SIGNED_IN
from shuniu.trust import api as trust
from shuniu.trust.certificates.declare import PURPOSES, Line
from shuniu.trust.declare import Used

OPEN = """
insert into directory_review (agency_id, opened, due)
select p.agency_id, %(day)s, %(day)s + %(days)s
from directory_appointment p
where p.since <= %(day)s and (p.until is null or p.until > %(day)s)
  and not exists (select from directory_review r where r.agency_id = p.agency_id and r.finished is null)
group by p.agency_id
having coalesce(
    (select max(r.opened) from directory_review r where r.agency_id = p.agency_id),
    (select min(o.since) from directory_appointment o where o.agency_id = p.agency_id)
) <= (%(day)s - make_interval(months => %(months)s))::date
returning id, agency_id
"""
"""Agencies with officers whose last review, or where there was none whose first post, is as long ago as the rule says."""
FILL = """
insert into directory_reviewline
    (review_id, kind, number, account_id, holder, title, role, regions, since, until, decision, decided_by_name)
select r.id, l.kind, l.number, l.account, l.holder, l.title, l.role, l.regions, l.since, l.until, '', ''
from directory_review r cross join lateral (
    select 'post' as kind, p.id as number, a.id as account, a.name as holder, p.title, p.role, p.regions, p.since, p.until
    from directory_appointment p join directory_account a on a.id = p.account_id
    where p.agency_id = r.agency_id and a.is_active and (p.until is null or p.until > greatest(r.opened, p.since))
    union all
    select 'substitution', i.id, a.id, a.name, p.title, p.role, p.regions, i.since, i.until
    from directory_substitution i join directory_appointment p on p.id = i.post_id
    join directory_account a on a.id = i.substitute_id
    where p.agency_id = r.agency_id and a.is_active and i.until > greatest(r.opened, i.since)
    union all
    select 'token', t.id, a.id, a.name, t.title, '', '{}', null, t.expires::date
    from directory_apitoken t join directory_account a on a.id = t.account_id
    where a.agency_id = r.agency_id and a.is_active and t.revoked is null and t.expires::date > r.opened
) l
where r.id = any(%(reviews)s)
"""


def open_due(day: date, *, months: int, days: int) -> dict[int, str]:
    """Open the reviews that are due on a day, with what the directory itself knows; their agencies by number."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN, {"day": day, "months": months, "days": days})
        opened = {int(number): str(agency) for number, agency in cursor.fetchall()}
        if opened:
            cursor.execute(FILL, {"reviews": list(opened)})
    return opened


def add_certificates(review: int, lines: Iterable[Line], day: date) -> None:
    """Put an agency's certificates that are good on the day into its list."""
    models.ReviewLine.objects.bulk_create(
        models.ReviewLine(
            review_id=review, kind="certificate", number=line.held.number, account_id=_account(line.held.holder),
            holder=line.held.name, title=f"{PURPOSES[line.held.purpose]}证书（第 {line.held.number} 号）",
            since=line.held.not_before.date(), until=line.held.not_after.date(),
        )
        for line in lines
        if line.held.revoked is None and line.held.not_after.date() > day
    )  # fmt: skip


def _account(holder: str) -> int | None:
    kind, _, number = holder.partition(":")
    return int(number) if kind == "officer" else None


def note_uses(reviews: Sequence[int]) -> None:
    """Write beside each line when the right was last used, as the journal knows it."""
    rows = list(models.ReviewLine.objects.filter(review__in=reviews).exclude(kind="certificate").order_by("pk"))
    stands = models.Substitution.objects.filter(pk__in=[row.number for row in rows if row.kind == "substitution"])
    holders = dict(stands.values_list("pk", "post__account"))
    asked = [
        Used(
            f"officer:{row.account_id}", verbs_of(row.role) if row.role else (),
            ending=f"（接口：{row.title}）" if row.kind == "token" else "",
            instead_of=f"officer:{holders[row.number]}" if row.kind == "substitution" else "",
        )
        for row in rows
    ]  # fmt: skip
    for row, at in zip(rows, trust.last_uses(asked), strict=True):
        row.last_used = at
    models.ReviewLine.objects.bulk_update(rows, ["last_used"], batch_size=1000)


def verbs_of(role: str) -> tuple[str, ...]:
    """The acts by which a post of that role is used."""
    held = ROLES[role].capabilities if role in ROLES else frozenset[str]()
    return tuple(sorted(held - PUBLIC - SIGNED_IN)) or ("",)
