"""A stage that nobody can answer is told of: when its item is published, and at the desk in every case under it."""

from __future__ import annotations

import pytest

from shuniu.cases.api import handling, items
from shuniu.cases.declare import ItemFault
from tests.cases.filing import ITEM, filed, published
from tests.cast import Cast, cast, client_of, newcomer, with_posts

__all__ = ["cast", "published"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def unmanned() -> list[ItemFault]:
    return [one for one in items.faults(ITEM) if one.rule == "item.unmanned"]


def test_publishing_says_of_each_stage_that_nobody_could_answer_it_and_does_not_refuse(cast: Cast) -> None:
    found = unmanned()
    assert [one.part for one in found] == ["受理", "审查", "决定"] and not any(one.blocks for one in found)
    assert "省市场监督管理局没有人任“" in found[0].message and "账号与岗位" in found[0].remedy
    newcomer("43.market", "case_clerk", login="m1", name="马丽")
    assert [one.part for one in unmanned()] == ["审查", "决定"]
    newcomer("43.tax", "case_examiner", "case_decider", login="t1", name="税一")
    newcomer("43.market", "case_examiner", login="m2", name="县一", region="430102")
    assert [one.part for one in unmanned()] == ["审查", "决定"], (
        "another agency's, or of another region, is nobody here"
    )
    newcomer("43.market", "case_examiner", "case_decider", login="m3", name="彭涛")
    assert unmanned() == []


def test_the_desk_says_so_in_the_case_until_somebody_is_appointed(cast: Cast) -> None:
    clerk = newcomer("43.market", "case_clerk", login="m1", name="马丽")
    number = filed(cast.citizen).number
    handling.accept(actor=clerk, number=number)
    client, at = client_of(clerk), f"/desk/cases/{number}/"

    def said() -> list[str]:
        page = client.get(at).content.decode()
        return [stage for stage in ("受理", "审查", "决定") if f"“{stage}”谁都不能办：本单位没有人任" in page]

    assert said() == ["审查", "决定"] and "/accounts/" not in client.get(at).content.decode().partition("谁都不能办")[2]
    newcomer("43.market", "case_examiner", login="m2", name="彭涛")
    assert said() == ["决定"]
    newcomer("43.market", "case_decider", login="m3", name="曾志")
    assert said() == []


def test_who_may_see_the_accounts_is_led_to_them(cast: Cast) -> None:
    head = with_posts(newcomer("43.market", "case_clerk", login="m1", name="马丽"), "agency_administrator")
    page = client_of(head).get(f"/desk/cases/{filed(cast.citizen).number}/").content.decode()
    assert "/accounts/?agency=43.market" in page.partition("谁都不能办")[2]
