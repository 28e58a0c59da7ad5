"""Who issues and revokes, what is brought from a licensed authority, what a key may be used for: the hot path."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from shuniu.trust.certificates import api, authority, models, reading, rules, store
from shuniu.trust.certificates.client import certificate_request
from shuniu.trust.certificates.declare import Held, Query, Subject, Wanted
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cast import Cast
from tests.trust.certificates import licensed as authorities
from tests.trust.certificates import machine
from tests.trust.certificates.licensed import MARKET, Licensed

pytestmark = pytest.mark.django_db


def rule(act: Callable[..., object], *arguments: object, **named: object) -> str:
    """The rule by which an act is refused."""
    with pytest.raises(Refused) as refusal:
        act(*arguments, **named)
    assert refusal.value.remedy
    return refusal.value.rule


def wanted(kind: str, name: str, suite: str = "international") -> Wanted:
    subject = Subject(kind, f"{kind}:7", name, "43.market" if kind == "officer" else "")  # type: ignore[arg-type]  # as typed by a test
    return Wanted(subject, certificate_request(machine.fresh(suite)[1]))


def test_officers_and_citizens_get_certificates_for_their_own_keys(cast: Cast) -> None:
    found = api.issue(actor=cast.security, wanted=[wanted("officer", "王敏"), wanted("citizen", "田野", "guomi")])
    assert [(one.kind, one.suite, one.agency) for one in found] == [
        ("officer", "international", "43.market"), ("citizen", "guomi", ""),
    ]  # fmt: skip
    first, second = (one.number for one in found)
    said = Entry.objects.latest("id").detail
    assert (said["issued"], said["numbers"]) == (2, f"{first}-{second}")
    both = api.issue(actor=cast.office, wanted=[wanted("officer", "李华")], encryption=True)
    assert models.Certificate.objects.filter(holder="officer:7", purpose="encrypt").count() == 1
    assert Entry.objects.latest("id").object == f"certificate:{both[0].number}"


def test_one_bad_request_among_many_issues_none(cast: Cast) -> None:
    before = models.Certificate.objects.count()
    bad = Wanted(wanted("citizen", "田野").subject, b"junk")
    assert rule(api.issue, actor=cast.office, wanted=[wanted("citizen", "田野"), bad]) == "trust.unreadable"
    assert models.Certificate.objects.count() == before


@pytest.mark.parametrize("who", ["market_admin", "market_officer", "auditor", "citizen", "stranger"])
def test_nobody_else_issues_revokes_or_invites(cast: Cast, who: str) -> None:
    actor: Actor = getattr(cast, who)
    one = machine.join(cast.office)
    assert rule(api.issue, actor=actor, wanted=[wanted("officer", "王敏")]) == "right.missing"
    assert rule(machine.code, actor) == "right.missing"
    revoke = {"number": one.held.number, "reason": "superseded"}
    assert rule(api.revoke_certificate, actor=actor, **revoke) == "right.missing" and one.held.revoked is None


def test_an_agency_sees_its_own_certificates_and_no_others(cast: Cast) -> None:
    own, other = machine.join(cast.office), machine.join(cast.office, "43.tax")
    seen = api.list_certificates(actor=cast.market_officer, query=Query(agency="43.market"))
    assert {one.held.agency for one in seen} == {"43.market"} and len(seen) == 2
    assert api.read_certificate(actor=cast.market_admin, number=own.held.number).pem.startswith("-----BEGIN CERT")
    for query in (Query(), Query(agency="43.tax"), Query(name="省")):
        assert rule(api.list_certificates, actor=cast.market_officer, query=query) == "right.agency"
    for number in (other.held.number, 0, 10**12):
        assert rule(api.read_certificate, actor=cast.market_officer, number=number) == "right.agency"
    assert rule(api.read_certificate, actor=cast.office, number=0) == "trust.no_certificate"


def test_search_finds_by_name_holder_serial_and_expiry_page_by_page(cast: Cast) -> None:
    for at in range(7):
        subject = Subject("citizen", f"citizen:{at}", f"{'田赵'[at % 2]}{at}")
        api.issue(actor=cast.office, wanted=[Wanted(subject, certificate_request(machine.fresh()[1]))])

    def found(query: Query, **paging: int) -> list[str]:
        return [one.held.name for one in api.list_certificates(actor=cast.office, query=query, **paging)]

    assert found(Query(name="田")) == ["田6", "田4", "田2", "田0"]
    assert found(Query(holder="citizen:3")) == ["赵3"]
    newest = api.list_certificates(actor=cast.office, query=Query(), limit=2)
    assert [one.held.name for one in newest] == ["田6", "赵5"]
    assert found(Query(), before=newest[-1].held.number, limit=2) == ["田4", "赵3"]
    assert found(Query(serial=newest[0].serial)) == found(Query(serial=newest[0].serial[:12])) == ["田6"]
    row = models.Certificate.objects.get(pk=newest[0].held.number)
    assert found(Query(fingerprint=hashlib.sha256(bytes(row.der)).hexdigest())) == ["田6"]
    assert found(Query(name="田", holder="citizen:4")) == ["田4"] and found(Query(name="田", holder="citizen:3")) == []
    models.Certificate.objects.filter(name="赵1").update(not_after=timezone.now() + timedelta(days=5))
    assert found(Query(expires_before=timezone.now() + timedelta(days=30))) == ["赵1"]
    assert found(Query(name="%")) == found(Query(name="'; drop table trust_certificate; --")) == []


@pytest.fixture
def many(db: None) -> models.Certificate:
    """Twenty thousand certificates of two hundred agencies, as the table has them after years; one of them."""
    columns = [field.attname for field in models.Certificate._meta.concrete_fields if field.attname != "id"]
    made = {
        "key_id": "'ed25519:' || md5(n::text)", "serial": "md5('s' || n)", "issuer": "'ed25519:' || md5('i')",
        "holder": "'citizen:' || n", "name": "substr('王李张刘陈', n % 5 + 1, 1) || n", "agency": "'43.' || n % 200",
        "der": "decode(md5('d' || n), 'hex')", "public": "decode(md5('p' || n), 'hex')", "suite": "'guomi'",
        "source": "'own'", "kind": "'citizen'", "purpose": "'sign'", "organisation": "''", "issued_by": "''",
        "not_before": "now()", "not_after": "now() + n * interval '1 day'", "issued_at": "now()", "replaces_id": "null",
        "revoked_at": "null", "revoked_by": "''", "reason": "''",
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into trust_certificate ({', '.join(columns)}) select {', '.join(made[one] for one in columns)}"
            " from generate_series(1, 20000) n"
        )
        cursor.execute("analyze trust_certificate")
    return models.Certificate.objects.order_by("id")[777]


def test_every_way_of_searching_goes_by_an_index_and_reads_few_pages(many: models.Certificate) -> None:
    fingerprint, soon = hashlib.sha256(bytes(many.der)).hexdigest(), timezone.now() + timedelta(days=30)
    asked = {
        "trust_certificate_name": Query(name=many.name),
        "trust_certificate_holder": Query(holder=many.holder),
        "trust_certificate_serial": Query(serial=many.serial[:10]),
        "trust_certificate_print": Query(fingerprint=fingerprint),
        "trust_certificate_agency": Query(agency=many.agency),
        "trust_certificate_expiry": Query(expires_before=soon),
        "trust_certificate_pkey": Query(),
    }
    for index, query in asked.items():
        for before in (0, 10**9):
            text, values = store.statement(query, before=before, limit=50)
            with connection.cursor() as cursor:
                cursor.execute("explain (analyze, buffers, timing off, summary off) " + text, values)
                plan = "\n".join(line for (line,) in cursor.fetchall())
            assert index in plan and "Seq Scan" not in plan, plan
            touched = int(re.search(r"shared hit=(\d+)", plan)[1])  # type: ignore[index]  # there always is one
            assert touched < 600, plan


def test_a_batch_is_journalled_with_a_digest_that_any_changed_certificate_breaks(cast: Cast) -> None:
    found = api.issue(actor=cast.office, wanted=[wanted("citizen", "田野") for _ in range(30)], encryption=True)
    said = Entry.objects.latest("id").detail
    ders = dict(models.Certificate.objects.filter(holder="citizen:7").values_list("pk", "der"))
    assert len(ders) == 60 and {one.number for one in found} < set(ders)
    assert said == rules.issued({number: bytes(der) for number, der in ders.items()}) and said["issued"] == 60
    changed = {number: bytes(der) for number, der in ders.items()} | {found[7].number: b"another"}
    assert rules.issued(changed)["digest"] != said["digest"]
    changed.pop(found[0].number)
    assert rules.issued(changed)["numbers"] != said["numbers"]
    assert rules.numbers([9, 1, 2, 3, 7]) == "1-3,7,9"


def test_the_database_keeps_serials_keys_and_reasons(cast: Cast) -> None:
    one = machine.join(cast.office).held
    rows = models.Certificate.objects.filter(pk=one.number)
    for change in (
        {"revoked_at": timezone.now()},
        {"reason": "superseded"},
        {"kind": "robot"},
        {"not_after": one.not_before},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


def test_a_revocation_takes_effect_at_once_in_every_process(cast: Cast) -> None:
    one = machine.join(cast.office)
    key = one.signer.key_id
    assert api.check_held(api.certificate_of(key), at=timezone.now(), agency="43.market").number == one.held.number
    api.revoke_certificate(actor=cast.security, number=one.held.number, reason="key_compromise")
    assert rule(api.check_held, api.certificate_of(key), at=timezone.now()) == "trust.revoked"
    again = {"number": one.held.number, "reason": "superseded"}
    assert rule(api.revoke_certificate, actor=cast.security, **again) == "trust.revoked"
    other = machine.join(cast.office).held
    assert rule(api.revoke_certificate, actor=cast.office, number=other.number, reason="because") == "trust.reason"


def test_a_known_key_costs_one_small_query(cast: Cast, messages: Callable[[], object]) -> None:
    one = machine.join(cast.office)
    api.certificate_of(one.signer.key_id)
    with messages() as sent:  # type: ignore[attr-defined]  # a context manager, by its fixture
        api.certificate_of(one.signer.key_id)
    assert len(sent) == 1, sent
    stamp = api.stamp()
    with messages() as sent:  # type: ignore[attr-defined]  # as above
        assert api.known(one.signer.key_id, stamp) is not None
    assert sent == []
    connection.close()


def test_a_rolled_back_revocation_is_forgotten(cast: Cast) -> None:
    one = machine.join(cast.office)
    with pytest.raises(RuntimeError), transaction.atomic():
        api.revoke_certificate(actor=cast.office, number=one.held.number, reason="superseded")
        assert one.held.revoked is not None
        raise RuntimeError
    assert one.held.revoked is None


HELD = Held(1, "ed25519:0", b"", "international", "sign", "agency", "agency:43.tax", "省税务局", "43.tax",
            timezone.now(), timezone.now() + timedelta(days=9), None)  # fmt: skip


@given(days=st.floats(-20, 20), revoked=st.none() | st.floats(-20, 20))
def test_a_key_is_good_between_its_days_until_it_is_revoked(days: float, revoked: float | None) -> None:
    at = HELD.not_before + timedelta(days=days)
    ended = None if revoked is None else HELD.not_before + timedelta(days=revoked)
    held = Held(**{**vars(HELD), "revoked": ended})
    good = HELD.not_before <= at <= HELD.not_after and (ended is None or at < ended)
    if good:
        assert rules.check_held(held, at=at, purpose="sign", agency="43.tax") is held
    else:
        assert rule(rules.check_held, held, at=at) in {"trust.revoked", "trust.not_yet", "trust.expired"}


def test_a_key_serves_its_purpose_and_its_agency_alone() -> None:
    now = HELD.not_before + timedelta(days=1)
    assert rule(rules.check_held, HELD, at=now, purpose="encrypt") == "trust.purpose"
    assert rule(rules.check_held, HELD, at=now, agency="43.market") == "trust.wrong_agency"
    assert rule(rules.check_held, None, at=now) == "trust.unknown_key"


def test_a_licensed_authoritys_certificate_is_brought_and_its_list_revokes_it(cast: Cast, licensed: Licensed) -> None:
    key = authorities.signer()
    held = api.import_certificate(actor=cast.office, subject=MARKET, certificate=licensed.certificate(key.public))
    assert (held.key_id, held.agency, held.suite) == (key.key_id, "43.market", "guomi")
    line = api.list_certificates(actor=cast.office, query=Query(agency="43.market"))[0]
    assert line.source == "licensed"
    assert api.take_revocations(actor=cast.security, revocation_list=licensed.list([5])) == 0
    assert api.take_revocations(actor=cast.security, revocation_list=licensed.list([5, 1 << 70])) == 1
    assert rule(api.check_held, api.certificate_of(key.key_id), at=timezone.now()) == "trust.revoked"
    stranger = authorities.authority()
    for bad, expected in (
        (stranger.list([1]), "trust.altered"),  # its name is the same, its key is not
        (licensed.list([1], until=-timedelta(hours=1)), "trust.stale"),
        (b"junk", "trust.unreadable"),
    ):
        assert rule(api.take_revocations, actor=cast.security, revocation_list=bad) == expected


def test_what_a_licensed_authority_did_not_issue_so_is_refused_and_journalled(cast: Cast, licensed: Licensed) -> None:
    public, now = authorities.signer().public, timezone.now()
    good = licensed.certificate(public)
    altered = bytearray(good)
    altered[-1] ^= 1
    renamed = good.replace("省市场".encode(), "省税务".encode())
    bad = {
        "trust.unreadable": [b"", b"junk", good[:-3], b"x" * 20_000],
        "trust.self_signed": [licensed.issuer.certificate],
        "trust.unknown_issuer": [machine.join(cast.office).joined.certificate],
        "trust.altered": [bytes(altered), renamed, authorities.authority().certificate(public)],
        "trust.expired": [licensed.certificate(public, now=now - timedelta(days=400))],
        "trust.not_yet": [licensed.certificate(public, now=now + timedelta(days=1))],
        "trust.purpose": [licensed.certificate(public, purpose="encrypt")],
    }
    for expected, each in bad.items():
        for one in each:
            assert rule(api.import_certificate, actor=cast.office, subject=MARKET, certificate=one) == expected
            entry = Entry.objects.latest("id")
            assert (entry.verb, entry.outcome, entry.detail["rule"]) == (
                "trust.import_certificate",
                "refused",
                expected,
            )
    assert api.import_certificate(actor=cast.office, subject=MARKET, certificate=good).standing(now) == "valid"
    assert rule(api.import_certificate, actor=cast.office, subject=MARKET, certificate=good) == "trust.key_known"


def test_an_agencys_own_certificate_issues_no_others(cast: Cast, licensed: Licensed) -> None:
    middle = authorities.signer()
    leaf = licensed.certificate(middle.public)
    other = Subject("agency", "agency:43.tax", "省税务局", "43.tax", "省税务局")
    made = authorities.Licensed(type(licensed.issuer)(leaf, middle))
    below = made.certificate(authorities.signer().public, subject=other)
    anchors = [*authority.licensed(), reading.certificate(leaf)]
    assert rule(reading.check, reading.certificate(below), anchors, timezone.now()) == "trust.unknown_issuer"
