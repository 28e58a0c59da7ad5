"""Reading a question strictly: whatever comes, it is read in its one form or refused by a rule of the gateway."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.exchange.gateway import answers, asking
from shuniu.exchange.gateway.declare import Purpose
from shuniu.exchange.gateway.rules import Later, limits, status_of
from shuniu.trust import suites
from shuniu.trust.declare import Refused
from tests.exchange.conftest import FIRMS

LIMITS = limits(date.today())
NAMES = ["identifiers", "items", "kind", "value", "x"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=12,
)  # fmt: skip


@given(st.binary(max_size=300) | ANYTHING.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_read_or_refused_and_never_fails_otherwise(data: bytes) -> None:
    try:
        identifiers, items = asking.body_of(data, LIMITS)
    except Refused as refusal:
        assert refusal.rule.startswith("gateway.") and refusal.remedy
    else:
        assert identifiers and len(set(items)) == len(items)


def test_a_sound_body_is_read_with_canonical_values_each_once() -> None:
    said = {
        "identifiers": [{"kind": "uscc", "value": f" {FIRMS[0].lower()} "}, {"kind": "uscc", "value": FIRMS[0]}],
        "items": ["name"],
    }
    assert asking.body_of(json.dumps(said).encode(), LIMITS) == ((("uscc", FIRMS[0]),), ("name",))


@given(st.text(max_size=60))
def test_any_purpose_officer_and_token_is_read_or_refused(header: str) -> None:
    for read in (lambda text: asking.purpose_of(text, LIMITS), asking.officer_of, asking.token_of):
        try:
            read(header)
        except Refused as refusal:
            assert status_of(refusal.rule) in (400, 403)


@pytest.mark.parametrize(
    ("header", "purpose"),
    [
        ("inspection", Purpose("inspection")), ("licensing/case:A1", Purpose("licensing", "case:A1")),
    ],
)  # fmt: skip
def test_a_purpose_is_a_key_with_or_without_a_case(header: str, purpose: Purpose) -> None:
    assert asking.purpose_of(header, LIMITS) == purpose


@pytest.mark.parametrize("suite", suites.suites(), ids=lambda one: one.key)
def test_a_signature_is_kept_in_64_bytes_and_comes_back_as_it_was(suite: suites.Suite) -> None:
    signer = suite.signer(suite.generate())
    for number in range(20):
        signature = signer.sign(f"{number}".encode())
        kept = answers.packed(suite, signature)
        assert len(kept) == 64 and answers.unpacked(suite.key, kept) == signature


def test_every_refusal_has_an_honest_status_and_what_may_come_later_says_when() -> None:
    said = {"gateway.rate": 429, "gateway.slow": 504, "trust.revoked": 401, "grant.never": 403, "gateway.size": 413}
    assert {rule: status_of(rule) for rule in said} == said
    assert Later("gateway.rate", "", "", 0).seconds == 1
