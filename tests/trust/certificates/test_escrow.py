"""Keys in escrow leave the centre by two people, once; signing keys are never there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shuniu.trust import suites
from shuniu.trust.certificates import api, models, reading
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.cast import Cast
from tests.trust.certificates import machine

pytestmark = pytest.mark.django_db


def encryption(cast: Cast) -> models.Certificate:
    machine.join(cast.office, suite="guomi")
    return models.Certificate.objects.filter(purpose="encrypt").latest("id")


def rule(call: object, **arguments: object) -> str:
    with pytest.raises(Refused) as refusal:
        call(**arguments)  # type: ignore[operator]  # a verb
    assert refusal.value.remedy
    return refusal.value.rule


def test_one_asks_another_approves_and_who_asked_takes_it_once(cast: Cast) -> None:
    row = encryption(cast)
    release = api.ask_release(actor=cast.security, number=row.pk, reason="法院调取，（2026）湘01刑初1号")
    assert rule(api.take_release, actor=cast.security, release=release) == "trust.not_approved"
    assert rule(api.approve_release, actor=cast.security, release=release) == "trust.own_request"
    api.approve_release(actor=cast.office, release=release)
    assert rule(api.approve_release, actor=cast.office, release=release) == "trust.no_release"
    assert rule(api.take_release, actor=cast.office, release=release) == "trust.other_request"
    private = api.take_release(actor=cast.security, release=release)
    assert suites.suite("guomi").signer(private).public == bytes(row.public)
    assert rule(api.take_release, actor=cast.security, release=release) == "trust.no_release"
    steps = [step.what for step in api.read_certificate(actor=cast.office, number=row.pk).steps]
    assert steps == ["取出加密私钥", "批准取出加密私钥", "申请取出加密私钥", "签发"]
    verbs = Entry.objects.filter(object=f"certificate:{row.pk}", outcome="done").order_by("id")
    assert [one.verb for one in verbs][-4:-1] == ["trust.ask_release", "trust.approve_release", "trust.take_release"]
    assert private.hex() not in str([one.detail for one in verbs])


def test_an_approval_does_not_last_and_needs_a_reason(cast: Cast) -> None:
    row = encryption(cast)
    assert rule(api.ask_release, actor=cast.security, number=row.pk, reason="  ") == "trust.no_reason"
    release = api.ask_release(actor=cast.security, number=row.pk, reason="设备损坏恢复")
    api.approve_release(actor=cast.office, release=release)
    models.Release.objects.update(approved_at=timezone.now() - timedelta(days=2))
    assert rule(api.take_release, actor=cast.security, release=release) == "trust.release_expired"
    assert rule(api.take_release, actor=cast.security, release=0) == "trust.no_release"


def test_the_database_itself_refuses_ones_own_approval(cast: Cast) -> None:
    release = api.ask_release(actor=cast.security, number=encryption(cast).pk, reason="设备损坏恢复")
    rows = models.Release.objects.filter(pk=release)
    for change in (
        {"approved_by": cast.security.person, "approved_at": timezone.now()},
        {"taken_at": timezone.now()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


def test_a_signing_key_is_never_in_escrow_and_what_is_there_is_sealed(cast: Cast) -> None:
    one = machine.join(cast.office)
    assert rule(api.ask_release, actor=cast.security, number=one.held.number, reason="想要") == "trust.no_escrow"
    kept = models.Escrow.objects.get(certificate__holder="agency:43.market")
    assert one.private not in bytes(kept.sealed) and b"\x06\x03\x2b\x65\x6e" not in bytes(kept.sealed)
    assert reading.certificate(bytes(kept.certificate.der)).purpose == "encrypt"


def test_a_key_that_was_moved_to_another_certificate_does_not_open(cast: Cast) -> None:
    first, second = encryption(cast), encryption(cast)
    models.Escrow.objects.filter(pk=first.pk).update(sealed=models.Escrow.objects.get(pk=second.pk).sealed)
    release = api.ask_release(actor=cast.security, number=first.pk, reason="设备损坏恢复")
    api.approve_release(actor=cast.office, release=release)
    with pytest.raises(ValueError, match="密文"):
        api.take_release(actor=cast.security, release=release)
