"""The page of an agency's merger into another: chosen, looked at, ordered; for the province's office alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from shuniu.cases.api import filing, handling, items
from shuniu.cases.models import Case, Succession
from shuniu.directory.models import Agency
from shuniu.trust.declare import Actor
from tests.cases.filing import ITEM, published
from tests.cast import Cast, SignedIn, cast
from tests.portal.cases import clerk, filed, text

__all__ = ["cast", "clerk", "published"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
AT = "/desk/successions/"
PAIR = {"agency": "43.market", "successor": "43.tax", "save": "1"}
ORDER = {**PAIR, "reason": "湘编〔2026〕3号", "sure": "on"}


@pytest.fixture
def number(cast: Cast, clerk: Actor) -> str:
    return handling.accept(actor=clerk, number=filed(cast.citizen)).number


def test_the_office_chooses_looks_at_the_numbers_and_orders(cast: Cast, signed_in: SignedIn, number: str) -> None:
    office = signed_in(cast.office)
    page = text(office.get(AT))
    assert f'href="{AT}"' in page and "还没有单位承接过别的单位" in page and "省直单位（3 个）" in page
    looked = text(office.get(AT, PAIR))
    assert "共 1 件在办流程" in looked and number in looked and "现在还没有任何改动" in looked
    assert filing.read_case(actor=cast.citizen, number=number).agency == "43.market"
    done = text(office.post(AT, ORDER, follow=True))
    assert "已转由省税务局承接，共 1 件在办流程" in done and "湘编〔2026〕3号" in done and "陈岚" in done
    assert filing.read_case(actor=cast.citizen, number=number).agency == "43.tax"


@pytest.mark.parametrize("missing", ["reason", "sure"])
def test_without_a_reason_or_a_confirmation_nothing_moves_and_nothing_typed_is_lost(
    cast: Cast, signed_in: SignedIn, number: str, missing: str
) -> None:
    office = signed_in(cast.office)
    answer = office.post(AT, {key: value for key, value in ORDER.items() if key != missing})
    page = text(answer)
    said = {"reason": "请填写依据（文件名称和文号）", "sure": "请核对上面的数字后勾选确认"}[missing]
    assert answer.status_code == 422 and page.count(said) == 2, "in the summary, and beside the field"
    assert ("湘编〔2026〕3号" in page) == (missing != "reason") and (" checked" in page) == (missing != "sure")
    assert 'name="agency" value="43.market"' in page and "共 1 件在办流程" in page
    assert not Succession.objects.exists() and Case.objects.get().agency == "43.market"


def test_a_choice_that_cannot_be_is_answered_beside_the_field(cast: Cast, signed_in: SignedIn) -> None:
    office = signed_in(cast.office)
    bare = office.get(AT, {"save": "1"})
    assert bare.status_code == 422 and "请选择承接单位" in text(bare)
    same = office.get(AT, {**PAIR, "successor": "43.market"})
    assert same.status_code == 422 and "承接单位不能是被合并的单位自己" in text(same)
    assert text(same).count(" checked") == 2
    assert office.get(AT, {**PAIR, "agency": "43.nothing"}).status_code == 422
    assert office.post(AT, {**ORDER, "successor": "43.nothing"}).status_code == 422
    office.post(AT, ORDER)
    back = office.get(AT, {"agency": "43.tax", "successor": "43.market", "save": "1"})
    assert back.status_code == 422 and "已经由省税务局承接" in text(back)


def test_a_search_among_agencies_judges_nothing_and_keeps_what_was_chosen(cast: Cast, signed_in: SignedIn) -> None:
    found = signed_in(cast.office).get(AT, {"agency": "43.market", "find": "successor", "find-successor": "税务"})
    page = text(found)
    assert found.status_code == 200 and "summary-error" not in page and 'value="税务"' in page
    first, second = page.split('<div class="field agencies')[1:3]
    assert 'value="43.market"' in first.partition("<details")[0] and " checked" in first
    assert "<details" in second and "43.tax" in second and "43.office" not in second


def test_an_agency_that_was_abolished_of_late_is_still_offered_but_takes_over_nothing(
    cast: Cast, signed_in: SignedIn, number: str
) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Agency.objects.filter(key="43.market").update(valid_to=yesterday)
    office = signed_in(cast.office)
    assert "共 1 件在办流程" in text(office.get(AT, PAIR))
    assert office.get(AT, {**PAIR, "agency": "43.tax", "successor": "43.market"}).status_code == 422


def test_nobody_else_sees_or_orders_anything(cast: Cast, signed_in: SignedIn, clerk: Actor, number: str) -> None:
    for who in (clerk, cast.market_admin, cast.auditor, cast.citizen):
        client = signed_in(who)
        assert client.get(AT).status_code == client.get(AT, PAIR).status_code == 403
        assert client.post(AT, ORDER).status_code == 403 and f'href="{AT}"' not in text(client.get("/rights/"))
    assert not Succession.objects.exists()


def test_the_successors_people_edit_its_service_items_at_their_old_address(cast: Cast, signed_in: SignedIn) -> None:
    items.draft(actor=cast.market_officer, item=ITEM.model_copy(update={"key": "43.market/own", "title": "自编事项"}))
    address = "/desk/items/43.market/own/"
    assert signed_in(cast.tax_officer).get(address).status_code == 403
    signed_in(cast.office).post(AT, ORDER)
    editor = signed_in(cast.tax_officer)
    assert "自编事项" in text(editor.get("/desk/items/")) and "提交发布" in text(editor.get(address))
    assert signed_in(cast.market_officer).get(address).status_code == 403
