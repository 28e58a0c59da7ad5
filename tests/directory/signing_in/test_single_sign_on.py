"""Single sign-on, by a real client library (Authlib); and what a careless or hostile client gets."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from django.test import Client
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import KeySet
from pytest_django import Settings
from requests.adapters import BaseAdapter

from shuniu.directory import api
from shuniu.directory.models import Application, Code, Logout, Sitting
from shuniu.directory.signing_in.oidc import keys, rules
from shuniu.directory.signing_in.oidc.api import codes, logouts
from shuniu.directory.signing_in.oidc.declare import Fault, IssuedApplication
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.cast import Cast, number
from tests.directory.signing_in.hands import PASSWORD, browser, current, enrol, shown

pytestmark = pytest.mark.usefixtures("passwords")
BACK = "https://oa.example.gov.cn/callback"
VERIFIER = "v" * 43


class Into(BaseAdapter):
    """Lets a client library's requests reach the platform without a network."""

    def __init__(self) -> None:
        super().__init__()
        self.client = Client()

    def send(self, request: requests.PreparedRequest, *_args: Any, **_kwargs: Any) -> requests.Response:
        url = urlsplit(request.url or "")
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        headers = {name: str(value) for name, value in request.headers.items()}
        kind = headers.pop("Content-Type", "")
        answer = self.client.generic(
            str(request.method), f"{url.path}?{url.query}", body, content_type=kind, headers=headers
        )
        made = requests.Response()
        made.status_code, made._content, made.url, made.request = (
            answer.status_code, answer.content, request.url or "", request,
        )  # fmt: skip
        made.headers.update(answer.headers)
        return made

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def oa(cast: Cast) -> IssuedApplication:
    """A confidential application of the market administration, that reads names, agencies and posts."""
    return api.register_application(
        actor=cast.security, title="办公系统", agency="43.market", redirects=[BACK], scopes=["profile", "agency"],
        logout="https://oa.example.gov.cn/logout",
    )  # fmt: skip


def library(made: IssuedApplication, scope: str = "openid profile agency") -> OAuth2Session:
    session = OAuth2Session(
        made.key, made.secret, scope=scope, redirect_uri=BACK, code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic" if made.secret else "none",
    )  # fmt: skip
    session.mount(settings.PUBLIC_URL, Into())
    return session


def asked(made: IssuedApplication, **more: str) -> dict[str, str]:
    challenge = "7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM"
    return {
        "client_id": made.key, "redirect_uri": BACK, "response_type": "code", "scope": "openid", "state": "s1",
        "code_challenge": challenge, "code_challenge_method": "S256",
    } | more  # fmt: skip


def test_a_client_library_signs_somebody_on_and_learns_what_it_may(cast: Cast, oa: IssuedApplication) -> None:
    session = library(oa)
    found = session.get(f"{settings.PUBLIC_URL}/.well-known/openid-configuration", withhold_token=True).json()
    url, state = session.create_authorization_url(
        found["authorization_endpoint"], code_verifier=VERIFIER, nonce="n-0S6"
    )
    enrol(number(cast.market_officer))
    client = Client()
    path = url.removeprefix(settings.PUBLIC_URL)
    way = client.get(path)
    assert way["Location"].startswith("/sign-in/?next=%2Foidc%2Fauthorize")
    page = client.get(way["Location"])
    assert "form-action 'self' https://oa.example.gov.cn;" in page["Content-Security-Policy"]
    half = client.post("/sign-in/", {"login": "wangmin", "password": PASSWORD, "next": path})
    assert client.get(path)["Location"].startswith("/sign-in/second/")
    assert "https://oa.example.gov.cn" in client.get(half["Location"])["Content-Security-Policy"]
    code = {"code": current(number(cast.market_officer)), "means": "totp", "next": path}
    on = client.post("/sign-in/second/", code)
    answer = client.get(on["Location"])["Location"]
    assert parse_qs(urlsplit(answer).query)["iss"] == [found["issuer"]]
    token = session.fetch_token(
        found["token_endpoint"], authorization_response=answer, code_verifier=VERIFIER, state=state
    )
    published = KeySet.import_key_set(session.get(found["jwks_uri"], withhold_token=True).json())
    claims = jwt.decode(token["id_token"], published, algorithms=["RS256"]).claims
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (found["issuer"], oa.key, "n-0S6")
    assert claims["amr"] == ["pwd", "otp"] and claims["exp"] > timezone.now().timestamp()
    told = session.get(found["userinfo_endpoint"]).json()
    assert told.pop("sub") == claims["sub"]
    assert (told["name"], told["kind"], told["agency"]) == ("王敏", "officer", "43.market")
    assert [post["role"] for post in told["posts"]] == ["data_officer"]
    assert set(told) == {"name", "kind", "agency", "agency_name", "posts"} and set(claims) == {
        "iss", "sub", "aud", "iat", "exp", "auth_time", "amr", "sid", "nonce",
    }  # fmt: skip


def given(made: IssuedApplication, **more: str) -> dict[str, str]:
    """Sign 王敏 on in a fresh browser; what came back in the redirect."""
    answer = browser("wangmin").get(f"/oidc/authorize?{urlencode(asked(made, **more))}")
    return {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}


def exchange(made: IssuedApplication, code: str, /, **more: str) -> Any:
    fields = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER,
        "client_id": made.key, "client_secret": made.secret,
    } | more  # fmt: skip
    return Client().post("/oidc/token", fields)


def test_an_application_learns_no_more_than_it_asked_for(oa: IssuedApplication) -> None:
    token = exchange(oa, given(oa)["code"]).json()
    told = Client().get("/oidc/userinfo", headers={"Authorization": f"Bearer {token['access_token']}"}).json()
    assert set(told) == {"sub"} and token["scope"] == "openid"
    assert given(oa, scope="openid profile x")["error"] == "invalid_scope"
    assert given(oa, scope="profile")["error"] == "invalid_scope"


def test_two_applications_know_somebody_by_two_words(cast: Cast, oa: IssuedApplication) -> None:
    other = api.register_application(actor=cast.security, title="财务", agency="43.market", redirects=[BACK])
    known = set()
    for made in (oa, other):
        token = exchange(made, given(made)["code"]).json()["access_token"]
        known.add(Client().get("/oidc/userinfo", headers={"Authorization": f"Bearer {token}"}).json()["sub"])
    assert len(known) == 2


@pytest.mark.parametrize(
    "redirect",
    [
        "https://oa.example.gov.cn/callback/", "https://oa.example.gov.cn/callback?x=1", "https://evil.example/callback",
        "http://oa.example.gov.cn/callback", "https://oa.example.gov.cn.evil.example/callback", "javascript:alert(1)", "",
    ],
)  # fmt: skip
def test_nothing_is_sent_to_an_address_that_is_not_registered_letter_by_letter(
    oa: IssuedApplication, redirect: str
) -> None:
    answer = browser("wangmin").get(f"/oidc/authorize?{urlencode(asked(oa, redirect_uri=redirect))}")
    assert answer.status_code == 400 and "Location" not in answer and not Code.objects.exists()


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"request": "x.y.z"}, "request_not_supported"),
        ({"request_uri": "https://x"}, "request_uri_not_supported"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "0", "prompt": "none"}, "login_required"),
        ({"nonce": "n" * 301}, "invalid_request"),
    ],
)
def test_what_is_asked_wrongly_is_answered_with_the_errors_of_oauth(
    oa: IssuedApplication, more: dict[str, str], error: str
) -> None:
    back = given(oa, **more)
    assert back["error"] == error and back["state"] == "s1" and "code" not in back


def test_without_pkce_or_with_a_parameter_twice_there_is_no_code(oa: IssuedApplication) -> None:
    client = browser("wangmin")
    bare = {name: value for name, value in asked(oa).items() if not name.startswith("code_challenge")}
    for query in (urlencode(bare), urlencode(asked(oa)) + "&scope=openid"):
        assert "error=invalid_request" in client.get(f"/oidc/authorize?{query}")["Location"]


def test_prompt_none_asks_nobody(oa: IssuedApplication) -> None:
    answer = Client().get(f"/oidc/authorize?{urlencode(asked(oa, prompt='none'))}")
    assert "error=login_required" in answer["Location"]


@pytest.mark.parametrize("demo", [True, False])
@pytest.mark.parametrize("more", [{"prompt": "login"}, {"max_age": "0"}])
def test_who_is_to_prove_himself_anew_gives_the_password_where_he_has_no_second_factor(
    oa: IssuedApplication, settings: Settings, demo: bool, more: dict[str, str]
) -> None:
    settings.SHUNIU_DEMO = demo
    client = browser("wangmin")
    again = client.get(f"/oidc/authorize?{urlencode(asked(oa, **more))}")
    assert again["Location"].startswith("/sign-in/confirm/?next=%2Foidc")
    page = client.get(again["Location"])
    assert page.status_code == 200 and "请再输入一次密码" in shown(page)
    on = client.post(again["Location"], {"password": PASSWORD})
    assert "code=" in client.get(on["Location"])["Location"]


def test_a_code_is_good_once_and_its_second_use_revokes_the_token(oa: IssuedApplication) -> None:
    code = given(oa)["code"]
    token = exchange(oa, code).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert Client().get("/oidc/userinfo", headers=bearer).status_code == 200
    again = exchange(oa, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert Client().get("/oidc/userinfo", headers=bearer).status_code == 401


@pytest.mark.parametrize(
    ("more", "status", "error"),
    [
        ({"code_verifier": "w" * 43}, 400, "invalid_grant"),
        ({"code_verifier": ""}, 400, "invalid_grant"),
        ({"redirect_uri": BACK + "/"}, 400, "invalid_grant"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_id": "app-none"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, 400, "unsupported_grant_type"),
        ({"code": "guessed"}, 400, "invalid_grant"),
    ],
)
def test_a_code_without_all_of_its_proofs_gives_nothing(
    oa: IssuedApplication, more: dict[str, str], status: int, error: str
) -> None:
    answer = exchange(oa, given(oa)["code"], **more)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert "no-store" in answer["Cache-Control"]


def test_a_code_is_one_applications_own_and_late_after_a_minute(cast: Cast, oa: IssuedApplication) -> None:
    other = api.register_application(actor=cast.security, title="财务", agency="43.market", redirects=[BACK])
    assert exchange(other, given(oa)["code"]).json()["error"] == "invalid_grant"
    code = given(oa)["code"]
    Code.objects.update(expires=timezone.now())
    assert exchange(oa, code).json()["error"] == "invalid_grant"


def test_who_it_is_not_for_is_not_let_on(cast: Cast, oa: IssuedApplication) -> None:
    answer = browser("tianye").get(f"/oidc/authorize?{urlencode(asked(oa))}")
    assert "error=access_denied" in answer["Location"]
    tax = api.register_application(actor=cast.security, title="税务内网", agency="43.tax", redirects=[BACK])
    assert given(tax)["error"] == "access_denied"
    Application.objects.filter(key=tax.key).update(all_agencies=True)
    assert "code" in given(tax)
    api.end_application(actor=cast.security, key=tax.key)
    assert browser("wangmin").get(f"/oidc/authorize?{urlencode(asked(tax))}").status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "http://oa.example.gov.cn/", "https://*.example.gov.cn/", "https://a@example.gov.cn/", "https://example.gov.cn/#x",
        "ftp://example.gov.cn", "https:///x", "", "https://例.cn/", "https://x.cn/ y", "https://x.cn:port/", "javascript:1",
    ],
)  # fmt: skip
def test_an_address_that_could_stand_for_others_is_not_registered(cast: Cast, address: str) -> None:
    with pytest.raises(Refused, match="地址"):
        api.register_application(actor=cast.security, title="x", agency="43.market", redirects=[address])


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """An application's own server that takes sign-outs."""
    heard: list[str] = []

    class Hears(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Hears)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/logout", heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("way", ["sign-out", "everywhere", "closed", "post"])
def test_signing_out_reaches_the_application(cast: Cast, oa: IssuedApplication, way: str) -> None:
    with listening() as (address, heard):
        Application.objects.update(logout=address)
        client = browser("wangmin")
        answer = client.get(f"/oidc/authorize?{urlencode(asked(oa))}")["Location"]
        token = exchange(oa, parse_qs(urlsplit(answer).query)["code"][0]).json()
        account = number(cast.market_officer)
        if way == "sign-out":
            client.post("/sign-out/")
        elif way == "everywhere":
            client.post("/security/", {"act": "everywhere"})
        elif way == "closed":
            api.close_account(actor=cast.market_admin, account=account, reason="调离")
        else:
            api.end_appointment(actor=cast.market_admin, appointment=api.own_posts(cast.market_officer)[0].id)
        assert logouts.send_due(actor=api.system("worker")) == 1
        assert logouts.send_due(actor=api.system("worker")) == 0
    published = KeySet.import_key_set(Client().get("/oidc/keys").json())
    signed_out = jwt.decode(parse_qs(heard[0])["logout_token"][0], published, algorithms=["RS256"])
    signed_on = jwt.decode(token["id_token"], published, algorithms=["RS256"]).claims
    assert signed_out.header["typ"] == "logout+jwt" and "nonce" not in signed_out.claims
    assert (signed_out.claims["sub"], signed_out.claims["sid"]) == (signed_on["sub"], signed_on["sid"])
    assert signed_out.claims["events"] == {logouts.EVENT: {}} and signed_out.claims["aud"] == oa.key
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    assert Client().get("/oidc/userinfo", headers=bearer).status_code == 401
    assert client.get("/rights/")["Location"].startswith("/sign-in/")


def test_an_application_that_does_not_answer_is_told_again_and_not_for_ever(cast: Cast, oa: IssuedApplication) -> None:
    Application.objects.update(logout="http://127.0.0.1:9/logout")
    client = browser("wangmin")
    answer = client.get(f"/oidc/authorize?{urlencode(asked(oa))}")["Location"]
    exchange(oa, parse_qs(urlsplit(answer).query)["code"][0])
    client.post("/sign-out/")
    for _ in range(10):
        Logout.objects.filter(due__isnull=False).update(due=timezone.now())
        logouts.send_due(actor=api.system("worker"))
    row = Logout.objects.get()
    assert (row.tries, row.due, row.done) == (6, None, None) and row.said


def test_a_new_key_signs_at_once_and_the_old_one_is_published_a_while(cast: Cast, oa: IssuedApplication) -> None:
    before = exchange(oa, given(oa)["code"]).json()["id_token"]
    made = api.roll_application_keys(actor=cast.security)
    after = exchange(oa, given(oa)["code"]).json()["id_token"]
    published = KeySet.import_key_set(Client().get("/oidc/keys").json())
    assert jwt.decode(after, published, algorithms=["RS256"]).header["kid"] == made
    assert jwt.decode(before, published, algorithms=["RS256"]).header["kid"] != made
    assert not any("d" in key for key in keys.published()["keys"])
    _kid, destroyed = keys.roll(keep_days=-1)
    assert destroyed >= 1


NUL_KEY = "app\0key"


@pytest.mark.parametrize(
    ("fields", "basic", "error"),
    [
        ({"client_id": NUL_KEY}, "", "invalid_request"),
        ({"client_id": "密钥"}, "", "invalid_client"),
        ({"client_id": "app", "client_secret": "\0", "code": "\0", "redirect_uri": "\0"}, "", "invalid_request"),
        ({"grant_type": "\0"}, "", "unsupported_grant_type"),
        ({}, f"{NUL_KEY}:x", "invalid_request"),
        ({}, "app%00:%00", "invalid_request"),
        ({}, "\ud800", "invalid_client"),
    ],
)
def test_what_the_database_cannot_hold_is_an_oauth_error_at_the_token_end(
    cast: Cast, fields: dict[str, str], basic: str, error: str
) -> None:
    sent = base64.b64encode(basic.encode("utf-8", "surrogatepass")).decode()
    answer = Client().post(
        "/oidc/token",
        {"grant_type": "authorization_code", "code": "x"} | fields,
        headers={"Authorization": f"Basic {sent}"} if basic else {},
    )
    assert (answer.status_code, answer.json()["error"]) == (401 if error == "invalid_client" else 400, error)


@pytest.mark.parametrize("field", ["code", "redirect_uri", "code_verifier", "client_secret", "x\0"])
def test_nor_does_a_field_of_a_known_application(oa: IssuedApplication, field: str) -> None:
    known = {"grant_type": "authorization_code", "client_id": oa.key, "client_secret": oa.secret, "code": "x"}
    answer = Client().post("/oidc/token", known | {field: "\0"})
    assert answer.json()["error"] in ("invalid_request", "invalid_grant")


def test_what_the_database_cannot_hold_asks_for_no_sign_on(cast: Cast, oa: IssuedApplication) -> None:
    client = browser("wangmin")
    for name in ("client_id", "redirect_uri", "state", "nonce", "scope", "prompt"):
        there = urlencode(asked(oa, **{name: "a\0b"}))
        assert client.get(f"/oidc/authorize?{there}").status_code == 400
        posted = client.post("/oidc/authorize", asked(oa, **{name: "a\0b"}), follow=True)
        assert posted.status_code == 400
    for name in ("state", "nonce"):
        said = rules.read(
            {key: [value] for key, value in asked(oa, **{name: "a\0b"}).items()}, BACK, ["openid"], oa.key
        )
        assert isinstance(said, Fault) and said.error == "invalid_request"
    with pytest.raises(Refused, match="没有这个应用"):
        codes.application(NUL_KEY, BACK)
    assert codes.leaving(NUL_KEY, "", "") is None


def test_secrets_codes_and_tokens_are_nowhere_as_they_are(oa: IssuedApplication) -> None:
    code = given(oa)["code"]
    token = exchange(oa, code).json()["access_token"]
    kept = b"".join(bytes(row.digest) + bytes(row.access or b"") for row in Code.objects.all())
    said = "".join(f"{entry.object}{entry.detail}" for entry in Entry.objects.all())
    for secret in (code, token, oa.secret):
        assert secret.encode() not in kept and secret not in said and secret not in repr(oa)


def test_the_administrators_page_registers_shows_the_secret_once_and_ends(cast: Cast) -> None:
    client = browser("guoan")
    fields = {
        "act": "register", "title": "办公系统", "agency": "43.market", "redirects": f"{BACK}\nhttps://oa.example.gov.cn/b",
        "scopes": ["profile"], "kinds": ["officer"],
    }  # fmt: skip
    wrong = client.post("/applications/", fields | {"redirects": "https://*.cn/"})
    assert wrong.status_code == 422 and "不含通配符" in wrong.content.decode()
    made = client.post("/applications/", fields).content.decode()
    row = Application.objects.get()
    assert row.key in made and len(row.redirects) == 2 and row.scopes == ["openid", "profile"]
    assert "密钥只显示这一次" in made and "密钥只显示这一次" not in client.get("/applications/").content.decode()
    client.post("/applications/", {"act": "end", "key": row.key})
    assert Application.objects.get().ended is not None
    assert browser("wangmin").get("/applications/").status_code == 403
    assert Sitting.objects.count() == 2
