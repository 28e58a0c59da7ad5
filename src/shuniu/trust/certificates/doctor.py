"""The self-check: what is wrong with clocks, the journal's signing, suites, authorities and certificates, and who must act.

Its sentences are in the language of whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shuniu.trust import suites
from shuniu.trust.certificates import authority, clock, models, reading, store
from shuniu.trust.certificates.client import clock_finding
from shuniu.trust.certificates.declare import SUITES, Finding
from shuniu.trust.certificates.rules import dated, listed_until
from shuniu.trust.declare import Refused
from shuniu.trust.store import ends

OPERATOR, SECURITY, OFFICE = gettext_noop("平台运维人员"), gettext_noop("安全管理员"), gettext_noop("省级平台主管")
ADMINISTRATOR, TECHNICIAN = gettext_noop("本单位管理员"), gettext_noop("本单位技术人员")
_NOTED_WITHIN = timedelta(minutes=1)
NAMED = 20
"""Certificates that one finding names; of more it says how many."""


def clocks(now: datetime | None = None) -> list[Finding]:
    """This machine's clock against the database's and, where one is set up, a time server's. Before everything else."""
    asked: list[tuple[str, datetime | None]] = [(_("数据库"), store.now())]
    if settings.TIME_SOURCE:
        asked.append((_("授时服务器"), clock.ask(settings.TIME_SOURCE)))
    return [
        clock_finding(now or datetime.now(UTC), theirs, dated("skew.seconds"), whose, who=_(OPERATOR), gettext=_)
        for whose, theirs in asked
    ]


def platform(now: datetime) -> list[Finding]:
    """What is only for those who run the platform: whether anything confirms its clock, and whether its journal is signed."""
    return [signing(now)] if settings.TIME_SOURCE else [_unconfirmed(), signing(now)]


def _unconfirmed() -> Finding:
    """The database mostly runs on this machine: by that clock alone, both may be wrong together."""
    return Finding(
        "clock.unconfirmed", "warning",
        _("没有设置独立的授时服务器：数据库多半与本机同用一个时钟，两者一致不能说明时间是对的。"), _(OPERATOR),
        _("请设环境变量 SHUNIU_TIME_SOURCE 为本单位的授时服务器（NTP），例如 ntp.example.gov.cn，然后重新自检。"),
    )  # fmt: skip


def signing(now: datetime) -> Finding:
    """Whether the journal goes on from the head that is noted in the folder of keys, and is noted."""
    try:
        end, last = ends.standing()
    except Refused as refusal:
        return Finding(refusal.rule, "wrong", _(refusal.message), _(SECURITY), _(refusal.remedy))
    behind = end.head is not None and (last is None or last.size < end.size)
    if end.head is not None and behind and end.head.at < now - _NOTED_WITHIN:
        return Finding(
            "journal.unnoted", "warning", _("最新的留痕签名头没有存进密钥目录，数据库被回退时将无从发现。"), _(OPERATOR),
            _("请检查定序进程是否在运行，密钥目录是否可写、有无空间。"),
        )  # fmt: skip
    return Finding("journal", "good", _("留痕签名到第 %(size)d 条，与密钥目录的存底相符。") % {"size": end.size})


def authorities(now: datetime) -> list[Finding]:
    """Each suite with its authorities, its revocation list and the platform's own certificate; then licensed authorities."""
    found: list[Finding] = []
    for key in suites.KEYS:
        try:
            authority.suite(key)
            for issuer in (authority.root(key), authority.issuing(key).certificate):
                found.append(_authority(reading.certificate(issuer), now))
            found += [_revocations(key, now), _node(key, now)]
            own = authority.issuing(key).own
        except Refused as refusal:
            found.append(Finding(refusal.rule, "wrong", _(refusal.message), _(OPERATOR), _(refusal.remedy)))
            continue
        if own and not settings.SHUNIU_DEMO:
            found.append(Finding(
                "ca.own", "warning",
                _("%(suite)s的证书由自建的测试/演示机构签发，不具有法律效力。") % {"suite": _(SUITES[key])}, _(SECURITY),
                _("请接入持牌电子认证机构：见文档 docs/how-to/certificates.md。"),
            ))  # fmt: skip
    return [*found, *licensed(now)]


def _authority(read: reading.Read, now: datetime) -> Finding:
    days = (read.not_after - now).days
    values = {"name": _common(read), "days": days}
    if now < read.not_before or now > read.not_after:
        return Finding(
            "ca.expired", "wrong", _("“%(name)s”不在有效期内，它签发的证书都不能用。") % values, _(SECURITY),
            _("请先核对时钟；确已过期的，更换签发机构的证书。"),
        )  # fmt: skip
    if days < dated("authority.warning.days"):
        words = _("“%(name)s”还有 %(days)d 天到期。") % values
        return Finding("ca.expiring", "warning", words, _(SECURITY), _("请安排更换签发机构的证书。"))
    return Finding("ca", "good", _("“%(name)s”有效，还有 %(days)d 天到期。") % values)


def _common(read: reading.Read) -> str:
    return read.subject.split(", ")[0].partition(": ")[2]


def _revocations(key: str, now: datetime) -> Finding:
    row = models.RevocationList.objects.filter(suite=key).first()
    if row is None or row.next_update >= now:
        return Finding("crl", "good", _("%(suite)s的吊销列表是最新的。") % {"suite": _(SUITES[key])})
    values = {"suite": _(SUITES[key]), "at": _moment(row.next_update)}
    return Finding(
        "crl.stale", "wrong", _("%(suite)s的吊销列表已过了更新时间 %(at)s。") % values, _(OPERATOR),
        _("请检查后台任务（worker）是否在运行。"),
    )  # fmt: skip


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _node(key: str, now: datetime) -> Finding:
    rows = models.Certificate.objects.filter(kind="node", suite=key, purpose="sign", agency="", revoked_at=None)
    values = {"suite": _(SUITES[key])}
    if rows.filter(not_before__lte=now, not_after__gte=now).exists():
        return Finding("node", "good", _("平台自己的%(suite)s签名证书有效。") % values)
    return Finding(
        "node.missing", "wrong", _("平台没有有效的%(suite)s签名证书。") % values, _(OPERATOR),
        _("请检查后台任务（worker）是否在运行；它会自动签发。"),
    )  # fmt: skip


def licensed(now: datetime) -> list[Finding]:
    """How old the list of the revoked is that each licensed authority's certificates here are checked by."""
    good = models.Certificate.objects.filter(source="licensed", revoked_at=None, not_after__gte=now)
    taken = dict(models.LicensedList.objects.values_list("issuer", "next_update"))
    found = []
    for read in authority.licensed():
        issuer = reading.name_of(read.public)
        first = good.filter(issuer=issuer).order_by("issued_at").values_list("issued_at", flat=True).first()
        if first is not None:
            found.append(_listed(_common(read), taken.get(issuer), first, now))
    return found


def _listed(name: str, next_update: datetime | None, first: datetime, now: datetime) -> Finding:
    until = listed_until(next_update or first)
    values = {"name": name, "at": _moment(next_update or first), "until": _moment(until)}
    if next_update is not None and now <= next_update:
        return Finding("licensed.crl", "good", _("持牌机构“%(name)s”的吊销列表到 %(at)s 前是最新的。") % values)
    if next_update is None:
        words = _("还没有接收过持牌机构“%(name)s”的吊销列表。") % values
    else:
        words = _("持牌机构“%(name)s”的吊销列表应在 %(at)s 前更新，还没有接收到新的。") % values
    refused = now > until
    if refused:
        words += _("它签发的证书从 %(until)s 起已被拒用。") % values
    else:
        words += _("到 %(until)s 仍未接收的，它签发的证书将被拒用。") % values
    return Finding(
        "licensed.stale", "wrong" if refused or next_update else "warning", words, _(SECURITY),
        _("请向该机构取得最新的吊销列表，执行 shuniu trust revocations 文件。"),
    )  # fmt: skip


def agency(key: str, now: datetime) -> list[Finding]:
    """An agency's own certificates: missing, of the wrong purpose, not yet valid, expired, revoked, about to end."""
    rows = list(models.Certificate.objects.filter(agency=key, kind__in=("agency", "node")).defer("der").order_by("-id"))
    signing = [row for row in rows if row.purpose == "sign"]
    valid = [row for row in signing if store.held_of(row).standing(now) == "valid"]
    if not valid:
        return [_unusable(rows, signing, now)]
    days = (max(row.not_after for row in valid) - now).days
    if days > dated("warning.days"):
        return [Finding("certificate", "good", _("本单位的签名证书有效，还有 %(days)d 天到期。") % {"days": days})]
    words = _("本单位的签名证书还有 %(days)d 天到期。") % {"days": days}
    remedy = _("请在接入的机器上执行 shuniu trust renew；装好定时任务的会自动换发。")
    return [Finding("certificate.expiring", "warning", words, _(TECHNICIAN), remedy)]


def _unusable(rows: Sequence[models.Certificate], signing: Sequence[models.Certificate], now: datetime) -> Finding:
    again = _("请向省级平台主管要一个邀请码，在接入的机器上执行 shuniu trust join。")
    if not rows:
        return Finding("certificate.missing", "wrong", _("本单位还没有证书。"), _(ADMINISTRATOR), again)
    if not signing:
        words = _("本单位只有加密证书，没有签名证书。")
        return Finding("certificate.purpose", "wrong", words, _(ADMINISTRATOR), again)
    last = store.held_of(signing[0])
    standing = last.standing(now)
    if standing == "not_yet":
        remedy = _("请先核对时钟，再核对证书的生效时间。")
        return Finding("certificate.not_yet", "wrong", _("本单位的签名证书尚未生效。"), _(TECHNICIAN), remedy)
    if standing == "revoked":
        words, again = _("本单位的签名证书已被吊销。"), _("请先查明吊销原因；") + again
    else:
        day = f"{timezone.localdate(last.not_after):%Y-%m-%d}"
        words = _("本单位的签名证书已在 %(day)s 过期。") % {"day": day}
    return Finding(f"certificate.{standing}", "wrong", words, _(ADMINISTRATOR), again)


def province(now: datetime) -> list[Finding]:
    """Over all: whose certificates end soon, and whose have ended with no successor."""
    base = models.Certificate.objects.filter(
        kind__in=("agency", "node"), purpose="sign", revoked_at=None, successor=None
    )
    span = timedelta(days=dated("warning.days"))
    soon = base.filter(not_after__range=(now, now + span)).values_list("organisation", flat=True)
    ended = base.filter(not_after__range=(now - span, now)).values_list("organisation", flat=True)
    found = [
        _many("certificate.expiring", "warning", _("%(count)d 个单位的证书将在 %(days)d 天内到期：%(names)s。"), soon),
        _many(
            "certificate.expired",
            "wrong",
            _("%(count)d 个单位的证书在 %(days)d 天内过期而没有换发：%(names)s。"),
            ended,
        ),
    ]
    return [one for one in found if one is not None] or [Finding("certificate", "good", _("没有将要到期的单位证书。"))]


def _many(rule: str, state: Literal["warning", "wrong"], words: str, names: Iterable[str]) -> Finding | None:
    every = sorted(set(names))
    if not every:
        return None
    listed = "、".join(every[:NAMED]) + ("……" if len(every) > NAMED else "")
    said = words % {"count": len(every), "days": dated("warning.days"), "names": listed}
    return Finding(rule, state, said, _(OFFICE), _("请提醒这些单位换发，或者重新发放邀请码。"))
