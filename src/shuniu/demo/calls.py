"""A department's machine of the demo joins by a code and asks through the gateway, as its own programs would over HTTP."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings

from shuniu.demo import shares, staff
from shuniu.directory import api as directory
from shuniu.exchange.gateway import api, authentic, counting
from shuniu.exchange.gateway.declare import Asked
from shuniu.exchange.grants import api as grants
from shuniu.trust.certificates import api as certificates
from shuniu.trust.certificates.client import certificate_request
from shuniu.trust.declare import Refused
from shuniu.trust.messages import Message, digest_header, sign_request
from shuniu.trust.suites import Signer, suite

SUITE = "international"
BATCH = 5


def ask(codes: Sequence[str]) -> None:
    """Who may inspect by the register of firms asks for these credit codes: one by one, some at once, once for too much.

    Nothing where nobody has such an agreement, or where calls have been made before.
    """
    held = _agreement()
    if held is None or counting.connections(actor=staff.actor(staff.office(), "office")).totals:
        return
    agency, resource = held
    signer = _joined(agency)
    questions = [*([code] for code in codes), list(codes[:BATCH])]
    for one in questions:
        api.answer(_asked(signer, resource, one), "")
    try:
        api.answer(_asked(signer, resource, codes[:1], "not_shared"), "")
    except Refused:
        return  # what the page of connections shows beside its answers


def _agreement() -> tuple[str, str] | None:
    """Consumer and resource of the agreement that a machine can be tried with."""
    for one in directory.agencies():
        if directory.holders(one.key, "data_officer"):
            officer = staff.actor(one.key, "data_officer")
            for found in grants.agreements(actor=officer, agency=one.key):
                it = found.it
                if it.consumer == one.key and it.terms.purposes == (shares.INSPECTION,):
                    return one.key, it.resource
    return None


def _joined(agency: str) -> Signer:
    """The key of a machine that joins now. Nobody keeps it: the demo asks no more after this."""
    certificates.keep_node(actor=directory.system("worker"), suite=SUITE)
    name = directory.agency_names()[agency]
    invited = certificates.invite(actor=directory.system("console"), agency=agency, agency_name=name, suite=SUITE)
    used = suite(SUITE)
    signer = used.signer(used.generate())
    certificates.join(
        actor=directory.system("joining"), code=invited.code, request=certificate_request(signer), agency=agency
    )
    return signer


def _asked(signer: Signer, resource: str, codes: Sequence[str], *items: str) -> Asked:
    said = {"identifiers": [{"kind": "uscc", "value": code} for code in codes], **({"items": items} if items else {})}
    body = json.dumps(said).encode()
    used = suite(SUITE)
    headers = {
        "content-type": "application/json", "content-digest": digest_header(used, used.digest(body)),
        "shuniu-purpose": shares.INSPECTION,
    }  # fmt: skip
    message = Message(headers, "POST", urlsplit(settings.PUBLIC_URL).netloc, f"/exchange/query/{resource}")
    signed = sign_request(message, signer, created=int(time.time()), nonce=secrets.token_hex(8))
    return authentic.authenticate(replace(message, headers=headers | signed), body)
