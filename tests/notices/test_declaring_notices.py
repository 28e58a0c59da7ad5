"""What a template, a recipient and an address may look like."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.notices import rules
from shuniu.notices.api import register
from shuniu.notices.declare import Recipient, Template, Words
from shuniu.trust.declare import Refused

GOOD: dict[str, Any] = {
    "key": "test.good",
    "title": Words("办理结果", "Decision"),
    "text": Words("“{item}”已办结。", "“{item}” is decided."),
    "fields": ("item",),
}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"fields": ()}, "字段与文字不一致：item"),
        ({"fields": ("item", "day")}, "字段与文字不一致：day"),
        ({"text": Words("“{item}”已办结。", " ")}, "须有中文和英文"),
        ({"text": Words("{item.secret}", "{item}")}, "只写字段名"),
        ({"text": Words("{item!r}", "{item}")}, "只写字段名"),
        ({"text": Words("{}", "{item}")}, "只写字段名"),
        ({"title": Words("{item}", "Decision")}, "标题不能有字段"),
        ({"channels": ("inbox", "pigeon")}, "渠道应为"),
        ({"channels": ("sms",)}, "一律进收件箱"),
        ({"fleeting": True}, "不进收件箱"),
        ({"short": Words("{who}", "x")}, "字段与文字不一致：who"),
    ],
)
def test_a_wrong_template_is_refused_when_it_is_declared(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Template(**{**GOOD, **wrong})


def test_a_template_takes_exactly_its_own_values_and_repeats_no_braces_of_theirs() -> None:
    template = Template(**GOOD)
    for values in ({}, {"item": "x", "day": "y"}):
        with pytest.raises(ValueError, match="字段不符"):
            template.check(values)
    assert template.text.said("en", {"item": "{title} {0}"}) == "“{title} {0}” is decided."


def test_one_key_has_one_template() -> None:
    register(Template(**GOOD))
    register(Template(**GOOD))
    with pytest.raises(ValueError, match="两种内容"):
        register(Template(**{**GOOD, "urgent": True}))


def test_a_notice_goes_to_one_person_one_agency_or_one_duty() -> None:
    for person, agency in (("", ""), ("citizen:7", "43.market")):
        with pytest.raises(ValueError, match="三者择一"):
            Recipient(person=person, agency=agency)


@pytest.mark.parametrize(
    ("channel", "text", "kept"),
    [
        ("sms", "+86 138-0000-1234", "13800001234"),
        ("sms", "１３８００００１２３４", "13800001234"),
        ("sms", "12345678901", None),
        ("sms", "073184567890", None),
        ("email", " zhang@example.test ", "zhang@example.test"),
        ("email", "zhang@example.test\nBcc: all@example.test", None),
        ("email", "张@example.test", None),
        ("inbox", "x", None),
    ],
)
def test_an_address_is_kept_in_one_form_or_refused(channel: str, text: str, kept: str | None) -> None:
    if kept is not None:
        assert rules.address(channel, text) == kept
        return
    with pytest.raises(Refused):
        rules.address(channel, text)


def test_addresses_are_masked_in_lists_and_in_what_servers_say() -> None:
    assert rules.masked("sms", "13800001234") == "138****1234"
    assert rules.masked("email", "zhang@example.test") == "z***@example.test"
    said = rules.cleaned(
        "550 5.1.1 <zhang@example.test>:\r\n unknown, try li@example.test or 13800001234", "zhang@example.test"
    )
    assert said.startswith("550 5.1.1") and "zhang" not in said and "li@" not in said and "1380000" not in said


@given(hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_quiet_hours_past_midnight_and_within_a_day_are_the_other_half_of_the_loud_ones(hour: int, minute: int) -> None:
    moment = datetime(2026, 11, 20, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))
    night = rules.Quiet(time(21), time(8))
    day = rules.Quiet(time(8), time(21))
    assert night.holds(moment) == (hour >= 21 or hour < 8) == (not day.holds(moment))
    assert str(night) == "21:00–08:00"


@given(st.integers(1, 10))
def test_each_wait_is_twice_the_one_before(attempt: int) -> None:
    retry = rules.Retry(6, timedelta(minutes=5))
    assert retry.wait(1) == timedelta(minutes=5) and retry.wait(attempt + 1) == 2 * retry.wait(attempt)
