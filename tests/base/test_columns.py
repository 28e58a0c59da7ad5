from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from time import perf_counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.base import columns, identifiers, text

TODAY = date(2026, 1, 1)


def read(expr_of: Callable[[pl.Expr], pl.Expr], values: list[str | None]) -> list[object]:
    frame = pl.DataFrame({"a": pl.Series(values, dtype=pl.String)})
    return frame.select(expr_of(pl.col("a")))["a"].to_list()


def nearly(body: st.SearchStrategy[str], check: Callable[[str], str]) -> st.SearchStrategy[str]:
    """Right codes, codes with one character changed, and anything at all."""

    def changed(code: str, place: int, char: str) -> str:
        place %= len(code)
        return code[:place] + char + code[place + 1 :]

    right = body.map(lambda text: text + check(text))
    wrong = st.builds(changed, right, st.integers(0, 17), st.sampled_from("0179AIOSVXZa-字９ "))
    return right | wrong | st.text("0123456789AXMI-字", max_size=19) | st.text(max_size=6)


RESIDENT = nearly(
    st.builds(
        lambda born, serial: f"430102{born:%Y%m%d}{serial:03}",
        st.dates(date(1870, 1, 1), date(2030, 1, 1)),
        st.integers(0, 999),
    )
    | st.from_regex(r"43010220[012]4(02(29|30)|1131|0000)01[0-9]", fullmatch=True),
    identifiers.resident_check_digit,
)
USCC = nearly(st.from_regex(r"[19AN][1-3][0-9]{6}[0-9A-H]{9}", fullmatch=True), identifiers.uscc_check_digit)
ORGANISATION = nearly(st.text("0123456789AMXZ", min_size=8, max_size=8), identifiers.organisation_check_digit)
REGISTRATION = nearly(st.text("0123456789", min_size=14, max_size=14), identifiers.registration_check_digit)


@given(st.lists(st.none() | USCC | RESIDENT, max_size=8))
def test_credit_codes_are_judged_as_one_by_one(codes: list[str | None]) -> None:
    scalar = [None if code is None else identifiers.uscc_valid(code, today=TODAY) for code in codes]
    assert read(lambda expr: columns.uscc_ok(expr, today=TODAY), codes) == scalar


@given(st.lists(st.none() | RESIDENT, max_size=8))
def test_resident_ids_are_judged_as_one_by_one(codes: list[str | None]) -> None:
    scalar = [None if code is None else identifiers.resident_id_valid(code, today=TODAY) for code in codes]
    assert read(lambda expr: columns.resident_id_ok(expr, today=TODAY), codes) == scalar


@given(st.lists(ORGANISATION | ORGANISATION.map(lambda code: code[:8] + "-" + code[8:]), max_size=8))
def test_organisation_codes_are_judged_as_one_by_one(codes: list[str]) -> None:
    assert read(columns.organisation_code_ok, [*codes]) == list(map(identifiers.organisation_code_valid, codes))


@given(st.lists(REGISTRATION | st.from_regex(r"[0-9]{12,16}", fullmatch=True), max_size=8))
def test_registration_numbers_are_judged_as_one_by_one(codes: list[str]) -> None:
    assert read(columns.registration_number_ok, [*codes]) == list(map(identifiers.registration_number_valid, codes))


def test_resident_ids_that_pass_the_credit_code_check_are_refused_in_columns_too() -> None:
    bodies = [f"43010219900307{serial:03}" for serial in range(1000)]
    codes: list[str | None] = [body + identifiers.resident_check_digit(body) for body in bodies]
    assert not any(read(columns.uscc_ok, codes))
    assert all(read(columns.resident_id_ok, codes))


def test_credit_codes_are_checked_at_more_than_two_and_a_half_million_a_second() -> None:
    bodies = [f"91430100MA{serial:07}" for serial in range(50_000)]
    frame = pl.DataFrame({"a": [body + identifiers.uscc_check_digit(body) for body in bodies] * 20})
    seconds = []
    for _ in range(3):
        start = perf_counter()
        assert frame.select(columns.uscc_ok(pl.col("a")).all()).item()
        seconds.append(perf_counter() - start)
    # The target is 0.4 s for a million; a test machine shared with others gets three times that.
    assert min(seconds) < 1.2


@given(st.lists(st.text("9AaｚＺ０１ \u3000\u200b'-－–Ⅳ字", max_size=12), max_size=6))
def test_codes_are_normalised_as_one_by_one(values: list[str]) -> None:
    assert read(columns.normalise_code, [*values]) == [identifiers.clean(value) or None for value in values]


@given(st.lists(st.text("长沙ＡＢ９（）：，－a1 \u3000\u00a0\u200b\ufeff⽂豈\n\t·", max_size=12), max_size=6))
def test_text_is_normalised_as_one_by_one(values: list[str]) -> None:
    assert read(columns.normalise_text, [*values]) == [text.normalise_text(value) or None for value in values]


@given(
    st.lists(st.text("湖南长沙市岳麓茶业（集团）[]有限责任公司股份 ·Ａa國髙個", max_size=16), max_size=6),
    st.sampled_from(["", "有限责任公司", "股份有限公司", "(个体工商户)", "农民专业合作社"]),
)
def test_keys_of_names_are_those_made_one_by_one(names: list[str], form: str) -> None:
    names = [*names, *(f"湖南省长沙市{name}{form}" for name in names)]
    regions = ["湖南省", "长沙市"]
    assert read(columns.legal_name_key, [*names]) == [text.legal_name_key(name) for name in names]
    with_regions = [text.legal_name_key(name, regions) for name in names]
    assert read(lambda expr: columns.legal_name_key(expr, regions), [*names]) == with_regions
    assert read(columns.person_name_key, [*names]) == [text.person_name_key(name) for name in names]


DATES = [
    "2024-03-05", "2024/3/5", "2024.3.5", "20240305", "2024年3月5日", "45356", "45356.0", "2024-03-05 00:00:00",
    "2024-03-05T08:30:00+08:00", "2024-03-04T16:00:00Z", "２０２４－０３－０５", " 2024年03月05日 ",
    "2024 年 3 月 5 日", "二〇二四年三月五日", "二○二四年三月五日", "20240305143000", "2024年3月5日14时30分",
    "2024/3/5 9:05",
]  # fmt: skip
NO_DATES = [
    "03/05/2024", "5/3/2024", "24-3-5", "2024-3", "202403", "2024-02-30", "2023-2-29", "2024-13-01", "20240230",
    "0000-00-00", "2024-03-05 25:00", "2024", "星期二", "", "123456789", "12024-03-05", "2024-03-051", "45-356",
]  # fmt: skip


@pytest.mark.parametrize("value", DATES)
def test_every_style_of_date_is_read(value: str) -> None:
    assert read(columns.parse_date, [value]) == [date(2024, 3, 5)]


@pytest.mark.parametrize("value", NO_DATES)
def test_what_is_ambiguous_or_on_no_calendar_is_null(value: str) -> None:
    assert read(columns.parse_date, [value]) == [None]
    assert read(columns.parse_datetime, [value]) == [None]


@given(st.lists(st.dates(date(1600, 1, 1), date(2999, 12, 31)), min_size=1, max_size=6))
def test_every_day_is_read_back_from_each_style(days: list[date]) -> None:
    for style in ("{0:%Y-%m-%d}", "{0.year}/{0.month}/{0.day}", "{0.year}年{0.month}月{0.day}日", "{0:%Y%m%d}"):
        assert read(columns.parse_date, [style.format(day) for day in days]) == days


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back_from_chinese_numerals(day: date) -> None:
    ones = "〇一二三四五六七八九"

    def spoken(number: int) -> str:
        ten, one = divmod(number, 10)
        return ("" if ten < 2 else ones[ten]) + ("十" if ten else "") + (ones[one] if one else "")

    year = "".join(ones[int(digit)] for digit in str(day.year))
    assert read(columns.parse_date, [f"{year}年{spoken(day.month)}月{spoken(day.day)}日"]) == [day]


def test_times_are_chinas_whatever_zone_they_were_written_in() -> None:
    values = ["2024-03-05T08:30:00Z", "2024-03-05 08:30:00.25", "45356.5", "20240305143000", "2024-03-05 08:30 -05:00"]
    noon = datetime(2024, 3, 5)
    expected = [
        noon.replace(hour=16, minute=30), noon.replace(hour=8, minute=30, microsecond=250_000), noon.replace(hour=12),
        noon.replace(hour=14, minute=30), noon.replace(hour=21, minute=30),
    ]  # fmt: skip
    assert read(columns.parse_datetime, [*values]) == expected
    canonical = read(lambda expr: columns.datetime_text(columns.parse_datetime(expr)), ["2024/3/5 8:05", None])
    assert canonical == ["2024-03-05T08:05:00+08:00", None]


AMOUNTS = {
    "1,234,567.89": "1234567.89", "￥1,234": "1234", "1.50": "1.5", "0.10": "0.1", ".5": "0.5", "5万元": "50000",
    "1.23456万元": "12345.6", "0.5亿元": "50000000", "３，０００元": "3000", "人民币5000元整": "5000", "-5万": "-50000",
    "007": "7", "-0.00": "0", "2万亿元": "2000000000000", "¥-5": "-5", "+3": "3",
}  # fmt: skip


def test_amounts_are_read_exactly_in_yuan() -> None:
    assert read(columns.parse_amount, [*AMOUNTS]) == list(AMOUNTS.values())
    assert read(lambda expr: columns.parse_amount(expr, unit="万元"), ["1.5", "1.5元"]) == ["15000", "1.5"]
    assert read(columns.parse_number, ["1,234.50", "5万元", "￥1"]) == ["1234.5", None, None]
    with pytest.raises(ValueError, match="unknown unit"):
        columns.parse_amount(pl.col("a"), unit="美元")


@pytest.mark.parametrize(
    "value", ["1,23", "1e5", "5美元", "--5", "5.", "3.5角", "", "元", "约5万元", "5万-6万", "1.2.3"]
)
def test_what_is_no_certain_amount_is_null(value: str) -> None:
    assert read(columns.parse_amount, [value]) == [None]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6), st.sampled_from(["", "万", "亿"]))
def test_no_digit_of_an_amount_is_lost(value: Decimal, unit: str) -> None:
    (answer,) = read(columns.parse_amount, [f"{value:,f}{unit}元"])
    shift = {"": 0, "万": 4, "亿": 8}[unit]
    assert Decimal(str(answer)) == Decimal(f"{value:f}e{shift}")  # comparing is exact, whatever the context's precision
    assert read(columns.parse_number, [str(answer)]) == [answer]


def test_yes_and_no_are_read_in_every_spelling() -> None:
    assert read(columns.parse_bool, ["是", "Ｙ", "1", "TRUE", "yes"]) == [True] * 5
    assert read(columns.parse_bool, ["否", "n", "０", "false", " No "]) == [False] * 5
    assert read(columns.parse_bool, ["2", "", None, "也许"]) == [None] * 4
    assert read(lambda expr: columns.bool_text(columns.parse_bool(expr)), ["是", "否"]) == ["true", "false"]


@given(st.lists(st.none() | st.text(max_size=12), max_size=6))
def test_no_text_breaks_a_reader(values: list[str | None]) -> None:
    for reader in (columns.parse_date, columns.parse_datetime, columns.parse_amount, columns.parse_number):
        assert len(read(reader, values)) == len(values)
    for check in (columns.uscc_ok, columns.organisation_code_ok, columns.registration_number_ok):
        assert [answer is None for answer in read(check, values)] == [value is None for value in values]
