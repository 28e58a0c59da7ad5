"""Sign-outs told to applications (Back-Channel Logout 1.0): noted when a sitting ends, posted by the worker, tried again."""

from __future__ import annotations

import secrets
from datetime import timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlencode, urlsplit

from django.utils import timezone

from shuniu.directory import models
from shuniu.directory.actors.checks import dated
from shuniu.directory.signing_in.oidc import keys
from shuniu.directory.signing_in.oidc.api.codes import issuer, pairwise, session_of
from shuniu.directory.signing_in.oidc.declare import Telling
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor

EVENT = "http://schemas.openid.net/event/backchannel-logout"
_PATIENCE = 10
_LIFE = 120


def send_due(*, actor: Actor) -> int:
    """Tell what is due. Returns how many took it. Not a verb: made of them, and between them waits for others' servers."""
    taken = 0
    due = models.Logout.objects.filter(due__lte=timezone.now()).order_by("due")
    for number in list(due.values_list("pk", flat=True)[:500]):
        telling = begin_logout(actor=actor, number=number)
        if telling is not None:
            said = _posted(telling)
            end_logout(actor=actor, number=number, said=said)
            taken += said in ("200", "204")
    return taken


@verb("directory.begin_logout", "通知应用退出")
def begin_logout(*, actor: Actor, number: int) -> Telling | None:
    """Count a try and hand out what is to be posted; None when another worker was first."""
    require()
    row = models.Logout.objects.select_for_update(of=("self",)).filter(pk=number, due__lte=timezone.now())
    held = row.select_related("application", "sitting").first()
    if held is None:
        record(f"logout:{number}", outcome="ended", detail={"tries": 0})
        return None
    held.tries += 1
    last = held.tries >= dated("account.sso.logout.tries")
    held.due = None if last else timezone.now() + timedelta(minutes=2**held.tries)
    held.save(update_fields=["tries", "due"])
    record(f"logout:{number}", outcome="begun", detail={"application": held.application_id, "tries": held.tries})
    return Telling(number, held.application.logout, _token(held))


@verb("directory.end_logout", "记录应用退出结果")
def end_logout(*, actor: Actor, number: int, said: str) -> None:
    """Note what the application answered: 200 and 204 are an end."""
    require()
    done = {"done": timezone.now(), "due": None} if said in ("200", "204") else {}
    models.Logout.objects.filter(pk=number).update(said=said, **done)
    record(f"logout:{number}", outcome="ended", detail={"said": said})


def _token(row: models.Logout) -> str:
    key, now = row.application_id, int(timezone.now().timestamp())
    claims = {
        "iss": issuer(), "sub": pairwise(key, row.sitting.account_id), "aud": key, "iat": now, "exp": now + _LIFE,
        "jti": secrets.token_hex(16), "sid": session_of(key, row.sitting_id), "events": {EVENT: {}},
    }  # fmt: skip
    return keys.signed(claims, "logout+jwt")


def _posted(telling: Telling) -> str:
    """The answer's status, or what went wrong. Never raises for what the application or the network does."""
    url = urlsplit(telling.address)
    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    try:
        connection = kind(url.hostname or "", url.port, timeout=_PATIENCE)
        try:
            connection.request("POST", path, urlencode({"logout_token": telling.token}), headers)
            return str(connection.getresponse().status)
        finally:
            connection.close()
    except (OSError, HTTPException, ValueError) as trouble:
        return type(trouble).__name__
