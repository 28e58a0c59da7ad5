"""Signed HTTP messages: the RFC's own example, what must be covered, and that nothing can be changed on the way."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st

from shuniu.trust import suites
from shuniu.trust.declare import Refused
from shuniu.trust.messages import (
    ANSWERED,
    COVERED,
    Message,
    base_of,
    check,
    described,
    digest_header,
    read_digest,
    sign_answer,
    sign_request,
)
from shuniu.trust.suites import Suite

EACH = pytest.mark.parametrize("suite", suites.suites(), ids=lambda one: one.key)
NOW = 1_795_000_000
# RFC 9421 B.1.4 and B.2.6
KEY = b"""-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----
"""
RFC_TEXT = (
    '("date" "@method" "@path" "@authority" "content-type" "content-length")'
    ';created=1618884473;keyid="test-key-ed25519"'
)
RFC_SIGNATURE = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="


def asked(suite: Suite, purpose: str = "case:1") -> Message:
    """A question as a department sends it, not signed yet."""
    given = {
        "content-digest": digest_header(suite, suite.digest(b'{"uscc":"91430000MA4T000000"}')),
        "content-type": "application/json",
        "shuniu-purpose": purpose,
    }
    return Message(given, "POST", "hub.example", "/exchange/query/43.tax/penalty", "page=1")


def signed(message: Message, headers: dict[str, str]) -> Message:
    return replace(message, headers={**message.headers, **headers})


def question(suite: Suite) -> tuple[Message, bytes]:
    signer = suite.signer(suite.generate())
    message = asked(suite)
    return signed(message, sign_request(message, signer, created=NOW, nonce="n-1")), signer.public


def test_the_example_of_the_rfc_comes_out_byte_for_byte() -> None:
    headers = {"date": "Tue, 20 Apr 2021 02:07:55 GMT", "content-type": "application/json", "content-length": "18"}
    message = Message(
        {**headers, "signature-input": f"sig-b26={RFC_TEXT}", "signature": f"sig-b26=:{RFC_SIGNATURE}:"},
        "POST", "example.com", "/foo", "param=Value&Pet=dog",
    )  # fmt: skip
    said = described(message)
    assert said.components == ("date", "@method", "@path", "@authority", "content-type", "content-length")
    assert (said.created, said.key_id) == (1618884473, "test-key-ed25519")
    base = base_of(said.components, said.text, message, None)
    assert base.startswith(b'"date": Tue, 20 Apr 2021 02:07:55 GMT\n"@method": POST\n"@path": /foo\n')
    private = load_pem_private_key(KEY, None)
    public = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert suites.verify(public, base64.b64decode(RFC_SIGNATURE), base)
    with pytest.raises(Refused, match="content-digest"):
        check(said, public, message)


@EACH
def test_a_signed_question_and_its_answer_hold_together(suite: Suite) -> None:
    message, public = question(suite)
    said = described(message)
    assert (said.created, said.nonce, said.components) == (NOW, "n-1", COVERED)
    assert b'"@authority": hub.example' in check(said, public, message)
    provider = suite.signer(suite.generate())
    body = b'{"rows":[]}'
    bare = Message(
        {"content-digest": digest_header(suite, suite.digest(body)), "content-type": "application/json"}, status=200
    )
    answer = signed(bare, sign_answer(bare, message, provider, created=NOW))
    assert described(answer).components == ANSWERED
    check(described(answer), provider.public, answer, message)
    other, _ = question(suite)
    with pytest.raises(Refused) as refusal:
        check(described(answer), provider.public, answer, other)
    assert refusal.value.rule == "message.signature", "an answer to one question is none to another"


CHANGES: dict[str, Callable[[Message], Message]] = {
    "method": lambda one: replace(one, method="GET"),
    "authority": lambda one: replace(one, authority="other.example"),
    "path": lambda one: replace(one, path="/exchange/query/43.tax/income"),
    "query": lambda one: replace(one, query="page=2"),
    "digest": lambda one: signed(one, {"content-digest": "sha-256=:AAAA:"}),
    "type": lambda one: signed(one, {"content-type": "text/plain"}),
    "purpose": lambda one: signed(one, {"shuniu-purpose": "case:2"}),
    "nonce": lambda one: signed(one, {"signature-input": one.headers["signature-input"].replace("n-1", "n-2")}),
    "created": lambda one: signed(one, {"signature-input": one.headers["signature-input"].replace(str(NOW), str(NOW + 1))}),
}  # fmt: skip


@EACH
@pytest.mark.parametrize("what", CHANGES)
def test_whatever_is_changed_on_the_way_is_found(suite: Suite, what: str) -> None:
    message, public = question(suite)
    changed = CHANGES[what](message)
    with pytest.raises(Refused) as refusal:
        check(described(changed), public, changed)
    assert refusal.value.rule == "message.signature" and refusal.value.remedy


@EACH
def test_another_key_another_algorithm_and_a_missing_header_are_each_said(suite: Suite) -> None:
    message, public = question(suite)
    stranger = suite.signer(suite.generate()).public
    with pytest.raises(Refused, match="签名不对"):
        check(described(message), stranger, message)
    lowered = replace(described(message), algorithm="hmac-sha256")
    with pytest.raises(Refused, match="算法"):
        check(lowered, public, message)
    bare = replace(message, headers={k: v for k, v in message.headers.items() if k != "shuniu-purpose"})
    with pytest.raises(Refused, match="shuniu-purpose"):
        check(described(bare), public, bare)
    with pytest.raises(Refused, match="不能用于验签"):
        check(described(message), b"junk", message)


@EACH
@pytest.mark.parametrize("left_out", COVERED)
def test_a_signature_that_leaves_anything_out_is_refused(suite: Suite, left_out: str) -> None:
    message, public = question(suite)
    text = message.headers["signature-input"].replace(f'"{left_out}"', "", 1).replace("( ", "(").replace("  ", " ")
    narrowed = signed(message, {"signature-input": text.replace(" )", ")")})
    with pytest.raises(Refused) as refusal:
        check(described(narrowed), public, narrowed)
    assert refusal.value.rule == "message.uncovered" and left_out in refusal.value.message


@pytest.mark.parametrize(
    ("headers", "rule"),
    [
        ({}, "unsigned"),
        ({"signature-input": "a=()", "signature": "a=:AA==:"}, "unreadable"),
        ({"signature-input": 'a=();created=1;keyid="k"', "signature": "b=:AA==:"}, "unreadable"),
        ({"signature-input": 'a=();created=1;keyid="k", b=();created=1;keyid="k"', "signature": "a=:AA==:"}, "unreadable"),
        ({"signature-input": 'a=("x" "x");created=1;keyid="k"', "signature": "a=:AA==:"}, "unreadable"),
        ({"signature-input": 'a=();created=1;created=2;keyid="k"', "signature": "a=:AA==:"}, "unreadable"),
        ({"signature-input": 'a=();keyid="k"', "signature": "a=:AA==:"}, "unreadable"),
        ({"signature-input": 'a=();created="now";keyid="k"', "signature": "a=:AA==:"}, "unreadable"),
        ({"signature-input": 'a=();created=1;keyid="k";odd="1"', "signature": "a=:AA==:"}, "unreadable"),
        ({"signature-input": 'a=();created=1;keyid="k"', "signature": "a=:A:"}, "unreadable"),
        ({"signature-input": "a=(" + '"x" ' * 5000, "signature": "a=:AA==:"}, "unreadable"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_way_to_mend_it(headers: dict[str, str], rule: str) -> None:
    with pytest.raises(Refused) as refusal:
        described(Message(headers, "POST", "hub.example", "/"))
    assert refusal.value.rule == f"message.{rule}" and refusal.value.remedy


@given(st.text(max_size=300), st.text(max_size=100))
def test_no_description_however_odd_breaks_the_reader(said: str, signature: str) -> None:
    with pytest.raises(Refused):
        described(Message({"signature-input": said, "signature": signature}, "POST", "hub.example", "/"))


@pytest.mark.parametrize(
    "odd", ['"@signature-params"', '"@target-uri"', '"content-type";bs', '"content-type";req', '"@status"']
)
def test_a_component_that_a_message_does_not_have_is_no_empty_one(odd: str) -> None:
    suite = suites.suite("international")
    message, public = question(suite)
    text = message.headers["signature-input"].replace("(", f"({odd} ", 1)
    widened = signed(message, {"signature-input": text})
    with pytest.raises(Refused) as refusal:
        check(described(widened), public, widened)
    assert refusal.value.rule == "message.component"


def test_a_header_with_a_line_break_is_never_signed() -> None:
    suite = suites.suite("international")
    message = asked(suite, 'case:1\n"@method": GET')
    with pytest.raises(Refused, match="shuniu-purpose"):
        sign_request(message, suite.signer(suite.generate()), created=NOW, nonce="n")


@EACH
def test_a_digest_names_its_suite_and_nothing_else_is_read(suite: Suite) -> None:
    found, digest = read_digest(digest_header(suite, suite.digest(b"body")))
    assert found is suite and digest == suite.digest(b"body")
    for wrong in ("", "md5=:AAAA:", "sha-256=AAAA", "sha-256=:AAAA:, sha-512=:AAAA:", "sha-256=:A:"):
        with pytest.raises(Refused):
            read_digest(wrong)
