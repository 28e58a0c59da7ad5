from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.base.calendar import Calendar
from shuniu.base.expressions import Compare, Field, Kind, Shift, Today, holds, sentence
from shuniu.base.periods import Term, Unit
from shuniu.base.rules import PACKS, Certainty, NoRule, Rule, RuleBook, RuleError, parse_rules, region_prefix

TODAY = date(2026, 11, 21)
HEADER = "id,key,region,type,value,unit,legal_basis,article,effective_from,effective_to,certainty,note"
PLAIN = Rule(
    id="a",
    pack="local",
    key="k",
    value=1,
    unit="day",
    legal_basis="某条例",
    article="1",
    effective_from=date(2020, 1, 1),
    effective_to=None,
    certainty=Certainty.KNOWN,
    region=None,
    note="",
)


@dataclass(frozen=True)
class Disclosed:
    """What a page keeps of a decision: the answer and the rule that gave it."""

    shown: bool
    rule_id: str


def disclose(pack: str, decided: date, severity: str, on: date) -> Disclosed:
    rule = RuleBook.load(pack).resolve(f"credit.disclosure.{severity}.max", on, "43")
    until = Shift(Field("处罚决定日期", Kind.DATE), rule.integer(), "month")
    return Disclosed(holds(Compare("<=", Today(), until), {"处罚决定日期": decided}, on), rule.id)


def test_the_same_penalty_is_disclosed_differently_under_each_pack() -> None:
    decided = date(2022, 6, 1)
    assert disclose("period-2010", decided, "general", TODAY) == Disclosed(
        True, "p10.credit.disclosure.general.max.2013"
    )
    assert disclose("current-2026", decided, "general", TODAY) == Disclosed(
        False, "c26.credit.disclosure.general.max.2026"
    )


def test_a_kept_rule_id_explains_the_decision_later() -> None:
    kept = disclose("current-2026", date(2022, 6, 1), "general", TODAY).rule_id
    rule = RuleBook.load("current-2026").by_id(kept)
    assert (rule.integer(), rule.unit, rule.certainty) == (12, "month", Certainty.VERIFIED)
    until = Shift(Field("decided", Kind.DATE), rule.integer(), "month")
    said = sentence(Compare("<=", Today(), until), {"decided": "处罚决定日期"})
    assert said == "当日不晚于“处罚决定日期”之后12个月"
    with pytest.raises(KeyError):
        RuleBook.load("current-2026").by_id("unknown")


def test_within_a_pack_the_day_decides_which_law_holds() -> None:
    book = RuleBook.load("current-2026")
    months = {
        day: book.resolve("credit.disclosure.general.max", date.fromisoformat(day), "43").integer()
        for day in ("2023-04-30", "2023-05-01", "2026-03-31", "2026-04-01")
    }
    assert months == {"2023-04-30": 60, "2023-05-01": 36, "2026-03-31": 36, "2026-04-01": 12}


def test_the_classes_of_adverse_facts_have_their_terms() -> None:
    book = RuleBook.load("current-2026")
    terms = {
        severity: tuple(book.resolve(f"credit.disclosure.{severity}.{end}", TODAY).integer() for end in ("min", "max"))
        for severity in ("minor", "general", "serious")
    }
    assert terms == {"minor": (0, 3), "general": (3, 12), "serious": (12, 36)}
    assert book.resolve("credit.disclosure.minor.published", TODAY).text() == "no"
    assert book.resolve("credit.repair.conditions", TODAY).texts() == ("min_period", "corrected", "commitment")


def test_objections_are_due_by_each_packs_own_days() -> None:
    calendar, received = Calendar.load(), date(2026, 9, 24)
    due = {
        pack: calendar.due(received, RuleBook.load(pack).resolve("credit.objection.other.days", TODAY, "4331").term())
        for pack in PACKS
    }
    assert [due[pack].date for pack in PACKS] == [date(2026, 10, 14), date(2026, 10, 12)]


@pytest.mark.parametrize("pack", PACKS)
def test_both_packs_answer_every_key_today(pack: str) -> None:
    keys = RuleBook.load(PACKS[0]).keys() | RuleBook.load(PACKS[1]).keys()
    for key in keys:
        assert RuleBook.load(pack).resolve(key, TODAY, "433101").pack == pack


@pytest.mark.parametrize("pack", PACKS)
def test_a_rule_founded_on_our_own_default_never_claims_a_law(pack: str) -> None:
    for rule in RuleBook.load(pack).rules:
        if rule.legal_basis == "平台默认值":
            assert rule.certainty == Certainty.OWN_DEFAULT
            assert rule.article == ""
        assert rule.note


@pytest.mark.parametrize("pack", PACKS)
def test_quality_weights_make_a_hundred_and_grades_descend(pack: str) -> None:
    book = RuleBook.load(pack)
    weights = [key for key in sorted(book.keys()) if key.startswith("quality.weight.")]
    assert sum(book.resolve(key, TODAY).integer() for key in weights) == 100
    grades = [book.resolve(f"quality.grade.{grade}", TODAY).integer() for grade in "ABCD"]
    assert grades == sorted(grades, reverse=True)
    assert grades[-1] == 0


def test_limits_of_the_exchange_are_exact_decimals() -> None:
    book = RuleBook.load("current-2026")
    limits = [
        book.resolve(f"exchange.{name}", TODAY).decimal() for name in ("reject_limit", "withdraw_hold", "change_hold")
    ]
    assert limits == [Decimal("0.05"), Decimal("0.05"), Decimal("0.20")]


def test_the_most_specific_region_wins() -> None:
    book = RuleBook.of("local", [PLAIN, replace(PLAIN, id="b", region="43"), replace(PLAIN, id="c", region="4331")])
    found = {
        code: book.resolve("k", TODAY, code).id for code in (None, "370000", "430000", "430102", "433100", "433101")
    }
    assert found == {None: "a", "370000": "a", "430000": "b", "430102": "b", "433100": "c", "433101": "c"}


def test_shandong_has_the_law_where_others_follow_its_example() -> None:
    book = RuleBook.load("current-2026")
    shandong, hunan = (book.resolve("credit.objection.own.days", TODAY, code) for code in ("370100", "430100"))
    assert (shandong.certainty, hunan.certainty) == (Certainty.VERIFIED, Certainty.OWN_DEFAULT)
    assert shandong.value == hunan.value == 3


def test_a_missing_rule_names_key_day_and_region() -> None:
    book = RuleBook.load("current-2026")
    with pytest.raises(NoRule, match=r"current-2026 中没有在 2026-11-21 生效的规则“no\.such”（区划 43）"):
        book.resolve("no.such", TODAY, "43")
    with pytest.raises(NoRule, match="2009-01-01"):
        book.resolve("exchange.reject_limit", date(2009, 1, 1))


def test_overlapping_rules_of_one_key_and_region_are_refused() -> None:
    other = replace(PLAIN, id="b", effective_from=date(2024, 1, 1))
    with pytest.raises(RuleError, match="规则 a 与 b（k，全国）的生效期重叠"):
        RuleBook.of("local", [PLAIN, other])
    RuleBook.of("local", [replace(PLAIN, effective_to=date(2023, 12, 31)), other])
    RuleBook.of("local", [PLAIN, replace(other, region="43")])


def test_own_rules_are_added_and_checked_with_the_rest() -> None:
    book = RuleBook.load("current-2026")
    local = replace(
        PLAIN, id="hn", pack="current-2026", key="exchange.reject_limit", value=Decimal("0.03"), region="43"
    )
    assert book.with_rules([local]).resolve("exchange.reject_limit", TODAY, "430100").id == "hn"
    assert book.with_rules([local]).resolve("exchange.reject_limit", TODAY, "370000").decimal() == Decimal("0.05")
    with pytest.raises(RuleError, match="重叠"):
        book.with_rules([replace(local, region=None)])
    with pytest.raises(RuleError, match="重复"):
        book.with_rules([replace(local, id="c26.share.review.days")])
    with pytest.raises(RuleError, match="属于规则包 local"):
        book.with_rules([PLAIN])


@given(st.dates(date(2019, 1, 1), date(2027, 1, 1)), st.lists(st.integers(1, 400), min_size=1, max_size=6))
def test_rules_that_follow_one_another_leave_exactly_one_for_each_day(on: date, lengths: list[int]) -> None:
    starts = [date(2020, 1, 1) + timedelta(days=sum(lengths[:i])) for i in range(len(lengths))]
    ends = [start + timedelta(days=length - 1) for start, length in zip(starts, lengths, strict=True)]
    rules = [
        replace(PLAIN, id=str(i), effective_from=start, effective_to=end)
        for i, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    book = RuleBook.of("local", rules)
    if starts[0] <= on <= ends[-1]:
        assert on in book.resolve("k", on).period
    else:
        with pytest.raises(NoRule):
            book.resolve("k", on)


def test_a_value_is_given_only_as_what_it_is() -> None:
    assert PLAIN.term() == Term(1, Unit.DAY)
    assert replace(PLAIN, value="yes", unit="").text() == "yes"
    assert replace(PLAIN, value=("a", "b"), unit="").texts() == ("a", "b")
    for ask in (PLAIN.text, PLAIN.texts, replace(PLAIN, value="x").integer, replace(PLAIN, value="x").decimal):
        with pytest.raises(RuleError, match="规则 a 的值"):
            ask()
    with pytest.raises(RuleError, match="不是期限"):
        replace(PLAIN, unit="point").term()


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("43", "43"),
        ("430000", "43"),
        ("431000", "4310"),
        ("433100000000", "4331"),
        ("430102", "430102"),
        ("430102001000", "430102001"),
        ("430102001002", "430102001002"),
    ],
)
def test_filling_zeros_are_no_part_of_a_region(code: str, prefix: str) -> None:
    assert region_prefix(code) == prefix


@pytest.mark.parametrize("code", ["", "4", "43010", "4301020", "43x1", "４３"])
def test_what_is_no_region_code_is_refused(code: str) -> None:
    with pytest.raises(RuleError, match="应为 2、4、6、9 或 12 位数字"):
        region_prefix(code)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("r,k,,int,五,day,某法,,2020-01-01,,V,", "invalid literal"),
        ("r,k,,float,1,day,某法,,2020-01-01,,V,", "类型“float”应为"),
        ("r,k,,int,5,day,某法,,2020-01-01,,V,,extra", "第2行的列数与表头不同"),
        ("r,k,,decimal,x,,某法,,2020-01-01,,V,", "第2行"),
        ("r,k,,int,5,day,,,2020-01-01,,V,", "依据都必须填写"),
        ("r,k,,int,5,day,某法,,2020-01-01,2019-01-01,V,", "早于开始日期"),
        ("r,k,,int,5,day,某法,,2020-01-01,,X,", "'X' is not a valid Certainty"),
        ("r,k,4x,int,5,day,某法,,2020-01-01,,V,", "区划代码"),
        ("r,k,,str,five,day,某法,,2020-01-01,,V,", "不是整数"),
        ("r,k,,int,5", "第2行的列数与表头不同"),
    ],
)
def test_a_bad_line_in_a_pack_is_named(line: str, answer: str) -> None:
    with pytest.raises(RuleError, match=answer):
        parse_rules("local", [HEADER, line])


def test_an_unknown_pack_is_refused_with_the_names_of_the_known() -> None:
    with pytest.raises(RuleError, match="period-2010、current-2026"):
        RuleBook.load("current-2030")
