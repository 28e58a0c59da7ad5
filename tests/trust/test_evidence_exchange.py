"""What an evidence file says of a question and its answer: certificates as of the act, revocation, binding, shown fields."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from asn1crypto import ocsp as asn1

from shuniu.trust.certificates import der, ocsp, reading
from shuniu.trust.certificates.declare import Subject
from shuniu.trust.certificates.der import key_identifier
from shuniu.trust.declare import Refused
from shuniu.trust.evidence import exchanged, revocation, verify
from shuniu.trust.evidence.file import Evidence, Message
from shuniu.trust.evidence.showing import answer, show
from shuniu.trust.suites import suite
from tests.trust import evidence_files as files
from tests.trust.evidence_files import NOW, ROWS, SEED, World, made, revocations, world

EACH = pytest.mark.parametrize("key", ["international", "guomi"])


def rules(evidence: Evidence, one: World, trusted: verify.Trusted | None = None) -> set[str]:
    """What is wrong, but for the seal, with a file whose parts were changed."""
    report = verify.verify(files.sealed(evidence, one.journal_key), trusted or one.trusted)
    return {check.rule for check in report.faults}


def with_request(evidence: Evidence, **changes: object) -> Evidence:
    assert evidence.exchange is not None
    request = evidence.exchange.request.model_copy(update=changes)
    return evidence.model_copy(update={"exchange": evidence.exchange.model_copy(update={"request": request})})


@EACH
def test_an_exchange_is_proven_by_either_suite(key: str) -> None:
    one = world(key)
    report = verify.verify(made(one), one.trusted)
    assert report.holds
    titles = [check.title for check in report.checks if check.state == "holds"]
    assert {"请求的签名", "答复的签名", "答复对请求", "留痕对第 112 号答复", "展示的信息项（第 1 行“amount”）"} <= {
        *titles
    }


@EACH
def test_a_certificate_that_was_revoked_before_the_act_proves_nothing_and_after_it_does(key: str) -> None:
    one = world(key)
    assert rules(made(one, revocations(one, 3, at=NOW - timedelta(hours=1))), one) == {"evidence.revoked"}
    assert rules(made(one, revocations(one, 3, at=NOW + timedelta(minutes=1))), one) == set()
    assert rules(made(one, revocations(one, 99, at=NOW - timedelta(hours=1))), one) == set()


def test_a_list_that_somebody_else_signed_is_named_and_a_missing_one_is_said() -> None:
    one, other = world(), replace(world(), issuer=replace(world().issuer, signer=world().asking))
    assert rules(made(one, revocations(other)), one) == {"trust.altered"}
    report = verify.verify(files.sealed(with_request(made(one), revocations=()), one.journal_key), one.trusted)
    assert report.holds and any(
        check.rule == "evidence.revocation" for check in report.checks if check.state == "absent"
    )


@EACH
def test_a_status_answer_stands_for_a_list(key: str) -> None:
    one = world(key)
    leaf, issuer = reading.certificate(one.asking_certificate), reading.certificate(one.issuer.certificate)
    signer = suite(key).signer(suite(key).generate())
    responder = ocsp.Responder(one.issuer, der.responder(signer.public, issuer=one.issuer, serial=9, days=5), signer)

    def said(status: ocsp.Status) -> bytes:
        return ocsp.answer(_question(one, 3), {3: status}, responder, at=NOW, until=NOW + timedelta(hours=1))

    assert revocation.standing(leaf, issuer, [said(ocsp.Status())], NOW) == "good"
    assert revocation.standing(leaf, issuer, [said(ocsp.Status())], NOW + timedelta(hours=2)) == "unknown"
    with pytest.raises(Refused, match="已被吊销"):
        revocation.standing(leaf, issuer, [said(ocsp.Status(NOW - timedelta(hours=1)))], NOW)
    assert revocation.standing(leaf, issuer, [said(ocsp.Status(NOW + timedelta(hours=1)))], NOW) == "good"
    changed = bytearray(said(ocsp.Status()))
    changed[changed.index(key_identifier(signer.public)) + 40] ^= 1
    with pytest.raises((Refused, ValueError)):
        revocation.standing(leaf, issuer, [bytes(changed)], NOW)


def _question(one: World, serial: int) -> bytes:
    issuer = reading.certificate(one.issuer.certificate)
    identifier = {
        "hash_algorithm": {"algorithm": "sha1"}, "issuer_name_hash": ocsp._HASHES["sha1"](issuer.own_name),
        "issuer_key_hash": key_identifier(issuer.public), "serial_number": serial,
    }  # fmt: skip
    return bytes(asn1.OCSPRequest({"tbs_request": {"request_list": [{"req_cert": identifier}]}}).dump())


def test_certificates_lead_to_a_root_that_the_verifier_brought_at_the_time_of_the_act() -> None:
    one, elsewhere = world(), suite("international").signer(suite("international").generate())
    same_name = der.authority("根", elsewhere.public, issuer=None, signer=elsewhere, serial=1, days=9, path=1, now=NOW)
    whole = made(one)
    roots = (reading.certificate(same_name), one.trusted.roots[1])
    assert rules(whole, one, replace(one.trusted, roots=roots)) == {"trust.altered"}
    assert rules(whole, one, replace(one.trusted, roots=one.trusted.roots[1:])) == {"trust.unknown_issuer"}
    assert rules(whole, one, replace(one.trusted, roots=())) == {"evidence.untrusted"}
    assert rules(with_request(whole, chain=()), one) == {"trust.unknown_issuer"}
    assert rules(with_request(whole, certificate=one.issuer.certificate.hex()), one) >= {"trust.purpose"}
    late = der.certificate(
        Subject("agency", "agency:43.tax", "省税务局"), "sign", one.asking.public, issuer=one.issuer, serial=5,
        days=1, now=NOW + timedelta(hours=1),
    )  # fmt: skip
    assert rules(with_request(whole, certificate=late.hex()), one) == {"trust.not_yet"}


def test_a_chain_is_no_longer_than_its_authorities_allow() -> None:
    one = world()
    below = suite("international").signer(suite("international").generate())
    lower = der.authority("再下", below.public, issuer=one.issuer, signer=below, serial=7, days=9, path=None, now=NOW)
    leaf = files._certificate(der.Issuer(lower, below), one.asking, "agency:43.tax", 8)
    chain = (lower.hex(), one.issuer.certificate.hex())
    assert rules(with_request(made(one), certificate=leaf.hex(), chain=chain), one) == {"trust.purpose"}


def test_an_answer_to_another_request_is_found() -> None:
    one = world()
    mine, other = made(one), made(replace(one, asking=one.asking))
    assert mine.exchange is not None and other.exchange is not None
    base = mine.exchange.request.base.replace("licence/case:7", "licence/case:8")
    changed = with_request(mine, base=base, signature=one.asking.sign(base.encode()).hex())
    assert rules(changed, one) == {"evidence.bound", "evidence.journalled"}


def test_a_base_that_does_not_say_what_its_description_names_is_refused() -> None:
    request = made().exchange.request  # type: ignore[union-attr]  # a whole exchange is in it
    for base in (
        request.base.replace('"@method": POST\n', ""),
        request.base.replace('"@path"', '"@query"'),
        request.base + "\n",
        request.base.replace('"@signature-params": ', '"signature-params": '),
        "",
    ):
        with pytest.raises(Refused):
            exchanged.parsed(Message(**{**request.model_dump(), "base": base}), ())


def test_only_fields_of_that_answer_can_be_shown_and_the_others_stay_hidden() -> None:
    one, whole = world(), made()
    text = json.dumps({"rows": ROWS, "seed": SEED.hex(), "number": 112})
    shown = show(whole, *answer(text.encode()), [(1, "name"), (1, "amount")])
    assert verify.verify(shown, one.trusted).holds and len(shown.shown) == 5, "and whose rows they are"
    assert (
        shown.shown[2].value == ROWS[1]["@of"]
        and "株洲" in shown.model_dump_json()
        and "长沙某" not in shown.model_dump_json()
    )
    with pytest.raises(Refused, match="没有信息项") as refused:
        show(whole, ROWS, SEED, [(2, "name")])
    assert all(item in str(refused.value) for item in ("name", "amount")) and "株洲" not in str(refused.value), (
        "names alone"
    )
    with pytest.raises(Refused, match="不是证据文件所说的答复"):
        show(whole, [{**ROWS[0], "amount": "501"}, ROWS[1]], SEED, [(0, "name")])
    with pytest.raises(Refused, match="不是一份答复"):
        answer(b'{"rows": 1}')
