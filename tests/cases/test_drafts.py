"""Drafts: saved page by page, one's own alone, forgotten when they end, and frozen whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shuniu.cases.api import draft_facts, drafts
from shuniu.cases.declare.draft import Acting, Applicant, DraftState, DraftView, Ground, Whom
from shuniu.cases.declare.service import Audience
from shuniu.cases.models import Draft
from shuniu.directory import api as directory
from shuniu.directory.declare import ROLES
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cases.drafting import ALL, FORM, SHOP, service
from tests.cast import Cast, cast
from tests.refusals import rule_of

__all__ = ["cast"]

PAGES = [one.key for one in FORM.pages]


@pytest.fixture
def clerk(cast: Cast) -> Actor:
    """An officer who enters applications at the counter."""
    return replace(cast.market_officer, capabilities=cast.stranger.capabilities | ROLES["counter_clerk"].capabilities)


def begun(actor: Actor) -> int:
    return drafts.start(actor=actor, item=service(), version=3)


def saved(actor: Actor, draft: int, pages: list[str], posted: dict[str, str], seen: int | None = None) -> DraftView:
    version = drafts.view(actor=actor, draft=draft).version if seen is None else seen
    return drafts.save_page(actor=actor, draft=draft, pages=pages, posted=posted, seen=version).view


def whole(actor: Actor, whom: Whom | None = None) -> int:
    """A draft in which all is answered."""
    draft = begun(actor)
    draft_facts.name_applicant(actor=actor, draft=draft, whom=whom or Whom(), seen=0)
    saved(actor, draft, PAGES, ALL)
    return draft


def test_a_page_is_saved_as_canonical_values_and_the_next_one_appears(cast: Cast) -> None:
    draft = begun(cast.citizen)
    first = drafts.view(actor=cast.citizen, draft=draft)
    assert [first.standing(one) for one in first.pages] == ["todo"] * 3
    after = saved(cast.citizen, draft, ["food"], {"sells_food": "是"})
    assert after.answers == {"sells_food": "true"}
    assert [one.key for one in after.pages] == PAGES
    assert after.standing(after.form.form.page("food")) == "done"


def test_faults_come_back_and_the_page_is_marked(cast: Cast) -> None:
    draft = begun(cast.citizen)
    saved(cast.citizen, draft, ["food"], {"sells_food": "是"})
    done = drafts.save_page(
        actor=cast.citizen, draft=draft, pages=["seats"], posted={"seats": "12", "opening": "昨天"}, seen=1
    )
    assert [one.question for one in done.faults] == ["opening"]
    assert done.view.answers["seats"] == "12"
    assert done.view.standing(done.view.form.form.page("seats")) == "fault"
    mended = saved(cast.citizen, draft, ["seats"], {"seats": "12", "opening": "2026-12-01"})
    assert mended.standing(mended.form.form.page("seats")) == "done"


def test_a_posted_answer_to_a_question_that_is_not_shown_is_ignored_and_journalled(cast: Cast) -> None:
    draft = begun(cast.citizen)
    done = drafts.save_page(
        actor=cast.citizen, draft=draft, pages=["seats"], posted={"seats": "30", "rank": "1"}, seen=0
    )
    assert (done.ignored, done.view.answers) == (("rank", "seats"), {})
    entry = Entry.objects.filter(verb="cases.save_page").latest("id")
    assert entry.detail["ignored"] == ["rank", "seats"]
    assert "30" not in str(entry.detail)


def test_an_answer_vanishes_when_its_question_does(cast: Cast) -> None:
    draft = begun(cast.citizen)
    saved(cast.citizen, draft, PAGES, ALL)
    after = saved(cast.citizen, draft, ["food"], {"sells_food": "否"})
    assert "seats" not in after.answers
    again = saved(cast.citizen, draft, ["food"], {"sells_food": "是"})
    assert again.standing(again.form.form.page("seats")) == "fault"


def test_a_double_click_begins_one_draft_and_saves_once(cast: Cast) -> None:
    draft = begun(cast.citizen)
    assert begun(cast.citizen) == draft
    one = saved(cast.citizen, draft, ["shop"], SHOP, seen=0)
    assert saved(cast.citizen, draft, ["shop"], SHOP, seen=0).version == one.version
    assert begun(cast.citizen) != draft


def test_a_page_that_another_window_has_saved_is_not_written_over(cast: Cast) -> None:
    draft = begun(cast.citizen)
    saved(cast.citizen, draft, ["shop"], SHOP, seen=0)
    assert rule_of(lambda: saved(cast.citizen, draft, ["shop"], {"shop": "别的店"}, seen=0)) == "draft.changed"
    assert drafts.view(actor=cast.citizen, draft=draft).answers == SHOP
    assert saved(cast.citizen, draft, ["shop"], {"shop": "别的店"}).answers == {"shop": "别的店"}


def test_two_windows_may_save_two_pages(cast: Cast) -> None:
    draft = begun(cast.citizen)
    saved(cast.citizen, draft, ["shop"], SHOP, seen=0)
    assert saved(cast.citizen, draft, ["food"], {"sells_food": "否"}, seen=0).answers.keys() == {"shop", "sells_food"}


def test_nobody_reads_or_touches_another_s_draft(cast: Cast, clerk: Actor) -> None:
    draft = whole(cast.citizen)
    other = replace(cast.citizen, person="citizen:999", subject=7_000_009)
    acts: list[Callable[[Actor], object]] = [
        lambda who: drafts.view(actor=who, draft=draft),
        lambda who: drafts.save_page(actor=who, draft=draft, pages=["shop"], posted=SHOP, seen=99),
        lambda who: drafts.discard(actor=who, draft=draft),
        lambda who: drafts.freeze(actor=who, draft=draft),
        lambda who: draft_facts.name_applicant(actor=who, draft=draft, whom=Whom(), seen=99),
        lambda who: draft_facts.prefill(actor=who, draft=draft, consent=True, seen=99),
    ]
    everybody = {name: getattr(cast, name) for name in cast.__dataclass_fields__ if name != "citizen"}
    for who in (*everybody.values(), other, clerk):
        for act in acts:
            assert rule_of(partial(act, who)) in ("draft.unknown", "right.missing")
        if who.may("cases.list_drafts"):
            assert drafts.mine(actor=who) == ()
    assert [one.id for one in drafts.mine(actor=cast.citizen)] == [draft]


def test_frozen_is_what_was_asked_and_the_draft_forgets(cast: Cast) -> None:
    draft = whole(cast.citizen)
    filled = drafts.freeze(actor=cast.citizen, draft=draft)
    assert filled.answers == {
        "shop": "湘味小馆", "sells_food": "true", "seats": "30", "founded": "2020-01-02", "address": "芙蓉路 1 号",
    }  # fmt: skip
    assert (filled.item, filled.version, filled.channel) == ("43.market/restaurant", 3, drafts.WEB)
    assert filled.applicant == Applicant(kind="natural", name="田野", subject=cast.citizen.subject)
    assert filled.acting == Acting()
    assert drafts.frozen_form(filled.digest) == filled.form
    row = Draft.objects.get(pk=draft)
    assert (row.state, row.answers, row.applicant) == ("filed", {}, None)


def test_filing_twice_leads_to_the_case(cast: Cast) -> None:
    draft = whole(cast.citizen)
    drafts.freeze(actor=cast.citizen, draft=draft)
    drafts.name_case(draft, "430000-2026-1")
    with pytest.raises(drafts.AlreadyFiled) as refusal:
        drafts.freeze(actor=cast.citizen, draft=draft)
    assert refusal.value.number == "430000-2026-1"
    assert drafts.view(actor=cast.citizen, draft=draft).number == "430000-2026-1"
    assert rule_of(lambda: saved(cast.citizen, draft, ["shop"], SHOP)) == "draft.filed"
    assert rule_of(lambda: drafts.discard(actor=cast.citizen, draft=draft)) == "draft.filed"


def test_what_is_not_ready_is_not_frozen_and_says_what_is_missing(cast: Cast) -> None:
    draft = begun(cast.citizen)
    saved(cast.citizen, draft, ["shop"], SHOP)
    with pytest.raises(Refused) as refusal:
        drafts.freeze(actor=cast.citizen, draft=draft)
    assert refusal.value.rule == "draft.not_ready"
    assert refusal.value.message == "还不能提交：没有说明以谁的名义办理；“是否经营食品”没有填写；“住所”没有填写。"
    assert Draft.objects.get(pk=draft).state == "open"


def test_a_draft_that_was_given_up_or_is_over_forgets_all(cast: Cast) -> None:
    given_up, over = whole(cast.citizen), whole(cast.citizen)
    drafts.discard(actor=cast.citizen, draft=given_up)
    drafts.discard(actor=cast.citizen, draft=given_up)
    assert drafts.view(actor=cast.citizen, draft=given_up).state is DraftState.DISCARDED
    last = Draft.objects.get(pk=over).expires
    worker = directory.system("worker")
    assert drafts.expire(actor=worker, on=last) == 0
    assert drafts.expire(actor=worker, on=last + timedelta(days=1)) == 1
    row = Draft.objects.get(pk=over)
    assert (row.state, row.answers, row.applicant) == ("expired", {}, None)
    assert rule_of(lambda: saved(cast.citizen, over, ["shop"], SHOP)) == "draft.ended"


def test_a_draft_is_over_on_its_day_even_before_the_sweep(cast: Cast) -> None:
    draft = whole(cast.citizen)
    Draft.objects.filter(pk=draft).update(expires=timezone.localdate() - timedelta(days=1))
    found = drafts.view(actor=cast.citizen, draft=draft)
    assert (found.state, found.answers, found.ready) == (DraftState.EXPIRED, {}, False)
    assert rule_of(lambda: saved(cast.citizen, draft, ["shop"], SHOP, seen=9)) == "draft.ended"
    assert drafts.mine(actor=cast.citizen) == ()


def test_the_database_lets_no_ended_draft_keep_answers(cast: Cast) -> None:
    draft = whole(cast.citizen)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.filter(pk=draft).update(state="discarded")


# In whose name ----------------------------------------------------------------------------------------------------------


def named(actor: Actor, whom: Whom) -> DraftView:
    draft = begun(actor)
    return draft_facts.name_applicant(actor=actor, draft=draft, whom=whom, seen=0)


def test_an_agent_and_a_guardian_act_in_another_s_name_with_proof(cast: Cast) -> None:
    agent = named(cast.citizen, Whom(ground=Ground.AGENT, kind="legal", name="湘江机械有限公司"))
    assert agent.applicant == Applicant(kind="legal", name="湘江机械有限公司")
    assert agent.acting == Acting(ground=Ground.AGENT, name="田野", proof="proof-agent")
    guardian = named(cast.citizen, Whom(ground=Ground.GUARDIAN, name="田小禾"))
    assert guardian.acting == Acting(ground=Ground.GUARDIAN, name="田野", proof="proof-guardian")


def test_a_firm_acts_through_its_representative_or_an_agent(cast: Cast) -> None:
    view = named(cast.firm, Whom(ground=Ground.REPRESENTATIVE, by=" 钱 进 ", name="别家公司"))
    assert view.applicant == Applicant(kind="legal", name="星沙演示有限公司", subject=cast.firm.subject)
    assert view.acting is not None
    assert (view.acting.ground, view.acting.proof) == (Ground.REPRESENTATIVE, "proof-representative")


def test_the_clerk_names_who_stands_at_the_counter(clerk: Actor) -> None:
    view = named(clerk, Whom(name="刘老五"))
    assert (view.channel, view.applicant) == (drafts.COUNTER, Applicant(kind="natural", name="刘老五"))
    draft = whole(clerk, Whom(ground=Ground.AGENT, kind="legal", name="湘江机械有限公司", by="赵跑腿"))
    filled = drafts.freeze(actor=clerk, draft=draft)
    assert (filled.account, filled.channel, filled.acting.name) == (clerk.person, "1", "赵跑腿")


@pytest.mark.parametrize(
    ("who", "whom", "rule"),
    [
        ("citizen", Whom(ground=Ground.REPRESENTATIVE, by="x"), "acting.ground"),
        ("firm", Whom(), "acting.ground"),
        ("firm", Whom(ground=Ground.AGENT), "acting.by"),
        ("citizen", Whom(ground=Ground.AGENT), "acting.name"),
        ("citizen", Whom(ground=Ground.GUARDIAN, kind="legal", name="某公司"), "acting.kind"),
        ("citizen", Whom(ground=Ground.AGENT, name="某人", code="430102199001011234"), "acting.code"),
        ("clerk", Whom(kind="legal", name="某公司"), "acting.kind"),
        ("clerk", Whom(ground=Ground.REPRESENTATIVE, name="某人", by="某人"), "acting.kind"),
    ],
)
def test_grounds_that_do_not_hold_are_refused(cast: Cast, clerk: Actor, who: str, whom: Whom, rule: str) -> None:
    actor = clerk if who == "clerk" else getattr(cast, who)
    assert rule_of(lambda: named(actor, whom)) == rule


def test_an_item_for_firms_is_not_applied_for_by_persons(cast: Cast) -> None:
    draft = drafts.start(actor=cast.citizen, item=service(FORM, Audience.ENTERPRISE), version=1)
    with pytest.raises(Refused) as refusal:
        draft_facts.name_applicant(actor=cast.citizen, draft=draft, whom=Whom(), seen=0)
    assert refusal.value.rule == "acting.audience"


def test_who_has_no_account_begins_nothing(cast: Cast) -> None:
    assert rule_of(lambda: begun(cast.anonymous)) == "right.missing"
    assert rule_of(lambda: begun(replace(cast.citizen, person="system:job"))) == "draft.account"
