"""Chinese is what everybody reads who did not choose English by the link at the head of the page."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation
from lxml import html
from pytest_django import Settings

from shuniu.web.language import ChosenLanguage, chosen
from tests.web import test_web_pages as pages


@pytest.fixture
def client(settings: Settings) -> Client:
    settings.ROOT_URLCONF = pages.__name__
    settings.SHUNIU_DEMO = True
    settings.MIDDLEWARE = [
        "shuniu.web.security.ContentSecurity",
        "shuniu.web.language.ChosenLanguage",
        "shuniu.web.errors.ErrorPages",
    ]
    return Client(raise_request_exception=False)


def page(client: Client, address: str) -> html.HtmlElement:
    return html.fromstring(client.get(address).content)


def link(of: html.HtmlElement, text: str) -> html.HtmlElement:
    (found,) = [one for one in of.iter("a") if one.text_content() == text]
    return found


def test_chinese_is_the_default_whatever_the_browser_prefers(client: Client) -> None:
    for preferred in ("en-GB,en;q=0.9", "fr", "", "*"):
        response = client.get("/gallery/", headers={"Accept-Language": preferred})
        assert html.fromstring(response.content).get("lang") == "zh-hans"
        assert response.headers["Content-Language"] == "zh-hans"
        assert "Cookie" in response.headers["Vary"]


def test_english_is_a_link_a_cookie_and_the_way_back_and_it_stays(client: Client) -> None:
    switch = link(page(client, "/gallery/?face=desk"), "English")
    assert switch.get("lang") == "en"
    assert client.get(switch.attrib["href"]).headers["Location"] == "/gallery/?face=desk"
    assert client.cookies["language"]["httponly"]
    for _again in range(2):
        now = page(client, "/gallery/?face=desk")
        assert now.get("lang") == "en"
        assert "Skip to content" in now.text_content()
    back = link(now, "中文")
    assert back.get("lang") == "zh-hans"
    client.get(back.attrib["href"])
    assert page(client, "/gallery/").get("lang") == "zh-hans"


def test_the_switch_on_a_page_that_answered_a_form_leads_back_to_the_form(client: Client) -> None:
    answered = client.post("/400/", headers={"Referer": "http://testserver/gallery/?face=desk"})
    switch = link(html.fromstring(answered.content), "English")
    assert client.get(switch.attrib["href"]).headers["Location"] == "http://testserver/gallery/?face=desk"
    switch = link(html.fromstring(client.post("/400/").content), "中文")
    assert client.get(switch.attrib["href"]).headers["Location"] == "/"


def test_an_error_page_speaks_the_readers_language(client: Client) -> None:
    client.cookies["language"] = "en"
    for status in (400, 403, 404, 405, 413, 429, 500):
        found = page(client, f"/{status}/")
        assert found.get("lang") == "en"
        assert "Next step" in found.text_content()


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)", ""])
def test_the_switch_leads_nowhere_else(client: Client, elsewhere: str) -> None:
    assert client.get("/language/en/", {"next": elsewhere}).headers["Location"] == "/"


def test_a_language_that_there_is_not_is_no_page_and_no_choice(client: Client) -> None:
    assert client.get("/language/fr/").status_code == 404
    client.cookies["language"] = "fr"
    assert page(client, "/gallery/").get("lang") == "zh-hans"


def test_a_request_leaves_no_language_to_the_next_one() -> None:
    request: HttpRequest = RequestFactory().get("/")
    request.COOKIES["language"] = "en"
    assert chosen(request) == "en"
    spoken: list[str | None] = []

    def answer(_request: HttpRequest) -> HttpResponse:
        spoken.append(translation.get_language())
        return HttpResponse()

    ChosenLanguage(answer)(request)
    assert (spoken, translation.get_language()) == (["en"], "zh-hans")
