"""The desk of service items: edited part by part, checked, seen as applicants will, published by another; all by browser."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from django.test import Client

from shuniu.base.expressions import Compare, Field, Kind, Value
from shuniu.cases.api import item_drafts, items
from shuniu.cases.declare import ByFact, ByLicence, ByUpload, ServiceItem
from shuniu.cases.models import ItemVersion
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Element, ItemType
from shuniu.directory.api import agency_names
from shuniu.directory.declare import ROLES
from shuniu.notices.models import Notice
from shuniu.portal.pages.items.parts import PARTS
from tests.cases.service_items import ITEM, REGISTER, changed, form, question
from tests.cases.test_item_publishing import EVENT, SECOND, published_by_agency
from tests.cast import Cast, SignedIn
from tests.portal.reading import text

pytestmark = pytest.mark.django_db(transaction=True)
AT = f"/desk/items/{ITEM.key}/"
LIST = "/desk/items/"


@pytest.fixture(autouse=True)
def elements(cast: Cast) -> None:
    kept = [
        Element(key="uscc", title="统一社会信用代码"),
        Element(key="phone", title="联系电话"),
        Element(key="covered", title="是否有棚", type=ItemType.BOOLEAN),
    ]
    catalogue.ship(actor=cast.installer, elements=kept)


@pytest.fixture
def editor(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.market_cataloguer)


@pytest.fixture
def publisher(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.office)


def send(client: Client, address: str, data: Mapping[str, object], status: int = 200) -> str:
    response = client.post(address, data, follow=True)
    page = response.content.decode()
    assert response.status_code == status, (address, re.findall("<li>.*#id_.*|role=.alert.*", page), page[-300:])
    return page


def draft(cast: Cast, item: ServiceItem = ITEM) -> None:
    items.draft(actor=cast.market_cataloguer, item=item)


def at_hand(cast: Cast) -> ServiceItem:
    return item_drafts.read(actor=cast.market_cataloguer, key=ITEM.key).item


def values(address: str, **said: object) -> dict[str, object]:
    """What the form of a part or of an entry would post, with other values."""
    key, _slash, place = address.removeprefix(f"{AT}parts/").removesuffix("/").partition("/")
    row = ItemVersion.objects.filter(key=ITEM.key).latest("number")
    item, part = ServiceItem.model_validate(row.declaration), PARTS[key]
    of = part.entries(item)[int(place)] if place.isdecimal() else None
    shown = part.form(item=item, of=of, initial={"seen": row.made_at.isoformat()})
    held = {bound.name: bound.value() for bound in shown}
    kept = {name: value for name, value in {**held, **said}.items() if value is not None and value is not False}
    return {name: "on" if value is True else value for name, value in kept.items()}


def edit(client: Client, address: str, status: int = 200, **said: object) -> str:
    return send(client, address, values(address, **said), status)


def test_a_new_item_is_made_listed_and_found(editor: Client, cast: Cast) -> None:
    said = {
        "name": "stall", "title": "摊点备案", "code": "430190009000", "kind": "10", "audiences": ["1", "2"],
        "law": "食品安全法", "article": "第三十六条", "conditions": "有固定摊位\n\n有健康证", "question": "摊点在哪里",
    }  # fmt: skip
    assert "请填写事项代码" in send(editor, f"{LIST}new/", {**said, "name": ""}, 422)
    assert "只用小写字母" in send(editor, f"{LIST}new/", {**said, "name": "Stall 1"}, 422)
    page = send(editor, f"{LIST}new/", said)
    assert "已做成草稿" in page and "要改正" in page
    assert "已经用过了" in send(editor, f"{LIST}new/", said, 422)
    kept = item_drafts.read(actor=cast.market_cataloguer, key="43.market/stall").item
    assert kept.conditions == ("有固定摊位", "有健康证") and kept.form.questions[0].title == "摊点在哪里"
    assert "摊点备案" in text(editor, f"{LIST}?q=摊点") and "摊点备案" not in text(editor, f"{LIST}?q=不是")
    assert "摊点备案" not in text(editor, f"{LIST}?state=published")


def test_every_part_opens_saves_by_itself_and_changes_nothing_that_was_not_typed(editor: Client, cast: Cast) -> None:
    draft(cast)
    for part in PARTS.values():
        at = f"{AT}parts/{part.key}/"
        assert str(part.title) in text(editor, at)
        for place in range(len(part.entries(ITEM))) if part.field else ():
            assert "已保存" in edit(editor, f"{at}{place}/"), part.key
        if not part.field:
            assert "已保存" in edit(editor, at), part.key
    kept = at_hand(cast)
    special = kept.specials[0]
    assert kept.model_dump() == ITEM.model_dump() and special.basis == ITEM.specials[0].basis


def test_what_is_typed_is_kept_with_its_faults_and_each_leads_to_its_field(editor: Client, cast: Cast) -> None:
    draft(cast)
    page = edit(editor, f"{AT}parts/service/", visits="2", complaints="0731-1")
    assert f'href="{AT}parts/service/#id_visits_why"' in page
    assert f'href="{AT}parts/service/#id_telephone"' in page
    assert "服务方式，须到现场的原因" in page and "改完才能提交" in page
    assert at_hand(cast).visits == 2, "kept though it is not sound"
    edit(editor, f"{AT}parts/service/", visits="0", complaints="0731-2")
    page = edit(editor, f"{AT}parts/terms/", promised="30")
    assert f'href="{AT}parts/terms/#id_promised"' in page
    page = edit(editor, f"{AT}parts/fees/0/", basis="")
    assert "没有依据" in page and "没有依据" in text(editor, f"{AT}parts/fees/0/")
    assert f'href="{AT}parts/fees/0/#id_basis"' in text(editor, AT)


def test_of_two_who_edit_the_later_is_told(editor: Client, cast: Cast, signed_in: SignedIn) -> None:
    draft(cast)
    mine = values(f"{AT}parts/service/", hours="上午")
    edit(signed_in(cast.market_officer), f"{AT}parts/service/", hours="下午")
    assert "别人改过" in send(editor, f"{AT}parts/service/", mine, 422)
    assert at_hand(cast).hours == "下午"
    assert "别人改过" in send(editor, f"{AT}parts/steps/", {"do": "remove:0", "seen": mine["seen"]}, 422)


def test_entries_are_added_moved_and_removed_and_the_last_one_stays(editor: Client, cast: Cast) -> None:
    draft(cast)
    edit(editor, f"{AT}parts/faq/new/", question="要钱吗？", answer="不要。")
    move = {"do": "up:1", "seen": seen()}
    send(editor, f"{AT}parts/faq/", move)
    assert [one for one, _ in at_hand(cast).questions] == ["要钱吗？", "要多久？"]
    send(editor, f"{AT}parts/faq/", {"do": "remove:0", "seen": seen()})
    assert len(at_hand(cast).questions) == 1
    assert "至少要留一项" in send(editor, f"{AT}parts/bases/", {"do": "remove:0"}, 422)
    assert "没有这一项了" in send(editor, f"{AT}parts/bases/", {"do": "remove:7"}, 422)


def seen() -> str:
    """What a list's page posts with a move."""
    return ItemVersion.objects.filter(key=ITEM.key).latest("number").made_at.isoformat()


def test_a_material_is_satisfied_by_register_licence_and_upload_in_the_lawful_order(editor: Client, cast: Cast) -> None:
    draft(cast)
    new = f"{AT}parts/materials/new/"
    assert "至少选一种提供方式" in edit(editor, new, 422, title="健康证", formats=[])
    edit(editor, new, title="健康证", promise=True, formats=["pdf"], most="5")
    added = at_hand(cast).materials[-1]
    assert added.satisfied_by == (ByUpload(formats=("pdf",), most_bytes=5_000_000),) and added.promise
    edit(editor, f"{AT}parts/materials/0/", licence="food_business")
    ways = at_hand(cast).materials[0].satisfied_by
    assert ways == (ByFact(resource=REGISTER), ByLicence(licence="food_business"), ByUpload())


def test_a_question_comes_from_its_element_and_appears_by_an_earlier_answer(editor: Client, cast: Cast) -> None:
    draft(cast)
    new = f"{AT}parts/questions/new/"
    edit(editor, new, element="是否有棚")
    assert "没有数据元“没有的”" in edit(editor, new, 422, element="没有的")
    assert "答什么的时候" in edit(editor, new, 422, element="联系电话", if_question="covered")
    assert "不能这样回答" in edit(editor, new, 422, element="联系电话", if_question="covered", if_value="也许")
    edit(editor, new, element="联系电话", if_question="covered", if_value="是", page="=new", page_title="棚")
    kept = at_hand(cast).form
    assert [one.name for one in kept.questions] == ["uscc", "tables", "covered", "phone"]
    condition = kept.questions[-1].show_if
    assert condition == Compare("=", Field("covered", Kind.BOOLEAN), Value(Kind.BOOLEAN, True))
    assert [page.title for page in kept.pages] == ["一页", "棚"]
    assert edit(editor, f"{AT}parts/questions/3/") and at_hand(cast).form == kept, "saved again, the same"
    up = {"do": "up:2", "seen": seen()}
    send(editor, f"{AT}parts/questions/", up)
    down = {"do": "down:2", "seen": seen()}
    send(editor, f"{AT}parts/questions/", down)
    assert [page.title for page in at_hand(cast).form.pages] == ["一页", "棚"]
    assert [len(page.questions) for page in at_hand(cast).form.pages] == [2, 2], "over the edge of its page"
    assert "已经用过了" in edit(editor, new, 422, title="又一个", name="phone")
    gone = {"do": "remove:1", "seen": seen()}
    assert "covered" in send(editor, f"{AT}parts/questions/", gone, 422), "phone looks at it"


def test_a_condition_that_one_answer_cannot_say_is_kept(editor: Client, cast: Cast) -> None:
    many = Compare(">", Field("tables", Kind.BIGINT), Value(Kind.BIGINT, 5))
    draft(cast, changed(form=form(question("tables", type=ItemType.INTEGER), question("why", show_if=many)), fees=()))
    edit(editor, f"{AT}parts/questions/1/", title="为什么这么多桌")
    kept = at_hand(cast).form.questions[1]
    assert (kept.title, kept.show_if) == ("为什么这么多桌", many)


def test_a_fee_takes_its_amount_from_a_dated_rule(editor: Client, cast: Cast) -> None:
    draft(cast)
    page = text(editor, f"{AT}parts/fees/new/")
    assert "120 元" in page and "tables（tables）" in page
    edit(editor, f"{AT}parts/fees/new/", title="补证", rule="fees.identity_card.lost", basis="某通知")
    assert [one.key for one in at_hand(cast).fees] == ["book", "fee1"]


def test_the_previews_show_what_applicants_will_see_and_nobody_can_apply_there(editor: Client, cast: Cast) -> None:
    draft(cast)
    page = text(editor, f"{AT}guide/")
    assert "草稿的预览" in page and "食品经营许可" in page and "开始办理" not in page
    page = text(editor, f"{AT}form/")
    assert 'name="q-tables"' in page and "从登记库预填" in page
    draft(cast, changed(form=form(question("x", title=""))))
    assert "没有标题" in text(editor, f"{AT}form/")


def test_what_changes_and_what_it_touches_is_told_before_publishing(editor: Client, cast: Cast) -> None:
    published_by_agency(cast, ITEM)
    items.ship(actor=cast.installer, items=[SECOND], bundles=[EVENT])
    assert "没有变化" in text(editor, f"{AT}effect/")
    edit(editor, f"{AT}parts/terms/", promised="5")
    edit(editor, f"{AT}parts/materials/1/", title="平面布局图", required=False)
    edit(editor, f"{AT}parts/faq/new/", question="要钱吗？", answer="要。")
    page = text(editor, f"{AT}effect/")
    assert "“承诺办结时限”由“7”改为“5”。" in page
    assert "材料“平面布局图”的“材料名称”由“布局图”改为“平面布局图”。" in page
    assert "“必须提交”由“是”改为“否”。" in page and "新增常见问题“要钱吗？”。" in page
    assert "“一件大事”仍能办成" in page and "没有正在办理的办件" in page
    draft(cast, changed(licences=(), result="通知书"))
    page = text(editor, f"{AT}effect/")
    assert "不再产出" in page and "仍能办成" not in page
    assert f'href="{AT}effect/#events"' in text(editor, AT)


def test_an_item_is_submitted_returned_mended_and_published_and_both_are_told(
    editor: Client, publisher: Client, cast: Cast
) -> None:
    draft(cast)
    assert "已提交" in send(editor, f"{AT}submit/", {})
    text(editor, f"{AT}parts/service/", 403)
    assert "食品经营许可" in text(publisher, LIST) and "您的决定" in text(publisher, AT)
    assert "请填写理由" in send(publisher, f"{AT}return/", {}, 422)
    assert "已退回" in send(publisher, f"{AT}return/", {"reason": "写明办理时间。"})
    edit(editor, f"{AT}parts/service/", hours="工作日 9:00—17:00")
    send(editor, f"{AT}submit/", {})
    assert "已发布" in send(publisher, f"{AT}publish/", {})
    assert items.published(ITEM.key).item.hours == "工作日 9:00—17:00"
    told = [(one.template, one.capability or one.person) for one in Notice.objects.order_by("id")]
    maker, waits = cast.market_cataloguer.person, "cases.publish_item"
    assert told == [
        ("cases.item_submitted", waits), ("cases.item_returned", maker),
        ("cases.item_submitted", waits), ("cases.item_published", maker),
    ]  # fmt: skip
    assert "写明办理时间" in Notice.objects.get(template="cases.item_returned").text
    assert "事项已取消" in send(editor, f"{AT}withdraw/", {"reason": "许可取消"})
    assert "已取消" in text(editor, AT)


def test_who_made_it_does_not_publish_it(cast: Cast, publisher: Client) -> None:
    draft(cast)
    items.submit(actor=cast.market_cataloguer, key=ITEM.key)
    ItemVersion.objects.update(makers=[cast.office.person])
    assert "须由另一位审核人发布" in text(publisher, AT)
    assert "不能由本人发布" in send(publisher, f"{AT}publish/", {}, 422)


def test_a_faulty_draft_is_not_handed_in_and_a_draft_can_be_thrown_away(editor: Client, cast: Cast) -> None:
    published_by_agency(cast, ITEM)
    draft(cast, changed(questions=()))
    assert "提交发布" not in text(editor, AT)
    assert "没有常见问题" in send(editor, f"{AT}submit/", {}, 422)
    assert "草稿已删除" in send(editor, f"{AT}discard/", {})
    assert item_drafts.read(actor=cast.market_cataloguer, key=ITEM.key).row.number == 1
    assert "没有可以删除的草稿" in send(editor, f"{AT}discard/", {}, 422)


def test_a_shipped_item_is_copied_to_a_new_key_and_not_edited(editor: Client, cast: Cast) -> None:
    items.ship(actor=cast.installer, items=[ITEM])
    page = text(editor, AT)
    assert "随平台发布" in page and "复制为新事项" in page and f"{AT}parts/" not in page
    text(editor, f"{AT}parts/service/", 403)
    copy = f"{LIST}new/?from={ITEM.key}"
    assert "复制为新事项" in text(editor, copy)
    send(editor, copy, {"name": "food-own", "title": "食品经营许可（本市）", "code": ITEM.code})
    kept = item_drafts.read(actor=cast.market_cataloguer, key="43.market/food-own").item
    assert (kept.materials, kept.form, kept.title) == (ITEM.materials, ITEM.form, "食品经营许可（本市）")


def test_another_agency_neither_reads_nor_writes_and_the_office_reads_what_waits(
    cast: Cast, signed_in: SignedIn
) -> None:
    draft(cast)
    stranger = signed_in(cast.tax_officer)
    text(stranger, AT, 403)
    text(stranger, f"{AT}parts/service/", 403)
    assert "食品经营许可" not in text(stranger, LIST)
    office = signed_in(cast.office)
    assert "食品经营许可" in text(office, f"{LIST}?state=draft")
    assert "食品经营许可" in text(office, AT)
    text(office, f"{AT}parts/service/", 403)
    text(signed_in(cast.stranger), LIST, 403)
    text(signed_in(cast.market_cataloguer), f"{AT}parts/nothing/", 404)
    text(signed_in(cast.market_cataloguer), f"{AT}parts/pages/new/", 404)


def test_who_drafts_and_who_publishes_are_not_the_same_roles() -> None:
    for role in ROLES.values():
        assert not {"cases.draft_item", "cases.publish_item"} <= role.capabilities


def test_what_is_done_on_the_spot_promises_no_days(editor: Client, cast: Cast) -> None:
    draft(cast, changed(specials=()))
    edit(editor, f"{AT}parts/terms/", statutory="", promised="0", extension="", law="", law_text="")
    kept = at_hand(cast)
    assert kept.on_the_spot and kept.statutory is None and "没有写明办结时限" not in text(editor, AT)
    edit(editor, f"{AT}parts/terms/", promised="")
    page = text(editor, AT)
    assert "没有写明办结时限" in page and f'href="{AT}parts/terms/#id_promised"' in page


def test_a_procedure_is_chosen_among_the_published_ones_with_the_agencies_of_its_stages(
    editor: Client, cast: Cast
) -> None:
    draft(cast)
    at = f"{AT}parts/procedure/"
    page = text(editor, at)
    assert "依申请办理（受理、审查、决定）" in page and "审查与部门会签并行" in page and "一件事联合办理" not in page
    edit(editor, at, procedure="service_hall.conferred")
    assert "须 2 方同意，只写明 1 个办理单位" in text(editor, AT) and f'href="{at}#id_lanes"' in text(editor, AT)
    for wrong, said in (
        ("会签：43.tax", "没有环节“会签”"), ("部门会商：某局", "没有单位“某局”"), ("部门会商", "没有单位"),
    ):  # fmt: skip
        assert said in edit(editor, at, 422, lanes=wrong)
    name = agency_names()["43.tax"]
    edit(editor, at, lanes=f"部门会商：{name}、43.office\n")
    kept = at_hand(cast)
    assert (kept.procedure, kept.lanes) == ("service_hall.conferred", (("confer", ("43.tax", "43.office")),))
    assert f"部门会商：{name}" in text(editor, at) and "只写明" not in text(editor, AT)
