"""Pure rules: what answers whether somebody may, which posts one person may not hold together, how long for another."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from shuniu.directory.declare import (
    APPOINT,
    PUBLIC,
    ROLES,
    SEPARATIONS,
    SIGNED_IN,
    THREE,
    WIDER,
    Answer,
    Explained,
    Reason,
    Separation,
    SubstitutionState,
)
from shuniu.trust.api import VERBS, denied
from shuniu.trust.declare import Refused


def title_of(capability: str) -> str:
    """What a capability is called: its verb's title, or what it widens."""
    return VERBS[capability].title if capability in VERBS else WIDER.get(capability, capability)


def limits(capability: str) -> tuple[Separation, ...]:
    """What keeps somebody from using a capability on what he made himself."""
    return tuple(one for one in SEPARATIONS if capability in one.checked)


def answer(found: Explained, capability: str, *, agency: str | None = None, region: str | None = None) -> Answer:
    """Whether an explained person may, by the very function that decides at every door; the chain as far as it holds."""
    title = title_of(capability)
    reasons = [_standing(found), _held(found, capability)]
    refused = denied(found.actor, capability, title)
    if refused is None and agency is not None:
        refused = denied(found.actor, capability, title, agency=agency)
        own = f"数据属于 {agency}，本人属于 {found.actor.agency}"
        says = own if refused else "属于本单位" if agency == found.actor.agency else "有统管全部单位业务的权限"
        reasons.append(Reason(refused is None, f"单位：{says}。"))
    if refused is None and region is not None:
        refused = denied(found.actor, capability, title, region=region)
        reach = "、".join(found.actor.regions) or "没有辖区"
        word = "不在" if refused else "在"
        reasons.append(Reason(refused is None, f"区划：{region} {word}全部岗位的辖区（{reach}）之内。"))
    return Answer(tuple(reasons), refused, limits(capability) if refused is None else ())


def _standing(found: Explained) -> Reason:
    if not found.origins:
        return Reason(False, f"岗位：{found.day} 没有岗位。")
    held = "、".join(_named(one.post.title, one.post.instead.name if one.post.instead else "") for one in found.origins)
    return Reason(True, f"岗位：{found.day} 担任 {held}。")


def _named(title: str, whose: str) -> str:
    return f"{title}（代 {whose}）" if whose else title


def _held(found: Explained, capability: str) -> Reason:
    title = title_of(capability)
    if capability in PUBLIC | SIGNED_IN:
        return Reason(found.actor.may(capability), f"权限：“{title}”每个账号都有，不需要岗位。")
    giving = [one.post for one in found.origins if capability in one.post.capabilities]
    if giving:
        whose = "、".join(_named(post.role_title, post.instead.name if post.instead else "") for post in giving)
        return Reason(True, f"权限：角色“{whose}”包括“{title}”。")
    having = "、".join(role.title for role in ROLES.values() if capability in role.capabilities)
    return Reason(False, f"权限：所任岗位都不包括“{title}”；包括它的角色：{having or '没有'}。")


def kept_apart(one: str, other: str) -> str:
    """Why one person may not hold both of these roles, by whatever way he got them; '' where he may.

    The one rule of 不相容职责 and 三员分设 for posts: appointing, standing in and the yearly review go by it.
    """
    if one not in ROLES or other not in ROLES:
        return ""
    if one in THREE or other in THREE:
        return "系统、安全、审计三员分设，且不兼任业务岗位"
    first, second = ROLES[one].capabilities, ROLES[other].capabilities
    found = (row.says for row in SEPARATIONS if _apart(row, first, second) or _apart(row, second, first))
    return next(found, "")


def check_together(held: Iterable[str], role: str, *, stands_in: Iterable[str] = ()) -> None:
    """Refuse to appoint to a role whoever holds it, or holds or stands in for one that must be kept apart from it.

    Raises Refused directory.role_held, three_administrators, kept_apart.
    """
    own, wanted = list(held), ROLES[role].title
    if role in own:
        raise Refused("directory.role_held", f"此人已担任“{wanted}”。", "需要变更辖区时，请先免去原岗位再任命。")
    for other in (*own, *stands_in):
        if why := kept_apart(other, role):
            rule = "three_administrators" if other in THREE or role in THREE else "kept_apart"
            raise Refused(
                f"directory.{rule}",
                f"“{wanted}”与已担任或代理的“{ROLES[other].title}”不能由同一人担任：{why}。",
                "请任命另一个人，或先免去其现有岗位、终止其代理。",
            )


def check_apart(held: Iterable[str], role: str) -> None:
    """Refuse a post to stand in for to whoever holds one that must be kept apart from it. Raises Refused substitution.conflict."""
    for other in held:
        if why := kept_apart(other, role):
            raise Refused(
                "substitution.conflict",
                f"已任“{ROLES[other].title}”的人不能代理“{ROLES[role].title}”：{why}。",
                "请安排岗位不冲突的另一名人员。",
            )


def _apart(one: Separation, maker: Collection[str], checker: Collection[str]) -> bool:
    """Whether one side makes what only the other checks; a role that does both is guarded by the person's own rule."""
    makes, checks = one.made.intersection(maker), one.checked.intersection(checker)
    return bool(makes and checks) and not (one.made.intersection(checker) or one.checked.intersection(maker))


def check_term(since: date, last: date, today: date, longest: int) -> None:
    """Refuse a term that begins in the past, ends before it begins, or is longer than the dated rule (`longest` days)."""
    if since < today:
        raise Refused("substitution.term", f"代理不能从过去的日期 {since} 起算。", "请填写今天或以后的日期。")
    if last < since:
        raise Refused("substitution.term", f"最后一天 {last} 早于第一天 {since}。", "请修改日期。")
    if last > (latest := since + timedelta(days=longest - 1)):
        raise Refused(
            "substitution.term", f"代理最长 {longest} 天，最后一天不得晚于 {latest}。", "更长的，请正式任命岗位。"
        )


def check_grantable(role: str, capabilities: Collection[str]) -> None:
    """Refuse to hand on, even for a while, a post that gives rights to others, but by who appoints to it."""
    found = ROLES[role]
    if APPOINT in found.capabilities and found.granted_with not in capabilities:
        raise Refused(
            "substitution.granting", f"“{found.title}”能够授予权限，不能自行安排代理。", "请由平台安全管理员安排。"
        )


def state(since: date, until: date, *, ended: bool, on: date) -> SubstitutionState:
    """How a substitution stands on a day; `until` is the first day on which it gives nothing."""
    if on >= until:
        return SubstitutionState.ENDED if ended else SubstitutionState.OVER
    return SubstitutionState.AHEAD if on < since else SubstitutionState.RUNNING
