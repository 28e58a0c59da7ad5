"""A department joins by a code, once, with a key that it proves to have; later it renews by that key."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.utils import timezone

from shuniu.directory import api as directory
from shuniu.trust import suites
from shuniu.trust.certificates import api, escrow, models, reading, store
from shuniu.trust.certificates.client import certificate_request, renewal_bytes
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.cast import Cast
from tests.trust.certificates import machine
from tests.trust.certificates.machine import SUITES

pytestmark = pytest.mark.django_db
EACH = pytest.mark.parametrize("suite", SUITES)


def joining(code: str, request: bytes, agency: str = "") -> str:
    """The rule by which joining is refused, journalled too."""
    with pytest.raises(Refused) as refusal:
        api.join(actor=directory.system("joining"), code=code, request=request, agency=agency)
    entry = Entry.objects.latest("id")
    assert (entry.verb, entry.outcome, entry.detail["rule"]) == ("trust.join", "refused", refusal.value.rule)
    assert refusal.value.remedy and (not code or code not in str(refusal.value))
    return refusal.value.rule


@EACH
def test_a_machine_joins_with_one_code_and_its_own_key(cast: Cast, suite: str) -> None:
    joined = machine.join(cast.office, suite=suite)
    held = joined.held
    assert (held.agency, held.suite, held.purpose, held.holder) == ("43.market", suite, "sign", "agency:43.market")
    assert held.public == joined.signer.public and held.standing(timezone.now()) == "valid"
    read = reading.certificate(joined.joined.certificate)
    assert read.public == joined.signer.public and "测试/演示" in read.subject and read.serial.bit_length() >= 64
    encryption = reading.certificate(joined.joined.encryption)
    assert encryption.public != read.public and encryption.purpose == "encrypt" and read.purpose == "sign"
    assert not read.usage & encryption.usage
    invited = api.list_invitations(actor=cast.office)[0]
    assert invited.certificate == held.number and invited.used_at is not None
    entry = Entry.objects.filter(verb="trust.join").latest("id")
    assert entry.object == f"certificate:{held.number}" and entry.detail["agency"] == "43.market"


@EACH
def test_the_encryption_key_comes_sealed_for_the_machine_that_asked(cast: Cast, suite: str) -> None:
    envelope = X25519PrivateKey.generate()
    answer = machine.join(cast.office, suite=suite, envelope=envelope.public_key().public_bytes_raw()).joined
    used = suites.suite(suite)
    private = escrow.unwrap(used, answer.sealed, envelope, answer.encryption)
    if suite == "guomi":
        assert used.signer(private).public == reading.certificate(answer.encryption).public
    for stranger, bound in ((X25519PrivateKey.generate(), answer.encryption), (envelope, answer.certificate)):
        with pytest.raises(ValueError, match="密文"):
            escrow.unwrap(used, answer.sealed, stranger, bound)
    with pytest.raises(Refused) as refusal:
        machine.join(cast.office, suite=suite, envelope=b"short")
    assert refusal.value.rule == "trust.envelope"


def test_a_code_serves_once_in_its_time_for_its_agency_and_is_not_kept(cast: Cast) -> None:
    request = certificate_request(machine.fresh()[1])
    used = machine.code(cast.office)
    api.join(actor=directory.system("joining"), code=used.lower().replace("-", " "), request=request)
    again = certificate_request(machine.fresh()[1])
    assert joining(used, again) == "trust.code_used"
    assert joining("AAAA-BBBB-CCCC-DDDD", again) == joining("", again) == "trust.code_unknown"
    assert joining(machine.code(cast.office), again, agency="43.tax") == "trust.code_agency"
    late = machine.code(cast.office)
    models.Invitation.objects.filter(used_at=None).update(expires=timezone.now())
    assert joining(late, again) == "trust.code_expired"
    made = api.invite(actor=cast.office, agency="43.tax", agency_name="省税务局", suite="international")
    api.withdraw_invitation(actor=cast.office, number=made.number)
    assert joining(made.code, again) == "trust.code_unknown"
    assert made.code not in repr(made) and made.code not in str(Entry.objects.latest("id").detail)
    with pytest.raises(Refused) as refusal:
        api.withdraw_invitation(actor=cast.office, number=made.number)
    assert refusal.value.rule == "trust.no_invitation"


def test_a_request_that_proves_no_possession_is_refused_and_the_code_stays_good(cast: Cast) -> None:
    code = machine.code(cast.office)
    mine, other = machine.fresh()[1], machine.fresh()[1]
    good = certificate_request(mine)
    stolen = good.replace(mine.public, other.public)
    assert stolen != good and joining(code, stolen) == "trust.proof"
    assert joining(code, good[:-1] + bytes([good[-1] ^ 1])) == "trust.proof"
    for junk in (
        b"",
        b"junk",
        good[:-2],
        b"\x30" * 40_000,
        b"-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
    ):
        assert joining(code, junk) == "trust.unreadable"
    assert joining(code, certificate_request(machine.fresh("guomi")[1])) == "trust.suite"
    api.join(actor=directory.system("joining"), code=code, request=good)
    assert joining(machine.code(cast.office), good) == "trust.key_known"


@EACH
def test_an_old_key_renews_once_and_both_are_good_for_a_while(cast: Cast, suite: str) -> None:
    old = machine.join(cast.office, suite=suite)
    with pytest.raises(Refused) as refusal:
        machine.renew(old, suite)
    assert refusal.value.rule == "trust.early"
    near_its_end(old)
    new = machine.renew(old, suite)
    assert new.held.standing(timezone.now()) == old.held.standing(timezone.now()) == "valid"
    assert (new.held.agency, new.held.holder) == ("43.market", "agency:43.market")
    assert new.joined.encryption != old.joined.encryption
    with pytest.raises(Refused) as refusal:
        machine.renew(old, suite)
    assert refusal.value.rule == "trust.renewed"
    shown = api.read_certificate(actor=cast.office, number=old.held.number)
    assert [step.what for step in shown.steps] == ["换发", "签发"]


def near_its_end(one: machine.Machine) -> None:
    models.Certificate.objects.filter(pk=one.held.number).update(not_after=timezone.now() + timedelta(days=20))
    store.touch()


def test_only_the_holder_of_a_good_key_renews(cast: Cast) -> None:
    old, thief = machine.join(cast.office), machine.join(cast.office, "43.tax")
    near_its_end(old)
    request = certificate_request(machine.fresh()[1])

    def rule(key: str, signature: bytes) -> str:
        with pytest.raises(Refused) as refusal:
            api.renew(actor=directory.system("joining"), key=key, request=request, signature=signature)
        assert Entry.objects.latest("id").detail["rule"] == refusal.value.rule
        return refusal.value.rule

    good = old.signer.sign(renewal_bytes(request))
    assert rule(old.signer.key_id, thief.signer.sign(renewal_bytes(request))) == "trust.proof"
    assert rule(old.signer.key_id, old.signer.sign(request)) == "trust.proof"
    assert rule("ed25519:00", good) == "trust.unknown_key"
    api.revoke_certificate(actor=cast.office, number=old.held.number, reason="key_compromise")
    assert rule(old.signer.key_id, good) == "trust.revoked"
