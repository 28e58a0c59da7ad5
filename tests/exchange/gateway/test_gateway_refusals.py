"""What bad questions get: each a clear refusal, journalled, that says nothing of what is stored."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest

from shuniu.catalogue import api as catalogue
from shuniu.client.asking import Signed
from shuniu.directory.api import machines
from shuniu.exchange.gateway import api, authentic
from shuniu.exchange.grants.models import Agreement, AgreementVersion
from shuniu.exchange.models import Objection
from shuniu.registries import api as registries
from shuniu.registries.api.versions import keys_of
from shuniu.trust import suites
from shuniu.trust.certificates import api as certificates
from shuniu.trust.messages import digest_header, sign_request
from shuniu.trust.models import Entry
from tests.exchange.conftest import FIRMS
from tests.exchange.gateway.road import ISSUER, KEY, Machine, machine
from tests.refusals import refused

pytestmark = pytest.mark.django_db(transaction=True)


def last() -> Entry:
    return Entry.objects.latest("id")


def resigned(tax: Machine, signed: Signed, body: bytes | None = None, **headers: str) -> Signed:
    """The same question with other headers or another body, signed anew by the right key."""
    used = suites.suite(tax.held.suite)
    sent = {name: value for name, value in signed.message.headers.items() if not name.startswith("signature")}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        sent["content-digest"] = digest_header(used, used.digest(body))
    message = replace(signed.message, headers=sent)
    signature = sign_request(message, used.signer(tax.private), created=int(time.time()), nonce="00000000000000aa")
    return Signed(replace(message, headers={**sent, **signature}), signed.body if body is None else body)


def test_an_altered_body_header_or_path_is_refused_and_journalled(tax: Machine) -> None:
    signed = tax.sign(FIRMS[0])
    other = signed.body.replace(FIRMS[0].encode(), FIRMS[1].encode())
    assert tax.refused(signed, body=other) == (400, "message.digest")
    assert (last().verb, last().outcome, last().detail) == ("exchange.query", "refused", {"rule": "message.digest"})
    assert tax.refused(signed, shuniu_purpose="credit") == (401, "message.signature")
    assert tax.refused(replace(signed, message=replace(signed.message, query="a=1"))) == (401, "message.signature")
    moved = replace(signed.message, path=signed.message.path.replace("market", "police"))
    assert tax.refused(replace(signed, message=moved)) == (401, "message.signature")
    stripped = {name: value for name, value in signed.message.headers.items() if not name.startswith("signature")}
    assert tax.refused(replace(signed, message=replace(signed.message, headers=stripped))) == (401, "message.unsigned")
    assert tax.send(signed).status_code == 200, "and unaltered it is answered"


def test_a_replay_is_refused_and_so_is_a_clock_that_goes_wrong(tax: Machine) -> None:
    signed = tax.sign(FIRMS[0])
    assert tax.send(signed).status_code == 200
    assert tax.refused(signed) == (409, "gateway.replay")
    for shift in (-400, 400):
        tax.ahead = shift
        late = tax.send(tax.sign(FIRMS[0]))
        assert late.status_code == 401 and late.json()["rule"] == "gateway.moment"
        assert abs(late.json()["time"] - time.time()) < 5, "the platform's clock is said"


def test_two_that_send_the_same_signature_at_once_get_one_answer(tax: Machine) -> None:
    asked = authentic.authenticate(tax.sign(FIRMS[0]).message, tax.sign(FIRMS[0]).body)
    first, second = api.gather(asked), api.gather(asked)
    actor = machines.machine(tax.held.holder, tax.held.name, tax.held.agency)
    assert api.query(actor=actor, asked=asked, gathered=first).rows == 1
    with refused("gateway.replay"):
        api.query(actor=actor, asked=asked, gathered=second)


def test_no_other_key_suite_or_algorithm_is_followed(tax: Machine) -> None:
    stranger = machine("guomi", agency="43.market", name="省市场监督管理局")
    signed = tax.sign(FIRMS[0])
    forged = dict(signed.message.headers)
    forged["signature-input"] = forged["signature-input"].replace(tax.held.key_id, stranger.held.key_id)
    assert tax.refused(replace(signed, message=replace(signed.message, headers=forged))) == (401, "message.signature")
    named = dict(signed.message.headers)
    named["signature-input"] += ';alg="hmac-sha256"'
    assert tax.refused(replace(signed, message=replace(signed.message, headers=named))) == (401, "message.algorithm")
    sm3 = suites.suite("guomi")
    mixed = resigned(tax, signed, content_digest=digest_header(sm3, sm3.digest(signed.body)))
    assert tax.refused(mixed) == (400, "message.digest")
    unknown = dict(signed.message.headers)
    unknown["signature-input"] = unknown["signature-input"].replace(tax.held.key_id, "ed25519:" + "0" * 32)
    assert tax.refused(replace(signed, message=replace(signed.message, headers=unknown))) == (401, "trust.unknown_key")


def test_a_revoked_certificate_is_refused_at_once_and_another_agency_has_no_agreement(tax: Machine) -> None:
    other = machine(agency="43.police", name="省公安厅")
    assert other.refused(other.sign(FIRMS[0])) == (403, "grant.never")
    assert tax.send(tax.sign(FIRMS[0])).status_code == 200
    certificates.revoke_certificate(actor=ISSUER, number=tax.held.number, reason="key_compromise")
    assert tax.refused(tax.sign(FIRMS[0])) == (401, "trust.revoked")


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b" ", "gateway.json"),
        (b"[" * 30_000, "gateway.json"),
        (b'{"identifiers":[],"identifiers":[]}', "gateway.json"),
        (b'{"identifiers":[{"kind":"uscc","kind":"x","value":"1"}]}', "gateway.json"),
        (b'{"identifiers":[],"rows":1}', "gateway.json"),
        (b'{"identifiers":[]}', "gateway.batch"),
        (b'{"identifiers":[{"kind":"uscc","value":"1 or 1=1"}]}', "gateway.identifier"),
        (b'{"identifiers":[{"kind":"name\' --","value":"1"}]}', "gateway.identifier"),
        (b'{"identifiers":[{"kind":"uscc","value":NaN}]}', "gateway.json"),
        (b'{"identifiers":["%s"],"items":["name; drop table x"]}', "gateway.json"),
        (b"\xff\xfe", "gateway.json"),
    ],
)  # fmt: skip
def test_a_body_of_another_shape_is_refused(tax: Machine, body: bytes, rule: str) -> None:
    assert tax.refused(resigned(tax, tax.sign(FIRMS[0]), body)) == (400, rule)


def test_a_huge_body_is_refused_unread_and_other_types_and_forms_are(tax: Machine) -> None:
    signed = tax.sign(FIRMS[0])
    assert tax.refused(signed, body=b" " * 70_000) == (413, "gateway.size")
    assert tax.refused(resigned(tax, signed, content_type="text/plain")) == (415, "gateway.type")
    assert tax.refused(tax.sign(FIRMS[0], resource="43.market/nothing-here")) == (404, "catalogue.unknown")
    assert tax.refused(tax.sign(FIRMS[0], resource="..")) == (404, "gateway.unknown")
    spaced = resigned(tax, signed, shuniu_purpose="licensing' or '1'='1")
    assert tax.refused(spaced) == (403, "gateway.purpose")
    loose = dict(resigned(tax, signed).message.headers)
    used = suites.suite("international")
    bare = {name: value for name, value in loose.items() if not name.startswith("signature")}
    again = sign_request(
        replace(signed.message, headers=bare), used.signer(tax.private), created=int(time.time()), nonce="not-our-form"
    )
    sent = Signed(replace(signed.message, headers={**bare, **again}), signed.body)
    assert tax.refused(sent) == (400, "gateway.canonical")


def test_other_items_regions_and_subjects_are_not_seen_and_look_as_if_there_were_none(tax: Machine) -> None:
    assert tax.refused(tax.sign(FIRMS[0], items=["capital"])) == (403, "grant.item")
    assert tax.refused(tax.sign(FIRMS[0], items=["nothing"])) == (403, "grant.item"), "like one that is not there"
    AgreementVersion.objects.update(regions=["4301"])
    here, away, nobody = tax.ask(FIRMS[0]), tax.ask(FIRMS[1]), tax.ask(FIRMS[2])
    assert len(here.rows) == 1 and here.items == ("uscc", "name", "state")
    assert away.rows == nobody.rows == () and (away.items, away.fields) == (nobody.items, nobody.fields) == (
        here.items,
        0,
    )


def test_an_agreement_that_ends_between_question_and_answer_gives_nothing(tax: Machine) -> None:
    signed = tax.sign(FIRMS[0])
    asked = authentic.authenticate(signed.message, signed.body)
    gathered = api.gather(asked)
    Agreement.objects.update(state="revoked")
    actor = machines.machine(tax.held.holder, tax.held.name, tax.held.agency)
    with refused("grant.ended"):
        api.query(actor=actor, asked=asked, gathered=gathered)
    assert not Entry.objects.filter(pk=gathered.number).exists()
    assert tax.refused(tax.sign(FIRMS[0])) == (403, "grant.revoked")
    Agreement.objects.update(state="suspended")
    assert tax.refused(tax.sign(FIRMS[0])) == (403, "grant.suspended")


def test_rate_and_quota_are_kept_and_say_when_to_come_back(tax: Machine) -> None:
    AgreementVersion.objects.update(rate=2)
    while int(time.time()) % 60 > 50:
        time.sleep(1)  # the minute must not end meanwhile
    assert [tax.send(tax.sign(FIRMS[0])).status_code for _ in range(3)] == [200, 200, 429]
    said = tax.send(tax.sign(FIRMS[0]))
    assert said.json()["rule"] == "gateway.rate" and 1 <= int(said.headers["Retry-After"]) <= 60
    AgreementVersion.objects.update(rate=1000, quota_calls=2)
    said = tax.send(tax.sign(FIRMS[0]))
    assert said.status_code == 429 and said.json()["rule"] == "grant.quota" and int(said.headers["Retry-After"]) > 0


def test_a_refusal_says_nothing_of_the_question(tax: Machine) -> None:
    for signed in (tax.sign(FIRMS[0], items=["capital"]), tax.sign(FIRMS[0], purpose="credit")):
        came = tax.send(signed)
        assert FIRMS[0] not in came.content.decode() and came.headers["Content-Type"] == "application/problem+json"
        assert FIRMS[0] not in json.dumps(last().detail) and last().outcome == "refused"


def test_a_question_of_many_subjects_says_whose_each_row_is(tax: Machine) -> None:
    answer = tax.ask(FIRMS[1], FIRMS[3], FIRMS[0])
    assert [row["uscc"] for row in answer.rows] == [FIRMS[1], FIRMS[0]] and answer.of == (1, 3)
    assert tax.refused(tax.sign(*([FIRMS[0]] * 101))) == (400, "gateway.batch")


def test_the_same_question_under_one_key_is_one_reading(tax: Machine) -> None:
    done = Entry.objects.filter(verb="exchange.query", outcome="done", object=f"resource:{KEY}")
    before = done.count()
    first = tax.ask(FIRMS[0], token="token-0001")
    again = tax.ask(FIRMS[0], token="token-0001")
    assert again.number == first.number and again.rows == first.rows and again.root == first.root
    assert done.count() == before + 1
    assert tax.refused(tax.sign(FIRMS[1], token="token-0001")) == (409, "gateway.once")
    assert api.proof_of(first.number).request == first.request["base"]
    Objection.objects.create(
        resource=KEY,
        agency="43.market",
        row=1,
        key=key_of(0),
        digest=key_of(0),
        claim="有误",
        person="officer:1",
        person_name="甲",
    )
    assert tax.refused(tax.sign(FIRMS[0], token="token-0001")) == (409, "gateway.changed")
    fresh = tax.ask(FIRMS[0], token="token-0002")
    assert fresh.number != first.number and fresh.disputed == (0,)


def key_of(place: int) -> str:
    """The key of a row of the register."""
    published = catalogue.published(KEY)
    return str(keys_of(published, [registries.rows(published)[place].row]).popitem()[1])
