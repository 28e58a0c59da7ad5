"""Posts: who is appointed to what, where and until when; who holds a role."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from shuniu.directory import models, rules
from shuniu.directory.actors.checks import account_of, locked, person_id, refuse_own, within
from shuniu.directory.declare import ALL_AGENCIES, APPOINT, ROLES, Person, Post
from shuniu.directory.posts.rules import check_together
from shuniu.directory.posts.store.holding import end as end_substitutions
from shuniu.directory.posts.store.holding import own_within, standing_in
from shuniu.directory.signing_in.api import sittings
from shuniu.directory.store import held_on, post_instead, post_of, posts_of, stood_in
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


@verb(APPOINT, "任命岗位")
def appoint(
    *,
    actor: Actor,
    account: int,
    role: str,
    regions: Sequence[str],
    title: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Post:
    """Appoint an officer to a role at his agency, for regions inside it; from today unless said otherwise.

    `until` is the first day on which the post is held no more. Roles of the whole platform take the security
    administrator. Raises Refused (right.*, directory.no_role, own_account, closed, role_held,
    three_administrators, kept_apart, no_region, region_outside, backdated, empty_term).
    """
    row = locked(account)
    within(actor, row.agency_id or "")
    refuse_own(actor, row)
    words = rules.title_of(role)
    require(capability=ROLES[role].granted_with)
    if row.agency is None:
        raise Refused("directory.not_officer", f"{row.name}不是单位工作人员。", "岗位只授予工作人员的账号。")
    today = timezone.localdate()
    start = since or today
    rules.spans(start, until, today)
    rules.check_regions(row.agency.region, regions)
    stands_in = standing_in(account, start, until).values_list("post__role", flat=True)
    check_together(own_within(account, start, until).values_list("role", flat=True), role, stands_in=stands_in)
    made = models.Appointment.objects.create(
        account=row, agency=row.agency, title=title or words, role=role, regions=list(regions), since=start, until=until
    )
    term = f"{start}/{until or '..'}"  # an ISO 8601-2 interval
    record(f"account:{account}", detail={"post": made.pk, "role": role, "regions": list(regions), "term": term})
    return post_of(made)


@verb("directory.end_appointment", "免去岗位")
def end_appointment(*, actor: Actor, appointment: int) -> None:
    """End a post from today; its holder's sittings end, and a new one has the posts that are left.

    Raises Refused (right.*, directory.no_appointment, ended, own_account).
    """
    found = models.Appointment.objects.select_related("account").filter(pk=appointment).first()
    if found is None:
        raise Refused("directory.no_appointment", "没有这个岗位。", "请从账号的岗位列表中选择。")
    within(actor, found.agency_id)
    refuse_own(actor, found.account)
    if found.role in ROLES and not actor.may(ALL_AGENCIES):
        require(capability=ROLES[found.role].granted_with)
    if not end_one(appointment):
        raise Refused("directory.ended", f"“{found.title}”已经免去。", "无需再次办理。")
    sittings.end_all(found.account_id, "岗位已免去")
    record(f"account:{found.account_id}", detail={"post": appointment, "role": found.role})


def holders(agency: str, role: str, *, region: str | None = None, on: date | None = None) -> tuple[Person, ...]:
    """Who holds a role at an agency on that day (and reaches that region), by account; without other posts.

    Who holds it for somebody else is among them.
    """
    held = held_on(models.Appointment.objects.filter(agency=agency, role=role, account__is_active=True), on)
    found = {
        one.account_id: _holder(one.account, post_of(one))
        for one in held.select_related("account", "agency")
        if region is None or Actor("", "", regions=tuple(one.regions)).reaches(region)
    }
    for other in stood_in(on or timezone.localdate()).filter(post__agency=agency, post__role=role):
        if region is None or Actor("", "", regions=tuple(other.post.regions)).reaches(region):
            found.setdefault(other.substitute_id, _holder(other.substitute, post_instead(other)))
    return tuple(found[account] for account in sorted(found))


def unheld(lanes: Collection[tuple[str, str, str]]) -> frozenset[tuple[str, str, str]]:
    """Those of these (agency, capability, region) that nobody can answer for today: no open post at the agency gives the
    capability and reaches the region. One statement however many they are."""
    agencies = {agency for agency, _capability, _region in lanes}
    held = held_on(models.Appointment.objects.filter(agency__in=agencies, account__is_active=True), None)
    posts = [
        (agency, ROLES[role].capabilities, Actor("", "", regions=tuple(regions)))
        for agency, role, regions in held.values_list("agency", "role", "regions").distinct()
        if role in ROLES
    ]
    return frozenset(
        (agency, capability, region)
        for agency, capability, region in lanes
        if not any(at == agency and capability in able and who.reaches(region) for at, able, who in posts)
    )


def own_posts(actor: Actor) -> tuple[Post, ...]:
    """The open posts that an actor's rights come from; none for a job or an anonymous reader."""
    if not actor.person.startswith("officer:"):
        return ()
    account = account_of(actor)
    return posts_of([account]).get(account, ())


def end_all(row: models.Account, by: str) -> int:
    """End every post of an account from today, and what it holds for others; those to come never begin. Returns how many."""
    end_substitutions(row.substitutions.all(), by)
    return _close(row.appointments.all())


def end_one(appointment: int) -> int:
    """End one post from today; 0 when it had ended. For verbs that end rights."""
    return _close(models.Appointment.objects.filter(pk=appointment))


def _close(posts: QuerySet[models.Appointment]) -> int:
    today = timezone.localdate()
    still = posts.filter(Q(until=None) | Q(until__gt=today)).exclude(until=F("since"))
    return still.update(until=Greatest(F("since"), today))


def _holder(account: models.Account, post: Post) -> Person:
    return Person(
        account=account.pk,
        person=person_id(account.kind, account.pk),
        login=account.login,
        name=account.name,
        kind="officer",
        agency=post.agency,
        agency_name=post.agency_name,
        active=account.is_active,
        locked_until=account.locked_until,
        posts=(post,),
    )
