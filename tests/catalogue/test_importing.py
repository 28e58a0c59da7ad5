"""A department's dictionary becomes drafts: what is taken, what waits for a human, what is left out and why."""

from __future__ import annotations

import csv
import io
import json
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuniu.catalogue import api, commands, dictionary, importing, rules
from shuniu.catalogue.declare import Disclosure, ItemType, NotFound, Resource, ShareType, State, SubjectType
from shuniu.catalogue.recognition import Index
from shuniu.project import province
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cast import Cast
from tests.catalogue.conftest import may
from tests.catalogue.sample import ELEMENTS, LICENCE, changed
from tests.catalogue.test_recognition import FOLDER

HEAD = ("资源代码", "资源名称", "信息项名称", "字段名", "数据类型")
LICENCE_ROWS = (
    ("licence", "许可证", "证书编号", "number", "varchar(50)"),
    ("licence", "许可证", "统一社会信用代码", "uscc", "varchar(64)"),
    ("licence", "许可证", "单位名称", "org", "string"),
    ("licence", "许可证", "发证日期", "issued", "datetime"),
    ("licence", "许可证", "备用", "spare", "sring"),
)


def file(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode()


def extended(**values: str) -> bytes:
    """One resource of one item in the extended header, with these cells."""
    cells = dict(zip(HEAD, ("licence", "许可证", "证书编号", "number", "字符型"), strict=True)) | values
    return file(tuple(cells.values()), head=tuple(cells))


def planned(content: bytes, **more: bool) -> importing.ImportPlan:
    index = Index({element.key: element for element in ELEMENTS})
    return importing.plan(dictionary.read(content, "字典.csv"), "字典.csv", "43.market", index, **more)


def only(content: bytes, **more: bool) -> Resource:
    (one,) = planned(content, **more).resources
    return one.resource


def test_a_certain_element_fixes_type_and_greatest_length() -> None:
    resource = only(file(*LICENCE_ROWS))
    assert resource.key == "43.market/licence"
    uscc, issued, org = resource.item("uscc"), resource.item("issued"), resource.item("org")
    assert (uscc.element, uscc.length, uscc.identifies) == ("uscc", None, "uscc")
    assert (issued.element, issued.type) == ("issue_date", ItemType.DATE)
    assert (org.element, org.type) == ("", ItemType.TEXT)
    assert resource.subject is SubjectType.LEGAL


def test_likely_ones_are_taken_only_when_asked() -> None:
    assert only(file(*LICENCE_ROWS), accept_likely=True).item("org").element == "enterprise_name"


def test_what_was_guessed_is_said_with_row_column_and_remedy() -> None:
    problems = {(problem.row, problem.column) for problem in planned(file(*LICENCE_ROWS)).problems}
    assert problems == {(6, "数据类型"), (2, "主键"), (2, "主体类型")}
    assert not any(problem.blocks for problem in planned(file(*LICENCE_ROWS)).problems)


def test_two_items_that_claim_one_element_are_both_shown() -> None:
    rows = (*LICENCE_ROWS, ("licence", "许可证", "发证日期", "issued2", "date"))
    (one,) = planned(file(*rows)).resources
    claims = [item.proposal for item in one.items if item.proposal.element == "issue_date"]
    assert [claim.confidence for claim in claims] == ["likely", "likely"]


def test_a_row_without_column_or_code_is_read_from_its_neighbours() -> None:
    rows = (("licence", "许可证", "证书编号", "", ""), ("", "", "备注", "", ""), ("", "", "备注", "", ""))
    assert [item.name for item in only(file(*rows)).items] == ["zsbh", "bz", "bz_2"]


def test_the_extended_header_says_everything() -> None:
    resource = only(
        extended(
            资源摘要="核发的许可证", 信息性质="许可", 主体类型="法人", 披露方式="公开", 公示期限规则="credit.disclosure.base",
            有效期限="三年", 法律依据="行政许可法", 条款="第四十条", 更新周期="每日", 共享类型="1", 开放="是", 信用用途="是",
            长度="50", 必填="是", 主键="√", 主体标识="名称", 注释="说明", 目的="核发", 依据="条例", 保存期限="五年",
        )
    )  # fmt: skip
    item = resource.item("number")
    assert (item.key, item.required, item.length, item.identifies, item.note) == (True, True, 50, "legal_name", "说明")
    assert resource.credit is not None
    assert resource.credit.disclosure is Disclosure.PUBLIC
    assert (resource.share, resource.open, resource.retention) == (ShareType.UNCONDITIONAL, True, "五年")
    assert resource.cycle.value == "daily"


def test_a_name_is_a_persons_where_rows_are_about_persons() -> None:
    assert only(extended(主体类型="自然人", 主体标识="名称")).items[0].identifies == "person_name"


def test_an_item_keeps_a_share_type_of_its_own() -> None:
    content = file(
        ("licence", "许可证", "证书编号", "number", "字符型", "1"),
        ("licence", "许可证", "联系电话", "phone", "字符型", "2"),
        head=(*HEAD, "共享类型"),
    )
    resource = only(content)
    assert resource.share is ShareType.UNCONDITIONAL
    assert [item.share for item in resource.items] == [None, ShareType.CONDITIONAL]


def test_the_guides_resource_code_becomes_a_key_of_the_agency() -> None:
    assert only(extended(资源代码="307001/000012")).key == "43.market/307001-000012"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"主体类型": "公司"}, "可选值"),
        ({"更新周期": "偶尔"}, "可选值"),
        ({"主体标识": "工号"}, "主体标识"),
        ({"资源代码": "43.tax/licence"}, "提供方"),
        ({"资源代码": "许可证"}, "资源代码"),
        ({"区划字段": "area"}, "区划字段"),
    ],
)
def test_a_resource_that_cannot_be_is_left_out_and_told_why(cells: dict[str, str], said: str) -> None:
    plan = planned(extended(**cells))
    assert plan.resources == ()
    (problem,) = [problem for problem in plan.problems if problem.blocks]
    assert problem.row == 2
    assert said in problem.message
    assert problem.remedy


def test_cells_that_contradict_each_other_are_told() -> None:
    rows = (LICENCE_ROWS[0], ("licence", "许可证书", *LICENCE_ROWS[1][2:]))
    assert "与第 2 行不一致" in next(p.message for p in planned(file(*rows)).problems if p.row == 3)


def test_importing_makes_drafts_and_keeps_what_waits_for_a_human(
    editor: Actor, catalogue: None, entries: Callable[[str], list[Entry]]
) -> None:
    done = api.import_dictionary(actor=editor, content=file(*LICENCE_ROWS), name="字典.csv", agency="43.market")
    assert done.drafts == ("43.market/licence",)
    assert api.versions(key="43.market/licence")[0].state is State.DRAFT
    waiting = api.open_recognitions("43.market")
    assert [(one.item, one.element) for one in waiting] == [("org", "enterprise_name"), ("number", ""), ("spare", "")]
    again = api.import_dictionary(actor=editor, content=file(*LICENCE_ROWS), name="字典.csv", agency="43.market")
    assert api.versions(key="43.market/licence")[0].number == 1
    assert again.drafts == done.drafts
    assert [entry.detail["agency"] for entry in entries("catalogue.import_dictionary")] == ["43.market"] * 2


def test_a_human_confirms_and_refuses(editor: Actor, catalogue: None) -> None:
    api.import_dictionary(actor=editor, content=file(*LICENCE_ROWS), name="字典.csv", agency="43.market")
    key = "43.market/licence"
    told = {"org": "enterprise_name", "number": "", "spare": ""}
    assert api.confirm_recognitions(actor=editor, key=key, elements=told) == 1
    assert api.open_recognitions("43.market") == []
    draft = api.version(key, 1).resource
    assert draft.item("org").element == "enterprise_name"
    with pytest.raises(NotFound):
        api.confirm_recognitions(actor=editor, key=key, elements={"org": "nothing"})
    with pytest.raises(NotFound):
        api.confirm_recognitions(actor=editor, key=key, elements={"nothing": "uscc"})
    with pytest.raises(Refused) as refusal:
        api.confirm_recognitions(actor=editor, key=key, elements={"issued": "phone"})
    assert refusal.value.rule == "catalogue.type"


def test_an_import_leaves_out_what_may_not_be_and_makes_the_rest(editor: Actor, catalogue: None) -> None:
    head = (*HEAD, "信用用途", "披露方式", "法律依据")
    content = file(
        *((*row, "是", "公开", "某条例") for row in LICENCE_ROWS),
        ("health", "健康", "病历号", "record", "string", "是", "公开", "某条例"),
        head=head,
    )
    done = api.import_dictionary(actor=editor, content=content, name="字典.csv", agency="43.market")
    assert done.drafts == ("43.market/licence",)
    (problem,) = [problem for problem in done.plan.problems if problem.blocks]
    assert (problem.row, problem.rule) == (7, "catalogue.forbidden")


def test_what_is_in_review_or_incompatible_is_left_out(
    editor: Actor, department: Actor, platform: Actor, catalogue: None
) -> None:
    api.draft(actor=editor, resource=LICENCE)
    api.submit_for_review(actor=editor, keys=[LICENCE.key])
    content = file(*LICENCE_ROWS)

    def left_out() -> list[str]:
        plan = api.plan_import(content, "字典.csv", "43.market")
        return [problem.rule for problem in plan.problems if problem.blocks]

    assert left_out() == ["catalogue.in_review"]
    for reviewer in (department, platform):
        api.review(actor=reviewer, keys=[LICENCE.key], answer="同意")
    assert "catalogue.incompatible" in left_out()


def test_a_dry_run_locks_nothing(editor: Actor, catalogue: None) -> None:
    api.draft(actor=editor, resource=LICENCE)
    with CaptureQueriesContext(connection) as asked:
        plan = api.plan_import(file(*LICENCE_ROWS), "字典.csv", "43.market")
    assert [one.resource.key for one in plan.resources] == [LICENCE.key]
    assert not [query["sql"] for query in asked if "FOR UPDATE" in query["sql"].upper()]


def test_nothing_is_drafted_for_what_stands_already(
    editor: Actor, department: Actor, platform: Actor, catalogue: None
) -> None:
    content = extended(资源摘要="核发的许可证", 主体类型="法人", 共享类型="1", 主键="是", 长度="50")
    api.import_dictionary(actor=editor, content=content, name="字典.csv", agency="43.market")
    api.submit_for_review(actor=editor, keys=["43.market/licence"])
    for reviewer in (department, platform):
        api.review(actor=reviewer, keys=["43.market/licence"], answer="同意")
    again = api.import_dictionary(actor=editor, content=content, name="字典.csv", agency="43.market")
    assert again.drafts == ()


def test_an_agency_imports_only_for_itself_and_only_for_one_that_there_is(
    editor: Actor, cast: Cast, catalogue: None
) -> None:
    with pytest.raises(Refused) as refusal:
        api.import_dictionary(actor=editor, content=file(*LICENCE_ROWS), name="字典.csv", agency="43.tax")
    assert refusal.value.rule == "right.agency"
    overseer = may(cast.office, "catalogue.import_dictionary office.oversee")
    with pytest.raises(Refused) as refusal:
        api.import_dictionary(actor=overseer, content=file(*LICENCE_ROWS), name="字典.csv", agency="43.none")
    assert refusal.value.rule == "catalogue.agency"


@pytest.mark.parametrize(("agency", "path"), province.dictionaries(FOLDER), ids=lambda value: Path(str(value)).stem)
def test_every_dictionary_of_the_province_is_imported_whole_and_conforms(agency: str, path: Path) -> None:
    elements = {element.key: element for element in province.elements(FOLDER)}
    lists = {code_list.key: code_list for code_list in province.code_lists(FOLDER)}
    table = dictionary.read(path.read_bytes(), path.name)
    plan = importing.plan(table, path.name, agency, Index(elements))
    assert [problem for problem in plan.problems if problem.blocks] == []
    assert len(plan.resources) == len({row["资源代码"] for row in table.rows})
    found = [fault for one in plan.resources for fault in rules.faults(one.resource, elements, lists) if fault.blocks]
    assert found == []


def test_the_command_imports_and_reports(
    cast: Cast, catalogue: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from shuniu.directory import api as directory

    console = may(cast.office, "catalogue.import_dictionary catalogue.conformance office.oversee")
    monkeypatch.setattr(directory, "console", lambda agency="": console)
    parser = ArgumentParser()
    commands.register(parser.add_subparsers())
    path = tmp_path / "字典.csv"
    path.write_bytes(file(*LICENCE_ROWS))

    def run(*words: str) -> tuple[int, str]:
        args = parser.parse_args(["catalogue", *words])
        return args.call(args), capsys.readouterr().out

    status, said = run("import", str(path), "--agency", "43.market", "--json")
    summary = json.loads(said)
    assert status == 0
    assert (summary["certain"], summary["likely"], summary["none"]) == (2, 1, 2)
    assert summary["drafts"] == ["43.market/licence"]
    status, said = run("import", str(path), "--agency", "43.market", "--accept-all")
    assert (status, "资源 1 个" in said) == (0, True)
    assert api.open_recognitions("43.market")[0].element == ""
    status, said = run("conformance")
    assert (status, "不符合 43.market/licence" in said, "缺少资源摘要" in said) == (1, True, True)
    status, said = run("conformance", "--agency", "43.market", "--json")
    report = json.loads(said)
    assert report["resources"][0]["conforms"] is False
    assert changed(LICENCE).key == report["resources"][0]["resource"]
