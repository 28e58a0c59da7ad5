"""Nouns of the catalogue: elements, code lists, items, resources. Shipped and run-time declarations share them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shuniu.base.titled import Titled
from shuniu.trust.declare import Refused

NAME = re.compile(r"^[A-Za-z][A-Za-z0-9_]{0,58}$")
"""An item's column name: quoted in SQL, never starting with `_` (those columns are the registry's own)."""

RESOURCE_KEY = re.compile(r"^[0-9a-z]+(\.[0-9a-z_]+)+(/[0-9A-Za-z_.-]+)$")
"""`<agency key>/<name>`: 43.market/registration. The agency part owns the key."""


REGION_CODES = "region"
"""The code list that nobody ships: the directory's regions on the day in question (GB/T 2260)."""


class ItemType(Titled):
    """The six physical types that a resource's table knows; lengths, scales and code lists are conformance rules."""

    TEXT = "text", "字符型"
    INTEGER = "integer", "整型"
    DECIMAL = "decimal", "数值型"
    DATE = "date", "日期型"
    TIMESTAMP = "timestamp", "日期时间型"
    BOOLEAN = "boolean", "逻辑型"

    @property
    def sql(self) -> str:
        return _SQL_TYPES[self]


_SQL_TYPES = {
    ItemType.TEXT: "text",
    ItemType.INTEGER: "bigint",
    ItemType.DECIMAL: "numeric",
    ItemType.DATE: "date",
    ItemType.TIMESTAMP: "timestamptz",
    ItemType.BOOLEAN: "boolean",
}


class ShareType(Titled):
    """共享类型 of the 2017 guide (发改高技〔2017〕1272号)."""

    UNCONDITIONAL = "1", "无条件共享"
    CONDITIONAL = "2", "有条件共享"
    NOT_SHARED = "3", "不予共享"


class Cycle(Titled):
    """更新周期 of the 2017 guide, with the later additions 每半年 and 不定期."""

    REALTIME = "realtime", "实时"
    DAILY = "daily", "每日"
    WEEKLY = "weekly", "每周"
    MONTHLY = "monthly", "每月"
    QUARTERLY = "quarterly", "每季度"
    HALF_YEARLY = "half_yearly", "每半年"
    YEARLY = "yearly", "每年"
    ON_DEMAND = "on_demand", "不定期"


class SubjectType(Titled):
    """Whom a resource's rows are about."""

    LEGAL = "legal", "法人"
    NATURAL = "natural", "自然人"
    BOTH = "both", "法人和自然人"
    NONE = "none", "不指向主体"


class Disclosure(Titled):
    """披露方式 of a credit class (China's provincial credit regulations: 公开, 授权查询, 政务共享)."""

    PUBLIC = "public", "公开"
    AUTHORISED = "authorised", "授权查询"
    GOVERNMENT = "government", "政务共享"


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Element(Frozen):
    """A data element: defined once for the whole platform, with its type, check, code list and sensitivity."""

    key: str
    title: str
    type: ItemType = ItemType.TEXT
    aliases: tuple[str, ...] = ()
    check: str = ""  # a rule of registries.checks: uscc, resident_id, region, phone …
    length: int | None = None
    code_list: str = ""
    sensitivity: Annotated[int, Field(ge=1, le=4)] = 1
    owner: str = ""  # agency key of the one authoritative source (一数一源)
    basis: str = ""  # on what law it may be collected
    collectors: tuple[str, ...] = ()
    note: str = ""


class Code(Frozen):
    code: str
    label: str
    valid_from: str = ""
    valid_to: str = ""


class CodeList(Frozen):
    """A dated list of codes from a standard (GB/T 2261.1 …)."""

    key: str
    title: str
    standard: str = ""
    codes: tuple[Code, ...] = ()


class Item(Frozen):
    """One column of a resource. What the element fixes may be tightened here, never loosened."""

    name: str
    title: str
    type: ItemType = ItemType.TEXT
    element: str = ""
    length: int | None = None
    required: bool = False
    key: bool = False
    code_list: str = ""
    check: str = ""
    identifies: str = ""  # an IdentifierKind's value, "legal_name" or "person_name"; empty: no part of the identity
    sensitivity: Annotated[int, Field(ge=1, le=4)] = 1
    share: ShareType | None = None  # stricter of this and the resource's
    note: str = ""

    @model_validator(mode="after")
    def _names(self) -> Self:
        if not NAME.match(self.name):
            raise ValueError(f"字段名“{self.name}”只能由字母、数字、下划线组成，字母开头，最长 59 位")
        return self


class CreditTerms(Frozen):
    """What makes a resource one of the credit classes: nature, disclosure, how long, on what basis."""

    nature: str
    disclosure: Disclosure
    term_rule: str = ""  # key of the dated rule that says how long it is disclosed
    validity: str = ""
    category: str = ""


class Resource(Frozen):
    """A catalogued resource: what one version of it says. Stored as it stands with every version."""

    key: str
    title: str
    agency: str
    summary: str = ""
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    subject: SubjectType = SubjectType.NONE
    share: ShareType = ShareType.CONDITIONAL
    share_conditions: str = ""
    share_refusal_basis: str = ""
    open: bool = False
    cycle: Cycle = Cycle.MONTHLY
    legal_basis: str = ""
    article: str = ""
    purpose: str = ""  # for persons' data: what for, on what basis, how long (none: no publishing)
    purpose_basis: str = ""
    retention: str = ""
    credit: CreditTerms | None = None
    register_for: SubjectType = SubjectType.NONE  # its rows found subjects of this type (a base register)
    by_region: str = ""  # the item whose region code says which county owns the row
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not RESOURCE_KEY.match(self.key):
            raise ValueError(f"资源代码“{self.key}”应为“单位代码/名称”，如 43.market/registration")
        if self.key.partition("/")[0] != self.agency:
            raise ValueError(f"资源“{self.key}”的代码前段应是提供方“{self.agency}”")
        names = [item.name for item in self.items]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise ValueError(f"字段名重复：{'、'.join(doubled)}")
        if not any(item.key for item in self.items):
            raise ValueError("没有主键：至少一个信息项要标为主键，才能认出同一条记录")
        if self.by_region and self.by_region not in names:
            raise ValueError(f"区划字段“{self.by_region}”不在信息项中")
        return self

    @property
    def key_items(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.key)

    def item(self, name: str) -> Item:
        """The item of that name; KeyError when there is none."""
        for item in self.items:
            if item.name == name:
                return item
        raise KeyError(name)


class Published(Frozen):
    """A published version as the engines above use it: the declaration, its number, and its table's number."""

    table: int
    version: int
    resource: Resource

    @property
    def physical(self) -> str:
        """The generated name of its table in schema `resource`."""
        return f"r{self.table:04d}"


class State(Titled):
    """Where a version stands in the catalogue; whether its table stands and serves is the other axis (`mounted`)."""

    DRAFT = "draft", "草稿"
    REVIEW = "review", "发布待审核"
    REJECTED = "rejected", "发布已驳回"
    PUBLISHED = "published", "已发布"
    SUPERSEDED = "superseded", "已有新版本"
    WITHDRAWN = "withdrawn", "已撤销"

    @property
    def code(self) -> str:
        """The code that catalogue systems in use have for it (0 已创建 … 6 已撤销)."""
        return _STATE_CODES[self]


_STATE_CODES = {
    State.DRAFT: "0",
    State.REVIEW: "1",
    State.REJECTED: "2",
    State.PUBLISHED: "3",
    State.SUPERSEDED: "6",
    State.WITHDRAWN: "6",
}


@dataclass(frozen=True)
class Fault:
    """One thing that a declaration does against a rule: which rule, at which resource and item, and how to mend it.

    `blocks` says whether it keeps the resource from being published; the others are shown and counted.
    """

    rule: str
    resource: str
    item: str
    message: str
    remedy: str
    blocks: bool = True


class NotFound(Refused):
    """Nothing of that key is in the catalogue (rule catalogue.unknown)."""

    def __init__(self, what: str, key: str) -> None:
        super().__init__("catalogue.unknown", f"目录中没有{what}“{key}”。", "请核对代码，或在资源目录中按名称查找。")
