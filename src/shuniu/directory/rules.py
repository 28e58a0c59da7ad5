"""Pure rules of the directory: who may hold what together, where a post may reach, which codes and names are sound."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import combinations, groupby

from shuniu.base.identifiers import region_level, uscc_valid
from shuniu.base.periods import Period
from shuniu.base.rules import RuleError, region_prefix
from shuniu.directory.declare import ROLES, Agency, Region
from shuniu.trust.declare import Actor, Refused

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,31}")
_RESIDENT_ID = re.compile(r"\d{15}|\d{17}[\dx]")
_AGENCY_KEY = re.compile(r"[0-9a-z]+(\.[0-9a-z_]+)+")


def title_of(role: str) -> str:
    """A role's Chinese title. Raises Refused (directory.no_role) for a key that the platform does not know."""
    if role not in ROLES:
        raise Refused("directory.no_role", f"没有角色“{role}”。", f"可选的有：{'、'.join(ROLES)}。")
    return ROLES[role].title


def check_regions(home: str, regions: Sequence[str]) -> None:
    """Refuse regions that do not lie inside the agency's own region, or no region at all."""
    if not regions:
        raise Refused("directory.no_region", "岗位没有辖区。", "请至少填写一个区划代码。")
    agency = Actor("", "", regions=(home,))
    for region in regions:
        check_code(region)
        if not agency.reaches(region):
            raise Refused(
                "directory.region_outside", f"区划 {region} 不在单位所在区划 {home} 之内。", "请改为本单位所辖的区划。"
            )


def check_code(code: str) -> str:
    """A region code without its filling zeros. Raises Refused (directory.region_code) for what is none."""
    try:
        return region_prefix(code)
    except RuleError as error:
        raise Refused("directory.region_code", f"{error}。", "请核对 GB/T 2260 代码。") from error


def check_login(login: str) -> None:
    """Refuse a login that is malformed or is a resident ID, which has no place in an account."""
    if _RESIDENT_ID.fullmatch(login):
        raise Refused("directory.login_identity", "登录名不能使用公民身份号码。", "请改用字母开头的简称。")
    if not _LOGIN.fullmatch(login):
        raise Refused(
            "directory.login_form",
            "登录名应为 3–32 位小写字母、数字、点、横线或下划线，以字母或数字开头。",
            "请修改后重试。",
        )


def check_region_rows(rows: Sequence[Region], standing: Iterable[Region]) -> None:
    """Refuse malformed rows, and two spans of one code that overlap, among `rows` and what stands beside them."""
    for row in rows:
        check_code(row.code)
        level = region_level(row.code)
        if len(row.code) < 6 or row.level != level:
            raise Refused(
                "directory.region_level",
                f"区划 {row.code} {row.name} 的级别应为 {level}，代码为 6、9 或 12 位。",
                "请改正。",
            )
        if row.valid_to is not None and row.valid_to < row.valid_from:
            raise Refused("directory.region_period", f"区划 {row.code} {row.name} 的终止日早于起始日。", "请改正。")
    ordered = sorted((*rows, *standing), key=lambda row: (row.code, row.valid_from))
    for code, group in groupby(ordered, key=lambda row: row.code):
        for one, other in combinations(group, 2):
            if Period(one.valid_from, one.valid_to).overlaps(Period(other.valid_from, other.valid_to)):
                raise Refused(
                    "directory.region_overlap",
                    f"区划 {code} 自 {one.valid_from} 与自 {other.valid_from} 的两段有效期重叠。",
                    "请先截止前一段。",
                )


def check_agency_rows(rows: Sequence[Agency], regions: Collection[str]) -> None:
    """Refuse malformed agencies, or agencies in a region that the directory does not know."""
    for row in rows:
        if not _AGENCY_KEY.fullmatch(row.key):
            raise Refused(
                "directory.agency_key", f"单位标识“{row.key}”不合规。", "应如 43.market：区划简码、点、英文简称。"
            )
        if row.region not in regions:
            raise Refused(
                "directory.agency_region", f"单位 {row.name} 的区划 {row.region} 不在区划库中。", "请先载入该区划。"
            )
        if row.uscc is not None and not uscc_valid(row.uscc):
            raise Refused(
                "directory.agency_uscc",
                f"单位 {row.name} 的统一社会信用代码 {row.uscc} 校验不符。",
                "请核对后重新载入。",
            )


def with_predecessors(regions: Iterable[str], abolished: Mapping[str, str]) -> tuple[str, ...]:
    """The regions with the abolished codes whose ground they took over, however often it changed hands.

    `abolished` maps a code to its successor. Rows written under 430122 望城县 stay within the reach of 430112 望城区.
    """
    reach = list(dict.fromkeys(regions))
    grown = True
    while grown:
        actor = Actor("", "", regions=tuple(reach))
        more = [old for old, new in abolished.items() if actor.reaches(new) and not actor.reaches(old)]
        reach.extend(more)
        grown = bool(more)
    return tuple(reach)


def spans(since: date, until: date | None, today: date) -> None:
    """Refuse an appointment that would begin in the past (rights are never dated back) or end before it begins."""
    if since < today:
        raise Refused("directory.backdated", f"任命不能从过去的日期 {since} 起算。", "请填写今天或以后的日期。")
    if until is not None and until <= since:
        raise Refused("directory.empty_term", "任期的截止日应晚于起始日。", "请修改截止日，或留空表示长期。")


def issued_codes(rows: Iterable[Region], on: date) -> dict[str, str]:
    """Codes ever issued, of provinces with counties among the rows, → what stands for each on that day (see `places`).

    A prefecture whose ground one county is said to have followed stays itself: that county is not what a row meant.
    """
    ordered = sorted(rows, key=lambda row: row.valid_from)
    known = {row.code[:2] for row in ordered if row.level == 3}
    ordered = [row for row in ordered if row.code[:2] in known]
    standing = {row.code for row in ordered if row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)}
    followed = {row.code: row.successor for row in ordered if row.successor and row.valid_to and row.valid_to < on}
    issued: dict[str, str] = {}
    for row in ordered:
        now = _standing_for(row.code, standing, followed)
        issued |= _as_written(row.code, now)
        if row.level == 2:
            issued.setdefault(row.code[:4] + "01", row.code[:4] + "01")  # 市辖区 of the prefecture (GB/T 2260)
    return issued


def _standing_for(code: str, standing: Collection[str], followed: Mapping[str, str]) -> str:
    at, seen = code, {code}
    while at not in standing and (at := followed.get(at, "")) and at not in seen:
        seen.add(at)
    return at if at in standing and region_level(at) <= region_level(code) else code


def _as_written(code: str, now: str) -> dict[str, str]:
    """A code and its shorter and longer forms; a province or prefecture may be written without its zeros."""
    forms = {code: now}
    if code != now and len(code) == 6:
        forms |= {code + "0" * more: now + "0" * (6 + more - len(now)) for more in (3, 6) if len(now) <= 6 + more}
    for end in ("00", "0000"):
        if len(code) == 6 and code.endswith(end):
            forms[code[: -len(end)]] = now[: -len(end)] if now.endswith(end) else now
    return forms
