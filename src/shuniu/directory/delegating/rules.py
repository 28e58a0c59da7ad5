"""Pure rules of delegation: what may be given, for how long, and why one in hand does not allow an act."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from shuniu.directory.declare.delegations import ACTS, DelegationState, Scope
from shuniu.trust.declare import Refused


def scope(acts: Collection[str], items: Collection[str]) -> Scope:
    """What was chosen, in order. Raises Refused delegation.acts, delegation.items."""
    if not acts or not set(acts) <= set(ACTS):
        raise Refused("delegation.acts", "没有选择让对方办什么。", f"至少选一项：{'、'.join(ACTS.values())}。")
    if len(items) > 100:
        raise Refused("delegation.items", "指定的事项超过 100 个。", "请减少，或者选择全部事项。")
    seeing = {"see"} if "file" in acts else set()
    return Scope(frozenset(acts) | seeing, frozenset(items))


def check_term(since: date, until: date, longest: int) -> None:
    """Refuse an end before the beginning, or later than the dated rule lets one be (`longest` days)."""
    if until < since:
        raise Refused("delegation.term", f"截止日 {until} 已经过去。", "请填写今天或以后的日期。")
    if until > (latest := since + timedelta(days=longest)):
        raise Refused("delegation.term", f"委托最长 {longest} 天，截止日不得晚于 {latest}。", "到期后可以再次委托。")


def state(*, accepted: bool, ended: bool, until: date, on: date) -> DelegationState:
    """How a delegation stands on a day."""
    if ended:
        return DelegationState.ENDED
    if until < on:
        return DelegationState.EXPIRED
    return DelegationState.IN_FORCE if accepted else DelegationState.OFFERED


def check_in_force(found: DelegationState, number: int, until: date) -> None:
    """Refuse what does not allow anything today. Raises Refused delegation.ended, expired, not_accepted."""
    again = "需要继续代办的，请委托人重新委托。"
    if found is DelegationState.ENDED:
        raise Refused("delegation.ended", f"第 {number} 号委托已经终止。", again)
    if found is DelegationState.EXPIRED:
        raise Refused("delegation.expired", f"第 {number} 号委托已于 {until} 到期。", again)
    if found is DelegationState.OFFERED:
        raise Refused("delegation.not_accepted", f"第 {number} 号委托还没有接受。", "请在“代办委托”中接受后再办理。")


def check_covers(held: Scope, number: int, act: str, item: str) -> None:
    """Refuse an act or an item that was not delegated. Raises Refused delegation.scope."""
    if not held.covers(act, item):
        what = "这个事项" if act in held.acts else f"“{ACTS[act]}”"
        raise Refused(
            "delegation.scope", f"{what}不在第 {number} 号委托的范围内。", "请委托人另行委托，或者由其本人办理。"
        )
