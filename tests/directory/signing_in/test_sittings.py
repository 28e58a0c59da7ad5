"""Where one is signed in: the list, ending one, ending all; and what ends them from elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from shuniu.directory import api
from shuniu.directory.models import Sitting
from shuniu.directory.signing_in import places
from shuniu.trust.declare import Refused
from tests.cast import Cast, number
from tests.directory.signing_in.hands import PASSWORD, browser, shown

pytestmark = pytest.mark.usefixtures("passwords")
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 Version/17.5 Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (EDGE, "Windows 电脑 · Edge 浏览器"),
        (PHONE, "iPhone · Safari 浏览器"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0", "安卓设备 · 微信"),
        ("curl/8.5.0", "未知设备"),
        ("", "未知设备"),
    ],
)
def test_a_device_is_told_in_plain_words(agent: str, words: str) -> None:
    assert places.device(agent) == words


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("10.1.2.3", "10.1.*.*"),
        ("2001:db8:1:2::3", "2001:0db8:0001:*"),
        ("::ffff:10.1.2.3", "10.1.*.*"),
        ("unknown", ""),
    ],
)
def test_an_address_is_shown_without_its_end(address: str, words: str) -> None:
    assert places.masked(address) == words


def test_each_sitting_is_listed_and_can_be_ended_from_another(cast: Cast) -> None:
    here, there = browser("wangmin", agent=EDGE), browser("wangmin", agent=PHONE)
    page = shown(here.get("/security/"))
    assert "Windows 电脑 · Edge 浏览器" in page and "iPhone · Safari 浏览器" in page and "127.0.*.*" in page
    assert page.count("（本次登录）") == 1
    other = Sitting.objects.get(key=there.session.session_key)
    here.post("/security/", {"act": "end", "number": other.pk})
    assert there.get("/rights/")["Location"].startswith("/sign-in/")
    assert here.get("/rights/").status_code == 200
    assert "本人退出" in shown(here.get("/security/"))


def test_nobody_ends_anothers_sitting(cast: Cast) -> None:
    client = browser("wangmin")
    sitting = Sitting.objects.get(key=client.session.session_key).pk
    for one in (sitting, 0, -1, 2**62):
        with pytest.raises(Refused, match="没有这次登录"):
            api.end_sitting(actor=cast.citizen, sitting=one)
    assert client.get("/rights/").status_code == 200


def test_signing_out_everywhere_ends_this_one_too(cast: Cast) -> None:
    clients = [browser("wangmin"), browser("wangmin"), browser("wangmin")]
    clients[0].post("/security/", {"act": "everywhere"})
    assert all(one.get("/rights/").status_code == 302 for one in clients)
    assert not Sitting.objects.filter(ended=None).exists()


def test_a_changed_password_ends_the_others_and_this_one_goes_on(cast: Cast) -> None:
    here, there = browser("wangmin"), browser("wangmin")
    before = here.session.session_key
    here.post("/password/", {"old": PASSWORD, "new": "另一个更长的密码-2027"})
    assert here.get("/rights/").status_code == 200 and here.session.session_key != before
    assert there.get("/rights/").status_code == 302
    assert [row.why for row in Sitting.objects.order_by("pk")] == ["", "密码已修改"]


def test_a_session_whose_sitting_has_ended_is_nobodys_even_if_its_row_is_left(cast: Cast) -> None:
    client = browser("wangmin")
    Sitting.objects.update(ended=timezone.now())
    assert client.get("/rights/").status_code == 302


def test_signing_in_again_in_the_same_browser_ends_what_was_open_there(cast: Cast) -> None:
    client = browser("wangmin")
    client.post("/sign-in/", {"login": "tianye", "password": PASSWORD})
    assert [(row.account_id, row.ended is None) for row in Sitting.objects.order_by("pk")] == [
        (number(cast.market_officer), False),
        (number(cast.citizen), True),
    ]


def test_the_last_visit_is_kept_to_five_minutes(cast: Cast) -> None:
    client = browser("wangmin")
    row = Sitting.objects.get()
    client.get("/rights/")
    assert Sitting.objects.get().seen == row.seen
    Sitting.objects.update(seen=timezone.now() - timedelta(minutes=6))
    client.get("/rights/")
    assert Sitting.objects.get().seen > timezone.now() - timedelta(minutes=1)
