"""Choosing agencies of many: in groups by level, what is chosen first, found by a few letters without a script."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from shuniu.cases.models import Document
from tests.cast import Cast, cast
from tests.portal.test_document_pages import AT, TITLE, WRITTEN, do, holder, written

__all__ = ["cast"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def author(cast: Cast) -> Client:
    cache.clear()
    return holder("author", "43.market", "document_clerk")


def shown(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def field(page: str, name: str) -> str:
    """The part of a page that asks for these agencies."""
    return next(one for one in page.split('<div class="field agencies') if f'name="{name}"' in one)


def boxes(part: str) -> list[tuple[str, bool]]:
    """Each agency that is offered, in order, and whether it is chosen."""
    return [
        (found[1], " checked" in one)
        for one in re.findall(r"<input[^>]*>", part)
        if 'type="checkbox"' in one and (found := re.search(r'value="([^"]*)"', one))
    ]


def test_agencies_stand_in_groups_by_level_closed_and_each_once(author: Client) -> None:
    part = field(shown(author, f"{AT}new/outgoing/"), "to")
    groups = re.findall(r"<details[^>]*><summary>([^<]*)</summary>", part)
    assert groups[0].startswith("省直单位（") and any(one.startswith("县区单位：长沙市（") for one in groups)
    offered = [key for key, _ticked in boxes(part)]
    assert len(offered) == len(set(offered)) and {"43.tax", "430102.market"} <= set(offered)
    assert "<details open" not in part and " open>" not in part


def test_what_is_chosen_stands_first_outside_the_groups(author: Client) -> None:
    part = field(shown(author, f"{AT}{written(author)}/edit/"), "to")
    before = part.partition("<details")[0]
    assert boxes(before) == [("43.tax", True)]
    assert [key for key, ticked in boxes(part) if ticked] == ["43.tax"]


@pytest.mark.parametrize("more", [{"find": "copies"}, {}])
def test_a_search_finds_by_a_few_letters_judges_nothing_and_loses_nothing(author: Client, more: dict[str, str]) -> None:
    said = {**WRITTEN, "kind": "", "find-copies": "芙蓉", **more}
    page = author.post(f"{AT}new/outgoing/", said)
    said_back = page.content.decode()
    assert page.status_code == 200 and 'role="alert"' not in said_back and not Document.objects.exists()
    assert TITLE in said_back and boxes(field(said_back, "to"))[0] == ("43.tax", True)
    part = field(said_back, "copies")
    assert " open>" in part and ("43.office", True) in boxes(part) and ("430102.market", False) in boxes(part)
    assert "43.tax" not in dict(boxes(part))


def test_an_agency_outside_of_what_was_searched_for_is_still_saved(author: Client) -> None:
    do(author, f"{AT}new/outgoing/", {**WRITTEN, "find-copies": "芙蓉", "save": "1"})
    assert Document.objects.get().versions.get().draft["copies"] == ["43.office"]


def test_a_search_that_finds_nothing_says_so(author: Client) -> None:
    page = author.post(f"{AT}new/outgoing/", {**WRITTEN, "find-to": "没有这家", "find": "to"}).content.decode()
    assert "没有名称含“没有这家”的单位" in page and boxes(field(page, "to")) == [("43.tax", True)]


def test_who_countersigns_is_found_the_same_way_and_the_own_agency_is_not_offered(author: Client) -> None:
    number = written(author)
    at = f"{AT}{number}/"
    assert "43.market" not in dict(boxes(field(shown(author, at), "joint")))
    page = author.post(f"{at}do/submit/", {"countersign": ["43.tax"], "find-joint": "芙蓉", "find": "joint"})
    said_back = page.content.decode()
    assert page.status_code == 200 and boxes(field(said_back, "countersign"))[0] == ("43.tax", True)
    assert "430102.market" in dict(boxes(field(said_back, "joint")))
    assert Document.objects.get(pk=number).matter is None
