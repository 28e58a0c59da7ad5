"""What is shown of where a sitting is: the device in plain words, the address with its end hidden. Pure."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

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
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if isinstance(found, IPv4Address):
        return ".".join(str(found).split(".")[:2]) + ".*.*"
    return ":".join(found.exploded.split(":")[:3]) + ":*"
