"""A live interface stands on its provider's certificate: each bad one is refused when declared, and at the next call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import pem
from django.utils import timezone

from shuniu.directory import api as directory
from shuniu.exchange import tasks
from shuniu.exchange.gateway import interfaces
from shuniu.notices.models import Notice
from shuniu.trust import suites
from shuniu.trust.certificates import api as certificates
from shuniu.trust.certificates import store
from shuniu.trust.certificates.client import certificate_request
from shuniu.trust.certificates.declare import Subject, Wanted
from shuniu.trust.certificates.models import Certificate
from shuniu.trust.declare import Refused
from tests.exchange.conftest import FIRMS
from tests.exchange.gateway.road import ISSUER, KEY, Machine, certificate_of, machine
from tests.exchange.gateway.test_gateway_live import Provider, provider
from tests.exchange.people import MARKET, OFFICE, TAX
from tests.refusals import refused
from tests.trust.certificates import openssl

__all__ = ["provider"]
pytestmark = pytest.mark.django_db(transaction=True)
URL = "http://127.0.0.1:9/firms"


def market() -> Machine:
    return machine(agency="43.market", name="省市场监管局")


def changed(**values: object) -> bytes:
    """The market bureau's certificate, with something other kept of it."""
    number = market().held.number
    Certificate.objects.filter(pk=number).update(**values)
    store.touch()
    return certificate_of(number)


def revoked() -> bytes:
    number = market().held.number
    certificates.revoke_certificate(actor=ISSUER, number=number, reason="key_compromise")
    return certificate_of(number)


def expired() -> bytes:
    return changed(not_before=timezone.now() - timedelta(days=9), not_after=timezone.now() - timedelta(minutes=1))


def personal() -> bytes:
    used = suites.suite("international")
    subject = Subject("officer", MARKET.person, MARKET.name, "43.market", "省市场监管局")
    wanted = Wanted(subject, certificate_request(used.signer(used.generate())))
    return certificate_of(certificates.issue(actor=ISSUER, wanted=[wanted])[0].number)


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "revoked": (revoked, "trust.revoked"),
    "expired": (expired, "trust.expired"),
    "not yet": (lambda: changed(not_before=timezone.now() + timedelta(days=1)), "trust.not_yet"),
    "for encryption": (lambda: changed(purpose="encrypt"), "trust.purpose"),
    "another agency's": (lambda: certificate_of(machine().held.number), "trust.wrong_agency"),
    "an officer's": (personal, "live.certificate"),
    "a bare key": (lambda: pem.armor("PUBLIC KEY", market().held.public), "trust.unreadable"),
    "nonsense": (lambda: b"no certificate", "trust.unreadable"),
}


@pytest.mark.parametrize("how", BAD)
def test_a_bad_certificate_is_not_declared(tax: Machine, how: str) -> None:
    make, rule = BAD[how]
    certificate = make()
    with refused(rule):
        interfaces.declare_live(actor=OFFICE, resource=KEY, url=URL, certificate=certificate)
    assert interfaces.list_live(actor=OFFICE) == ()


def test_a_self_signed_certificate_is_not_declared_even_of_a_key_that_is_known(tax: Machine, tmp_path: Path) -> None:
    joined = market()
    (tmp_path / "key.pem").write_bytes(pem.armor("PRIVATE KEY", joined.private))
    openssl.run(tmp_path, "req", "-x509", "-key", "key.pem", "-subj", "/CN=43.market", "-days", "30", "-out", "own.pem")
    with refused("live.certificate"):
        own = (tmp_path / "own.pem").read_bytes()
        interfaces.declare_live(actor=OFFICE, resource=KEY, url=URL, certificate=own)
    interfaces.declare_live(actor=OFFICE, resource=KEY, url=URL, certificate=certificate_of(joined.held.number))


def number_of(provider: Provider) -> int:
    return Certificate.objects.get(der=provider.certificate).pk


@pytest.mark.parametrize("how", ["revoked", "expired", "for encryption", "another agency's"])
def test_a_certificate_that_went_bad_ends_the_asking_and_its_provider_is_told(
    tax: Machine, provider: Provider, how: str
) -> None:
    assert tax.ask(FIRMS[0]).rows
    now, number = timezone.now(), number_of(provider)
    if how == "revoked":
        certificates.revoke_certificate(actor=ISSUER, number=number, reason="key_compromise")
    else:
        values: dict[str, dict[str, object]] = {
            "expired": {"not_before": now - timedelta(days=9), "not_after": now - timedelta(seconds=1)},
            "for encryption": {"purpose": "encrypt"}, "another agency's": {"agency": "43.tax"},
        }  # fmt: skip
        Certificate.objects.filter(pk=number).update(**values[how])
        store.touch()
    said = tax.send(tax.sign(FIRMS[0]))
    assert (said.status_code, said.json()["rule"]) == (502, "gateway.uncertified")
    assert len(provider.asked) == 1, "nobody is told any more whom a question is about"
    for reader in (OFFICE, MARKET):
        (view,) = interfaces.list_live(actor=reader)
        assert view.fault and view.certificate == number
    for _ in range(2):
        tasks.tidy_calls(timestamp=0)
    told = Notice.objects.filter(template="exchange.live_uncertified")
    assert sorted((one.agency, one.capability) for one in told) == [("", "exchange.declare_live"), ("43.market", "")]


def test_a_renewed_certificate_is_taken_up_by_itself_and_the_old_one_may_end(tax: Machine, provider: Provider) -> None:
    old, new = number_of(provider), market()
    provider.private = new.private
    assert tax.refused(tax.sign(FIRMS[0])) == (502, "gateway.lies"), "another certificate of the same agency is not it"
    Certificate.objects.filter(pk=new.held.number).update(replaces=old)
    assert tax.ask(FIRMS[0]).rows
    certificates.revoke_certificate(actor=ISSUER, number=old, reason="superseded")
    assert tax.ask(FIRMS[0]).rows
    (view,) = interfaces.list_live(actor=OFFICE)
    assert (view.certificate, view.fault) == (new.held.number, "")


def test_others_see_no_interface_of_another_agency_and_only_the_office_declares(
    tax: Machine, provider: Provider
) -> None:
    assert interfaces.list_live(actor=TAX) == ()
    (view,) = interfaces.list_live(actor=MARKET)
    assert (view.declared.resource, view.owner, view.declared.by) == (KEY, "43.market", OFFICE.person)
    with pytest.raises(Refused, match="权限"):
        interfaces.declare_live(actor=MARKET, resource=KEY, url=URL, certificate=provider.certificate)
    with pytest.raises(Refused, match="权限"):
        interfaces.list_live(actor=directory.anonymous())


def test_a_list_tells_how_calls_went_and_that_asking_pauses(tax: Machine, provider: Provider) -> None:
    assert tax.ask(FIRMS[0]).rows
    (view,) = interfaces.list_live(actor=OFFICE)
    assert (view.declared.calls, view.declared.failed, view.declared.last_failed, view.paused) == (1, 0, None, 0)
    provider.how = "error"
    for _ in range(5):
        tax.refused(tax.sign(FIRMS[0]))
    (view,) = interfaces.list_live(actor=OFFICE)
    assert view.declared.failed == 5 and view.declared.last_failed is not None and 0 < view.paused <= 31
