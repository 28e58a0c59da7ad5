"""Compiling, recognising, handing in, reviewing and measuring the catalogue, by browser."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Item, State
from shuniu.exchange.tasks import mount
from shuniu.portal.pages import cataloguing
from tests.cast import Cast, SignedIn, with_posts
from tests.catalogue.conftest import may
from tests.catalogue.sample import CODE_LISTS, ELEMENTS, LICENCE, changed, with_item
from tests.portal.reading import text

pytestmark = pytest.mark.django_db(transaction=True)
AT = "/desk/catalogue/"
KEY = LICENCE.key
HEAD = (
    "资源代码",
    "资源名称",
    "资源摘要",
    "共享条件",
    "法律依据",
    "主体类型",
    "信息项名称",
    "字段名",
    "数据类型",
    "主键",
    "长度",
)
TERMS = ("许可证", "本机关核发的许可证。", "按职责申请", "中华人民共和国行政许可法", "法人")
ROWS = (
    ("permit", *TERMS, "许可证编号", "number", "varchar(50)", "是", ""),
    ("permit", *TERMS, "统一社会信用代码", "uscc", "varchar(18)", "", ""),
    ("permit", *TERMS, "发证机构日期", "issued", "date", "", ""),
    ("permit", *TERMS, "备用", "spare", "sring", "", "10"),
)


def dictionary(*rows: tuple[str, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, *(rows or ROWS)])
    return out.getvalue().encode()


@pytest.fixture
def elements(cast: Cast) -> None:
    catalogue.ship(actor=may(cast.installer, "catalogue.ship"), elements=ELEMENTS, code_lists=CODE_LISTS)


@pytest.fixture
def editor(cast: Cast, elements: None, signed_in: SignedIn) -> Client:
    return signed_in(cast.market_cataloguer)


@pytest.fixture
def department(cast: Cast, signed_in: SignedIn) -> Client:
    """Who reviews for the agency itself: the second officer, appointed to that too."""
    return signed_in(with_posts(cast.market_second, "catalogue_reviewer"))


@pytest.fixture
def platform(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.reviewer)


def send(client: Client, address: str, data: Mapping[str, object], status: int = 200) -> str:
    response = client.post(address, data, follow=True)
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


def bring(client: Client, content: bytes, status: int = 200) -> str:
    return send(client, f"{AT}import/", {"file": SimpleUploadedFile("字典.csv", content)}, status)


def draft(cast: Cast, count: int = 1) -> list[str]:
    keys = [KEY if not number else f"{KEY}{number}" for number in range(count)]
    for key in keys:
        catalogue.draft(actor=cast.market_cataloguer, resource=changed(LICENCE, key=key))
    return keys


def state_of(key: str = KEY) -> State:
    return catalogue.versions(key=key)[0].state


def test_a_dictionary_becomes_drafts_and_its_result_says_what_was_made_of_it(editor: Client) -> None:
    bad = ("second", *TERMS, "编号", "n", "varchar(9)", "是", "")
    page = bring(editor, dictionary(*ROWS, (*bad[:5], "外星人", *bad[6:])))
    assert "已做成 1 份草稿" in page
    assert f"{AT}versions/43.market/permit/1/" in page
    assert "第 6 行" in page
    assert "“外星人”不在可选值中。" in page
    assert "请填：法人" in page
    assert "没有“sring”这种类型" in page
    assert "自动认定的数据元" in page
    assert 'name="is:43.market/permit:number"' in page
    assert "草稿" in text(editor, AT)


def test_a_large_dictionary_stays_in_memory_and_one_too_large_is_refused(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms = (TERMS[0], "长" * 100_000, *TERMS[2:])
    rows = [("permit", *terms, f"事项{n}", f"item{n}", "varchar(9)", "" if n else "是", "") for n in range(8)]
    assert len(dictionary(*rows)) > 2 * 1024 * 1024, "Django itself would write it to a file"
    monkeypatch.setattr("django.core.files.temp.NamedTemporaryFile", None)
    assert "已做成 1 份草稿" in bring(editor, dictionary(*rows))
    assert "超过 20 MB" in bring(editor, b"x" * (cataloguing.LARGEST + 70_000), 403)


def test_a_file_that_is_no_dictionary_says_what_is_missing(editor: Client) -> None:
    assert "找不到列" in bring(editor, b"a,b\n1,2\n", 422)
    assert "请选择数据字典文件" in send(editor, f"{AT}import/", {}, 422)


def test_a_human_says_which_element_an_uncertain_item_is(editor: Client) -> None:
    bring(editor, dictionary())
    page = text(editor, f"{AT}recognitions/")
    before = len(catalogue.open_recognitions("43.market"))
    assert before >= 2
    assert "没有选择任何一项" in send(editor, f"{AT}recognitions/", {}, 422)
    assert "没有数据元“没有的”" in send(editor, f"{AT}recognitions/", {"is:43.market/permit:number": "没有的"}, 422)
    said = {"is:43.market/permit:number": "无", "is:43.market/permit:spare": "联系电话"}
    assert all(name in page for name in said)
    assert "已保存 2 项" in send(editor, f"{AT}recognitions/", {**said})
    assert len(catalogue.open_recognitions("43.market")) == before - 2
    assert catalogue.version("43.market/permit", 1).resource.item("spare").element == "phone"


def test_what_was_not_picked_may_be_taken_as_proposed(editor: Client) -> None:
    bring(
        editor,
        dictionary(
            (*ROWS[0],),
            ("permit", *TERMS, "发证日期", "a", "date", "", ""),
            ("permit", *TERMS, "发证时间", "b", "date", "", ""),
        ),
    )
    likely = [one for one in catalogue.open_recognitions("43.market") if one.confidence == "likely"]
    assert likely
    send(editor, f"{AT}recognitions/", {f"is:{likely[0].resource}:{likely[0].item}": "", "rest": "1"})
    item = catalogue.version("43.market/permit", 1).resource.item(likely[0].item)
    assert item.element == likely[0].element


def test_drafts_are_handed_in_ticked_or_all(editor: Client, cast: Cast) -> None:
    keys = draft(cast, 3)
    assert "没有选择任何草稿" in send(editor, AT, {}, 422)
    assert "checked" in text(editor, f"{AT}?tick=1")
    assert "1 项已提交审核" in send(editor, AT, {"key": keys[0]})
    assert "2 项已提交审核" in send(editor, AT, {"all": "1"})
    assert {state_of(key) for key in keys} == {State.REVIEW}


def test_a_draft_that_lacks_something_is_not_handed_in_and_stays_ticked(editor: Client, cast: Cast) -> None:
    catalogue.draft(actor=cast.market_cataloguer, resource=changed(LICENCE, summary=""))
    page = send(editor, AT, {"key": KEY}, 422)
    assert "缺少资源摘要" in page
    assert f'value="{KEY}" checked' in page
    assert "缺少资源摘要" in text(editor, f"{AT}versions/{KEY}/1/")


def test_two_stages_agree_in_bulk_and_the_worker_makes_the_tables(
    editor: Client, department: Client, platform: Client, cast: Cast
) -> None:
    keys = draft(cast, 3)
    send(editor, AT, {"all": "1"})
    assert "没有等您审核" in text(platform, f"{AT}review/")
    page = text(department, f"{AT}review/")
    assert all(f'value="{key}"' in page for key in keys)
    assert f'href="{AT}review/"' in text(department, "/desk/"), "the desk's task leads here"
    assert "3 项转到下一环节" in send(department, f"{AT}review/", {"key": keys, "answer": "同意"})
    assert "3 项已发布" in send(platform, f"{AT}review/", {"key": keys, "answer": "同意"})
    assert {state_of(key) for key in keys} == {State.PUBLISHED}
    assert "正在建库表" in text(editor, AT)
    mount(0)
    assert not catalogue.to_mount()
    assert "正在建库表" not in text(editor, AT)


def test_a_no_and_a_return_need_a_reason(editor: Client, department: Client, platform: Client, cast: Cast) -> None:
    first, second = draft(cast, 2)
    send(editor, AT, {"all": "1"})
    assert "没有选择任何资源" in send(department, f"{AT}review/", {"answer": "同意"}, 422)
    assert "理由" in send(department, f"{AT}review/", {"key": first, "answer": "不同意"}, 422)
    no = {"key": first, "answer": "不同意", "reason": "摘要太短"}
    assert "1 项已驳回" in send(department, f"{AT}review/", no)
    assert "摘要太短" in text(editor, AT)
    send(department, f"{AT}review/", {"key": second, "answer": "同意"})
    back = {"key": second, "answer": "退回", "reason": "请部门再核"}
    assert "1 项已退回部门审核" in send(platform, f"{AT}review/", back)
    assert "请部门再核" in text(department, f"{AT}versions/{second}/1/")


def test_a_version_shows_its_items_and_what_it_changes(
    editor: Client, department: Client, platform: Client, cast: Cast
) -> None:
    draft(cast)
    send(editor, AT, {"all": "1"})
    for reviewer in (department, platform):
        send(reviewer, f"{AT}review/", {"key": KEY, "answer": "同意"})
    more = with_item(
        changed(LICENCE, summary="换了说法。"), Item(name="phone", title="联系电话", element="phone", length=20)
    )
    catalogue.draft(actor=cast.market_cataloguer, resource=more)
    send(editor, AT, {"key": KEY})
    page = text(department, f"{AT}versions/{KEY}/2/")
    assert "新增信息项“联系电话”" in page
    assert "改了“资源摘要”" in page
    assert "您的答复" in page
    assert "审核经过" in page
    assert "您的答复" not in text(editor, f"{AT}versions/{KEY}/2/")
    text(editor, f"{AT}versions/{KEY}/9/", 404)


def test_an_unpublished_version_is_read_by_its_agency_and_who_must_answer(
    editor: Client, department: Client, platform: Client, cast: Cast, signed_in: SignedIn
) -> None:
    draft(cast)
    at = f"{AT}versions/{KEY}/1/"
    text(signed_in(cast.office), at)
    text(signed_in(cast.tax_officer), at, 404)
    text(platform, at, 404)
    send(editor, AT, {"key": KEY})
    send(department, f"{AT}review/", {"key": KEY, "answer": "同意"})
    assert "“证书编号”没有对应的数据元" in text(platform, at), "the reviewer of another agency reads the faults"


def test_a_reviewer_sees_the_faults_of_each_resource_and_agrees_to_none_that_blocks(
    editor: Client, department: Client, cast: Cast
) -> None:
    first = draft(cast)[0]
    good = changed(LICENCE, key="43.market/good", title="另一证", items=[LICENCE.items[0], LICENCE.items[3]])
    catalogue.draft(actor=cast.market_cataloguer, resource=good)
    send(editor, AT, {"all": "1"})
    page = text(department, f"{AT}review/")
    assert page.count("处提示</a>") == 2
    shorter = next(one for one in ELEMENTS if one.key == "enterprise_name").model_copy(update={"length": 100})
    catalogue.ship(actor=may(cast.installer, "catalogue.ship"), elements=[shorter])
    page = text(department, f"{AT}review/?tick=1")
    assert "1 处要改正，不能同意" in page
    assert f'value="{good.key}" checked' in page
    assert f'value="{first}" checked' not in page
    page = send(department, f"{AT}review/", {"key": [first, good.key], "answer": "同意"}, 422)
    assert f"资源“{first}”：“企业名称”长度 200，超过数据元“企业名称”的 100。" in page
    assert f'value="{good.key}" checked' in page, "one more press agrees to the others"
    assert f'value="{first}" checked' not in page
    assert "不能同意" in text(department, f"{AT}versions/{first}/1/")
    assert "1 项转到下一环节" in send(department, f"{AT}review/", {"key": good.key, "answer": "同意"})


def test_conformance_is_reported_by_agency_and_opens_its_versions(
    editor: Client, cast: Cast, signed_in: SignedIn
) -> None:
    draft(cast)
    catalogue.draft(
        actor=cast.market_cataloguer, resource=changed(LICENCE, key="43.market/poor", title="欠缺", summary="")
    )
    office = text(signed_in(cast.office), f"{AT}conformance/")
    assert "省市场监督管理局" in office
    assert "1 个版本符合，共 2 个" in office
    mine = text(editor, f"{AT}conformance/?show=bad")
    assert "缺少资源摘要" in mine
    assert LICENCE.title not in mine
    text(editor, f"{AT}conformance/?agency=43.tax", 403)
    assert "欠缺" in text(signed_in(cast.office), f"{AT}conformance/?agency=43.market")


def test_what_is_collected_twice_names_the_single_source(editor: Client, cast: Cast, signed_in: SignedIn) -> None:
    catalogue.draft(
        actor=cast.tax_officer,
        resource=changed(
            LICENCE, key="43.tax/licence", agency="43.tax",
            items=[LICENCE.items[0], Item(name="firm", title="企业名称", element="enterprise_name", length=200)],
        ),
    )  # fmt: skip
    page = text(signed_in(cast.tax_officer), f"{AT}duplicates/")
    assert "共 1 处" in page
    assert "数据元的权威来源" in page
    assert "省市场监督管理局" in page
    assert "请人工判断" in page
    assert "没有重复采集" in text(signed_in(cast.office), f"{AT}duplicates/?kind=allowed")


@pytest.mark.parametrize("page", ["", "import/", "recognitions/", "review/", "conformance/", "duplicates/"])
def test_who_has_no_right_reads_why_and_has_no_way_there_in_the_menu(
    elements: None, cast: Cast, signed_in: SignedIn, client: Client, page: str
) -> None:
    assert "权限" in text(signed_in(cast.stranger), f"{AT}{page}", 403)
    assert f'href="{AT}' not in text(signed_in(cast.market_second), "/desk/")
    assert client.get(f"{AT}{page}").headers["Location"].startswith("/sign-in/")
