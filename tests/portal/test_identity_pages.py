"""The identity clerk's window: a document verified, an account made or restored, the code shown once, what came of it."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from shuniu.base.identifiers import resident_check_digit
from shuniu.directory import api as directory
from shuniu.directory.models import Account, OneTimeCode, Sitting
from shuniu.registries.models import Identifier, Subject
from shuniu.trust.models import Entry
from tests.cast import CITIZEN_SUBJECT, FIRM_SUBJECT, Cast, SignedIn, newcomer, number

pytestmark = pytest.mark.django_db
AT, HERE = "/desk/identities/", "/desk/identities/here/"
ID = "43010219900307001" + resident_check_digit("43010219900307001")
NEW_ID = "43010219850102002" + resident_check_digit("43010219850102002")
USCC, FIRM, NEW = "91430100MA4L16JQ9D", "星沙演示有限公司", 7_000_003
CODE = re.compile(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}")
PASSWORD = "湘江北去八百里洞庭波"


@pytest.fixture
def clerk(cast: Cast, signed_in: SignedIn) -> Client:
    """The clerk's browser. 田野 and the firm have accounts, 林川 has none."""
    for at, kind, name, number_kind, value in (
        (CITIZEN_SUBJECT, "natural", "田野", "resident_id", ID), (NEW, "natural", "林川", "resident_id", NEW_ID),
        (FIRM_SUBJECT, "legal", FIRM, "uscc", USCC),
    ):  # fmt: skip
        Subject.objects.create(pk=at, kind=kind, name=name, known=True, root=at)
        Identifier.objects.create(subject_id=at, kind=number_kind, value=value, resource="43.x/y", answers=True)
    return signed_in(cast.identity_clerk)


def verified(clerk: Client, identifier: str = NEW_ID, name: str = "林川") -> str:
    """The page that a document leads to."""
    answer = clerk.post(AT, {"identifier": identifier, "name": name})
    assert (answer.status_code, answer.headers["Location"]) == (302, HERE)
    return clerk.get(HERE).content.decode()


def hidden(page: str, name: str) -> str:
    (found, *_rest) = re.findall(rf'name="{name}" value="([^"]+)"', page)
    return str(found)


def registering(page: str, **said: str) -> dict[str, str]:
    return {
        "act": "register", "subject": hidden(page, "subject"), "once": hidden(page, "once"), "login": "linchuan",
        "proof": "resident_card", **said,
    }  # fmt: skip


def test_a_person_is_registered_and_comes_in_by_the_code_that_was_shown(clerk: Client, client: Client) -> None:
    page = verified(clerk)
    assert "林川" in page and "还没有账号" in page and "430102********" in page and NEW_ID not in page
    made = clerk.post(HERE, registering(page)).content.decode()
    code = CODE.search(made)
    assert code is not None and "linchuan" in made and "http://localhost:8043/enrol/" in made and "只显示这一次" in made
    page = clerk.get(HERE).content.decode()
    assert code[0] not in page and "待激活" in page and "登记账号，取得激活码" not in page
    done = client.post("/enrol/", {"login": "linchuan", "code": code[0], "password": PASSWORD})
    assert done.status_code == 302
    assert "已激活" in clerk.get(HERE).content.decode()
    listed = clerk.get(AT).content.decode()
    assert "林*" in listed and "林川" not in listed and "linchuan" in listed and "已激活" in listed


def test_a_firm_is_registered_by_its_document_and_may_have_more_accounts(clerk: Client) -> None:
    page = verified(clerk, USCC, "星沙演示有限责任公司")
    assert USCC in page and "xingsha" in page and "再登记一个账号" in page and "经办人持授权委托书" in page
    clerk.post(HERE, registering(page, login="xingsha2", proof="agent"))
    assert Account.objects.filter(subject=FIRM_SUBJECT, name=FIRM, kind="firm").count() == 2


def test_access_is_restored_with_a_ground_and_the_old_ends(clerk: Client, cast: Cast) -> None:
    owner = number(cast.citizen)
    Sitting.objects.create(account_id=owner, key="k", device="d", address="a", means="password")
    page = verified(clerk, ID, "田野")
    assert "tianye" in page and "登记账号，取得激活码" not in page
    said = {"act": f"again-{owner}", "subject": hidden(page, "subject"), "once": hidden(page, "once")}
    short = clerk.post(HERE, said)
    assert short.status_code == 422 and "请选择怎样核验的身份" in short.content.decode()
    named = clerk.post(HERE, {**said, "proof": "resident_card", "reason": f"{ID} 忘记密码"})
    assert (
        named.status_code == 422 and "原因里有证件号码" in named.content.decode() and not OneTimeCode.objects.exists()
    )
    again = clerk.post(HERE, {**said, "proof": "resident_card", "reason": "忘记密码"}).content.decode()
    assert CODE.search(again) and "已重发" in again
    assert not Sitting.objects.filter(account=owner, ended=None).exists()
    assert f"/accounts/{owner}/reset/" in clerk.get(HERE).content.decode()
    assert "忘记密码" in str(Entry.objects.get(verb="directory.reset_public_access", outcome="done").detail)


def test_a_second_click_does_it_no_second_time_and_leaves_a_way_on(clerk: Client) -> None:
    page = verified(clerk)
    said = registering(page)
    clerk.post(HERE, said)
    twice = clerk.post(HERE, said, follow=True).content.decode()
    assert "这一次已经办过" in twice and "重发激活码" in twice and not CODE.search(twice)
    assert OneTimeCode.objects.filter(account__login="linchuan").count() == 1
    cache.clear()  # as when another process of the server is asked
    assert "这个人已有账号" in clerk.post(HERE, said).content.decode()
    page = clerk.get(HERE).content.decode()
    reset = {
        "act": f"again-{Account.objects.get(login='linchuan').pk}", "subject": str(NEW), "once": hidden(page, "once"),
        "proof": "resident_card", "reason": "没有拿到激活码",
    }  # fmt: skip
    assert CODE.search(clerk.post(HERE, reset).content.decode())
    assert clerk.post(HERE, reset).status_code == 302
    assert OneTimeCode.objects.filter(account__login="linchuan").count() == 2


def test_refusals_stand_beside_their_fields_and_what_was_typed_stays(clerk: Client) -> None:
    page = verified(clerk)
    for login, words in (
        ("tianye", "已被使用"), (NEW_ID.lower(), "不能使用公民身份号码"), ("林川", "3–32 位小写字母"), ("", "请填写登录名"),
    ):  # fmt: skip
        answer = clerk.post(HERE, registering(page, login=login))
        content = answer.content.decode()
        assert answer.status_code == 422 and words in content, login
        assert re.search(rf'id="id_login_error">.*{words}', content), "beside the field"
        assert f'value="{login}"' in content or not login
    assert clerk.post(HERE, registering(page, proof="agent")).status_code == 422
    assert not Account.objects.filter(subject=NEW).exists()
    assert clerk.post(HERE, registering(page)).status_code == 200, "what was refused is not the second time"


def test_what_does_not_match_tells_neither_name_nor_whether_the_number_is_known(clerk: Client) -> None:
    unknown = "43010219900307005" + resident_check_digit("43010219900307005")
    said = []
    for identifier, name in ((ID, "田里"), (unknown, "田野")):
        answer = clerk.post(AT, {"identifier": identifier, "name": name})
        assert answer.status_code == 422
        said.append(re.sub(r'value="[^"]*"', "", answer.content.decode()))
        assert "户籍窗口" in said[-1] and "田*" not in said[-1]
    assert said[0] == said[1]
    wrong = clerk.post(AT, {"identifier": ID[:17] + "?", "name": "田野"}).content.decode()
    assert re.search('id="id_identifier_error">.*末位是校验码', wrong)
    assert clerk.get(HERE).status_code == 302, "nobody was found: there is nobody here"


def test_no_address_names_anybody_and_two_windows_are_not_mixed_up(clerk: Client) -> None:
    first = verified(clerk)
    assert not re.search(rf"{NEW}|{NEW_ID}", "".join(re.findall(r'(?:href|action)="([^"]*)"', first)))
    verified(clerk, ID, "田野")
    late = clerk.post(HERE, registering(first), follow=True)
    assert "请重新核对证件" in late.content.decode() and late.redirect_chain == [(AT, 302)]
    assert not Account.objects.filter(subject=NEW).exists()


def test_every_look_is_journalled_without_the_number_and_told_to_whom_it_concerns(clerk: Client) -> None:
    verified(clerk)
    entries = list(Entry.objects.filter(person__startswith="officer:").values_list("verb", "object", "detail"))
    assert {verb for verb, _, _ in entries} >= {
        "registries.find_identity", "registries.read_identity", "directory.list_public_accounts",
    }  # fmt: skip
    assert NEW_ID not in str(entries) and "林川" not in str(entries)


def test_a_closed_account_is_seen_and_a_new_one_may_be_made(clerk: Client, cast: Cast) -> None:
    Account.objects.filter(pk=number(cast.citizen)).update(is_active=False)
    page = verified(clerk, ID, "田野")
    assert "已停用" in page and "重发激活码</button>" not in page and "登记账号，取得激活码" in page


@pytest.mark.parametrize("who", ["market_admin", "security", "market_officer", "office", "citizen", "anonymous"])
def test_the_window_is_shut_to_everybody_else(clerk: Client, cast: Cast, signed_in: SignedIn, who: str) -> None:
    browser = Client() if who == "anonymous" else signed_in(getattr(cast, who))
    assert browser.get(AT).status_code in (302, 403)
    assert browser.post(AT, {"identifier": ID, "name": "田野"}).status_code in (302, 403)
    session = browser.session
    session["identity"] = CITIZEN_SUBJECT
    session.save()
    for answer in (browser.get(HERE), browser.post(HERE, {"act": "register", "subject": CITIZEN_SUBJECT})):
        assert answer.status_code in (302, 403) and "田野" not in answer.content.decode().replace(
            "<span>田野</span>", ""
        )


def test_a_clerk_of_a_county_sees_his_own_codes_alone(clerk: Client, cast: Cast, signed_in: SignedIn) -> None:
    clerk.post(HERE, registering(verified(clerk)))
    county = newcomer("430102.market", "identity_clerk", login="other", name="另一核验员", region="430102")
    assert "linchuan" not in signed_in(county).get(AT).content.decode()
    assert "linchuan" in clerk.get(AT).content.decode()
    assert directory.list_given_access(actor=county) == ()
