"""A licensed authority's revocation list is followed when it is of all its certificates, and newer than the one before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import pem
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_der_private_key
from cryptography.x509 import ExtensionType, UnrecognizedExtension
from cryptography.x509.oid import ObjectIdentifier
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from shuniu.trust import suites
from shuniu.trust.certificates import api, der, lists, models, reading
from shuniu.trust.certificates.declare import TakenList
from shuniu.trust.declare import Refused
from shuniu.trust.evidence import revocation
from shuniu.trust.models import Entry
from tests.cast import Cast
from tests.trust.certificates import licensed as authorities
from tests.trust.certificates import openssl
from tests.trust.certificates.licensed import MARKET, Licensed

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)
PRIVATE = suites.suite("international").generate()
SIGNER = suites.suite("international").signer(PRIVATE)
ROOT = der.authority("持牌机构", SIGNER.public, issuer=None, signer=SIGNER, serial=7, days=3000, path=0)
ANCHOR = reading.certificate(ROOT)
Marked = tuple[ExtensionType, bool]
"""An extension, and whether it is critical."""


def made(*extensions: Marked, on_entry: Marked | None = None) -> bytes:
    """A list as cryptography makes it, with one certificate revoked."""
    key = load_der_private_key(PRIVATE, None)
    assert isinstance(key, Ed25519PrivateKey)
    entry = x509.RevokedCertificateBuilder().serial_number(5).revocation_date(NOW)
    entry = entry.add_extension(*on_entry) if on_entry else entry
    builder = x509.CertificateRevocationListBuilder().issuer_name(x509.load_der_x509_certificate(ROOT).subject)
    builder = builder.last_update(NOW).next_update(NOW + timedelta(days=1)).add_revoked_certificate(entry.build())
    for one, critical in extensions:
        builder = builder.add_extension(one, critical)
    return builder.sign(key, None).public_bytes(Encoding.DER)


def point(*, users: bool = False, authorities: bool = False, indirect: bool = False) -> x509.IssuingDistributionPoint:
    return x509.IssuingDistributionPoint(
        full_name=[x509.UniformResourceIdentifier("http://ca.example/1.crl")], relative_name=None,
        only_contains_user_certs=users, only_contains_ca_certs=authorities, only_some_reasons=None,
        indirect_crl=indirect, only_contains_attribute_certs=False,
    )  # fmt: skip


UNKNOWN = UnrecognizedExtension(ObjectIdentifier("1.2.156.10197.9"), b"\x05\x00")
NUMBERED: Marked = (x509.CRLNumber(9), False)


@pytest.mark.parametrize(
    "extensions",
    [
        (),
        (NUMBERED,),
        (NUMBERED, (UNKNOWN, False)),
        (NUMBERED, (x509.FreshestCRL([x509.DistributionPoint(
            [x509.UniformResourceIdentifier("http://ca.example/d.crl")], None, None, None)]), False)),
    ],
    ids=["bare", "numbered", "unknown", "freshest"],
)  # fmt: skip
def test_a_list_of_all_certificates_is_read(extensions: tuple[Marked, ...]) -> None:
    found = lists.read(
        made(*extensions, on_entry=(x509.InvalidityDate(NOW.replace(tzinfo=None)), False)), [ANCHOR], NOW
    )
    assert (found.number, found.issued) == (9 if extensions else None, NOW)
    assert found.revoked == ((5, NOW, "unspecified"),)


@pytest.mark.parametrize(
    "extensions",
    [
        ((x509.DeltaCRLIndicator(8), True),),
        ((x509.DeltaCRLIndicator(8), False),),
        ((point(), True),),
        ((point(), False),),
        ((point(users=True), True),),
        ((point(authorities=True), True),),
        ((point(indirect=True), True),),
        ((UNKNOWN, True),),
    ],
    ids=["delta", "delta, not critical", "point", "point, not critical", "of users", "of authorities", "indirect", "unknown"],
)  # fmt: skip
def test_a_list_of_a_part_is_refused_with_its_reason(extensions: tuple[Marked, ...]) -> None:
    refused(made(NUMBERED, *extensions))


def test_an_entry_of_another_authority_makes_a_list_one_that_is_not_followed() -> None:
    other = x509.CertificateIssuer([x509.DirectoryName(x509.load_der_x509_certificate(ROOT).subject)])
    refused(made(NUMBERED, on_entry=(other, True)))


def refused(data: bytes) -> None:
    with pytest.raises(Refused, match="不完整") as refusal:
        lists.read(data, [ANCHOR], NOW)
    assert refusal.value.rule == "trust.list_partial" and "完整吊销列表" in refusal.value.remedy
    leaf = reading.certificate(
        der.certificate(
            MARKET, "sign", authorities.signer("international").public, issuer=der.Issuer(ROOT, SIGNER), serial=6,
            days=9, now=NOW,
        )
    )  # fmt: skip
    assert revocation.standing(leaf, ANCHOR, [data], NOW) == "unknown", "it speaks of no certificate in evidence either"
    assert revocation.standing(leaf, ANCHOR, [data, made(NUMBERED)], NOW) == "good"


CONFIGURATION = """
[ca]
default_ca = own
[own]
database = index
crlnumber = number
default_md = sha256
default_crl_days = 3
[part]
issuingDistributionPoint = critical, @at
[at]
fullname = URI:http://ca.example/1.crl
onlyuser = TRUE
"""


def test_lists_that_openssl_makes_are_told_apart(tmp_path: Path) -> None:
    openssl.write(tmp_path, configuration=CONFIGURATION.encode(), index=b"", number=b"0100")
    openssl.run(
        tmp_path, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key",
        "-out", "root", "-subj", "/O=licensed/CN=root", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
    )  # fmt: skip
    ca = ("ca", "-config", "configuration", "-gencrl", "-keyfile", "key", "-cert", "root")
    openssl.run(tmp_path, *ca, "-out", "whole")
    openssl.run(tmp_path, *ca, "-out", "part", "-crlexts", "part")
    anchor = reading.certificate(pem.unarmor((tmp_path / "root").read_bytes())[2])
    found = lists.read((tmp_path / "whole").read_bytes(), [anchor], timezone.now())
    assert found.revoked == () and found.number == 0x100
    with pytest.raises(Refused, match="不完整"):
        lists.read((tmp_path / "part").read_bytes(), [anchor], timezone.now())


BIG = st.integers(0, (1 << 159) - 1)


@given(first=st.none() | BIG, second=st.none() | BIG, later=st.integers(-3, 3))
def test_a_number_never_goes_down_and_without_one_the_moment_of_issue_does_not(
    first: int | None, second: int | None, later: int
) -> None:
    issued = NOW + timedelta(hours=later)
    found = lists.Revocations(second, issued, NOW + timedelta(days=9), ANCHOR, ())
    known = first is not None and second is not None and first != second
    older = (second or 0) < (first or 0) if known else later < 0
    try:
        lists.check_newer(found, TakenList(first, NOW, NOW))
    except Refused as refusal:
        assert older and refusal.rule == "trust.list_older"
    else:
        assert not older


@pytest.mark.django_db
def test_an_older_list_changes_nothing_and_the_newest_says_until_when_it_holds(cast: Cast, licensed: Licensed) -> None:
    public = authorities.signer().public
    api.import_certificate(actor=cast.office, subject=MARKET, certificate=licensed.certificate(public))
    day = timedelta(days=1)

    def take(number: int, until: timedelta, *serials: int) -> int:
        return api.take_revocations(actor=cast.security, revocation_list=licensed.list(serials, until, number=number))

    def held() -> tuple[int, float]:
        row = models.LicensedList.objects.get()
        assert row.number is not None
        return int(row.number), round((row.next_update - timezone.now()) / day)

    take(1 << 158, 5 * day)
    assert held() == (1 << 158, 5)
    with pytest.raises(Refused, match="旧") as refusal:
        take((1 << 158) - 1, 30 * day, 1 << 70)
    assert refusal.value.rule == "trust.list_older" and held() == (1 << 158, 5)
    assert models.Certificate.objects.get(source="licensed").revoked_at is None
    assert Entry.objects.latest("id").detail["rule"] == "trust.list_older"
    assert take((1 << 158) + 1, 2 * day, 1 << 70) == 1 and held() == ((1 << 158) + 1, 2), "the newest list's word"
    models.LicensedList.objects.update(number=None, issued_at=None)  # as an earlier release left it
    with pytest.raises(Refused, match="旧"):
        take(3, day)
    take(4, 3 * day)
    assert held() == (4, 3)
