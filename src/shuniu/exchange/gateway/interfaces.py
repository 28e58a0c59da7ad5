"""Declaring a provider's live interface: by the province's office, so that nobody has the platform call what he pleases."""

from __future__ import annotations

from urllib.parse import urlsplit

from shuniu.catalogue import api as catalogue
from shuniu.exchange.gateway.store import calls as store
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.suites import Unreadable, of_key

LONGEST, LARGEST = 60_000, 64_000_000


@verb("exchange.declare_live", "登记实时接口")
def declare_live(
    *, actor: Actor, resource: str, url: str, public: bytes, wait_ms: int = 5_000, most: int = 1_000_000
) -> int:
    """Have a resource answered by its provider's interface at `url`, which signs by the key `public` (SPKI, DER).

    Raises Refused live.url, live.key, live.limits; NotFound.
    """
    require()
    published = catalogue.published(resource)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.fragment:
        raise Refused("live.url", "接口地址不对。", "请写完整的 http 或 https 地址，不带账号。")
    try:
        of_key(public)
    except Unreadable as error:
        raise Refused("live.key", "接口的公钥不能用于验签。", "请提供 SPKI 格式的公钥。") from error
    if not (0 < wait_ms <= LONGEST and 0 < most <= LARGEST):
        raise Refused(
            "live.limits", "时限或大小超出范围。", f"时限不超过 {LONGEST} 毫秒，回答不超过 {LARGEST:,} 字节。"
        )
    number = store.declare_interface(resource, url, public, wait_ms, most, actor.person)
    record(
        f"resource:{resource}", detail={"interface": number, "host": parts.hostname, "owner": published.resource.agency}
    )
    return number


@verb("exchange.end_live", "停用实时接口")
def end_live(*, actor: Actor, resource: str) -> None:
    """Have a resource answered from its stored rows again. Raises Refused live.none."""
    require()
    if not store.end_interface(resource, actor.person):
        raise Refused("live.none", "这个资源没有登记实时接口。", "请核对资源代码。")
    record(f"resource:{resource}")
