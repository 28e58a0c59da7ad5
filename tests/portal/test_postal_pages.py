"""Documents by browser: chosen in the hall, posted or handed over at the desk, with the evidence on both pages."""

from __future__ import annotations

import pytest

from shuniu.cases.api import postal_desk
from shuniu.cases.courier.sandbox import Sandbox
from shuniu.trust.declare import Actor
from tests.cases.posting import ADDRESS, CONTENTS, NAME, TELEPHONE, by_mail, decide, decided, filed, published, sandbox
from tests.cast import Cast, SignedIn
from tests.portal.cases import chief, clerk, text

__all__ = ["chief", "clerk", "decided", "published", "sandbox"]
pytestmark = pytest.mark.django_db(transaction=True)
CHOSEN = {"way": "mail", "name": NAME, "telephone": TELEPHONE, "address": ADDRESS}


def test_an_applicant_chooses_before_the_decision_and_sees_only_a_mask_afterwards(
    cast: Cast, published: None, signed_in: SignedIn
) -> None:
    number = filed(cast.citizen)
    citizen, at = signed_in(cast.citizen), f"/hall/cases/{number}/delivery/"
    page = text(citizen.get(at))
    assert "作出决定后就按您选的办" in page and page.count('type="radio"') == 2
    wrong = citizen.post(at, CHOSEN | {"telephone": "123"})
    assert wrong.status_code == 422 and "收件电话写得不对" in text(wrong) and ADDRESS in text(wrong), (
        "nothing typed is lost"
    )
    assert citizen.post(at, {}).status_code == 422
    assert citizen.post(at, CHOSEN).headers["Location"] == at
    page = text(citizen.get(at))
    assert "138****5678" in page and TELEPHONE not in page and "五一大道" not in page and "待交寄" in page
    assert "待领取" in text(citizen.post(at, {"way": "pickup"}, follow=True))
    assert signed_in(cast.firm).get(at).status_code == 403


def test_the_window_posts_by_hand_and_notes_who_signed(
    cast: Cast, decided: str, clerk: Actor, signed_in: SignedIn
) -> None:
    by_mail(cast.citizen, decided)
    desk, at = signed_in(clerk), f"/desk/postal/{decided}/"
    assert f'href="{at}"' in text(desk.get("/desk/postal/"))
    page = text(desk.get(at))
    assert "138****5678" in page and TELEPHONE not in page
    shown = text(desk.post(f"{at}address/"))
    assert TELEPHONE in shown and ADDRESS in shown and "已经留痕" in shown
    wrong = desk.post(f"{at}act/consign/", {"consign-contents": CONTENTS, "consign-waybill": ""})
    assert wrong.status_code == 422 and "请填写运单号" in text(wrong)
    said = {"consign-contents": CONTENTS, "consign-waybill": "EX123456789CN"}
    assert "已交寄" in text(desk.post(f"{at}act/consign/", said, follow=True))
    assert "EX123456789CN" in text(desk.get("/desk/postal/?show=going"))
    both = desk.post(f"{at}act/end/", {"end-signer": "", "end-returned": ""})
    assert both.status_code == 422 and "没有写明结果" in text(both)
    assert "签收人：本人" in text(desk.post(f"{at}act/end/", {"end-signer": "本人"}, follow=True))
    assert decided in text(desk.get("/desk/postal/?show=done"))
    own = text(signed_in(cast.citizen).get(f"/hall/cases/{decided}/delivery/"))
    assert "已签收" in own and "签收人：本人" in own and '<form method="post" novalidate' not in own
    assert desk.get("/desk/postal/?show=none").status_code == 404
    assert desk.post(f"{at}act/none/").status_code == 404


def test_a_courier_is_asked_from_the_page_and_told_of_when_it_cannot_be_reached(
    cast: Cast, decided: str, clerk: Actor, signed_in: SignedIn, sandbox: Sandbox, settings: object
) -> None:
    by_mail(cast.citizen, decided)
    desk, at = signed_in(clerk), f"/desk/postal/{decided}/"
    settings.COURIER_URL = "http://127.0.0.1:9"  # type: ignore[attr-defined]  # pytest-django's settings
    wrong = desk.post(f"{at}act/consign/", {"consign-contents": CONTENTS})
    assert wrong.status_code == 422 and "暂时连接不上" in text(wrong)
    settings.COURIER_URL = sandbox.address  # type: ignore[attr-defined]  # pytest-django's settings
    assert "SB0000000001CN" in text(desk.post(f"{at}act/consign/", {"consign-contents": CONTENTS}, follow=True))


def test_who_comes_without_having_chosen_is_found_by_number_and_shows_a_proof(
    cast: Cast, published: None, clerk: Actor, signed_in: SignedIn
) -> None:
    number = filed(cast.citizen)
    desk, at = signed_in(clerk), f"/desk/postal/{number}/"
    assert desk.get(f"/desk/postal/?number={number}").headers["Location"] == at
    assert "还没有作出决定" in text(desk.get(at))
    decide(cast, number)
    page = text(desk.get(at))
    assert "申请人还没有选择" in page and "act-consign" not in page and page.count('type="radio"') == 3
    missing = desk.post(f"{at}act/hand-over/", {"hand-over-taker": "田野", "hand-over-contents": CONTENTS})
    assert missing.status_code == 422 and "请选择核对了什么证件" in text(missing)
    said = {"hand-over-taker": "田野", "hand-over-proof": "own", "hand-over-contents": CONTENTS}
    assert "核对：本人有效身份证件" in text(desk.post(f"{at}act/hand-over/", said, follow=True))
    own = text(signed_in(cast.citizen).get(f"/hall/cases/{number}/delivery/"))
    assert "已领取" in own and "签收人：田野" in own


def test_what_came_back_says_so_to_the_applicant_and_stands_on_the_list(
    cast: Cast, decided: str, clerk: Actor, signed_in: SignedIn
) -> None:
    by_mail(cast.citizen, decided)
    postal_desk.consign(actor=clerk, number=decided, contents=CONTENTS, waybill="EX123456789CN")
    postal_desk.note_mail(actor=clerk, number=decided, returned="地址不详")
    own = text(signed_in(cast.citizen).get(f"/hall/cases/{decided}/delivery/"))
    assert "邮件被退回" in own and "地址不详" in own
    assert "已退回" in text(signed_in(clerk).get("/desk/postal/"))


def test_officers_see_the_desk_s_page_and_strangers_none(
    cast: Cast, decided: str, clerk: Actor, chief: Actor, signed_in: SignedIn
) -> None:
    moved = signed_in(clerk).get(f"/hall/cases/{decided}/delivery/")
    assert moved.headers["Location"] == f"/desk/postal/{decided}/"
    for who in (cast.tax_officer, chief, cast.citizen):
        assert signed_in(who).get("/desk/postal/").status_code == 403
    assert signed_in(cast.tax_officer).get(f"/desk/postal/{decided}/").status_code == 403
