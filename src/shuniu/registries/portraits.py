"""A subject as a reviewer sees it: what each source says, personal data masked; and a doubt in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from shuniu.base.identifiers import IdentifierKind
from shuniu.base.masking import mask_address, mask_name, mask_resident_id
from shuniu.registries.declare import Portrait

_DETAILS = (("person", "法定代表人"), ("day", "成立日期"), ("place", "行政区划"), ("address", "住所"), ("sex", "性别"))
_NATURAL = {"day": "出生日期", "address": "住址"}
_SEX = {"1": "男", "2": "女"}
_PARTS = {
    "person": ("法定代表人", "一致", "不一致"),
    "day": ("成立日期", "一致", "不一致"),
    "place": ("行政区划", "一致", "不一致"),
    "address": ("住所", "一致", "不一致"),
    "sex": ("性别", "一致", "不一致"),
}
_NAMES = {
    "form": "名称完全一致", "prefix": "名称完全一致", "plain": "字号一致，名称未写区划", "whole": "姓名一致",
    "core_form": "除区划外名称一致", "core": "除区划外名称一致", "edit": "名称只差一个字", "other": "名称不一致",
}  # fmt: skip


def portrait(
    subject: int,
    kind: str,
    known: bool,
    identifiers: Iterable[tuple[str, str, str]],
    descriptions: Sequence[tuple[str, str, str, str, str, str, str]],
) -> Portrait:
    """One side of a doubtful pair. A person's name, numbers and address are masked, and the birth date is cut to its year."""
    natural = kind == "natural"
    numbers = list(identifiers)
    names = dict.fromkeys(mask_name(row[0]) if natural else row[0] for row in descriptions)
    details = dict.fromkeys(
        (_NATURAL.get(part, title) if natural else title, _shown(part, row[place], natural))
        for row in descriptions
        for place, (part, title) in enumerate(_DETAILS, start=1)
        if row[place]
    )
    return Portrait(
        subject=subject,
        kind=kind,
        known=known,
        names=tuple(names),
        identifiers=tuple(
            dict.fromkeys((IdentifierKind(k).label, mask_identifier(k, value)) for k, value, _ in numbers)
        ),
        details=tuple(details),
        sources=tuple(dict.fromkeys([*(number[2] for number in numbers), *(row[6] for row in descriptions)])),
    )


def mask_identifier(kind: str, value: str) -> str:
    """A person's number masked, a legal person's public number as it is; one that may hold a resident ID masked too."""
    if not IdentifierKind(kind).personal and kind != IdentifierKind.TAX_NUMBER:
        return value
    masked = mask_resident_id(value)
    return value[:2] + "*" * (len(value) - 4) + value[-2:] if "*" * len(value) == masked and len(value) > 6 else masked


def _shown(part: str, value: str, natural: bool) -> str:
    if part == "sex":
        return _SEX.get(value, value)
    if part == "person":
        return mask_name(value)
    if natural and part == "day":
        return value[:4] + "年"
    if natural and part == "address":
        return mask_address(value)
    return value


def reasons(rung: str, parts: Mapping[str, str | int], *, natural: bool) -> tuple[str, ...]:
    """Why a pair is doubtful: what agrees, what contradicts, what stands in the way of deciding by rule."""
    said = []
    number = str(parts.get("number", ""))
    if number:
        said.append(f"{IdentifierKind(number).label}相同")
    if rung == "shared_identifier":
        return (*said, "两个已登记主体使用同一号码")
    if name := _NAMES.get(str(parts.get("name", ""))):
        said.append(name)
    for part, (title, agree, against) in _PARTS.items():
        value = int(parts.get(part, 0))
        if value:
            said.append((_NATURAL.get(part, title) if natural else title) + (agree if value > 0 else against))
    return tuple(said)
