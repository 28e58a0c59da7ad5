"""Posts held for somebody else for a while: arranged by their holder or the agency's administrator, ended by either."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from shuniu.directory import models
from shuniu.directory.actors.checks import account_of, dated, locked, person_id
from shuniu.directory.declare import ALL_AGENCIES, APPOINT, ROLES, SubstitutionDesk, SubstitutionView
from shuniu.directory.posts import rules
from shuniu.directory.posts.store.holding import end, own_within, standing_in
from shuniu.directory.signing_in.api import sittings
from shuniu.directory.store import post_of
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Json, Refused

SHOWN = 200


@verb("directory.substitute", "安排代理岗位")
def substitute(*, actor: Actor, post: int, account: int, since: date, last: date, reason: str) -> int:
    """Have a colleague (`account`) hold a post from `since` until `last`, both held; the substitution's number.

    By its holder, or by who may appoint to it. Never to oneself, never of a post that one holds for somebody else, never
    to who holds a post that must be kept apart from it. Raises Refused substitution.post, taker, own, reason, term,
    granting, conflict, held; directory.no_account, closed.
    """
    require()
    held = _arrangeable(actor).select_for_update(of=("self",)).filter(pk=post).first()
    if held is None or held.role not in ROLES:
        raise Refused(
            "substitution.post", "没有这个岗位，或者不由您安排代理。", "请从列表选择岗位；代理的岗位不能再转给别人。"
        )
    rules.check_grantable(held.role, actor.capabilities)
    today, until = timezone.localdate(), last + timedelta(days=1)
    rules.check_term(since, last, today, dated("account.substitution.days"))
    if since < held.since or (held.until is not None and until > held.until):
        raise Refused("substitution.term", f"“{held.title}”的任期不包括这段时间。", "请改在岗位的任期之内。")
    if not reason.strip():
        raise Refused("substitution.reason", "没有写明代理的原因。", "请填写，例如“休假”“出差”“学习”。")
    taker = _taker(actor, held, account)
    own = own_within(account, since, until).values_list("role", flat=True)
    rules.check_apart([*own, *standing_in(account, since, until).values_list("post__role", flat=True)], held.role)
    try:
        with transaction.atomic():
            made = models.Substitution.objects.create(
                post=held, substitute=taker, since=since, until=until, reason=reason.strip()[:200],
                arranged_by_id=account_of(actor),
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(
            "substitution.held", f"“{held.title}”在这段时间已有代理人。", "请先终止原来的代理，或者改期。"
        ) from error
    _record(made)
    return made.pk


def _taker(actor: Actor, held: models.Appointment, account: int) -> models.Account:
    if person_id("officer", account) == actor.person:
        raise Refused("substitution.own", "不能安排自己代理。", "请由岗位的本人或者另一位管理员安排。")
    taker = locked(account)
    if taker.kind != "officer" or taker.agency_id != held.agency_id or taker.pk == held.account_id:
        raise Refused("substitution.taker", "代理人应是同一单位的另一名工作人员。", "请从列表选择。")
    return taker


@verb("directory.end_substitution", "终止代理岗位")
def end_substitution(*, actor: Actor, number: int) -> None:
    """End a substitution from today: by the post's holder, the substitute, or who may appoint to the post.

    Raises Refused substitution.unknown, substitution.over.
    """
    require()
    own = account_of(actor)
    whose = Q(substitute=own) | Q(post__in=_arrangeable(actor))
    row = _rows().select_for_update(of=("self",)).filter(whose, pk=number).first()
    if row is None:
        raise Refused("substitution.unknown", f"没有第 {number} 号代理，或者它与您无关。", "请从代理列表中选择。")
    if not end(models.Substitution.objects.filter(pk=number), actor.name):
        raise Refused("substitution.over", f"第 {number} 号代理已经结束。", "不必重复办理。")
    sittings.end_all(row.substitute_id, "代理已终止")
    _record(row)


@verb("directory.list_substitutions", "查看代理岗位", reads=True)
def list_substitutions(*, actor: Actor) -> SubstitutionDesk:
    """What concerns the actor: of his posts, by him, and for administrators of all their agency; the newest first."""
    require()
    own = account_of(actor)
    mine = _arrangeable(actor)
    rows = _rows().filter(Q(substitute=own) | Q(post__in=mine)).order_by("-pk")[:SHOWN]
    today = timezone.localdate()
    arrangeable = set(mine.values_list("pk", flat=True))
    listed = tuple(_view(row, today, row.substitute_id == own or row.post_id in arrangeable) for row in rows)
    here = actor.agency or None
    free = mine.filter(Q(until=None) | Q(until__gt=today), account__is_active=True, agency=here).exclude(
        until=F("since")
    )
    held = free.order_by("account_id", "pk")
    posts = tuple((post_of(row), row.account.name) for row in held if _grantable(row, actor))
    colleagues = models.Account.objects.filter(agency=here, kind="officer", is_active=True).exclude(pk=own)
    record(f"account:{own}", detail={"substitutions": len(listed)})
    return SubstitutionDesk(listed, posts, dict(colleagues.order_by("name", "pk").values_list("pk", "name")))


def _grantable(row: models.Appointment, actor: Actor) -> bool:
    try:
        rules.check_grantable(row.role, actor.capabilities)
    except (Refused, KeyError):
        return False
    return True


def _arrangeable(actor: Actor) -> QuerySet[models.Appointment]:
    """The posts that the actor may have held by somebody else: his own, and those of his agency that he may appoint to."""
    whose = Q(account=account_of(actor))
    if actor.may(APPOINT):
        roles = [key for key, role in ROLES.items() if role.granted_with in actor.capabilities]
        reach = Q() if actor.may(ALL_AGENCIES) else Q(agency=actor.agency)
        whose |= Q(role__in=roles) & reach
    return models.Appointment.objects.filter(whose).select_related("account", "agency")


def _rows() -> QuerySet[models.Substitution]:
    return models.Substitution.objects.select_related("post__account", "post__agency", "substitute", "arranged_by")


def _record(row: models.Substitution) -> None:
    detail: dict[str, Json] = {
        "substitution": row.pk, "post": row.post_id, "role": row.post.role,
        "holder": person_id("officer", row.post.account_id), "term": f"{row.since}/{row.until}",
    }  # fmt: skip
    record(f"account:{row.substitute_id}", detail=detail)


def _view(row: models.Substitution, on: date, may_end: bool) -> SubstitutionView:
    state = rules.state(row.since, row.until, ended=row.ended is not None, on=on)
    return SubstitutionView(
        row.pk, post_of(row.post), person_id("officer", row.post.account_id), row.post.account.name,
        person_id("officer", row.substitute_id), row.substitute.name, row.since,
        max(row.since, row.until - timedelta(days=1)), row.reason, row.arranged_by.name, row.arranged, row.ended,
        row.ended_by, state, may_end and on < row.until,
    )  # fmt: skip
