"""机关代字 are data: an agency numbers by its own alone, whoever writes first; one that ended can pass to another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shuniu.cases.api.document_codes import codes_of, end_code, give_code, list_codes
from shuniu.cases.api.documents import draft_document, review_document, sign_document, submit_document
from shuniu.cases.models import Document, DocumentCode
from shuniu.directory.declare import ROLES
from shuniu.systems.documents.declare import OUTGOING
from shuniu.trust.declare import Refused
from tests.cases.documents import AUTHOR, CHIEF, NOTICE, OFFICE, REVIEWER, TAX_CLERK, refused, signed, submitted
from tests.cast import cast

__all__ = ["cast"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast")]
KEEPER = replace(OFFICE, capabilities=ROLES["office"].capabilities)


def test_another_agencys_code_is_refused_when_it_is_written_and_the_own_ones_are_named() -> None:
    with pytest.raises(Refused) as found:
        draft_document(actor=AUTHOR, draft=NOTICE.model_copy(update={"code": "湘政办发"}))
    assert "“湘政办发”不是本单位的机关代字" in str(found.value) and "“湘市监发”" in str(found.value)
    assert found.value.rule == "documents.code"
    assert not Document.objects.exists()
    with refused("documents.code"):
        draft_document(actor=AUTHOR, draft=NOTICE.model_copy(update={"code": "湘没人发"}))


def test_a_code_that_ended_meanwhile_is_refused_at_handing_in_and_at_signing() -> None:
    made = draft_document(actor=AUTHOR, draft=NOTICE)
    waiting = submitted()
    end_code(actor=KEEPER, code="湘市监发")
    with refused("documents.code"):
        submit_document(actor=AUTHOR, document=made.id, procedure=OUTGOING.key)
    review_document(actor=REVIEWER, document=waiting.id, stage="review", answer="同意", opinion="属实")
    with refused("documents.code"):
        sign_document(actor=CHIEF, document=waiting.id, answer="同意", opinion="请印发")


def test_a_code_is_one_agencys_at_a_time_and_passes_on_once_it_ended() -> None:
    with pytest.raises(Refused, match="省市场监督管理局"):
        give_code(actor=KEEPER, agency="43.tax", code="湘市监发")
    with refused("documents.code_held"):
        give_code(actor=KEEPER, agency="43.market", code="湘市监发")
    it, today = signed(), timezone.localdate()
    end_code(actor=KEEPER, code="湘市监发")
    with refused("documents.code_held"):
        give_code(actor=KEEPER, agency="43.tax", code="湘市监发", since=today - timedelta(days=1))
    give_code(actor=KEEPER, agency="43.tax", code="湘市监发")
    assert codes_of("43.tax") == ("湘市监发", "湘税发") and "湘市监发" not in codes_of("43.market")
    assert "湘市监发" in codes_of("43.market", today - timedelta(days=1)) and it.number is not None
    draft_document(actor=TAX_CLERK, draft=NOTICE)
    with pytest.raises(IntegrityError, match="document_code_held_once"), transaction.atomic():
        DocumentCode.objects.create(
            code="湘税发", agency="43.office", since=today, at=timezone.now(), person_name="某人"
        )


def test_a_code_begins_on_its_day() -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    give_code(actor=KEEPER, agency="43.market", code="湘市监函", since=tomorrow)
    assert "湘市监函" not in codes_of("43.market") and "湘市监函" in codes_of("43.market", tomorrow)
    end_code(actor=KEEPER, code="湘市监函")
    assert "湘市监函" not in codes_of("43.market", tomorrow)


@pytest.mark.parametrize("code", ["", "湘", "XSJF", "湘市监发〔", "湘" * 21])
def test_what_is_no_code_is_refused(code: str) -> None:
    with refused("documents.code_words"):
        give_code(actor=KEEPER, agency="43.market", code=code)


def test_codes_are_given_to_agencies_that_stand_by_who_may_alone() -> None:
    with refused("documents.agency"):
        give_code(actor=KEEPER, agency="43.nowhere", code="湘无")
    with refused("right.missing"):
        give_code(actor=AUTHOR, agency="43.market", code="湘市监函")
    with refused("right.missing"):
        end_code(actor=AUTHOR, code="湘市监发")
    with refused("documents.code"):
        end_code(actor=KEEPER, code="湘没有")
    end_code(actor=KEEPER, code="湘税发")
    assert [(one.code, one.until is None) for one in list_codes(actor=KEEPER)][-1] == ("湘税发", False)
