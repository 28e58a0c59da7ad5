"""依申请公开: asked of any agency, answered in the law's terms, each answer with its article and its remedy."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from shuniu.base.rules import PACKS, RuleBook
from shuniu.cases.api import filing, finding, handling, items, specials
from shuniu.cases.declare.case import CaseState, Grounds, Reply
from shuniu.cases.models import Case, Decision
from shuniu.procedures.calendars.declare import Kind
from shuniu.procedures.calendars.models import Clock
from shuniu.systems import disclosure
from shuniu.systems.disclosure.declare import ITEM, KINDS, LAW, PAGES, PIECES, by_pages, by_pieces
from shuniu.trust.declare import Refused
from tests.cases.filing import officer
from tests.cast import Cast, cast
from tests.systems.information import PARTLY, answered, asked, at, handled, shipped
from tests.systems.test_service_hall import LAWS, _laws, bases

__all__ = ["cast", "shipped"]

RESULTS = {one.key: one for one in ITEM.results}
REFUSED = sorted(key for key, one in RESULTS.items() if one.state == "refused")
pytestmark = pytest.mark.django_db


def test_the_system_is_one_folder_of_two_hundred_lines() -> None:
    folder = Path(disclosure.__path__[0])
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in folder.iterdir() if path.is_file()) <= 200


@pytest.mark.skipif(not LAWS.exists(), reason="the archive of laws does not lie beside the checkout")
def test_every_article_that_it_rests_on_is_in_the_law_and_quoted_word_for_word() -> None:
    law = _laws()[LAW]
    for basis in bases(ITEM):
        found = re.search(rf"^{basis.article}[ \u3000]+(.+)$", law, re.MULTILINE)
        assert found is not None and (not basis.text or found[1].strip() == basis.text), basis.article
    for one in ITEM.results:
        for number in re.findall(r"第[一二三四五六七八九十]+条", one.articles):
            assert re.search(rf"^{number}[ \u3000]", law, re.MULTILINE), one.articles


@pytest.mark.usefixtures("shipped")
def test_it_is_published_by_every_rule() -> None:
    assert [one for one in items.faults(ITEM) if one.blocks] == []


def test_nobody_is_asked_what_the_information_is_for() -> None:
    assert not any("用途" in one.title or "理由" in one.title for one in ITEM.form.questions)


@pytest.mark.usefixtures("shipped")
def test_the_term_runs_from_receipt_though_nobody_has_registered_it(cast: Cast) -> None:
    made = asked(cast.citizen)
    assert made.state is CaseState.FILED and made.agency == "43.market"
    (statutory,) = (one for one in made.clocks if one.kind is Kind.STATUTORY)
    assert statutory.start == timezone.localdate() and str(statutory.term) == "20个工作日"
    whole = [(one.id, None) for one in made.clocks if not one.stage]
    accepted = handling.accept(actor=officer(cast, "case_clerk", 901, "马丽"), number=made.number)
    for clocks in (made.clocks, accepted.clocks):
        assert [(one.id, one.ended) for one in clocks if not one.stage] == whole


@pytest.mark.usefixtures("shipped")
def test_with_a_correction_the_term_begins_anew_and_only_once_is_one_asked_for(cast: Cast) -> None:
    made, clerk = asked(cast.citizen), officer(cast, "case_clerk", 901, "马丽")
    waiting = handling.ask_correction(actor=clerk, number=made.number, what="请写明年度和文号。")
    assert all(one.ended is not None for one in waiting.clocks if not one.stage)
    Clock.objects.filter(case=made.matter.id, stage="").update(start=timezone.localdate() - timedelta(days=9))
    done = filing.correct(actor=cast.citizen, number=made.number, note="2025 年度")
    (running,) = (one for one in done.clocks if one.ended is None and one.kind is Kind.STATUTORY)
    assert running.start == timezone.localdate()
    with pytest.raises(Refused) as refusal:
        handling.ask_correction(actor=clerk, number=made.number, what="再写明地区。")
    assert refusal.value.rule == "case.correction_once"


@pytest.mark.usefixtures("shipped")
def test_what_is_open_is_given_with_where_it_is_found(cast: Cast) -> None:
    made = asked(cast.citizen)
    done = answered(cast, made.number, "published", "省市场监管局网站“抽检公告”栏 https://example.cn/2026/3")
    assert done.state is CaseState.GRANTED and done.decision is not None
    assert done.decision.result == "予以公开：已主动公开，告知获取途径" and "抽检公告" in done.decision.text
    assert done.decision.remedy == ""
    (line,) = finding.list_agency(actor=officer(cast, "case_clerk", 901, "马丽"), running=False).lines
    assert line.result == done.decision.result


@pytest.mark.usefixtures("shipped")
def test_a_part_is_given_and_the_rest_refused_with_facts_article_and_review_before_a_suit(cast: Cast) -> None:
    done = answered(cast, asked(cast.citizen).number, "partial", "名单的其余部分见附件。", PARTLY)
    decision = done.decision
    assert done.state is CaseState.PARTIAL and decision is not None
    assert decision.facts == PARTLY.facts and decision.articles == f"《{LAW}》第三十七条"
    assert "应当先自知道之日起60日内" in decision.remedy and "15日内依法向人民法院提起行政诉讼" in decision.remedy
    assert "c26.remedy.review_first.disclosure.2024" in Decision.objects.get().rules


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("result", REFUSED)
def test_no_refusal_leaves_without_facts_article_and_remedy(cast: Cast, result: str) -> None:
    made = asked(cast.citizen)
    chief = handled(cast, made.number)
    for grounds in (None, Grounds(facts="不行", articles="")):
        with pytest.raises(Refused) as refusal:
            handling.decide(actor=chief, number=made.number, grounds=grounds, reply=Reply(result=result))
        assert refusal.value.rule == "case.facts"
    done = handling.decide(actor=chief, number=made.number, grounds=PARTLY, reply=Reply(result=result))
    decision = done.decision
    assert done.state is CaseState.REFUSED and decision is not None and decision.result == RESULTS[result].title
    assert decision.articles == RESULTS[result].articles and LAW in decision.articles and "行政复议" in decision.remedy
    assert ("应当先" in decision.remedy) is (RESULTS[result].group == "不予公开")


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize(
    ("reply", "rule"),
    [
        (None, "case.result"),
        (Reply(result="granted", text="见附件"), "case.result"),
        (Reply(result="open"), "case.reply"),
        (Reply(result="partial", text=" "), "case.reply"),
    ],
)
def test_an_answer_names_one_of_its_results_and_what_is_given(cast: Cast, reply: Reply | None, rule: str) -> None:
    made = asked(cast.citizen)
    with pytest.raises(Refused) as refusal:
        handling.decide(actor=handled(cast, made.number), number=made.number, grounds=PARTLY, reply=reply)
    assert refusal.value.rule == rule and refusal.value.remedy


@pytest.mark.usefixtures("shipped")
def test_the_database_itself_keeps_no_partial_answer_without_grounds(cast: Cast) -> None:
    made = asked(cast.citizen)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            case=Case.objects.get(number=made.number), number="1", state="partial", result="partial", person="officer:1",
            person_name="马丽", agency_name="市场监管局", at=timezone.now(),
        )  # fmt: skip


@pytest.mark.usefixtures("shipped")
def test_nobody_turns_a_request_away_at_the_door(cast: Cast) -> None:
    made = asked(cast.citizen)
    with pytest.raises(Refused) as refusal:
        handling.decline(actor=officer(cast, "case_clerk", 901, "马丽"), number=made.number, grounds=PARTLY)
    assert refusal.value.rule == "case.result" and "登记" in refusal.value.remedy


@pytest.mark.usefixtures("shipped")
def test_while_a_third_party_is_asked_the_term_stands_still_on_evidence(cast: Cast) -> None:
    made = asked(cast.citizen)
    handling.accept(actor=officer(cast, "case_clerk", 901, "马丽"), number=made.number)
    examiner = officer(cast, "case_examiner", 902, "彭涛")
    waiting = specials.begin(
        actor=examiner, number=made.number, kind="征求第三方意见", evidence="征求意见函〔2026〕5 号", days=15
    )
    assert all(one.due is None for one in waiting.clocks if not one.stage)
    with pytest.raises(Refused):
        handling.examine(actor=examiner, number=made.number, opinion="不等了。")
    done = specials.end(
        actor=examiner, number=made.number, kind="征求第三方意见", evidence="第三方 12 日书面答复不同意公开"
    )
    assert all(one.due for one in done.clocks if not one.stage and one.ended is None)
    (run,) = specials.read_timing(actor=cast.citizen, number=made.number).runs
    assert run.evidence == "征求意见函〔2026〕5 号" and str(run.told) == "15个工作日"


@pytest.mark.usefixtures("shipped")
def test_a_firm_asks_a_county_bureau_which_alone_answers(cast: Cast) -> None:
    made = asked(cast.firm, agency="430102.market", kind="firm")
    assert made.region == "430102" and made.answers["kind"] == "firm"
    county = at(officer(cast, "case_clerk", 901, "马丽"), "430102.market", "430102")
    assert handling.accept(actor=county, number=made.number).state is CaseState.ACCEPTED


def test_the_yearly_report_has_its_columns_and_every_result_its_line() -> None:
    assert list(KINDS.values()) == ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
    groups = list(dict.fromkeys(one.group for one in ITEM.results))
    assert groups == ["予以公开", "部分公开", "不予公开", "无法提供", "不予处理"]
    assert [sum(one.group == group for one in ITEM.results) for group in groups] == [2, 1, 8, 3, 5]


def _price(counts: dict[str, str], day: date = date(2026, 11, 21)) -> int:
    book = RuleBook.load("current-2026")
    return sum(
        book.resolve(one.rule, day).integer() * int(counts[one.per]) for one in (*PAGES, *PIECES) if one.per in counts
    )


@pytest.mark.parametrize(
    ("pages", "fen"), [(30, 0), (31, 1000), (100, 70_000), (101, 72_000), (200, 270_000), (201, 274_000)]
)
def test_pages_are_charged_by_the_tiers_of_2020(pages: int, fen: int) -> None:
    assert _price(by_pages(pages)) == fen


@pytest.mark.parametrize(
    ("nth", "fen"), [(10, 0), (11, 10_000), (30, 10_000), (31, 20_000), (40, 20_000), (41, 30_000)]
)
def test_requests_of_one_month_are_charged_by_the_tiers_of_2020(nth: int, fen: int) -> None:
    assert _price(by_pieces(nth)) == fen


@given(st.integers(0, 5000))
def test_no_page_and_no_request_makes_the_fee_less(count: int) -> None:
    assert _price(by_pages(count)) <= _price(by_pages(count + 1))
    assert _price(by_pieces(count)) <= _price(by_pieces(count + 1))


@pytest.mark.parametrize("pack", PACKS)
def test_every_fee_has_a_rule_in_both_packs(pack: str) -> None:
    assert {one.rule for one in (*PAGES, *PIECES)} <= RuleBook.load(pack).keys()
