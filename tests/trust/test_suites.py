"""The cryptographic suites: the standards' own vectors, other tools' signatures, keys that say what they are."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from shuniu.trust import suites
from shuniu.trust.suites import Suite, Unreadable

# GB/T 32918.5-2017 annex A: the key of the example, its public point, the message and its signature
POINT = bytes.fromhex(
    "04 09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200") + POINT
R = "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
S = "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
SIGNATURE = bytes.fromhex(f"3046022100{R}022100{S}")
EACH = pytest.mark.parametrize("suite", suites.suites(), ids=lambda one: one.key)


def test_both_suites_are_on_this_machine() -> None:
    assert [one.key for one in suites.suites()] == ["international", "guomi"]


def test_sm2_accepts_the_standards_example_and_nothing_near_it() -> None:
    guomi = suites.suite("guomi")
    assert guomi.verify(SPKI, SIGNATURE, b"message digest")
    assert not guomi.verify(SPKI, SIGNATURE, b"message digesT")
    assert not guomi.verify(SPKI, SIGNATURE[:-1] + b"\x00", b"message digest")


def test_sm3_and_sm4_give_the_standards_values() -> None:
    guomi = suites.suite("guomi")
    assert guomi.digest(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()  # noqa: S305 - the standard's own example is one block
    assert encryptor.update(key).hex() == "681edf34d206965e86b3e94f536e4246"


@EACH
@given(data=st.binary(max_size=2000), other=st.binary(max_size=2000))
def test_a_signature_is_good_for_its_data_and_its_key_alone(suite: Suite, data: bytes, other: bytes) -> None:
    signer, stranger = suite.signer(suite.generate()), suite.signer(suite.generate())
    signature = signer.sign(data)
    assert suite.verify(signer.public, signature, data)
    assert suites.verify(signer.public, signature, data)
    assert not suite.verify(stranger.public, signature, data)
    assert suite.verify(signer.public, signature, other) == (data == other)


@EACH
def test_a_key_is_named_by_what_it_is_and_belongs_to_one_suite(suite: Suite) -> None:
    signer = suite.signer(suite.generate())
    assert signer.key_id.startswith(f"{suite.algorithm}:") and len(signer.key_id.split(":")[1]) == 32
    assert suites.of_key(signer.public) is suite
    others = [one for one in suites.suites() if one is not suite]
    assert not any(one.holds(signer.public) for one in others)
    assert not any(one.verify(signer.public, signer.sign(b"x"), b"x") for one in others), "no confusion of algorithms"
    for other in others:
        with pytest.raises(Unreadable):
            other.signer(suite.generate())


@EACH
@given(data=st.binary(max_size=500), aad=st.binary(max_size=50), at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_what_is_sealed_opens_whole_or_not_at_all(suite: Suite, data: bytes, aad: bytes, at: int, bit: int) -> None:
    key, other = b"k" * 16, b"o" * 16
    sealed = suite.seal(key, data, aad)
    assert suite.open(key, sealed, aad) == data
    altered = bytearray(sealed)
    altered[at % len(sealed)] ^= 1 << bit
    for wrong in ((key, bytes(altered), aad), (other, sealed, aad), (key, sealed, aad + b"x"), (key, sealed[:5], aad)):
        with pytest.raises(ValueError, match="密文"):
            suite.open(*wrong)


@EACH
def test_a_digest_in_pieces_is_the_digest_of_the_whole(suite: Suite) -> None:
    hasher = suite.hasher()
    for piece in (b"one ", b"", b"two"):
        hasher.update(piece)
    assert hasher.digest() == hasher.digest() == suite.digest(b"one two")


@pytest.mark.parametrize("junk", [b"", b"junk", SPKI[:-1], b"\x30" * 91, SPKI[:23] + POINT[:-1] + b"\x00"])
def test_what_is_no_key_is_refused_and_never_verifies(junk: bytes) -> None:
    with pytest.raises(Unreadable):
        suites.of_key(junk)
    assert not suites.verify(junk, SIGNATURE, b"message digest")
    for one in suites.suites():
        with pytest.raises(Unreadable):
            one.signer(junk)


def test_a_p256_key_of_another_tool_is_checked_in_the_form_of_http_signatures() -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    der = private.sign(b"data", ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(der)
    raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert suites.verify(public, raw, b"data") and not suites.verify(public, der, b"data")


@pytest.mark.parametrize(
    ("key", "options"), [("international", []), ("guomi", ["-pkeyopt", "distid:1234567812345678"])]
)
def test_an_ordinary_tool_verifies_our_signatures_and_we_its(tmp_path: Path, key: str, options: list[str]) -> None:
    suite = suites.suite(key)
    private = suite.generate()
    signer = suite.signer(private)
    (tmp_path / "data").write_bytes(b"an act")
    (tmp_path / "key").write_bytes(private)
    (tmp_path / "public").write_bytes(signer.public)
    (tmp_path / "signature").write_bytes(signer.sign(b"an act"))
    digest = ["-digest", "sm3"] if key == "guomi" else []
    common = ["openssl", "pkeyutl", "-rawin", *digest, *options, "-in", "data"]
    check = [*common, "-verify", "-pubin", "-inkey", "public", "-keyform", "DER", "-sigfile", "signature"]
    subprocess.run(check, cwd=tmp_path, check=True, capture_output=True)
    sign = [*common, "-sign", "-inkey", "key", "-keyform", "DER", "-out", "theirs"]
    subprocess.run(sign, cwd=tmp_path, check=True, capture_output=True)
    assert suite.verify(signer.public, (tmp_path / "theirs").read_bytes(), b"an act")
