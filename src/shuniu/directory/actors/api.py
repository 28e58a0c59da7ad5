"""The actors that everything is done by: of accounts, of jobs, of the host's command line, of who is not signed in."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.conf import settings
from django.utils import timezone

from shuniu.directory import models, rules, store
from shuniu.directory.actors.checks import person_id
from shuniu.directory.declare import CITIZEN, FIRM, JOBS, PUBLIC, SIGNED_IN, SYSTEMS, Post
from shuniu.trust.declare import Actor, Refused, StandIn


def anonymous() -> Actor:
    """Who reads without signing in: what anybody may do, nowhere in particular."""
    return Actor("anonymous", "访客", capabilities=PUBLIC)


def system(name: str) -> Actor:
    """A job of the platform itself, with the capabilities listed for it. Raises KeyError for an unlisted job."""
    return Actor(f"system:{name}", JOBS[name], regions=(settings.PROVINCE,), capabilities=SYSTEMS[name])


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
