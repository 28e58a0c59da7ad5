"""A person's own certificate as the second factor, where the proxy's header is named; and nobody else's."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from shuniu.directory import api
from shuniu.directory.signing_in.api.certificates import belongs
from shuniu.trust.certificates import api as certificates
from shuniu.trust.certificates.client import certificate_request
from shuniu.trust.certificates.declare import Held, Subject, Wanted
from shuniu.trust.declare import Actor
from shuniu.trust.models import Entry
from tests.cast import Cast, number
from tests.directory.signing_in.hands import PASSWORD, browser, enrol, shown
from tests.directory.signing_in.strong import strengthen
from tests.refusals import rule_of
from tests.trust.certificates import machine

pytestmark = pytest.mark.usefixtures("passwords")
STEP = "/sign-in/second/?next=/rights/"


def certified(cast: Cast, person: Actor) -> tuple[Held, str]:
    """A certificate that was issued to somebody, and what the proxy's header says of a connection made with its key."""
    private, signer = machine.fresh()
    subject = Subject("officer", person.person, person.name, person.agency)
    (held,) = certificates.issue(actor=cast.office, wanted=[Wanted(subject, certificate_request(signer))])
    return held, header(private)


def header(private: bytes) -> str:
    key = serialization.load_der_private_key(private, None)
    assert isinstance(key, Ed25519PrivateKey)
    name, now = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")]),
        datetime.now(tz=timezone.get_current_timezone()),
    )
    made = x509.CertificateBuilder(name, name, key.public_key(), 7, now, now + timedelta(days=1)).sign(key, None)
    return quote(made.public_bytes(serialization.Encoding.PEM))


def halfway(certificate: str) -> Client:
    client = Client(headers={"clientcertificate": certificate})
    client.post("/sign-in/", {"login": "wangmin", "password": PASSWORD})
    return client


def test_ones_own_certificate_is_a_second_factor(cast: Cast, settings: Settings) -> None:
    settings.CERTIFICATE_HEADER = "HTTP_CLIENTCERTIFICATE"
    enrol(number(cast.market_officer))
    _held, own = certified(cast, cast.market_officer)
    client = halfway(own)
    assert "用证书核对" in shown(client.get(STEP))
    assert client.post(STEP, {"means": "certificate", "next": "/rights/"})["Location"] == "/rights/"
    assert "王敏" in shown(client.get("/rights/"))


def test_it_is_enough_where_a_second_factor_is_demanded(cast: Cast, settings: Settings) -> None:
    settings.CERTIFICATE_HEADER, settings.SHUNIU_DEMO = "HTTP_CLIENTCERTIFICATE", False
    _held, own = certified(cast, cast.auditor)
    client = Client(headers={"clientcertificate": own})
    client.post("/sign-in/", {"login": "shenming", "password": PASSWORD})
    assert client.post(STEP, {"means": "certificate", "next": "/rights/"})["Location"] == "/rights/"


def test_anothers_a_revoked_an_unknown_one_and_an_unnamed_header_do_not_pass(cast: Cast, settings: Settings) -> None:
    settings.CERTIFICATE_HEADER = "HTTP_CLIENTCERTIFICATE"
    enrol(number(cast.market_officer))
    _other, anothers = certified(cast, cast.tax_officer)
    held, revoked = certified(cast, cast.market_officer)
    certificates.revoke_certificate(actor=cast.office, number=held.number, reason="key_compromise")
    _held, own = certified(cast, cast.market_officer)
    for given in (anothers, revoked, header(machine.fresh()[0]), "junk", ""):
        client = halfway(given)
        assert "用证书核对" not in shown(client.get(STEP))
        client.post(STEP, {"means": "certificate", "next": "/rights/"})
        assert client.get("/rights/").status_code == 302
    settings.CERTIFICATE_HEADER = ""
    assert "用证书核对" not in shown(halfway(own).get(STEP))


def test_the_verb_counts_what_does_not_pass(cast: Cast) -> None:
    sitting = strengthen(browser("wangmin"))
    for _ in range(5):
        attempt = api.confirm_certificate(actor=cast.market_officer, sitting=sitting, certificate="")
    assert "已锁定" in str(attempt.refusal)


def test_a_closed_account_takes_its_certificates_with_it(cast: Cast) -> None:
    held, own = certified(cast, cast.market_officer)
    other, _header = certified(cast, cast.market_second)
    assert belongs(cast.market_officer.person, own)
    api.close_account(actor=cast.market_admin, account=number(cast.market_officer), reason="调离")
    assert not belongs(cast.market_officer.person, own)
    now = timezone.now()
    revoked = certificates.certificate_of(held.key_id)
    assert rule_of(lambda: certificates.check_held(revoked, at=now)) == "trust.revoked"
    assert certificates.check_held(certificates.certificate_of(other.key_id), at=now).holder == other.holder
    (entry,) = Entry.objects.filter(verb="directory.close_account", outcome="done").order_by("-id")[:1]
    assert entry.detail["certificates"] == [held.number]
