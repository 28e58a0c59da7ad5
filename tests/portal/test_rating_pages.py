"""Rating by browser: rated and corrected in the hall, published with each number open, put right at the desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from shuniu.cases.models import Rating, Rectification
from shuniu.trust.declare import Actor
from tests.cases.filing import chief, clerk, examiner, published
from tests.cases.rating import bad, decided
from tests.cast import Cast, SignedIn, client_of, newcomer
from tests.portal.reading import text

__all__ = ["chief", "clerk", "decided", "examiner", "published"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("published")]


@pytest.fixture
def minding() -> Callable[[str], Client]:
    """A browser of a new rating officer of the market bureau."""

    def of(login: str) -> Client:
        return client_of(newcomer("43.market", "rating_officer", login=login, name="蒋文"))

    return of


def test_an_applicant_rates_and_corrects_with_no_grade_chosen_beforehand(
    cast: Cast, decided: str, signed_in: SignedIn
) -> None:
    citizen, at = signed_in(cast.citizen), f"/hall/cases/{decided}/rate/"
    assert "评价：受理" in text(citizen, at) and "评价：决定" in text(citizen, at)
    form = text(citizen, f"{at}decide/")
    assert form.count('type="radio"') == 5 and " checked" not in form and "办事指南精确度" in form
    refused = citizen.post(f"{at}decide/", {"text": "很好"})
    assert refused.status_code == 422 and "请选择整体满意度" in refused.content.decode()
    said = {"level": "4", "part-guide": "5", "part-platform": "", "text": "让我跑了三趟。"}
    assert citizen.post(f"{at}decide/", said).headers["Location"] == at
    assert citizen.post(f"{at}decide/", said | {"level": "3"}).status_code == 302
    assert [*Rating.objects.order_by("version").values_list("level", "parts")] == [(4, {"guide": 5}), (3, {"guide": 5})]
    assert "更正评价：决定" in text(citizen, at) and "再次提交是更正" in text(citizen, f"{at}decide/")


def test_nobody_else_reaches_the_form_and_no_stage_that_is_not_over(
    cast: Cast, decided: str, signed_in: SignedIn
) -> None:
    assert signed_in(cast.firm).get(f"/hall/cases/{decided}/rate/decide/").status_code == 403
    assert signed_in(cast.citizen).get(f"/hall/cases/{decided}/rate/decide-rectified/").status_code == 404


def test_each_published_number_opens_its_list_and_neither_says_who(cast: Cast, decided: str) -> None:
    bad(cast.citizen, decided)
    page = text(Client(), "/hall/ratings/")
    links = [unescape(one) for one in re.findall(r'href="(/hall/ratings/list/[^"]+)"', page)]
    assert len(links) == 1 and "level=4" in links[0]
    listed = text(Client(), links[0])
    assert "不满意" in listed and "整改中" in listed
    for secret in ("田野", decided, "三趟", "13812345678"):
        assert secret not in page + listed
    assert "没有这样的评价" in text(Client(), "/hall/ratings/list/?level=1&agency=43.market")
    assert "还没有评价" in text(Client(), "/hall/ratings/?agency=43.tax")


def test_a_bad_rating_is_put_right_called_back_looked_at_and_set_aside_at_the_desk(
    cast: Cast, decided: str, chief: Actor, signed_in: SignedIn, minding: Callable[[str], Client]
) -> None:
    at = f"/desk/ratings/{bad(cast.citizen, decided)}/"
    one, other = minding("jiangwen"), minding("hexin")
    assert "差评" in text(one, "/desk/ratings/?show=bad") and at in text(one, "/desk/ratings/?show=bad")
    assert one.post(f"{at}act/look/", {"look-show": "1", "look-hide": "没写过的词"}).status_code == 422
    assert one.post(f"{at}act/look/", {"look-show": "1", "look-hide": "三趟"}).status_code == 302
    assert "让我跑了［已隐去］" in text(Client(), "/hall/ratings/list/?level=4")
    assert one.post(f"{at}act/aside/", {"aside-reason": "与事实不符，系恶意评价。"}).status_code == 302
    assert (
        "不能是同一人"
        in one.post(f"{at}act/decide/", {"decide-agreed": "1", "decide-answer": "同意不计入。"}).content.decode()
    )
    assert other.post(f"{at}act/decide/", {"decide-agreed": "0", "decide-answer": "不属恶意。"}).status_code == 302
    assert "照常计入：不属恶意。" in text(one, at) and "田野" not in text(one, at)
    assert one.get(f"{at}act/look/").status_code == 405 and one.post(f"{at}act/other/").status_code == 404


def test_the_rater_is_shown_to_who_calls_back_alone(
    cast: Cast, decided: str, chief: Actor, signed_in: SignedIn, minding: Callable[[str], Client]
) -> None:
    rating = bad(cast.citizen, decided)
    at, one = f"/desk/ratings/{rating}/", minding("jiangwen")
    assert one.get(f"{at}rater/").status_code == 403
    boss = client_of(newcomer("43.market", "case_decider", login="boss", name="曾宁"))
    assert "未公开的意见" in text(boss, at) and "田野" not in text(boss, at)
    assert boss.post(f"{at}act/rectify/", {"rectify-measures": "增设首问负责制。"}).status_code == 302
    assert boss.get(f"{at}rater/").status_code == 403
    assert "田野" in text(one, f"{at}rater/")
    said = {"call-back-accepted": "1", "call-back-said": "电话回访，表示认可。"}
    assert one.post(f"{at}act/call-back/", said).status_code == 302
    assert Rectification.objects.get().done_at is not None
    assert "已整改并回访" in text(boss, at)
    citizen = signed_in(cast.citizen)
    assert "增设首问负责制" in text(citizen, f"/hall/cases/{decided}/rate/decide-rectified/")


def test_the_desk_is_closed_to_who_has_no_part_in_it(cast: Cast, decided: str, signed_in: SignedIn) -> None:
    rating = bad(cast.citizen, decided)
    for who in (cast.tax_officer, cast.citizen, cast.market_officer):
        assert signed_in(who).get("/desk/ratings/").status_code == 403
        assert signed_in(who).get(f"/desk/ratings/{rating}/").status_code == 403
    assert signed_in(cast.office).get(f"/desk/ratings/{rating}/").status_code == 200
