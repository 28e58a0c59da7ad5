"""Agencies that issue, and a licence issued by a granted case."""

from __future__ import annotations

from dataclasses import replace

from shuniu.cases.api.licences import change_licence, issue_licence
from shuniu.cases.declare.licence import LicenceState, LicenceType, LicenceView
from shuniu.directory import api as directory
from tests.cases.papers import CLERK, filed
from tests.cast import AGENCIES, REGIONS

HOLDER = 7_000_002
FOOD = LicenceType(
    key="food",
    title="食品经营许可证",
    agency="43.market",
    definer="11430000XN0000020U",
    number="001",
    fields=(("name", "经营者名称"), ("premises", "经营场所"), ("unasked", "没有问过")),
    valid_years=5,
)
NURSE = LicenceType(
    key="nurse",
    title="护士执业证书",
    agency="43.market",
    definer="11430000XN0000020U",
    number="002",
    fields=(("name", "姓名"), ("id_number", "身份证号")),
    holder="natural",
)


def agencies() -> None:
    """The cast's agencies; the market's has a unified social credit code."""
    install = directory.system("install")
    directory.load_regions(actor=install, rows=REGIONS)
    rows = [replace(one, uscc="11430000XN0000020U") if one.key == "43.market" else one for one in AGENCIES]
    directory.load_agencies(actor=install, rows=rows)


def granted(number: str = "G1", **more: object) -> str:
    """A case of a firm that was granted; its number."""
    said: dict[str, object] = {
        "applicant": HOLDER, "applicant_kind": "legal", "applicant_name": "星沙演示有限公司",
        "answers": {"premises": "芙蓉区文艺路 1 号"},
    }  # fmt: skip
    return filed(number, "granted", **{**said, **more}).number


def issued(kind: LicenceType = FOOD, number: str = "G1", **more: object) -> LicenceView:
    return issue_licence(actor=CLERK, case=granted(number, **more), licence=kind)


def change(number: str, state: LicenceState, reason: str = "查实", basis: str = "行政许可法第六十九条") -> LicenceView:
    return change_licence(actor=CLERK, number=number, state=state, reason=reason, basis=basis)
