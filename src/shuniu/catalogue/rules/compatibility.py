"""What the next version of a resource may change: add optional items and loosen; anything else is a new resource.

The rows that are held were accepted under the version before: a version that they would not meet, or under which their
columns mean something else, is refused, and a new resource succeeds the old one. Terms (sharing, cycle, summary, basis,
disclosure) are free: they say what may be done with the rows, not what the rows are.
"""

from __future__ import annotations

from collections.abc import Iterator

from shuniu.catalogue.declare import Fault, Item, Resource
from shuniu.catalogue.names import normal

REMEDY = "改变类型、主键或含义的，请另建新资源接替原资源；只增加非必填项或放宽要求的，可作为新版本。"


def incompatible(before: Resource, after: Resource) -> tuple[Fault, ...]:
    """Every change that makes `after` no version of `before`. Both have the same key."""
    return tuple(
        Fault("catalogue.incompatible", after.key, item, message, REMEDY)
        for item, message in (*_whole(before, after), *_items(before, after))
    )


def _whole(before: Resource, after: Resource) -> Iterator[tuple[str, str]]:
    if before.subject is not after.subject:
        yield "", f"主体类型由“{before.subject.title}”变为“{after.subject.title}”。"
    if before.register_for is not after.register_for:
        yield "", "是否为基础库登记（register_for）发生变化。"
    if before.credit is not None and after.credit is not None and before.credit.nature != after.credit.nature:
        yield "", f"信息性质由“{before.credit.nature}”变为“{after.credit.nature}”。"


def _items(before: Resource, after: Resource) -> Iterator[tuple[str, str]]:
    held = {item.name: item for item in before.items}
    for item in after.items:
        old = held.pop(item.name, None)
        if old is None:
            yield from _added(item)
        else:
            yield from ((item.name, message) for message in _changed(old, item))
    for name in held:
        yield name, f"信息项“{held[name].title}”（{name}）被去掉。"


def _added(item: Item) -> Iterator[tuple[str, str]]:
    if item.key:
        yield item.name, f"新增的“{item.title}”是主键。"
    elif item.required:
        yield item.name, f"新增的“{item.title}”是必填项，已有记录没有这一项。"


def _changed(old: Item, new: Item) -> Iterator[str]:
    name = f"“{old.title}”"
    if old.type is not new.type:
        yield f"{name}的类型由{old.type.title}变为{new.type.title}。"
    if old.key != new.key:
        yield f"{name}的主键标志发生变化。"
    if old.identifies != new.identifies:
        yield f"{name}的主体标识由“{old.identifies or '无'}”变为“{new.identifies or '无'}”。"
    if old.element and old.element != new.element:
        yield f"{name}的数据元由“{old.element}”变为“{new.element or '无'}”。"
    if not old.element and normal(old.title) != normal(new.title):
        yield f"{name}改名为“{new.title}”，没有数据元可以证明含义未变。"
    if new.required and not old.required:
        yield f"{name}由选填变为必填。"
    if new.length is not None and (old.length is None or new.length < old.length):
        yield f"{name}的长度由{old.length or '不限'}缩短为{new.length}。"
    if new.code_list and new.code_list != old.code_list:
        yield f"{name}的代码集由“{old.code_list or '无'}”变为“{new.code_list}”。"
    if new.check and new.check != old.check:
        yield f"{name}的校验规则由“{old.check or '无'}”变为“{new.check}”。"
