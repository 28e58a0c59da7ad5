"""A closed list's member is its value everywhere, and has its title beside it."""

from __future__ import annotations

import json
import pickle

import pytest

from shuniu.base.titled import Titled


class Weather(Titled):
    FINE = "fine", "晴"
    NONE = "", "无"


def test_a_member_is_its_value_and_has_its_title() -> None:
    assert [(one.value, one.title) for one in Weather] == [("fine", "晴"), ("", "无")]
    assert Weather("fine") is Weather.FINE and str(Weather.FINE) == f"{Weather.FINE}" == "fine"
    by_value: dict[str, int] = {Weather.FINE: 1}
    assert by_value["fine"] == 1 and not Weather.NONE


def test_a_member_is_stored_by_its_value_alone() -> None:
    assert json.dumps([Weather.FINE]) == '["fine"]'
    written = pickle.dumps(Weather.FINE)
    assert pickle.loads(written) is Weather.FINE and "晴".encode() not in written  # noqa: S301 - our own bytes


def test_a_member_without_a_title_is_refused_where_it_is_written() -> None:
    with pytest.raises(TypeError, match="rain"):

        class Wet(Titled):
            RAIN = "rain"
