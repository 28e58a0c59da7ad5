"""Agreements are made and changed here, inside the verbs that decide."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from shuniu.exchange.grants.declare import State, Terms
from shuniu.exchange.grants.models import (
    LIVE,
    Agreement,
    AgreementEvent,
    AgreementPurpose,
    AgreementVersion,
    ShareAnswer,
    ShareRequest,
)
from shuniu.exchange.grants.views import ItemAnswer, columns_of, terms_of
from shuniu.trust.declare import Actor, Refused

By = tuple[str, str, str]
"""Who did it: agency, person ("": the platform, by rule), name."""


def lock(consumer: str, resource: str) -> None:
    """Let an agency's agreements about one resource be made one after another, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 4))", [f"{consumer}>{resource}"])


def locked(number: int) -> ShareRequest:
    """A request that waits for an answer, locked. Raises Refused share.state."""
    found = ShareRequest.objects.select_for_update().filter(pk=number).first()
    if found is None or found.state != "asked":
        raise Refused("share.state", f"第 {number} 号共享申请不在待审核状态。", "请从共享申请列表重新进入。")
    return found


def refuse_taken(consumer: str, resource: str, purposes: Collection[str], but: int | None) -> None:
    """Raise Refused share.have for a purpose that another live agreement about the resource has."""
    expire(Agreement.objects.filter(consumer=consumer, resource=resource))
    taken = AgreementPurpose.objects.filter(consumer=consumer, resource=resource, purpose__in=purposes, live=True)
    other = taken.exclude(agreement=but).first() if but else taken.first()
    if other is not None:
        raise Refused(
            "share.have",
            f"本单位已有第 {other.agreement_id} 号共享协议，用途相同。",
            "需要更多信息项或更长期限的，请在该协议页申请变更。",
        )


def grant(request: ShareRequest, answers: Sequence[ItemAnswer], by: By, reason: str, terms: Terms | None = None) -> int:
    """Write the answers, and of what was granted make an agreement or the next version of one; its number.

    `terms` are the request's unless the owner narrowed them. Raises Refused share.have, share.term_past, grant.ended.
    """
    granted = {one.item for one in answers if one.answer != "refused"}
    today = timezone.localdate()
    given = terms or terms_of(request)
    given = replace(
        given,
        items=tuple(item for item in given.items if item in granted),
        valid_from=max(given.valid_from, today),
    )
    if given.valid_until < today:
        raise Refused("share.term_past", "申请的期限已经过去。", "请不同意此申请，并请对方按新的期限重新申请。")
    refuse_taken(request.consumer, request.resource, given.purposes, request.agreement_id)
    held = _numbered(request)
    AgreementVersion.objects.create(
        agreement=held, number=held.version, request=request, granted_by=by[1], granted_name=by[2],
        masked=[one.item for one in answers if one.answer == "masked"], **columns_of(given),
    )  # fmt: skip
    _purposes(held, given.purposes)
    note(held, "made" if held.version == 1 else "changed", by, reason)
    settle(request, answers, "granted" if len(granted) == len(request.items) else "partial", by, reason)
    return held.pk


def settle(request: ShareRequest, answers: Sequence[ItemAnswer], state: str, by: By, reason: str) -> None:
    """Write the answers and what the request has come to."""
    ShareAnswer.objects.bulk_create(
        ShareAnswer(
            request=request, item=one.item, answer=one.answer, facts=one.facts, law=one.law, article=one.article,
            forward=one.forward,
        )
        for one in answers
    )  # fmt: skip
    request.state, request.reason, request.decided_at = state, reason.strip(), timezone.now()
    request.decided_by, request.decided_name = by[1], by[2]
    request.save()


def _numbered(request: ShareRequest) -> Agreement:
    """The agreement to write a version of, numbered for it."""
    if request.agreement_id is None:
        return Agreement.objects.create(consumer=request.consumer, resource=request.resource, owner=request.owner)
    held = Agreement.objects.select_for_update().get(pk=request.agreement_id)
    if held.state not in LIVE:
        raise Refused(
            "grant.ended", f"第 {held.pk} 号共享协议已经结束，不能变更。", "请不同意此申请，并请对方重新申请共享。"
        )
    held.version += 1
    held.save(update_fields=["version"])
    return held


def _purposes(held: Agreement, purposes: Collection[str]) -> None:
    AgreementPurpose.objects.filter(agreement=held).exclude(purpose__in=purposes).update(live=False)
    AgreementPurpose.objects.bulk_create(
        [
            AgreementPurpose(agreement=held, consumer=held.consumer, resource=held.resource, purpose=one)
            for one in purposes
        ],
        update_conflicts=True, unique_fields=["agreement", "purpose"], update_fields=["live"],
    )  # fmt: skip


def note(held: Agreement, what: str, by: By, reason: str) -> None:
    """Write down what happened to an agreement: who, when, why."""
    AgreementEvent.objects.create(
        agreement=held, what=what, version=held.version, agency=by[0], person=by[1] or "system:platform",
        person_name=by[2], reason=reason.strip(),
    )  # fmt: skip


def end(held: Agreement, state: State, what: str, by: By, reason: str) -> None:
    """End an agreement: from the commit on the look-up says so."""
    held.state = state.value
    held.save(update_fields=["state"])
    AgreementPurpose.objects.filter(agreement=held, live=True).update(live=False)
    note(held, what, by, reason)


def expire(among: QuerySet[Agreement]) -> list[Agreement]:
    """End those of these agreements whose last day is past; which they were. The look-up does not wait for it."""
    last = AgreementVersion.objects.filter(agreement=OuterRef("pk"), number=OuterRef("version"))
    over = among.filter(Exists(last.filter(valid_until__lt=timezone.localdate())), state__in=LIVE)
    ended = list(over.select_for_update(of=("self",)).order_by("pk"))
    for one in ended:
        end(one, State.EXPIRED, "expired", ("", "", "平台（按期限）"), "期限届满。")
    return ended


def by(actor: Actor) -> By:
    """An actor as who did it."""
    return actor.agency, actor.person, actor.name
