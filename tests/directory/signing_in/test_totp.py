"""RFC 6238's own vectors, the window, and that a step is used once."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.directory.signing_in import totp

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_vectors_of_rfc_6238_appendix_b(now: int, said: str) -> None:
    assert totp.code(SECRET, now // totp.STEP, digits=8) == said


@pytest.mark.parametrize(
    ("counter", "said"),
    list(
        enumerate(["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"])
    ),
)
def test_the_vectors_of_rfc_4226_appendix_d(counter: int, said: str) -> None:
    assert totp.code(SECRET, counter) == said


@given(now=st.integers(300, 2**40), off=st.integers(-5, 5))
def test_a_code_is_taken_one_step_early_or_late_and_no_further(now: int, off: int) -> None:
    said = totp.code(SECRET, now // 30 + off)
    found = totp.matching(SECRET, said, now, after=0)
    if abs(off) <= 1:
        assert found is not None and abs(found - now // 30) <= 1
    else:
        near = {totp.code(SECRET, now // 30 + step) for step in (-1, 0, 1)}
        assert (found is not None) == (said in near)


@given(now=st.integers(300, 2**40))
def test_a_step_that_was_used_is_refused_with_all_before_it(now: int) -> None:
    present = now // 30
    said = totp.code(SECRET, present)
    assert totp.matching(SECRET, said, now, after=present) in (None, present + 1)
    assert totp.matching(SECRET, said, now, after=present + 1) is None


@pytest.mark.parametrize("said", ["", "12345", "1234567", "abcdef", "１２３４５６", "\0"])
def test_what_is_no_code_is_wrong(said: str) -> None:
    assert totp.matching(SECRET, said, 59, after=0) is None


def test_the_address_for_authenticators_carries_the_same_secret_as_the_letters() -> None:
    asked = parse_qs(urlsplit(totp.address(SECRET, "枢纽", "wangmin")).query)
    assert asked["secret"] == [totp.shown(SECRET).replace(" ", "")]
    assert base64.b32decode(asked["secret"][0]) == SECRET and asked["issuer"] == ["枢纽"]
    assert len(totp.fresh()) == 20 and totp.fresh() != totp.fresh()
