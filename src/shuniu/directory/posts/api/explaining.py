"""Why somebody may do something: every right with the post that it comes from and who appointed to that."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from shuniu.directory import models, store
from shuniu.directory.actors.api import standing_actor
from shuniu.directory.actors.checks import person_id, within
from shuniu.directory.declare import APPOINT, Explained, Origin, Person, Post, Right
from shuniu.directory.posts import rules
from shuniu.trust import api as trust
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

SUBSTITUTE = "directory.substitute"


@verb("directory.explain_rights", "查看权限来源", reads=True)
def explain_rights(*, actor: Actor, account: int, on: date | None = None) -> Explained:
    """Where an officer's rights come from on a day (default today): one's own; of others for who may list their accounts,
    and for the auditor. Roles are what they are now, posts what they were then.

    Raises Refused right.missing, right.agency, directory.no_account.
    """
    require()
    day = on or timezone.localdate()
    found = store.standing(account, day)
    if actor.person != person_id("officer", account) and not actor.may("directory.read_rights_on"):
        require(capability="directory.list_accounts")
        within(actor, found.agency if found else "")
    if found is None or found.kind != "officer":
        raise Refused(
            "directory.no_account", "这不是平台上的单位人员。", "系统任务、接口和公众没有岗位，权限由平台固定。"
        )
    who = standing_actor(found)
    record(f"account:{account}", detail={"day": day.isoformat(), "posts": len(found.posts)})
    person = Person(
        account, who.person, found.login, found.name, "officer", found.agency, found.agency_name, found.active, None,
        found.posts,
    )  # fmt: skip
    return Explained(person, day, who, _origins(account, found.posts), _rights(who, found.posts))


def officer_of(login: str) -> int:
    """The account number of an officer whom somebody names by login; 0 for none. It says nothing else."""
    found = models.Account.objects.filter(login=login.strip().lower(), kind="officer").first()
    return found.pk if found is not None else 0


def _origins(account: int, posts: tuple[Post, ...]) -> tuple[Origin, ...]:
    """The posts with who appointed to them, as the journal says it."""
    target = [f"account:{account}"]
    appointed = {one.detail.get("post"): one for one in trust.given(target, APPOINT)}
    arranged = {one.detail.get("substitution"): one for one in trust.given(target, SUBSTITUTE)}
    found = []
    for post in posts:
        by = arranged.get(post.instead.substitution) if post.instead else appointed.get(post.id)
        found.append(Origin(post, by.person_name, by.agency_name, by.at) if by else Origin(post))
    return tuple(found)


def _rights(who: Actor, posts: tuple[Post, ...]) -> tuple[Right, ...]:
    """Every capability of the actor with the posts that give it: those of posts first, then what every account has."""
    found = [
        Right(one, rules.title_of(one), tuple(post for post in posts if one in post.capabilities), rules.limits(one))
        for one in sorted(who.capabilities)
    ]
    return tuple(sorted(found, key=lambda right: not right.posts))
