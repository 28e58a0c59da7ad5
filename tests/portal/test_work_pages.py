"""The desk's work list: every procedure's tasks in one queue, taken and given back many at a time; who has how much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from shuniu.cases.api import handling
from shuniu.cases.api import tasks as work
from shuniu.directory.models import Account, Appointment
from shuniu.portal.pages.work import page_of, words_of
from shuniu.procedures import api as procedures
from shuniu.procedures.models import Task
from shuniu.trust.api import VERBS, require, verb
from shuniu.trust.declare import Actor, Refused
from tests.cases.filing import drafted, filed, officer, published
from tests.cast import DAY, Cast

__all__ = ["published"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
SignedIn = Callable[[Actor], Client]
AT = "/desk/work/"


@verb("test.circulate", "传阅")
def circulate(*, actor: Actor, case: int, to: Actor) -> None:
    require()
    procedures.circulate(actor=actor, case=case, to=[(to.person, to.name)])


@verb("test.supervise", "督办")
def supervise(*, actor: Actor, case: int) -> None:
    require()
    procedures.supervise(actor=actor, case=case)


for name in ("test.circulate", "test.supervise"):
    del VERBS[name]  # they are these tests', not the platform's


def appointed(cast: Cast, role: str, name: str) -> Actor:
    """An officer of the market bureau with an account and one role of handling cases."""
    row = Account.objects.create(kind="officer", login=f"{role}-{name}", name=name, agency_id="43.market", password="!")
    Appointment.objects.create(account=row, agency_id="43.market", title=role, role=role, regions=["430000"], since=DAY)
    return replace(officer(cast, role, row.pk, name), name=name)


@pytest.fixture
def clerk(cast: Cast) -> Actor:
    return appointed(cast, "case_clerk", "马丽")


@pytest.fixture
def chief(cast: Cast) -> Actor:
    return appointed(cast, "case_decider", "曾志")


def text(client: Client, address: str = AT) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return unescape(response.content.decode())


def keys() -> list[str]:
    return [f"{case}-{seat}" for case, seat in Task.objects.order_by("case").values_list("case", "seat")]


def test_what_waits_is_listed_due_first_and_leads_to_its_page(cast: Cast, clerk: Actor, signed_in: SignedIn) -> None:
    first, second = filed(cast.citizen), filed(cast.citizen)
    Task.objects.filter(case=second.matter.id).update(due=timezone.localdate() - timedelta(days=3))
    page = text(signed_in(clerk))
    assert "餐饮服务许可" in page and "受理" in page and "田野" in page and "已逾期 3 天" in page
    assert page.index(f"/desk/cases/{second.number}/") < page.index(f"/desk/cases/{first.number}/")
    assert "没有等您办理的" in text(signed_in(cast.tax_officer))


def test_the_list_is_narrowed_by_procedure_and_by_words(cast: Cast, clerk: Actor, signed_in: SignedIn) -> None:
    made, client = filed(cast.citizen), signed_in(clerk)
    assert made.number in text(client, f"{AT}?procedure=cases.simple&q=田野")
    assert made.number in text(client, f"{AT}?q={made.number[-8:]}")
    for nothing in ("?procedure=catalogue.review", "?q=无此人"):
        assert made.number not in text(client, AT + nothing)
    assert "依申请办理（1）" in text(client)


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
    assert "人员办理量" in text(signed_in(chief)) and "马丽" in text(signed_in(chief))
    assert "人员办理量" not in text(signed_in(clerk))


def test_what_was_done_read_and_supervised_has_lists_of_its_own(
    cast: Cast, clerk: Actor, chief: Actor, signed_in: SignedIn
) -> None:
    made = filed(cast.citizen)
    handling.accept(actor=clerk, number=made.number)
    leader = replace(chief, capabilities=chief.capabilities | {"test.circulate", "test.supervise"})
    circulate(actor=leader, case=made.matter.id, to=clerk)
    supervise(actor=leader, case=made.matter.id)
    done = text(signed_in(clerk), f"{AT}done/")
    assert made.number in done and "同意" in done and "办理中" in done
    place = f"/desk/cases/{made.matter.id}/place/"
    assert place in text(signed_in(clerk), f"{AT}circulated/")
    assert place in text(signed_in(chief), f"{AT}supervised/")
    for nothing in ("circulated/?show=over", "supervised/?show=over", "supervised/"):
        assert place not in text(signed_in(clerk), AT + nothing)


def test_each_kind_of_object_leads_to_its_page_and_an_unknown_one_to_where_it_stands() -> None:
    assert page_of("case:43A", 7) == "/desk/cases/43A/"
    assert page_of("doubt:5", 7) == "/desk/matches/5/"
    assert page_of("objection:5", 7) == "/desk/objections/5/"
    assert page_of("document:5", 7) == "/desk/documents/5/"
    assert page_of("repair:1:r3:x", 7) == "/credit/repairs/7/"
    assert page_of("resource:43.market/registration", 7) == "/desk/catalogue/review/"
    for unknown in ("petition:9", "doubt:not-a-number", ""):
        assert page_of(unknown, 7) == "/desk/cases/7/place/"
    assert words_of("doubt:5").endswith("第 5 号") and words_of("case:43A", "许可") == "许可"


def test_the_list_can_be_taken_away(cast: Cast, clerk: Actor, signed_in: SignedIn) -> None:
    drafted(cast.citizen)
    filed(cast.citizen)
    file = signed_in(clerk).get(f"{AT}?as=csv")
    assert file.status_code == 200 and "餐饮服务许可" in file.content.decode("utf-8-sig")
