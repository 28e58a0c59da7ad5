"""What an agreement lets its holder see: never more than was granted, and narrowing a grant never widens it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from shuniu.catalogue.api import share_of
from shuniu.catalogue.declare import Item, Resource, ShareType
from shuniu.exchange.access import Reader, Sight, sight, veiled
from shuniu.exchange.grants import policy
from shuniu.exchange.grants.declare import Agreement, Basis, Found, Standing, State, Terms
from shuniu.trust.declare import Refused

DAY = date(2026, 1, 1)
NAMES = ("a", "b", "c", "d", "e")
SHARES = st.none() | st.sampled_from([*ShareType])
REGIONS = st.sampled_from(["43", "4301", "430102", "4310", "44"])


@st.composite
def resources(draw: st.DrawFn) -> Resource:
    items = tuple(Item(name=name, title=name, key=name == "a", share=draw(SHARES)) for name in NAMES)
    by_region = draw(st.sampled_from(["", "b"]))
    share = draw(st.sampled_from([*ShareType]))
    return Resource(key="43.a/b", title="资源", agency="43.a", items=items, share=share, by_region=by_region)


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    items = tuple(draw(st.lists(st.sampled_from([*NAMES, "gone"]), unique=True, min_size=1)))
    terms = Terms(
        items=items, purposes=("licensing",), bases=(Basis("法", "第一条"),),
        regions=tuple(draw(st.lists(REGIONS, unique=True, max_size=3))),
        rate=1, quota_calls=1, quota_rows=1, valid_from=DAY, valid_until=DAY,
    )  # fmt: skip
    masked = frozenset(draw(st.lists(st.sampled_from(items), unique=True)))
    return Agreement(
        7, 1, "43.c", "43.a/b", "43.a", terms, masked, draw(st.sampled_from(["", "officer:1"])), State.IN_FORCE
    )


def seen(resource: Resource, agreement: Agreement) -> dict[str, str]:
    return {one.item.name: one.how for one in policy.view(resource, agreement) if one.how != "withheld"}


@given(resources(), agreements())
def test_nothing_is_seen_but_what_was_granted_and_the_catalogue_still_shares(
    resource: Resource, agreement: Agreement
) -> None:
    views = policy.view(resource, agreement)
    assert [one.item for one in views] == list(resource.items), "every item is answered for"
    for one in views:
        if one.how != "withheld":
            assert one.item.name in agreement.terms.items
            assert share_of(resource, one.item) is not ShareType.NOT_SHARED
        assert (one.how == "whole") == (not one.forward), "what is not seen whole says the way forward"
        assert one.rule and one.why
        if one.item.name in agreement.masked:
            assert one.how != "whole"


@given(resources(), agreements(), st.data())
def test_narrowing_a_grant_never_widens_what_is_seen(
    resource: Resource, agreement: Agreement, data: st.DataObject
) -> None:
    kept = data.draw(st.lists(st.sampled_from(agreement.terms.items), unique=True))
    more = data.draw(st.lists(st.sampled_from(agreement.terms.items), unique=True))
    regions = data.draw(st.lists(st.sampled_from(agreement.terms.regions or ("",)), unique=True).map(tuple))
    narrower = replace(
        agreement,
        terms=replace(agreement.terms, items=tuple(kept), regions=tuple(one for one in regions if one)),
        masked=agreement.masked | frozenset(more),
    )
    before, after = seen(resource, agreement), seen(resource, narrower)
    assert set(after) <= set(before)
    assert all(before[name] == "masked" or how == before[name] or how == "masked" for name, how in after.items())
    assert all(after[name] == "masked" for name in after if before[name] == "masked")
    for code in ("430102", "431000", "440000", "43", "", "x"):
        assert policy.region_granted(agreement, resource, code) or not policy.region_granted(narrower, resource, code)


@given(resources(), agreements(), st.sampled_from([*Standing]), st.sampled_from(["officer:1", "officer:2"]))
def test_whatever_is_refused_names_its_rule_and_the_way_forward(
    resource: Resource, agreement: Agreement, standing: Standing, person: str
) -> None:
    found = Found(standing, agreement)
    judgement = policy.judge(resource, found, purpose="行政许可", person=person)
    if standing is not Standing.IN_FORCE or person == agreement.granted_by:
        assert judgement.refused is not None and not judgement.items
    if judgement.refused is not None:
        assert judgement.refused.rule.partition(".")[0] in ("grant", "share")
        assert judgement.refused.message and judgement.refused.remedy and "{" not in str(judgement.refused)
        assert judgement.seen == () and judgement.masked == frozenset()


@given(resources(), agreements(), st.sampled_from([*Reader]), st.booleans())
def test_reading_on_the_desk_sees_by_the_same_function(
    resource: Resource, agreement: Agreement, reader: Reader, natural: bool
) -> None:
    def look(under: Agreement | None) -> Sight | str:
        try:
            return sight(resource, reader, natural=natural, agreement=under)
        except Refused as refusal:
            return refusal.rule

    if reader is Reader.OFFICER:
        under = look(agreement)
        names = {} if isinstance(under, str) else {i.name: i.name in under.veiled for i in under.items}
        assert names == {name: how == "masked" for name, how in seen(resource, agreement).items()}
    else:
        assert look(agreement) == look(None), "an agreement is for the officers of its agency alone"


def test_what_is_granted_masked_is_never_shown_as_it_is() -> None:
    for identifies in ("uscc", "legal_name", "resident_id", ""):
        item = Item(name="a", title="项", identifies=identifies)
        assert veiled(item, "91430100MA0000015K") != "91430100MA0000015K"
    assert veiled(Item(name="a", title="项"), None) is None


def test_rows_of_no_region_and_of_strange_codes_are_granted_to_nobody() -> None:
    resource = Resource(
        key="43.a/b", title="资源", agency="43.a", items=(Item(name="a", title="项", key=True),), by_region="a"
    )
    terms = Terms(("a",), ("licensing",), (Basis("法", "第一条"),), ("4301",), 1, 1, 1, DAY, DAY)
    held = Agreement(7, 1, "43.c", "43.a/b", "43.a", terms, frozenset(), "", State.IN_FORCE)
    granted = {
        code: policy.region_granted(held, resource, code) for code in ("430102", "430100", "43", "", "4301x", "431000")
    }
    assert [code for code, yes in granted.items() if yes] == ["430102", "430100"]
