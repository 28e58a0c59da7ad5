"""Pages that ask for a second factor given lately; and that the demo takes the password for it, and says so."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from shuniu.directory.models import Sitting
from shuniu.directory.session import fresh_strong
from tests.cast import Cast, number
from tests.directory.signing_in.hands import PASSWORD, browser, current, enrol, shown
from tests.directory.signing_in.strong import strengthen


@fresh_strong
def delicate(request: HttpRequest, number: int) -> HttpResponse:
    return HttpResponse(f"机密 {number}")


urlpatterns = [path("delicate/<int:number>/", delicate), path("", include("shuniu.project.urls"))]
pytestmark = [pytest.mark.usefixtures("passwords"), pytest.mark.urls(__name__)]
PAGE, CONFIRM = "/delicate/7/?a=1", "/sign-in/confirm/?next=%2Fdelicate%2F7%2F%3Fa%3D1"


def test_who_is_not_signed_in_is_sent_to_sign_in(db: None) -> None:
    assert Client().get(PAGE)["Location"].startswith("/sign-in/?next=")
    assert Client().post(PAGE).status_code == 403


def test_in_the_demo_the_password_is_asked_again_where_there_is_no_second_factor() -> None:
    client = browser("tianye")
    assert client.get(PAGE)["Location"] == CONFIRM
    assert client.post(PAGE)["Location"] == CONFIRM
    assert "演示实例中密码即可" in shown(client.get(CONFIRM))
    wrong = client.post(CONFIRM, {"password": "wrong-password"})
    assert wrong.status_code == 422 and client.get(PAGE).status_code == 302
    back = client.post(CONFIRM, {"password": PASSWORD})
    assert back["Location"] == "/delicate/7/?a=1"
    assert shown(client.get(PAGE)) == "机密 7"


def test_with_a_second_factor_the_password_is_not_enough(cast: Cast) -> None:
    account = number(cast.citizen)
    enrol(account)
    client = browser("tianye")
    client.post("/sign-in/second/", {"code": current(account), "means": "totp"})
    assert client.get(PAGE).status_code == 200
    strengthen(client, minutes_ago=11)
    assert client.get(PAGE)["Location"] == CONFIRM
    assert client.post(CONFIRM, {"password": PASSWORD}).status_code == 200
    assert "动态口令" in shown(client.get(CONFIRM))
    Sitting.objects.update(proved_at="2026-01-01T00:00Z")
    assert client.get(PAGE).status_code == 302


def test_in_production_a_password_never_passes_for_a_second_factor(settings: Settings) -> None:
    client = browser("wangmin")
    settings.SHUNIU_DEMO = False
    Sitting.objects.update(proved_at="2026-01-01T00:00Z")
    assert "演示实例" not in shown(client.get(CONFIRM))
    client.post(CONFIRM, {"password": PASSWORD})
    assert client.get(PAGE)["Location"] == CONFIRM
    assert client.get(CONFIRM)["Location"] == "/security/"


def test_it_ends_with_the_minutes_of_the_rule(cast: Cast) -> None:
    client = browser("wangmin")
    strengthen(client, minutes_ago=9)
    assert client.get(PAGE).status_code == 200
    strengthen(client, minutes_ago=11)
    assert client.get(PAGE).status_code == 302
