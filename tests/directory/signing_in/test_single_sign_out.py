"""Signing out because an application asks (RP-Initiated Logout 1.0), by a real client library; and whom it may sign on."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from authlib.integrations.base_client.sync_openid import OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet

from shuniu.directory import api
from shuniu.directory.models import Account, Application, Sitting
from shuniu.directory.signing_in.oidc.api import logouts
from shuniu.directory.signing_in.oidc.declare import IssuedApplication
from shuniu.trust.declare import Refused
from tests.cast import Cast
from tests.directory.signing_in.hands import PASSWORD, browser
from tests.directory.signing_in.test_single_sign_on import BACK, Into, asked, exchange, listening, oa

__all__ = ["oa"]
pytestmark = pytest.mark.usefixtures("passwords")
LEFT = "https://oa.example.gov.cn/left"


class Office(OpenIDMixin):  # type: ignore[misc]  # the library has no types
    """The client library's side of sign-out, as an application has it: the provider's metadata, and nothing else."""

    def __init__(self) -> None:
        session = OAuth2Session()
        session.mount(settings.PUBLIC_URL, Into())
        address = f"{settings.PUBLIC_URL}/.well-known/openid-configuration"
        self.found = cast(dict[str, Any], session.get(address, withhold_token=True).json())

    def load_server_metadata(self) -> dict[str, Any]:
        return self.found


@pytest.fixture
def leaving(oa: IssuedApplication) -> IssuedApplication:
    """The office's application, which has people sent back after signing out."""
    Application.objects.filter(key=oa.key).update(leaves=[LEFT])
    return oa


def signed_on(made: IssuedApplication) -> tuple[Client, str]:
    """A browser in which 王敏 signed on to the application, and her identity token."""
    client = browser("wangmin")
    answer = client.get(f"/oidc/authorize?{urlencode(asked(made))}")["Location"]
    return client, exchange(made, parse_qs(urlsplit(answer).query)["code"][0]).json()["id_token"]


def test_a_client_library_signs_somebody_out_and_every_application_hears_of_it(
    cast: Cast, leaving: IssuedApplication
) -> None:
    with listening() as (address, heard):
        Application.objects.update(logout=address)
        client, token = signed_on(leaving)
        made = Office().create_logout_url(post_logout_redirect_uri=LEFT, id_token_hint=token)
        assert made["url"].startswith(f"{settings.PUBLIC_URL}/oidc/logout?")
        answer = client.get(made["url"].removeprefix(settings.PUBLIC_URL))
        assert answer["Location"] == f"{LEFT}?{urlencode({'state': made['state']})}"
        assert client.get("/rights/")["Location"].startswith("/sign-in/")
        assert Sitting.objects.get().why == "本人退出"
        assert logouts.send_due(actor=api.system("worker")) == 1
    published = KeySet.import_key_set(Client().get("/oidc/keys").json())
    told = jwt.decode(parse_qs(heard[0])["logout_token"][0], published, algorithms=["RS256"]).claims
    assert told["sid"] == jwt.decode(token, published, algorithms=["RS256"]).claims["sid"]


def test_without_the_token_of_this_sitting_the_person_is_asked(leaving: IssuedApplication) -> None:
    _other, foreign = signed_on(leaving)
    for more in ({"client_id": leaving.key}, {"id_token_hint": foreign}):
        client = browser("wangmin")
        page = client.get(f"/oidc/logout?{urlencode({'post_logout_redirect_uri': LEFT, 'state': 's9'} | more)}")
        shown = page.content.decode()
        assert page.status_code == 200 and "办公系统" in shown and client.get("/rights/").status_code == 200
        assert "form-action 'self' https://oa.example.gov.cn" in page["Content-Security-Policy"]
        fields = {"client_id": leaving.key, "post_logout_redirect_uri": LEFT, "state": "s9"}
        assert all(f'name="{name}" value="{value}"' in shown for name, value in fields.items())
        assert client.post("/sign-out/", fields)["Location"] == f"{LEFT}?state=s9"
        assert client.get("/rights/").status_code == 302


def test_who_is_not_signed_in_goes_back_and_an_applications_form_is_taken_too(leaving: IssuedApplication) -> None:
    fields = {"client_id": leaving.key, "post_logout_redirect_uri": LEFT}
    again = Client().post("/oidc/logout", fields)["Location"]
    assert again == f"/oidc/logout?{urlencode(fields)}" and Client().get(again)["Location"] == LEFT
    assert Client().get(f"/oidc/logout?client_id={leaving.key}")["Location"] == "/"


@pytest.mark.parametrize(
    "more",
    [
        {"post_logout_redirect_uri": "https://evil.example/"},
        {"post_logout_redirect_uri": LEFT + "/"},
        {"post_logout_redirect_uri": BACK},
        {"client_id": "app-none"},
        {"client_id": ""},
        {"id_token_hint": "a.b.c"},
        {"id_token_hint": "eyJhbGciOiJub25lIn0.eyJhdWQiOiJ4In0."},
    ],
)
def test_nobody_is_signed_out_or_sent_anywhere_on_a_wrong_word(
    leaving: IssuedApplication, more: dict[str, str]
) -> None:
    client = browser("wangmin")
    fields = {"client_id": leaving.key, "post_logout_redirect_uri": LEFT} | more
    answer = client.get(f"/oidc/logout?{urlencode(fields)}")
    assert answer.status_code == 400 and "Location" not in answer
    assert client.get("/rights/").status_code == 200
    if "id_token_hint" not in more:
        assert client.post("/sign-out/", fields)["Location"] == "/"


def test_a_token_of_another_application_is_no_hint(cast: Cast, leaving: IssuedApplication) -> None:
    other = api.register_application(actor=cast.security, title="财务", agency="43.market", redirects=[BACK])
    client, token = signed_on(leaving)
    assert client.get(f"/oidc/logout?{urlencode({'id_token_hint': token, 'client_id': other.key})}").status_code == 400
    api.end_application(actor=cast.security, key=leaving.key)
    assert client.get(f"/oidc/logout?{urlencode({'id_token_hint': token})}").status_code == 400


def test_citizens_and_firms_sign_on_where_an_application_declares_that_it_takes_them(cast: Cast) -> None:
    made = api.register_application(
        actor=cast.security, title="公积金", agency="43.market", redirects=[BACK], scopes=["profile", "agency"],
        kinds=["citizen"],
    )  # fmt: skip
    client = browser("tianye")
    answer = client.get(f"/oidc/authorize?{urlencode(asked(made, scope='openid profile agency'))}")["Location"]
    token = exchange(made, parse_qs(urlsplit(answer).query)["code"][0]).json()["access_token"]
    told = Client().get("/oidc/userinfo", headers={"Authorization": f"Bearer {token}"}).json()
    assert told.pop("sub") and told == {"name": "田野", "kind": "citizen"}
    refused = browser("wangmin").get(f"/oidc/authorize?{urlencode(asked(made))}")["Location"]
    assert "error=access_denied" in refused, "it takes citizens, not officers"
    row = Account.objects.get(login="xingsha")
    row.set_password(PASSWORD)
    row.save()
    firm = f"/oidc/authorize?{urlencode(asked(made))}"
    assert "error=access_denied" in browser("xingsha").get(firm)["Location"]
    Application.objects.filter(key=made.key).update(kinds=["citizen", "firm"])
    assert "code=" in browser("xingsha").get(firm)["Location"]


@pytest.mark.parametrize("kinds", [[], ["robot"]])
def test_an_application_is_for_somebody_that_there_is(cast: Cast, kinds: list[str]) -> None:
    with pytest.raises(Refused, match="谁可以登录"):
        api.register_application(actor=cast.security, title="x", agency="43.market", redirects=[BACK], kinds=kinds)


def test_the_page_says_who_may_sign_on_and_where_people_go_after(cast: Cast) -> None:
    client = browser("guoan")
    fields = {
        "act": "register", "title": "公积金", "agency": "43.market", "redirects": BACK, "leaves": LEFT,
        "kinds": ["officer", "citizen"],
    }  # fmt: skip
    shown = client.post("/applications/", fields).content.decode()
    assert "本单位工作人员、个人" in shown and LEFT in shown
    assert client.post("/applications/", fields | {"leaves": "https://*.cn/"}).status_code == 422
