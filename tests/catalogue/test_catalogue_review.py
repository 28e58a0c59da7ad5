"""Draft, review, published: by two different people, in bulk, with every refusal that the way has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from shuniu.catalogue import api
from shuniu.catalogue.declare import Item, NotFound, State, SubjectType
from shuniu.catalogue.models import Version
from shuniu.procedures import api as procedures
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cast import Cast
from tests.catalogue.conftest import EDITOR, may
from tests.catalogue.sample import ELEMENTS, LICENCE, changed, with_item

KEY = LICENCE.key


def state_of(key: str = KEY) -> State:
    return api.versions(key=key)[0].state


def hand_in(editor: Actor) -> None:
    api.draft(actor=editor, resource=LICENCE)
    api.submit_for_review(actor=editor, keys=[KEY])


def test_a_draft_is_published_when_both_stages_agree(
    editor: Actor, department: Actor, platform: Actor, catalogue: None, entries: Callable[[str], list[Entry]]
) -> None:
    assert api.draft(actor=editor, resource=LICENCE) == 1
    assert state_of() is State.DRAFT
    api.submit_for_review(actor=editor, keys=[KEY])
    assert state_of() is State.REVIEW
    assert [task.stage_title for task in procedures.tasks(department)] == ["部门审核"]
    api.review(actor=department, keys=[KEY], answer="同意")
    assert state_of() is State.REVIEW
    assert [task.stage_title for task in procedures.tasks(platform)] == ["平台审核"]
    (view,) = api.review(actor=platform, keys=[KEY], answer="同意")
    assert view.outcome == "granted"
    standing = api.versions(key=KEY)[0]
    assert (standing.state, standing.published_by, standing.mounted) == (State.PUBLISHED, platform.person, False)
    assert api.published(KEY).resource == LICENCE
    assert [one.resource.key for one in api.to_mount()] == [KEY]
    assert {entry.outcome for entry in entries("catalogue.review")} == {"done"}


def test_nobody_reviews_what_he_made(editor: Actor, department: Actor, catalogue: None) -> None:
    both = replace(editor, capabilities=editor.capabilities | department.capabilities)
    hand_in(both)
    with pytest.raises(Refused, match="不能由您审核"):
        api.review(actor=both, keys=[KEY], answer="同意")


def test_nobody_reviews_what_he_handed_in_even_if_another_made_it(
    editor: Actor, department: Actor, catalogue: None
) -> None:
    sender = may(department, f"{EDITOR} catalogue.review")
    api.draft(actor=editor, resource=LICENCE)
    api.submit_for_review(actor=sender, keys=[KEY])
    with pytest.raises(Refused) as refusal:
        api.review(actor=sender, keys=[KEY], answer="同意")
    assert refusal.value.rule == "procedures.own_approval"


def test_the_database_itself_refuses_one_person_for_both(editor: Actor, catalogue: None) -> None:
    hand_in(editor)
    row = Version.objects.get()
    row.state, row.published_by, row.published_at = State.PUBLISHED, editor.person, row.made_at
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        row.save()


def test_many_are_handed_in_and_answered_at_once_or_none_at_all(
    editor: Actor, department: Actor, platform: Actor, catalogue: None
) -> None:
    keys = [f"43.market/licence{number}" for number in range(20)]
    for key in keys:
        api.draft(actor=editor, resource=changed(LICENCE, key=key))
    api.draft(actor=editor, resource=changed(LICENCE, key="43.market/poor", summary=""))
    with pytest.raises(Refused, match="资源摘要"):
        api.submit_for_review(actor=editor, keys=[*keys, "43.market/poor"])
    assert state_of(keys[0]) is State.DRAFT
    api.submit_for_review(actor=editor, keys=keys)
    api.review(actor=department, keys=keys, answer="同意")
    api.review(actor=platform, keys=keys, answer="同意")
    assert [one.resource.key for one in api.published_all("43.market")] == sorted(keys)
    assert len({one.table for one in api.published_all()}) == 20


def test_a_no_goes_back_to_the_editor_with_its_reason(
    editor: Actor, department: Actor, platform: Actor, catalogue: None
) -> None:
    hand_in(editor)
    with pytest.raises(Refused, match="理由"):
        api.review(actor=department, keys=[KEY], answer="不同意")
    api.review(actor=department, keys=[KEY], answer="不同意", reason="摘要太短")
    assert (state_of(), api.versions(key=KEY)[0].reason) == (State.REJECTED, "摘要太短")
    mended = changed(LICENCE, summary="省市场监督管理局依法核发的工业产品生产许可证信息。")
    assert api.draft(actor=editor, resource=mended) == 1
    api.submit_for_review(actor=editor, keys=[KEY])
    for reviewer in (department, platform):
        api.review(actor=reviewer, keys=[KEY], answer="同意")
    assert api.published(KEY).resource == mended


def test_the_platform_sends_back_to_the_department(
    editor: Actor, department: Actor, platform: Actor, catalogue: None
) -> None:
    hand_in(editor)
    api.review(actor=department, keys=[KEY], answer="同意")
    api.review(actor=platform, keys=[KEY], answer="退回", reason="请核实共享条件")
    assert state_of() is State.REVIEW
    with pytest.raises(Refused):
        api.review(actor=platform, keys=[KEY], answer="同意")
    api.review(actor=department, keys=[KEY], answer="同意")
    api.review(actor=platform, keys=[KEY], answer="同意")
    assert state_of() is State.PUBLISHED


def test_a_version_in_review_is_neither_edited_nor_handed_in_again_nor_withdrawn(
    editor: Actor, catalogue: None
) -> None:
    hand_in(editor)
    for act in (
        lambda: api.draft(actor=editor, resource=LICENCE),
        lambda: api.submit_for_review(actor=editor, keys=[KEY]),
        lambda: api.withdraw(actor=editor, key=KEY, reason="不要了"),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.rule == "catalogue.in_review"


def test_a_new_version_supersedes_the_old_one_only_when_it_is_published(
    editor: Actor, department: Actor, platform: Actor, catalogue: None
) -> None:
    hand_in(editor)
    for reviewer in (department, platform):
        api.review(actor=reviewer, keys=[KEY], answer="同意")
    wider = with_item(LICENCE, Item(name="phone", title="联系电话", element="phone", length=20))
    assert api.draft(actor=editor, resource=wider) == 2
    assert api.published(KEY).version == 1
    api.submit_for_review(actor=editor, keys=[KEY])
    for reviewer in (department, platform):
        api.review(actor=reviewer, keys=[KEY], answer="同意")
    assert api.published(KEY).version == 2


def test_an_incompatible_draft_is_refused_at_once(
    editor: Actor, department: Actor, platform: Actor, catalogue: None
) -> None:
    hand_in(editor)
    for reviewer in (department, platform):
        api.review(actor=reviewer, keys=[KEY], answer="同意")
    with pytest.raises(Refused) as refusal:
        api.draft(actor=editor, resource=with_item(LICENCE, Item(name="issued", title="发证日期")))
    assert refusal.value.rule == "catalogue.incompatible"


def test_an_agency_edits_and_hands_in_only_its_own(editor: Actor, cast: Cast, catalogue: None) -> None:
    stranger = may(cast.tax_officer, EDITOR)
    with pytest.raises(Refused) as refusal:
        api.draft(actor=stranger, resource=LICENCE)
    assert refusal.value.rule == "right.agency"
    api.draft(actor=editor, resource=LICENCE)
    for act in (
        lambda: api.submit_for_review(actor=stranger, keys=[KEY]),
        lambda: api.withdraw(actor=stranger, key=KEY, reason="误编"),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.rule == "right.agency"


def test_withdrawing_needs_a_reason_and_takes_the_draft_before_the_published_version(
    editor: Actor, department: Actor, platform: Actor, catalogue: None
) -> None:
    hand_in(editor)
    for reviewer in (department, platform):
        api.review(actor=reviewer, keys=[KEY], answer="同意")
    api.draft(actor=editor, resource=changed(LICENCE, summary="另一种写法。"))
    with pytest.raises(Refused, match="理由"):
        api.withdraw(actor=editor, key=KEY, reason=" ")
    api.withdraw(actor=editor, key=KEY, reason="改错了")
    assert api.published(KEY).version == 1
    api.withdraw(actor=editor, key=KEY, reason="事项已取消")
    with pytest.raises(NotFound):
        api.published(KEY)
    assert [one.reason for one in api.versions(key=KEY)] == ["改错了", "事项已取消"]


def test_a_shipped_resource_is_neither_edited_nor_withdrawn(installer: Actor, editor: Actor, catalogue: None) -> None:
    api.ship(actor=installer, resources=[LICENCE])
    with pytest.raises(Refused, match="复制为新的资源代码"):
        api.draft(actor=editor, resource=LICENCE)
    with pytest.raises(Refused, match="复制为新的资源代码"):
        api.withdraw(actor=editor, key=KEY, reason="不要了")


def test_persons_data_is_drafted_but_not_handed_in_without_purpose_basis_and_retention(
    editor: Actor, catalogue: None
) -> None:
    persons = changed(LICENCE, subject=SubjectType.NATURAL)
    api.draft(actor=editor, resource=persons)
    with pytest.raises(Refused, match="处理目的、处理依据、保存期限"):
        api.submit_for_review(actor=editor, keys=[KEY])
    told = changed(persons, purpose="核发许可", purpose_basis="行政许可法第二十九条", retention="许可失效后五年")
    api.draft(actor=editor, resource=told)
    assert len(api.submit_for_review(actor=editor, keys=[KEY])) == 1


def test_what_may_never_be_kept_is_not_even_drafted(editor: Actor, catalogue: None) -> None:
    with pytest.raises(Refused, match="密级"):
        api.draft(actor=editor, resource=changed(LICENCE, title="机密★10年 生产许可证"))
    assert not Version.objects.exists()


def test_a_reviewer_is_told_what_has_come_to_be_wrong_and_cannot_agree_to_it(
    editor: Actor, department: Actor, installer: Actor, catalogue: None
) -> None:
    keys = [KEY, "43.market/other", "43.market/third"]
    for key in keys[:2]:
        api.draft(actor=editor, resource=changed(LICENCE, key=key))
    api.draft(actor=editor, resource=changed(LICENCE, key=keys[2], items=LICENCE.items[:1]))
    api.submit_for_review(actor=editor, keys=keys)
    assert not [fault for found in api.faults_of(keys).values() for fault in found if fault.blocks]
    shorter = next(one for one in ELEMENTS if one.key == "enterprise_name").model_copy(update={"length": 100})
    api.ship(actor=installer, elements=[shorter])
    found = api.faults_of([*keys, "43.market/none"])
    assert {key: [one.rule for one in found[key] if one.blocks] for key in found} == {
        KEY: ["catalogue.element_length"], keys[1]: ["catalogue.element_length"], keys[2]: [],
    }  # fmt: skip
    with pytest.raises(Refused) as refusal:
        api.review(actor=department, keys=keys, answer="同意")
    assert refusal.value.rule == "catalogue.element_length"
    assert KEY in refusal.value.message and keys[1] in refusal.value.message
    assert keys[2] not in refusal.value.message
    api.review(actor=department, keys=keys[2:], answer="同意")
    api.review(actor=department, keys=keys[:2], answer="不同意", reason="企业名称超过数据元的长度")


def test_a_change_of_type_beside_the_published_version_is_among_the_faults(
    editor: Actor, department: Actor, platform: Actor, catalogue: None
) -> None:
    hand_in(editor)
    for reviewer in (department, platform):
        api.review(actor=reviewer, keys=[KEY], answer="同意")
    assert api.faults_of([KEY]) == {}, "published, and no draft beside it"
    api.draft(actor=editor, resource=changed(LICENCE, summary=" "))
    assert [fault.rule for fault in api.faults_of([KEY])[KEY] if fault.blocks] == ["catalogue.summary"]


def test_nobody_who_wrote_in_a_draft_reviews_it(
    editor: Actor, department: Actor, platform: Actor, cast: Cast, catalogue: None
) -> None:
    writer = may(department, f"{EDITOR} catalogue.review")
    api.draft(actor=writer, resource=LICENCE)
    hand_in(editor)
    with pytest.raises(Refused) as refusal:
        api.review(actor=writer, keys=[KEY], answer="同意")
    assert refusal.value.rule == "catalogue.own_approval"
    assert set(api.versions(key=KEY)[0].makers) == {writer.person, editor.person}
    other = may(cast.market_officer, "catalogue.review")
    api.review(actor=other, keys=[KEY], answer="同意")


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(
    editor: Actor, department: Actor, catalogue: None
) -> None:
    api.draft(actor=editor, resource=LICENCE)
    seen = api.versions(key=KEY)[0].made_at
    api.draft(actor=editor, resource=changed(LICENCE, summary="我的。"), seen=seen)
    with pytest.raises(Refused) as refusal:
        api.draft(actor=may(department, EDITOR), resource=changed(LICENCE, summary="旧的。"), seen=seen)
    assert refusal.value.rule == "catalogue.changed"
    assert api.version(KEY, 1).resource.summary == "我的。"


def test_who_handed_in_takes_back_while_it_runs_and_may_hand_in_again(
    editor: Actor, department: Actor, platform: Actor, catalogue: None, entries: Callable[[str], list[Entry]]
) -> None:
    back = replace(editor, capabilities=editor.capabilities | {"catalogue.take_back"})
    hand_in(editor)
    with pytest.raises(Refused) as refusal:
        api.take_back(actor=may(department, "catalogue.take_back"), key=KEY, reason="误交")
    assert refusal.value.rule == "catalogue.not_yours"
    with pytest.raises(Refused, match="理由"):
        api.take_back(actor=back, key=KEY, reason=" ")
    api.review(actor=department, keys=[KEY], answer="同意")
    api.take_back(actor=back, key=KEY, reason="漏了一项")
    assert state_of() is State.DRAFT
    assert procedures.tasks(platform) == ()
    assert entries("catalogue.take_back")[-1].outcome == "done"
    with pytest.raises(NotFound):
        api.take_back(actor=back, key=KEY, reason="再撤")
    with pytest.raises(NotFound):
        api.review(actor=platform, keys=[KEY], answer="同意")
    hand_in(editor)
    for reviewer in (department, platform):
        api.review(actor=reviewer, keys=[KEY], answer="同意")
    assert state_of() is State.PUBLISHED


def test_an_agency_takes_back_only_its_own(editor: Actor, cast: Cast, catalogue: None) -> None:
    hand_in(editor)
    with pytest.raises(Refused) as refusal:
        api.take_back(actor=may(cast.tax_officer, "catalogue.take_back"), key=KEY, reason="误交")
    assert refusal.value.rule == "right.agency"


def test_an_element_named_in_the_draft_settles_what_the_import_had_asked(editor: Actor, catalogue: None) -> None:
    content = "资源代码,资源名称,信息项名称,字段名,数据类型\nlicence,许可证,编号乙,number,varchar(20)\n,,备用,spare,varchar(20)\n"
    api.import_dictionary(actor=editor, content=content.encode(), name="字典.csv", agency="43.market")
    assert {one.item for one in api.open_recognitions("43.market")} == {"number", "spare"}
    it = api.version(KEY, 1).resource
    told = it.items[0].model_copy(update={"element": "phone", "key": True})
    api.draft(actor=editor, resource=changed(it, items=[told]))
    assert api.open_recognitions("43.market") == []
