"""Who may know of a letter: never who is accused, by whatever verb, list, count or search; and the writer stays sealed."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.cases.api import letter_desk as desk
from shuniu.cases.api import letter_lists as lists
from shuniu.cases.api import letter_own as own
from shuniu.cases.api import letters as api
from shuniu.cases.api.letter_chasing import chase_letters
from shuniu.cases.declare.letters import LetterIn
from shuniu.cases.models import Letter, LetterPart, LetterWriter
from shuniu.cases.rules import letters as rules
from shuniu.cases.store import letters as store
from shuniu.directory.declare import ROLES
from shuniu.procedures.models import Case, Event
from shuniu.trust.api import OVERSEE, VERBS
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cases.letters import BOX, CLERK, COMPLAINT, COUNTY, KEEPER, MARKET, REPORT, TAX, sent
from tests.cast import AGENCIES, Cast, cast
from tests.refusals import refused

__all__ = ["cast"]
pytestmark = pytest.mark.django_db

EVERYTHING = frozenset().union(*(role.capabilities for role in ROLES.values()), {OVERSEE})
LETTER_VERBS = sorted(name for name, one in VERBS.items() if "letter" in one.call.__module__)
SEEING = st.lists(st.sampled_from([one.key for one in AGENCIES]), max_size=3, unique=True)


def accused_officer(agency: str = "43.market") -> Actor:
    """An officer of the accused with every right that there is."""
    return Actor("officer:9", "某人", agency, agency, ("43",), EVERYTHING)


def calls(number: str, part: int, code: str) -> dict[str, Callable[[Actor], object]]:
    """Every verb that officers have of letters, aimed at this one."""
    return {
        "cases.chase_letters": lambda who: chase_letters(actor=who),
        "cases.list_letters": lambda who: desk.list_letters(actor=who, box=BOX),
        "cases.read_letter": lambda who: desk.read_letter(actor=who, box=BOX, number=number),
        "cases.read_writer": lambda who: desk.read_writer(actor=who, box=BOX, number=number),
        "cases.read_reporter": lambda who: desk.read_reporter(actor=who, box=BOX, number=number, reason="要看"),
        "cases.sign_letter": lambda who: desk.sign_letter(actor=who, part=part),
        "cases.return_letter": lambda who: desk.return_letter(actor=who, part=part, reason="不归我管"),
        "cases.answer_letter": lambda who: desk.answer_letter(actor=who, part=part, answer="查无此事"),
        "cases.review_letter": lambda who: desk.review_letter(actor=who, part=part, good=True),
        "cases.split_letter": lambda who: desk.split_letter(actor=who, box=BOX, number=number, parts={"43.tax": ""}),
        "cases.decide_return": lambda who: desk.decide_return(actor=who, box=BOX, number=number, part=part),
        "cases.decline_letter": lambda who: desk.decline_letter(actor=who, box=BOX, number=number, ground="court"),
        "cases.publish_letter": lambda who: desk.publish_letter(
            actor=who, box=BOX, number=number, title="题", text="文"
        ),
        "cases.simulate_routes": lambda who: lists.simulate_routes(
            actor=who, box=BOX, changed=BOX.model_copy(update={"routes": (), "centre": "43.justice"})
        ),
        "cases.send_letter": lambda who: lists.alike(box=BOX, letter=REPORT),
        "cases.take_letter": lambda who: lists.public_letters(box=BOX),
        "cases.follow_letter": lambda who: api.follow_letter(number=number, code="0" * len(code)),
        "cases.rate_letter": lambda who: api.rate_letter(
            actor=who, number=number, code="0" * len(code), satisfied=True
        ),
        "cases.list_own_letters": lambda who: own.list_own_letters(actor=who),
        "cases.read_own_letter": lambda who: own.read_own_letter(actor=who, number=number),
        "cases.rate_own_letter": lambda who: own.rate_own_letter(actor=who, number=number, satisfied=True),
    }


def test_an_officer_of_the_accused_learns_of_a_report_by_no_verb_list_or_count(cast: Cast) -> None:
    receipt = sent(REPORT)
    assert receipt.met.agency == "43.office" and "被举报单位" in receipt.met.why
    part = LetterPart.objects.get(letter__number=receipt.number)
    aimed = calls(receipt.number, part.pk, receipt.code)
    assert sorted(aimed) == LETTER_VERBS  # a new verb must be aimed here too
    state = list(LetterPart.objects.values()) + list(Letter.objects.values())
    for agency in ("43.market", "430102.market"):  # the accused, and one below it
        for name, call in aimed.items():
            try:
                told = repr(call(accused_officer(agency)))
            except Refused as refusal:
                told = f"{refusal.message}{refusal.remedy}".replace(receipt.number, "")  # what the officer typed
                told = told.replace(f"没有来信 {part.pk}", "")
            for secret in (receipt.number, REPORT.title, "抽检", REPORT.name, REPORT.contact):
                assert secret not in told, name
            assert "looked_at=1" not in told
    assert state == list(LetterPart.objects.values()) + list(Letter.objects.values())
    assert desk.list_letters(actor=accused_officer(), box=BOX, words="抽检") == ()
    assert desk.list_letters(actor=CLERK, box=BOX, words="抽检")  # others do find it


def test_a_report_is_never_handed_to_the_accused_or_one_below_it(cast: Cast) -> None:
    number = sent(REPORT).number
    for agency in ("43.market", "430102.market"):
        with refused("letters.accused"):
            desk.split_letter(actor=CLERK, box=BOX, number=number, parts={agency: "", "43.tax": ""})
    assert desk.split_letter(actor=CLERK, box=BOX, number=number, parts={"43.tax": ""}).line.agencies == ("43.tax",)


def test_an_agency_that_a_report_only_names_in_its_text_is_taken_for_the_accused(cast: Cast) -> None:
    receipt = sent(REPORT.model_copy(update={"accused": "", "text": "省税务局有人收受好处，发票随便开。"}))
    assert receipt.met.agency == "43.office"
    with refused("letters.unknown"):
        desk.read_letter(actor=TAX, box=BOX, number=receipt.number)


def test_a_report_about_the_centre_goes_above_it_and_the_centre_does_not_see_it(cast: Cast) -> None:
    receipt = sent(REPORT.model_copy(update={"accused": "43.office", "text": "受理中心压件不办。"}))
    assert receipt.met.agency == "43.tax"
    assert desk.list_letters(actor=CLERK, box=BOX) == ()
    led = replace(CLERK, agency="43.tax")
    assert desk.split_letter(actor=led, box=BOX, number=receipt.number, parts={"43.tax": ""}).accused == ("43.office",)
    with refused("letters.accused"):
        sent(REPORT.model_copy(update={"accused": "43.office", "text": "省税务局和受理中心都压件。"}))


def test_a_reporter_is_named_in_no_journal_log_or_table_and_read_only_by_who_holds_the_right(cast: Cast) -> None:
    receipt = api.send_letter(actor=cast.citizen, box=BOX, letter=REPORT)
    kept = [
        *Entry.objects.values_list(),
        *Case.objects.values_list("object", "opened_by", "opened_by_name"),
        *Event.objects.values_list(),
        *Letter.objects.values_list("title", "text", "why"),
        *((bytes(one),) for one in LetterWriter.objects.values_list("sealed", flat=True)),
    ]
    said = json.dumps(kept, ensure_ascii=False, default=repr)
    for secret in (cast.citizen.person, cast.citizen.name, REPORT.name, REPORT.contact):
        assert secret not in said
    with refused("letters.sealed"):
        desk.read_writer(actor=CLERK, box=BOX, number=receipt.number)
    with refused("right.missing"):
        desk.read_reporter(actor=CLERK, box=BOX, number=receipt.number, reason="核实")
    with refused("letters.reason"):
        desk.read_reporter(actor=KEEPER, box=BOX, number=receipt.number, reason="")
    for times in (1, 2):
        writer = desk.read_reporter(actor=KEEPER, box=BOX, number=receipt.number, reason="核实线索")
        assert (writer.name, writer.contact, writer.account) == ("林川", "13973100002", cast.citizen.person)
        assert Entry.objects.filter(verb="cases.read_reporter", outcome="done").count() == times


def test_reports_and_matters_of_minors_are_in_no_public_list_or_count(cast: Cast) -> None:
    sent(REPORT)
    sent(COMPLAINT.model_copy(update={"minor": True}))
    assert lists.public_letters(box=BOX) == ()
    assert lists.alike(box=BOX, letter=REPORT) == (0, ()) == lists.alike(box=BOX, letter=COMPLAINT)
    assert not any("实名" in name for name in inspect.signature(lists.public_letters).parameters)


def test_an_agency_sees_what_was_handed_to_it_and_nothing_else(cast: Cast) -> None:
    number = sent().number
    assert [one.number for one in desk.list_letters(actor=MARKET, box=BOX)] == [number]
    for other in (TAX, COUNTY):
        assert desk.list_letters(actor=other, box=BOX) == ()
        with refused("letters.unknown"):
            desk.read_writer(actor=other, box=BOX, number=number)
    assert desk.read_writer(actor=MARKET, box=BOX, number=number).name == "田野"


@pytest.mark.usefixtures("cast")
def test_the_filter_in_the_database_and_the_rule_agree_for_every_officer_and_letter() -> None:
    letters: list[tuple[str, LetterIn]] = []
    for accused in ("", "43.market", "43.tax", "430102.market"):
        letter = REPORT.model_copy(update={"accused": accused, "text": "有人索要好处"}) if accused else COMPLAINT
        letters.append((sent(letter).number, letter))
    desk.split_letter(actor=CLERK, box=BOX, number=letters[1][0], parts={"43.tax": ""})
    for agency in (one.key for one in AGENCIES):
        for rights in (frozenset[str](), frozenset({OVERSEE})):
            who = Actor("officer:9", "某人", agency, agency, ("43",), rights)
            seen = set(store.visible(who, BOX).values_list("number", flat=True))
            for number, letter in letters:
                seated = LetterPart.objects.filter(letter__number=number).exclude(state="moved")
                expected = rules.may_see(
                    store.with_above(agency), {letter.accused} - {""}, seated.values_list("agency", flat=True), agency,
                    wide=store.is_wide(who, BOX),
                )  # fmt: skip
                assert (number in seen) == expected, (agency, letter.accused)


@given(own=SEEING, accused=SEEING, seated=SEEING, wide=st.booleans())
def test_whoever_belongs_to_the_accused_sees_nothing_whatever_else_is_held(
    own: list[str], accused: list[str], seated: list[str], wide: bool
) -> None:
    agency = own[0] if own else "43.none"
    seen = rules.may_see(own, accused, seated, agency, wide=wide)
    if set(own) & set(accused):
        assert not seen
    else:
        assert seen == (wide or agency in seated)
