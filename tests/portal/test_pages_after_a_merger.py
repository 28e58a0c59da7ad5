"""The successor of an agency finds on its desk what that one agreed to and has still to answer; the old one finds it no more."""

from __future__ import annotations

import pytest
from django.db import transaction

from shuniu.cases.api.succession import succeed_agency
from shuniu.catalogue import api as catalogue
from shuniu.exchange import api as exchange
from shuniu.registries import api as registries
from tests.cast import Cast, SignedIn, with_posts
from tests.exchange.conftest import Deliver, firm, registration
from tests.exchange.gateway.road import agree
from tests.portal.reading import text

pytestmark = pytest.mark.django_db
KEY = "43.market/registration"


def test_the_successor_acts_on_an_agreement_and_an_objection_on_their_pages(
    deliver: Deliver, cast: Cast, signed_in: SignedIn
) -> None:
    deliver(registration(firm(0)), actor=cast.market_officer)
    number, row = (
        agree("uscc", "name", purposes=("inspection",)).pk,
        registries.rows(catalogue.published(KEY), limit=1)[0].row,
    )
    raised = exchange.raise_objection(
        actor=cast.tax_officer, resource=KEY, row=row, item="capital", claim="注册资本有误"
    ).number
    at, about = f"/desk/agreements/{number}/", f"/desk/objections/{raised}/"
    old, new = signed_in(cast.market_second), signed_in(with_posts(cast.matcher, "data_officer", "second_officer"))
    assert "暂停" in text(old, at)
    with transaction.atomic():
        succeed_agency(actor=cast.office, agency="43.market", successor="43.office", reason="湘编〔2026〕3号")
    page = text(new, at)
    assert "暂停" in page and "省市场监督管理局" in page
    assert at in text(new, "/desk/agreements/") and about in text(new, "/desk/objections/")
    assert "省信息办" in text(new, about) or "省政务信息化办公室" in text(new, about)
    assert f"{about}accept/" in text(new, about)
    assert at not in text(old, "/desk/agreements/") and about not in text(old, "/desk/objections/")
    for gone in (at, about):
        assert old.get(gone).status_code in (403, 404)
