"""A real call's evidence is one file: taken by who was part of it, checked alone, with a field shown from the answer kept."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from shuniu.exchange.api.evidence import exchange_of, export_evidence
from shuniu.trust import api as trust
from shuniu.trust import suites
from shuniu.trust.certificates import api as certificates
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.evidence import api as evidence
from shuniu.trust.evidence import file, verify
from shuniu.trust.evidence.showing import answer as kept_answer
from shuniu.trust.evidence.showing import show
from tests.exchange.conftest import FIRMS
from tests.exchange.gateway.road import ISSUER, agree, machine

pytestmark = pytest.mark.django_db(transaction=True)
RIGHTS = frozenset({"exchange.export_evidence"})
ASKER = Actor("officer:1", "周杰", "43.tax", "省税务局", ("43",), RIGHTS)
AUDITOR = Actor("officer:9", "沈明", "43.office", "省信息办", ("43",), frozenset({"trust.export_evidence"}))


@pytest.mark.parametrize("suite", suites.suites(), ids=lambda one: one.key)
def test_a_call_is_proven_by_a_file_and_one_field_of_its_answer_with_it(
    suite: suites.Suite, delivered: None, tmp_path: Path
) -> None:
    agree("uscc", "name", "state")
    answered = machine(suite.key).ask(FIRMS[0])
    trust.sequence()
    trusted = verify.trust(evidence.public_keys())
    for actor in (ASKER, replace(ASKER, agency="43.market")):
        made = file.read(file.write(export_evidence(actor=actor, number=answered.number)))
        report = verify.verify(made, trusted)
        assert report.holds, report.faults
        assert {"答复对请求", "留痕对请求"} <= {one.title for one in report.checks}
    rows, seed = kept_answer(answered.keep(tmp_path).read_bytes())
    shown = show(made, rows, seed, [(0, "name")])
    assert verify.verify(shown, trusted).holds
    assert [(one.item, one.value) for one in shown.shown] == [
        ("@of", f"uscc:{FIRMS[0]}"), ("name", "湘江机械有限公司"),
    ]  # fmt: skip
    by_auditor = evidence.export_evidence(
        actor=AUDITOR, entries=[answered.number], number="call", exchange=exchange_of(answered.number)
    )
    assert verify.verify(by_auditor, trusted).holds


def test_who_was_no_part_of_a_call_learns_not_even_that_it_was(delivered: None) -> None:
    agree("uscc", "name")
    number = machine().ask(FIRMS[0]).number
    trust.sequence()
    other = replace(ASKER, agency="43.office")
    said = []
    for asked in (number, number + 1000):
        with pytest.raises(Refused) as refusal:
            export_evidence(actor=other, number=asked)
        said.append((refusal.value.rule, refusal.value.message.replace(str(asked), "n")))
    assert said[0] == said[1]


def test_a_certificate_revoked_after_the_call_still_proves_it(delivered: None) -> None:
    agree("uscc", "name")
    tax = machine()
    number = tax.ask(FIRMS[0]).number
    trust.sequence()
    trusted = verify.trust(evidence.public_keys())
    time.sleep(1.1)  # a revocation is of a whole second, and counts from its beginning
    certificates.revoke_certificate(actor=ISSUER, number=tax.held.number, reason="key_compromise")
    assert verify.verify(export_evidence(actor=ASKER, number=number), trusted).holds
