"""The reviewer's pages: what waits, both sides masked, a decision with its reason, and the way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shuniu.directory.declare import ROLES
from shuniu.procedures.models import Case, Task
from shuniu.procedures.models import Event as Step
from shuniu.registries import api as registries
from shuniu.registries.declare import Answer
from tests.cast import Cast, SignedIn, newcomer, with_posts
from tests.loosening import loosened
from tests.portal.reading import words
from tests.registries.conftest import (
    HOUSEHOLD,
    PENALTY,
    REGISTRATION,
    VOLUNTEER,
    Load,
    load,
    mounted,
    registration_number,
    resident,
    subject_of,
    uscc,
)

__all__ = ["load", "mounted"]

pytestmark = pytest.mark.django_db
FIRM, OTHER = "湖南省湘江机械制造有限公司", "星沙重工有限公司"


@pytest.fixture
def reviewer(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.matcher)


@pytest.fixture
def at(load: Load, cast: Cast) -> str:
    """The address of a doubt: a row with a firm's registration number under quite another name."""
    load(REGISTRATION, {"uscc": uscc(1), "name": FIRM, "registration_number": registration_number(1),
                        "representative": "张伟"})  # fmt: skip
    load(PENALTY, {"number": "1", "registration_number": registration_number(1), "name": OTHER})
    (found,) = registries.doubts(actor=cast.matcher)
    return f"/desk/matches/{found.id}/"


def decided(client: Client, at: str, answer: str, reason: str = "见变更登记") -> str:
    response = client.post(f"{at}decide/", {"answer": answer, "reason": reason})
    assert response.status_code == 302, response.content.decode()
    return words(client, at)


def same_subject() -> bool:
    return subject_of(PENALTY, "1") == registries.find_subject("uscc", uscc(1))


def test_the_post_of_reviewer_opens_every_page_of_the_review() -> None:
    needed = {"list_doubts", "read_doubt", "review_match", "undo_review", "take_review", "release_review"}
    assert {f"registries.{one}" for one in needed} <= ROLES["matching_reviewer"].capabilities


def test_the_reviewer_finds_what_waits_from_the_front_page(at: str, reviewer: Client) -> None:
    assert 'href="/desk/matches/"' in words(reviewer, "/")
    waiting = words(reviewer, "/desk/matches/")
    assert f'href="{at}"' in waiting and FIRM in waiting and OTHER in waiting and "工商注册号相同" in waiting
    assert "没有这样的结论" in words(reviewer, "/desk/matches/?state=same")
    assert f'href="{at}"' in words(reviewer, "/desk/matches/?state=nonsense"), "an unknown state shows what waits"


def test_a_doubt_shows_both_sides_their_sources_and_why(at: str, reviewer: Client) -> None:
    page = words(reviewer, at)
    for said in (FIRM, OTHER, "工商注册号相同", "名称不一致", registration_number(1), "张*"):
        assert said in page
    assert "张伟" not in page, "a person's name is masked, a firm's representative's too"
    assert "省税务局 · 税务处罚" in page and "/catalogue/43.market/registration/" in page
    assert all(words in page for words in ("是同一主体", "不是同一主体", "无法判断"))


def test_the_same_merges_and_taking_it_back_parts_them_for_another_reviewer(
    at: str, reviewer: Client, cast: Cast
) -> None:
    page = decided(reviewer, at, "same", "曾用名，见变更登记")
    assert "结论已记下：同一主体" in page and "曾用名，见变更登记" in page and "唐静" in page
    assert "撤销这个结论" in page and "decide/" not in page
    assert same_subject()
    assert "曾用名，见变更登记" in words(reviewer, "/desk/matches/?state=same")
    assert reviewer.post(f"{at}undo/", {"reason": "变更登记属另一企业"}).status_code == 302
    page = words(reviewer, at)
    assert "重新等待复核" in page and "变更登记属另一企业" in page and "曾用名，见变更登记" in page, (
        "nothing is forgotten"
    )
    assert "须由另一位复核员" in page and "decide/" not in page
    assert not same_subject()


@pytest.mark.parametrize(("answer", "verdict"), [("different", "不是同一主体"), ("unclear", "无法判断")])
def test_other_answers_leave_them_apart_and_stand_in_their_own_list(
    at: str, reviewer: Client, answer: str, verdict: str
) -> None:
    assert f"结论已记下：{verdict}" in decided(reviewer, at, answer)
    assert not same_subject()
    assert f'href="{at}"' in words(reviewer, f"/desk/matches/?state={answer}")
    assert "没有等待复核的主体" in words(reviewer, "/desk/matches/")


def test_the_desk_of_who_holds_another_post_too_leads_to_the_doubt(at: str, cast: Cast, reviewer: Client) -> None:
    with_posts(cast.matcher, "office")
    desk = words(reviewer, "/desk/")
    assert "疑似同一主体" in desk and f'href="{at}"' in desk and "主体归并复核：复核" in desk


def test_what_is_missing_or_late_is_said_in_the_form(at: str, reviewer: Client) -> None:
    missing = reviewer.post(f"{at}decide/", {"reason": " "})
    assert missing.status_code == 422
    assert all(words in missing.content.decode() for words in ("请选择您的结论", "请填写理由"))
    assert reviewer.post(f"{at}decide/", {"answer": "perhaps", "reason": "?"}).status_code == 422
    early = reviewer.post(f"{at}undo/", {"reason": "改判"})
    assert early.status_code == 422 and "还没有结论" in early.content.decode()
    decided(reviewer, at, "unclear")
    late = reviewer.post(f"{at}decide/", {"answer": "same", "reason": "同一"})
    assert late.status_code == 422 and "已有结论" in late.content.decode()
    assert reviewer.post(f"{at}undo/", {"reason": ""}).status_code == 422
    assert "没有编号为 0 的疑似主体" in words(reviewer, "/desk/matches/0/", 403)


def test_a_person_is_masked_on_every_page(load: Load, cast: Cast, reviewer: Client) -> None:
    ids = [resident("1980-05-01", 11), resident("1980-05-01", 23)]
    load(HOUSEHOLD, *({"resident_id": each, "person_name": "欧阳志强"} for each in ids))
    load(VOLUNTEER, {"number": "1", "person_name": "欧阳志强", "birth_date": "1980-05-01"})
    pages = [words(reviewer, "/desk/matches/")]
    pages += [words(reviewer, f"/desk/matches/{one.id}/") for one in registries.doubts(actor=cast.matcher)]
    assert len(pages) == 3
    for page in pages:
        assert "欧阳**" in page and "欧阳志强" not in page and "1980-05-01" not in page
        assert not any(number in page for number in ids)
    assert "1980年" in pages[1] and "个人信息已遮盖" in pages[1]


def test_nobody_without_the_post_sees_or_decides(at: str, cast: Cast, client: Client, signed_in: SignedIn) -> None:
    assert client.get(at).headers["Location"].startswith("/sign-in/")
    for who in (cast.office, cast.market_officer, cast.auditor):
        other = signed_in(who)
        assert "/desk/matches/" not in words(other, "/")
        for address in ("/desk/matches/", at):
            assert other.get(address).status_code == 403
        assert other.post(f"{at}decide/", {"answer": "same", "reason": "同一"}).status_code == 403
    assert not same_subject()


def test_who_took_a_pair_decides_it_alone_and_reads_its_rows_until_giving_it_back(
    at: str, reviewer: Client, cast: Cast, signed_in: SignedIn
) -> None:
    other = signed_in(newcomer("43.office", "matching_reviewer", login="yuping", name="于平"))
    assert "由我领办" in words(other, at) and "待领办" in words(other, "/desk/matches/")
    assert reviewer.get(f"{at}rows/").status_code == 403
    assert reviewer.post(f"{at}take/").status_code == 302
    page = words(reviewer, at)
    assert (
        "由我领办" not in page
        and "decide/" in page
        and f'href="{at}rows/"' in page
        and "省政务信息化办公室 唐静" in page
    )
    rows = words(reviewer, f"{at}rows/")
    assert FIRM in rows and OTHER in rows and uscc(1) in rows and registration_number(1) in rows
    assert "张*" in rows and "张伟" not in rows
    assert other.get(f"{at}rows/").status_code == 403
    page = words(other, at)
    assert "已由 唐静 领办" in page and "decide/" not in page and "take/" not in page
    assert "唐静" in words(other, "/desk/matches/")
    assert reviewer.post(f"{at}release/", {"why": " "}).status_code == 422
    assert reviewer.post(f"{at}release/", {"why": "另有任务"}).status_code == 302
    assert other.post(f"{at}take/").status_code == 302
    page = words(other, at)
    for step in ("提出复核", "领办", "退回领办", "另有任务", "于平"):
        assert step in page, step


def test_a_review_shows_when_it_is_due_and_by_which_rule_and_how_late_it_is(at: str, reviewer: Client) -> None:
    assert "复核限 10 个工作日（平台默认值）" in words(reviewer, at)
    late(days=40)
    for address in (at, "/desk/matches/"):
        assert "已逾期" in words(reviewer, address), address


def late(days: int) -> None:
    """Let the cases have been opened so many days ago, as they would have been."""
    since = timezone.now() - timedelta(days=days)
    with loosened(Step):
        Step.objects.update(at=since)
    Case.objects.update(opened_at=since, due=(since + timedelta(days=14)).date())
    Task.objects.update(due=(since + timedelta(days=14)).date())


def test_why_a_conclusion_was_taken_back_stays_in_the_history_for_good(at: str, reviewer: Client, cast: Cast) -> None:
    decided(reviewer, at, "different", "注册号录入有误")
    reviewer.post(f"{at}undo/", {"reason": "登记档案已补"})
    second = replace(cast.matcher, person="officer:95", name="何平")
    number = int(at.rstrip("/").rpartition("/")[2])
    registries.review_match(actor=second, doubt=number, answer=Answer.SAME, reason="曾用名")
    page = words(reviewer, at)
    for said in ("注册号录入有误", "撤销结论，重新提出复核", "登记档案已补", "曾用名"):
        assert said in page, said


def test_a_doubt_that_fell_away_says_so_with_the_reason(at: str, reviewer: Client, load: Load) -> None:
    numbers = {"registration_number": registration_number(1), "name": OTHER}
    load(REGISTRATION, {"uscc": uscc(2), **numbers})
    page = words(reviewer, at)
    assert "已另行认出" in page and "复核终止" in page and "待认领的一方已另行认出，无须再判断" in page
    assert "decide/" not in page and "take/" not in page
