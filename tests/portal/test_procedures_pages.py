"""Procedures on the desk: each drawn with the same in words, taken away as BPMN; where a case stands, for whom it concerns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree as Xml

import pytest
from django.test import Client

from shuniu.portal.figures import figure
from shuniu.procedures import api
from shuniu.procedures.declare import OPENER, Procedure, Stage
from shuniu.trust.declare import Actor
from shuniu.trust.models import Entry
from tests.cast import Cast, SignedIn
from tests.portal.reading import words
from tests.procedures.office import JOINT as TOGETHER
from tests.procedures.office import REVIEW, ask, decide, send_back

pytestmark = pytest.mark.django_db
JOINT = Procedure(
    key="test.building",
    version=3,
    title="工程建设项目联合审查",
    stages=(
        Stage(key="hear", title="听证", lane="法制", optional=True, on_no=f"return:{OPENER}"),
        Stage(key="plan", title="规划条件核实与用地预审意见书出具环节", lane="自然资源", term=5),
        Stage(key="vote", title="专家表决", lane="评委", rule="quorum", quorum=3, needs=("hear", "plan")),
        Stage(key="parts", title="各分项", children="each", needs=("vote",)),
    ),
)


@pytest.fixture(autouse=True)
def _registered() -> Iterator[None]:
    for one in (REVIEW, JOINT, TOGETHER):
        api.register(one)
    yield
    for one in (REVIEW, JOINT, TOGETHER):
        del api.PROCEDURES[one.key]


def with_rights(actor: Actor, *more: str) -> Actor:
    return replace(actor, capabilities=actor.capabilities | {"test.ask", "test.decide", "test.send_back", *more})


@pytest.fixture
def case(cast: Cast) -> int:
    return ask(actor=with_rights(cast.market_officer)).id


def test_every_procedure_is_listed_with_its_drawing(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.market_officer)
    words(client, "/desk/procedures/")  # the first page that is asked for has what the pages import registered
    pages = -(-len(api.PROCEDURES) // 10)
    page = "".join(words(client, f"/desk/procedures/?page={number + 1}") for number in range(pages))
    for one in (REVIEW, JOINT):
        assert f'href="/desk/procedures/{one.key}/"' in page
    drawings = re.findall(r'<svg role="img" aria-labelledby="(\S+) (\S+)"', page)
    assert len(drawings) >= 4, "those of the engines are among them"
    for title, desc in drawings:
        assert f'<title id="{title}">' in page and f'<desc id="{desc}">' in page


def test_a_procedure_says_in_words_all_that_its_drawing_shows(cast: Cast, signed_in: SignedIn) -> None:
    page = words(signed_in(cast.market_officer), "/desk/procedures/test.building/")
    for said in ("第 3 版", "听证（可略过）", "不同意：退回发起人", "表决（3 方同意）", "限 5 个工作日", "各分项均须办结",
                 "听证、规划条件核实与用地预审意见书出具环节", "虚线为不同意时退回"):  # fmt: skip
        assert said in page, said
    assert "规划条件核实与用地预" in page and "审意见书出具环节</text>" in page, "a long title goes on in a second line"


def test_a_title_too_long_for_its_box_is_cut_where_it_shows_and_whole_in_the_table() -> None:
    stage = Stage(key="a", title="建设工程消防设计审查验收备案抽查结果通知书制作送达归档", lane="x")
    drawn = figure("f", Procedure(key="p", version=1, title="长", stages=(stage,)))
    (card,) = drawn.cards
    assert len(card.title) == 2 and card.title[1][1].endswith("…")
    assert drawn.rows[0].cells[0] == stage.title


def test_a_procedure_is_taken_away_as_bpmn_in_the_words_of_the_lanes(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.market_officer)
    response = client.get("/desk/procedures/catalogue.review/procedure.bpmn")
    assert response.headers["Content-Type"] == "application/xml"
    assert response.headers["Content-Disposition"].startswith("attachment")
    root = Xml.fromstring(response.content)  # noqa: S314 - our own output
    assert [one.get("name") for one in root.iter("{http://www.omg.org/spec/BPMN/20100524/MODEL}lane")] == [
        "审核资源目录"
    ]
    assert client.get("/desk/procedures/no.such/").status_code == 404


def test_a_case_is_shown_on_its_drawing_by_whom_and_since_when(case: int, cast: Cast, signed_in: SignedIn) -> None:
    opener = signed_in(cast.market_officer)
    page = words(opener, f"/desk/cases/{case}/place/")
    assert "待办" in page and "未到" in page and "正在办理：初审。" in page
    decide(actor=with_rights(cast.market_second, "test.check"), case=case)
    page = words(opener, f"/desk/cases/{case}/place/")
    assert "已完成 1 个。" in page
    assert re.search(r"省市场监督管理局 李华 \d{4}-\d\d-\d\d \d\d:\d\d 同意", page)
    publisher = with_rights(cast.market_cataloguer, "test.publish")
    send_back(actor=publisher, case=case, to_stage="check")
    assert "退回重办" in words(opener, f"/desk/cases/{case}/place/")


def test_only_what_several_sign_is_called_signing_together(cast: Cast) -> None:
    drafter = with_rights(cast.market_officer)
    one = ask(actor=drafter, procedure=TOGETHER.key)
    several = ask(actor=drafter, procedure=TOGETHER.key, sign=("43.market", "43.tax"))
    for view, said in ((one, "办理人同意"), (several, "会签（均须同意）"), (None, "办理人同意")):
        (row,) = figure("f", TOGETHER, case=view, log=api.history(view.id) if view else ()).rows
        assert said in row.cells


def test_a_case_is_shown_to_whom_it_concerns_and_each_reading_is_journalled(
    case: int, cast: Cast, signed_in: SignedIn
) -> None:
    address = f"/desk/cases/{case}/place/"
    assert "或者您不能查看它" in words(signed_in(cast.market_second), address, 403)
    decide(actor=with_rights(cast.market_second, "test.check"), case=case)
    words(signed_in(cast.market_second), address)
    words(signed_in(cast.office), address)
    words(signed_in(cast.tax_officer), address, 403)
    assert Client().get(address).status_code == 302, "who has not signed in is asked to"
    read = Entry.objects.filter(verb="procedures.read_place", object=f"case:{case}", outcome="done")
    assert read.count() == 2
    words(signed_in(cast.office), "/desk/cases/999999/place/", 403)
