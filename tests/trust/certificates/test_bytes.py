"""Whatever is built is read back as it was meant; whatever is changed, anywhere, is refused in words and never crashes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import crl, x509
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from shuniu.trust import suites
from shuniu.trust.certificates import der, lists, ocsp, reading
from shuniu.trust.certificates.client import certificate_request
from shuniu.trust.certificates.declare import Kind, Subject
from shuniu.trust.certificates.tlv import tlv
from shuniu.trust.declare import Refused
from tests.trust.certificates import licensed as authorities
from tests.trust.certificates import machine

NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=200)
KINDS: tuple[Kind, ...] = ("agency", "node", "officer", "citizen", "firm")
AUTHORITIES = [authorities.authority(suite) for suite in machine.SUITES]
ANCHORS = [reading.certificate(one.issuer.certificate) for one in AUTHORITIES]
SIGNERS = [authorities.signer(suite) for suite in machine.SUITES]
GOOD = [one.certificate(SIGNERS[at].public) for at, one in enumerate(AUTHORITIES)]
REQUESTS = [certificate_request(one) for one in SIGNERS]
LISTS = [one.list([5, 6]) for one in AUTHORITIES]


@given(
    name=NAMES, agency=NAMES, kind=st.sampled_from(KINDS), serial=st.integers(1, (1 << 159) - 1),
    days=st.integers(1, 20_000), which=st.integers(0, 1), purpose=st.sampled_from(["sign", "encrypt"]),
)  # fmt: skip
def test_a_certificate_reads_back_as_it_was_meant(
    name: str, agency: str, kind: Kind, serial: int, days: int, which: int, purpose: str
) -> None:
    issuer, now = AUTHORITIES[which].issuer, timezone.now()
    made = der.certificate(
        Subject(kind, f"{kind}:1", name, "", agency), purpose, SIGNERS[which].public, issuer=issuer, serial=serial,
        days=days, now=now,
    )  # fmt: skip
    read = reading.certificate(made)
    assert (read.public, read.serial, read.purpose, read.authority) == (SIGNERS[which].public, serial, purpose, False)
    assert read.not_after - read.not_before == timedelta(days=days)
    assert x509.Certificate.load(made).dump(force=True) == made, "DER, and no other encoding"
    named = x509.Certificate.load(made).subject.native
    assert (named["common_name"], named["organization_name"], named["serial_number"]) == (name, agency, f"{kind}:1")
    assert named["organizational_unit_name"] == "测试/演示"
    assert reading.check(read, ANCHORS, now, purpose) is ANCHORS[which]


def changed(data: bytes, at: int, bit: int) -> bytes:
    altered = bytearray(data)
    altered[at % len(data)] ^= 1 << bit
    return bytes(altered)


@pytest.mark.parametrize("which", [0, 1], ids=machine.SUITES)
def test_any_changed_bit_of_a_certificate_a_request_or_a_list_is_refused(which: int) -> None:
    now = timezone.now()
    believed: tuple[tuple[bytes, Callable[[bytes], object]], ...] = (
        (GOOD[which], lambda data: reading.check(reading.certificate(data), ANCHORS, now, "sign")),
        (REQUESTS[which], reading.request),
        (LISTS[which], lambda data: lists.read(data, ANCHORS, now)),
    )
    for good, read in believed:
        read(good)
        for at in range(0, 8 * len(good), (1, 7)[which]):  # SM2 takes its time: of each byte one bit or two
            with pytest.raises(Refused) as refusal:
                read(changed(good, at // 8, at % 8))
            assert refusal.value.rule.startswith("trust.") and refusal.value.remedy


REASONS = ("key_compromise", "affiliation_changed", "superseded", "cessation_of_operation", "unspecified")


@given(
    serials=st.lists(st.integers(1, (1 << 159) - 1), max_size=9), which=st.integers(0, 1), year=st.integers(2026, 2070)
)
def test_a_list_reads_back_as_it_was_meant(serials: list[int], which: int, year: int) -> None:
    now = datetime(year, 3, 1, 8, 30, 15, tzinfo=UTC)
    listed = tuple((one, now, REASONS[at % 5]) for at, one in enumerate(serials))
    made = der.revocation_list(AUTHORITIES[which].issuer, listed, number=7, at=now, until=now + timedelta(days=1))
    found = lists.read(made, ANCHORS, now)
    assert (found.revoked, found.next_update, found.issuer) == (listed, now + timedelta(days=1), ANCHORS[which])
    parsed = crl.CertificateList.load(made, strict=True)
    assert parsed.native["tbs_cert_list"]["this_update"] == now and parsed.dump(force=True) == made, (
        "DER, as others read it"
    )


def test_a_list_of_fifty_thousand_is_made_and_read_in_seconds() -> None:
    now = timezone.now().replace(microsecond=0)
    listed = tuple((1 << 127 | at, now - timedelta(seconds=at), REASONS[at % 5]) for at in range(50_000))
    began = time.process_time()
    made = der.revocation_list(AUTHORITIES[1].issuer, listed, number=7, at=now, until=now + timedelta(days=1))
    assert lists.read(made, ANCHORS, now).revoked == listed
    assert time.process_time() - began < 10


@given(st.binary(max_size=300))
def test_junk_is_refused_wherever_bytes_come_in(junk: bytes) -> None:
    now = timezone.now()
    for read in (reading.certificate, reading.request, lambda data: lists.read(data, ANCHORS, now)):
        try:
            read(junk)
        except Refused as refusal:
            assert refusal.rule.startswith("trust.")
        else:
            raise AssertionError("it passed")
    try:
        ocsp.asked(junk)
    except ValueError:
        return
    raise AssertionError("it passed")


def nested(levels: int) -> bytes:
    made = b""
    for _ in range(levels):
        made = tlv(0x30, made)
    return made


@pytest.mark.parametrize("levels", [10, 500, 3_900])
def test_what_is_nested_deep_is_refused_and_crashes_nothing(levels: int) -> None:
    attribute = tlv(0x30, bytes.fromhex("06032a0304"), tlv(0x31, nested(levels)))
    info = tlv(0x30, b"\x02\x01\x00", tlv(0x30), SIGNERS[0].public, tlv(0xA0, attribute))
    with pytest.raises(Refused):
        reading.request(tlv(0x30, info, bytes.fromhex("300506032b6570"), tlv(0x03, bytes(65))))
    extension = tlv(0x30, bytes.fromhex("0603551d13"), tlv(0x04, nested(levels)))
    for read in (reading.certificate, reading.request, ocsp.asked):
        with pytest.raises((Refused, ValueError)):
            read(tlv(0x30, tlv(0x30, extension, nested(levels))))


def test_keys_of_other_algorithms_are_no_keys_of_ours() -> None:
    assert not reading.signed_by(b"junk", "1.3.101.112", b"", b"")
    guomi, other = SIGNERS[1], SIGNERS[0]
    signature = guomi.sign(b"x")
    assert reading.signed_by(guomi.public, der.SIGNATURES["sm2-sm3"], signature, b"x")
    assert not reading.signed_by(guomi.public, der.SIGNATURES["ed25519"], signature, b"x"), "the key decides"
    assert not reading.signed_by(other.public, der.SIGNATURES["sm2-sm3"], signature, b"x")
    assert suites.of_key(guomi.public).key == "guomi"
