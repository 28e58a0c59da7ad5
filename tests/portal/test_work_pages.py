"""The desk's work list: every procedure's tasks in one queue, taken and given back many at a time; who has how much."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.utils import timezone

import shuniu
from shuniu.cases.api import handling, seats
from shuniu.cases.api import tasks as work
from shuniu.cases.declare.case import CaseView
from shuniu.cases.models import Case
from shuniu.notices.models import Notice
from shuniu.portal.pages.work_objects import KINDS, page_of, words_of
from shuniu.procedures.models import Task
from shuniu.trust.declare import Actor, Refused
from tests.cases.filing import drafted, filed, published
from tests.cast import Cast, SignedIn, newcomer
from tests.portal.reading import words

__all__ = ["published"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
AT = "/desk/work/"


def appointed(cast: Cast, role: str, name: str) -> Actor:
    """An officer of the market bureau with an account and one role of handling cases."""
    return newcomer("43.market", role, login=f"{role}-{name}", name=name)


@pytest.fixture
def clerk(cast: Cast) -> Actor:
    return appointed(cast, "case_clerk", "马丽")


@pytest.fixture
def examiner(cast: Cast) -> Actor:
    return appointed(cast, "case_examiner", "贺敏")


@pytest.fixture
def chief(cast: Cast) -> Actor:
    return appointed(cast, "case_decider", "曾志")


def keys() -> list[str]:
    return [f"{case}-{seat}" for case, seat in Task.objects.order_by("case").values_list("case", "seat")]


def seat_of(one: CaseView) -> tuple[int, int]:
    return one.matter.id, one.matter.open[0].number


def test_what_waits_is_listed_due_first_and_leads_to_its_page(cast: Cast, clerk: Actor, signed_in: SignedIn) -> None:
    first, second = filed(cast.citizen), filed(cast.citizen)
    Task.objects.filter(case=second.matter.id).update(due=timezone.localdate() - timedelta(days=3))
    page = words(signed_in(clerk), AT)
    assert "餐饮服务许可" in page and "受理" in page and "田野" in page and "已逾期 3 天" in page
    assert page.index(f"/desk/cases/{second.number}/") < page.index(f"/desk/cases/{first.number}/")
    assert "没有等您办理的" in words(signed_in(cast.tax_officer), AT)


def test_the_list_is_narrowed_by_procedure_and_by_words(cast: Cast, clerk: Actor, signed_in: SignedIn) -> None:
    made, client = filed(cast.citizen), signed_in(clerk)
    assert made.number in words(client, f"{AT}?procedure=cases.simple&q=田野")
    assert made.number in words(client, f"{AT}?q={made.number[-8:]}")
    for nothing in ("?procedure=catalogue.review", "?q=无此人"):
        assert made.number not in words(client, AT + nothing)
    assert "依申请办理（1）" in words(client, AT)


def test_many_are_taken_and_given_back_at_once(cast: Cast, clerk: Actor, signed_in: SignedIn) -> None:
    filed(cast.citizen), filed(cast.citizen)
    client, both = signed_in(clerk), keys()
    done = client.post(f"{AT}hand/", {"task": both, "do": "take", "back": "q=田野"}, follow=True)
    assert "已领办 2 项" in done.content.decode() and "由我领办" in done.content.decode()
    assert {*Task.objects.values_list("person", flat=True)} == {clerk.person}
    refused = client.post(f"{AT}hand/", {"task": both, "do": "release"}, follow=True).content.decode()
    assert "所选各项均未变动" in refused and Task.objects.exclude(person="").count() == 2
    client.post(f"{AT}hand/", {"task": both, "do": "release", "reason": "外出"})
    assert not Task.objects.exclude(person="").exists()


def test_if_one_of_many_is_another_officers_none_is_taken(cast: Cast, clerk: Actor) -> None:
    first, second = filed(cast.citizen), filed(cast.citizen)
    other = appointed(cast, "case_clerk", "彭涛")
    pairs = {one.matter.id: (one.matter.id, one.matter.open[0].number) for one in (first, second)}
    assert work.take_tasks(actor=other, tasks=[pairs[second.matter.id]]) == 1
    with pytest.raises(Refused, match=second.number) as refusal:
        work.take_tasks(actor=clerk, tasks=[*pairs.values()])
    assert refusal.value.rule.startswith("procedures.")
    assert Task.objects.get(case=first.matter.id).person == ""


def test_nothing_ticked_or_no_case_is_refused_in_words(cast: Cast, clerk: Actor, signed_in: SignedIn) -> None:
    for ticked in ([], ["0-1"], ["nonsense"]):
        said = signed_in(clerk).post(f"{AT}hand/", {"task": ticked}, follow=True).content.decode()
        assert "请至少勾选一项办件" in said


def test_who_leads_sees_the_load_of_each_officer_and_others_do_not(
    cast: Cast, clerk: Actor, chief: Actor, signed_in: SignedIn
) -> None:
    first, _second = filed(cast.citizen), filed(cast.citizen)
    work.take_tasks(actor=clerk, tasks=[(first.matter.id, first.matter.open[0].number)])
    Task.objects.filter(person=clerk.person).update(due=timezone.localdate() - timedelta(days=1))
    ((name, mine), (nobody, free)) = work.read_load(actor=chief)
    assert (name, mine.waiting, mine.overdue) == ("马丽", 1, 1)
    assert (nobody, free.waiting, free.overdue) == ("", 1, 0)
    assert "人员办理量" in words(signed_in(chief), AT) and "马丽" in words(signed_in(chief), AT)
    assert "人员办理量" not in words(signed_in(clerk), AT)


def test_what_was_done_read_and_supervised_has_lists_of_its_own(
    cast: Cast, clerk: Actor, chief: Actor, signed_in: SignedIn
) -> None:
    made = filed(cast.citizen)
    handling.accept(actor=clerk, number=made.number)
    seats.circulate(actor=chief, number=made.number, to=[clerk.person])
    seats.supervise(actor=chief, number=made.number)
    done = words(signed_in(clerk), f"{AT}done/")
    assert made.number in done and "同意" in done and "办理中" in done
    page = f'href="/desk/cases/{made.number}/"'
    assert page in words(signed_in(clerk), f"{AT}circulated/")
    assert page in words(signed_in(chief), f"{AT}supervised/")
    for nothing in ("circulated/?show=over", "supervised/?show=over", "supervised/"):
        assert page not in words(signed_in(clerk), AT + nothing)


def test_what_was_circulated_is_confirmed_in_the_list(
    cast: Cast, clerk: Actor, chief: Actor, signed_in: SignedIn
) -> None:
    number, client = filed(cast.citizen).number, signed_in(clerk)
    seats.circulate(actor=chief, number=number, to=[clerk.person])
    said = client.post(f"{AT}watch/read/", {"number": number}, follow=True).content.decode()
    assert "已记为已阅" in said and number not in said
    assert number in words(client, f"{AT}circulated/?show=over")
    again = client.post(f"{AT}watch/read/", {"number": number}, follow=True).content.decode()
    assert "没有待您阅读的传阅" in again
    assert client.post(f"{AT}watch/nothing/").status_code == 404


def test_the_office_supervises_by_number_urges_and_lets_go(cast: Cast, clerk: Actor, signed_in: SignedIn) -> None:
    number, client = filed(cast.citizen).number, signed_in(cast.office)
    handling.take(actor=clerk, number=number)
    bad = client.post(f"{AT}supervise/", {"number": number, "due": "2020-01-01", "note": "群众反映"})
    assert bad.status_code == 422 and "已经过去" in bad.content.decode() and "群众反映" in bad.content.decode()
    assert client.post(f"{AT}supervise/", {}).status_code == 422
    done = client.post(f"{AT}supervise/", {"number": number, "note": "群众反映"}, follow=True).content.decode()
    assert "已列入督办" in done and "/place/" in done and f"/desk/cases/{number}/" not in done
    assert "已催办" in client.post(f"{AT}watch/urge/", {"number": number}, follow=True).content.decode()
    assert Notice.objects.filter(person=clerk.person).count() == 2
    over = client.post(f"{AT}watch/unsupervise/", {"number": number}, follow=True).content.decode()
    assert "已解除督办" in over and number not in over
    assert "督办一件办件" not in words(signed_in(clerk), f"{AT}supervised/")


def test_many_are_agreed_to_each_by_itself_and_all_is_reported(
    cast: Cast, clerk: Actor, examiner: Actor, chief: Actor, signed_in: SignedIn
) -> None:
    first, second, third = (filed(cast.citizen) for _ in range(3))
    work.take_tasks(actor=appointed(cast, "case_clerk", "彭涛"), tasks=[seat_of(second)])
    ticked = [f"{case}-{seat}" for case, seat in map(seat_of, (first, second, third))]
    page = signed_in(clerk).post(f"{AT}hand/", {"task": ticked, "do": "agree", "back": "q=田野"}).content.decode()
    assert "办成 2 件，未办成 1 件" in page and "由彭涛办理" in unescape(page) and "?q=" in page
    assert page.index(second.number) < page.index(first.number)
    assert [Case.objects.get(number=one.number).state for one in (first, second, third)] == [
        "accepted", "filed", "accepted",
    ]  # fmt: skip
    again = signed_in(clerk).post(f"{AT}hand/", {"task": ticked, "do": "agree"}).content.decode()
    assert "办成 0 件，未办成 3 件" in again and "已由马丽答复" in unescape(again)


def test_grants_are_agreed_to_together_and_examinations_are_not(
    cast: Cast, clerk: Actor, examiner: Actor, chief: Actor, signed_in: SignedIn
) -> None:
    made = [filed(cast.citizen) for _ in range(2)]
    at = [handling.accept(actor=clerk, number=one.number) for one in made]
    ((said,),) = [work.agree_each(actor=examiner, tasks=[seat_of(one)]) for one in at[:1]]
    assert said.refusal is not None and said.refusal.rule == "case.opinion"
    for one in made:
        handling.examine(actor=examiner, number=one.number, opinion="建议准予。")
    (gone,) = work.agree_each(actor=chief, tasks=[(made[0].matter.id, 99)])
    assert gone.refusal is not None and gone.refusal.rule == "case.no_task"
    page = signed_in(chief).post(f"{AT}hand/", {"task": keys(), "do": "agree"}).content.decode()
    assert "办成 2 件，未办成 0 件" in page and {*Case.objects.values_list("state", flat=True)} == {"granted"}
    nothing = signed_in(chief).post(f"{AT}hand/", {"do": "agree"}, follow=True).content.decode()
    assert "请至少勾选一项办件" in nothing


def test_the_load_of_an_agency_takes_one_query_for_all_names(
    cast: Cast, chief: Actor, django_assert_max_num_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    for name in ("马丽", "彭涛", "李琴"):
        work.take_tasks(actor=appointed(cast, "case_clerk", name), tasks=[seat_of(filed(cast.citizen))])
    with django_assert_max_num_queries(6):
        found = work.read_load(actor=chief)
    assert {name for name, _load in found} == {"马丽", "彭涛", "李琴"}


def test_each_kind_of_object_leads_to_its_page_and_an_unknown_one_to_where_it_stands() -> None:
    assert page_of("case:43A", 7) == "/desk/cases/43A/"
    assert page_of("doubt:5", 7) == "/desk/matches/5/"
    assert page_of("objection:5", 7) == "/desk/objections/5/"
    assert page_of("document:5", 7) == "/desk/documents/5/"
    assert page_of("repair:1:r3:x", 7) == "/credit/repairs/7/"
    assert page_of("resource:43.market/registration", 7) == "/desk/catalogue/review/"
    assert page_of("rating:5", 7) == "/desk/ratings/5/" and page_of("card:5", 7) == "/desk/cards/5/"
    assert page_of("letter:ab12", 7, {"letter:ab12": "20261122000001"}) == "/desk/letters/20261122000001/"
    for unknown in ("petition:9", "doubt:not-a-number", "letter:ab12", ""):
        assert page_of(unknown, 7) == "/desk/cases/7/place/"
    assert words_of("doubt:5").endswith("第 5 号") and "ab12" not in words_of("letter:ab12")


def opened_kinds() -> set[str]:
    """The kinds of object that the platform's own procedures are opened about, as its sources name them."""
    found: set[str] = set()
    for path in Path(shuniu.__file__).parent.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if "open_case" in source or "Opening(" in source:
            found |= {*re.findall(r"""(?:\bobject=|Opening\()\s*f"([a-z_]+):""", source)}
    return found


def test_every_kind_of_object_that_a_procedure_is_opened_about_has_a_page_and_words() -> None:
    opened = opened_kinds()
    assert opened >= {"case", "letter", "rating", "card", "document", "dispatch", "resource", "doubt", "objection"}
    assert opened <= {*KINDS}, "a kind without a page: add it to KINDS"
    for kind in KINDS:
        about = f"{kind}:5"
        assert page_of(about, 7, {about: "5"}) != "/desk/cases/7/place/", kind
        assert words_of(about, {about: "5"}) != "5", kind


def test_the_list_can_be_taken_away(cast: Cast, clerk: Actor, signed_in: SignedIn) -> None:
    drafted(cast.citizen)
    filed(cast.citizen)
    file = signed_in(clerk).get(f"{AT}?as=csv")
    assert file.status_code == 200 and "餐饮服务许可" in file.content.decode("utf-8-sig")
