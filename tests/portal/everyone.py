"""Everybody who may knock at an address, and what each is answered there: for the test that tries them all.

The officers hold, each at one agency, every role that an agency gives: what refuses them is whose the thing is, not a
capability that they lack. Those who watch over others hold their one role.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from shuniu.directory import api as directory
from shuniu.directory.declare import ROLES, Agency
from shuniu.directory.models import Account, Appointment
from tests.cast import DAY, Cast
from tests.directory.signing_in.strong import strengthen

Kwargs = Mapping[str, str | int]
CLERKS = (
    "data_officer cataloguer case_clerk case_examiner counter_clerk licence_officer document_clerk letter_handler "
    "fee_officer rating_officer credit_officer"
)
CHIEFS = "second_officer case_decider document_signer letter_reviewer agency_head repair_reviewer"
OTHERS = {
    "county": ("county_clerk", "430102.market"),
    "office": ("office", "43.office"),
    "box": ("letter_clerk report_keeper", "43.office"),
    "auditor": ("auditor", "43.office"),
    "dpo": ("data_protection_officer", "43.market"),
    "secrecy": ("secrecy_officer", "43.office"),
    "admin": ("agency_administrator", "43.market"),
    "system": ("system_administrator", "43.office"),
    "security": ("security_administrator", "43.office"),
    "matcher": ("matching_reviewer", "43.office"),
    "cataloguer": ("catalogue_reviewer", "43.office"),
    "identity": ("identity_clerk", "43.office"),
}
"""Reader: the roles held, and where."""
_FIRST = {"county": "county_clerk", "office": "office", "auditor": "auditor", "secrecy": "secrecy",
          "admin": "market_admin", "system": "system_admin", "security": "security", "matcher": "matcher",
          "cataloguer": "reviewer", "identity": "identity_clerk"}  # fmt: skip
READERS = ("nobody", "citizen", "neighbour", "firm", "clerk", "chief", "tax", "labour", *OTHERS)
"""`clerk` and `chief` are of the agency whose things they are, `tax` has to do with some of them, `labour` with none."""


@dataclass(frozen=True)
class At:
    """Whose the thing at an address is: who is let in by GET and by POST (None: the address does not take it).

    `thing` names it in the world, `said` is what is posted. Who is refused hears the same as where there is none, but for
    what is `public`, which says why: that there is one is no secret.
    """

    thing: str
    get: str | None = None
    post: str | None = None
    said: Mapping[str, str] = field(default_factory=dict)
    public: str = ""


@dataclass(frozen=True)
class Thing:
    """One thing of the world: what stands for it in addresses, what of it nobody else may read, and one that there is not."""

    kwargs: Kwargs
    secrets: tuple[str, ...] = ()
    none: Kwargs = field(default_factory=dict)


def routes() -> list[tuple[str, tuple[str, ...]]]:
    """Every address with a parameter: its full name, and the names of its parameters."""
    found: list[tuple[str, tuple[str, ...]]] = []

    def walk(resolver: URLResolver, path: str, space: str) -> None:
        for one in resolver.url_patterns:
            here = path + str(one.pattern)
            if isinstance(one, URLResolver):
                walk(one, here, f"{one.namespace}:" if one.namespace else space)
            elif isinstance(one, URLPattern) and (names := re.findall(r"<(?:\w+:)?(\w+)>", here)):
                found.append((f"{space}{one.name}", tuple(names)))

    walk(get_resolver(), "/", "")
    return found


def _browser(account: Account | None) -> Client:
    client = Client(raise_request_exception=False)
    if account is not None:
        client.force_login(account)
        strengthen(client)
    return client


def _appoint(account: Account, roles: str, agency: str, region: str = "430000") -> None:
    Appointment.objects.bulk_create(
        Appointment(account=account, agency_id=agency, title=ROLES[role].title, role=role, regions=[region], since=DAY)
        for role in roles.split()
        if not Appointment.objects.filter(account=account, role=role).exists()
    )


def readers(cast: Cast) -> dict[str, Client]:
    """A browser for everybody, each but `nobody` signed in a moment ago with a second factor."""
    directory.load_agencies(actor=cast.installer, rows=[Agency("43.labour", "省人社厅", "省人社厅", 1, "430000")])
    held = {name: Account.objects.get(pk=int(getattr(cast, who).person.split(":")[1])) for name, who in _FIRST.items()}
    for name, who in (("citizen", "citizen"), ("firm", "firm"), ("clerk", "market_officer"), ("chief", "market_second"),
                      ("tax", "tax_officer")):  # fmt: skip
        held[name] = Account.objects.get(pk=int(getattr(cast, who).person.split(":")[1]))
    held["neighbour"] = Account.objects.create(
        kind="citizen", login="linchuan", name="林川", subject=7_000_009, password="!"
    )
    for name, agency in (("labour", "43.labour"), ("box", "43.office"), ("dpo", "43.market")):
        held[name] = Account.objects.create(
            kind="officer", login=f"new-{name}", name=f"某{name}", agency_id=agency, password="!"
        )
    _appoint(held["clerk"], CLERKS, "43.market")
    _appoint(held["chief"], CHIEFS, "43.market")
    for name, agency in (("tax", "43.tax"), ("labour", "43.labour")):
        _appoint(held[name], f"{CLERKS} {CHIEFS}", agency)
    for name, (roles, agency) in OTHERS.items():
        _appoint(held[name], roles, agency, "430102" if name == "county" else "430000")
    return {name: _browser(held.get(name)) for name in READERS}


@contextmanager
def _undone() -> Iterator[None]:
    """Let nothing of what happens inside stay."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(client: Client, name: str, kwargs: Kwargs, method: str, said: Mapping[str, str]) -> tuple[str, str]:
    """How the door stood at an address, and what was said there; whatever it did is undone."""
    address = reverse(name, kwargs=dict(kwargs))
    with _undone():
        cache.clear()
        answer = client.get(address) if method == "get" else client.post(address, dict(said))
        content = answer.getvalue()  # of what is streamed too, to its end
    client.cookies.pop("messages", None)  # what an act said to who did it is told on the next page, whichever that is
    where = answer.headers.get("Location", "")
    if answer.status_code == 302 and where.startswith(("/sign-in/", "/enrol/")):
        return "sign-in", ""
    stood = "in" if answer.status_code in (200, 302, 422) else str(answer.status_code)
    return stood, unescape(content.decode(errors="replace"))


PROBING = (
    "nobody", "neighbour", "firm", "labour", "county", "box", "auditor", "dpo", "secrecy", "system", "cataloguer", "identity",
)  # fmt: skip
"""Who tries whether a refusal tells that there is something: nothing of the worlds that they are refused is theirs."""


def faults(name: str, at: At, thing: Thing, clients: Mapping[str, Client]) -> Iterator[str]:
    """What is amiss at one address: somebody let in or kept out who should not be, an error, a refusal that tells more than no."""
    for method, let_in in (("get", at.get), ("post", at.post)):
        if let_in is None:
            stood, _said = ask(clients["office"], name, thing.kwargs, method, {})
            if stood != "405":
                yield f"{method} {name}: takes it ({stood})"
            continue
        allowed = set(READERS) if let_in == "*" else set(let_in.split())
        for who, client in clients.items():
            stood, said = ask(client, name, thing.kwargs, method, at.said)
            if (stood == "in") != (who in allowed) or stood.startswith("5"):
                yield f"{method} {name} {who}: {stood}"
            elif stood != "in":
                # Who signs accounts up and off has a way to sign in on the page of the refusal.
                if who == "nobody" and stood not in ("sign-in", "404") and not name.startswith("directory:"):
                    yield f"{method} {name}: {stood}, and no way to sign in"
                if who != "citizen":  # whose own name stands on every page, and whose things these are
                    yield from _told(f"{method} {name} {who}", said, thing)
                if who in PROBING and not at.public:
                    other = ask(client, name, thing.none, method, at.said)
                    if (stood, _bare(said, thing.kwargs)) != (other[0], _bare(other[1], thing.none)):
                        yield f"{method} {name} {who}: {stood}, and {other[0]} where there is none"


def _told(where: str, said: str, thing: Thing) -> Iterator[str]:
    for secret in thing.secrets:
        if secret in said:
            yield f"{where}: tells {secret}"


_MAIN, _TAG, _DIGITS = re.compile(r"<main.*</main>", re.DOTALL), re.compile(r"<[^>]*>|\s+"), re.compile(r"\d+")


def _bare(said: str, kwargs: Kwargs) -> str:
    """The words of a page, without the numbers and names that its address gave."""
    found = _MAIN.search(said)
    words = _TAG.sub(" ", found[0] if found else said)
    for value in kwargs.values():
        words = words.replace(str(value), "…") if not str(value).isdecimal() else words
    return _DIGITS.sub("…", words)
