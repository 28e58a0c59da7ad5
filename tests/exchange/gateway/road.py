"""The way from a department's key to an answered question, for the gateway's tests: through Django, without a socket."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.test import Client as Browser
from django.utils import timezone

from shuniu.client import Answer, Client
from shuniu.client.asking import Signed
from shuniu.directory import api as directory
from shuniu.exchange.gateway import api
from shuniu.exchange.grants.models import Agreement, AgreementPurpose, AgreementVersion, ShareRequest
from shuniu.trust import suites
from shuniu.trust.certificates import api as certificates
from shuniu.trust.certificates.client import certificate_request
from shuniu.trust.certificates.declare import EVERY, Held, Subject, Wanted
from shuniu.trust.certificates.models import Certificate

KEY = "43.market/registration"
ISSUER = replace(
    directory.system("install"), agency="43.office",
    capabilities=frozenset({"trust.issue", "trust.revoke_certificate", "trust.keep_node", EVERY}),
)  # fmt: skip
PORT_HOST = "localhost"


@dataclass
class Machine:
    """A department's machine with its certificate, asking through Django's own client."""

    held: Held
    private: bytes = field(repr=False)
    platform: bytes
    ahead: float = 0.0  # seconds by which its clock is wrong
    browser: Browser = field(default_factory=Browser)

    @property
    def client(self) -> Client:
        return Client(f"http://{PORT_HOST}", self.private, [self.platform], now=lambda: time.time() + self.ahead)

    def sign(self, *codes: str, resource: str = KEY, purpose: str = "inspection", **more: Any) -> Signed:
        return self.client.sign(resource, [("uscc", code) for code in codes], purpose=purpose, **more)

    def send(self, signed: Signed, body: bytes | None = None, **headers: str) -> Any:
        """Django's answer to a signed request; `headers` go over those that were signed, by small names with _ for -."""
        sent = dict(signed.message.headers) | {name.replace("_", "-"): value for name, value in headers.items()}
        kind = sent.pop("content-type", "")
        path = signed.message.path + (f"?{signed.message.query}" if signed.message.query else "")
        return self.browser.generic(
            signed.message.method, path, signed.body if body is None else body, content_type=kind,
            headers={"host": PORT_HOST, "content-type": kind, **sent},
        )  # fmt: skip

    def ask(self, *codes: str, **more: Any) -> Answer:
        """The answer, checked as the client library checks it."""
        signed = self.sign(*codes, **more)
        came = self.send(signed)
        assert came.status_code == 200, came.content.decode()
        headers = {name.lower(): value for name, value in came.headers.items()}
        return self.client.read(signed, came.status_code, headers, came.content)

    def refused(self, signed: Signed, **more: Any) -> tuple[int, str]:
        """Status and rule of a refusal."""
        came = self.send(signed, **more)
        assert came.status_code != 200, came.content.decode()
        return came.status_code, came.json()["rule"]


def machine(suite: str = "international", agency: str = "43.tax", name: str = "省税务局") -> Machine:
    """A department's machine that has joined; the platform has its own key of that suite."""
    used = suites.suite(suite)
    private = used.generate()
    certificates.keep_node(actor=ISSUER, suite=suite)
    api._signer_of.cache_clear()  # the platform remembers its key for a minute; an earlier test had another
    subject = Subject("agency", f"agency:{agency}", name, agency, name)
    wanted = Wanted(subject, certificate_request(used.signer(private)))
    (held,) = certificates.issue(actor=ISSUER, wanted=[wanted])
    platform = used.signer(certificates.node(suite).private).public
    return Machine(held, private, platform)


def certificate_of(number: int) -> bytes:
    """A certificate (DER) by its number, as its holder keeps it."""
    return bytes(Certificate.objects.get(pk=number).der)


def agree(
    *items: str, consumer: str = "43.tax", resource: str = KEY, masked: tuple[str, ...] = (),
    purposes: tuple[str, ...] = ("inspection", "licensing"), regions: tuple[str, ...] = ("43",), rate: int = 6000,
    quota: int = 1_000_000,
) -> Agreement:  # fmt: skip
    """An agreement in force, as a decision would have left it."""
    today = timezone.localdate()
    terms: dict[str, Any] = {
        "items": list(items), "purposes": list(purposes), "laws": ["税收征收管理法"], "articles": ["第六条"],
        "regions": list(regions), "rate": rate, "quota_calls": quota, "quota_rows": quota, "valid_from": today,
        "valid_until": today + timedelta(days=30),
    }  # fmt: skip
    owner = resource.partition("/")[0]
    request = ShareRequest.objects.create(
        consumer=consumer, resource=resource, version=1, owner=owner, use="核实", person="officer:3", person_name="李娜",
        state="granted", decided_by="officer:9", decided_name="李华", decided_at=timezone.now(), **terms,
    )  # fmt: skip
    made = Agreement.objects.create(consumer=consumer, resource=resource, owner=owner)
    AgreementVersion.objects.create(
        agreement=made,
        number=1,
        request=request,
        masked=list(masked),
        granted_by="officer:9",
        granted_name="李华",
        **terms,
    )
    AgreementPurpose.objects.bulk_create(
        AgreementPurpose(agreement=made, consumer=consumer, resource=resource, purpose=purpose) for purpose in purposes
    )
    return made
