"""Delegations given, accepted and ended by their parties; asked for inside the acts that are done under them."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from datetime import date
from typing import Literal, cast

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from shuniu.base.text import legal_name_key, person_name_key
from shuniu.directory import models
from shuniu.directory.actors.checks import account_of, dated, locked, person_id
from shuniu.directory.declare.delegations import (
    DelegableAct,
    Delegated,
    DelegationPage,
    DelegationState,
    DelegationView,
    DoneUnder,
    Lapsed,
    Scope,
)
from shuniu.directory.delegating import rules
from shuniu.directory.signing_in.api import messages, sittings
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Json, Refused

SHOWN = 200
GONE = (DelegationState.ENDED, DelegationState.EXPIRED)


@verb("directory.give_delegation", "委托他人代办")
def give_delegation(
    *,
    actor: Actor,
    sitting: int,
    login: str,
    name: str,
    acts: Collection[str],
    until: date,
    items: Collection[str] = (),
) -> int:
    """Let the account of that login and that name act for one's own, once it accepts; the delegation's number.

    Only what is one's own can be given: who acts under a delegation cannot pass it on. `items` are keys of service items,
    none for all; their titles are the caller's. Raises Refused: directory.step_up without a fresh second factor;
    delegation.acts, items, term, taker (no such person, an officer, oneself), held.
    """
    require()
    giver = locked(account_of(actor))
    sittings.check_fresh(giver.pk, sitting, strong=True)
    scope = rules.scope(acts, items)
    today = timezone.localdate()
    rules.check_term(today, until, dated("account.delegation.days"))
    taker = _taker(giver, login, name)
    over = models.Delegation.objects.filter(giver=giver, taker=taker, ended=None, until__lt=today)
    over.update(ended=timezone.now(), why="到期")
    try:
        with transaction.atomic():
            made = models.Delegation.objects.create(
                giver=giver, taker=taker, acts=sorted(scope.acts), items=sorted(scope.items), since=today, until=until
            )
    except IntegrityError as error:
        raise Refused(
            "delegation.held", "同样范围的委托已经给过对方，还没有终止。", "要改期限的，请先撤销原来的再委托。"
        ) from error
    _record(made)
    _tell("offered", made, taker)
    return made.pk


def _taker(giver: models.Account, login: str, name: str) -> models.Account:
    """Whom the giver means: login and name must both be right, so that neither is learned from the other."""
    found = models.Account.objects.filter(login=login.strip().lower(), is_active=True).first()
    key = legal_name_key if found is not None and found.kind == "firm" else person_name_key
    meant = found is not None and hmac.compare_digest(key(found.name).encode(), key(name).encode())
    if found is None or not meant or found.kind == "officer" or found.pk == giver.pk:
        raise Refused(
            "delegation.taker",
            "没有登录名和姓名（名称）都相符的个人或企业账号，或者那是您自己。",
            "请向对方核对登录名和姓名；工作人员的岗位账号不能受托，请用其个人账号。",
        )
    return found


@verb("directory.accept_delegation", "接受代办委托")
def accept_delegation(*, actor: Actor, number: int) -> None:
    """Take on what was offered to one. Raises Refused delegation.unknown, ended, expired, accepted."""
    require()
    row = _party(actor, number, Q(taker=account_of(actor)))
    if (found := _state(row)) is not DelegationState.OFFERED:
        rules.check_in_force(found, number, row.until)
        raise Refused("delegation.accepted", f"第 {number} 号委托已经接受。", "不必重复办理。")
    row.accepted = timezone.now()
    row.save(update_fields=["accepted"])
    _record(row)
    _tell("accepted", row, row.giver)


@verb("directory.end_delegation", "终止代办委托")
def end_delegation(*, actor: Actor, number: int, why: str = "") -> None:
    """Revoke what one gave, or decline or give up what one was given: at once, for acts that are under way too.

    Raises Refused delegation.unknown, delegation.ended.
    """
    require()
    own = account_of(actor)
    row = _party(actor, number, Q(giver=own) | Q(taker=own))
    if row.ended is not None:
        raise Refused("delegation.ended", f"第 {number} 号委托已经终止。", "不必重复办理。")
    row.ended, row.ended_by_id, row.why = timezone.now(), own, why.strip()[:200]
    row.save(update_fields=["ended", "ended_by", "why"])
    _record(row)
    if own == row.giver_id:
        _tell("revoked", row, row.taker)
    else:
        _tell("declined" if row.accepted is None else "given_up", row, row.giver)


@verb("directory.list_delegations", "查看代办委托", reads=True)
def list_delegations(*, actor: Actor) -> tuple[DelegationView, ...]:
    """What the actor gave and was given: what still stands first, then what has ended, the newest first."""
    require()
    own = account_of(actor)
    rows = _rows().filter(Q(giver=own) | Q(taker=own)).order_by("-pk")[:SHOWN]
    found = sorted((_view(row, own) for row in rows), key=lambda one: one.state in GONE)
    record(f"account:{own}", detail={"delegations": len(found)})
    return tuple(found)


@verb("directory.read_delegation", "查看代办情况", reads=True)
def read_delegation(*, actor: Actor, number: int) -> DelegationPage:
    """One delegation and what was done under it, for its two parties. Raises Refused delegation.unknown."""
    require()
    own = account_of(actor)
    row = _rows().filter(Q(giver=own) | Q(taker=own), pk=number).first()
    if row is None:
        raise _unknown(number)
    done = tuple(DoneUnder(one.at, one.verb, one.object) for one in row.done.order_by("-pk")[:SHOWN])
    record(f"delegation:{number}", subjects=_subjects(row), detail={"done": len(done)})
    return DelegationPage(_view(row, own), done)


def check_delegation(actor: Actor, number: int, act: DelegableAct, item: str) -> Delegated:
    """The delegation under which the actor may do this act on a case of that item, its row held to the end of the act.

    Called inside the act's verb. Raises Refused delegation.unknown, ended, expired, not_accepted, closed, scope.
    """
    row = _party(actor, number, Q(taker=account_of(actor)))
    rules.check_in_force(_state(row), number, row.until)
    if not (row.giver.is_active and row.taker.is_active):
        raise Refused("delegation.closed", "委托人或者受托人的账号已经停用。", "停用的账号不能再代办或者委托。")
    held = _delegated(row)
    rules.check_covers(held.scope, number, act, item)
    return held


@verb("directory.use_delegation", "依委托代办")
def use_delegation(*, actor: Actor, number: int, act: DelegableAct, item: str, verb: str, object: str) -> None:
    """Do under a delegation what `verb` does on `object` (`case:N`): checked, noted for its parties, journalled with both.

    Called inside that verb. Raises Refused as `check_delegation`.
    """
    require()
    held = check_delegation(actor, number, act, item)
    models.DelegatedAct.objects.create(delegation_id=number, verb=verb, object=object)
    detail: dict[str, Json] = {"giver": held.giver, "taker": held.taker, "verb": verb, "object": object}
    record(f"delegation:{number}", subjects=(held.subject,), detail=detail)


def delegations_to(actor: Actor) -> tuple[Delegated, ...]:
    """The delegations in force under which the actor may act today; none for an officer, a job, an anonymous reader."""
    if actor.subject is None:
        return ()
    live = _rows().filter(
        taker=account_of(actor), ended=None, accepted__isnull=False, until__gte=timezone.localdate(),
        giver__is_active=True, taker__is_active=True,
    )  # fmt: skip
    return tuple(map(_delegated, live.order_by("pk")))


def told_of(number: int) -> tuple[str, ...]:
    """Whom news of a case filed under a delegation reach: whose matter it is, and who acts as long as he may."""
    row = _rows().get(pk=number)
    held = _delegated(row)
    return (held.giver, held.taker) if _state(row) is DelegationState.IN_FORCE else (held.giver,)


def lapsed(since: date, before: date) -> tuple[Lapsed, ...]:
    """The delegations that nobody ended and whose last day was on or after one day and before another, for who tells it."""
    rows = _rows().filter(until__gte=since, until__lt=before, ended_by=None).order_by("pk")
    return tuple(
        Lapsed(
            row.pk, person_id(row.giver.kind, row.giver_id), row.giver.name, person_id(row.taker.kind, row.taker_id),
            row.taker.name, row.until, row.accepted is not None,
        )
        for row in rows
    )  # fmt: skip


def _rows() -> QuerySet[models.Delegation]:
    return models.Delegation.objects.select_related("giver", "taker")


def _party(actor: Actor, number: int, whose: Q) -> models.Delegation:
    row = _rows().select_for_update(of=("self",)).filter(whose, pk=number).first()
    if row is None:
        raise _unknown(number)
    return row


def _unknown(number: int) -> Refused:
    return Refused("delegation.unknown", f"没有第 {number} 号委托，或者它与您无关。", "请从“代办委托”中选择。")


def _subjects(row: models.Delegation) -> tuple[int, ...]:
    return tuple(one.subject for one in (row.giver, row.taker) if one.subject is not None)


def _record(row: models.Delegation) -> None:
    """Journal an act on a delegation with both persons."""
    acts: list[Json] = [*row.acts]
    items: list[Json] = [*row.items]
    detail: dict[str, Json] = {
        "giver": person_id(row.giver.kind, row.giver_id), "taker": person_id(row.taker.kind, row.taker_id),
        "acts": acts, "items": items, "until": row.until.isoformat(),
    }  # fmt: skip
    record(f"delegation:{row.pk}", subjects=_subjects(row), detail=detail)


def _tell(what: str, row: models.Delegation, to: models.Account) -> None:
    """Tell one party what the other did."""
    other = row.giver if to.pk == row.taker_id else row.taker
    values = {"name": other.name, "number": str(row.pk), "day": row.until.isoformat()}
    messages.tell(f"delegation_{what}", person_id(to.kind, to.pk), f"delegation:{row.pk}", values)


def _delegated(row: models.Delegation) -> Delegated:
    return Delegated(
        row.pk, person_id(row.giver.kind, row.giver_id), row.giver.name,
        cast(Literal["citizen", "firm"], row.giver.kind), row.giver.subject or 0,
        person_id(row.taker.kind, row.taker_id), _scope(row), row.until,
    )  # fmt: skip


def _state(row: models.Delegation) -> DelegationState:
    """How a delegation stands today."""
    accepted, ended = row.accepted is not None, row.ended is not None
    return rules.state(accepted=accepted, ended=ended, until=row.until, on=timezone.localdate())


def _scope(row: models.Delegation) -> Scope:
    return Scope(frozenset(row.acts), frozenset(row.items))


def _view(row: models.Delegation, own: int) -> DelegationView:
    parties = {row.giver_id: row.giver.name, row.taker_id: row.taker.name}
    return DelegationView(
        row.pk, row.giver.name, row.taker.name, _scope(row), row.given, row.until, row.accepted, row.ended,
        parties.get(row.ended_by_id or 0, ""), row.why, _state(row), row.giver_id == own,
    )  # fmt: skip
