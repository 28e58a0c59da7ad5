"""The self-check: what is wrong with clocks, suites, authorities and certificates, in plain words, and who must act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings

from shuniu.trust import suites
from shuniu.trust.certificates import authority, clock, models, reading, store
from shuniu.trust.certificates.client import clock_finding
from shuniu.trust.certificates.declare import SUITES, Finding
from shuniu.trust.certificates.rules import dated
from shuniu.trust.declare import Refused

OPERATOR, SECURITY, OFFICE = "平台运维人员", "安全管理员", "省级平台主管"
NAMED = 20
"""Certificates that one finding names; of more it says how many."""


def clocks(now: datetime | None = None) -> list[Finding]:
    """This machine's clock against the database's and, where one is set up, a time server's. Before everything else."""
    allowed = dated("skew.seconds")
    found = [_who(clock_finding(now or datetime.now(UTC), store.now(), allowed, "数据库"))]
    if settings.TIME_SOURCE:
        theirs = clock.ask(settings.TIME_SOURCE)
        found.append(_who(clock_finding(now or datetime.now(UTC), theirs, allowed, "授时服务器")))
    return found


def _who(finding: Finding) -> Finding:
    who = OPERATOR if finding.state != "good" else ""
    return Finding(finding.rule, finding.state, finding.message, who, finding.remedy)


def authorities(now: datetime) -> list[Finding]:
    """Each suite with its authorities, its revocation list and the platform's own certificate."""
    found: list[Finding] = []
    for key in suites.KEYS:
        try:
            authority.suite(key)
            for issuer in (authority.root(key), authority.issuing(key).certificate):
                found.append(_authority(reading.certificate(issuer), now))
            found.append(_revocations(key, now))
            found.append(_node(key, now))
            own = authority.issuing(key).own
        except Refused as refusal:
            found.append(Finding(refusal.rule, "wrong", refusal.message, OPERATOR, refusal.remedy))
            continue
        if own and not settings.SHUNIU_DEMO:
            found.append(Finding(
                "ca.own", "warning", f"{SUITES[key]}的证书由自建的测试/演示机构签发，不具有法律效力。", SECURITY,
                "请接入持牌电子认证机构：见文档 docs/how-to/certificates.md。",
            ))  # fmt: skip
    return found


def _authority(read: reading.Read, now: datetime) -> Finding:
    days = (read.not_after - now).days
    common = read.subject.split(", ")[0].partition(": ")[2]
    if now < read.not_before or now > read.not_after:
        return Finding(
            "ca.expired",
            "wrong",
            f"“{common}”不在有效期内，它签发的证书都不能用。",
            SECURITY,
            "请先核对时钟；确已过期的，更换签发机构的证书。",
        )
    if days < dated("authority.warning.days"):
        return Finding(
            "ca.expiring", "warning", f"“{common}”还有 {days} 天到期。", SECURITY, "请安排更换签发机构的证书。"
        )
    return Finding("ca", "good", f"“{common}”有效，还有 {days} 天到期。")


def _revocations(key: str, now: datetime) -> Finding:
    row = models.RevocationList.objects.filter(suite=key).first()
    if row is None or row.next_update >= now:
        return Finding("crl", "good", f"{SUITES[key]}的吊销列表是最新的。")
    return Finding(
        "crl.stale", "wrong", f"{SUITES[key]}的吊销列表已过了更新时间 {row.next_update.astimezone():%Y-%m-%d %H:%M}。", OPERATOR,
        "请检查后台任务（worker）是否在运行。",
    )  # fmt: skip


def _node(key: str, now: datetime) -> Finding:
    rows = models.Certificate.objects.filter(kind="node", suite=key, purpose="sign", agency="", revoked_at=None)
    if rows.filter(not_before__lte=now, not_after__gte=now).exists():
        return Finding("node", "good", f"平台自己的{SUITES[key]}签名证书有效。")
    return Finding(
        "node.missing",
        "wrong",
        f"平台没有有效的{SUITES[key]}签名证书。",
        OPERATOR,
        "请检查后台任务（worker）是否在运行；它会自动签发。",
    )


def agency(key: str, now: datetime) -> list[Finding]:
    """An agency's own certificates: missing, of the wrong purpose, not yet valid, expired, revoked, about to end."""
    rows = list(models.Certificate.objects.filter(agency=key, kind__in=("agency", "node")).defer("der").order_by("-id"))
    signing = [row for row in rows if row.purpose == "sign"]
    valid = [row for row in signing if store.held_of(row).standing(now) == "valid"]
    if valid:
        last = max(valid, key=lambda row: row.not_after)
        days = (last.not_after - now).days
        if days > dated("warning.days"):
            return [Finding("certificate", "good", f"本单位的签名证书有效，还有 {days} 天到期。")]
        return [
            Finding(
                "certificate.expiring",
                "warning",
                f"本单位的签名证书还有 {days} 天到期。",
                "本单位技术人员",
                "请在接入的机器上执行 shuniu trust renew；装好定时任务的会自动换发。",
            )
        ]
    return [_unusable(rows, signing, now)]


def _unusable(rows: Sequence[models.Certificate], signing: Sequence[models.Certificate], now: datetime) -> Finding:
    again = "请向省级平台主管要一个邀请码，在接入的机器上执行 shuniu trust join。"
    if not rows:
        return Finding("certificate.missing", "wrong", "本单位还没有证书。", "本单位管理员", again)
    if not signing:
        return Finding("certificate.purpose", "wrong", "本单位只有加密证书，没有签名证书。", "本单位管理员", again)
    last = store.held_of(signing[0])
    words: dict[str, tuple[str, str, str]] = {
        "expired": (f"本单位的签名证书已在 {last.not_after.astimezone():%Y-%m-%d} 过期。", "本单位管理员", again),
        "not_yet": ("本单位的签名证书尚未生效。", "本单位技术人员", "请先核对时钟，再核对证书的生效时间。"),
        "revoked": ("本单位的签名证书已被吊销。", "本单位管理员", f"请先查明吊销原因；{again}"),
    }
    standing = last.standing(now)
    message, who, remedy = words[standing]
    return Finding(f"certificate.{standing}", "wrong", message, who, remedy)


def province(now: datetime) -> list[Finding]:
    """Over all: whose certificates end soon, and whose have ended with no successor."""
    base = models.Certificate.objects.filter(
        kind__in=("agency", "node"), purpose="sign", revoked_at=None, successor=None
    )
    soon = base.filter(not_after__range=(now, now + timedelta(days=dated("warning.days"))))
    ended = base.filter(not_after__range=(now - timedelta(days=dated("warning.days")), now))
    found = [
        _many(
            "certificate.expiring", "warning", "证书将在 {days} 天内到期", soon.values_list("organisation", flat=True)
        ),
        _many(
            "certificate.expired",
            "wrong",
            "证书在 {days} 天内过期而没有换发",
            ended.values_list("organisation", flat=True),
        ),
    ]
    return [one for one in found if one is not None] or [Finding("certificate", "good", "没有将要到期的单位证书。")]


def _many(rule: str, state: str, words: str, names: Iterable[str]) -> Finding | None:
    every = sorted(set(names))
    if not every:
        return None
    listed = "、".join(every[:NAMED]) + ("等" if len(every) > NAMED else "")
    message = f"{len(every)} 个单位的{words.format(days=dated('warning.days'))}：{listed}。"
    return Finding(
        rule, "warning" if state == "warning" else "wrong", message, OFFICE, "请提醒这些单位换发，或者重新发放邀请码。"
    )
