"""Licences and approvals that cases issue (电子证照): types, and the states of the national licence database."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shuniu.catalogue.declare import Frozen


class LicenceState(StrEnum):
    """证照状态, codes of the national licence database."""

    VALID = "01"
    SUSPENDED = "02"
    REVOKED = "03"
    CANCELLED = "04"
    EXPIRED = "05"
    WITHDRAWN = "07"

    @property
    def title(self) -> str:  # type: ignore[override]  # str.title is of no use here
        return {"01": "有效", "02": "暂扣", "03": "撤销", "04": "注销", "05": "失效", "07": "吊销"}[self.value]


class LicenceType(Frozen):
    """A kind of licence. `definer` and `number` make its type code (GB/T 36904-2018: 18 + 3 characters)."""

    key: str
    title: str
    agency: str  # who issues it
    definer: Annotated[str, Field(pattern=r"^[0-9A-Z]{18}$")]
    number: Annotated[str, Field(pattern=r"^[0-9]{3}$")]
    fields: tuple[tuple[str, str], ...]  # question of the form (or "name", "code" of the holder) and the printed title
    valid_years: int | None = None  # None: long
    holder: str = "legal"  # legal · natural
