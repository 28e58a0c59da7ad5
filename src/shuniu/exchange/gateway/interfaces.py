"""Providers' live interfaces: declared by the province's office, so that nobody has the platform call what he pleases.

What is declared is a certificate of the provider's: it can end, be revoked, be renewed, and is looked at again at each call.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from django.utils import timezone

from shuniu.catalogue import api as catalogue
from shuniu.exchange.gateway import telling
from shuniu.exchange.gateway.declare import Declared, Interface, LiveView
from shuniu.exchange.gateway.live import breaker
from shuniu.exchange.gateway.reaching import addresses, parts_of
from shuniu.exchange.gateway.store import interfaces as store
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.certificates.api import check_held, known, registered, stamp
from shuniu.trust.certificates.declare import Held
from shuniu.trust.declare import Actor, Refused

LONGEST, LARGEST = 60_000, 64_000_000
HOURS = 24
"""Of whose counted calls a list of interfaces tells."""


@verb("exchange.declare_live", "登记实时接口")
def declare_live(
    *, actor: Actor, resource: str, url: str, certificate: bytes, wait_ms: int = 5_000, most: int = 1_000_000
) -> int:
    """Have a resource answered by its provider's interface at `url`, which signs by that certificate's key (PEM or DER).

    Or by one that renewed it. Raises Refused live.url, live.plain, live.host, live.limits, live.certificate; trust.* where
    the certificate is not the owner's, not for signing or does not stand; NotFound.
    """
    require()
    published = catalogue.published(resource)
    if not (0 < wait_ms <= LONGEST and 0 < most <= LARGEST):
        raise Refused(
            "live.limits", "时限或大小超出范围。", f"时限不超过 {LONGEST} 毫秒，回答不超过 {LARGEST:,} 字节。"
        )
    held = _machines(registered(certificate), published.resource.agency)
    parts = parts_of(url)
    try:
        addresses(parts, time.monotonic() + wait_ms / 1000)
    except OSError as error:
        raise Refused("live.host", "接口地址中的主机名查不到。", "请核对主机名，或者写 IP 地址。") from error
    number = store.declare(resource, url, held.number, wait_ms, most, actor.person)
    record(
        f"resource:{resource}",
        detail={
            "interface": number, "host": parts.hostname or "", "owner": published.resource.agency,
            "certificate": held.number,
        },
    )  # fmt: skip
    return number


def _machines(held: Held | None, owner: str) -> Held:
    """A certificate of the owner's own machine, for signing, that stands now. Raises Refused live.certificate, trust.*."""
    if held is None:
        raise Refused(
            "live.certificate",
            "平台没有签发或者登记过这张证书。",
            "请用该单位接入时得到的签名证书（signing.crt）；持牌机构签发的，先在“证书”中登记。",
        )
    if held.kind not in ("agency", "node"):
        raise Refused("live.certificate", "这是个人的证书，不是单位接口的证书。", "请用该单位接口的签名证书。")
    return check_held(held, at=timezone.now(), agency=owner)


@verb("exchange.end_live", "停用实时接口")
def end_live(*, actor: Actor, resource: str) -> None:
    """Have a resource answered from its stored rows again. Raises Refused live.none."""
    require()
    if not store.end(resource, actor.person):
        raise Refused("live.none", "这个资源没有登记实时接口。", "请核对资源代码。")
    record(f"resource:{resource}")


def believed(interface: Interface, owner: str, stamped: int) -> Mapping[str, Held]:
    """The keys by which an interface may sign now, by their ids. Raises Refused gateway.uncertified where there is none.

    Nothing is asked then: it would tell whoever answers there whom the question is about. `stamped` is the certificates'
    stamp as the question's own statement read it; while it stays the same, so do the certificates that this process knows.
    """
    found = {}
    for key in interface.keys:
        try:
            found[key] = _machines(known(key, stamped), owner)
        except Refused:
            continue
    if not found:
        raise Refused(
            "gateway.uncertified",
            "提供单位接口的证书现在不能使用，没有向它查询。",
            "不是您的请求有误；平台会告知提供单位和主管，请稍后再试。",
        )
    return found


@verb("exchange.list_live", "查看实时接口")
def list_live(*, actor: Actor) -> tuple[LiveView, ...]:
    """The live interfaces and how each does: the office's are all, anybody else's those of the own agency."""
    wanted = "" if actor.may(OVERSEE) else actor.agency
    require(agency=wanted or actor.agency)
    found = _views(wanted)
    record("live", detail={"agency": wanted, "rows": len(found)})
    return found


def warn() -> int:
    """Tell providers and the office of interfaces that are not asked any more, each once. Called by the hourly job."""
    return telling.uncertified([one for one in _views("") if one.fault])


def _views(agency: str) -> tuple[LiveView, ...]:
    stamped = stamp()
    return tuple(_view(one, stamped) for one in store.declared(agency, HOURS))


def _view(one: Declared, stamped: int) -> LiveView:
    """With the newest of its certificates that stands; where none does, the newest, and what is wrong with it."""
    owner = one.resource.partition("/")[0]
    keys = [held for key in store.interface(one.number).keys if (held := known(key, stamped)) is not None]
    found = [(held, _fault(held, owner)) for held in keys]
    held, fault = next((each for each in found if not each[1]), found[0])
    return LiveView(one, owner, held.number, held.not_after, fault, breaker.left(one.number))


def _fault(held: Held, owner: str) -> str:
    try:
        _machines(held, owner)
    except Refused as refused:
        return refused.message
    return ""
