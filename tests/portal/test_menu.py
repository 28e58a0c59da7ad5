"""The menu: rooms of pages by right, the pages of the room that the reader is in, one's own pages in the hall."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse

from shuniu.directory.declare import PUBLIC, ROLES, SIGNED_IN
from shuniu.directory.models import Account, Appointment
from shuniu.portal.menu import menu
from shuniu.trust.declare import Actor
from tests.cast import DAY, Cast, SignedIn


def rows(page: str) -> list[list[tuple[str, str]]]:
    """Each row of a page's menu: what marks an entry as current, and its words."""
    (drawn,) = re.findall(r'<nav class="menu".*?</nav>', page, re.DOTALL)
    return [
        re.findall(r'<a href="[^"]*"(?: aria-current="(\w+)")?>([^<]*)</a>', row)
        for row in re.findall(r"<ul.*?</ul>", drawn, re.DOTALL)
    ]


def test_no_role_finds_a_page_twice_nor_an_empty_room(db: None) -> None:
    for role, one in ROLES.items():
        who = Actor(
            "officer:1", one.title, "43.market", "省市场监督管理局", ("43",), PUBLIC | SIGNED_IN | one.capabilities
        )
        rooms = menu(who, "/")
        hrefs = [link.href for room in rooms for link in room.links]
        assert hrefs and len(set(hrefs)) == len(hrefs), role
        assert all(room.links for room in rooms) and len(rooms) <= 8, role
        assert all(len(room.links) <= 11 for room in rooms), f"{role}: more than fits in a row"


def test_a_page_shows_the_rooms_and_the_pages_of_its_own_room(catalogued: None, cast: Cast, client: Client) -> None:
    account = Account.objects.create(kind="officer", login="menu", name="王敏", agency_id="43.market")
    Appointment.objects.create(
        account=account, agency_id="43.market", title="数据员", role="data_officer", regions=["430000"], since=DAY
    )
    client.force_login(account)
    rooms, pages = rows(client.get("/desk/quality/").content.decode())
    assert [word for mark, word in rooms if mark] == ["数据"] and ("", "目录") in rooms
    assert [one for one in pages if one[0]] == [("page", "数据质量")] and ("", "报送记录") in pages
    assert not {word for _, word in pages} & {"编制目录", "共享申请"}


def test_citizens_find_what_is_their_own_from_each_of_its_pages(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.citizen)
    own = ("hall", "办事大厅"), ("my_cases", "我的办件"), ("hall_uploads", "我的材料"), ("hall_licences", "我的证照")
    for name, word in own:
        rooms, pages = rows(browser.get(reverse(f"portal:{name}")).content.decode())
        assert [word for mark, word in rooms] == ["办事", "我的数据", "消息", "我的账号"] and rooms[0][0] == "true"
        assert [one for one in pages if one[0]] == [("page", word)]
    _, pages = rows(browser.get(reverse("portal:delegations")).content.decode())
    assert {"代办委托", "账号安全"} <= {said for _, said in pages}


def test_the_hall_of_who_has_not_signed_in_has_no_menu(db: None, client: Client) -> None:
    assert 'class="menu"' not in client.get(reverse("portal:hall")).content.decode()


def test_the_pages_of_ones_account_stand_in_the_same_menu(cast: Cast, signed_in: SignedIn) -> None:
    for browser, face in (signed_in(cast.citizen), "public"), (signed_in(cast.security), "desk"):
        for name in ("rights", "security", "password"):
            page = browser.get(reverse(f"directory:{name}")).content.decode()
            assert f'class="{face}"' in page
            assert len(rows(page)[0]) > 1
    _, pages = rows(signed_in(cast.security).get(reverse("directory:accounts")).content.decode())
    assert ("page", "账号与岗位") in pages


def test_between_password_and_second_factor_there_is_no_menu(client: Client, db: None) -> None:
    for name in ("sign_in", "enrol", "second"):
        assert 'class="menu"' not in client.get(reverse(f"directory:{name}"), follow=True).content.decode()
