"""Looking keys and certificates up: on the hot path by the key's id, for people by a search."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from shuniu.trust.certificates import authority, models, reading, store
from shuniu.trust.certificates.api.making import within
from shuniu.trust.certificates.declare import Held, Line, Query, Release, Shown, Step
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.door import record, verb

MOST = 10_000
"""Keys that a process remembers; it forgets all when there are more."""
PAGE = 50


_memory: tuple[int, dict[str, Held]] = (0, {})
"""The keys that this process has looked up, and the stamp under which it did: one value, so that threads agree on both."""


def stamp() -> int:
    """What changes with every revocation: a caller that reads it in its own statement hands it to `known`."""
    return store.stamp()


def certificate_of(key_id: str) -> Held | None:
    """A key with whose it is and how it stands; None for an unknown one. A revocation elsewhere is seen at once."""
    return known(key_id, store.stamp())


def known(key_id: str, stamp: int) -> Held | None:
    """As `certificate_of`, under a stamp that was just read. Unknown keys are not remembered: they may join any moment."""
    global _memory
    seen, keys = _memory
    if seen != stamp or len(keys) > MOST:
        _memory = (stamp, keys := {})
    found = keys.get(key_id)
    if found is None:
        found = store.held(key_id)
        if found is not None:
            keys[key_id] = found
    return found


def registered(certificate: bytes) -> Held | None:
    """The very certificate (PEM or DER), if the platform issued or registered it; None for any other, whatever its key.

    Raises Refused trust.unreadable.
    """
    key_id = store.key_of(reading.certificate(certificate).der)
    return certificate_of(key_id) if key_id else None


def expiring(*, within_days: int, at: datetime | None = None) -> tuple[Line, ...]:
    """The signing certificates that expire within so many days and have no successor: whose holders are to be warned."""
    now = at or timezone.now()
    rows = models.Certificate.objects.filter(
        not_after__range=(now, now + timedelta(days=within_days)), revoked_at=None, successor=None, purpose="sign"
    )
    return tuple(store.line_of(row) for row in rows.defer("der").order_by("not_after", "id"))


@verb("trust.list_certificates", "查询证书", reads=True)
def list_certificates(*, actor: Actor, query: Query, before: int = 0, limit: int = PAGE) -> tuple[Line, ...]:
    """Certificates that fit, the newest first; `before` is the number of the last one seen. One's own agency's, or all."""
    within(actor, query.agency)
    found = tuple(store.search(query, before=before, limit=limit))
    record("certificates", detail={"agency": query.agency, "rows": len(found)})
    return found


@verb("trust.read_certificate", "查看证书", reads=True)
def read_certificate(*, actor: Actor, number: int) -> Shown:
    """One certificate with its history. Raises Refused trust.no_certificate, right.agency."""
    row = models.Certificate.objects.filter(pk=number).select_related("replaces").first()
    within(actor, row.agency if row else "")
    if row is None:
        raise Refused("trust.no_certificate", f"没有第 {number} 号证书。", "请从证书列表中选择。")
    releases = _releases(number)
    record(f"certificate:{number}")
    pem = authority.armoured(bytes(row.der))
    return Shown(store.line_of(row), pem, _steps(row, releases), row.reason, releases)


def _steps(row: models.Certificate, releases: tuple[Release, ...]) -> tuple[Step, ...]:
    brought = "登记持牌机构签发的证书" if row.source == "licensed" else "签发"
    steps = [Step(row.issued_at, row.issued_by, brought, f"换发自第 {row.replaces_id} 号" if row.replaces_id else "")]
    after = models.Certificate.objects.filter(replaces=row).first()
    if after is not None:
        steps.append(Step(after.issued_at, after.issued_by, "换发", f"新证书为第 {after.pk} 号"))
    for one in releases:
        steps.append(Step(one.asked_at, one.asked_by, "申请取出加密私钥", one.reason))
        if one.approved_at is not None:
            steps.append(Step(one.approved_at, one.approved_by, "批准取出加密私钥"))
        if one.taken_at is not None:
            steps.append(Step(one.taken_at, one.asked_by, "取出加密私钥"))
    if row.revoked_at is not None:
        steps.append(Step(row.revoked_at, row.revoked_by, "吊销"))
    return tuple(sorted(steps, key=lambda step: step.at, reverse=True))


def _releases(certificate: int) -> tuple[Release, ...]:
    return tuple(
        Release(
            one.pk,
            certificate,
            one.reason,
            one.asked_name,
            one.asked_at,
            one.approved_name,
            one.approved_at,
            one.taken_at,
        )
        for one in models.Release.objects.filter(escrow=certificate).order_by("-id")
    )
