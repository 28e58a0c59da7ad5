"""Whether an officer sees a case: asked without reading it, answered by the rule that reading obeys."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shuniu.cases.api import filing
from shuniu.cases.api.sight import explain_sight
from shuniu.directory import api as directory
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cases.filing import filed, published
from tests.cast import Cast, SignedIn, cast, number, signed_in

__all__ = ["cast", "published", "signed_in"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def clerk(cast: Cast, whom: Actor, by: Actor) -> Actor:
    """An officer who is appointed to take cases in."""
    directory.appoint(actor=by, account=number(whom), role="case_clerk", regions=["430000"])
    return directory.actor_of(number(whom))


def test_the_answer_is_what_reading_would_say_and_reads_nothing(cast: Cast) -> None:
    case = filed(cast.citizen)
    own = clerk(cast, cast.market_officer, cast.market_admin)
    other = clerk(cast, cast.tax_officer, cast.tax_admin)
    far = replace(own, regions=("431000",))
    for reader in (own, other, far, cast.market_second):
        said = explain_sight(actor=reader, reader=reader, number=case.number)
        try:
            filing.read_case(actor=reader, number=case.number)
        except Refused as refusal:
            assert (said is not None and (said.rule, said.message) == (
                refusal.rule, refusal.message
            )) or refusal.rule == "right.missing"  # fmt: skip
        else:
            assert said is None
    asked = Entry.objects.filter(verb="cases.explain_sight").order_by("id")
    assert [one.detail["refused"] for one in asked] == ["", "case.unknown", "right.region", "right.missing"]


def test_of_others_their_administrator_and_the_auditor_ask_and_one_that_is_not_there_is_no_other_answer(
    cast: Cast,
) -> None:
    case = filed(cast.citizen)
    own = clerk(cast, cast.market_officer, cast.market_admin)
    other = clerk(cast, cast.tax_officer, cast.tax_admin)
    assert explain_sight(actor=cast.market_admin, reader=own, number=case.number) is None
    assert explain_sight(actor=cast.auditor, reader=own, number=case.number) is None
    hidden = explain_sight(actor=cast.tax_admin, reader=other, number=case.number)
    none = explain_sight(actor=cast.tax_admin, reader=other, number="X")
    assert hidden is not None and none is not None
    assert hidden.message.replace(case.number, "X") == none.message and hidden.rule == none.rule
    assert Entry.objects.filter(verb="cases.explain_sight").latest("id").object == "case", "what was typed is not kept"
    for asker, rule in ((cast.tax_admin, "right.agency"), (cast.market_second, "right.missing")):
        with pytest.raises(Refused) as refused:
            explain_sight(actor=asker, reader=own, number=case.number)
        assert refused.value.rule == rule


def test_the_page_says_it_in_a_chain(cast: Cast, signed_in: SignedIn) -> None:
    case = filed(cast.citizen)
    clerk(cast, cast.market_officer, cast.market_admin)
    asked = {"login": "wangmin", "case": case.number}
    page = signed_in(cast.market_admin).get("/desk/rights/", asked).content.decode()
    assert "可以。" in page and "本单位办理或者参与办理" in page
    page = signed_in(cast.market_admin).get("/desk/rights/", {**asked, "login": "lihua"}).content.decode()
    assert "不可以" in page and "包括它的角色" in page
    clerk(cast, cast.tax_officer, cast.tax_admin)
    page = signed_in(cast.tax_officer).get("/desk/rights/", {"case": case.number}).content.decode()
    assert "不可以" in page and "没有办件" in page
