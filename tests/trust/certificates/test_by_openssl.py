"""What we issue is read and checked by an ordinary tool: chains, revocation lists, answers on standing, its own requests."""

from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from asn1crypto import crl, ocsp, pem
from django.test import Client
from django.utils import timezone

from shuniu.directory import api as directory
from shuniu.trust import suites
from shuniu.trust.certificates import api, authority, reading
from shuniu.trust.certificates.declare import Held
from shuniu.trust.certificates.models import Certificate
from tests.cast import Cast
from tests.trust.certificates import machine, openssl
from tests.trust.certificates.machine import SUITES

pytestmark = pytest.mark.django_db
EACH = pytest.mark.parametrize("suite", SUITES)


def laid_out(folder: Path, cast: Cast, suite: str) -> tuple[Held, Held]:
    """Two joined machines' certificates and the chain, as files; their keys as the platform knows them."""
    client = Client()
    one, two = machine.join(cast.office, suite=suite), machine.join(cast.office, "43.tax", suite=suite)
    openssl.write(
        folder, one=one.joined.certificate, two=two.joined.certificate, encryption=one.joined.encryption,
        issuing=client.get(f"/api/trust/{suite}/issuing.crt").content,
        root=client.get(f"/api/trust/{suite}/root.crt").content,
    )  # fmt: skip
    return one.held, two.held


@EACH
def test_the_chain_holds_and_an_altered_certificate_does_not(cast: Cast, tmp_path: Path, suite: str) -> None:
    laid_out(tmp_path, cast, suite)
    assert "OK" in openssl.verify(tmp_path, suite, "one", "issuing", "root")
    assert "OK" in openssl.verify(tmp_path, suite, "encryption", "issuing", "root")
    openssl.write(tmp_path, responder=authority.responder(suite).certificate)
    assert "OK" in openssl.verify(tmp_path, suite, "responder", "issuing", "root")
    altered = bytearray((tmp_path / "one").read_bytes())
    altered[-1] ^= 1
    openssl.write(tmp_path, altered=bytes(altered))
    openssl.verify(tmp_path, suite, "altered", "issuing", "root", good=False)


@EACH
def test_a_certificate_says_what_it_is_for_and_that_it_is_for_test(cast: Cast, tmp_path: Path, suite: str) -> None:
    laid_out(tmp_path, cast, suite)
    shown = ("x509", "-inform", "DER", "-noout", "-text", "-nameopt", "utf8,sep_comma_plus", "-in")
    signing, encryption = openssl.run(tmp_path, *shown, "one"), openssl.run(tmp_path, *shown, "encryption")
    for said in (signing, encryption):
        assert "OU=测试/演示" in said and "Version: 3" in said and "不具有法律效力" in said
        assert (
            f"/api/trust/{suite}/issuing.crl" in said
            and f"OCSP - URI:http://localhost:8043/api/trust/{suite}/ocsp" in said
        )
        assert "X509v3 Authority Key Identifier" in said and "X509v3 Subject Key Identifier" in said
    assert "Digital Signature, Non Repudiation" in signing and "TLS Web Client Authentication" in signing
    assert "Digital Signature" not in encryption and "Key Agreement" in encryption
    assert "OBJECT" in openssl.run(tmp_path, "asn1parse", "-inform", "DER", "-in", "one")
    wanted = {"international": "ED25519", "guomi": "SM2-with-SM3"}[suite]
    assert f"Signature Algorithm: {wanted}" in signing


@EACH
def test_the_list_of_the_revoked_is_signed_dated_and_new_at_once(cast: Cast, tmp_path: Path, suite: str) -> None:
    one, _two = laid_out(tmp_path, cast, suite)
    before = api.revocation_list(suite)
    assert api.revocation_list(suite) == before, "nobody was revoked: the same list"
    api.revoke_certificate(actor=cast.security, number=one.number, reason="key_compromise")
    openssl.write(tmp_path, list=Client().get(f"/api/trust/{suite}/issuing.crl").content)
    said = openssl.run(tmp_path, "crl", "-inform", "DER", "-in", "list", "-noout", "-text")
    serial = reading.certificate((tmp_path / "one").read_bytes()).serial
    assert f"{serial:X}" in said and "Key Compromise" in said and "Next Update" in said
    found = crl.CertificateList.load((tmp_path / "list").read_bytes())
    assert found.crl_number_value.native == crl.CertificateList.load(before).crl_number_value.native + 1
    assert reading.signed_by(
        authority.issuing(suite).signer.public, found["signature_algorithm"]["algorithm"].dotted,
        bytes(found["signature"]), found["tbs_cert_list"].dump(),
    )  # fmt: skip
    if suite == "international":  # the tool has no way to give a list's signer SM2's identity
        for name in ("one", "two", "issuing", "root"):
            openssl.run(tmp_path, "x509", "-inform", "DER", "-in", name, "-out", f"{name}.pem")
        openssl.run(tmp_path, "crl", "-inform", "DER", "-in", "list", "-out", "list.pem")
        common = ("verify", "-crl_check", "-CAfile", "root.pem", "-untrusted", "issuing.pem", "-CRLfile", "list.pem")
        assert "certificate revoked" in openssl.run(tmp_path, *common, "one.pem", good=False)
        assert "OK" in openssl.run(tmp_path, *common, "two.pem")


@EACH
@pytest.mark.parametrize("hashed", ["-sha1", "-sha256"])
def test_the_responder_says_good_revoked_and_unknown(cast: Cast, tmp_path: Path, suite: str, hashed: str) -> None:
    one, _two = laid_out(tmp_path, cast, suite)
    stranger = suites.suite(suite)
    openssl.write(tmp_path, stranger=foreign(suite))
    api.revoke_certificate(actor=cast.security, number=one.number, reason="cessation_of_operation")
    for name in ("one", "two", "stranger", "issuing", "root"):
        openssl.run(tmp_path, "x509", "-inform", "DER", "-in", name, "-out", f"{name}.pem")
    about = (hashed, "-issuer", "issuing.pem", "-cert", "one.pem", "-cert", "two.pem", "-cert", "stranger.pem")
    openssl.run(tmp_path, "ocsp", *about, "-nonce", "-reqout", "question")
    question = (tmp_path / "question").read_bytes()
    posted = Client().post(f"/api/trust/{suite}/ocsp", question, content_type="application/ocsp-request")
    assert posted.headers["Content-Type"] == "application/ocsp-response"
    openssl.write(tmp_path, answer=posted.content)
    checked = ("-noverify",) if suite == "guomi" else ("-CAfile", "root.pem", "-verify_other", "issuing.pem")
    said = openssl.run(tmp_path, "ocsp", "-respin", "answer", "-reqin", "question", "-no_nonce", *about, *checked)
    assert "one.pem: revoked" in said and "Reason: cessationOfOperation" in said
    assert "two.pem: good" in said and "stranger.pem: unknown" in said
    if suite == "international":
        assert "Response verify OK" in said
    got = Client().get(f"/api/trust/{suite}/ocsp/" + quote(base64.b64encode(question).decode(), safe=""))
    first, second = (ocsp.OCSPResponse.load(each.content).basic_ocsp_response for each in (posted, got))
    for found in (first, second):
        data = found["tbs_response_data"]
        nonces = [one["extn_value"].native for one in data["response_extensions"] if one["extn_id"].native == "nonce"]
        assert nonces == [ocsp.OCSPRequest.load(question).nonce_value.native]
        assert stranger.verify(authority.responder(suite).signer.public, bytes(found["signature"]), data.dump())


def foreign(suite: str) -> bytes:
    """A certificate of the same authority's making that it never entered in its index."""
    return authority.responder(suite).certificate


@pytest.mark.parametrize("junk", [b"", b"junk", b"\x30\x03\x02\x01\x00", b"\x30" * 20_000])
def test_what_is_no_question_gets_an_answer_that_says_so(junk: bytes, db: None) -> None:
    answer = Client().post("/api/trust/international/ocsp", junk, content_type="application/ocsp-request")
    assert ocsp.OCSPResponse.load(answer.content)["response_status"].native == "malformed_request"
    assert Client().get("/api/trust/international/ocsp/%21").content == answer.content
    assert Client().get("/api/trust/rot13/issuing.crl").status_code == 422


@EACH
def test_a_request_made_by_the_tool_joins(cast: Cast, tmp_path: Path, suite: str) -> None:
    made = {
        "international": ("genpkey", "-algorithm", "ed25519", "-out", "key"),
        "guomi": ("genpkey", "-algorithm", "SM2", "-out", "key"),
    }[suite]
    openssl.run(tmp_path, *made)
    options = ("-sm3", "-sigopt", "distid:1234567812345678") if suite == "guomi" else ()
    openssl.run(tmp_path, "req", "-new", "-key", "key", *options, "-subj", "/CN=anything", "-out", "request")
    code = machine.code(cast.office, suite=suite)
    joined = api.join(actor=directory.system("joining"), code=code, request=(tmp_path / "request").read_bytes())
    assert "anything" not in reading.certificate(joined.certificate).subject


def test_a_p256_key_of_the_tool_joins_too(cast: Cast, tmp_path: Path) -> None:
    openssl.run(tmp_path, "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "key")
    openssl.run(tmp_path, "req", "-new", "-sha256", "-key", "key", "-subj", "/CN=x", "-out", "request")
    code = machine.code(cast.office)
    joined = api.join(actor=directory.system("joining"), code=code, request=(tmp_path / "request").read_bytes())
    key = reading.name_of(reading.certificate(joined.certificate).public)
    found = api.certificate_of(key)
    assert key.startswith("ecdsa-p256-sha256:") and found is not None and found.suite == "international"
    openssl.run(tmp_path, "req", "-new", "-sha384", "-key", "key", "-subj", "/CN=x", "-out", "other")
    with pytest.raises(Exception, match="证明持有私钥"):
        api.join(
            actor=directory.system("joining"), code=machine.code(cast.office), request=(tmp_path / "other").read_bytes()
        )


@EACH
def test_the_keys_that_answers_are_signed_by_are_published_the_present_one_first(tmp_path: Path, suite: str) -> None:
    client, at = Client(), f"/api/trust/{suite}/platform.pem"
    assert client.get(at).json()["rule"] == "trust.no_node"
    api.keep_node(actor=directory.system("worker"), suite=suite)
    first = api.node(suite)
    Certificate.objects.update(not_after=timezone.now() + timedelta(hours=1))
    api.keep_node(actor=directory.system("worker"), suite=suite)
    Certificate.objects.filter(key_id=first.key_id).update(
        not_before=timezone.now() - timedelta(days=9), not_after=timezone.now() - timedelta(days=1)
    )
    present = api.node(suite)
    assert present.key_id != first.key_id
    found = client.get(at)
    assert found.headers["Content-Type"] == "application/x-pem-file"
    openssl.write(
        tmp_path, platform=found.content,
        issuing=client.get(f"/api/trust/{suite}/issuing.crt").content,
        root=client.get(f"/api/trust/{suite}/root.crt").content,
    )  # fmt: skip
    shown = [found for _kind, _headers, found in pem.unarmor(found.content, multiple=True)]
    assert shown == [present.certificate, first.certificate]
    openssl.run(tmp_path, "x509", "-in", "platform", "-outform", "DER", "-out", "newest")  # it takes the first
    assert (tmp_path / "newest").read_bytes() == present.certificate
    assert "BEGIN PUBLIC KEY" in openssl.run(tmp_path, "x509", "-in", "platform", "-pubkey", "-noout")
    assert "OK" in openssl.verify(tmp_path, suite, "newest", "issuing", "root")
    Certificate.objects.filter(key_id=first.key_id).update(revoked_at=timezone.now(), reason="key_compromise")
    assert client.get(at).content.count(b"BEGIN CERTIFICATE") == 1, "nobody shall believe a revoked one"
    assert client.get("/api/trust/none/platform.pem").json()["rule"] == "trust.no_suite"
