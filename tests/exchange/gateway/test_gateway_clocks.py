"""The self-check names the departments whose machines were refused for their clock."""

from __future__ import annotations

import pytest
from django.db import connection

from shuniu.exchange.gateway.clocks import refused_clocks
from shuniu.project.main import parser
from shuniu.trust.certificates import api as certificates
from shuniu.trust.declare import Actor
from tests.exchange.conftest import FIRMS
from tests.exchange.gateway.road import Machine

TECHNICIAN = Actor("officer:3", "李娜", "43.tax", "省税务局", ("43",), frozenset({"trust.self_check"}))
pytestmark = pytest.mark.django_db(transaction=True)


def wrong(tax: Machine, times: int) -> None:
    tax.ahead = -400
    for _ in range(times):
        assert tax.refused(tax.sign(FIRMS[0])) == (401, "gateway.moment")


def aged(hours: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update exchange_failure set hour = hour - make_interval(hours => %s)", [hours])


def test_right_after_the_clocks_it_says_whose_machines_were_refused_how_often_and_who_must_act(
    tax: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong(tax, 3)
    parsed = parser().parse_args(["trust", "doctor"])
    parsed.call(parsed)
    lines = capsys.readouterr().out.splitlines()
    assert "本机时钟与数据库" in lines[0]
    assert lines[1] == (
        "[注意] 24 小时内 1 个单位的机器因时钟不准被拒绝：省税务局（3 次）。"
        "（这些单位的技术人员）请通知他们在接入的机器上校准时钟，再执行 shuniu trust check 核对。"
    )
    found = certificates.self_check(actor=TECHNICIAN, agency="43.tax", machines=refused_clocks)
    own = next(one for one in found if one.rule == "clock.machines")
    assert (own.message, own.who) == ("24 小时内本单位机器的请求因时钟不准被拒绝 3 次。", "本单位技术人员")
    assert own.state == "warning" and "校准时钟" in own.remedy
    assert [one.state for one in refused_clocks("43.market")] == ["good"], "another's are none of theirs"


def test_other_refusals_and_those_of_yesterday_are_not_named(tax: Machine) -> None:
    tax.refused(tax.sign(FIRMS[0]), shuniu_purpose="credit")
    assert [one.state for one in refused_clocks("")] == ["good"]
    wrong(tax, 1)
    aged(23)
    assert "省税务局（1 次）" in refused_clocks("")[0].message
    aged(2)
    assert [one.state for one in refused_clocks("")] == ["good"]
