"""The pages of who looked: for subjects behind a fresh second factor, for officers, their watchers, the province, the auditor."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shuniu.assessment.looked import api
from shuniu.assessment.looked.models import CovertInquiry, ReadingFlag, ReadingQuestion
from shuniu.directory import api as directory
from shuniu.directory.declare import ROLES
from shuniu.registries.models import Identifier, Subject
from shuniu.trust.declare import Actor
from shuniu.trust.models import Entry
from tests.assessment.looking import guard, holding, placed, read
from tests.assessment.test_reading_flags import at, working_day
from tests.cast import CITIZEN_SUBJECT, FIRM_SUBJECT, Cast, SignedIn, client_of, newcomer
from tests.directory.signing_in.strong import strengthen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogued")]
LAW = "中华人民共和国税收征收管理法第五十四条"
ID = "430102199003070038"


@pytest.fixture
def strong(signed_in: SignedIn) -> SignedIn:
    """A browser in which somebody has signed in and just given a second factor."""

    def of(actor: Actor) -> Client:
        client = signed_in(actor)
        strengthen(client)
        return client

    return of


def shown(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return re.sub(r"<[^>]+>", " ", answer.content.decode())


def test_the_page_wants_a_second_factor_given_lately(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.citizen)
    for address in ("/hall/readings/", "/hall/readings/questions/", "/hall/readings/1/why/"):
        answer = client.get(address)
        assert answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/confirm/"), address
        assert Client().get(address).headers["Location"].startswith("/sign-in/?next=")
    strengthen(client, minutes_ago=600)
    assert client.get("/hall/readings/").status_code == 302


def test_a_citizen_looks_asks_and_is_answered(cast: Cast, strong: SignedIn) -> None:
    entry = read(cast.tax_officer, purpose="核对申报", items=["name"])
    client, officer = strong(cast.citizen), strong(guard(cast))
    page = shown(client, "/hall/readings/")
    for said in ("省税务局 · 数据专员", "查阅数据：企业登记信息", "企业名称", "核对申报", "为什么查我？"):
        assert said in page, said
    assert "周杰" not in page
    assert "写明" in shown(client, f"/hall/readings/{entry}/why/")
    empty = client.post(f"/hall/readings/{entry}/why/", {"text": ""})
    assert empty.status_code == 422
    assert client.post(f"/hall/readings/{entry}/why/", {"text": "为什么查我？"}).status_code == 302
    assert client.post(f"/hall/readings/{entry}/why/", {"text": "再问"}).status_code == 422
    number = ReadingQuestion.objects.get().pk
    assert "待答复" in shown(client, "/hall/readings/questions/")
    assert f'href="/desk/readings/questions/{number}/"' in officer.get("/desk/work/").content.decode()
    assert "周杰" in shown(officer, f"/desk/readings/questions/{number}/")
    assert officer.post(f"/desk/readings/questions/{number}/", {"answer": "核对", "law": ""}).status_code == 422
    words = {"answer": "核对增值税申报。", "law": LAW}
    assert officer.post(f"/desk/readings/questions/{number}/", words).status_code == 302
    page = shown(client, "/hall/readings/questions/")
    assert LAW in page and "核对增值税申报。" in page and "周杰" not in page
    assert "已询问" in shown(client, "/hall/readings/")


def test_a_month_is_taken_away_whole(cast: Cast, strong: SignedIn) -> None:
    for number in range(20):
        read(cast.tax_officer, purpose=f"事由{number}")
    answer = strong(cast.citizen).get("/hall/readings/?as=csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 21 and rows[0][:2] == ["时间", "谁"]
    assert "周杰" not in answer.content.decode("utf-8-sig")


def test_the_list_is_paged_and_narrowed_and_a_wrong_month_says_which_there_are(cast: Cast, strong: SignedIn) -> None:
    for number in range(10):
        read(cast.tax_officer, purpose=f"事由{number}号")
    read(cast.market_officer, purpose="市场核查")
    client = strong(cast.citizen)
    first = client.get("/hall/readings/").content.decode()
    following = re.search(r'rel="next" href="([^"]+)', first)
    assert following and "事由0号" not in first
    assert "事由0号" in shown(client, "/hall/readings/" + following[1].replace("&amp;", "&"))
    narrowed = shown(client, "/hall/readings/?agency=43.market")
    assert "市场核查" in narrowed and "事由9号" not in narrowed
    assert "请选" in shown(client, "/hall/readings/?month=2001-01", 403)
    assert client.get("/hall/readings/?month=nonsense").status_code == 200


def test_nobody_comes_to_anothers_readings_or_questions(cast: Cast, strong: SignedIn) -> None:
    entry = read(cast.tax_officer, [FIRM_SUBJECT], purpose="只与企业有关")
    client = strong(cast.citizen)
    assert "只与企业有关" not in shown(client, "/hall/readings/")
    assert "没有这条查阅记录" in client.post(f"/hall/readings/{entry}/why/", {"text": "为什么？"}).content.decode()
    asked = api.ask(actor=cast.firm, entry=entry, text="企业的询问")
    assert "企业的询问" not in shown(client, "/hall/readings/questions/")
    assert "企业的询问" in shown(strong(cast.firm), "/hall/readings/questions/")
    for who in (cast.tax_officer, cast.auditor):
        assert "企业的询问" not in shown(strong(who), f"/desk/readings/questions/{asked.number}/", 403)
    other = holding(cast.market_officer, "data_protection_officer", "linan", "林楠")
    assert "企业的询问" not in shown(strong(other), f"/desk/readings/questions/{asked.number}/", 403)


@pytest.fixture
def flagged(cast: Cast) -> ReadingFlag:
    for minute in range(20):
        read(cast.tax_officer, [7_500_000 + minute], at(working_day(), 9, minute), purpose="核查")
    placed()
    while api.flag_readings(actor=directory.system("worker"))[0]:
        continue
    return ReadingFlag.objects.get()


def test_a_machine_that_named_nobody_is_in_the_watchers_list_and_its_agency_explains(
    cast: Cast, strong: SignedIn
) -> None:
    asking = directory.machines.machine("agency:43.tax", "省税务局", "43.tax")
    for minute in range(25):
        read(asking, [7_500_000], at(working_day(), 9, minute), verb="exchange.query", purpose="inspection")
    placed()
    while api.flag_readings(actor=directory.system("worker"))[0]:
        continue
    watcher, keeper = strong(guard(cast)), strong(cast.tax_officer)
    listed = shown(watcher, f"/desk/readings/?person={asking.person}")
    assert "本单位的接口" in listed and "这些日子没有查阅" not in listed and "周杰" not in listed
    flag = ReadingFlag.objects.get()
    address = f"/desk/readings/flags/{flag.pk}/"
    assert "请您说明" in shown(keeper, address) and "本单位的接口" in shown(keeper, "/desk/readings/flags/")
    assert keeper.post(address, {"text": "年报核对。"}).status_code == 302
    assert "了结" in shown(watcher, address) and "周杰：年报核对。" in shown(watcher, address)
    assert watcher.post(address, {"text": "与任务书相符。"}).status_code == 302
    assert shown(strong(cast.market_officer), address, 403)


def test_an_officer_explains_and_the_watcher_closes(cast: Cast, strong: SignedIn, flagged: ReadingFlag) -> None:
    own, officer, address = strong(cast.tax_officer), strong(guard(cast)), f"/desk/readings/flags/{flagged.pk}/"
    assert "待说明" in shown(own, "/desk/readings/flags/") and "请您说明" in shown(own, address)
    assert "平台默认值" in shown(own, address) and flagged.rule not in shown(own, address), "the rule in words"
    assert own.post(address, {"text": ""}).status_code == 422
    assert own.post(address, {"text": "专项核查。"}).status_code == 302
    assert "已说明，待查看" in shown(officer, "/desk/readings/flags/?state=explained&kind=no_case")
    assert officer.post(address, {"text": "与任务书相符。"}).status_code == 302
    assert "与任务书相符。" in shown(own, address)
    assert shown(officer, f"/desk/readings/?person={cast.tax_officer.person}").count("核查") > 20
    assert "没有查阅提示" in shown(officer, "/desk/readings/flags/?state=asked")
    figures = shown(strong(cast.office), "/office/readings/")
    assert "省税务局" in figures and "周杰" not in figures
    assert strong(cast.office).get("/office/readings/?month=x").status_code == 200


def test_what_the_watcher_asks_for_narrows_and_nonsense_is_no_error(
    cast: Cast, strong: SignedIn, flagged: ReadingFlag
) -> None:
    officer = strong(guard(cast))
    assert "周杰" in shown(officer, f"/desk/readings/?hour=9&from={working_day()}&until={working_day()}")
    narrowed = officer.get("/desk/readings/?hour=3").content.decode()
    assert "这些日子没有查阅" in narrowed
    assert officer.get("/desk/readings/?from=x&until=y&hour=z&before=q").status_code == 200
    assert officer.get("/desk/readings/?as=csv").status_code == 200


def test_an_inquiry_is_proposed_decided_and_seen_by_the_auditor(cast: Cast, strong: SignedIn) -> None:
    Subject.objects.create(pk=CITIZEN_SUBJECT, kind="natural", name="田野", known=True, root=CITIZEN_SUBJECT)
    Identifier.objects.create(
        subject_id=CITIZEN_SUBJECT, kind="resident_id", value=ID, resource="43.market/registration", answers=True
    )
    head = holding(cast.tax_officer, "agency_head", "ruzhang", "汝章")
    officer, address = strong(cast.tax_officer), "/desk/readings/kept-back/"
    asked = {
        "kind": "resident_id", "value": ID, "ground": "duty", "reason": "湘税稽〔2026〕7号",
        "until": (timezone.localdate() + timedelta(days=9)).isoformat(),
    }  # fmt: skip
    assert officer.post(address, {**asked, "until": "2001-01-01"}).status_code == 422
    assert officer.post(address, {**asked, "value": "43"}).status_code == 422
    assert officer.post(address, asked).status_code == 302
    number = CovertInquiry.objects.get().pk
    for who in (cast.tax_officer, cast.auditor, cast.market_officer, cast.citizen):
        assert strong(who).post(f"{address}{number}/decide/", {"answer": "yes"}).status_code == 403
    assert "同意不告知" in shown(strong(head), address)
    assert strong(head).post(f"{address}{number}/decide/", {"answer": "yes"}).status_code == 302
    read(cast.tax_officer, purpose="正在稽查")
    assert "正在稽查" not in shown(strong(cast.citizen), "/hall/readings/")
    page = shown(strong(cast.auditor), address)
    assert "湘税稽〔2026〕7号" in page and ID not in page and "田野" not in page
    assert "湘税稽" not in shown(strong(cast.market_officer), address)


OPEN_TO = {
    "/desk/readings/": {"data_protection_officer"},
    "/desk/readings/questions/": {"data_protection_officer", "office"},
    "/desk/readings/kept-back/": {"data_officer", "credit_officer", "agency_head", "auditor"},
    "/office/readings/": {"office"},
    "/desk/readings/flags/": set(ROLES),
    "/hall/readings/": set[str](),
}


def test_each_role_opens_its_own_of_these_pages_alone_and_each_opening_is_journalled(cast: Cast) -> None:
    for role in ROLES:
        holder = newcomer("43.market", role, login=f"only-{role}", name=role)
        client = client_of(holder)
        strengthen(client)
        for address, roles in OPEN_TO.items():
            before = Entry.objects.latest("pk").pk
            assert client.get(address).status_code == (200 if role in roles else 403), (role, address)
            assert Entry.objects.filter(pk__gt=before, person=holder.person).exists(), (role, address)


def test_every_number_of_a_flag_or_question_is_tried_by_every_role(
    cast: Cast, strong: SignedIn, flagged: ReadingFlag
) -> None:
    asked = api.ask(actor=cast.citizen, entry=read(cast.tax_officer), text="为什么？").number
    addresses = (
        f"/desk/readings/flags/{flagged.pk}/", f"/desk/readings/questions/{asked}/",
        f"/desk/readings/kept-back/{asked}/decide/", "/hall/readings/1/why/",
    )  # fmt: skip
    allowed = {f"/desk/readings/questions/{asked}/": {"office"}}
    for role in ROLES:
        who = holding(cast.market_officer, role, f"other-{role}", role)
        client = strong(who)
        for address in addresses:
            answer = client.post(address, {"text": "试", "answer": "yes", "law": "试"})
            fits = role in allowed.get(address, set()) and answer.status_code == 200
            assert fits or answer.status_code in (403, 422), (role, address, answer.status_code)
    assert ReadingQuestion.objects.get().answered_at is None
    assert ReadingFlag.objects.get().state == "asked"
