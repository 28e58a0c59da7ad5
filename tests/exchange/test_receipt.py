"""What a receipt tells beside its counts: what the reader skipped or took for something; and what its signature covers."""

from __future__ import annotations

import json

import pytest

from shuniu.exchange import api as exchange
from shuniu.exchange import receipts
from shuniu.exchange.declare import State
from shuniu.exchange.models import Submission
from shuniu.project.main import main
from shuniu.registries.declare import Mode
from shuniu.trust.api import signed_by_platform
from shuniu.trust.declare import Signature
from tests.exchange.conftest import FIRMS, OFFICER, SECOND, WORKER, Deliver, firm, registration

pytestmark = pytest.mark.django_db(transaction=True)
TOTAL = "合计,,,200,,"
SAID = "第 4 行是合计行，已跳过。"


def verified(number: int) -> bool:
    held = Submission.objects.get(pk=number)
    return signed_by_platform(receipts.signed_bytes(held), Signature(held.key, held.signature))


def test_what_the_reader_skipped_stands_on_the_receipt_wherever_it_is_read(
    deliver: Deliver, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt = deliver(registration(firm(0), firm(1), TOTAL))
    assert (receipt.state, receipt.notes) == (State.STORED, (SAID,))
    assert exchange.receipt(actor=OFFICER, number=receipt.number).notes == (SAID,)
    main(["receipt", str(receipt.number), "--json"])
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["notes"] == [SAID]
    main(["receipt", str(receipt.number)])
    assert capsys.readouterr().out.splitlines()[-1] == SAID


def test_a_batch_refused_past_the_limit_has_them_too_and_one_held_while_it_waits(deliver: Deliver) -> None:
    refused = deliver(registration(firm(0), firm(1, founded="昨天"), TOTAL))
    assert (refused.state, refused.notes) == (State.REFUSED, (SAID,))
    deliver(registration(firm(0), firm(1), firm(2)))
    waiting = deliver(registration(firm(0), firm(2, capital="7"), TOTAL))
    assert (waiting.state, waiting.notes) == (State.HELD, (SAID,))
    exchange.release(actor=SECOND, number=waiting.number)
    assert exchange.process(actor=WORKER, number=waiting.number).notes == (SAID,)


def test_the_signature_covers_the_notes(deliver: Deliver) -> None:
    number = deliver(registration(firm(0), firm(1), TOTAL)).number
    assert verified(number)
    Submission.objects.filter(pk=number).update(notes=[])
    assert not verified(number)


def test_a_signature_made_before_there_were_notes_still_holds(deliver: Deliver) -> None:
    number = deliver(registration(firm(0)), mode=Mode.DELTA).number
    assert verified(number)
    said = json.loads(receipts.signed_bytes(Submission.objects.get(pk=number)))
    assert sorted(said) == [
        "awaiting", "batch", "changed", "digest", "duplicate", "held_after", "held_before", "mode", "new", "number",
        "period", "received", "rejected", "resource", "rule", "state", "unchanged", "withdrawn",
    ]  # fmt: skip


def test_a_heading_with_characters_that_show_nothing_does_no_harm(deliver: Deliver) -> None:
    row = {"统一社会信用代码": FIRMS[0], "企业名称": "湘江机械有限公司", "备\x00注\u202e": "无"}
    receipt = deliver(json.dumps([row]), name="登记.json")
    assert receipt.state is State.STORED, receipt.sentence
    assert any("未采用" in note and "备\ufffd注\ufffd" in note for note in receipt.notes), receipt.notes
    assert verified(receipt.number)


def test_of_many_notes_the_first_are_kept_and_the_others_counted() -> None:
    many = [f"第 {n} 句。" for n in range(1, 24)]
    assert receipts.kept(many) == [*many[:20], "另有 3 条。"]
    assert receipts.kept(many[:20]) == many[:20]
