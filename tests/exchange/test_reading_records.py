"""JSON and XML: flat records with named fields; what is nested, doubled, unfinished or dangerous is refused."""

from __future__ import annotations

import json
import xml.sax.saxutils as sax

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuniu.exchange.reading import json_file, records
from tests.exchange.conftest import FIRMS
from tests.exchange.files import refusal_of, rows_of

RECORDS = [{"uscc": code, "企业名称": f"湘江{n}", "注册资本": 1.50, "state": None} for n, code in enumerate(FIRMS)]
XML = "<行><uscc>{}</uscc><企业名称>{}</企业名称><capital/></行>"


def xml(*rows: tuple[str, str], declared: str = "UTF-8") -> str:
    body = "".join(XML.format(sax.escape(code), sax.escape(name)) for code, name in rows)
    return f'<?xml version="1.0" encoding="{declared}"?>\n<r><头><代码>0</代码></头><数据>{body}</数据></r>'


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(RECORDS),
        json.dumps(RECORDS, ensure_ascii=False, indent=2),
        json.dumps({"code": 0, "msg": "ok", "RECORDS": RECORDS}),
        "\n".join(json.dumps(record, ensure_ascii=False) for record in RECORDS),
    ],
)
def test_an_array_bare_or_wrapped_and_one_object_per_line_are_the_same(text: str) -> None:
    frame, notes = rows_of(text, "登记.json")
    assert frame.get_column("uscc").to_list() == list(FIRMS)
    assert frame.get_column("capital").to_list() == ["1.5"] * 4
    assert frame.get_column("_line").to_list() == [1, 2, 3, 4]
    assert any("第几条记录" in note for note in notes)


def test_numbers_keep_every_digit_as_written() -> None:
    text = '[{"uscc": 12345678901234567890, "name": "湘江", "capital": 1.10, "state": true}]'
    row = rows_of(text)[0].row(0, named=True)
    assert (row["uscc"], row["capital"], row["state"]) == ("12345678901234567890", "1.10", "true")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('[{"uscc": "a", "uscc": "b"}]', "file.doubled_key"),
        ('{"uscc": "a", "uscc": "b"}', "file.doubled_key"),
        ('[{"uscc": "a", "name": {"x": 1}}]', "file.nested"),
        ('[{"uscc": ' + "[" * 100_000, "file.nested"),
        ('[{"uscc": "a", "name": "b"}, {"us', "file.damaged"),
        ('[{"uscc": "a", "name": "b"}', "file.damaged"),
        ('[{"uscc": "a", "name": "b"} x]', "file.json"),
        ('[{"uscc": "a", "name": "b"}] x', "file.json"),
        ('[{"uscc": NaN, "name": "b"}]', "file.json"),
        ("[1]", "file.columns"),
        ("[]", "file.empty"),
        ('[{"甲": 1}]', "file.columns"),
        ('[{"uscc": "a", "name": "b", "统一社会信用代码": "c"}]', "file.columns"),
    ],
)
def test_json_that_can_be_read_two_ways_or_none_is_refused(text: str, rule: str) -> None:
    assert refusal_of(text, "登记.json").rule == rule


def test_a_record_longer_than_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_file, "MAX_RECORD", 1 << 20)
    refusal = refusal_of('[{"uscc": "' + "x" * (3 << 20), "登记.json")
    assert refusal.rule == "file.json"


def test_records_that_cross_blocks_and_batches_are_all_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "BATCH", 1000)
    many = [{"uscc": f"N{n}", "name": "湘" * (n % 200)} for n in range(6000)]
    frame, _ = rows_of(json.dumps(many, ensure_ascii=False), "登记.json")
    assert frame.select("uscc", "name").rows() == [(f"N{n}", "湘" * (n % 200)) for n in range(6000)]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20), min_size=1))
def test_any_text_survives_json(texts: list[str]) -> None:
    frame, _ = rows_of(json.dumps([{"uscc": "a", "name": text} for text in texts], ensure_ascii=False), "登记.json")
    assert frame.get_column("name").to_list() == texts


@pytest.mark.parametrize(("declared", "encoding"), [("UTF-8", "utf-8"), ("gb2312", "gb18030"), ("UTF-16", "utf-16")])
def test_xml_is_read_in_the_encoding_that_it_has(declared: str, encoding: str) -> None:
    data = xml((FIRMS[0], "湘江"), (FIRMS[1], "䶮镕 & 湘水"), declared=declared).encode(encoding)
    frame, _ = rows_of(data, "登记.xml")
    assert frame.select("uscc", "name", "capital").rows() == [(FIRMS[0], "湘江", None), (FIRMS[1], "䶮镕 & 湘水", None)]


def test_xml_fields_may_be_attributes_and_have_namespaces() -> None:
    rows = "".join(f'<x:row x:uscc="{code}" name="湘江"/>' for code in FIRMS)
    frame, _ = rows_of(f'<x:r xmlns:x="urn:x">{rows}</x:r>', "登记.xml")
    assert frame.get_column("uscc").to_list() == list(FIRMS)


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "lol" * 10}">' for n in range(10))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (f"<!DOCTYPE r [{BOMB}]><r><row><uscc>&a9;</uscc><name>x</name></row></r>", "file.doctype"),
        ('<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r><row><uscc>&e;</uscc></row></r>', "file.doctype"),
        ('<!DOCTYPE r SYSTEM "http://127.0.0.1/x.dtd"><r><row><uscc>1</uscc></row></r>', "file.doctype"),
        (
            f"<!--{'x' * 100_000}--><!DOCTYPE r [{BOMB}]><r><row><uscc>1</uscc><name>&a9;</name></row></r>",
            "file.doctype",
        ),
        ("<r><row><uscc>1</uscc><name>&e;</name></row></r>", "file.xml"),
        ("<r><row><uscc>1</uscc><name>x</name></row>", "file.xml"),
        ("<r><row><uscc>1</uscc><name><b>x</b></name></row></r>", "file.nested"),
        ("<r><row><uscc>1</uscc><uscc>2</uscc><name>x</name></row></r>", "file.doubled_key"),
        ("<r><row><甲>1</甲></row></r>", "file.empty"),
        ("<r/>", "file.empty"),
        ("<a>" * 5000, "file.xml"),
    ],
)
def test_xml_that_is_dangerous_or_not_flat_is_refused(text: str, rule: str) -> None:
    assert refusal_of(text, "登记.xml").rule == rule
