"""Finding the resource's items among a file's column headings: by field name or title, in any order."""

from __future__ import annotations

from collections.abc import Sequence

from shuniu.catalogue.declare import Resource
from shuniu.trust.declare import Refused


def plain(heading: str) -> str:
    """A heading without what departments add to it: spaces, stars, the BOM, case."""
    return heading.strip().strip("\ufeff*＊ 　\"").replace(" ", "").lower()


def columns_of(headings: Sequence[str], resource: Resource) -> dict[str, int]:
    """Item name → column position. Raises `Refused` file.columns when a required item's column is missing or doubled."""
    wanted = {plain(label): item.name for item in resource.items for label in (item.title, item.name)}
    found: dict[str, int] = {}
    for position, heading in enumerate(headings):
        name = wanted.get(plain(heading))
        if name is None:
            continue
        if name in found:
            raise Refused("file.columns", f"列“{heading}”出现两次。", "请只保留一列后重新报送。")
        found[name] = position
    missing = [i.title for i in resource.items if (i.required or i.key) and i.name not in found]
    if missing:
        raise Refused(
            "file.columns",
            f"缺少必需的列：{'、'.join(missing)}。",
            "请使用本资源的模板，或把列名改为目录中的名称后重新报送。",
        )
    return found
