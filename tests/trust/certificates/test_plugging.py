"""A licensed authority is plugged in by files: what this instance issues under it says 测试/演示 no more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from asn1crypto import pem
from pytest_django import Settings

from shuniu.project import backup
from shuniu.trust import suites
from shuniu.trust.certificates import api, authority, der, reading
from shuniu.trust.declare import Refused
from tests.cast import Cast
from tests.trust.certificates import machine, openssl
from tests.trust.certificates.machine import SUITES

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """An empty folder of keys, as on a first start; what processes remember of theirs is forgotten before and after."""
    settings.KEYS = tmp_path / "keys"
    settings.KEYS.mkdir(mode=0o700)
    remembered = (authority.root, authority.issuing, authority.responder)
    for one in remembered:
        one.cache_clear()
    yield settings.KEYS
    for one in remembered:
        one.cache_clear()


def plug(folder: Path, suite: str) -> None:
    """A licensed root's certificate, and an issuing authority under it with its key in PEM."""
    used = suites.suite(suite)
    above, private = used.signer(used.generate()), used.generate()
    root = licensed_name(
        der.authority("某持牌机构根", above.public, issuer=None, signer=above, serial=3, days=900, path=1), above
    )
    issuer = der.Issuer(root, above)
    public = used.signer(private).public
    issuing = licensed_name(
        der.authority("某持牌机构", public, issuer=issuer, signer=above, serial=4, days=800, path=0), above
    )
    (folder / f"ca-{suite}-root.crt").write_bytes(root)
    (folder / f"ca-{suite}-issuing.crt").write_bytes(pem.armor("CERTIFICATE", issuing))
    (folder / f"ca-{suite}-issuing.key").write_bytes(pem.armor("PRIVATE KEY", private))


def licensed_name(certificate: bytes, above: suites.Signer) -> bytes:
    """The certificate with the words for test taken out of its names, signed anew: as another authority writes it."""
    from asn1crypto import x509

    made = x509.Certificate.load(certificate)
    tbs = made["tbs_certificate"].copy()
    for name in ("subject", "issuer"):
        kept = [part for part in tbs[name].chosen if part[0]["type"].native != "organizational_unit_name"]
        tbs[name] = x509.Name("", x509.RDNSequence(kept))
    signed = x509.Certificate({
        "tbs_certificate": tbs, "signature_algorithm": made["signature_algorithm"],
        "signature_value": above.sign(tbs.dump(force=True)),
    })  # fmt: skip
    return bytes(signed.dump())


@pytest.mark.parametrize("suite", SUITES)
def test_what_is_issued_under_a_licensed_authority_is_not_for_test(
    cast: Cast, folder: Path, tmp_path: Path, suite: str
) -> None:
    plug(folder, suite)
    joined = machine.join(cast.office, suite=suite).joined
    assert "测试" not in reading.certificate(joined.certificate).subject
    assert "测试".encode() not in joined.certificate and not authority.issuing(suite).own
    openssl.write(tmp_path, one=joined.certificate, issuing=joined.chain[0], root=joined.chain[1])
    assert "OK" in openssl.verify(tmp_path, suite, "one", "issuing", "root")
    assert not (folder / f"ca-{suite}-root.key").exists(), "nobody needs the root's key"
    found = api.self_check(actor=cast.office)
    assert not [one for one in found if one.state == "wrong" and one.rule.startswith("ca")]


def test_a_first_start_makes_its_own_which_stays(folder: Path, db: None) -> None:
    first = authority.chain("international")
    for one in (authority.root, authority.issuing):
        one.cache_clear()
    assert authority.chain("international") == first and authority.issuing("international").own
    assert {path.stat().st_mode & 0o077 for path in folder.iterdir()} == {0}
    assert backup._packed(folder), "they are in the backup"


def test_files_that_do_not_fit_together_are_named(cast: Cast, folder: Path) -> None:
    authority.issuing("guomi")
    authority.issuing.cache_clear()
    (folder / "ca-guomi-issuing.key").write_bytes(suites.suite("guomi").generate())
    with pytest.raises(Refused, match=r"ca-guomi-issuing\.crt 不是"):
        authority.issuing("guomi")
    (folder / "ca-guomi-issuing.key").write_bytes(b"junk")
    wrong = [one for one in api.self_check(actor=cast.office) if one.rule == "trust.authority"]
    assert [one.message for one in wrong] == ["ca-guomi-issuing.key 不是可用的私钥。"] and wrong[0].remedy
