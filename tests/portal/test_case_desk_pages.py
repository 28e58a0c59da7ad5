"""The desk's pages of cases: each officer is offered what is due from him, once, and errors come back in the form."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from shuniu.cases.api import draft_facts, drafts, filing, finding, handling, seats
from shuniu.cases.declare.draft import Whom
from shuniu.cases.models import Case
from shuniu.procedures.calendars.models import Clock
from shuniu.procedures.calendars.store import recounting
from shuniu.trust.declare import Actor
from tests.cases.filing import ANSWERS, ITEM, NO, published
from tests.cast import Cast, SignedIn, cast, newcomer
from tests.portal.cases import behind, chief, clerk, examiner, filed, offered, officer, seat, text

__all__ = ["cast", "chief", "clerk", "examiner", "published"]
pytestmark = pytest.mark.usefixtures("published")


def test_each_officer_is_offered_only_what_is_due_from_him(
    cast: Cast, signed_in: SignedIn, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    number = filed(cast.citizen)
    root = f"/desk/cases/{number}/"
    pages = {who.name: signed_in(who) for who in (clerk, examiner, chief)}
    assert offered(text(pages["马丽"].get(root))) == {"accept", "ask", "decline"}
    assert offered(text(pages["彭涛"].get(root))) == set()
    at = seat(text(pages["马丽"].get(root)), "accept")
    assert "已受理" in text(pages["马丽"].post(f"{root}act/accept/", {"accept-seat": at}, follow=True))
    twice = pages["马丽"].post(f"{root}act/accept/", {"accept-seat": at})
    assert twice.status_code == 422 and "summary-error" in text(twice)
    assert number in text(pages["彭涛"].get("/desk/cases/"))
    assert offered(text(pages["彭涛"].get(root))) == {"examine", "return"}
    at = seat(text(pages["彭涛"].get(root)), "examine")
    pages["彭涛"].post(f"{root}act/examine/", {"examine-seat": at, "examine-opinion": "场所合格，建议准予。"})
    page = text(pages["曾志"].get(root))
    assert offered(page) == {"grant", "refuse", "return"} and "场所合格，建议准予。" in page
    assert "场所合格" not in text(signed_in(cast.citizen).get(f"/hall/cases/{number}/"))
    assert pages["曾志"].get(f"{root}act/grant/").status_code == 405
    assert pages["曾志"].post(f"{root}act/nothing/").status_code == 404


def test_a_refusal_without_grounds_comes_back_in_its_form_and_with_them_the_applicant_reads_all(
    cast: Cast, signed_in: SignedIn, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    number = filed(cast.citizen)
    handling.accept(actor=clerk, number=number)
    handling.examine(actor=examiner, number=number, opinion="没有独立加工间。")
    client, root = signed_in(chief), f"/desk/cases/{number}/"
    said = {"refuse-seat": seat(text(client.get(root)), "refuse"), "refuse-articles": NO.articles}
    bare = client.post(f"{root}act/refuse/", {**said, "refuse-facts": "不行"})
    assert bare.status_code == 422 and "没有写明认定的事实" in text(bare) and "不行</textarea>" in text(bare)
    assert "至少 10 个字" in text(bare) and NO.articles in text(bare)
    done = client.post(f"{root}act/refuse/", {**said, "refuse-facts": NO.facts}, follow=True)
    assert "已决定不予许可" in text(done) and offered(text(done)) == set()
    page = text(signed_in(cast.citizen).get(f"/hall/cases/{number}/"))
    for shown in (NO.facts, NO.articles, "60日内", "不予许可", f"{number}-D"):
        assert shown in page
    assert number in text(client.get("/desk/cases/?state=ended"))
    assert number not in text(client.get("/desk/cases/"))


def test_the_chief_sends_a_case_back_and_it_is_accepted_once_more_without_a_second_bill_or_clock(
    cast: Cast, signed_in: SignedIn, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    number = filed(cast.citizen)
    first = handling.accept(actor=clerk, number=number)
    handling.examine(actor=examiner, number=number, opinion="建议准予。")
    client, root = signed_in(chief), f"/desk/cases/{number}/"
    page = text(client.get(root))
    assert re.search(r'<option value="examine">审查</option>\s*<option value="accept">受理</option>', page)
    said = {"return-seat": seat(page, "return"), "return-to_stage": "accept", "return-reason": "受理材料请再核对。"}
    assert "已退回" in text(client.post(f"{root}act/return/", said, follow=True))
    desk = signed_in(clerk)
    page = text(desk.get(root))
    assert offered(page) == {"accept", "decline"} and "受理材料请再核对。" in page
    assert "受理材料请再核对" not in text(signed_in(cast.citizen).get(f"/hall/cases/{number}/"))
    again = desk.post(f"{root}act/accept/", {"accept-seat": seat(page, "accept")}, follow=True)
    assert "已受理" in text(again)
    now = filing.read_case(actor=cast.citizen, number=number)
    assert now.accepted_at == first.accepted_at
    assert [one for one in now.clocks if not one.stage] == [one for one in first.clocks if not one.stage]
    assert [one.stage for one in now.matter.open] == ["examine"]


def test_who_applied_himself_is_told_that_a_colleague_must_handle_it(cast: Cast, signed_in: SignedIn) -> None:
    who = newcomer("43.market", "case_clerk", "counter_clerk", login="both", name="李双")
    draft = drafts.start(actor=who, item=ITEM, version=1)
    draft_facts.name_applicant(actor=who, draft=draft, whom=Whom(name="刘老五"), seen=0)
    drafts.save_page(actor=who, draft=draft, pages=["shop", "food", "seats"], posted=ANSWERS, seen=1)
    client = signed_in(who)
    client.post("/hall/cases/file/", {"draft": str(draft)})
    page = text(client.get(f"/desk/cases/{Case.objects.get().number}/"))
    assert "须由本单位另一位人员办理" in page and offered(page) == set()


def test_the_menu_leads_officers_to_the_agencys_cases_and_applicants_to_their_own(
    cast: Cast, signed_in: SignedIn, clerk: Actor
) -> None:
    assert 'href="/desk/cases/"' in text(signed_in(clerk).get("/desk/notices/"))
    assert signed_in(clerk).get("/start/").headers["Location"] == "/desk/cases/"
    assert 'href="/hall/"' in text(signed_in(cast.citizen).get("/desk/notices/"))
    assert 'href="/hall/cases/"' in text(signed_in(cast.citizen).get("/hall/"))
    assert signed_in(cast.firm).get("/hall/cases/").status_code == 200
    assert signed_in(cast.firm).get("/desk/cases/").status_code == 403


def test_the_list_puts_first_what_is_due_first(cast: Cast, signed_in: SignedIn, clerk: Actor) -> None:
    made = [filed(cast.citizen) for _ in range(3)]
    for number, days in zip(made, (9, 2, 5), strict=True):
        matter = handling.accept(actor=clerk, number=number).matter.id
        Clock.objects.filter(case=matter).update(due=timezone.localdate() + timedelta(days=days))
        recounting.project([matter])
    first = [made[1], made[2], made[0]]
    assert [one.number for one in finding.list_agency(actor=clerk).lines] == first
    listed = text(signed_in(clerk).get("/desk/cases/")).partition('id="cases"')[2]
    assert sorted(first, key=listed.index) == first and "还有" in listed


def test_cases_are_found_by_number_name_and_item_and_leafed_through(
    cast: Cast, signed_in: SignedIn, clerk: Actor
) -> None:
    made = [filed(cast.citizen) for _ in range(3)]
    handling.decline(actor=clerk, number=made[0], grounds=NO)
    client = signed_in(clerk)

    def listed(query: str) -> set[str]:
        page = text(client.get(f"/desk/cases/?{query}")).partition('id="cases"')[2]
        return {one for one in made if one in page}

    assert listed(f"q={made[0][-12:]}") == {made[0]} and listed(f"q={made[1]}") == {made[1]}
    assert listed("q=田野") == {*made[1:]} and listed("q=田野&state=ended") == {made[0]}
    assert listed("q=餐饮服务&state=all") == listed("state=all") == {*made} and listed("q=无此人") == set()
    page = text(client.get(f"/desk/cases/?state=all&before={Case.objects.get(number=made[2]).pk}"))
    assert "回到第一页" in page and made[2] not in page.partition('id="cases"')[2]
    file = client.get("/desk/cases/?q=田野&as=csv").content.decode("utf-8-sig")
    assert made[1] in file and made[0] not in file


def test_an_officer_hands_on_adds_circulates_and_takes_back_behind_the_main_acts(
    cast: Cast, signed_in: SignedIn, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    second, number = officer("case_decider", "tanwei", "谭伟"), filed(cast.citizen)
    handling.accept(actor=clerk, number=number)
    handling.examine(actor=examiner, number=number, opinion="建议准予。")
    client, root = signed_in(chief), f"/desk/cases/{number}/"
    page = text(client.get(root))
    assert behind(page) == {"take", "transfer", "delegate", "sign", "circulate", "urge", "supervise"}
    said = {"sign-seat": seat(page, "sign"), "sign-to": second.person, "sign-when": "before"}
    assert "已加签，并通知对方" in text(client.post(f"{root}act/sign/", said, follow=True))
    page = text(client.get(root))
    assert offered(page) == set() and behind(page) == {"drop", "circulate", "urge", "supervise"}
    other = signed_in(second)
    signed = other.post(f"{root}act/grant/", {"grant-seat": seat(text(other.get(root)), "grant")}, follow=True)
    assert "还要等其他人答复才生效" in text(signed) and behind(text(signed)) >= {"withdraw", "urge"}
    said = {"withdraw-seat": seat(text(signed), "withdraw"), "withdraw-reason": "再核对一次"}
    assert "已撤回，由您重新办理" in text(other.post(f"{root}act/withdraw/", said, follow=True))
    bare = client.post(f"{root}act/circulate/", {"circulate-note": "供参考"})
    assert bare.status_code == 422 and "供参考" in text(bare) and "请选择传给" in text(bare)
    readers = {"circulate-to": [clerk.person, examiner.person], "circulate-note": "供参考"}
    assert "已传阅" in text(client.post(f"{root}act/circulate/", readers, follow=True))
    desk = signed_in(clerk)
    assert 'act/read/"' in text(desk.get(root)).partition('class="more"')[0]
    assert "已记为已阅" in text(desk.post(f"{root}act/read/", follow=True))
    assert 'act/read/"' not in text(desk.get(root))


def test_who_is_asked_for_an_opinion_gives_it_in_words_and_decides_nothing(
    cast: Cast, signed_in: SignedIn, clerk: Actor, examiner: Actor
) -> None:
    number, root = filed(cast.citizen), "/desk/cases/"
    second, desk = officer("case_clerk", "liqin", "李琴"), signed_in(clerk)
    root = f"/desk/cases/{number}/"
    said = {"delegate-seat": seat(text(desk.get(root)), "delegate"), "delegate-to": second.person}
    assert "请填写理由" in text(desk.post(f"{root}act/delegate/", said))
    desk.post(f"{root}act/delegate/", {**said, "delegate-reason": "请核对面积"})
    client = signed_in(second)
    page = text(client.get(root))
    assert offered(page) == {"advise"} and "受委派先答复意见" in page
    said = {"advise-seat": seat(page, "advise"), "advise-agree": "no", "advise-opinion": "面积不符。"}
    assert "意见已答复" in text(client.post(f"{root}act/advise/", said, follow=True))
    page = text(desk.get(root))
    assert "面积不符。" in page and offered(page) == {"accept", "ask", "decline"}
    assert "面积不符" not in text(signed_in(cast.citizen).get(f"/hall/cases/{number}/"))


def test_every_act_has_its_own_key_and_the_next_case_is_one_key_away(
    cast: Cast, signed_in: SignedIn, clerk: Actor
) -> None:
    first, second = filed(cast.citizen), filed(cast.citizen)
    client = signed_in(clerk)
    page = text(client.get(f"/desk/cases/{first}/"))
    keys = re.findall(r'accesskey="(\w)"', page)
    assert len(set(keys)) == len(keys) and {"y", "b", "n", "j", "m"} <= {*keys}
    assert f'accesskey="j" href="/desk/cases/{second}/"' in page and "共 2 件" in page
    said = {"accept-seat": seat(page, "accept")}
    done = text(client.post(f"/desk/cases/{first}/act/accept/", said, follow=True))
    assert f'class="button main" accesskey="j" href="/desk/cases/{second}/"' in done and "共 1 件" in done
    handling.accept(actor=clerk, number=second)
    assert "办下一件" not in text(client.get(f"/desk/cases/{first}/"))


def test_the_applicant_reads_the_agencys_word_and_not_the_answers_that_others_must_join(
    cast: Cast, signed_in: SignedIn, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    number, second = filed(cast.citizen), officer("case_decider", "tanwei", "谭伟")
    handling.accept(actor=clerk, number=number)
    handling.examine(actor=examiner, number=number, opinion="建议准予。")
    seats.add_signer(actor=chief, number=number, to=second.person, after=True)
    handling.decide(actor=chief, number=number)
    mine = f"/hall/cases/{number}/"
    assert "决定：准予" not in text(signed_in(cast.citizen).get(mine))
    assert "决定：同意" in text(signed_in(chief).get(f"/desk/cases/{number}/"))
    handling.decide(actor=second, number=number, grounds=NO)
    page = text(signed_in(cast.citizen).get(mine))
    assert "决定：准予" not in page and NO.facts in page and "不予许可" in page
