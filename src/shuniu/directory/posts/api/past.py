"""Rights as they were: which posts somebody held on a day, and which of them allowed an act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shuniu.directory import models
from shuniu.directory.declare import ROLES, Post
from shuniu.directory.store import posts_of
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


@dataclass(frozen=True)
class RightOn:
    """A post that somebody held on a day, and whether its role allows the act by what the platform allows now."""

    post: Post
    allows: bool


@verb("directory.read_rights_on", "查看某日的岗位和权限")
def read_rights_on(*, actor: Actor, person: str, day: date, capability: str) -> tuple[RightOn, ...]:
    """The posts of an officer (`officer:12`) on a day, those that allow `capability` first.

    Raises Refused directory.no_account for who is no officer of the platform.
    """
    require()
    kind, _, number = person.partition(":")
    known = kind == "officer" and number.isdecimal() and models.Account.objects.filter(pk=int(number)).exists()
    if not known:
        raise Refused(
            "directory.no_account", "这不是平台上的单位人员。", "系统任务、接口和公众没有岗位，权限由平台固定。"
        )
    held = posts_of([int(number)], on=day).get(int(number), ())
    record(f"account:{number}", detail={"day": day.isoformat(), "posts": len(held)})
    found = (RightOn(one, one.role in ROLES and capability in ROLES[one.role].capabilities) for one in held)
    return tuple(sorted(found, key=lambda one: not one.allows))
