"""Every page that can be opened, asked for what nobody means: odd numbers, NUL, broken text, text without end. Never a 500."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

import shuniu
from tests.cases.founding import shipped
from tests.cast import Cast, cast
from tests.portal.everyone import readers

__all__ = ["cast", "shipped"]
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]

NUMBERS = ("0", str(2**31), str(2**63), "9" * 40)
TEXTS = ("0", "-1", "9" * 18, "%00", "%ff", "%ed%a0%80", "x" * 3000, "%F0%9F%98%80", "%2e%2e%2fetc", "%0d%0aX:y", "'")
"""As they stand in an address: broken text, a lone surrogate, an emoji, dots of a path, line ends among them."""
READERS = ("nobody", "citizen", "clerk", "office")
_PARAMETER = re.compile(r"<(?:(\w+):)?\w+>|\(\?P<\w+>([^()]+)\)")
_ASKED = re.compile(r'(?:GET(?:\.get|\.getlist)?[(\[]\s*|asked\.get\(|Filter\(|going\(request, )"([\w-]+)"')


def addresses() -> Iterator[str]:
    """Every address as its pattern is written."""

    def walk(resolver: URLResolver, path: str) -> Iterator[str]:
        for one in resolver.url_patterns:
            here = path + str(one.pattern).lstrip("^").rstrip("$")
            if isinstance(one, URLResolver):
                yield from walk(one, here)
            elif isinstance(one, URLPattern):
                yield here

    return walk(get_resolver(), "/")


def odd(pattern: str) -> Iterator[str]:
    """The address with each odd value where it takes one."""
    kinds = [found[0] or found[1] for found in _PARAMETER.findall(pattern)]
    if kinds:
        for value in NUMBERS if "int" in kinds else TEXTS:
            yield _PARAMETER.sub(lambda found: value if found[1] != "slug" else "odd", pattern)  # noqa: B023 - used at once


def asked() -> tuple[str, ...]:
    """The names of all that a page may be asked in an address."""
    sources = (one.read_text() for one in Path(shuniu.__path__[0]).rglob("*.py"))
    return tuple(sorted({name for text in sources for name in _ASKED.findall(text)}))


def broken(client: Client, address: str) -> bool:
    answer = client.get(address)
    answer.getvalue()
    return answer.status_code == 500  # 503 is the health of a platform that is not all up


@pytest.mark.parametrize("reader", READERS)
def test_no_odd_value_in_a_path_is_an_error_of_ours(cast: Cast, shipped: None, reader: str) -> None:
    client = readers(cast)[reader]
    assert [one for pattern in addresses() for one in odd(pattern) if broken(client, one)] == []


@pytest.mark.parametrize("reader", READERS)
def test_no_odd_value_in_a_query_is_an_error_of_ours(cast: Cast, shipped: None, reader: str) -> None:
    client, names = readers(cast)[reader], asked()
    plain = [one for one in addresses() if not _PARAMETER.search(one)]
    queries = [(value, "&".join(f"{name}={value}" for name in names)) for value in TEXTS]
    assert {"q", "page", "before", "next"} <= set(names)
    found = [f"{one}?…={value}" for one in plain for value, query in queries if broken(client, f"{one}?{query}")]
    assert found == []


@pytest.mark.parametrize(
    "address", ["/hall/cases/%00/", "/desk/cases/%1f/", "/desk/work/?q=a%00b", "/supervision/?region=%0b"]
)
def test_a_control_character_is_refused_in_plain_words(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert "没有看懂这次请求" in answer.content.decode()


def test_a_line_end_in_a_query_is_text_and_an_escaped_percent_sign_is_none_of_it(client: Client) -> None:
    for query in ("q=a%0d%0ab", "q=%2500"):
        assert client.get(f"/search/?{query}").status_code == 200


def test_nul_in_what_is_posted_is_refused(cast: Cast) -> None:
    clerk = readers(cast)["clerk"]
    for address in ("/hall/cases/file/", "/desk/work/hand/", "/letters/new/"):
        assert clerk.post(address, {"draft": "1\0"}).status_code == 400


@pytest.mark.parametrize("text", ["a\\u0000b", "a\\ud800"])
def test_a_text_that_nothing_can_hold_in_what_a_machine_sends_is_refused(client: Client, text: str) -> None:
    body = f'{{"code": "{text}", "request": "{text}", "key": "{text}", "signature": "{text}"}}'
    for address in ("/api/trust/join", "/api/trust/renew"):
        answer = client.post(address, body, content_type="application/json")
        assert (answer.status_code, answer.json()["rule"]) == (400, "request.body")


def test_an_application_that_asks_for_a_token_with_nul_is_refused(client: Client) -> None:
    basic = "Basic " + base64.b64encode(b"a\0b:secret").decode()
    asked = {"grant_type": "authorization_code", "code": "x"}
    answers = [client.post("/oidc/token", {**asked, "client_id": "a\0b"}),
               client.post("/oidc/token", asked, headers={"Authorization": basic}),
               client.post("/oidc/token", asked, headers={"Authorization": "Basic \u00e9"})]  # fmt: skip
    assert [answer.status_code for answer in answers] == [400, 400, 401]
