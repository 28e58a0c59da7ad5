"""Prefilling: the applicant's own rows, after consent, with their source; and the representative of the register."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shuniu.cases.api import draft_facts, drafts
from shuniu.cases.declare.draft import DraftView, Ground, Whom
from shuniu.cases.declare.form import Form, Page, Prefill, Question
from shuniu.catalogue.declare import ItemType
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cases.drafting import service
from tests.cast import Cast, pure_cast
from tests.registries.conftest import PENALTY, REGISTRATION, Load, load, mounted, subject_of, uscc

__all__ = ["load", "mounted"]

OWN = {"uscc": uscc(1), "name": "湘江机械有限公司", "representative": "钱 进", "founded": "2010-03-05",
       "address": "芙蓉路 1 号"}  # fmt: skip
OTHER = {"uscc": uscc(2), "name": "沅水电子有限公司", "representative": "孙行", "founded": "2011-04-06",
         "address": "五一路 2 号"}  # fmt: skip


@pytest.fixture
def people() -> Cast:
    return pure_cast()


@pytest.fixture
def firm(load: Load, people: Cast) -> Actor:
    """A firm's account, whose registration is in the register beside another's."""
    load(REGISTRATION, OWN, OTHER)
    return replace(people.firm, subject=subject_of(REGISTRATION, uscc(1), "uscc"))


def named(actor: Actor, whom: Whom) -> DraftView:
    draft = drafts.start(actor=actor, item=service(), version=1)
    return draft_facts.name_applicant(actor=actor, draft=draft, whom=whom, seen=0)


def prefilled(firm: Actor) -> DraftView:
    view = named(firm, Whom(ground=Ground.REPRESENTATIVE, by="钱进"))
    return draft_facts.prefill(actor=firm, draft=view.id, consent=True, seen=view.version)


def test_the_screen_says_exactly_what_would_be_taken_from_where(firm: Actor) -> None:
    view = named(firm, Whom(ground=Ground.AGENT, by="赵跑腿"))
    assert view.consented is None
    assert [(one.title, one.item_title, one.resource_title, one.agency_name) for one in view.offers] == [
        ("成立日期", "成立日期", "企业登记", "省市场监督管理局"),
        ("住所", "住所", "企业登记", "省市场监督管理局"),
    ]


def test_with_consent_the_applicant_s_own_values_come_with_their_source(firm: Actor) -> None:
    view = prefilled(firm)
    assert view.answers == {"founded": "2010-03-05", "address": "芙蓉路 1 号"}
    founded = view.prefilled[0]
    assert (founded.question, founded.agency_name, founded.resource_title, founded.batch) == (
        "founded", "省市场监督管理局", "企业登记", 1,
    )  # fmt: skip
    assert "五一路" not in str(view)


def test_consent_is_journalled_with_resources_and_items_and_no_value(firm: Actor) -> None:
    prefilled(firm)
    entry = Entry.objects.filter(verb="cases.prefill_draft").latest("id")
    assert entry.detail["consent"] is True
    assert entry.detail["items"] == ["43.market/registration:address", "43.market/registration:founded"]
    assert "2010" not in str(entry.detail) and "芙蓉" not in str(entry.detail)


def test_without_consent_nothing_is_taken(firm: Actor) -> None:
    view = named(firm, Whom(ground=Ground.REPRESENTATIVE, by="钱进"))
    after = draft_facts.prefill(actor=firm, draft=view.id, consent=False, seen=view.version)
    assert (after.consented, after.answers, after.prefilled) == (False, {}, ())


def test_what_the_register_says_is_changed_only_where_the_item_lets_it(firm: Actor) -> None:
    view = prefilled(firm)
    done = drafts.save_page(
        actor=firm, draft=view.id, pages=["place"], posted={"founded": "2001-01-01", "address": "新街 9 号"}, seen=9
    )
    assert done.view.answers["founded"] == "2010-03-05"
    assert done.view.answers["address"] == "新街 9 号"
    assert done.ignored == ("founded",)


def test_consent_that_is_taken_back_takes_the_values_along(firm: Actor) -> None:
    view = prefilled(firm)
    place = view.form.form.page("place")
    assert view.standing(place) == "done"
    after = draft_facts.prefill(actor=firm, draft=view.id, consent=False, seen=view.version)
    assert (after.answers, after.prefilled, after.standing(place)) == ({}, (), "todo")


def test_rows_that_contradict_one_another_are_not_chosen_among(load: Load, people: Cast) -> None:
    load(REGISTRATION, OWN)
    told = [{"number": str(n), "uscc": uscc(1), "name": OWN["name"], "address": f"街 {n} 号"} for n in (1, 2)]
    load(PENALTY, *({**one, "founded": "2010-03-05"} for one in told))
    firm = replace(people.firm, subject=subject_of(REGISTRATION, uscc(1), "uscc"))
    questions = tuple(
        Question(name=name, title=name, type=type_, prefill=Prefill(resource=PENALTY.key, item=name))
        for name, type_ in (("founded", ItemType.DATE), ("address", ItemType.TEXT))
    )
    form = Form(pages=(Page(key="a", title="a", questions=questions),))
    draft = drafts.start(actor=firm, item=service(form), version=1)
    draft_facts.name_applicant(actor=firm, draft=draft, whom=Whom(ground=Ground.AGENT, by="赵跑腿"), seen=0)
    view = draft_facts.prefill(actor=firm, draft=draft, consent=True, seen=1)
    assert view.answers == {"founded": "2010-03-05"}


def test_nobody_is_shown_what_is_held_of_somebody_else(firm: Actor, people: Cast) -> None:
    whom = Whom(ground=Ground.AGENT, kind="legal", name="湘江机械有限公司", code=uscc(1))
    agent = named(people.citizen, whom)
    assert agent.applicant is not None and agent.applicant.subject == firm.subject
    assert agent.offers == ()
    with pytest.raises(Refused) as refusal:
        draft_facts.prefill(actor=people.citizen, draft=agent.id, consent=True, seen=9)
    assert refusal.value.rule == "prefill.own"


def test_a_code_finds_its_subject_only_under_the_very_name(firm: Actor, people: Cast) -> None:
    whom = Whom(ground=Ground.AGENT, kind="legal", name="别的公司", code=uscc(1))
    found = named(people.citizen, whom)
    assert found.applicant is not None and found.applicant.subject is None


def test_another_applicant_loses_what_was_taken_of_the_former(load: Load, people: Cast) -> None:
    load(REGISTRATION, OWN)
    owner = replace(people.citizen, person="firm:77", subject=subject_of(REGISTRATION, uscc(1), "uscc"))
    view = prefilled(owner)
    assert view.answers
    other = replace(owner, name="改名后的公司")
    after = draft_facts.name_applicant(
        actor=other, draft=view.id, whom=Whom(ground=Ground.AGENT, by="赵跑腿"), seen=view.version
    )
    assert (after.answers, after.prefilled, after.consented) == ({}, (), None)


def test_the_representative_is_the_register_s(firm: Actor) -> None:
    view = named(firm, Whom(ground=Ground.REPRESENTATIVE, by="钱进"))
    assert view.acting is not None and view.acting.proof == ""
    with pytest.raises(Refused) as refusal:
        draft_facts.name_applicant(
            actor=firm, draft=view.id, whom=Whom(ground=Ground.REPRESENTATIVE, by="孙行"), seen=view.version
        )
    assert refusal.value.rule == "acting.representative"
    assert "钱" not in str(refusal.value)
