"""窗口代录 of a repair: a clerk begins it for a firm, sees no more of it than everybody does, and for a person none."""

from __future__ import annotations

import pytest

from shuniu.cases.api import draft_facts, drafts, filing, items, uploads
from shuniu.cases.declare.case import CaseState
from shuniu.cases.declare.draft import DraftView, Ground, Whom
from shuniu.cases.declare.material import HandedIn
from shuniu.exchange.delivery import spool_blocks
from shuniu.systems.credit.declare import FACT, FACTS, ITEM
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cases.papers import PDF
from tests.systems.credit_province import FIRM, NAME, OTHER, OTHER_NAME
from tests.systems.repairs import SAID, asked, decided, firm, officer

__all__ = ["firm"]
COUNTER = officer("counter_clerk", 920)
WHOM = Whom(ground=Ground.REPRESENTATIVE, kind="legal", name=NAME, code=FIRM, by="李四")


def begun(agency: str = "43.market") -> int:
    it = items.published(ITEM.key)
    return drafts.start(actor=COUNTER, item=it.item, version=it.version, agency=agency)


def named(draft: int, whom: Whom = WHOM) -> DraftView:
    seen = drafts.view(actor=COUNTER, draft=draft).version
    return draft_facts.name_applicant(actor=COUNTER, draft=draft, whom=whom, seen=seen)


def offered(it: DraftView) -> dict[str, str]:
    return next(dict(one.codes) for one in it.form.lists if one.key == FACTS)


def test_a_clerk_names_the_firm_chooses_among_its_public_facts_and_files(firm: Actor) -> None:
    draft = begun()
    assert offered(drafts.view(actor=COUNTER, draft=draft)) == {}
    it = named(draft)
    ((code, label),) = offered(it).items()  # the one that may be repaired today
    assert "旧" in label
    drafts.save_page(
        actor=COUNTER,
        draft=draft,
        pages=["fact", "corrected", "commitment"],
        posted={**SAID, FACT: code},
        seen=it.version,
    )
    proof = uploads.receive(actor=COUNTER, writer=spool_blocks([PDF]), name="缴款书.pdf").id
    papers = HandedIn({"correction": [proof], "proof-representative": [proof]})
    made = filing.file(actor=COUNTER, draft=draft, given=papers)
    assert (made.channel, made.applicant, made.state) == (drafts.COUNTER, NAME, CaseState.FILED)
    assert firm.subject is not None and filing.read_case(actor=firm, number=made.number).own
    assert decided(made.number).state is CaseState.GRANTED
    reading = Entry.objects.filter(verb="credit.report", person=COUNTER.person).latest("pk")
    assert reading.detail["viewer"] == "public"


def test_another_firm_named_afterwards_offers_its_own_facts_and_the_chosen_one_no_longer_fits(firm: Actor) -> None:
    draft = begun()
    it = named(draft)
    (code,) = offered(it)
    drafts.save_page(actor=COUNTER, draft=draft, pages=["fact"], posted={FACT: code}, seen=it.version)
    with pytest.raises(Refused) as refusal:
        named(draft, WHOM.model_copy(update={"name": OTHER_NAME, "code": OTHER}))
    assert refusal.value.rule in ("repair.none", "repair.counter")
    assert offered(drafts.view(actor=COUNTER, draft=draft)) == {code: offered(it)[code]}


def test_of_a_person_a_clerk_is_shown_nothing_and_of_an_unknown_firm_neither(firm: Actor) -> None:
    draft = begun()
    for whom in (
        Whom(ground=Ground.OWN, kind="natural", name="张三"),
        WHOM.model_copy(update={"code": ""}),
        WHOM.model_copy(update={"name": "不是这家公司"}),
    ):
        with pytest.raises(Refused) as refusal:
            named(draft, whom)
        assert refusal.value.rule == "repair.counter" and "本人登录" in refusal.value.remedy


def test_what_runs_already_is_not_offered_at_the_counter(firm: Actor) -> None:
    asked(firm, "旧")
    with pytest.raises(Refused) as refusal:
        named(begun())
    assert refusal.value.rule == "repair.none"
