"""Reading another's rows: item by item, checked and journalled; and a county's own slice."""

from __future__ import annotations

import hashlib

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Item, Resource, ShareType, SubjectType
from shuniu.directory import api as directory
from shuniu.exchange import api as exchange
from shuniu.exchange.access import Reader, Sight, sight
from shuniu.registries import api as registries
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.exchange.conftest import FIRMS, INSTALL, REGISTRATION, Deliver, firm, registration
from tests.exchange.people import (
    COUNTY,
    MARKET,
    OFFICE,
    OTHER_COUNTY,
    REVIEWER,
    TAX,
    citizen,
    have_agencies,
)
from tests.refusals import refused

KEY = "43.market/registration"
needs_database = pytest.mark.django_db(transaction=True)
TERMS = {
    name: getattr(REGISTRATION, name) for name in ("legal_basis", "purpose", "purpose_basis", "retention", "summary")
}
OPEN = Resource(
    key="43.market/notice", title="企业公告", agency="43.market", subject=SubjectType.LEGAL, open=True,
    share=ShareType.UNCONDITIONAL, share_refusal_basis="市场监督管理投诉举报处理暂行办法", by_region="region", **TERMS,
    items=(
        Item(name="number", title="公告号", key=True, required=True),
        Item(name="uscc", title="统一社会信用代码", check="uscc", identifies="uscc"),
        Item(name="text", title="内容"),
        Item(name="region", title="行政区划", check="region"),
        Item(name="source", title="线索来源", share=ShareType.NOT_SHARED),
    ),
)  # fmt: skip
PERSONS = Resource(
    key="43.civil/allowance", title="补贴发放", agency="43.civil", subject=SubjectType.NATURAL,
    share=ShareType.UNCONDITIONAL, **TERMS,
    items=(
        Item(name="id", title="公民身份号码", check="resident_id", identifies="resident_id", key=True, required=True),
        Item(name="name", title="姓名", identifies="person_name", required=True),
        Item(name="phone", title="联系电话", check="phone"),
    ),
)  # fmt: skip
CIVIL = Actor("officer:30", "李民", "43.civil", "省民政厅", ("43",), MARKET.capabilities)
PERSON_ID = "430199199001010015"  # its region code was never issued


@pytest.fixture
def shared(deliver: Deliver) -> dict[str, int]:
    """A firm with an open notice, and a person with an allowance; their subjects' numbers."""
    catalogue.ship(actor=INSTALL, resources=[OPEN, PERSONS])
    for published in catalogue.to_mount():
        with transaction.atomic():
            registries.mount(actor=INSTALL, published=published)
            catalogue.mark_mounted(published)
    have_agencies()
    deliver(registration(firm(0), firm(1)), actor=MARKET)
    notices = [f"甲1,{FIRMS[0]},=SUM(1),430102001,举报人张三", f"甲2,{FIRMS[1]},停业,430112,自查"]
    deliver("\n".join(["公告号,统一社会信用代码,内容,行政区划,线索来源", *notices]), actor=MARKET, resource=OPEN.key)
    deliver(f"公民身份号码,姓名,联系电话\n{PERSON_ID},田野,13812345678\n", actor=CIVIL, resource=PERSONS.key)
    return {"firm": subject_of(KEY), "person": subject_of(PERSONS.key)}


def subject_of(resource: str) -> int:
    rows = registries.rows(catalogue.published(resource), limit=1)
    assert rows and rows[0].subject is not None
    return rows[0].subject


@needs_database
def test_an_officer_reads_freely_shared_items_and_the_stricter_term_of_an_item_holds(shared: dict[str, int]) -> None:
    found = exchange.read(actor=TAX, resource=OPEN.key, subject=shared["firm"], purpose="核实经营状态")
    assert [item.name for item in found.items] == ["number", "uscc", "text", "region"]
    assert found.rows[0].row.values["number"] == "甲1" and "source" not in found.rows[0].row.values
    entry = Entry.objects.filter(verb="exchange.read").latest("id")
    assert entry.object == f"resource:{OPEN.key}" and entry.detail["purpose"] == "核实经营状态"
    with connection.cursor() as cursor:
        cursor.execute("select subject from trust_reading where entry = %s", [entry.pk])
        assert cursor.fetchall() == [(shared["firm"],)]


@needs_database
def test_a_reading_without_purpose_and_a_conditional_resource_are_refused_with_a_way_forward(
    shared: dict[str, int],
) -> None:
    refused = Entry.objects.filter(verb="exchange.read", outcome="refused")
    before = refused.count()
    for resource, purpose, rule in ((OPEN.key, " ", "read.purpose"), (KEY, "办案", "share.conditional")):
        with pytest.raises(Refused) as refusal:
            exchange.read(actor=TAX, resource=resource, subject=shared["firm"], purpose=purpose)
        assert refusal.value.rule == rule and refusal.value.remedy
    assert refused.count() == before + 2


@needs_database
def test_a_persons_rows_are_seen_by_owner_and_subject_and_by_nobody_else(
    shared: dict[str, int],
) -> None:
    subject = shared["person"]

    def seen(actor: Actor) -> dict[str, str | None]:
        return exchange.read(actor=actor, resource=PERSONS.key, subject=subject, purpose="核对").rows[0].row.values

    assert seen(CIVIL)["id"] == seen(citizen(1, subject))["id"] == PERSON_ID
    for stranger in (REVIEWER, TAX, citizen(2, shared["firm"]), OFFICE):
        with pytest.raises(Refused) as refusal:
            seen(stranger)
        assert refusal.value.rule in ("share.natural_person", "right.missing")


@needs_database
def test_a_county_takes_its_own_slice_and_formulas_in_it_do_nothing(shared: dict[str, int]) -> None:
    found = exchange.read_region(actor=COUNTY, resource=OPEN.key, region="430102")
    assert [one.row.values["number"] for one in found.rows] == ["甲1"]
    assert found.rows[0].row.values["source"] == "举报人张三", "its own line sees its rows whole"
    written = exchange.take_region_slice(actor=OTHER_COUNTY, resource=OPEN.key, region="430102")
    with written.file as file:
        data = file.read()
    assert (len(data), hashlib.sha256(data).hexdigest()) == (written.size, written.digest)
    text = data.decode("utf-8-sig")
    assert written.rows == 1 and "'=SUM(1)" in text and "举报人" not in text
    for resource, region, rule in ((OPEN.key, "430103", "right.region"), (PERSONS.key, "430102", "region.none")):
        with refused(rule):
            exchange.take_region_slice(actor=COUNTY, resource=resource, region=region)
    with refused("share.conditional"):
        exchange.read_region(actor=OTHER_COUNTY, resource=KEY, region="430102")


@needs_database
def test_anybody_verified_reads_what_is_open_and_nothing_more(shared: dict[str, int]) -> None:
    somebody = citizen(3, 999_999_999)
    assert exchange.read(actor=somebody, resource=OPEN.key, subject=shared["firm"]).rows
    for resource in (KEY, PERSONS.key):
        with pytest.raises(Refused, match=r"不向社会开放|涉及自然人"):
            exchange.read(actor=somebody, resource=resource, subject=shared["firm"])
    with pytest.raises(Refused, match="权限"):
        exchange.read(actor=directory.anonymous(), resource=OPEN.key, subject=shared["firm"])


SHARES = st.sampled_from([*ShareType])


@given(
    SHARES,
    st.lists(st.none() | SHARES, min_size=1, max_size=5),
    st.booleans(),
    st.sampled_from([*Reader]),
    st.booleans(),
)
def test_nobody_but_owner_subject_and_reviewer_ever_sees_more_than_unconditional_items(
    share: ShareType, own: list[ShareType | None], opened: bool, reader: Reader, natural: bool
) -> None:
    items = tuple(Item(name=f"i{at}", title="项", key=at == 0, share=one) for at, one in enumerate(own))
    resource = Resource(key="43.a/b", title="资源", agency="43.a", items=items, share=share, open=opened)
    try:
        seen = sight(resource, reader, natural=natural)
    except Refused as refusal:
        assert reader in (Reader.OFFICER, Reader.ANYBODY) and refusal.remedy
        return
    if reader in (Reader.OFFICER, Reader.ANYBODY):
        assert not natural and (opened or reader is Reader.OFFICER)
        assert all(
            share is ShareType.UNCONDITIONAL and (i.share in (None, ShareType.UNCONDITIONAL)) for i in seen.items
        )
    else:
        assert seen == Sight(items, masked=reader is Reader.REVIEWER)
