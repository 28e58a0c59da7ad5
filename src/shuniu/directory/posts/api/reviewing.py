"""The yearly review: each agency looks through its officers' rights, and somebody else than their holder keeps or ends each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from shuniu.directory import models
from shuniu.directory.actors.checks import account_of, dated, within
from shuniu.directory.declare import ALL_AGENCIES, APPOINT, ROLES, ReviewedRight, ReviewPage, ReviewView
from shuniu.directory.posts.api import appointing
from shuniu.directory.posts.rules import kept_apart
from shuniu.directory.posts.store import reviews
from shuniu.directory.posts.store.holding import end as end_substitutions
from shuniu.directory.signing_in.api import sittings
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.certificates import api as certificates
from shuniu.trust.certificates.declare import Query
from shuniu.trust.declare import Actor, Json, Refused

SHOWN = 500
MOST = 10_000
"""Certificates of one agency that a list takes in."""


@verb("directory.open_reviews", "生成权限核查清单")
def open_reviews(*, actor: Actor, on: date | None = None) -> int:
    """Open the review of every agency that is due by the dated rules on a day (default today); returns how many."""
    require()
    day = on or timezone.localdate()
    opened = reviews.open_due(day, months=dated("account.review.months"), days=dated("account.review.days"))
    for number, agency in opened.items():
        of_agency = replace(actor, agency=agency)
        found = certificates.list_certificates(actor=of_agency, query=Query(agency=agency), limit=MOST)
        reviews.add_certificates(number, found, day)
    reviews.note_uses(list(opened))
    record("reviews", detail={"day": day.isoformat(), "opened": len(opened)})
    return len(opened)


@verb("directory.list_reviews", "查看权限核查清单", reads=True)
def list_reviews(*, actor: Actor, agency: str = "") -> tuple[ReviewView, ...]:
    """An agency's reviews, or ("") all that the actor may see: of his agency, of all for the office and the security
    administrator. Those that wait come first, the longest due before all.
    """
    everywhere = actor.may(OVERSEE) or actor.may(ALL_AGENCIES)
    wanted = agency or ("" if everywhere else actor.agency)
    require(agency=None if everywhere else wanted)
    rows = _reviews().filter(agency=wanted) if wanted else _reviews()
    found = tuple(map(_view, rows.order_by(F("finished").desc(nulls_first=True), "due", "agency")[:SHOWN]))
    record("reviews", detail={"agency": wanted, "shown": len(found)})
    return found


@verb("directory.read_review", "查看权限核查详情", reads=True)
def read_review(*, actor: Actor, number: int) -> ReviewPage:
    """One review with its lines. Raises Refused right.agency, review.unknown."""
    row = _reviews().filter(pk=number).first()
    within(actor, row.agency_id if row else "")
    if row is None:
        raise _unknown(number)
    own = account_of(actor)
    lines = row.lines.order_by("holder", "account", "kind", "pk")
    record(f"review:{number}", detail={"lines": len(lines)})
    held = defaultdict(set)
    for one in lines:
        if one.role and one.decision != "ended":
            held[one.account_id].add(one.role)
    return ReviewPage(_view(row), tuple(_line(one, own, held[one.account_id]) for one in lines))


@verb("directory.decide_review", "核查岗位和权限")
def decide_review(*, actor: Actor, number: int, lines: Collection[int], keep: bool) -> int:
    """Confirm (`keep`) or end the rights of these lines; returns how many of the review still wait.

    Nobody decides his own. Raises Refused review.unknown, lines, own, gone; right.*; directory.administrator.
    """
    row = models.Review.objects.select_for_update().filter(pk=number).first()
    within(actor, row.agency_id if row else "")
    if row is None:
        raise _unknown(number)
    own = account_of(actor)
    chosen = list(row.lines.filter(pk__in=lines, decision="").order_by("pk"))
    if not chosen or len(chosen) != len(set(lines)):
        raise Refused("review.lines", "没有选择清单里待核查的行，或者其中有的已经核查。", "请刷新清单后重新选择。")
    if any(one.account_id == own for one in chosen):
        raise Refused(
            "review.own", "自己的岗位和权限不能自己核查。", "请由本单位负责人、另一位管理员或者平台安全管理员核查。"
        )
    for one in chosen:
        if keep:
            _check_stands(one)
        else:
            _end(actor, one)
    now = timezone.now()
    row.lines.filter(pk__in=[one.pk for one in chosen]).update(
        decision="kept" if keep else "ended", decided_by=own, decided_by_name=actor.name, decided=now
    )
    left = row.lines.filter(decision="").count()
    if not left:
        row.finished = now
        row.save(update_fields=["finished"])
    told: list[Json] = [f"{one.kind}:{one.number}" for one in chosen]
    record(f"review:{number}", detail={"keep": keep, "rights": told, "left": left})
    return left


def unfinished_reviews() -> tuple[ReviewView, ...]:
    """The reviews that wait, for the job that reminds of them."""
    return tuple(map(_view, _reviews().filter(finished=None).order_by("due", "agency")))


def late_reviews() -> int:
    """How many agencies' reviews are overdue today: what the province's overview says."""
    return models.Review.objects.filter(finished=None, due__lt=timezone.localdate()).count()


def waiting_reviews(agency: str) -> int:
    """How many lines of an agency wait for a decision: what its administrators' menu says."""
    return models.ReviewLine.objects.filter(review__agency=agency, review__finished=None, decision="").count()


def _stands(line: models.ReviewLine) -> bool:
    """Whether the right of a line is still there today."""
    today = timezone.localdate()
    live = Q(until=None) | Q(until__gt=today)
    if line.kind == "post":
        return models.Appointment.objects.filter(live, pk=line.number).exclude(until=F("since")).exists()
    if line.kind == "substitution":
        return models.Substitution.objects.filter(live, pk=line.number).exclude(until=F("since")).exists()
    if line.kind == "token":
        return models.ApiToken.objects.filter(pk=line.number, revoked=None, expires__gt=timezone.now()).exists()
    return line.until is None or line.until > today


def _check_stands(line: models.ReviewLine) -> None:
    if not _stands(line):
        raise Refused("review.gone", f"{line.holder}的“{line.title}”已经不在了，不能确认。", "请选“终止”了结这一行。")


def _end(actor: Actor, line: models.ReviewLine) -> None:
    """End the right of a line, where it still stands."""
    if not _stands(line):
        return
    detail: dict[str, Json] = {line.kind: line.number, "why": "review"}
    if line.kind == "certificate":
        certificates.revoke_certificate(actor=actor, number=line.number, reason="cessation_of_operation")
        return
    if line.kind == "post":
        granted = ROLES[line.role].granted_with if line.role in ROLES else APPOINT
        if granted != APPOINT and not actor.may(granted):
            raise Refused(
                "directory.administrator", f"{line.holder}的“{line.title}”由平台授予，本单位不能免去。",
                "请联系平台安全管理员。",
            )  # fmt: skip
        appointing.end_one(line.number)
    elif line.kind == "substitution":
        end_substitutions(models.Substitution.objects.filter(pk=line.number), actor.name)
    else:
        models.ApiToken.objects.filter(pk=line.number, revoked=None).update(revoked=timezone.now())
    if line.account_id is not None and line.kind != "token":
        sittings.end_all(line.account_id, "岗位已免去")
    record(f"account:{line.account_id}", detail=detail)


def _reviews() -> QuerySet[models.Review]:
    waiting = Count("lines", filter=Q(lines__decision=""))
    return models.Review.objects.select_related("agency").annotate(total=Count("lines"), waiting=waiting)


def _unknown(number: int) -> Refused:
    return Refused("review.unknown", f"没有第 {number} 号权限核查清单。", "请从列表进入。")


def _view(row: models.Review) -> ReviewView:
    counted = vars(row)  # with what `_reviews` counted
    return ReviewView(
        row.pk, row.agency_id, row.agency.name, row.opened, row.due, row.finished, counted["total"],
        counted["waiting"],
        row.finished is None and row.due < timezone.localdate(),
    )  # fmt: skip


def _line(row: models.ReviewLine, own: int, held: Collection[str]) -> ReviewedRight:
    """A line; `held` are the roles that its holder has by all lines that were not ended."""
    stands = row.role if row.decision != "ended" else ""
    conflicts = ((role, kept_apart(stands, role)) for role in sorted(held) if role != stands)
    return ReviewedRight(
        row.pk, row.kind, row.number, row.account_id, row.holder, row.title, row.role, tuple(row.regions), row.since,
        row.until, row.last_used, row.decision, row.decided_by_name, row.decided, row.account_id == own,
        tuple((ROLES[role].title, why) for role, why in conflicts if why),
    )  # fmt: skip
