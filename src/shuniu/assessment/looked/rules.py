"""What is out of the ordinary in a day of readings: a pure function of the day's facts and the limits of the dated rules."""

from __future__ import annotations

from collections.abc import Iterator

from shuniu.assessment.looked.declare import Facts, Found, Kind, Limits

COMPOUND = (
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙", "司徒", "夏侯", "轩辕", "端木",
    "独孤", "南宫", "西门", "百里",
)  # fmt: skip
"""Family names of two characters; any other name begins with one of one."""


def family_name(name: str) -> str:
    """The family name of a Chinese personal name; empty for a name that is none."""
    plain = name.strip()
    return plain[:2] if plain[:2] in COMPOUND else plain[:1]


def judge(facts: Facts, limits: Limits) -> Iterator[Found]:
    """Everything that the limits find in a day. Who has no earlier days has no usual, and no volume above it."""
    above = facts.readings * 100 > facts.usual * limits.volume_percent
    if facts.days >= limits.volume_days and facts.readings >= limits.volume_least and above:
        yield Found(Kind.VOLUME, 0, f"当日查阅{facts.readings}次，平时每日约{round(facts.usual)}次")
    if facts.off_duty >= limits.off_duty:
        yield Found(Kind.OFF_DUTY, 0, f"工作时间以外查阅{facts.off_duty}次")
    if facts.family >= limits.family and facts.family * 100 >= facts.persons * limits.family_percent:
        yield Found(Kind.FAMILY, 0, f"没有对应办件而查阅的{facts.persons}人中，有{facts.family}人与本人同姓")
    if facts.caseless >= limits.caseless:
        yield Found(Kind.NO_CASE, 0, f"当日有{facts.caseless}次查阅没有写明对应的办件或任务")
    for subject, often in facts.repeated:
        if often >= limits.again:
            yield Found(Kind.AGAIN, subject, f"没有对应办件而查阅同一对象{often}次")
