"""The hall's guide pages of every shipped item and life event: drawn, light, and found by words."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bench.pages import MOST, addresses, weigh
from shuniu.cases.api import items as api
from shuniu.cases.declare import Audience
from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.portal.hall.search import FIRM, PERSON, Asked, events, find, serves
from shuniu.project import province
from shuniu.systems.life_events.declare import BUNDLES
from shuniu.systems.service_hall.declare import ITEMS

NAMES = {"43.police": "省公安厅"}
TOPICS = sorted({topic for item in ITEMS for topic in item.topics})
ASKED = st.builds(
    Asked,
    q=st.sampled_from(["", "许可", "登记 企业", "护照", "孩子", "完全没有"]),
    audience=st.sampled_from(["", PERSON, FIRM]),
    agency=st.sampled_from(["", "43.police", "43.market"]),
    topic=st.sampled_from(["", *TOPICS]),
    stage=st.sampled_from(["", "1", "3", "4"]),
)


def titles(text: str) -> list[str]:
    return [one.title for one in find(ITEMS, Asked(q=text), NAMES)]


@pytest.mark.django_db
def test_every_page_is_drawn_within_sixty_kilobytes_and_stays_on_the_site() -> None:
    """interface.md: the first view of a public page is at most 60 KB compressed."""
    install = directory.system("install")
    catalogue.ship(actor=install, elements=province.elements(settings.PROVINCE_FOLDER))
    api.ship(actor=install, items=ITEMS, bundles=BUNDLES)
    for address in addresses():
        size, off_site = weigh(address)
        assert size <= MOST and off_site == 0, address
    page = Client().get(reverse("portal:hall_guide", args=["43.police/passport"])).content.decode()
    for said in ("普通护照签发", "第六条", "工本费", "120", "护照有效期多长", "须本人到场", "双向互动", "领取结果以前"):
        assert said in page
    searched = Client().get(reverse("portal:search"), {"q": "护照"}).content.decode()
    assert searched.index("/hall/guide/43.police/passport/") < searched.index("没有找到含“护照”的数据资源")
    opened = Client().get(reverse("portal:search"), {"q": "开公司"}).content.decode()
    assert "/hall/guide/43.market/" in opened, "in the words that people use"


@given(ASKED)
def test_what_is_found_fits_all_that_was_asked(asked: Asked) -> None:
    for item in find(ITEMS, asked, NAMES):
        assert serves(item, asked.audience)
        assert asked.agency in ("", item.agency) and (not asked.topic or asked.topic in item.topics)
        assert asked.stage in ("", str(item.stage.value))


def test_titles_come_before_what_is_only_mentioned_and_width_does_not_matter() -> None:
    assert titles("护照")[0] == "普通护照签发"
    assert titles("公安厅") == [item.title for item in ITEMS if item.agency == "43.police"]
    assert titles("身份证")[0] == "居民身份证换领、补领"
    assert len(titles("身份证")) > 1, "items that want it as a material are found as well"
    assert titles("住房公积金　提取")[0] == "住房公积金提取（离休、退休）"


def test_items_that_end_in_what_is_looked_for_stand_before_those_that_only_speak_of_it() -> None:
    found = find(ITEMS, Asked(q="营业执照"), NAMES)
    ending = ["营业执照" in one.result for one in found]
    assert any(ending) and not all(ending) and ending == sorted(ending, reverse=True)


def test_where_no_item_says_the_words_the_nearest_are_shown() -> None:
    assert "食品经营许可（餐饮服务）" in titles("食品经营的许可证")
    assert titles("月球采矿") == []
    assert [one.title for one in events(BUNDLES, "退休")] == ["职工退休"]
    assert events(BUNDLES, "") == []


def test_an_item_for_both_serves_both() -> None:
    both = next(item for item in ITEMS if {Audience.NATURAL, Audience.ENTERPRISE} <= set(item.audiences))
    assert serves(both, PERSON) and serves(both, FIRM) and serves(both, "")
