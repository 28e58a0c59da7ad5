"""Departments of the demo share data, by the verbs that their pages call: granted at once, in part, in whole, waiting."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Published, Resource, ShareType
from shuniu.demo import staff
from shuniu.exchange.grants import api as grants
from shuniu.exchange.grants.declare import Basis, Terms
from shuniu.exchange.grants.views import ItemAnswer, RequestView
from shuniu.trust.declare import Actor

LICENSING, INSPECTION = "licensing", "inspection"
USES = {
    LICENSING: ("办理行政许可时核对申请人信息（演示）", Basis("中华人民共和国行政许可法", "第三十四条")),
    INSPECTION: ("日常检查前核对检查对象信息（演示）", Basis("优化营商环境条例", "第五十六条")),
}
"""What each purpose is for, and on what law. An inspection needs no live case: a machine can be tried with it."""
REGISTER = ".market/registration"
ASKING = ("tax", "market")
"""Departments that ask, where they take part: the first of them that does not own the resource."""


def exchange(owners: Collection[str]) -> None:
    """Four agreements' beginnings, where the departments of the demo have the resources for it; what is there stays."""
    wanted: list[tuple[Callable[[Actor, Resource], object], str, Published | None]] = [
        (_asked, LICENSING, next(_shared(owners, ShareType.UNCONDITIONAL, personal=False), None)),
        (_granted_in_part, LICENSING, next(_shared(owners, ShareType.CONDITIONAL, personal=False), None)),
        (_granted_in_whole, INSPECTION, _register(owners)),
        (_asked, LICENSING, next(_shared(owners, ShareType.CONDITIONAL, personal=True), None)),
    ]
    for act, purpose, published in wanted:
        consumer = _consumer(owners, published)
        if published is None or consumer is None or _has(consumer, published.resource.key, purpose):
            continue
        with transaction.atomic():
            act(consumer, published.resource)


def _shared(owners: Collection[str], share: ShareType, *, personal: bool) -> Iterator[Published]:
    """What fits, that of departments first whose second officer can sign in and decide."""
    elements = catalogue.elements()
    for one in sorted(
        catalogue.published_all(), key=lambda one: one.resource.agency.partition(".")[2] not in staff.MAIN
    ):
        it = one.resource
        fits = it.agency in owners and it.share is share and catalogue.is_personal(it, elements) is personal
        if fits and _consumer(owners, one) is not None:
            yield one


def _register(owners: Collection[str]) -> Published | None:
    """The register of firms, where it is delivered: each firm that has a code can be asked for."""
    found = (one for one in catalogue.published_all() if one.resource.key.endswith(REGISTER))
    return next((one for one in found if one.resource.agency in owners), None)


def _consumer(owners: Collection[str], published: Published | None) -> Actor | None:
    asking = [key for key in sorted(owners, key=_rank) if key.partition(".")[2] in ASKING]
    agency = next((key for key in asking if published is None or key != published.resource.agency), None)
    return staff.actor(agency, "data_officer") if agency else None


def _rank(agency: str) -> int:
    name = agency.partition(".")[2]
    return ASKING.index(name) if name in ASKING else len(ASKING)


def _has(consumer: Actor, resource: str, purpose: str) -> bool:
    listed = grants.share_requests(actor=consumer, agency=consumer.agency, limit=1000)
    return any(one.it.resource == resource and purpose in one.it.terms.purposes for one in listed)


def _asked(consumer: Actor, resource: Resource, purpose: str = LICENSING) -> RequestView:
    today = timezone.localdate()
    use, basis = USES[purpose]
    shares = {item.name: catalogue.share_of(resource, item) for item in resource.items}
    free = [name for name, share in shares.items() if share is ShareType.UNCONDITIONAL]
    items = [name for name, share in shares.items() if share is not ShareType.NOT_SHARED]
    if purpose == INSPECTION and free:
        items = free  # no more than an inspection needs
    wanted = Terms(
        items=tuple(items), purposes=(purpose,), bases=(basis,),
        regions=(consumer.regions[0],) if resource.by_region else (), rate=600, quota_calls=100_000,
        quota_rows=1_000_000, valid_from=today, valid_until=today + timedelta(days=180),
    )  # fmt: skip
    return grants.request_share(actor=consumer, resource=resource.key, wanted=wanted, use=use)


def _granted_in_part(consumer: Actor, resource: Resource) -> None:
    """All but the last item, which is refused with its reasons, and the one before it masked."""
    request = _asked(consumer, resource)
    *whole, masked, refused = request.terms.items
    answers = [ItemAnswer(item, "whole") for item in whole] + [ItemAnswer(masked, "masked")]
    why = (
        "核对申请人信息不需要此项（演示）",
        "中华人民共和国数据安全法",
        "第三十八条",
        "确需此项的，请写明理由后申请变更",
    )
    owner = staff.actor(resource.agency, "second_officer")
    grants.decide_share(actor=owner, number=request.number, answers=[*answers, ItemAnswer(refused, "refused", *why)])


def _granted_in_whole(consumer: Actor, resource: Resource) -> None:
    """All that is asked for, for inspections: what a department's machine can ask through the gateway at once."""
    request = _asked(consumer, resource, INSPECTION)
    if request.state != "asked":
        return
    owner = staff.actor(resource.agency, "second_officer")
    answers = [ItemAnswer(item, "whole") for item in request.terms.items]
    grants.decide_share(actor=owner, number=request.number, answers=answers)
