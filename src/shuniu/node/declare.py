"""What a node is told: one file in TOML, read strictly, so that a slip is said at the start and not at the first question."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shuniu.base.identifiers import IdentifierKind
from shuniu.trust.declare import Refused

Name = Annotated[str, Field(min_length=1, max_length=63)]


class Table(BaseModel):
    """One resource: the table or view, its column for each kind of identifier, its column for each item."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    resource: Annotated[str, Field(pattern=r"^[0-9a-z.\-]+/[0-9a-z_\-]+$")]
    table: Name
    namespace: Annotated[Name, Field(alias="schema")] = "public"
    identifiers: Annotated[dict[IdentifierKind, Name], Field(min_length=1)]
    items: Annotated[dict[Name, Name], Field(min_length=1)]
    region: str = ""  # the item that says where a row belongs: rows elsewhere are not even sent

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.region and self.region not in self.items:
            raise ValueError(f"region 指的 {self.region} 不在 items 里")
        return self


class Settings(BaseModel):
    """A node: where it is asked and listens, whose keys it believes, its database, its tables."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    url: str  # as the platform calls it; what is signed must name it
    listen: Annotated[str, Field(pattern=r"^[^:]+:[0-9]{1,5}$")] = "127.0.0.1:9043"
    folder: Path = Path("shuniu-keys")  # as `shuniu trust join` leaves it
    platform: Annotated[tuple[Path, ...], Field(min_length=1)]  # certificates or public keys, PEM
    database: str = ""
    timeout_ms: Annotated[int, Field(ge=10, le=60_000)] = 3_000
    connections: Annotated[int, Field(ge=1, le=64)] = 4
    rows: Annotated[int, Field(ge=1, le=100_000)] = 1_000
    skew: Annotated[int, Field(ge=1, le=3_600)] = 300  # seconds that the clocks may differ
    tables: Annotated[tuple[Table, ...], Field(min_length=1, alias="table")]

    @model_validator(mode="after")
    def _plain(self) -> Self:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
            raise ValueError("url 应为完整的 http 或 https 地址，不带参数")
        if len({one.resource for one in self.tables}) < len(self.tables):
            raise ValueError("同一个资源写了两张表")
        return self


def read(path: Path) -> Settings:
    """A node's file; relative paths in it are from its own folder. Raises Refused node.file."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        found = Settings.model_validate(said)
    except OSError as error:
        raise Refused("node.file", f"读不到 {path}。", "请核对路径和权限。") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused("node.file", f"{path} 不是 TOML：{error}。", "请按操作指南改正。") from error
    except ValidationError as error:
        faults = "；".join(f"{'.'.join(map(str, one['loc'])) or '全文'}：{one['msg']}" for one in error.errors())
        raise Refused("node.file", f"{path} 的内容不对：{faults}。", "请按操作指南改正。") from error
    database = os.environ.get("SHUNIU_NODE_DATABASE") or found.database
    if not database:
        raise Refused("node.file", "没有写明数据库。", "请写 database，或者用环境变量 SHUNIU_NODE_DATABASE。")
    base = path.resolve().parent
    return found.model_copy(
        update={
            "database": database, "folder": base / found.folder, "platform": tuple(base / one for one in found.platform)
        }
    )  # fmt: skip
