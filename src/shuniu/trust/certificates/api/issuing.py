"""Issued by the province's office, brought from a licensed authority, revoked at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from django.utils import timezone

from shuniu.trust import suites
from shuniu.trust.certificates import authority, lists, models, reading, rules, store
from shuniu.trust.certificates.api.making import escrowed, keep, keep_escrowed, made, within
from shuniu.trust.certificates.declare import Held, Subject, Wanted
from shuniu.trust.certificates.reading import Read
from shuniu.trust.declare import Actor, Json, Refused
from shuniu.trust.door import record, verb


@verb("trust.issue", "签发证书")
def issue(*, actor: Actor, wanted: Sequence[Wanted], encryption: bool = False) -> tuple[Held, ...]:
    """Certificates for these holders' own keys, in their order; with `encryption` each gets one to be written to as well.

    Raises Refused trust.unreadable, key, proof, key_known for the first request that is not in order: then none is issued.
    """
    for agency in {one.subject.agency for one in wanted}:
        within(actor, agency)
    now = timezone.now()
    rows = []
    for one in wanted:
        public = reading.request(one.request)
        rows.append(made(one.subject, "sign", public, suites.of_key(public).key, by=actor.name, now=now))
    keep(rows)
    beside = []
    if encryption:
        suited = [(one.subject, row.suite) for one, row in zip(wanted, rows, strict=True)]
        beside = escrowed(suited, by=actor.name, now=now)
        keep_escrowed(beside)
    every = [*rows, *(row for row, _private in beside)]
    target = f"certificate:{rows[0].pk}" if len(rows) == 1 else "certificates"
    record(target, detail=rules.issued({row.pk: bytes(row.der) for row in every}))
    return tuple(store.held_of(row) for row in rows)


@verb("trust.import_certificate", "登记持牌机构签发的证书")
def import_certificate(*, actor: Actor, subject: Subject, certificate: bytes, purpose: str = "sign") -> Held:
    """A certificate that a licensed authority issued, for one of ours: checked against the authorities in `trusted-*.crt`.

    Raises Refused trust.unreadable, self_signed, unknown_issuer, altered, not_yet, expired, purpose, key, key_known.
    """
    within(actor, subject.agency)
    now = timezone.now()
    read = reading.certificate(certificate)
    issuer = reading.check(read, authority.licensed(), now, purpose)
    row = _licensed(read, issuer, subject, purpose, actor)
    keep([row])
    record(f"certificate:{row.pk}", detail={"holder": subject.holder, "key": row.key_id, "issuer": row.issuer})
    return store.held_of(row)


def _licensed(read: Read, issuer: Read, subject: Subject, purpose: str, actor: Actor) -> models.Certificate:
    return models.Certificate(
        key_id=reading.name_of(read.public), suite=suites.of_key(read.public).key, source="licensed",
        issuer=reading.name_of(issuer.public), serial=f"{read.serial:x}", kind=subject.kind, purpose=purpose,
        holder=subject.holder, name=subject.name, agency=subject.agency, organisation=subject.agency_name,
        public=read.public, der=read.der, not_before=read.not_before, not_after=read.not_after,
        issued_at=timezone.now(), issued_by=actor.name,
    )  # fmt: skip


@verb("trust.revoke_certificate", "吊销证书")
def revoke_certificate(*, actor: Actor, number: int, reason: str) -> Held:
    """End a certificate at once and for good. Raises Refused trust.no_certificate, trust.reason, trust.revoked."""
    row = models.Certificate.objects.select_for_update(of=("self",)).filter(pk=number).first()
    within(actor, row.agency if row else "")
    if row is None:
        raise Refused("trust.no_certificate", f"没有第 {number} 号证书。", "请从证书列表中选择。")
    rules.check_reason(reason)
    if row.revoked_at is not None:
        raise Refused("trust.revoked", "这张证书已被吊销。", "吊销不能撤回；需要时请重新签发。")
    row.revoked_at, row.revoked_by, row.reason = timezone.now(), actor.name, reason
    row.save(update_fields=["revoked_at", "revoked_by", "reason"])
    store.touch()
    record(f"certificate:{number}", detail={"reason": reason, "key": row.key_id, "agency": row.agency})
    return store.held_of(row)


@verb("trust.take_revocations", "接收持牌机构的吊销列表")
def take_revocations(*, actor: Actor, revocation_list: bytes) -> int:
    """Revoke what a licensed authority's list (CRL) names of ours; how many that were.

    Raises Refused trust.unreadable, unknown_issuer, altered, list_partial, stale, list_older.
    """
    within(actor, "")
    now = timezone.now()
    found = lists.read(revocation_list, authority.licensed(), now)
    issuer = reading.name_of(found.issuer.public)
    lists.check_newer(found, store.taken_list(issuer))
    ended = store.revoke(issuer, found.revoked, by=actor.name, now=now)
    store.take_list(found, issuer, by=actor.name, now=now)
    store.touch()  # what processes remember of the authority's keys tells of the list before
    until = found.next_update.astimezone(UTC).isoformat()
    detail: dict[str, Json] = {
        "issuer": issuer,
        "number": str(found.number) if found.number is not None else "",
        "listed": len(found.revoked),
        "revoked": rules.numbers(ended),
        "until": until,
    }
    record("certificates", detail=detail)
    return len(ended)
