"""Asking for data: checked at once; what is shared freely is granted at once, what has conditions becomes a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import RuleError, region_prefix
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Published
from shuniu.directory import api as directory
from shuniu.exchange.api.telling import notify
from shuniu.exchange.grants import conformity
from shuniu.exchange.grants.api import making
from shuniu.exchange.grants.conformity import Fault, Setting
from shuniu.exchange.grants.declare import Terms
from shuniu.exchange.grants.models import LIVE, Agreement, ShareRequest
from shuniu.exchange.grants.procedure import GRANT
from shuniu.exchange.grants.purposes import limits, purposes
from shuniu.exchange.grants.views import ItemAnswer, RequestView, columns_of, request_view
from shuniu.procedures import api as procedures
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


def setting(consumer: str, today: date) -> Setting:
    """What an agency's requests are held against on a day."""
    found = directory.agency(consumer)
    region = found.region if found else settings.PROVINCE
    return Setting(consumer, region, today, purposes(today, region), limits(today, region))


def faults(consumer: str, published: Published, wanted: Terms) -> tuple[Fault, ...]:
    """What the conformity check finds against a request, before it is made; for the form."""
    return conformity.faults(wanted, published.resource, setting(consumer, timezone.localdate()))


def immediate(published: Published, wanted: Terms) -> bool:
    """Whether a request that conforms is granted at once."""
    resource = published.resource
    personal = catalogue.is_personal(resource, catalogue.elements())
    return conformity.at_once(wanted, resource, personal=personal)


def waiting_request(consumer: str, resource: str, changes: int | None = None) -> int | None:
    """The number of the agency's own open request for a resource, or for a change of that agreement: it stands in the way."""
    waiting = ShareRequest.objects.filter(consumer=consumer, resource=resource, agreement=changes, state="asked")
    return waiting.values_list("pk", flat=True).first()


@verb("exchange.request_share", "申请数据共享")
def request_share(*, actor: Actor, resource: str, wanted: Terms, use: str, changes: int | None = None) -> RequestView:
    """Ask for a resource, or (`changes`) for other terms of an agreement that the own agency has.

    The conformity check answers at once. Freely shared items that tell of no natural person are granted at once;
    anything else goes to the owner as a case. Raises `Refused`: share.own, share.none, share.* of the check, share.use,
    share.have, share.asked, grant.ended; NotFound.
    """
    require(agency=actor.agency)
    published = catalogue.published(resource)
    refusal = conformity.closed(published.resource, actor.agency)
    if refusal is not None:
        raise refusal
    wanted = _canonical(wanted)
    if found := faults(actor.agency, published, wanted):
        raise conformity.refused(found)
    if len(use.strip()) < 4:
        raise Refused("share.use", "没有写明办理什么事项时使用。", "请写明事项名称和使用环节。")
    making.lock(actor.agency, resource)
    _check_free(actor, resource, wanted, changes)
    made = ShareRequest.objects.create(
        consumer=actor.agency, resource=resource, version=published.version, owner=published.resource.agency,
        agreement_id=changes, use=use.strip(), person=actor.person, person_name=actor.name, **columns_of(wanted),
    )  # fmt: skip
    if immediate(published, wanted) and not _stopped_before(actor.agency, resource):
        _grant_at_once(actor, made)
    else:
        _open_case(actor, made, published)
    record(f"share_request:{made.pk}", detail={"resource": resource, "items": len(wanted.items), "state": made.state})
    return request_view(made)


def _canonical(wanted: Terms) -> Terms:
    """Terms without doubles, codes of regions as prefixes; what is no code stays, for the check to name it."""

    def prefix(code: str) -> str:
        try:
            return region_prefix(code)
        except RuleError:
            return code

    return replace(
        wanted,
        items=tuple(dict.fromkeys(wanted.items)),
        purposes=tuple(dict.fromkeys(wanted.purposes)),
        regions=tuple(dict.fromkeys(prefix(code.strip()) for code in wanted.regions)),
        bases=tuple(
            dict.fromkeys(replace(b, law=b.law.strip(" 《》"), article=b.article.strip()) for b in wanted.bases)
        ),
    )


def _check_free(actor: Actor, resource: str, wanted: Terms, changes: int | None) -> None:
    """Refuse what is asked for twice: an open request, or a purpose that another live agreement has."""
    if changes is not None:
        of = Agreement.objects.filter(pk=changes, consumer=actor.agency, resource=resource).first()
        if of is None or of.state not in LIVE:
            raise Refused("grant.ended", "没有这份生效的共享协议。", "请重新申请共享。")
    if number := waiting_request(actor.agency, resource, changes):
        raise Refused(
            "share.asked", f"本单位对这个资源的第 {number} 号申请还在审核。", "请等待结果，或撤回后重新申请。"
        )
    making.refuse_taken(actor.agency, resource, wanted.purposes, changes)


def _stopped_before(consumer: str, resource: str) -> bool:
    """Whether an agreement was ever suspended or revoked: then the owner looks at it, however freely it is shared."""
    held = Agreement.objects.filter(consumer=consumer, resource=resource)
    return held.filter(events__what__in=["suspended", "revoked"]).exists()


def _grant_at_once(actor: Actor, made: ShareRequest) -> None:
    answers = [ItemAnswer(item, "whole") for item in made.items]
    making.grant(made, answers, (actor.agency, "", "平台（按规则即时办结）"), "无条件共享，符合性审查通过。")
    text = f"第 {made.pk} 号共享申请即时办结：无条件共享，协议已生效。"
    notify("share", f"share_request:{made.pk}", text, agency=made.consumer)
    notify(
        "share",
        f"share_request:{made.pk}",
        f"“{actor.agency_name}”取得一份无条件共享协议。",
        agency=directory.keeper(made.owner),
    )


def _open_case(actor: Actor, made: ShareRequest, published: Published) -> None:
    keeper = directory.keeper(made.owner)
    owner = directory.agency(keeper)
    case = procedures.open_case(
        actor=actor, procedure=GRANT.key, object=f"share_request:{made.pk}", agency=keeper,
        region=owner.region if owner else settings.PROVINCE, reason=made.use,
    )  # fmt: skip
    made.case = case.id
    made.save(update_fields=["case"])
    text = f"“{actor.agency_name}”申请共享“{published.resource.title}”（第 {made.pk} 号），请逐项审核。"
    notify("share", f"share_request:{made.pk}", text, agency=keeper)


@verb("exchange.withdraw_share_request", "撤回共享申请")
def withdraw_share_request(*, actor: Actor, number: int, reason: str) -> RequestView:
    """Take a request back while the owner has not decided; by anybody of the agency that asked.

    Raises `Refused` share.state, share.reason.
    """
    found = making.locked(number)
    require(agency=directory.keeper(found.consumer))
    if not reason.strip():
        raise Refused("share.reason", "没有写明理由。", "请写明为何撤回。")
    if found.case is not None:
        procedures.withdraw_case(actor=actor, case=found.case, reason=reason, on_behalf=True)
    found.state, found.reason, found.decided_at = "withdrawn", reason.strip(), timezone.now()
    found.decided_by, found.decided_name = actor.person, actor.name
    found.save()
    notify(
        "share",
        f"share_request:{number}",
        f"第 {number} 号共享申请已由申请单位撤回。",
        agency=directory.keeper(found.owner),
    )
    record(f"share_request:{number}", detail={"state": "withdrawn"})
    return request_view(found)
