"""What the macros draw from the nouns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.http import HttpRequest
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from shuniu.web import samples
from shuniu.web.declare import Column, Paging, Receipt, Row, Source, State

NOW = datetime(2024, 3, 5, 6, 32, tzinfo=UTC)
counts = st.integers(0, 10**9)


def draw(call: str, **context: object) -> html.HtmlElement:
    source = '{% import "web/parts.html.jinja" as parts %}<div>' + call + "</div>"
    return html.fromstring(engines["jinja2"].from_string(source).render(context, HttpRequest()))


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def receipt(new: int, changed: int, unchanged: int, duplicate: int, rejected: int) -> Receipt:
    received = new + changed + unchanged + duplicate + rejected
    return Receipt("1", "甲局", "乙表", NOW, received, new, changed, unchanged, duplicate, rejected, 0, new)


@given(counts, counts, counts, counts, counts)
def test_the_bar_of_a_receipt_adds_up_and_shows_every_part(a: int, b: int, c: int, d: int, e: int) -> None:
    bar = receipt(a, b, c, d, e).bar
    assert [kind for kind, _, _ in bar] == [kind for kind, count in receipt(a, b, c, d, e).counts if count]
    assert all(width >= 12 for _, _, width in bar)
    if bar:
        assert sum(width for _, _, width in bar) == pytest.approx(1000, abs=0.1)


def test_a_receipt_that_does_not_add_up_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="add up"):
        replace(receipt(1, 2, 3, 4, 5), received=16)


def test_a_receipt_says_what_was_received_what_became_of_it_and_what_is_held() -> None:
    said = words(draw("{{ parts.receipt(it) }}", it=samples.receipts()[0]))
    for fact in ("收到 12,480 行", "新增 320", "变更 1,150", "未变 10,800", "重复 12", "退回 198"):
        assert fact in said
    assert "报送前 51,006 → 报送后 51,311（撤下 15）" in said


def test_a_count_of_a_receipt_opens_its_rows_where_there_are_any_and_a_page_lists_them() -> None:
    it = replace(
        receipt(3, 0, 2, 1, 4), withdrawn=5, hrefs={"new": "/new", "changed": "/changed", "withdrawn": "/gone"}
    )
    links = {words(link): link.get("href") for link in draw("{{ parts.receipt(it) }}", it=it).iter("a")}
    assert links == {"新增 3": "/new", "撤下 5": "/gone"}


def test_a_reader_s_words_are_never_markup() -> None:
    evil = "<script>alert(1)</script>"
    table = draw(
        '{{ parts.table("t", evil, columns, rows) }}', evil=evil, columns=[Column(evil)], rows=[Row((evil,), "#x")]
    )
    assert table.findall(".//script") == []
    assert evil in words(table)


def test_the_first_cell_leads_to_the_row_and_each_cell_knows_its_column() -> None:
    rows = [Row(("甲", 1234, date(2024, 3, 5), State("已退回", "stopped")), "/rows/1")]
    columns = [Column("名称"), Column("数", "number"), Column("日期", "day"), Column("状态")]
    table = draw('{{ parts.table("t", "表", columns, rows) }}', columns=columns, rows=rows)
    cells = table.findall(".//tbody/tr/*")
    assert [words(cell) for cell in cells] == ["甲", "1,234", "2024-03-05", "已退回"]
    assert [cell.get("data-head") for cell in cells] == [column.title for column in columns]
    assert cells[0].find("a").get("href") == "/rows/1"


def test_a_page_may_write_its_own_cells() -> None:
    call = '{% call(row) parts.table("t", "表", columns, rows) %}<td>{{ row }} 个</td>{% endcall %}'
    assert words(draw(call, columns=[Column("数")], rows=[3]).find(".//td")) == "3 个"


def test_an_empty_table_says_why_and_a_long_one_asks_to_narrow() -> None:
    columns = [Column("名称")]
    empty = draw('{{ parts.table("t", "表", columns, [], empty="没有逾期。") }}', columns=columns)
    assert empty.find(".//table") is None
    assert "没有逾期。" in words(empty)
    long = draw(
        '{{ parts.table("t", "表", columns, rows, paging=paging) }}',
        columns=columns,
        rows=[Row(("甲",))],
        paging=Paging(1, 50, 2_345_678),
    )
    assert "共 2,345,678 行，只列出前 10,000 行" in words(long)


@given(size=st.integers(1, 200), total=st.integers(0, 10**7), data=st.data())
def test_pages_cover_the_rows_that_are_listed(size: int, total: int, data: st.DataObject) -> None:
    pages = Paging(1, size, total).pages
    paging = Paging(data.draw(st.integers(1, pages)), size, total)
    assert 0 <= paging.first <= paging.last <= min(total, paging.limit)
    assert (paging.last == min(total, paging.limit)) == (paging.number == pages)
    assert {1, paging.number, pages} <= set(paging.around)
    assert len(paging.around) <= 7


def test_a_page_link_keeps_the_filter() -> None:
    assert Paging(1, 10, 100, (("q", "示例 甲"),)).href(2) == "?q=%E7%A4%BA%E4%BE%8B+%E7%94%B2&page=2"


def test_a_source_names_agency_resource_day_and_batch_and_opens_the_row() -> None:
    chip = draw("{{ parts.source(it) }}", it=Source("甲局", "乙表", date(2024, 3, 5), "批 7", "/rows/9")).find(".//a")
    assert words(chip) == "来源：甲局 · 乙表 · 2024-03-05 · 批 7"
    assert chip.get("href") == "/rows/9"


def test_every_state_has_a_shape_beside_its_word() -> None:
    for one in samples.STATES:
        drawn = draw("{{ parts.state(it) }}", it=one)
        assert drawn.find(".//svg") is not None
        assert words(drawn) == one.word


def test_progress_carries_the_polling_that_the_page_asks_for() -> None:
    attrs = {"hx-get": "/submissions/7/progress/", "hx-trigger": "every 2s"}
    drawn = draw('{{ parts.progress("正在入库", 5, 20, attrs=attrs) }}', attrs=attrs)
    assert drawn.find(".//div[@hx-get]").get("hx-trigger") == "every 2s"
    assert (drawn.find(".//progress").get("value"), drawn.find(".//progress").get("max")) == ("5", "20")
    assert "25.0%（5/20）" in words(drawn)


def test_a_journal_line_says_whether_it_is_sealed() -> None:
    first, second = draw("{{ parts.journal(it) }}", it=samples.ENTRIES).findall(".//li")
    assert "已封存 第 1,204,331 条" in words(first)
    assert "待封存" in words(second)
