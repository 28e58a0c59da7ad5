"""What comes with the software: numbered versions, one stamp that tells every process what still stands, mounting."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.db import connection, transaction

from shuniu.catalogue import api
from shuniu.catalogue.declare import Element, Item, ItemType, NotFound
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.catalogue.sample import CODE_LISTS, ELEMENTS, LICENCE, changed, with_item


def test_what_is_shipped_twice_unchanged_makes_one_version(installer: Actor, catalogue: None) -> None:
    first = api.ship(actor=installer, resources=[LICENCE])
    again = api.ship(actor=installer, resources=[LICENCE], elements=ELEMENTS, code_lists=CODE_LISTS)
    assert first.resources == (LICENCE.key,)
    assert (again.resources, again.elements, again.code_lists) == ((), (), ())
    assert api.published(LICENCE.key).version == 1
    assert api.published(LICENCE.key).resource == LICENCE


def test_a_changed_declaration_is_a_new_version_of_the_same_table(installer: Actor, catalogue: None) -> None:
    api.ship(actor=installer, resources=[LICENCE])
    table = api.published(LICENCE.key).table
    wider = with_item(LICENCE, Item(name="product", title="产品名称", length=300))
    api.ship(actor=installer, resources=[wider])
    now = api.published(LICENCE.key)
    assert (now.version, now.table, now.resource) == (2, table, wider)
    assert api.version(LICENCE.key, 1).resource == LICENCE
    assert [one.state.value for one in api.versions(key=LICENCE.key)] == ["published", "superseded"]


def test_another_type_is_refused_and_told_how_to_go_on(installer: Actor, catalogue: None) -> None:
    api.ship(actor=installer, resources=[LICENCE])
    other = with_item(LICENCE, Item(name="issued", title="发证日期"))
    with pytest.raises(Refused, match="另建新资源") as refusal:
        api.ship(actor=installer, resources=[other])
    assert refusal.value.rule == "catalogue.incompatible"
    assert api.published(LICENCE.key).version == 1


def test_a_key_made_at_run_time_is_not_taken_by_what_is_shipped(
    installer: Actor, editor: Actor, catalogue: None
) -> None:
    api.draft(actor=editor, resource=LICENCE)
    with pytest.raises(Refused) as refusal:
        api.ship(actor=installer, resources=[LICENCE])
    assert refusal.value.rule == "catalogue.owner"


def test_a_table_is_mounted_once_for_every_version(installer: Actor, catalogue: None) -> None:
    api.ship(actor=installer, resources=[LICENCE])
    (waiting,) = api.to_mount()
    api.mark_mounted(waiting)
    assert api.to_mount() == []
    assert api.versions(key=LICENCE.key)[0].mounted
    api.ship(actor=installer, resources=[changed(LICENCE, summary="核发的许可证。")])
    (again,) = api.to_mount()
    assert (again.version, again.table) == (2, waiting.table)
    with pytest.raises(NotFound):
        api.mark_mounted(waiting)


def test_codes_hold_on_their_days(installer: Actor, catalogue: None) -> None:
    assert api.code_list("registration_state", date(2021, 1, 1)) == {"1": "存续"}
    assert api.code_list("registration_state", date(2022, 3, 1)) == {"1": "存续", "8": "歇业"}
    assert api.code_list("region", date(2010, 1, 1))["430122"] == "望城县"
    assert "430122" not in api.code_list("region", date(2012, 1, 1))


def test_what_is_unknown_says_so_in_chinese(catalogue: None) -> None:
    asked: tuple[Callable[[], object], ...] = (
        lambda: api.published("43.tax/none"),
        lambda: api.version("43.tax/x", 1),
    )
    for ask in asked:
        with pytest.raises(NotFound, match="目录中没有") as refusal:
            ask()
        assert refusal.value.rule == "catalogue.unknown"


def test_a_rolled_back_change_is_never_seen_again(installer: Actor, catalogue: None) -> None:
    class Undo(Exception):
        pass

    with pytest.raises(Undo), transaction.atomic():
        api.ship(actor=installer, elements=[Element(key="uscc", title="改错了")])
        assert api.elements()["uscc"].title == "改错了"
        raise Undo
    assert api.elements()["uscc"].title == "统一社会信用代码"


def test_what_another_process_changed_is_seen_at_the_next_question(installer: Actor, catalogue: None) -> None:
    assert api.elements()["phone"].title == "联系电话"
    with connection.cursor() as cursor:  # what another process does: it changes the row, and the stamp with it
        cursor.execute("update catalogue_element set declaration = jsonb_set(declaration, '{title}', '\"电话\"')"
                       " where key = 'phone'")  # fmt: skip
        cursor.execute("update catalogue_stamp set value = nextval('catalogue_stamp_value')")
    assert api.elements()["phone"].title == "电话"


def test_a_second_question_costs_one_small_query(
    installer: Actor, catalogue: None, messages: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    api.ship(actor=installer, resources=[LICENCE])
    api.published(LICENCE.key)
    with messages() as sent:
        assert api.published(LICENCE.key).resource.item("issued").type is ItemType.DATE
    assert len(sent) == 1, sent


def test_only_installation_ships_and_the_act_is_journalled(
    editor: Actor, installer: Actor, catalogue: None, entries: Callable[[str], list[Entry]]
) -> None:
    with pytest.raises(Refused, match="没有"):
        api.ship(actor=editor, resources=[LICENCE])
    api.ship(actor=installer, resources=[LICENCE])
    assert [entry.outcome for entry in entries("catalogue.ship")] == ["done", "refused", "done"]
    assert entries("catalogue.ship")[-1].detail["resources"] == [LICENCE.key]
