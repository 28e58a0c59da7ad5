"""The applicant's pages of cases: filed once with the materials that are asked for, followed, corrected, taken back."""

from __future__ import annotations

import pytest
from django.test import Client

from shuniu.cases.api import filing, handling, items
from shuniu.cases.declare import ByLicence, ByUpload
from shuniu.cases.declare.case import CaseState
from shuniu.cases.declare.material import HandedIn
from shuniu.cases.models import Case, CaseMaterial
from shuniu.directory.api import system
from shuniu.trust.declare import Actor
from tests.cases import licensed
from tests.cases.filing import ITEM, drafted, published
from tests.cases.papers import PDF, uploaded
from tests.cast import CITIZEN_SUBJECT, Cast, SignedIn, cast
from tests.portal.cases import LEASE, PLAN, TAX, clerk, filed, offered, officer, seat, text

__all__ = ["cast", "clerk", "published"]
pytestmark = pytest.mark.usefixtures("published")


@pytest.fixture
def needing(published: None) -> None:
    """The item's next version asks for three materials: one as a file, one that may be promised, one that may wait."""
    items.ship(actor=system("install"), items=[ITEM.model_copy(update={"materials": (PLAN, TAX, LEASE)})])


def test_a_draft_is_filed_to_a_receipt_and_a_second_click_leads_to_the_case(cast: Cast, signed_in: SignedIn) -> None:
    client, draft = signed_in(cast.citizen), drafted(cast.citizen)
    assert '"/hall/cases/file/"' in text(client.get(f"/apply/{draft}/check/"))
    sent = client.post("/hall/cases/file/", {"draft": str(draft)}, follow=True)
    number = Case.objects.get().number
    assert sent.redirect_chain[-1][0] == f"/hall/cases/{number}/receipt/"
    assert number in text(sent) and "10 个工作日内作出决定" in text(sent) and "前告知您是否受理" in text(sent)
    again = client.post("/hall/cases/file/", {"draft": str(draft)})
    assert again.headers["Location"] == f"/hall/cases/{number}/" and Case.objects.count() == 1
    assert number in text(client.get("/hall/cases/"))


def test_a_draft_that_is_not_ready_goes_back_to_be_checked_and_anothers_is_refused(
    cast: Cast, signed_in: SignedIn
) -> None:
    draft = drafted(cast.citizen)
    assert signed_in(cast.firm).post("/hall/cases/file/", {"draft": str(draft)}).status_code == 403
    assert signed_in(cast.firm).get(f"/hall/cases/file/{draft}/").status_code == 403
    client = signed_in(cast.citizen)
    client.post(f"/apply/{draft}/page/seats/", {"q-seats": "很多", "seen": "99"})
    assert client.post("/hall/cases/file/", {"draft": str(draft)}).headers["Location"] == f"/apply/{draft}/check/"
    assert client.get(f"/hall/cases/file/{draft}/").headers["Location"] == f"/apply/{draft}/check/"
    assert not Case.objects.exists()


@pytest.mark.usefixtures("needing")
def test_materials_are_chosen_promised_or_left_for_later_before_filing(cast: Cast, signed_in: SignedIn) -> None:
    client, draft = signed_in(cast.citizen), drafted(cast.citizen)
    number = uploaded(cast.citizen, name="平面图.pdf").id
    where = client.post("/hall/cases/file/", {"draft": str(draft)}).headers["Location"]
    assert where == f"/hall/cases/file/{draft}/"
    page = text(client.get(where))
    assert "还缺 2 份材料" in page and "平面图.pdf" in page and "容缺" in page
    missing = client.post(where, {"act": "file"})
    assert missing.status_code == 422 and "还缺 2 份材料：平面图；完税证明" in text(missing)
    looked = client.post(where, {"act": "check", "u-plan": str(number), "p-tax": "on"})
    assert "还缺" not in text(looked) and "告知承诺" in text(looked) and not Case.objects.exists()
    sent = client.post(where, {"act": "file", "u-plan": str(number), "p-tax": "on"})
    case = Case.objects.get()
    assert sent.headers["Location"] == f"/hall/cases/{case.number}/receipt/"
    assert dict(CaseMaterial.objects.values_list("key", "how")) == {
        "plan": "upload", "tax": "promise", "lease": "later",
    }  # fmt: skip
    again = client.post(where, {"act": "file", "u-plan": str(number), "p-tax": "on"})
    assert again.headers["Location"] == f"/hall/cases/{case.number}/"
    page = text(client.get(again.headers["Location"]))
    assert "还缺什么" in page and f"/hall/cases/{case.number}/materials/lease/" in page


@pytest.mark.usefixtures("needing")
def test_a_material_that_was_let_wait_is_handed_in_later(cast: Cast, signed_in: SignedIn, clerk: Actor) -> None:
    plan, lease = (
        uploaded(cast.citizen, name=f"{name}.pdf", data=PDF.replace(b"trailer", b"%" + name.encode()))
        for name in "平租"
    )
    made = filing.file(actor=cast.citizen, draft=drafted(cast.citizen), given=HandedIn({"plan": [plan.id]}, ["tax"]))
    client, where = signed_in(cast.citizen), f"/hall/cases/{made.number}/materials/lease/"
    assert "租.pdf" in text(client.get(where))
    assert "请选用一份文件" in text(client.post(where))
    done = client.post(where, {"chosen": str(lease.id)}, follow=True)
    assert "“租约”已交" in text(done) and "租约（第 2 次提交）" in text(done) and "还缺什么" not in text(done)
    for key, who in (("plan", cast.citizen), ("lease", cast.firm)):
        page = signed_in(who).post(f"/hall/cases/{made.number}/materials/{key}/", {"chosen": str(lease.id)})
        assert page.status_code in (403, 422)
    assert client.get(f"/hall/cases/{made.number}/materials/nothing/").status_code == 404
    desk = text(signed_in(clerk).get(f"/desk/cases/{made.number}/"))
    assert "告知承诺" in desk and f"/hall/materials/{plan.id}/file" in desk
    assert signed_in(clerk).get(f"/hall/materials/{plan.id}/file").status_code == 200


def test_one_page_says_who_holds_it_since_when_and_by_when(cast: Cast, signed_in: SignedIn, clerk: Actor) -> None:
    number = filed(cast.citizen)
    client = signed_in(cast.citizen)
    page = text(client.get(f"/hall/cases/{number}/"))
    assert "现在谁在办" in page and "省市场监督管理局" in page and "现在不用您做什么" in page
    assert "湘味小馆" in page and "提交申请" in page and "受理限" in page
    made = handling.accept(actor=clerk, number=number)
    running = [clock for clock in made.clocks if clock.due and clock.ended is None]
    due = min(clock.due for clock in running if clock.due and not clock.stage)
    (examined,) = (clock.due for clock in running if clock.stage == "examine")
    page = text(client.get(f"/hall/cases/{number}/"))
    assert "承诺时限" in page and "法定时限" in page and due.isoformat() in page and "10 个工作日" in page
    assert examined is not None and examined < due and examined.isoformat() in page and "审查限 7 个工作日" in page
    assert "/desk/clocks/" not in page
    mine = text(client.get("/hall/cases/"))
    assert due.isoformat() in mine and examined.isoformat() not in mine, "the applicant waits for the whole"


def test_nobody_else_opens_a_case(cast: Cast, signed_in: SignedIn, clerk: Actor) -> None:
    number = filed(cast.citizen)
    other = officer("case_clerk", "shuiwu", "税务受理", agency="43.tax")
    for who in (cast.firm, cast.stranger, cast.market_officer, cast.office, other):
        client = signed_in(who)
        for at in ("", "receipt/", "correct/", "withdraw/"):
            answer = client.get(f"/hall/cases/{number}/{at}")
            assert answer.status_code == 403 and "湘味小馆" not in text(answer)
        assert client.get(f"/desk/cases/{number}/").status_code == 403
        assert client.post(f"/desk/cases/{number}/act/accept/", {"accept-seat": "1"}).status_code == 403
        assert client.post(f"/hall/cases/{number}/withdraw/", {"reason": "不办"}).status_code == 403
    assert number not in text(signed_in(other).get("/desk/cases/"))
    assert Client().get(f"/hall/cases/{number}/").headers["Location"].startswith("/sign-in/")
    assert signed_in(clerk).get(f"/hall/cases/{number}/").headers["Location"] == f"/desk/cases/{number}/"
    assert signed_in(clerk).get(f"/hall/cases/{number}/withdraw/").status_code == 404
    assert Case.objects.get().state == CaseState.FILED


def test_a_correction_is_asked_shown_and_handed_in(cast: Cast, signed_in: SignedIn, clerk: Actor) -> None:
    number = filed(cast.citizen)
    desk, client = signed_in(clerk), signed_in(cast.citizen)
    root = f"/desk/cases/{number}/"
    at = seat(text(desk.get(root)), "ask")
    empty = desk.post(f"{root}act/ask/", {"ask-seat": at, "ask-what": ""})
    assert empty.status_code == 422 and "请填写要补正什么" in text(empty)
    asked = desk.post(f"{root}act/ask/", {"ask-seat": at, "ask-what": "平面图上没有座位数，请补画。"}, follow=True)
    assert "等补正" in text(asked) and offered(text(asked)) == set()
    assert "缺材料，等您补正" in text(client.get("/hall/cases/"))
    page = text(client.get(f"/hall/cases/{number}/"))
    assert "平面图上没有座位数，请补画。" in page and f"/hall/cases/{number}/correct/" in page
    assert "平面图上没有座位数" in text(client.get(f"/hall/cases/{number}/correct/"))
    done = client.post(f"/hall/cases/{number}/correct/", {"note": "已补画"}, follow=True)
    assert "补正已提交" in text(done) and "已补画" in text(done)
    assert "等您补正" not in text(client.get("/hall/cases/"))
    twice = client.post(f"/hall/cases/{number}/correct/", {"note": "已补画"})
    assert twice.status_code == 422 and Case.objects.get().state == CaseState.FILED
    assert "不需要补正" in text(client.get(f"/hall/cases/{number}/correct/"))
    assert offered(text(desk.get(root))) == {"accept", "decline"}


def test_an_application_is_taken_back_with_a_reason(cast: Cast, signed_in: SignedIn) -> None:
    number = filed(cast.citizen)
    client, where = signed_in(cast.citizen), f"/hall/cases/{number}/withdraw/"
    assert "请填写撤回理由" in text(client.post(where))
    done = client.post(where, {"reason": "不再开店"}, follow=True)
    assert "申请已撤回" in text(done) and "不再开店" in text(done) and "撤回申请</a>" not in text(done)
    assert "不能撤回" in text(client.get(where))
    assert client.post(where, {"reason": "不再开店"}).status_code == 422


def test_what_the_government_holds_is_looked_up_once_the_applicant_agrees(cast: Cast, signed_in: SignedIn) -> None:
    licensed.agencies()
    held = licensed.issued(
        licensed.NURSE, applicant=CITIZEN_SUBJECT, applicant_kind="natural", applicant_name="田野"
    )  # fmt: skip
    nurse = PLAN.model_copy(update={"title": "护士证", "satisfied_by": (ByLicence(licence="nurse"), ByUpload())})
    items.ship(actor=system("install"), items=[ITEM.model_copy(update={"materials": (nurse,)})])
    client, where = signed_in(cast.citizen), f"/hall/cases/file/{drafted(cast.citizen)}/"
    assert "没有从电子证照库调取到" in text(client.get(where)) and 'name="consent"' in text(client.get(where))
    assert client.post(where, {"act": "file"}).status_code == 422
    looked = text(client.post(where, {"act": "check", "consent": "on"}))
    assert held.number in looked and "电子证照，免交" in looked
    sent = client.post(where, {"act": "file", "consent": "on"}, follow=True)
    assert "申请已提交" in text(sent) and CaseMaterial.objects.get(case__item=ITEM.key).how == "licence"
