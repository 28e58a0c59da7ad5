"""Who looked at my data: all of one's own and nothing of others', questions answered in time, inquiries kept back by law."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shuniu.assessment.looked import api
from shuniu.assessment.looked.api.looking import SIZE
from shuniu.assessment.looked.declare import CovertState, Ground
from shuniu.assessment.looked.models import CovertInquiry, ReadingQuestion
from shuniu.cases.api.succession import succeed_agency
from shuniu.notices.models import Notice
from shuniu.registries.models import Identifier, Subject
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.assessment.looking import begun, guard, holding, read
from tests.cast import CITIZEN_SUBJECT, FIRM_SUBJECT, Cast, cast
from tests.exchange.conftest import catalogued

__all__ = ["cast", "catalogued"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogued")]
ID = "430102199003070038"
LAW = "中华人民共和国税收征收管理法第五十四条"


@pytest.fixture
def registered(cast: Cast) -> None:
    """The citizen's subject, with its number."""
    Subject.objects.create(pk=CITIZEN_SUBJECT, kind="natural", name="田野", known=True, root=CITIZEN_SUBJECT)
    Subject.objects.create(pk=FIRM_SUBJECT, kind="legal", name="星沙演示有限公司", known=True, root=FIRM_SUBJECT)
    resource = "43.market/registration"
    Identifier.objects.create(subject_id=CITIZEN_SUBJECT, kind="resident_id", value=ID, resource=resource, answers=True)


def entries(actor: Actor) -> list[int]:
    return [one.entry for one in api.read_readings(actor=actor).looks]


def test_a_citizen_sees_the_agency_the_post_and_the_purpose_and_never_the_name(cast: Cast) -> None:
    entry = read(cast.tax_officer, purpose="核对申报，见 430102199003070038", items=["name", "capital"], rows=3)
    (look,) = api.read_readings(actor=cast.citizen).looks
    assert (look.entry, look.agency, look.who, look.what) == (entry, "省税务局", "数据专员", "查阅数据")
    assert (look.resource, look.items) == ("企业登记信息", ("企业名称", "注册资本"))
    assert look.purpose.startswith("核对申报") and "19900307" not in look.purpose
    assert cast.tax_officer.name not in repr(look)


def test_ones_own_acts_bury_nobody_elses_unless_they_are_asked_for(cast: Cast) -> None:
    entry = read(cast.tax_officer)
    for _ in range(SIZE + 2):
        read(cast.citizen)
    page = api.read_readings(actor=cast.citizen)
    assert [one.entry for one in page.looks] == [entry] and page.last is None
    everything = api.read_readings(actor=cast.citizen, own=True)
    assert {one.who for one in everything.looks} == {"本人"} and everything.last
    at = everything.looks[0].at.date().replace(day=1)
    assert len(api.read_readings(actor=cast.citizen, own=True, month=at, before=everything.last).looks) >= 3


def test_readers_that_are_no_officers_are_told_by_their_kind_alone(cast: Cast) -> None:
    for who in (cast.anonymous, cast.installer, cast.firm, cast.citizen):
        read(who)
    looks = api.read_readings(actor=cast.citizen, own=True).looks
    assert [one.who for one in looks] == ["本人", "其他用户", "平台自动处理", "未登录的公众"]
    assert not any(one.can_ask or one.agency for one in looks)


def test_nobody_sees_the_readings_of_another_and_a_shared_reading_tells_only_the_own_part(cast: Cast) -> None:
    shared = read(cast.tax_officer, [CITIZEN_SUBJECT, FIRM_SUBJECT, 7_000_099], purpose="核查", rows=40, region="43")
    own = read(cast.tax_officer, [FIRM_SUBJECT])
    (look,) = api.read_readings(actor=cast.citizen).looks
    assert entries(cast.firm) == [own, shared] and look.entry == shared
    assert "40" not in repr(look).replace(repr(look.at), "").replace(str(shared), "") and "7000099" not in repr(look)


def test_the_number_of_a_case_is_told_to_its_applicant_alone(cast: Cast) -> None:
    read(cast.tax_officer, target="case:2026-000001", verb="cases.read_case")
    read(cast.tax_officer, case="2026-000002")
    assert [one.case for one in api.read_readings(actor=cast.citizen).looks] == ["", ""]


def test_all_ids_that_are_one_with_the_own_are_looked_for_and_each_reading_is_told_once(
    cast: Cast, registered: None
) -> None:
    Subject.objects.create(pk=7_000_010, kind="natural", name="田野", known=True, root=CITIZEN_SUBJECT)
    merged = read(cast.tax_officer, [7_000_010])
    both = read(cast.tax_officer, [7_000_010, CITIZEN_SUBJECT])
    assert entries(cast.citizen) == [both, merged]


def test_a_page_goes_on_where_the_last_one_ended_and_months_follow_one_another(cast: Cast) -> None:
    now = timezone.now()
    begun(now - timedelta(days=80))
    old = read(cast.tax_officer, at=now - timedelta(days=70))
    made = [read(cast.tax_officer, purpose=str(at)) for at in range(20)]
    seen: list[int] = []
    page = api.read_readings(actor=cast.citizen)
    while True:
        seen += [one.entry for one in page.looks]
        if page.last is None:
            break
        page = api.read_readings(actor=cast.citizen, month=page.month, before=page.last)
    assert seen == made[::-1]
    month = timezone.localdate(now - timedelta(days=70)).replace(day=1)
    assert [one.entry for one in api.read_readings(actor=cast.citizen, month=month).looks] == [old]
    with pytest.raises(Refused, match="没有留痕"):
        api.read_readings(actor=cast.citizen, month=month - timedelta(days=400))


def test_without_a_month_the_newest_that_has_any_is_shown(cast: Cast) -> None:
    begun(timezone.now() - timedelta(days=80))
    old = read(cast.tax_officer, at=timezone.now() - timedelta(days=70))
    assert entries(cast.citizen) == [old]


def test_a_list_is_narrowed_by_agency_and_resource(cast: Cast) -> None:
    tax, market = read(cast.tax_officer), read(cast.market_officer, target="resource:43.tax/penalty")
    narrowed = api.read_readings(actor=cast.citizen, agency="43.tax").looks
    assert [one.entry for one in narrowed] == [tax]
    narrowed = api.read_readings(actor=cast.citizen, resource="43.tax/penalty").looks
    assert [one.entry for one in narrowed] == [market]


def test_looking_is_itself_journalled_and_for_subjects_alone(cast: Cast) -> None:
    read(cast.tax_officer)
    api.read_readings(actor=cast.citizen)
    entry = Entry.objects.latest("pk")
    assert (entry.verb, entry.person) == ("assessment.read_readings", cast.citizen.person)
    assert len(entries(cast.citizen)) == 1, "looking at the list adds nothing to it"
    with pytest.raises(Refused, match="权限"):
        api.read_readings(actor=cast.tax_officer)


def test_a_question_is_answered_by_another_officer_with_the_law_and_its_asker_sees_it(cast: Cast) -> None:
    entry = read(cast.tax_officer, purpose="核对")
    asked = api.ask(actor=cast.citizen, entry=entry, text="为什么查我？")
    assert (asked.agency, asked.who, asked.reader) == ("43.tax", "数据专员", "") and asked.due
    assert Notice.objects.filter(object=f"question:{asked.number}").count() == 2
    officer = guard(cast)
    (seen,) = api.list_questions(actor=officer, open_only=True)
    assert (seen.reader, seen.text) == ("周杰", "为什么查我？")
    api.answer_question(actor=officer, number=asked.number, answer="核对增值税申报。", law=LAW)
    (told,) = api.list_questions(actor=cast.citizen)
    assert (told.answer, told.law, told.reader) == ("核对增值税申报。", LAW, "")
    assert Notice.objects.filter(object=f"question:{asked.number}", person=cast.citizen.person).count() == 2
    with pytest.raises(Refused, match="已经答复"):
        api.answer_question(actor=officer, number=asked.number, answer="再答", law=LAW)
    assert api.read_readings(actor=cast.citizen).looks[-1].question == asked.number


def test_what_nobody_may_ask_about_is_refused(cast: Cast) -> None:
    other, public = read(cast.tax_officer, [FIRM_SUBJECT]), read(cast.anonymous)
    own = read(cast.tax_officer)
    for entry in (other, 999_999_999):
        with pytest.raises(Refused, match="没有这条查阅记录"):
            api.ask(actor=cast.citizen, entry=entry, text="为什么？")
    with pytest.raises(Refused, match="不是单位查阅"):
        api.ask(actor=cast.citizen, entry=public, text="为什么？")
    with pytest.raises(Refused, match="没有写"):
        api.ask(actor=cast.citizen, entry=own, text=" ")
    api.ask(actor=cast.citizen, entry=own, text="为什么？")
    with pytest.raises(Refused, match="已经问过"):
        api.ask(actor=cast.citizen, entry=own, text="为什么？")


def test_the_reader_does_not_answer_for_himself_nor_does_another_agency(cast: Cast) -> None:
    officer = guard(cast)
    asked = api.ask(actor=cast.citizen, entry=read(officer), text="为什么？")
    with pytest.raises(Refused, match="查阅人不能"):
        api.answer_question(actor=officer, number=asked.number, answer="是我查的。", law=LAW)
    other = holding(cast.market_officer, "data_protection_officer", "linan", "林楠")
    with pytest.raises(Refused, match="本单位没有"):
        api.answer_question(actor=other, number=asked.number, answer="代答", law=LAW)
    assert api.list_questions(actor=other) == ()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadingQuestion.objects.update(answer="自答", law=LAW, answered_by=officer.person, answered_at=timezone.now())


@pytest.mark.parametrize("before", [True, False])
def test_a_question_to_an_agency_that_another_took_the_place_of_is_answered_there(cast: Cast, before: bool) -> None:
    entry = read(cast.tax_officer)
    ask = partial(api.ask, actor=cast.citizen, entry=entry, text="为什么查我？")
    asked = ask() if before else None
    succeed_agency(actor=cast.office, agency="43.tax", successor="43.market", reason="湘编〔2026〕3号")
    number = (asked or ask()).number
    old, new = guard(cast), holding(cast.market_officer, "data_protection_officer", "linan", "林楠")
    assert api.list_questions(actor=old) == ()
    assert [(one.number, one.agency, one.reader) for one in api.list_questions(actor=new)] == [
        (number, "43.tax", "周杰")
    ]
    with pytest.raises(Refused, match="本单位没有"):
        api.answer_question(actor=old, number=number, answer="核对申报。", law=LAW)
    api.answer_question(actor=new, number=number, answer="核对增值税申报。", law=LAW)
    assert api.list_questions(actor=cast.citizen)[0].answer == "核对增值税申报。"


def test_who_did_not_answer_in_time_is_seen_by_the_province(cast: Cast) -> None:
    api.ask(actor=cast.citizen, entry=read(cast.tax_officer), text="为什么？")
    ReadingQuestion.objects.update(due=timezone.localdate() - timedelta(days=1))
    (one,) = api.question_figures(actor=cast.office)
    assert (one.agency, one.asked, one.answered, one.late) == ("43.tax", 1, 0, 1)
    (late,) = api.list_questions(actor=cast.office)
    assert late.overdue(timezone.localdate()) and late.reader == ""


def proposed(cast: Cast, until_days: int = 10) -> int:
    return api.propose_covert(
        actor=cast.tax_officer, kind="resident_id", value=ID, ground=Ground.DUTY, reason="湘税稽〔2026〕7号",
        until=timezone.localdate() + timedelta(days=until_days),
    ).number  # fmt: skip


def test_an_inquiry_is_kept_back_until_its_end_and_then_shown_with_its_law(cast: Cast, registered: None) -> None:
    head = holding(cast.tax_officer, "agency_head", "ruzhang", "汝章")
    before, number = read(cast.tax_officer), proposed(cast)
    still = read(cast.tax_officer)
    assert entries(cast.citizen) == [still, before], "nothing is kept back by a proposal"
    api.confirm_covert(actor=head, number=number, agreed=True)
    hidden, other = read(cast.tax_officer), read(cast.tax_second)
    page = api.read_readings(actor=cast.citizen)
    assert [one.entry for one in page.looks] == [other, still, before]
    assert Entry.objects.latest("pk").detail["rows"] == 3
    assert [one.entry for one in api.read_readings(actor=cast.citizen, agency="43.tax").looks] == [other, still, before]
    with pytest.raises(Refused, match="没有这条查阅记录"):
        api.ask(actor=cast.citizen, entry=hidden, text="为什么？")
    CovertInquiry.objects.filter(pk=number).update(
        until=timezone.localdate() - timedelta(days=1), decided_at=timezone.now() - timedelta(days=3)
    )
    late = read(cast.tax_officer, at=timezone.now() - timedelta(days=2))
    looks = {one.entry: one.grounds for one in api.read_readings(actor=cast.citizen, limit=50).looks}
    assert looks.keys() == {late, hidden, other, still, before}
    assert "个人信息保护法第35条" in looks[late] and looks[other] == ""


def test_a_month_in_which_all_is_kept_back_looks_like_one_without_readings(cast: Cast, registered: None) -> None:
    head = holding(cast.tax_officer, "agency_head", "ruzhang", "汝章")
    begun(timezone.now() - timedelta(days=80))
    old = read(cast.market_officer, at=timezone.now() - timedelta(days=70))
    api.confirm_covert(actor=head, number=proposed(cast), agreed=True)
    read(cast.tax_officer)
    page = api.read_readings(actor=cast.citizen)
    assert [one.entry for one in page.looks] == [old] and page.last is None
    assert api.read_readings(actor=cast.citizen, month=timezone.localdate()).looks == ()


def test_an_inquiry_takes_two_people_a_law_and_an_end(cast: Cast, registered: None) -> None:
    head = holding(cast.tax_officer, "agency_head", "ruzhang", "汝章")
    for days in (-1, 91):
        with pytest.raises(Refused, match="期限不对"):
            proposed(cast, days)
    number = proposed(cast)
    with pytest.raises(Refused, match="权限"):
        api.confirm_covert(actor=cast.tax_officer, number=number, agreed=True)
    both = Actor(
        cast.tax_officer.person,
        "周杰",
        "43.tax",
        "省税务局",
        ("43",),
        cast.tax_officer.capabilities | head.capabilities,
    )
    with pytest.raises(Refused, match="不能自己决定"):
        api.confirm_covert(actor=both, number=number, agreed=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        CovertInquiry.objects.update(state="confirmed", decided_by=both.person, decided_at=timezone.now())
    assert api.confirm_covert(actor=head, number=number, agreed=False).state is CovertState.DECLINED
    shown = read(cast.tax_officer)
    assert entries(cast.citizen) == [shown]
    with pytest.raises(Refused, match="已经决定"):
        api.confirm_covert(actor=head, number=number, agreed=True)


def test_the_auditor_sees_every_inquiry_and_another_agency_none(cast: Cast, registered: None) -> None:
    number = proposed(cast)
    assert [one.number for one in api.list_coverts(actor=cast.auditor)] == [number]
    assert [one.number for one in api.list_coverts(actor=cast.tax_officer)] == [number]
    assert api.list_coverts(actor=cast.market_officer) == ()
    assert ID not in repr(Entry.objects.filter(object=f"covert:{number}").values_list("detail", flat=True))


def test_grounds_name_their_law(cast: Cast) -> None:
    assert [(one.ground, one.law) for one in api.grounds(timezone.localdate())] == [
        (Ground.SECRET, "个人信息保护法第18条"), (Ground.DUTY, "个人信息保护法第35条"),
    ]  # fmt: skip
