"""Signing in and out, and the actors that everything else is done by."""

from __future__ import annotations

import hmac
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from shuniu.directory import models, rules, store
from shuniu.directory.api import attempts
from shuniu.directory.api.checks import account_of, dated, digest, locked, person_id
from shuniu.directory.declare import CITIZEN, FIRM, PUBLIC, SIGNED_IN, SYSTEMS, Attempt, Post
from shuniu.directory.signing_in.api import sittings
from shuniu.directory.signing_in.declare import HALF
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused, StandIn


def anonymous() -> Actor:
    """Who reads without signing in: what anybody may do, nowhere in particular."""
    return Actor("anonymous", "访客", capabilities=PUBLIC)


def system(name: str) -> Actor:
    """A job of the platform itself, with the capabilities listed for it. Raises KeyError for an unlisted job."""
    return Actor(f"system:{name}", f"系统任务 {name}", regions=(settings.PROVINCE,), capabilities=SYSTEMS[name])


def console(agency: str = "") -> Actor:
    """Whoever holds the host's command line, delivering for an agency or for none; the journal keeps his user number.

    Raises Refused (directory.no_agency) for an unknown agency.
    """
    found = models.Agency.objects.filter(key=agency).first()
    if agency and found is None:
        raise Refused("directory.no_agency", f"没有单位“{agency}”。", "请核对单位标识，例如 43.market。")
    name = f"主机命令行（用户 {os.getuid()}）"
    return replace(system("console"), name=name, agency=agency, agency_name=found.name if found else "")


def actor_of(account: int, *, on: date | None = None, own: bool = False) -> Actor:
    """The actor that an account is on a day (default today), from its open posts; with `own` not from another's.

    Raises Refused (directory.no_account) when the account is closed or unknown.
    """
    found = store.standing(account, on or timezone.localdate())
    if found is None or not found.active:
        raise Refused("directory.no_account", "没有这个账号，或者账号已停用。", "请联系本单位管理员。")
    return standing_actor(replace(found, posts=tuple(post for post in found.posts if not (own and post.instead))))


def standing_actor(found: store.Standing) -> Actor:
    """The actor of an account that was read already."""
    person = person_id(found.kind, found.account)
    if found.kind != "officer":
        own = CITIZEN if found.kind == "citizen" else FIRM
        return Actor(person, found.name, capabilities=PUBLIC | SIGNED_IN | own, subject=found.subject)
    held = frozenset[str]().union(*(post.capabilities for post in found.posts))
    regions = rules.with_predecessors((region for post in found.posts for region in post.regions), found.abolished)
    rights = PUBLIC | SIGNED_IN | held
    return Actor(person, found.name, found.agency, found.agency_name, regions, rights, instead=_instead(found.posts))


def _instead(posts: Sequence[Post]) -> tuple[StandIn, ...]:
    """What the posts of others alone allow."""
    own = (PUBLIC | SIGNED_IN).union(*(post.capabilities for post in posts if post.instead is None))
    return tuple(
        StandIn(post.instead.person, post.instead.name, post.instead.substitution, post.capabilities - own)
        for post in posts
        if post.instead is not None
    )


def half_actor(found: store.Standing) -> Actor:
    """The actor of an account between its password and its second factor: what anybody may do, and giving the factor."""
    return Actor(person_id(found.kind, found.account), found.name, capabilities=PUBLIC | HALF)


@verb("directory.sign_in", "登录")
def sign_in(*, actor: Actor, login: str, password: str, origin: str = "") -> Attempt:
    """Check a login and its password. Every attempt is journalled; failures in a row lock the account for a while.

    The failure is a result and no exception, so that its count is committed. `origin` is the caller's address.
    """
    require()
    return attempts.on_login(login, origin, lambda row: row.check_password(password))


@verb("directory.enrol", "激活账号")
def enrol(*, actor: Actor, login: str, code: str, password: str, origin: str = "") -> Attempt:
    """Use a one-time code to set the account's password. Counts and locks as a sign-in does.

    Raises Refused (directory.password) for a password that is too weak, before the code is looked at.
    """
    require()
    _check_password(password)
    wanted = digest(code.strip().upper())

    def proves(row: models.Account) -> bool:
        now = timezone.now()
        live = row.codes.filter(used=None, expires__gt=now)
        if not any(hmac.compare_digest(bytes(one.digest), wanted) for one in live):
            return False
        row.codes.filter(used=None).update(used=now)
        row.set_password(password)
        row.save(update_fields=["password"])
        return True

    return attempts.on_login(login, origin, proves)


@verb("directory.change_password", "修改密码")
def change_password(*, actor: Actor, old: str, new: str) -> Attempt:
    """Change one's own password; a wrong old one counts as a failed sign-in. Raises Refused (directory.password)."""
    require()
    _check_password(new)
    row = locked(account_of(actor))

    def proves(row: models.Account) -> bool:
        if not row.check_password(old):
            return False
        row.set_password(new)
        row.save(update_fields=["password"])
        return True

    return attempts.on_account(row, "", proves)


@verb("directory.sign_out", "退出")
def sign_out(*, actor: Actor, sitting: int = 0) -> None:
    """End a sitting of the actor's (0: a session without one), and tell the applications entered from it."""
    require()
    account = account_of(actor)
    sittings.end(models.Sitting.objects.filter(pk=sitting, account=account), "本人退出")
    record(f"account:{account}")


def _check_password(password: str) -> None:
    shortest = dated("account.password.min_length")
    if len(password) < shortest:
        raise Refused(
            "directory.password", f"密码只有 {len(password)} 位，至少应有 {shortest} 位。", "请设置更长的密码。"
        )
    try:
        validate_password(password)
    except ValidationError as error:
        raise Refused("directory.password", "".join(error.messages), "请换一个密码。") from error
