"""Objections by browser: raised from a row, answered by its owner step by step, each page with its timeline."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from shuniu.catalogue import api as catalogue
from shuniu.procedures.models import Event as Step
from shuniu.procedures.models import Task
from shuniu.registries import api as registries
from shuniu.registries.declare import Mode
from tests.cast import Cast, SignedIn
from tests.exchange.conftest import Deliver, firm, registration
from tests.loosening import loosened
from tests.portal.reading import text

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "43.market/registration"


@pytest.fixture
def new(deliver: Deliver, cast: Cast) -> str:
    """The address at which an objection to the one registration is raised."""
    deliver(registration(firm(0)), actor=cast.market_officer)
    row = registries.rows(catalogue.published(KEY), limit=1)[0].row
    return "/desk/objections/new/?" + urlencode({"resource": KEY, "row": row, "item": "capital"})


def raised(client: Client, new: str) -> str:
    done = client.post(new, {"item": "capital", "claim": "注册资本有误"})
    assert done.status_code == 302, done.content.decode()
    return done.headers["Location"]


def test_an_objection_goes_from_its_raising_to_the_correction(
    new: str, deliver: Deliver, cast: Cast, signed_in: SignedIn
) -> None:
    tax, officer = signed_in(cast.tax_officer), signed_in(cast.market_officer)
    form = text(tax, new)
    assert '<option value="capital" selected>注册资本</option>' in form
    assert tax.post(new, {"item": "", "claim": " "}).status_code == 422
    at = raised(tax, new)
    assert f"{at}accept/" not in text(tax, at), "the raiser does not answer"
    assert "已提出，待受理" in text(officer, "/desk/objections/")
    assert "待受理" in text(signed_in(cast.office), "/desk/objections/")
    assert "请填写不予受理的理由" in officer.post(f"{at}accept/", {"answer": "no"}).content.decode()
    assert officer.post(f"{at}accept/", {"answer": "yes"}).status_code == 302
    second = signed_in(cast.market_second)
    assert second.post(f"{at}verify/", {"answer": "yes", "reason": ""}).status_code == 422
    assert second.post(f"{at}verify/", {"answer": "yes", "reason": "与档案不符"}).status_code == 302
    early = officer.post(f"{at}correct/", {"reason": ""})
    assert early.status_code == 422
    assert "还没有更正" in early.content.decode()
    deliver(registration(firm(0, capital="12")), actor=cast.market_officer, mode=Mode.DELTA)
    assert officer.post(f"{at}correct/", {"reason": "已报送更正"}).status_code == 302
    page = text(tax, at)
    for step in ("提出异议", "受理", "核实属实", "更正办结", "与档案不符", "已更正"):
        assert step in page, step
    assert "没有这样的异议" in text(tax, "/desk/objections/")
    assert at in text(tax, "/desk/objections/?show=all")


def test_an_unfounded_objection_is_rejected_with_the_reason(new: str, cast: Cast, signed_in: SignedIn) -> None:
    tax, officer = signed_in(cast.tax_officer), signed_in(cast.market_officer)
    at = raised(tax, new)
    officer.post(f"{at}accept/", {"answer": "yes"})
    officer.post(f"{at}verify/", {"answer": "no", "reason": "与登记档案一致"})
    page = text(tax, at)
    assert "已驳回" in page
    assert "与登记档案一致" in page
    assert "核实不属实，驳回" in page


def test_nobody_answers_what_he_raised_himself(new: str, cast: Cast, signed_in: SignedIn) -> None:
    officer = signed_in(cast.market_officer)
    at = raised(officer, new)
    page = text(officer, at)
    assert "须由本单位另一位人员办理" in page
    assert f"{at}accept/" not in page
    assert officer.post(f"{at}accept/", {"answer": "yes"}).status_code == 422


def test_who_has_no_part_in_it_sees_nothing_of_it(new: str, cast: Cast, signed_in: SignedIn) -> None:
    at = raised(signed_in(cast.market_officer), new)
    assert "您没有第" in text(signed_in(cast.tax_officer), at, 403)
    assert "没有这样的异议" in text(signed_in(cast.citizen), "/desk/objections/")
    assert text(signed_in(cast.stranger), new, 403)
    assert "没有这条现行记录" in signed_in(cast.tax_officer).post(
        "/desk/objections/new/?" + urlencode({"resource": KEY, "row": 7}), {"claim": "有误"}
    ).content.decode()  # fmt: skip


def test_the_page_names_the_subject_the_row_as_it_stands_and_the_stages_term(
    new: str, cast: Cast, signed_in: SignedIn
) -> None:
    tax, officer = signed_in(cast.tax_officer), signed_in(cast.market_officer)
    at = raised(tax, new)
    page = text(officer, at)
    for said in (
        "主体",
        "湘江机械有限公司",
        "这条记录现在的内容",
        "受理限 2 个工作日（平台默认值）",
        "答复期限",
        "还有",
    ):
        assert said in page, said
    assert "有条件共享" in text(tax, at), "the objector sees of the row what sharing allows, and why no more"
    officer.post(f"{at}accept/", {"answer": "yes"})
    assert "核实限 5 个工作日" in text(officer, at)
    since = timezone.now() - timedelta(days=30)
    with loosened(Step):
        Step.objects.update(at=since)
    Task.objects.update(due=since.date() + timedelta(days=7))
    assert "已逾期" in text(officer, at)
    assert "已逾期" in text(officer, "/desk/objections/")
    assert "已逾期" in text(officer, "/desk/"), "the desk says so too"
