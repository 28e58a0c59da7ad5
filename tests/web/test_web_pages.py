"""The shell, the switch of the elder version, the error pages and the headers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template import engines
from django.test import Client
from django.urls import include, path
from django.views.decorators.http import require_POST
from jinja2 import UndefinedError
from lxml import html
from pytest_django import Settings

from shuniu.web import errors, security


def raising(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


def bare(status: int) -> Callable[[HttpRequest], HttpResponse]:
    return lambda request: HttpResponse(status=status, headers={"Retry-After": "60"})


urlpatterns = [
    path("", include("shuniu.web.urls")),
    path("400/", raising(SuspiciousOperation())),
    path("403/", raising(PermissionDenied())),
    path("405/", require_POST(bare(200))),
    path("413/", raising(RequestDataTooBig())),
    path("desk/413/", raising(RequestDataTooBig())),
    path("api/413/", raising(RequestDataTooBig())),
    path("429/", bare(429)),
    path("500/", raising(RuntimeError("a bug"))),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error


def parsed(response: HttpResponseBase) -> html.HtmlElement:
    assert isinstance(response, HttpResponse)
    return html.fromstring(response.content)


@pytest.fixture
def client(settings: Settings) -> Client:
    settings.ROOT_URLCONF = __name__
    settings.SHUNIU_DEMO = True
    settings.MIDDLEWARE = ["shuniu.web.security.ContentSecurity", "shuniu.web.errors.ErrorPages"]
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 429, 500])
def test_an_error_page_says_what_happened_and_what_to_do_next(client: Client, status: int) -> None:
    response = client.get(f"/{status}/")
    page = parsed(response)
    assert response.status_code == status
    assert [head.text_content() for head in page.iter("h2")] == ["下一步"]
    assert f"状态码 {status}" in page.text_content()
    assert [link.get("href") for link in page.findall(".//main//a")] == ["/"], "a way on"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'self'")


def test_a_refused_verb_s_answer_keeps_its_headers(client: Client) -> None:
    assert client.get("/405/").headers["Allow"] == "POST"
    assert client.get("/429/").headers["Retry-After"] == "60"


def test_a_program_that_asks_for_json_gets_problem_details(client: Client) -> None:
    response = client.get("/403/", headers={"Accept": "application/json"})
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 403
    assert response.json()["title"] == "您没有打开这一页的权限"


def test_a_bug_s_number_is_on_the_page_and_in_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    number = parsed(client.get("/500/")).findtext(".//code")
    assert number is not None
    assert len(number) == 8
    assert number in caplog.text


def test_a_refusal_names_the_rule_and_the_remedy_and_no_markup_gets_in(client: Client) -> None:
    request = client.get("/gallery/").wsgi_request
    response = errors.refused_page(request, "不能撤回<b>", "批次已过 30 天。", "请提出更正。", 409, "7F")
    page = parsed(response)
    assert response.status_code == 409
    assert page.findtext(".//h1") == "不能撤回<b>"
    assert "批次已过 30 天。" in page.text_content()
    assert "请提出更正。" in page.text_content()


def test_every_answer_keeps_to_itself(client: Client) -> None:
    headers = client.get("/gallery/").headers
    assert {name: headers[name] for name in security.HEADERS} == security.HEADERS
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("face", ["public", "desk", "board"])
def test_no_page_carries_an_inline_script_or_style(client: Client, face: str) -> None:
    page = parsed(client.get(f"/gallery/?face={face}"))
    assert page.get("class") == face
    for element in page.iter():
        assert not [name for name in element.attrib if str(name).startswith("on") or name == "style"]
        assert element.tag != "style"
        assert element.tag != "script" or (element.get("src") and not element.text)


def test_the_elder_version_is_a_link_a_cookie_and_the_way_back(client: Client) -> None:
    page = parsed(client.get("/gallery/?face=desk"))
    (link,) = [a for a in page.iter("a") if a.text_content() == "长辈版"]
    response = client.get(link.attrib["href"])
    assert response.headers["Location"] == "/gallery/?face=desk"
    assert client.cookies["elder"]["httponly"]
    assert parsed(client.get("/gallery/")).get("class") == "public elder"
    client.get("/elder/off/?next=/gallery/")
    assert parsed(client.get("/gallery/")).get("class") == "public"


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)", ""])
def test_the_switch_leads_nowhere_else(client: Client, elsewhere: str) -> None:
    assert client.get("/elder/on/", {"next": elsewhere}).headers["Location"] == "/"


def test_there_is_no_third_switch(client: Client) -> None:
    assert client.get("/elder/maybe/").status_code == 404


def test_demo_data_is_said_on_the_page_and_a_production_instance_has_no_gallery(
    client: Client, settings: Settings
) -> None:
    assert "演示数据" in client.get("/gallery/").content.decode()
    settings.SHUNIU_DEMO = False
    response = client.get("/gallery/")
    assert response.status_code == 404
    assert "演示数据" not in response.content.decode()


def test_the_footer_carries_what_a_government_site_must_carry(client: Client, settings: Settings) -> None:
    settings.SHUNIU_SITE = {"sponsor": "示例省数据局", "site_code": "4300000001", "icp": "示ICP备000001号"}
    said = client.get("/gallery/").content.decode()
    for words in ("主办单位：示例省数据局", "网站标识码 4300000001", "示ICP备000001号"):
        assert words in said


def test_a_misspelt_name_in_a_template_is_an_error_not_a_blank() -> None:
    with pytest.raises(UndefinedError):
        engines["jinja2"].from_string("{{ nmae }}").render({})


def test_the_one_stylesheet_stays_small() -> None:
    sheet = Path(__file__).parents[2] / "src/shuniu/web/static/web/shuniu.css"
    assert sheet.stat().st_size <= 30_000
    assert "http" not in sheet.read_text(encoding="utf-8")


def typed_into(client: Client, path: str, origin: str) -> html.HtmlElement:
    """The page that too large a form gets, posted from a page of that origin."""
    headers = {"Origin": origin, "Referer": f"{origin}/letters/new/"}
    form = urlencode({"csrfmiddlewaretoken": "t" * 32, "text": "路灯坏了" + "。" * 30_000, "new_password": "geheim"})
    return parsed(client.post(path, form, content_type="application/x-www-form-urlencoded", headers=headers))


def test_too_large_a_form_gives_back_what_was_typed_and_leads_back(client: Client) -> None:
    page = typed_into(client, "/413/", "http://testserver")
    boxes = [box.text_content().strip() for box in page.iter("textarea")]
    assert len(boxes) == 1 and boxes[0].startswith("路灯坏了") and len(boxes[0]) == 20_000
    assert "geheim" not in page.text_content()
    assert page.findall(".//main//a")[0].get("href") == "http://testserver/letters/new/"


def test_a_form_of_more_fields_than_a_form_has_gives_nothing_back(client: Client, settings: Settings) -> None:
    headers = {"Origin": "http://testserver"}
    form = "&".join(["a=b"] * (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    page = client.post("/413/", form, content_type="application/x-www-form-urlencoded", headers=headers)
    assert page.status_code == 413 and not list(parsed(page).iter("textarea"))


def test_what_another_site_posts_is_not_shown_as_ours(client: Client) -> None:
    page = typed_into(client, "/413/", "https://evil.example")
    assert not list(page.iter("textarea")) and "evil" not in html.tostring(page.find(".//main")).decode()


def test_a_citizen_is_not_told_to_zip_a_letter_and_an_agency_is_told_its_ways(client: Client) -> None:
    assert "ZIP" not in parsed(client.get("/413/")).text_content()
    for address in ("/desk/413/", "/api/413/"):
        assert "ZIP" in parsed(client.get(address)).text_content()
