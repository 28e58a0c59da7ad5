"""Where a request comes from: the device in plain words, the address with its end hidden, the network it is counted with. Pure."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_BROWSERS = (
    ("MicroMessenger/", "微信"),
    ("Edg/", "Edge 浏览器"),
    ("QQBrowser/", "QQ 浏览器"),
    ("Firefox/", "火狐浏览器"),
    ("Chrome/", "Chrome 浏览器"),
    ("Safari/", "Safari 浏览器"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("OpenHarmony", "鸿蒙设备"),
    ("Android", "安卓设备"),
    ("Windows", "Windows 电脑"),
    ("Mac OS X", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)


def device(agent: str) -> str:
    """`Windows 电脑 · Edge 浏览器`, from what the browser says of itself; the order of the lists is that of precedence."""
    system = next((words for mark, words in _SYSTEMS if mark in agent), "")
    browser = next((words for mark, words in _BROWSERS if mark in agent), "")
    return " · ".join(word for word in (system, browser) if word) or "未知设备"


def masked(address: str) -> str:
    """`10.1.*.*`; of IPv6 the first 48 bits; nothing for what is no address."""
    found = _read(address)
    if found is None:
        return ""
    if isinstance(found, IPv4Address):
        return ".".join(str(found).split(".")[:2]) + ".*.*"
    return ":".join(found.exploded.split(":")[:3]) + ":*"


def network(address: str) -> str:
    """What is counted together: an IPv4 address, the 64 bits of an IPv6 one. Empty where nobody is told apart by it:
    for no address, and for this machine's own, from which a proxy calls.
    """
    found = _read(address)
    if found is None or found.is_loopback:
        return ""
    return str(found) if isinstance(found, IPv4Address) else str(ip_network((int(found), 64), strict=False))


def _read(address: str) -> IPv4Address | IPv6Address | None:
    """An address; an IPv4 one that a server on both protocols writes as IPv6 (::ffff:…) as what it is."""
    try:
        found = ip_address(address)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
