"""The printed document measured against GB/T 9704-2012: page, 版心, lines, characters a line, sizes, red head, fonts."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import pytest

from shuniu.cases.declare.document import DocumentNumber, DocumentState, DocumentView, Draft
from shuniu.cases.red_head import pdf
from tests.cases.documents import NOTICE, REQUEST
from tests.cast import AGENCIES, cast
from tests.refusals import refused

__all__ = ["cast"]
pytestmark = pytest.mark.usefixtures("cast")

MM = 72 / 25.4
NAMES = {one.key: one.name for one in AGENCIES}
_RUN = re.compile(
    rb"q 1 0 0 -1 ([\d.]+) ([\d.]+) cm((?:(?!\nQ).)*?)BT (\d) Tr/f\d+ ([\d.]+) Tf [^\[]*\[(.*?)\]TJ", re.DOTALL
)
_RULE = re.compile(rb"q 1 0 0 -1 ([\d.]+) ([\d.]+) cm[^q]*? ([\d.]+) w 4 M 0 0 m ([\d.]+) 0 l")


@dataclass(frozen=True)
class Run:
    """One line of text on a page: where its baseline begins (points from bottom left), its size, how many glyphs, how."""

    x: float
    y: float
    size: float
    glyphs: int
    red: bool


def streams(data: bytes) -> list[bytes]:
    """Every packed stream of a PDF, unpacked."""
    found = []
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            found.append(zlib.decompress(match[1]))
        except zlib.error:
            continue
    return found


def pages(data: bytes) -> list[list[Run]]:
    """The lines of text of every page, but for what is turned (the mark of demo data)."""
    return [
        [
            Run(float(x), float(y), float(size), len(re.findall(rb"[)>](?:[\d.-]+|$)", text)), b"0.78431374" in before)
            for x, y, before, _, size, text in _RUN.findall(one)
        ]
        for one in streams(data)
        if b" Tm[" in one
    ]


def document(draft: Draft = NOTICE, **changes: object) -> DocumentView:
    number = DocumentNumber(draft.code, 2026, 12)
    made = draft.model_copy(update=changes)
    return DocumentView(1, "43.market", DocumentState.SIGNED, (made,), number, date(2026, 11, 20), ("罗毅",), (), ())


@pytest.fixture
def long() -> list[list[Run]]:
    return pages(pdf(document(body=("甲" * 2000,))))


def test_the_page_is_a4_and_the_type_area_156_by_225_mm(long: list[list[Run]]) -> None:
    data = pdf(document())
    boxes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox ?\[([^\]]*)\]", data)}
    assert [pytest.approx((0, 0, 210 * MM, 297 * MM), abs=0.01)] == list(boxes)
    body = [run for run in long[1] if run.size == 16]
    assert min(run.x for run in body) == pytest.approx(28 * MM, abs=0.01)  # 订口
    assert body[0].y + 0.8 * 16 == pytest.approx((297 - 37) * MM, abs=0.01)  # 天头
    assert body[-1].y - 0.2 * 16 >= 35 * MM
    rules = [rule for one in streams(data) for rule in _RULE.findall(one)]
    assert [float(x) for x, *_ in rules] == pytest.approx([28 * MM] * len(rules), abs=0.01)
    assert [float(length) for *_, length in rules] == pytest.approx(
        [156 * MM] * 4, abs=0.01
    )  # the red one, and three below


def test_a_full_page_has_22_lines_of_28_characters_of_size_three(long: list[list[Run]]) -> None:
    body = [run for run in long[1] if run.size == 16]
    assert len(body) == 22
    assert {run.glyphs for run in body} == {28}
    steps = [one.y - other.y for one, other in pairwise(body)]
    assert steps == pytest.approx([225 * MM / 22] * 21, abs=0.01)


def test_the_head_is_red_the_title_of_size_two_and_the_first_paragraph_indented(long: list[list[Run]]) -> None:
    mark, number, title = long[0][:3]
    assert (mark.red, number.red, title.red) == (True, False, False)
    assert (mark.size, number.size, title.size) == (40, 16, 22)
    assert (297 - 37) * MM - (mark.y + 0.8 * 40) == pytest.approx(35 * MM, abs=0.01)
    first = next(run for run in long[0] if run.glyphs == 26)  # two of the 28 are the indent
    assert first.x - 28 * MM == pytest.approx(2 * 156 * MM / 28, abs=0.01)


@pytest.mark.parametrize("issuers", [("43.market", "43.tax"), ("430102.market", "43.tax", "43.office", "43.market")])
def test_a_joint_head_shows_every_issuer_the_main_one_first_and_leaves_room_for_the_text(
    issuers: tuple[str, ...],
) -> None:
    it = replace(document(), agency=issuers[0], issuers=issuers, signers=("罗毅", "钟华", "陈岚"))
    (first, *_) = pages(pdf(it))
    marks = [run for run in first if run.red and run.size > 16]
    names = sorted((run for run in marks if run.glyphs > 2), key=lambda run: -run.y)
    (suffix,) = (run for run in marks if run.glyphs == 2)  # 文件
    assert [run.glyphs for run in names] == [len(NAMES[one]) for one in issuers]
    assert [run.x for run in names] == pytest.approx([names[0].x] * len(names)) and suffix.x > names[0].x
    assert names[-1].y < suffix.y < names[0].y
    assert min(run.x for run in marks) >= 28 * MM - 0.01
    title = next(run for run in first if run.size == 22)
    assert title.y > 100 * MM, "the first page shows the text"
    every = [run for page in pages(pdf(it)) for run in page]
    assert len([run for run in every if run.red and run.size < 16]) == 1, "未加盖电子印章, once"
    signed = [run.glyphs for run in every if run.size == 16]
    assert signed.count(len(NAMES[issuers[-1]])) >= 1


def test_page_numbers_stand_outside_odd_to_the_right_and_even_to_the_left(long: list[list[Run]]) -> None:
    feet = [run for page in long[:2] for run in page if run.y < 35 * MM]
    assert [run.size for run in feet] == [14, 14]
    assert feet[0].x > 105 * MM > feet[1].x


def test_an_upward_document_shows_its_signer_beside_the_number() -> None:
    (first, *_) = pages(pdf(document(REQUEST)))
    line = {run.y for run in first if run.size == 16}
    beside = [[run for run in first if run.y == y and run.size == 16] for y in line]
    (together,) = (runs for runs in beside if len(runs) == 3)  # 发文字号 left; 签发人： and the name right; on one line
    assert together[0].x < 60 * MM < together[1].x < together[2].x


def test_the_only_font_is_the_one_we_ship_and_it_is_embedded() -> None:
    data = pdf(document(body=("䶮字也印得出。",)))
    names = {name.split(b"+")[-1] for name in re.findall(rb"/FontName ?/([^ /\n>]*)", data)}
    assert names <= {b"ShuniuSansSC", b"ShuniuRare"} and names
    assert data.count(b"/FontFile") == len(re.findall(rb"/FontName", data))


def test_the_same_document_is_the_same_bytes_and_an_unsigned_one_is_not_printed() -> None:
    assert pdf(document()) == pdf(document())
    assert pdf(document(title="关于另一件事的通知")) != pdf(document())
    with refused("documents.not_signed"):
        pdf(replace(document(), number=None))


def test_what_people_wrote_is_never_markup() -> None:
    hostile = "#panic(1) $x$ *粗* [框] @引 <标> \\ /* 注 */ // 尾"
    assert pages(pdf(document(title=f"{hostile}的通知", body=(hostile,), attachments=(hostile,), note=hostile)))
