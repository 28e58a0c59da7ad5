"""Everybody has a way to every page that is theirs: where each role begins, and which pages link to which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from shuniu.directory.declare import ROLES
from shuniu.directory.models import Account, Appointment
from shuniu.portal.menu import landing
from shuniu.trust import api as trust
from tests.cast import DAY, Cast, SignedIn

pytestmark = pytest.mark.django_db(transaction=True)

BEGINS = {
    "data_officer": "/desk/",
    "second_officer": "/desk/",
    "county_clerk": "/desk/",
    "cataloguer": "/desk/catalogue/",
    "catalogue_reviewer": "/desk/catalogue/review/",
    "matching_reviewer": "/desk/matches/",
    "office": "/office/",
    "credit_officer": "/credit/duty/",
    "repair_reviewer": "/desk/repairs/",
    "secrecy_officer": "/desk/notices/",
    "identity_clerk": "/desk/identities/",
    "agency_administrator": "/accounts/",
    "system_administrator": "/accounts/",
    "security_administrator": "/accounts/",
    "auditor": "/audit/",
    "case_clerk": "/desk/cases/",
    "case_examiner": "/desk/cases/",
    "case_decider": "/desk/cases/",
    "counter_clerk": "/hall/cases/",
    "letter_clerk": "/desk/letters/",
    "letter_handler": "/desk/letters/",
    "letter_reviewer": "/desk/letters/",
    "report_keeper": "/desk/letters/",
    "rating_officer": "/desk/ratings/",
    "agency_head": "/desk/cases/",
    "document_clerk": "/desk/work/",
    "document_signer": "/desk/work/",
    "fee_officer": "/desk/fees/",
    "data_protection_officer": "/desk/readings/",
    "licence_officer": "/desk/licences/",
}
UNLINKED = {
    "/kept/": "what was typed before the session ended: signing in again leads there",
    "/health": "for the machine that watches the service",
    "/gallery/": "for who builds pages; demo instances alone have it",
    "/desk/objections/new/": "about one row: linked from the row",
    "/letters/sent/": "the receipt, after sending",
    "/hall/information/rows/": "the requests behind a number: linked from the number",
    "/hall/ratings/list/": "the ratings behind a number: linked from the number",
    "/audit/rights/": "about one act: linked from the walk that shows the act",
    "/audit/trace/evidence.json": "the file of one walk: linked from it",
    "/audit/witnesses/present.json": "the answer to the form on its page",
    "/audit/keys.pem": "for verifiers elsewhere; linked from the auditor's walk",
    "/sign-in/confirm/": "asked before what is delicate, and leads back there",
    "/.well-known/openid-configuration": "for departments' applications",
    "/oidc/keys": "for departments' applications",
    "/start/": "only leads on: to where the reader's work begins",
}
"""Pages that no page links to, each with its reason."""
ENTRANCE = {"/sign-in/", "/enrol/"}
"""What who has signed in has behind himself."""


@pytest.fixture
def holders(catalogued: None, cast: Cast) -> dict[str, Client]:
    """One browser for each role, signed in as somebody who holds it and no other."""
    clients = {}
    for role, one in ROLES.items():
        account = Account.objects.create(kind="officer", login=f"only-{role}", name=one.title, agency_id="43.market")
        Appointment.objects.create(
            account=account, agency_id="43.market", title=one.title, role=role, regions=["430000"], since=DAY
        )
        clients[role] = Client()
        clients[role].force_login(account)
    return clients


def test_every_role_begins_on_a_page_that_it_may_open(holders: dict[str, Client]) -> None:
    assert BEGINS.keys() == ROLES.keys(), "decide where the new role begins"
    found = {}
    for role, client in holders.items():
        found[role] = client.get("/start/").headers["Location"]
        assert client.get(found[role]).status_code == 200, role
        front = client.get("/").content.decode()
        assert f'class="button main" href="{found[role]}"' in front, f"{role}: the front page leads there too"
    assert found == BEGINS


def test_citizens_firms_and_who_has_no_post_begin_where_they_can_do_something(cast: Cast, signed_in: SignedIn) -> None:
    for who in (cast.citizen, cast.firm):
        assert landing(who).href == "/hall/"
        assert signed_in(who).get("/start/").headers["Location"] == "/hall/"
    assert landing(cast.stranger).href == "/rights/"
    assert "没有岗位" in signed_in(cast.stranger).get("/rights/").content.decode()


def test_who_has_not_signed_in_does_so_and_comes_to_where_the_work_begins(client: Client, cast: Cast) -> None:
    address = "/sign-in/?next=%2Fstart%2F"
    assert client.get("/start/").headers["Location"] == address
    assert f'href="{address}"' in client.get("/").content.decode()


def routes(resolver: URLResolver, head: str = "/") -> Iterator[str]:
    """The addresses without parameters; the HTTP API's are machines'."""
    for one in resolver.url_patterns:
        path = head + str(one.pattern)
        if isinstance(one, URLResolver) and not path.startswith("/api/"):
            yield from routes(one, path)
        elif isinstance(one, URLPattern) and "<" not in path:
            yield path


def crawled(client: Client, wanted: set[str]) -> set[str]:
    """The pages that a reader comes to by links and search boxes alone, from the front page on."""
    reached: set[str] = set()
    ahead = ["/"]
    while ahead:
        address = ahead.pop()
        path = urlsplit(address).path
        if path in reached or path not in wanted:
            continue
        response = client.get(address)
        if response.status_code == 200:
            reached.add(path)
            if response.headers["Content-Type"].startswith("text/html"):
                hrefs = re.findall(r'<a[^>]* href="([^"#]+)|role="search" action="([^"]+)', response.content.decode())
                ahead += [urljoin(address, (link or search).replace("&amp;", "&")) for link, search in hrefs]
    return reached


def test_everybody_comes_by_links_to_every_page_that_he_may_open(
    holders: dict[str, Client], cast: Cast, signed_in: SignedIn
) -> None:
    trust.sequence()
    wanted = set(routes(get_resolver())) - UNLINKED.keys()
    assert len(wanted) > 20
    readers = {"nobody": Client(), "citizen": signed_in(cast.citizen), "firm": signed_in(cast.firm), **holders}
    lost = {}
    for who, client in readers.items():
        cache.clear()  # the credit site counts requests by address, and all of these have one
        reached = crawled(client, wanted)
        lost[who] = sorted(path for path in wanted - reached if client.get(path).status_code == 200)
        if who != "nobody":
            lost[who] = [path for path in lost[who] if path not in ENTRANCE]
    assert {who: paths for who, paths in lost.items() if paths} == {}
