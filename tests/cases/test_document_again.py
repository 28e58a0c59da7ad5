"""修改后重发: what was given back is mended, signed and sent anew under its number; 联合行文 names every issuer."""

from __future__ import annotations

import re

import pytest

from shuniu.cases.api.dispatches import chase_document, receive_document, send_document
from shuniu.cases.api.document_lists import list_documents, list_incoming
from shuniu.cases.api.documents import draft_document, read_document, review_document, sign_document, submit_document
from shuniu.cases.api.incoming import read_incoming, return_document
from shuniu.cases.declare.document import DocumentState, DocumentView, IncomingState
from shuniu.cases.models import GivenNumber, Signing
from shuniu.notices.models import Notice
from shuniu.systems.documents.declare import INCOMING, OUTGOING
from tests.cases.documents import AUTHOR, CHIEF, NOTICE, OFFICE, REVIEWER, TAX_CHIEF, TAX_CLERK, signed, submitted
from tests.cast import cast
from tests.refusals import refused

__all__ = ["cast"]
pytestmark = pytest.mark.usefixtures("cast")
MENDED = NOTICE.model_copy(update={"title": "关于做好年度报告公示工作的补充通知", "to": ("43.tax",)})


def returned() -> DocumentView:
    """A document that the tax bureau signed for and the office gave back."""
    it = signed()
    to_tax, _, to_office = send_document(actor=AUTHOR, document=it.id)
    receive_document(actor=TAX_CLERK, dispatch=to_tax.id, digest=to_tax.digest, procedure=INCOMING.key)
    return_document(actor=OFFICE, dispatch=to_office.id, reason="没有写明报送日期。")
    return read_document(actor=AUTHOR, document=it.id)


def mended(document: int) -> DocumentView:
    draft_document(actor=AUTHOR, draft=MENDED, document=document)
    submit_document(actor=AUTHOR, document=document, procedure=OUTGOING.key)
    review_document(actor=REVIEWER, document=document, stage="review", answer="同意")
    return sign_document(actor=CHIEF, document=document, answer="同意")


def test_only_what_was_given_back_is_written_anew_and_keeps_its_number() -> None:
    untouched = signed()
    with refused("documents.signed"):
        draft_document(actor=AUTHOR, draft=MENDED, document=untouched.id)
    it = returned()
    with refused("documents.code"):
        draft_document(actor=AUTHOR, draft=MENDED.model_copy(update={"code": "湘市监办"}), document=it.id)
    assert it.state is DocumentState.SIGNED and it.returned
    it = draft_document(actor=AUTHOR, draft=MENDED, document=it.id)
    assert (it.state, len(it.versions), it.signed.draft.title) == (DocumentState.DRAFT, 2, NOTICE.title)
    with refused("documents.not_signed"):
        send_document(actor=AUTHOR, document=it.id)
    done = mended(it.id)
    assert done.state is DocumentState.SIGNED and done.number == it.number
    assert GivenNumber.objects.filter(document=it.id).count() == 1
    assert list(Signing.objects.filter(document=it.id).values_list("version", flat=True)) == [1, 3]
    assert not done.returned
    with refused("documents.signed"):
        draft_document(actor=AUTHOR, draft=MENDED, document=it.id)


def test_a_no_in_the_second_round_leaves_what_was_signed_first_in_force() -> None:
    it = returned()
    draft_document(actor=AUTHOR, draft=MENDED, document=it.id)
    submit_document(actor=AUTHOR, document=it.id, procedure=OUTGOING.key)
    it = review_document(actor=REVIEWER, document=it.id, stage="review", answer="不同意", opinion="再核对")
    assert it.state is DocumentState.DRAFT and it.signed.draft == NOTICE
    assert [one.state for one in list_documents(actor=AUTHOR)[0]] == [DocumentState.DRAFT]


def test_the_new_version_goes_to_whom_it_names_and_takes_the_place_of_what_was_not_signed_for() -> None:
    it = returned()
    old = {one.agency: one for one in it.sent}
    mended(it.id)
    sent = send_document(actor=AUTHOR, document=it.id)
    fresh = [one for one in sent if one.version == 2]
    assert [one.agency for one in fresh] == ["43.tax", "43.office"] and fresh[0].digest != old["43.tax"].digest
    assert Notice.objects.filter(agency="43.tax", text__contains="修改后重发").count() == 1
    send_document(actor=AUTHOR, document=it.id, to=["430102.market"])
    county = [one for one in read_document(actor=AUTHOR, document=it.id).sent if one.agency == "430102.market"]
    assert [bool(one.received_at) for one in county] == [True, False] and "修改后重发" in county[0].returned
    line = next(one for one in list_documents(actor=AUTHOR)[0] if one.id == it.id)
    assert (line.sent, line.received) == (3, 0)  # of the version that holds
    assert chase_document(actor=AUTHOR, document=it.id) == 3


def test_who_received_the_old_version_keeps_it_as_it_was_and_is_led_to_the_new_one() -> None:
    it = returned()
    old = next(one for one in it.sent if one.agency == "43.tax")
    mended(it.id)
    new = next(
        one for one in send_document(actor=AUTHOR, document=it.id) if one.version == 2 and one.agency == "43.tax"
    )
    came = read_incoming(actor=TAX_CLERK, dispatch=old.id)
    assert (came.document.draft.title, came.newer, came.state) == (NOTICE.title, new.id, IncomingState.HANDLING)
    again = read_incoming(actor=TAX_CLERK, dispatch=new.id)
    assert (again.document.draft.title, again.newer, again.state) == (MENDED.title, None, IncomingState.SENT)
    assert again.document.number == came.document.number
    assert read_document(actor=TAX_CLERK, document=it.id).draft == MENDED
    titles = {one.title for one in list_incoming(actor=TAX_CLERK)[0]}
    assert titles == {NOTICE.title, MENDED.title}
    receive_document(actor=TAX_CLERK, dispatch=new.id, digest=new.digest)


def test_a_joint_document_names_its_issuers_the_main_one_first_whoever_signed_first() -> None:
    it = submitted(lanes={"sign": ("43.tax", "43.market")})
    review_document(actor=REVIEWER, document=it.id, stage="review", answer="同意")
    sign_document(actor=TAX_CHIEF, document=it.id, answer="同意")
    it = sign_document(actor=CHIEF, document=it.id, answer="同意")
    assert it.issuers == ("43.market", "43.tax") and re.match("湘市监发", str(it.number))
    assert read_document(actor=TAX_CLERK, document=it.id).issuers == it.issuers
    assert signed().issuers == ("43.market",)
