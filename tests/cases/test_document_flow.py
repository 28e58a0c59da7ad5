"""A document from draft to receipt: numbered at signing without a gap, its opinions kept, chased until signed for."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from shuniu.cases.api.dispatches import chase_receipts, receive_document, send_document
from shuniu.cases.api.documents import (
    draft_document,
    read_document,
    review_document,
    sign_document,
    submit_document,
    void_number,
)
from shuniu.cases.declare.document import DocumentState
from shuniu.cases.models import Document, GivenNumber
from shuniu.cases.red_head import pdf
from shuniu.directory import api as directory
from shuniu.systems.documents.declare import OUTGOING, PROCEDURES
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.cases.documents import (
    AUTHOR,
    CHIEF,
    NOTICE,
    OFFICE,
    REQUEST,
    REVIEWER,
    TAX_CHIEF,
    TAX_CLERK,
    refused,
    signed,
    submitted,
)  # fmt: skip
from tests.cast import cast

__all__ = ["cast"]
pytestmark = pytest.mark.usefixtures("cast")


def test_a_number_is_given_at_signing_and_its_day_is_the_day_of_signing() -> None:
    it = submitted()
    assert (it.state, it.number, it.signed_on) == (DocumentState.REVIEW, None, None)
    review_document(actor=REVIEWER, document=it.id, stage="review", answer="同意")
    it = sign_document(actor=CHIEF, document=it.id, answer="同意", opinion="请印发")
    today = timezone.localdate()
    assert (str(it.number), it.signed_on, it.signers) == (f"湘市监发〔{today.year}〕1号", today, ("罗毅",))
    assert str(signed().number) == f"湘市监发〔{today.year}〕2号"
    assert str(signed(REQUEST).number) == f"湘市监〔{today.year}〕1号"  # another code counts by itself


def test_of_several_signers_the_last_gives_the_number_and_others_countersign_first() -> None:
    it = submitted(lanes={"countersign": ("43.tax",), "sign": ("43.market", "43.tax")})
    review_document(actor=REVIEWER, document=it.id, stage="review", answer="同意")
    review_document(actor=TAX_CLERK, document=it.id, stage="countersign", answer="同意", opinion="无不同意见")
    assert sign_document(actor=CHIEF, document=it.id, answer="同意").number is None
    it = sign_document(actor=TAX_CHIEF, document=it.id, answer="同意", opinion="同意联合行文")
    assert it.signers == ("罗毅", "钟华") and it.number is not None
    assert [(one.stage_title, one.person_name, one.said, one.words) for one in it.opinions] == [
        ("审核", "周强", "同意", ""),
        ("会签", "李娜", "同意", "无不同意见"),
        ("签发", "罗毅", "同意", ""),
        ("签发", "钟华", "同意", "同意联合行文"),
    ]


def test_what_was_turned_down_is_mended_and_handed_in_again_with_both_opinions_kept() -> None:
    it = submitted()
    with refused("documents.in_review"):
        draft_document(actor=AUTHOR, draft=NOTICE, document=it.id)
    it = review_document(actor=REVIEWER, document=it.id, stage="review", answer="不同意", opinion="缺少依据")
    assert it.state is DocumentState.DRAFT
    mended = NOTICE.model_copy(update={"body": ("根据《企业信息公示暂行条例》，通知如下。",)})
    it = draft_document(actor=AUTHOR, draft=mended, document=it.id)
    assert it.versions == (NOTICE, mended)
    submit_document(actor=AUTHOR, document=it.id, procedure=OUTGOING.key)
    it = review_document(actor=REVIEWER, document=it.id, stage="review", answer="同意", opinion="已补依据")
    assert [one.words for one in it.opinions] == ["缺少依据", "已补依据"]
    assert all(abs(timezone.now() - one.at) < timedelta(minutes=5) for one in it.opinions)


def test_who_may_not_is_refused_by_name() -> None:
    it = submitted()
    with refused("documents.stage"):
        review_document(actor=REVIEWER, document=it.id, stage="sign", answer="同意")
    with refused("procedures.own_approval"):
        review_document(actor=AUTHOR, document=it.id, stage="review", answer="同意")
    for actor, document in ((TAX_CLERK, it.id), (AUTHOR, 0)):
        with refused("documents.unknown"):
            read_document(actor=actor, document=document)
    every = AUTHOR.capabilities | REVIEWER.capabilities | CHIEF.capabilities
    stranger = replace(AUTHOR, agency="43.labour", capabilities=every)
    for act in (
        lambda: review_document(actor=stranger, document=it.id, stage="review", answer="同意"),
        lambda: sign_document(actor=stranger, document=it.id, answer="同意"),
        lambda: submit_document(actor=stranger, document=it.id, procedure=OUTGOING.key),
        lambda: void_number(actor=stranger, document=it.id, reason="误"),
        lambda: send_document(actor=stranger, document=it.id),
    ):
        with refused("documents.unknown"):
            act()
    with refused("right.missing"):
        sign_document(actor=REVIEWER, document=it.id, answer="同意")
    with refused("documents.not_signed"):
        send_document(actor=AUTHOR, document=it.id)
    with refused("documents.one_recipient"):
        submitted(REQUEST.model_copy(update={"to": ("43.office", "43.tax")}))


def test_a_text_with_a_mark_of_secrecy_is_kept_nowhere_and_told() -> None:
    for marked in ("密级：机密", "秘密★1年"):
        with pytest.raises(Refused) as refusal:
            draft_document(actor=AUTHOR, draft=NOTICE.model_copy(update={"body": (marked, "内容")}))
        assert refusal.value.rule == "classified.mark"
    assert not Document.objects.exists()
    assert Entry.objects.filter(verb="exchange.report_classified", object="resource:公文起草").count() == 2


def test_a_void_number_is_recorded_with_its_reason_and_never_given_again() -> None:
    first = signed()
    with refused("documents.reason"):
        void_number(actor=AUTHOR, document=first.id, reason="")
    it = void_number(actor=AUTHOR, document=first.id, reason="重复发文")
    assert it.state is DocumentState.VOID and it.void is not None
    assert (it.void.number, it.void.reason, it.void.person_name) == (first.number, "重复发文", "王敏")
    with refused("documents.not_signed"):
        void_number(actor=AUTHOR, document=first.id, reason="再次")
    second = signed()
    assert second.number is not None and second.number.serial == 2


def test_the_database_lets_no_number_be_left_out_changed_or_given_twice() -> None:
    it = signed()
    given = GivenNumber.objects.get(document=it.id)
    other = submitted()
    for serial in (1, 3):
        with pytest.raises(IntegrityError, match="leaves a gap"), transaction.atomic():
            GivenNumber.objects.create(series=given.series, serial=serial, document_id=other.id, at=given.at)
    for change in (lambda: given.delete(), lambda: GivenNumber.objects.update(serial=9)):
        with pytest.raises(IntegrityError, match="stands"), transaction.atomic():
            change()


def test_a_document_is_sent_signed_for_by_its_bytes_and_read_as_it_was_signed() -> None:
    it = signed()
    sent = send_document(actor=AUTHOR, document=it.id)
    assert [one.agency for one in sent] == ["43.tax", "430102.market", "43.office"]
    assert send_document(actor=AUTHOR, document=it.id) == sent
    assert sent[0].digest == hashlib.sha256(pdf(it)).hexdigest()
    seen = read_document(actor=TAX_CLERK, document=it.id)
    assert (seen.number, seen.opinions, len(seen.sent)) == (it.number, (), 1)
    with refused("documents.unknown"):
        receive_document(actor=OFFICE, dispatch=sent[0].id, digest=sent[0].digest)
    with refused("documents.altered"):
        receive_document(actor=TAX_CLERK, dispatch=sent[0].id, digest="0" * 64)
    receipt = receive_document(actor=TAX_CLERK, dispatch=sent[0].id, digest=sent[0].digest)
    assert receipt.received_by == "李娜" and receipt.received_at is not None
    with refused("documents.received"):
        receive_document(actor=TAX_CLERK, dispatch=sent[0].id, digest=sent[0].digest)
    with refused("documents.sent"):
        void_number(actor=AUTHOR, document=it.id, reason="作废")
    with refused("documents.no_agency"):
        send_document(actor=AUTHOR, document=it.id, to=["43.nowhere"])


def test_who_does_not_sign_for_what_came_is_chased_once_a_day_until_it_is_done() -> None:
    worker = directory.system("worker")
    sent = send_document(actor=AUTHOR, document=signed().id, to=["43.tax"])[0]
    assert chase_receipts(actor=worker, today=sent.due) == 0
    late = sent.due + timedelta(days=1)
    assert chase_receipts(actor=worker, today=late) == 1
    assert chase_receipts(actor=worker, today=late) == 0
    assert chase_receipts(actor=worker, today=late + timedelta(days=1)) == 1
    assert len(read_document(actor=TAX_CLERK, document=sent.document).sent[0].chased) == 2
    receive_document(actor=TAX_CLERK, dispatch=sent.id, digest=sent.digest)
    assert chase_receipts(actor=worker, today=late + timedelta(days=2)) == 0


def test_the_procedures_lead_to_an_end() -> None:
    assert [one.title for one in PROCEDURES] == ["发文", "收文", "信息报送", "督查", "督查承办"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_signed_at_the_same_moment_each_gets_its_own_number() -> None:
    waiting = [submitted().id for _ in range(6)]
    for document in waiting:
        review_document(actor=REVIEWER, document=document, stage="review", answer="同意")

    def sign(document: int) -> None:
        try:
            sign_document(actor=CHIEF, document=document, answer="同意")
        finally:
            connection.close()

    threads = [threading.Thread(target=sign, args=(document,)) for document in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(GivenNumber.objects.values_list("serial", flat=True)) == [1, 2, 3, 4, 5, 6]
