"""What granting an item does besides: declared by name and version, asked at filing, done with the decision or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Barrier

import pytest
from django.db import connection
from pydantic import ValidationError

from shuniu.cases.api import draft_facts, drafts, effects, filing, handling, items
from shuniu.cases.declare import Application, Audience, Effect, Question, ServiceItem
from shuniu.cases.declare.case import CaseState
from shuniu.cases.declare.draft import Applicant, Whom
from shuniu.cases.declare.form import Form, Page
from shuniu.cases.models import Case, Decision
from shuniu.cases.rules.items import faults
from shuniu.trust.declare import Actor, Refused
from tests.cases import drafting
from tests.cases.filing import NO, chief, clerk, examiner
from tests.cases.service_items import KNOWN, changed, form, question
from tests.cast import Cast, cast

__all__ = ["cast", "chief", "clerk", "examiner"]
pytestmark = pytest.mark.django_db
LIST = "test/plots"
FORM = Form(pages=(Page(key="plot", title="地块", questions=(Question(name="plot", title="地块", code_list=LIST),)),))
ITEM = drafting.service(FORM, Audience.NATURAL, key="43.market/plot").model_copy(update={"effect": "test.noted@1"})


@dataclass
class Noted:
    """What an effect has seen; `closed` is why it refuses, and once only one running application is let through."""

    granted: list[Application] = field(default_factory=list)
    closed: str = ""

    def check(self, _actor: Actor, asked: Application) -> None:
        assert asked.number and asked.matter == 0
        if self.closed:
            raise Refused("test.closed", self.closed, "请改日再来。")
        of_same = effects.applications(asked.item, [asked.subject or 0])
        if any(one.state.running and one.answers == asked.answers for one in of_same):
            raise Refused("test.running", "这块地正在办理。", "请等待。")

    def grant(self, _actor: Actor, asked: Application) -> None:
        if self.closed:
            raise Refused("test.closed", self.closed, "请改日再来。")
        self.granted.append(asked)

    def choices(self, actor: Actor, agency: str, applicant: Applicant | None) -> dict[str, dict[str, str]]:
        return {LIST: {"p1": f"{actor.name}的东地", "p2": f"{agency}的西地"}}


@pytest.fixture
def noted() -> Iterator[Noted]:
    """The effect registered, and the item that has it published."""
    made = Noted()
    effects.register(Effect("test.noted@1", "登记", frozenset({"plot"}), made.check, made.grant, made.choices))
    yield made
    del effects.EFFECTS["test.noted@1"]


def drafted(actor: Actor, plot: str = "p1") -> int:
    found = items.published(ITEM.key)
    draft = drafts.start(actor=actor, item=found.item, version=found.version)
    draft_facts.name_applicant(actor=actor, draft=draft, whom=Whom(), seen=0)
    seen = drafts.view(actor=actor, draft=draft).version
    drafts.save_page(actor=actor, draft=draft, pages=["plot"], posted={"plot": plot}, seen=seen)
    return draft


@pytest.fixture
def published(cast: Cast, noted: Noted) -> Noted:
    items.ship(actor=cast.installer, items=[ITEM])
    return noted


def examined(cast: Cast, clerk: Actor, examiner: Actor) -> str:
    number = filing.file(actor=cast.citizen, draft=drafted(cast.citizen)).number
    handling.accept(actor=clerk, number=number)
    handling.examine(actor=examiner, number=number, opinion="属实，建议准予。")
    return number


def test_an_unknown_effect_or_another_version_of_it_is_not_published(cast: Cast, noted: Noted) -> None:
    for wrong in ("test.noted@2", "test.other@1"):
        with pytest.raises(Refused) as refusal:
            items.ship(actor=cast.installer, items=[ITEM.model_copy(update={"effect": wrong})])
        assert refusal.value.rule == "item.effect" and wrong in refusal.value.message
    with pytest.raises(ValidationError, match="effect"):
        ServiceItem.model_validate(ITEM.model_dump() | {"effect": "without a version"})


def test_an_item_asks_what_its_effect_needs(noted: Noted) -> None:
    told = [one for one in faults(changed(effect="test.noted@1", form=form(question("uscc"))), KNOWN) if one.blocks]
    assert [(one.rule, one.part) for one in told if "effect" in one.rule] == [("item.effect_asks", "tables")]
    assert not [one for one in faults(changed(effect="test.noted@1"), KNOWN) if "effect" in one.rule]


def test_two_effects_under_one_name_and_version_are_a_mistake_of_the_software(noted: Noted) -> None:
    known = effects.EFFECTS["test.noted@1"]
    assert effects.register(known) is known
    with pytest.raises(ValueError, match="升版本号"):
        effects.register(replace(known, title="另一个"))


def test_a_form_offers_what_the_effect_gives_this_actor_and_takes_nothing_else(cast: Cast, published: Noted) -> None:
    draft = drafted(cast.citizen)
    assert drafts.view(actor=cast.citizen, draft=draft).form.codes[LIST]["p1"] == f"{cast.citizen.name}的东地"
    assert drafts.view(actor=cast.citizen, draft=draft).form.codes[LIST]["p2"] == "43.market的西地"
    with pytest.raises(Refused) as refusal:
        filing.file(actor=cast.citizen, draft=drafted(cast.citizen, "p3"))
    assert refusal.value.rule == "draft.not_ready"


def test_what_may_not_be_asked_is_refused_at_filing_and_leaves_no_case(cast: Cast, published: Noted) -> None:
    draft = drafted(cast.citizen)
    published.closed = "本月已经截止。"
    with pytest.raises(Refused) as refusal:
        filing.file(actor=cast.citizen, draft=draft)
    assert refusal.value.rule == "test.closed" and not Case.objects.exists()
    published.closed = ""
    assert filing.file(actor=cast.citizen, draft=draft).state is CaseState.FILED


def test_a_grant_does_it_once_and_a_refusal_does_nothing(
    cast: Cast, published: Noted, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    number = examined(cast, clerk, examiner)
    assert handling.decide(actor=chief, number=number, grounds=NO).state is CaseState.REFUSED
    assert published.granted == []
    number = examined(cast, clerk, examiner)
    made = handling.decide(actor=chief, number=number)
    (seen,) = published.granted
    assert (seen.number, seen.matter, seen.subject) == (number, made.matter.id, cast.citizen.subject)
    assert seen.answers == {"plot": "p1"} and seen.state is CaseState.GRANTED


def test_what_the_effect_refuses_is_not_granted(
    cast: Cast, published: Noted, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    number = examined(cast, clerk, examiner)
    published.closed = "这块地已经收回。"
    with pytest.raises(Refused) as refusal:
        handling.decide(actor=chief, number=number)
    assert refusal.value.rule == "test.closed"
    assert not Decision.objects.exists() and Case.objects.get().state == CaseState.ACCEPTED
    assert handling.decide(actor=chief, number=number, grounds=NO).state is CaseState.REFUSED


def test_an_effect_that_this_process_does_not_know_is_neither_filed_nor_granted(cast: Cast, published: Noted) -> None:
    draft = drafted(cast.citizen)
    known = effects.EFFECTS.pop(ITEM.effect)
    with pytest.raises(Refused) as refusal:
        filing.file(actor=cast.citizen, draft=draft)
    assert refusal.value.rule == "effects.unknown"
    effects.register(known)


@pytest.mark.django_db(transaction=True)
def test_of_two_filings_at_once_for_the_same_thing_one_is_refused(cast: Cast, published: Noted) -> None:
    both = [drafted(cast.citizen), drafted(cast.citizen)]
    together = Barrier(2)

    def file(draft: int) -> str:
        try:
            together.wait(10)
            return filing.file(actor=cast.citizen, draft=draft).state
        except Refused as refusal:
            return refusal.rule
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(file, both)) == ["filed", "test.running"]
