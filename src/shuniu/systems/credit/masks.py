"""What of a cell the public reads: a natural person's numbers, addresses and contacts are hidden in any running text."""

from __future__ import annotations

import re
from functools import lru_cache

from shuniu.base.masking import HIDDEN_ADDRESS, mask_free_text
from shuniu.catalogue.declare import Item, ItemType, Resource

_STRUCTURED = re.compile(
    r"(机关|单位|机构|法院|代码|文号|编号|案号|证号|名称|类别|类型|状态|等级|级别|行政区划代码)(_\d.*|（.*）)?$"
)
_ANY_NUMBER = re.compile(r"\d{5,}|[@＠]|\d[\s.·•\-－_]\d")
_SEAT = frozenset({"address", "business_address"})
INDIVIDUAL = "92"
"""Registration department and kind of a 个体工商户's code (GB 32100): its seat may be a home."""


_PERSONS_NUMBER = re.compile(r"证件号码|身份号码|身份证")


def persons_number(item: Item) -> bool:
    """Whether an item holds a natural person's number."""
    return "resident_id" in (item.identifies, item.check) or _PERSONS_NUMBER.search(item.title) is not None


@lru_cache(maxsize=50_000)
def _masked(text: str) -> str:
    return mask_free_text(text)


def public_text(text: str, item: Item, resource: Resource, code: str) -> str:
    """A text cell as the public may read it.

    Free text is masked whole. What names an office, a document or a code keeps what only looks like an address (乔口镇人民政府);
    the seat of a firm is public registration (市场主体登记管理条例 art. 8), an individual's is not.
    """
    if item.type is not ItemType.TEXT or item.code_list or item.identifies:
        return text
    seat = item.name in _SEAT and not code.startswith(INDIVIDUAL) and resource.subject.value == "legal"
    if seat or _STRUCTURED.search(item.title):
        if not _ANY_NUMBER.search(text):
            return text
        hidden = _masked(text)
        return text if hidden.replace(HIDDEN_ADDRESS, "").count("已隐去") == 0 else hidden
    return _masked(text)
