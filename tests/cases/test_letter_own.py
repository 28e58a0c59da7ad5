"""One's own letters: found by the account without a code, by nobody else; a report is in no list and of no account."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from shuniu.cases.api.letter_own import list_own_letters, rate_own_letter, read_own_letter
from shuniu.cases.api.letters import send_letter
from shuniu.cases.models import Letter
from shuniu.directory import api as directory
from tests.cases.letters import BOX, COMPLAINT, REPORT, answered, refused, sent
from tests.cast import Cast, cast

__all__ = ["cast"]
pytestmark = pytest.mark.django_db


def test_who_wrote_signed_in_finds_the_letters_newest_first_page_by_page(cast: Cast) -> None:
    first = send_letter(actor=cast.citizen, box=BOX, letter=COMPLAINT)
    second = send_letter(actor=cast.citizen, box=BOX, letter=COMPLAINT)
    sent()  # without an account
    assert [one.number for one in list_own_letters(actor=cast.citizen)] == [second.number, first.number]
    assert [one.number for one in list_own_letters(actor=cast.citizen, before=second.number)] == [first.number]
    assert len(list_own_letters(actor=cast.citizen, most=1)) == 1
    it = read_own_letter(actor=cast.citizen, number=first.number)
    assert (it.line.title, it.text) == (COMPLAINT.title, COMPLAINT.text)


def test_nobody_else_finds_or_reads_them(cast: Cast) -> None:
    it = send_letter(actor=cast.citizen, box=BOX, letter=COMPLAINT)
    loose = sent()
    for other in (cast.firm, cast.market_officer):
        assert list_own_letters(actor=other) == ()
        with refused("letters.unknown"):
            read_own_letter(actor=other, number=it.number)
        with refused("letters.unknown"):
            rate_own_letter(actor=other, number=it.number, satisfied=True)
    with refused("letters.unknown"):
        read_own_letter(actor=cast.citizen, number=loose.number)
    with refused("right.missing"):
        list_own_letters(actor=directory.anonymous())


def test_the_account_is_found_by_a_keyed_digest_alone(cast: Cast) -> None:
    it = send_letter(actor=cast.citizen, box=BOX, letter=COMPLAINT)
    kept = Letter.objects.get(number=it.number).account
    assert len(kept) == 32 and cast.citizen.person not in kept
    assert Letter.objects.get(number=sent().number).account == ""


def test_a_report_belongs_to_no_account_and_the_database_keeps_it_so(cast: Cast) -> None:
    it = send_letter(actor=cast.citizen, box=BOX, letter=REPORT)
    row = Letter.objects.get(number=it.number)
    assert row.account == "" and list_own_letters(actor=cast.citizen) == ()
    with refused("letters.unknown"):
        read_own_letter(actor=cast.citizen, number=it.number)
    with pytest.raises(IntegrityError, match="letter_report_is_nobodys"), transaction.atomic():
        Letter.objects.filter(pk=row.pk).update(account="0" * 32)


def test_the_writer_rates_the_answer_without_the_code_and_may_have_it_reopened_once(cast: Cast) -> None:
    it = send_letter(actor=cast.citizen, box=BOX, letter=COMPLAINT)
    row = Letter.objects.get(number=it.number)
    with refused("letters.not_answered"):
        rate_own_letter(actor=cast.citizen, number=it.number, satisfied=True)
    answered(row.parts.get().pk)
    seen = rate_own_letter(actor=cast.citizen, number=it.number, satisfied=False, words="没有退货")
    assert seen.line.state == "handling" and [one.satisfied for one in seen.ratings] == [False]
    answered(row.parts.get(round=2).pk, answer="已退货。")
    assert rate_own_letter(actor=cast.citizen, number=it.number, satisfied=True).line.state == "answered"
    with refused("letters.rated"):
        rate_own_letter(actor=cast.citizen, number=it.number, satisfied=True)
