"""Sharing by browser: asked for from the catalogue, decided item by item, kept, tried out; each refused to who may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import ShareType
from shuniu.directory.declare import ROLES
from shuniu.exchange.grants import api as grants
from shuniu.exchange.grants.models import Agreement, AgreementVersion, ShareRequest
from shuniu.procedures.models import Case
from tests.cast import Cast, SignedIn, client_of, newcomer
from tests.exchange.conftest import INSTALL, REGISTRATION
from tests.portal.reading import text

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "43.market/registration"
NEW = f"/desk/shares/new/{KEY}/"


@pytest.fixture
def wish(catalogued: None, cast: Cast) -> dict[str, object]:
    """A request as the browser sends it."""
    today = timezone.localdate()
    return {
        "items": ["uscc", "name", "capital"], "purposes": ["licensing"], "use": "办理涉税许可时核对登记",
        "bases": "中华人民共和国行政许可法 第三十四条", "regions": "430000", "rate": "60", "quota_calls": "100",
        "quota_rows": "1000", "valid_from": today.isoformat(), "valid_until": (today + timedelta(days=90)).isoformat(),
    }  # fmt: skip


def asked(client: Client, wish: dict[str, object], at: str = NEW) -> str:
    done = client.post(at, wish)
    assert done.status_code == 302, done.content.decode()
    return done.headers["Location"]


def decision(**otherwise: str) -> dict[str, str]:
    version = ShareRequest.objects.latest("pk")
    said = {f"answer_{item}": "whole" for item in version.items} | {"purposes": "licensing", "regions": "43"}
    amounts = {"rate": "60", "quota_calls": "100", "quota_rows": "1000", "valid_until": version.valid_until.isoformat()}
    return {**said, **amounts, **otherwise}


REFUSAL = {
    "answer_capital": "refused", "facts_capital": "核对登记不需要资本", "law": "中华人民共和国数据安全法",
    "article": "第三十八条", "forward": "请改用年报数据",
}  # fmt: skip


def granted(wish: dict[str, object], cast: Cast, signed_in: SignedIn, **otherwise: str) -> str:
    at = asked(signed_in(cast.tax_officer), wish)
    assert signed_in(cast.market_second).post(f"{at}decide/", decision(**otherwise)).status_code == 302
    return f"/desk/agreements/{Agreement.objects.latest('pk').pk}/"


def test_a_request_goes_from_the_catalogue_to_an_agreement(
    wish: dict[str, object], cast: Cast, signed_in: SignedIn
) -> None:
    tax, second = signed_in(cast.tax_officer), signed_in(cast.market_second)
    assert NEW in text(tax, f"/catalogue/{KEY}/") and NEW not in text(
        signed_in(cast.market_officer), f"/catalogue/{KEY}/"
    )
    form = text(tax, NEW)
    for words in ("注册资本（有条件共享，须审核）", "行政许可", "每种用途至少一条", "最长 12个月"):
        assert words in form, words
    assert "还在审核" not in form
    at = asked(tax, wish)
    again = text(tax, NEW)
    assert "还在审核" in again and again.index(f'href="{at}"') < again.index("<form method"), "before it is filled in"
    assert "decide/" not in text(tax, at), "who asked does not decide"
    assert "等您单位审核" in text(second, "/desk/shares/")
    assert "共享申请 第" in text(second, "/desk/work/") and at in text(second, "/desk/work/")
    page = text(second, at)
    assert "应办结" in page and "逐项审核" in page
    said = decision(answer_name="masked", regions="430102", **REFUSAL)
    assert second.post(f"{at}decide/", said).status_code == 302
    page = text(tax, at)
    for words in ("部分同意", "脱敏提供", "请改用年报数据", "第三十八条"):
        assert words in page, words
    assert AgreementVersion.objects.get().regions == ["430102"]
    agreement = text(tax, f"/desk/agreements/{Agreement.objects.get().pk}/")
    for words in ("生效", "脱敏", "申请变更或延期", "还没有使用过", "订立"):
        assert words in agreement, words
    assert "没有使用过" in text(second, "/desk/agreements/")
    assert "共享" in text(tax, "/desk/notices/")


def test_what_the_check_finds_stands_beside_the_fields(
    wish: dict[str, object], cast: Cast, signed_in: SignedIn
) -> None:
    tax = signed_in(cast.tax_officer)
    wrong: dict[str, dict[str, object]] = {
        "不在本单位所辖": {"regions": "440000"},
        "没有写到条": {"bases": "中华人民共和国行政许可法 全文"},
        "种用途只写了 1 条依据": {"purposes": ["licensing", "penalty"]},
        "期限超过": {"valid_until": (timezone.localdate() + timedelta(days=900)).isoformat()},
        "请填写用途": {"purposes": []},
        "每日次数应在": {"quota_calls": "99999999999"},
    }
    for words, change in wrong.items():
        answer = tax.post(NEW, {**wish, **change})
        page = answer.content.decode()
        assert answer.status_code == 422 and (words in page or words.replace("请填写", "请选择") in page), words
        assert "办理涉税许可时核对登记" in page, "what was typed stays"
    assert not ShareRequest.objects.exists()


def test_a_refusal_without_reasons_is_sent_back_with_what_was_chosen(
    wish: dict[str, object], cast: Cast, signed_in: SignedIn
) -> None:
    at = asked(signed_in(cast.tax_officer), wish)
    second = signed_in(cast.market_second)
    for missing in ("facts_capital", "law", "article", "forward"):
        answer = second.post(f"{at}decide/", decision(**{**REFUSAL, missing: ""}))
        assert answer.status_code == 422 and "请" in answer.content.decode()
    for wrong, words in ({"purposes": "penalty"}, "用途"), ({"regions": "44"}, "不在申请的区划之内"):
        wider = second.post(f"{at}decide/", decision(**wrong))
        assert wider.status_code == 422 and words in wider.content.decode()
    more = second.post(f"{at}decide/", decision(rate="600"))
    assert more.status_code == 422 and "只能比申请的更短、更少" in more.content.decode()
    assert ShareRequest.objects.get().state == "asked"


def test_free_data_is_granted_at_once(wish: dict[str, object], cast: Cast, signed_in: SignedIn) -> None:
    catalogue.ship(actor=INSTALL, resources=[REGISTRATION.model_copy(update={"share": ShareType.UNCONDITIONAL})])
    tax = signed_in(cast.tax_officer)
    page = text(tax, asked(tax, wish))
    assert "即时办结" in page and "已同意" in page


def test_an_owner_suspends_resumes_and_revokes_and_the_user_gives_up(
    wish: dict[str, object], cast: Cast, signed_in: SignedIn
) -> None:
    at = granted(wish, cast, signed_in)
    tax, second, office = signed_in(cast.tax_officer), signed_in(cast.market_second), signed_in(cast.office)
    assert f"{at}revoke/" not in text(tax, at) and f"{at}give-up/" in text(tax, at)
    assert second.post(f"{at}suspend/", {"suspend-reason": " "}).status_code == 422
    assert second.post(f"{at}suspend/", {"suspend-reason": "异常调用"}).status_code == 302
    assert "暂停" in text(tax, at) and "异常调用" in text(tax, at)
    assert office.post(f"{at}resume/", {"resume-reason": "已核查"}).status_code == 302
    assert tax.post(f"{at}revoke/", {"revoke-reason": "越权"}).status_code in (403, 422)
    assert tax.post(f"{at}give-up/", {"give-up-reason": "业务取消"}).status_code == 302
    assert "使用方已放弃" in text(office, at) and f"{at}suspend/" not in text(office, at)
    assert "没有这样的协议" in text(tax, "/desk/agreements/") and at in text(tax, "/desk/agreements/?show=all")


def test_a_change_begins_with_the_terms_that_stand(wish: dict[str, object], cast: Cast, signed_in: SignedIn) -> None:
    at = granted(wish, cast, signed_in)
    tax = signed_in(cast.tax_officer)
    number = Agreement.objects.get().pk
    form = text(tax, f"{NEW}?changes={number}")
    assert "原协议照常有效" in form and "办理涉税许可时核对登记" in form and "第三十四条" in form
    request = asked(tax, {**wish, "items": ["uscc"]}, f"{NEW}?changes={number}")
    assert f"第 {number} 号共享协议" in text(tax, request)
    signed_in(cast.market_second).post(f"{request}decide/", decision())
    assert "变更（第 2 版）" in text(tax, at)


def test_a_request_is_taken_back(wish: dict[str, object], cast: Cast, signed_in: SignedIn) -> None:
    tax = signed_in(cast.tax_officer)
    at = asked(tax, wish)
    assert tax.post(f"{at}withdraw/", {"reason": ""}).status_code == 422
    assert tax.post(f"{at}withdraw/", {"reason": "写错了"}).status_code == 302
    assert "已撤回" in text(tax, at) and "没有这样的申请" in text(tax, "/desk/shares/")


def test_the_office_sees_overdue_owners_and_unused_agreements(
    wish: dict[str, object], cast: Cast, signed_in: SignedIn
) -> None:
    office = signed_in(cast.office)
    granted(wish, cast, signed_in)
    asked(signed_in(cast.tax_officer), {**wish, "purposes": ["penalty"]})
    Case.objects.update(due=timezone.localdate() - timedelta(days=3))
    page = text(office, "/desk/shares/")
    assert "有 1 件申请已超过答复期限" in page and "已逾期 3 天" in page
    Agreement.objects.update(made_at=timezone.now() - timedelta(days=200))
    assert "有 1 份协议长期未使用" in text(office, "/desk/agreements/")


def test_the_dry_run_shows_each_item_with_its_rule(wish: dict[str, object], cast: Cast, signed_in: SignedIn) -> None:
    granted(wish, cast, signed_in, answer_name="masked")
    market = signed_in(cast.market_officer)
    assert "预演" in text(market, "/desk/agreements/foresee/")
    query = f"/desk/agreements/foresee/?resource={KEY}&consumer=43.tax&purpose="
    page = text(market, f"{query}licensing&region=430102")
    for words in ("原值", "脱敏", "看不到", "协议不含此项", "依据第"):
        assert words in page, words
    assert "不含“行政处罚”这一用途" in text(market, f"{query}penalty")
    assert "不含区划 440000" in text(market, f"{query}licensing&region=440000")
    officer = cast.tax_officer.person.partition(":")[2]
    assert "原值" in text(market, f"{query}licensing&account={officer}")
    assert text(market, "/desk/agreements/foresee/?resource=43.no/such&consumer=43.tax&purpose=licensing", 422)


def test_the_catalogue_is_shown_as_the_agency_may_use_it(
    wish: dict[str, object], cast: Cast, signed_in: SignedIn
) -> None:
    at = granted(wish, cast, signed_in)
    tax = signed_in(cast.tax_officer)
    page = text(tax, "/desk/shares/offers/")
    assert "企业登记信息" in page and "已有协议" in page and at in page and "本单位的" in page
    asks = text(signed_in(cast.market_officer), "/desk/shares/offers/?show=ask")
    assert "税务行政处罚" in asks and "企业登记信息" not in asks
    assert "税务行政处罚" not in text(tax, "/desk/shares/offers/?show=granted")
    assert "没有这样的资源" in text(tax, "/desk/shares/offers/?after=99")


def test_every_role_is_refused_what_it_may_not_see_or_do(
    wish: dict[str, object], cast: Cast, signed_in: SignedIn
) -> None:
    """Every page and act by every role of an agency that has no part in it."""
    at = granted(wish, cast, signed_in)
    request = f"/desk/shares/{ShareRequest.objects.get().pk}/"
    before = (Agreement.objects.values_list().get(), AgreementVersion.objects.count())
    for key, role in ROLES.items():
        client = client_of(newcomer("430102.market", key, login=f"only-{key}", name=role.title, region="430102"))
        sees = key == "office"
        for page in (at, request):
            assert (client.get(page).status_code == 200) is sees, (key, page)
        if sees:
            continue
        for act in ("suspend", "resume", "revoke", "give-up"):
            assert client.post(f"{at}{act}/", {f"{act}-reason": "越权"}).status_code in (403, 404, 422), (key, act)
        assert client.post(f"{request}decide/", {}).status_code in (403, 404), key
        assert client.post(f"{request}withdraw/", {"reason": "越权"}).status_code in (403, 404, 422), key
    assert before == (Agreement.objects.values_list().get(), AgreementVersion.objects.count())
    assert grants.agreement(actor=cast.tax_officer, number=Agreement.objects.get().pk).it.state.value == "in_force"
    for nobody in (Client(), signed_in(cast.citizen)):
        assert nobody.get(at).status_code in (302, 403)
