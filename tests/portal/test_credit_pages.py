"""The public credit site: what it shows of a firm, what of nobody, reports under a number and their verification."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from shuniu.directory import api as directory
from shuniu.directory.models import Account
from shuniu.portal.credit.api import canonical_number, issue, new_number
from shuniu.portal.models import IssuedReport
from shuniu.registries import api as registries
from tests.systems import credit_province
from tests.systems.credit_province import (
    FIRM,
    INDIVIDUAL,
    INDIVIDUAL_NAME,
    LICENCE,
    NAME,
    PENALTY,
    PERSON_ID,
    Case,
    deliver,
)


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def shown(response: object) -> str:
    return unescape(getattr(response, "content", b"").decode())


@pytest.fixture(autouse=True)
def slow_reader() -> None:
    cache.clear()


@pytest.fixture
def rows(db: None) -> None:
    credit_province.found()
    deliver(
        PENALTY,
        Case("湘市监罚〔2026〕1号", today(-30).isoformat()).row,
        Case("甲方", today(-30).isoformat(), party="自然人").row,
    )
    deliver(LICENCE, f"许一,{NAME},{FIRM},药品零售,2020-01-01,{today(10)}")


def test_a_firm_is_found_by_part_of_its_name_and_its_file_shows_facts_with_sources(rows: None, client: Client) -> None:
    found = shown(client.get("/credit/", {"q": "湘江机械"}))
    assert NAME in found and f"/credit/{FIRM}/" in found
    page = client.get(f"/credit/{FIRM}/")
    text = shown(page)
    assert page["X-Robots-Tag"].startswith("noindex") and "no-cache" in page["Cache-Control"]
    assert "湘市监罚〔2026〕1号" in text and "甲方" not in text
    assert "省市场监督管理局" in text and "第 1 批次" in text and "公示至" in text
    assert "长沙市岳麓区麓山南路932号" in text, "a firm's seat is public registration"
    assert "李四" not in text, "the representative in a penalty is not"
    assert "中国人民银行征信中心" in text


@pytest.mark.parametrize("asked", ["湘", "", "张𠀀", PERSON_ID, "%%", "__"])
def test_a_search_never_lists_persons_nor_everybody(rows: None, client: Client, asked: str) -> None:
    page = shown(client.get("/credit/", {"q": asked}))
    assert 'class="hits"' not in page


def test_an_unknown_code_and_a_person_look_the_same(rows: None, client: Client) -> None:
    answers = [client.get(f"/credit/{code}/") for code in (PERSON_ID, "91430100MA0000099X")]
    assert {answer.status_code for answer in answers} == {403}
    assert len({shown(answer).replace(PERSON_ID, "").replace("91430100MA0000099X", "") for answer in answers}) == 1


def test_a_report_is_given_out_under_a_number_that_anybody_can_verify(rows: None, client: Client) -> None:
    given = client.post(f"/credit/{FIRM}/report/", {"as": "page"})
    issued = IssuedReport.objects.get()
    text = shown(given)
    assert issued.number in text and issued.digest in text and "未加盖电子印章" in text and "<svg" in text
    verified = shown(client.get("/credit/verify/", {"number": issued.number.lower(), "digest": issued.digest[:16]}))
    assert NAME in verified and "没有变化" in verified and "摘要相符" in verified
    assert "不符" in shown(client.get("/credit/verify/", {"number": issued.number, "digest": issued.digest[:15]}))
    assert "药品零售" not in verified and FIRM not in verified, "what it said stays with who holds it"
    assert "不符" in shown(client.get("/credit/verify/", {"number": issued.number, "digest": "0" * 64}))
    assert "没有出具过" in shown(client.get("/credit/verify/", {"number": new_number()}))


def test_a_changed_fact_is_told_on_the_verify_page(rows: None, client: Client) -> None:
    client.post(f"/credit/{FIRM}/report/", {"as": "page"})
    deliver(PENALTY, Case("湘市监罚〔2026〕1号", today(-30).isoformat(), facts="更正后的事实").row)
    number = IssuedReport.objects.get().number
    assert "信息有过变化" in shown(client.get("/credit/verify/", {"number": number}))


def test_a_number_has_120_random_bits_and_is_read_as_people_write_it() -> None:
    numbers = {new_number() for _ in range(1000)}
    assert len(numbers) == 1000
    assert all(re.fullmatch(r"([A-Z2-7]{4}-){5}[A-Z2-7]{4}", number) for number in numbers)
    number = new_number()
    assert canonical_number(number.lower().replace("-", " ").replace("o", "0")) == number


def test_ones_own_file_needs_a_verified_account_and_shows_that_ones_alone(rows: None, client: Client) -> None:
    assert client.get("/credit/mine/").status_code == 403
    person = registries.find_subject("resident_id", PERSON_ID)
    deliver(credit_province.PERSONS, f"驾一,张𠀀,{PERSON_ID},超速,{today(-30)}")
    account = Account.objects.create(kind="citizen", login="zhang", name="张𠀀", subject=person, password="!")
    client.force_login(account)
    text = shown(client.get("/credit/mine/"))
    assert "超速" in text and "只有您能看到" in text
    page = client.get("/credit/mine/").content.decode()
    assert page.count('href="/hall/readings/"') == 2 and 'class="menu"' in page, "in the menu, and beside the file"
    assert 'href="/hall/readings/"' not in shown(Client().get(f"/credit/{FIRM}/")), "what is public has none of it"
    assert PERSON_ID not in text and "430102********0012" in text
    client.post("/credit/mine/report/", {"as": "page"})
    number = IssuedReport.objects.get().number
    verified = shown(Client().get("/credit/verify/", {"number": number}))
    assert "张*" in verified and "张𠀀" not in verified and "超速" not in verified


def test_officers_without_the_post_have_no_duty_page(rows: None, client: Client) -> None:
    assert client.get("/credit/duty/")["Location"].startswith("/sign-in/")


def test_many_questions_from_one_address_are_refused_for_a_while(rows: None, client: Client) -> None:
    statuses = [client.get("/credit/").status_code for _ in range(61)]
    assert statuses[:60] == [200] * 60 and statuses[60] == 429


def test_behind_a_proxy_each_caller_is_counted_by_himself_and_nobody_for_all(
    rows: None, client: Client, settings: Settings
) -> None:
    settings.ADDRESS_HEADER = "HTTP_X_REAL_IP"
    for caller in ("203.0.113.7", "203.0.113.8"):
        answers = [client.get("/credit/", headers={"x-real-ip": caller}).status_code for _ in range(61)]
        assert (answers[59], answers[60]) == (200, 429)
    settings.ADDRESS_HEADER = ""
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # the proxy does not say who calls
    assert [client.get("/credit/").status_code for _ in range(61)] == [200] * 61


def planted() -> list[tuple[str, str]]:
    """200 secrets with the words around them: resident IDs, mobile and fixed telephones, addresses."""
    dice = random.Random(43)
    found = []
    for number in range(50):
        born = f"{dice.randint(1950, 2004)}{dice.randint(1, 12):02}{dice.randint(1, 28):02}"
        body = f"990102{born}{number:03}"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        digit = "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]
        resident = body + digit
        mobile = f"1{dice.choice('3578')}{dice.randint(100000000, 999999999)}"
        fixed = f"0731-{dice.randint(20000000, 89999999)}"
        street = dice.choice(["韶山", "芙蓉", "车站", "劳动", "解放"])
        address = f"长沙市雨花区{street}中路{dice.randint(1, 900)}号{dice.randint(1, 20)}栋{dice.randint(101, 999)}室"
        found += [
            (resident, f"当事人身份证号{resident}"),
            (mobile, f"联系电话{mobile[:3]} {mobile[3:7]} {mobile[7:]}"),
            (fixed, f"座机（{fixed}）"),
            (address, f"住在{address}"),
        ]
    return found


def test_none_of_200_planted_secrets_is_on_any_public_page_or_in_any_public_report(
    rows: None, client: Client, settings: Settings
) -> None:
    secrets = planted()
    assert len(secrets) == 200
    deliver(
        PENALTY,
        *(
            Case(f"罚{n}", today(-30).isoformat(), facts=f"经查，{words}，属实", note=f"另注：{words}。").row
            for n, (_, words) in enumerate(secrets)
        ),
    )
    page = shown(client.get(f"/credit/{FIRM}/"))
    report = shown(client.post(f"/credit/{FIRM}/report/", {"as": "page"}))
    assert "罚199" in report and "另注：" in report
    made = [page, report, shown(client.get("/credit/", {"q": "湘江"}))]
    for secret, words in secrets:
        for text in made:
            plain = re.sub(r"\s", "", text)
            assert secret not in plain and words[-8:].replace(" ", "") not in plain, words


def test_an_individuals_home_is_not_shown(rows: None, client: Client) -> None:
    text = shown(client.get(f"/credit/{INDIVIDUAL}/"))
    assert INDIVIDUAL_NAME in text and "402室" not in text and "［地址已隐去］" in text


def test_rows_about_natural_persons_in_a_class_about_firms_are_at_no_public_door(rows: None, client: Client) -> None:
    """They bear the firm's own code and name, as careless departments send them, and still are nobody's to see."""
    day, unknown = today(-30).isoformat(), "990102199003070011"
    deliver(
        PENALTY,
        *(Case(f"人{n}", day, party="自然人", facts=f"当事人行为{n}", note=f"另查{n}").row for n in range(100)),
        *(Case(f"未{n}", day, party="", person_number=unknown, facts=f"未述行为{n}").row for n in range(100)),
        Case("个一", day, party="个体工商户", name=INDIVIDUAL_NAME, code=INDIVIDUAL, representative="赵演户").row,
    )
    doors = [
        shown(door)
        for code in (FIRM, INDIVIDUAL)
        for door in (client.get(f"/credit/{code}/"), client.post(f"/credit/{code}/report/", {"as": "page"}))
    ]
    doors.append(issue(actor=directory.anonymous(), code=FIRM).report.canonical("").decode())  # what the PDF prints
    found = shown(client.get("/credit/", {"q": "湘江"}))
    for door in (*doors, found):
        assert not re.search(r"[人未]\d|当事人行为|未述行为|另查|自然人：", door), (
            "neither the rows nor a count of them"
        )
        assert unknown not in door and "赵演户" not in door and "李四" not in door
    assert "个一" in doors[2] and "个体工商户" in doors[2], "an individual business is a subject that the law publishes"
    assert all("湘市监罚〔2026〕1号" in re.sub(r"\s", "", door) for door in (doors[0], doors[1], doors[4]))
