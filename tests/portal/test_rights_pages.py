"""Pages of rights: why somebody may, posts held for somebody else, and the yearly review."""

from __future__ import annotations

import pytest

from shuniu.directory import api
from shuniu.directory.models import Review
from tests.cast import Cast, SignedIn, number
from tests.directory.posts.people import arrange, day, post_of
from tests.portal.cases import text

pytestmark = pytest.mark.django_db


def test_an_officer_reads_where_her_rights_come_from_and_asks_about_one(cast: Cast, signed_in: SignedIn) -> None:
    mine = signed_in(cast.tax_second)
    page = text(mine.get("/desk/rights/"))
    assert "吴芳的权限从哪里来" in page and "第二复核人" in page and "报送人不能放行自己的批次" in page
    yes = text(mine.get("/desk/rights/", {"act": "放行待复核批次"}))
    assert "可以。" in yes and "batch.second_officer" in yes and "符合" in yes
    no = text(mine.get("/desk/rights/", {"act": "报送数据", "region": "440100"}))
    assert "没有叫" in no or "不可以" in no
    far = text(mine.get("/desk/rights/", {"act": "exchange.release", "region": "440100"}))
    assert "不可以" in far and "超出您所辖的区划" in far
    wrong = mine.get("/desk/rights/", {"act": "飞行"})
    assert wrong.status_code == 422 and "没有叫“飞行”的操作" in text(wrong)
    assert 'href="/desk/rights/"' in text(mine.get("/rights/"))


def test_an_administrator_asks_about_his_own_officers_and_nobody_about_others(cast: Cast, signed_in: SignedIn) -> None:
    admin = signed_in(cast.tax_admin)
    page = text(admin.get("/desk/rights/", {"login": "zhoujie", "day": day(-3).isoformat()}))
    assert "周杰的权限从哪里来" in page and day(-3).isoformat() in page
    assert 'href="/desk/rights/?login=zhoujie"' in text(admin.get(f"/accounts/{number(cast.tax_officer)}/"))
    other = admin.get("/desk/rights/", {"login": "wangmin"})
    unknown = admin.get("/desk/rights/", {"login": "nobody"})
    assert other.status_code == unknown.status_code == 422 and "王敏" not in text(other)
    assert "只能在本单位范围内进行" in text(other) and "只能在本单位范围内进行" in text(unknown)
    assert signed_in(cast.tax_officer).get("/desk/rights/", {"login": "wufang"}).status_code == 422
    assert "王敏的权限从哪里来" in text(signed_in(cast.auditor).get("/desk/rights/", {"login": "wangmin"}))
    assert signed_in(cast.citizen).get("/desk/rights/").status_code == 403


def test_about_a_resource_the_owner_or_an_agreement_decides(catalogued: None, cast: Cast, signed_in: SignedIn) -> None:
    mine, key = signed_in(cast.market_officer), "43.market/registration"
    assert "可以。" in text(mine.get("/desk/rights/", {"resource": key}))
    other = {"resource": "43.tax/penalty"}
    assert "要看用途" in text(mine.get("/desk/rights/", other))
    said = text(mine.get("/desk/rights/", {**other, "purpose": "licensing"}))
    assert "不可以" in said
    assert "目录中没有资源" in text(mine.get("/desk/rights/", {"resource": "43.tax/none"}))
    released = text(signed_in(cast.tax_second).get("/desk/rights/", {"act": "exchange.release", "resource": key}))
    assert "数据属于 43.market" in released and "不可以" in released


def test_rights_are_taken_away_as_a_file(cast: Cast, signed_in: SignedIn) -> None:
    got = signed_in(cast.tax_second).get("/desk/rights/", {"as": "csv"})
    assert got.headers["Content-Type"].startswith("text/csv") and "放行待复核批次" in got.content.decode("utf-8-sig")


def test_a_colleague_is_asked_to_stand_in_and_the_standing_in_is_ended_on_one_page(
    cast: Cast, signed_in: SignedIn
) -> None:
    mine = signed_in(cast.tax_officer)
    page = text(mine.get("/desk/substitutions/"))
    assert "周杰：数据专员" in page and "吴芳" in page and "王敏" not in page
    asked = {
        "post": str(post_of(cast.tax_officer)), "account": str(number(cast.stranger)), "since": day().isoformat(),
        "last": day(400).isoformat(), "reason": "休假",
    }  # fmt: skip
    long = mine.post("/desk/substitutions/", asked)
    assert long.status_code == 422 and "代理最长 90 天" in text(long) and "休假" in text(long)
    done = text(mine.post("/desk/substitutions/", {**asked, "last": day(5).isoformat()}, follow=True))
    assert "代理已安排" in done and "莫奇代理周杰的“数据专员”" in done and "代理中" in done
    substitute = signed_in(cast.stranger)
    assert "数据专员（代 周杰）" in text(substitute.get("/rights/"))
    assert substitute.get("/desk/").status_code == 200
    account = text(signed_in(cast.tax_admin).get(f"/accounts/{number(cast.stranger)}/"))
    assert "数据专员（代 周杰）" in account and "免去“数据专员”" not in account
    (one,) = api.list_substitutions(actor=cast.tax_officer).listed
    assert "已终止" in text(substitute.post(f"/desk/substitutions/{one.number}/end/", follow=True))
    again = substitute.post(f"/desk/substitutions/{one.number}/end/")
    assert again.status_code == 403 and "已经结束" in text(again)
    assert substitute.get("/desk/").status_code == 403
    assert signed_in(cast.citizen).get("/desk/substitutions/").status_code == 403


def test_a_list_is_decided_line_by_line_and_taken_away_when_it_is_finished(cast: Cast, signed_in: SignedIn) -> None:
    arrange(cast.security, cast.tax_admin, cast.stranger)
    api.open_reviews(actor=api.system("worker"))
    (found,) = api.list_reviews(actor=cast.tax_admin)
    admin, security, at = signed_in(cast.tax_admin), signed_in(cast.security), f"/desk/rights/reviews/{found.number}/"
    assert f'href="{at}"' in text(admin.get("/desk/rights/reviews/"))
    page = text(admin.get(at))
    assert "周杰：岗位“数据专员”，没有使用记录" in page and "1 行是您自己的" in page and "孙伟：岗位" not in page
    assert admin.get(at, {"as": "csv"}).headers["Content-Type"].startswith("text/html"), "not before it is finished"
    assert "没有选择" in text(admin.post(at, {"act": "keep"}, follow=True))
    lines = {one.holder: one.id for one in api.read_review(actor=cast.tax_admin, number=found.number).lines}
    assert "不能自己核查" in text(admin.post(at, {"act": "keep", "line": lines["孙伟"]}, follow=True))
    assert "还有 1 行" in text(
        admin.post(at, {"act": "keep", "line": [lines["周杰"], lines["吴芳"], lines["莫奇"]]}, follow=True)
    )
    assert "已完成" in text(security.post(at, {"act": "keep", "line": lines["孙伟"]}, follow=True))
    file = admin.get(at, {"as": "csv"})
    said = file.content.decode("utf-8-sig")
    assert file.headers["Content-Type"].startswith("text/csv") and "郭安" in said and said.count("保留") == 4
    assert signed_in(cast.market_admin).get(at).status_code == 403
    assert signed_in(cast.tax_officer).get(at).status_code == 403


def test_the_province_sees_who_is_overdue(cast: Cast, signed_in: SignedIn) -> None:
    api.open_reviews(actor=api.system("worker"))
    Review.objects.filter(agency="43.tax").update(opened=day(-60), due=day(-1))
    office = signed_in(cast.office)
    page = text(office.get("/desk/rights/reviews/"))
    assert "有 1 份清单逾期没有完成" in page and page.index("省税务局") < page.index("省市场监督管理局")
    assert "1 个单位的权限核查逾期没有完成" in text(office.get("/office/"))
    number = Review.objects.get(agency="43.tax").pk
    shown = text(office.get(f"/desk/rights/reviews/{number}/"))
    assert "逾期" in shown and "确认保留" not in shown
