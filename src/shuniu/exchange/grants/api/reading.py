"""Reading requests and agreements: for both sides and the office; and the dry run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Max, Q, QuerySet, Sum
from django.utils import timezone

from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.directory.declare import Person
from shuniu.exchange.grants import store
from shuniu.exchange.grants.declare import AgreementEvent, Found, State
from shuniu.exchange.grants.models import LIVE, AgreementUse, AgreementVersion, ShareRequest
from shuniu.exchange.grants.models import Agreement as Row
from shuniu.exchange.grants.policy import Judgement, judge
from shuniu.exchange.grants.purposes import days, purpose_title
from shuniu.exchange.grants.views import (
    AgreementView,
    DayUse,
    Held,
    RequestView,
    agreement_noun,
    request_view,
    version_views,
)
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import CaseView
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.declare import Actor, Refused


@dataclass(frozen=True)
class Waiting:
    """A request in a list, with the case that says by when it must be answered (None: decided at once)."""

    it: RequestView
    case: CaseView | None

    @property
    def due(self) -> date | None:
        return self.case.due if self.case is not None and self.it.state == "asked" else None


@verb("exchange.list_shares", "查看共享申请", reads=True)
def share_requests(
    *, actor: Actor, agency: str = "", open_only: bool = False, limit: int = 50, before: int = 0
) -> list[Waiting]:
    """The requests that an agency made and that wait for it; of all agencies for the office ("")."""
    rows = _requests(actor, agency)
    rows = rows.filter(state="asked") if open_only else rows
    rows = rows.filter(pk__lt=before) if before else rows
    listed = [request_view(row) for row in rows.prefetch_related("answers").order_by("-pk")[:limit]]
    cases = procedures.case_views([one.case for one in listed if one.case is not None and one.state == "asked"])
    record("share_requests", detail={"agency": agency, "rows": len(listed)})
    return [Waiting(one, cases.get(one.case or 0)) for one in listed]


def _requests(actor: Actor, agency: str) -> QuerySet[ShareRequest]:
    if agency:
        require(agency=agency)
        return ShareRequest.objects.filter(_of(agency))
    require()
    return ShareRequest.objects.all() if actor.may(OVERSEE) else ShareRequest.objects.none()


@verb("exchange.list_agreements", "查看共享协议", reads=True)
def agreements(
    *, actor: Actor, agency: str = "", live_only: bool = True, limit: int = 50, before: int = 0
) -> list[Held]:
    """The agreements that an agency uses or has granted; of all agencies for the office (""). Newest first."""
    if agency:
        require(agency=agency)
        rows = Row.objects.filter(_of(agency))
    else:
        require()
        rows = Row.objects.all() if actor.may(OVERSEE) else Row.objects.none()
    rows = rows.filter(state__in=LIVE) if live_only else rows
    rows = rows.filter(pk__lt=before) if before else rows
    listed = list(rows.order_by("-pk")[:limit])
    record("agreements", detail={"agency": agency, "rows": len(listed)})
    return _held(listed)


def _held(rows: Iterable[Row]) -> list[Held]:
    listed = list(rows)
    numbers = [row.pk for row in listed]
    now = AgreementVersion.objects.filter(agreement__in=numbers, number=F("agreement__version"))
    versions = {one.agreement_id: one for one in now}
    used = AgreementUse.objects.filter(agreement__in=numbers, calls__gt=0).values_list("agreement")
    last = dict(used.annotate(last=Max("day")))
    today = timezone.localdate()
    idle = today - timedelta(days=days("unused", today))
    return [
        Held(
            it=agreement_noun(row, versions[row.pk]),
            made_at=row.made_at,
            last_used=last.get(row.pk),
            unused=row.state in LIVE and (last.get(row.pk) or timezone.localdate(row.made_at)) <= idle,
        )
        for row in listed
    ]


@verb("exchange.read_share", "查看共享申请详情", reads=True)
def share_request(*, actor: Actor, number: int) -> Waiting:
    """One request with its answers, for its two sides and the office. Raises Refused share.unknown."""
    require()
    row = ShareRequest.objects.filter(pk=number).first()
    if row is None or not party(actor, row.consumer, row.owner):
        raise Refused("share.unknown", f"您没有第 {number} 号共享申请。", "请从共享申请列表进入。")
    record(f"share_request:{number}")
    it = request_view(row)
    return Waiting(it, procedures.case_view(it.case) if it.case is not None else None)


@verb("exchange.read_agreement", "查看共享协议详情", reads=True)
def agreement(*, actor: Actor, number: int) -> AgreementView:
    """One agreement with its versions, what happened to it and its use by day, for its two sides and the office.

    Raises Refused grant.unknown.
    """
    require()
    row = Row.objects.filter(pk=number).first()
    if row is None or not party(actor, row.consumer, row.owner):
        raise Refused("grant.unknown", f"您没有第 {number} 号共享协议。", "请从共享协议列表进入。")
    record(f"agreement:{number}")
    versions = list(row.versions.order_by("-number"))
    by_day = row.used.values_list("day").annotate(Sum("calls"), Sum("rows")).order_by("-day")[:31]
    return AgreementView(
        it=agreement_noun(row, next(one for one in versions if one.number == row.version)),
        made_at=row.made_at,
        versions=version_views(versions),
        events=tuple(
            AgreementEvent(one.what, one.version, one.person_name, one.agency, one.at, one.reason)
            for one in row.events.order_by("-pk")
        ),
        use=tuple(DayUse(day, calls, rows) for day, calls, rows in by_day),
    )


def party(actor: Actor, consumer: str, owner: str) -> bool:
    """Whether what stands between a consumer and an owner is this reader's to see: a side's, its successor's, the office's."""
    return actor.may(OVERSEE) or (bool(actor.agency) and actor.agency in directory.keepers([consumer, owner]).values())


def _of(agency: str) -> Q:
    """What an agency is a side of, or looks after for a side whose place it took."""
    estate = directory.estate(agency)
    return Q(consumer__in=estate) | Q(owner__in=estate)


@dataclass(frozen=True)
class Foreseen:
    """What the dry run found: how the agency stands, and item by item what would be seen or why nothing."""

    found: Found
    judgement: Judgement

    @property
    def state(self) -> State | None:
        return self.found.agreement.state if self.found.agreement else None


@verb("exchange.foresee_share", "预演共享结果", reads=True)
def foresee(
    *, actor: Actor, resource: str, purpose: str, consumer: str, account: int = 0, region: str = ""
) -> Foreseen:
    """What an agency, or one of its officers (`account`), would see of a resource for a purpose, about a region.

    No row is read and nothing is counted: the same pure function as in the gateway says what it would say. For the
    agency itself, the resource's owner and the office. Raises Refused foresee.party, foresee.officer; NotFound.
    """
    require()
    published = catalogue.published(resource)
    if not party(actor, consumer, published.resource.agency):
        raise Refused(
            "foresee.party", "只有使用单位、提供单位和省级主管部门可以预演。", "请选择本单位，或本单位的资源。"
        )
    who = _officer(account, consumer) if account else None
    today = timezone.localdate()
    found = store.look_up(consumer, resource, purpose, today)
    title = purpose_title(purpose, today)
    record(f"resource:{resource}", detail={"consumer": consumer, "purpose": purpose, "standing": found.standing.value})
    if who is not None and not any("exchange.read" in post.capabilities for post in who.posts):
        refused = Refused(
            "right.missing", f"{who.name}没有“查阅数据”的权限。", "请联系该单位管理员在“账号与岗位”中授予。"
        )
        return Foreseen(found, Judgement(refused))
    person = who.person if who else ""
    return Foreseen(found, judge(published.resource, found, purpose=title, person=person, region=region))


def _officer(account: int, agency: str) -> Person:
    found = directory.person(account)
    if found is None or found.agency != agency:
        raise Refused("foresee.officer", "这个单位没有这名工作人员。", "请从列表选择，或只选单位。")
    return found
