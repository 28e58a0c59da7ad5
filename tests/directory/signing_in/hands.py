"""Browsers in people's hands, and what an authenticator in their hand would show."""

from __future__ import annotations

import base64
import time
from html import unescape

from django.test import Client

from shuniu.directory import api
from shuniu.directory.models import Account, Factor
from shuniu.directory.signing_in import totp
from shuniu.directory.signing_in.sealing import unseal
from tests.directory.signing_in.strong import strengthen

PASSWORD = "湘江北去-2026-橘子洲头"


def shown(response: object) -> str:
    return unescape(getattr(response, "content", b"").decode())


def browser(login: str, password: str = PASSWORD, agent: str = "") -> Client:
    """A browser in which the password was given."""
    client = Client(headers={"user-agent": agent} if agent else {})
    client.post("/sign-in/", {"login": login, "password": password})
    return client


def current(account: int, ahead: int = 0) -> str:
    """The code that the account's authenticator shows now, or so many steps later; steps are used once."""
    row = Factor.objects.get(account=account, kind="totp", removed=None)
    step = max(int(time.time()) // totp.STEP, row.counter + 1) + ahead
    return totp.code(unseal(row.secret, account), step)


def enrol(account: int) -> tuple[str, ...]:
    """Give an account a confirmed TOTP factor; returns its recovery codes. Two steps stay unused for signing in."""
    client = Client()
    client.force_login(Account.objects.get(pk=account))
    actor = api.actor_of(account)
    sitting = strengthen(client)
    made = api.add_totp(actor=actor, sitting=sitting)
    secret = base64.b32decode(made.secret.replace(" ", ""))
    codes = api.confirm_totp(actor=actor, sitting=sitting, code=totp.code(secret, int(time.time()) // totp.STEP - 1))
    assert codes is not None
    return codes.codes
