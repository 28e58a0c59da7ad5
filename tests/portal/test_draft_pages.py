"""Writing a draft by browser, without JavaScript: its terms, its items, a new one, a copy, taking back, withdrawing."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from django.test import Client

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Cycle, ItemType, Resource, ShareType, State
from shuniu.trust.models import Entry
from tests.cast import Cast, SignedIn
from tests.catalogue.conftest import may
from tests.catalogue.sample import CODE_LISTS, CREDIT, ELEMENTS, LICENCE, changed
from tests.portal.reading import text
from tests.portal.test_cataloguing_pages import send

pytestmark = pytest.mark.django_db(transaction=True)
AT = "/desk/catalogue/"
KEY = LICENCE.key
DRAFT, ITEM = f"{AT}draft/{KEY}/", f"{AT}item/{KEY}/"


@pytest.fixture
def editor(cast: Cast, signed_in: SignedIn) -> Client:
    catalogue.ship(actor=may(cast.installer, "catalogue.ship"), elements=ELEMENTS, code_lists=CODE_LISTS)
    catalogue.draft(actor=cast.market_cataloguer, resource=changed(LICENCE, credit=CREDIT, summary=""))
    return signed_in(cast.market_cataloguer)


def filled(page: str, button: str = "") -> dict[str, str]:
    """What a browser would send from the page's last form that has a title, as it stands."""
    form = page[page.rindex("<form", 0, page.index('name="title"')) :]
    form = form[: form.index("</form>")]
    said = {
        match[1]: match[2]
        for match in re.finditer(r'<input type="(?:text|hidden|number)" name="([^"]+)"(?: value="([^"]*)")?', form)
    }
    said |= {match[1]: "on" for match in re.finditer(r'<input type="checkbox" name="([^"]+)"[^>]* checked', form)}
    for match in re.finditer(r'<select name="([^"]+)".*?</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', match[0]) or re.search('value="([^"]*)"', match[0])
        said[match[1]] = chosen[1] if chosen else ""
    for match in re.finditer(r'<textarea name="([^"]+)"[^>]*>([^<]*)</textarea>', form):
        said[match[1]] = match[2].strip()
    return {name: value or "" for name, value in said.items() if name != "csrfmiddlewaretoken"}


def standing(key: str = KEY) -> Resource:
    return catalogue.version(key, catalogue.versions(key=key)[0].number).resource


def names() -> list[str]:
    return [item.name for item in standing().items]


def post(client: Client, address: str, said: Mapping[str, object], status: int = 200) -> str:
    return send(client, address, said, status)


def test_saving_a_form_as_it_stands_changes_nothing(editor: Client) -> None:
    before = standing()
    post(editor, DRAFT, filled(text(editor, DRAFT)))
    for item in before.items:
        post(editor, f"{ITEM}{item.name}/", filled(text(editor, f"{ITEM}{item.name}/")))
    assert standing() == before


def test_the_terms_are_said_and_the_faults_beside_them_go(editor: Client) -> None:
    page = text(editor, DRAFT)
    assert "还有 1 处要改正" in page
    assert "缺少资源摘要" in page
    assert "“证书编号”没有对应的数据元" in page, "an item's own faults stand in its row"
    said = filled(page) | {
        "summary": "核发的许可证。", "share": "3", "share_conditions": "", "share_refusal_basis": "某法第一条",
        "cycle": "daily", "article": "第二十九条",
    }  # fmt: skip
    page = post(editor, DRAFT, said)
    assert "已保存" in page
    assert "可以提交审核" in page
    it = standing()
    assert (it.summary, it.share, it.cycle, it.article) == (
        "核发的许可证。", ShareType.NOT_SHARED, Cycle.DAILY, "第二十九条",
    )  # fmt: skip
    assert it.credit == CREDIT, "what the form does not ask stays"
    assert "1 项已提交审核" in post(editor, AT, {"key": KEY})
    assert "正在审核，不能修改" in text(editor, DRAFT, 403)


def test_items_are_moved_and_removed_by_buttons(editor: Client) -> None:
    def press(do: str, status: int = 200) -> str:
        seen = filled(text(editor, DRAFT))["seen"]
        return post(editor, DRAFT, {"seen": seen, "do": do}, status)

    press("down:number")
    assert names() == ["uscc", "number", "name", "issued"]
    press("up:issued")
    assert names() == ["uscc", "number", "issued", "name"]
    press("up:uscc")
    press("remove:issued")
    assert names() == ["uscc", "number", "name"]
    assert "没有主键" in press("remove:number", 422)
    assert "没有这个信息项了" in press("remove:issued", 422)
    assert "没有这个信息项了" in press("burn:name", 422)
    assert names() == ["uscc", "number", "name"]


def test_an_item_is_changed_with_its_own_terms(editor: Client) -> None:
    said = filled(text(editor, f"{ITEM}issued/")) | {
        "title": "发证时间", "name": "issued_at", "sensitivity": "3", "share": "3", "note": "以证书为准", "required": "on",
    }  # fmt: skip
    assert "“发证时间”已保存" in post(editor, f"{ITEM}issued/", said)
    item = standing().item("issued_at")
    assert (item.element, item.type, item.sensitivity, item.share, item.required) == (
        "issue_date", ItemType.DATE, 3, ShareType.NOT_SHARED, True,
    )  # fmt: skip
    assert item.note == "以证书为准"
    text(editor, f"{ITEM}issued/", 404)


def test_an_item_is_added_and_what_is_wrong_with_it_is_said_in_the_form(editor: Client) -> None:
    address = f"{AT}item/{KEY}/new"
    said = filled(text(editor, address)) | {"title": "登记状态", "name": "state", "type": "text"}
    assert "没有数据元“不知”" in post(editor, address, said | {"element": "不知"}, 422)
    assert "字段名重复" in post(editor, address, said | {"name": "uscc"}, 422)
    assert "字母开头" in post(editor, address, said | {"name": "1x"}, 422)
    page = post(editor, address, said | {"element": "登记状态", "code_list": "registration_state", "more": "1"})
    assert "添加信息项" in page, "and at once to the next"
    item = standing().items[-1]
    assert (item.name, item.element, item.code_list, item.key) == ("state", "state", "registration_state", False)


def test_two_editors_do_not_overwrite_each_other(editor: Client, cast: Cast, signed_in: SignedIn) -> None:
    page = text(editor, DRAFT)
    other = signed_in(cast.market_officer)
    post(other, DRAFT, filled(text(other, DRAFT)) | {"summary": "同事写的。"})
    assert "刚被改过" in post(editor, DRAFT, filled(page) | {"summary": "我写的。"}, 422)
    assert standing().summary == "同事写的。"


def test_a_resource_is_made_from_nothing(editor: Client) -> None:
    assert f'href="{AT}new/"' in text(editor, AT)
    said = {"code": "licence", "title": "新证", "item_title": "编号", "item_name": "number"}
    assert "已经用过" in post(editor, f"{AT}new/", said, 422)
    assert "资源代码" in post(editor, f"{AT}new/", said | {"code": "坏 码"}, 422)
    assert "请填写主键字段名" in post(editor, f"{AT}new/", said | {"code": "fresh", "item_name": ""}, 422)
    page = post(editor, f"{AT}new/", said | {"code": "fresh"})
    assert "请补全说明和信息项" in page
    assert standing("43.market/fresh").key_items[0].title == "编号"


def test_a_shipped_resource_is_copied_not_edited_and_a_published_one_becomes_a_new_version(
    editor: Client, cast: Cast, signed_in: SignedIn
) -> None:
    shipped = changed(LICENCE, key="43.market/shipped", title="随附")
    catalogue.ship(actor=may(cast.installer, "catalogue.ship"), resources=[shipped])
    assert "随平台发布" in text(editor, f"{AT}draft/43.market/shipped/", 403)
    page = text(editor, f"{AT}versions/43.market/shipped/1/")
    copy = f"{AT}new/?from=43.market%2Fshipped"
    assert copy in page
    post(editor, copy, {"code": "mine", "title": "我的"})
    assert standing("43.market/mine").items == LICENCE.items
    text(signed_in(cast.tax_officer), copy, 403)

    post(editor, DRAFT, filled(text(editor, DRAFT)) | {"summary": "核发的许可证。"})
    post(editor, AT, {"key": KEY})
    for one, rights in ((cast.market_second, "catalogue.review"), (cast.reviewer, "catalogue.review")):
        catalogue.review(actor=may(one, rights), keys=[KEY], answer="同意")
    assert "编制新版本" in text(editor, f"{AT}versions/{KEY}/1/")
    page = text(editor, DRAFT)
    assert "这是已发布的第 1 版" in page
    post(editor, DRAFT, filled(page) | {"summary": "第二版。"})
    assert "刚被改过" in post(editor, DRAFT, filled(page) | {"summary": "又一个第二版。"}, 422)
    said = {"seen": filled(text(editor, DRAFT))["seen"], "do": "remove:issued"}
    assert "被去掉" in post(editor, DRAFT, said, 422), "what rows rest on is not removed: that is a new resource"
    assert [(one.number, one.state) for one in catalogue.versions(key=KEY)] == [
        (2, State.DRAFT), (1, State.PUBLISHED),
    ]  # fmt: skip


def test_who_handed_in_takes_back_by_a_button_that_nobody_else_has(
    editor: Client, cast: Cast, signed_in: SignedIn
) -> None:
    post(editor, DRAFT, filled(text(editor, DRAFT)) | {"summary": "核发的许可证。"})
    post(editor, AT, {"key": KEY})
    address = f"{AT}take-back/{KEY}/"
    assert address in text(editor, f"{AT}versions/{KEY}/1/")
    colleague = signed_in(cast.market_officer)
    assert address not in text(colleague, f"{AT}versions/{KEY}/1/")
    assert "只能由其本人撤回" in post(colleague, address, {"reason": "误交"}, 422)
    text(signed_in(cast.tax_officer), address, 404)
    assert "请填写理由" in post(editor, address, {"reason": ""}, 422)
    taken_back = Entry.objects.filter(verb="catalogue.take_back", object=f"resource:{KEY}", outcome="done")
    before = taken_back.count()
    assert "已撤回，现在是草稿" in post(editor, address, {"reason": "漏了一项"})
    assert catalogue.versions(key=KEY)[0].state is State.DRAFT
    assert taken_back.count() == before + 1
    assert "审核经过" in text(editor, f"{AT}versions/{KEY}/1/")
    text(editor, address, 404)


def test_a_draft_is_withdrawn_with_a_reason_by_who_may(editor: Client, cast: Cast, signed_in: SignedIn) -> None:
    address = f"{AT}withdraw/{KEY}/"
    assert address in text(editor, DRAFT)
    officer = signed_in(cast.market_officer)
    assert address not in text(officer, DRAFT)
    text(officer, address, 403)
    assert "已撤销" in post(editor, address, {"reason": "重复了"})
    assert catalogue.versions(key=KEY)[0].state is State.WITHDRAWN
    text(editor, DRAFT, 404)


@pytest.mark.parametrize("address", [DRAFT, f"{ITEM}uscc/", f"{AT}item/{KEY}/new", f"{AT}new/"])
def test_another_agency_and_who_may_not_draft_read_why(
    editor: Client, cast: Cast, signed_in: SignedIn, address: str
) -> None:
    assert "权限" in text(signed_in(cast.market_second), address, 403)
    if address != f"{AT}new/":
        text(signed_in(cast.tax_officer), address, 404)
