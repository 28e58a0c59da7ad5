"""The yearly review: when an agency's list is opened, what stands in it, who decides, and what that does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from shuniu.directory import api
from shuniu.directory.declare import Agency, ReviewedRight, ReviewView
from shuniu.directory.models import ApiToken, Review, ReviewLine
from shuniu.directory.posts.store import reviews
from shuniu.exchange import api as exchange
from shuniu.trust.certificates.declare import Held, Line
from shuniu.trust.declare import Actor
from shuniu.trust.models import Entry
from tests.cast import DAY, Cast, client_of, number, with_posts
from tests.directory.posts.people import arrange, day, post_of
from tests.refusals import rule_of

pytestmark = pytest.mark.django_db
Entries = Callable[[str], list[Entry]]


def opened(cast: Cast, agency: str = "43.tax") -> ReviewView:
    """Open what is due today, and find an agency's."""
    api.open_reviews(actor=api.system("worker"))
    (found,) = api.list_reviews(actor=cast.office, agency=agency)
    return found


def line_of(cast: Cast, number: int, holder: str, kind: str = "post") -> ReviewedRight:
    lines = api.read_review(actor=cast.security, number=number).lines
    return next(one for one in lines if (one.holder, one.kind) == (holder, kind))


def test_every_agency_with_officers_gets_a_list_once_a_year_and_none_while_one_waits(cast: Cast) -> None:
    worker = api.system("worker")
    assert api.open_reviews(actor=worker) == 4
    assert api.open_reviews(actor=worker) == 0
    assert api.open_reviews(actor=worker, on=day(400)) == 0, "the first still waits"
    Review.objects.update(finished=timezone.now())
    assert api.open_reviews(actor=worker, on=day(300)) == 0
    assert api.open_reviews(actor=worker, on=day(367)) == 4


def test_a_new_agency_is_asked_after_a_year(cast: Cast) -> None:
    api.load_agencies(actor=cast.installer, rows=[Agency("43.new", "新局", "新局", 1, "430000", valid_from=DAY)])
    made = api.create_account(actor=cast.system_admin, login="newone", name="新人", agency="43.new")
    api.appoint(actor=cast.security, account=made.account, role="data_officer", regions=["43"])
    worker = api.system("worker")
    api.open_reviews(actor=worker)
    assert not Review.objects.filter(agency="43.new").exists()
    api.open_reviews(actor=worker, on=day(366))
    assert Review.objects.filter(agency="43.new").exists()


def test_a_list_names_posts_substitutions_and_tokens_and_when_each_was_used(cast: Cast) -> None:
    token = api.issue_token(actor=cast.tax_admin, account=number(cast.tax_officer), title="每日报送")
    arrange(cast.security, cast.tax_admin, cast.stranger)
    stands = api.actor_of(number(cast.stranger))
    api.create_account(actor=stands, login="newone", name="新人", agency="43.tax")
    machine = api.actor_of_token(token.token)
    assert machine is not None
    exchange.submissions(actor=machine)
    found = opened(cast)
    lines = api.read_review(actor=cast.tax_admin, number=found.number).lines
    said = {(one.holder, one.kind): one for one in lines}
    assert said.keys() == {
        ("孙伟", "post"), ("周杰", "post"), ("吴芳", "post"), ("莫奇", "substitution"), ("周杰", "token"),
    }  # fmt: skip
    assert said["吴芳", "post"].last_used is None
    assert said["周杰", "post"].last_used is not None, "the machine acts as he"
    assert said["周杰", "token"].last_used is not None
    assert said["莫奇", "substitution"].last_used is not None
    assert said["孙伟", "post"].last_used is not None, "he issued the token"
    assert said["孙伟", "post"].own and not said["周杰", "post"].own
    assert (found.lines, found.undecided, found.overdue, found.due) == (5, 5, False, day(30))


def test_posts_that_one_person_must_not_hold_together_are_named_until_one_of_them_is_ended(cast: Cast) -> None:
    with_posts(cast.tax_officer, "second_officer", "county_clerk")  # as it may stand from before the rule
    found = opened(cast)
    both = {
        one.role: one.conflicts for one in api.read_review(actor=cast.tax_admin, number=found.number).lines
        if one.holder == "周杰"
    }  # fmt: skip
    why = "报送人不能放行自己的批次"
    assert both == {
        "data_officer": (("第二复核人", why),), "county_clerk": (("第二复核人", why),),
        "second_officer": (("县区经办", why), ("数据专员", why)),
    }  # fmt: skip
    page = client_of(cast.tax_admin).get(f"/desk/rights/reviews/{found.number}/").content.decode()
    assert "职责不相容：与“第二复核人”：报送人不能放行自己的批次" in page
    lines = {one.role: one.id for one in api.read_review(actor=cast.tax_admin, number=found.number).lines}
    decide(cast.security, found.number, lines["second_officer"], keep=False)
    assert not any(one.conflicts for one in api.read_review(actor=cast.tax_admin, number=found.number).lines)


def test_what_has_ended_or_belongs_to_a_closed_account_is_not_listed(cast: Cast) -> None:
    api.end_appointment(actor=cast.tax_admin, appointment=post_of(cast.tax_officer))
    api.close_account(actor=cast.tax_admin, account=number(cast.tax_second), reason="调离")
    held = api.issue_token(actor=cast.tax_admin, account=number(cast.stranger), title="试验")
    api.revoke_token(actor=cast.tax_admin, token=held.id)
    found = opened(cast)
    assert [one.holder for one in api.read_review(actor=cast.tax_admin, number=found.number).lines] == ["孙伟"]


def test_reading_ones_notices_is_no_use_of_a_post() -> None:
    assert "notices.read_inbox" not in reviews.verbs_of("data_officer")
    assert "exchange.submit" in reviews.verbs_of("data_officer")
    assert reviews.verbs_of("unknown") == ("",)


def test_nobody_decides_his_own_and_the_database_keeps_it(cast: Cast) -> None:
    found = opened(cast)
    own = line_of(cast, found.number, "孙伟")
    assert rule_of(lambda: decide(cast.tax_admin, found.number, own.id)) == "review.own"
    decide(cast.security, found.number, own.id)
    row = ReviewLine.objects.get(pk=line_of(cast, found.number, "周杰").id)
    row.decision, row.decided, row.decided_by = "kept", timezone.now(), row.account
    with pytest.raises(IntegrityError, match="directory_review_two_people"), transaction.atomic():
        row.save()


def decide(by: Actor, number: int, *lines: int, keep: bool = True) -> int:
    return api.decide_review(actor=by, number=number, lines=lines, keep=keep)


def test_a_head_confirms_and_ends_and_the_last_line_finishes_the_list(cast: Cast, entries: Entries) -> None:
    api.issue_token(actor=cast.tax_admin, account=number(cast.tax_second), title="试验")
    arrange(cast.tax_officer, cast.tax_officer, cast.tax_admin)
    api.appoint(actor=cast.security, account=number(cast.stranger), role="agency_head", regions=["43"])
    head = api.actor_of(number(cast.stranger))
    found = opened(cast)
    ended = [
        line_of(cast, found.number, "周杰").id, line_of(cast, found.number, "吴芳", "token").id,
        line_of(cast, found.number, "孙伟", "substitution").id,
    ]  # fmt: skip
    assert decide(head, found.number, line_of(cast, found.number, "吴芳").id) == 5
    assert decide(head, found.number, *ended, keep=False) == 2
    assert not api.actor_of(number(cast.tax_officer)).may("exchange.submit")
    assert not ApiToken.objects.filter(revoked=None).exists()
    assert api.actor_of(number(cast.tax_admin)).instead == ()
    assert decide(head, found.number, line_of(cast, found.number, "孙伟").id) == 1
    assert decide(cast.tax_admin, found.number, line_of(cast, found.number, "莫奇").id) == 0
    (now,) = api.list_reviews(actor=cast.tax_admin)
    assert now.finished is not None and now.undecided == 0
    line = line_of(cast, found.number, "周杰")
    assert (line.decision, line.decided_by) == ("ended", "莫奇") and line.decided is not None
    told = entries("directory.decide_review")
    assert told[-1].object == f"review:{found.number}" and told[-1].detail["left"] == 0
    assert any(one.object == f"account:{number(cast.tax_officer)}" for one in told)


def test_a_platforms_post_is_ended_by_the_platform_alone(cast: Cast) -> None:
    api.appoint(actor=cast.security, account=number(cast.stranger), role="agency_head", regions=["43"])
    found = opened(cast)
    head, line = api.actor_of(number(cast.stranger)), line_of(cast, found.number, "孙伟").id
    assert rule_of(lambda: decide(head, found.number, line, keep=False)) == "directory.administrator"
    decide(cast.security, found.number, line, keep=False)
    assert not api.actor_of(number(cast.tax_admin)).may("directory.appoint")


def test_what_is_gone_is_not_confirmed_but_settled_as_ended(cast: Cast) -> None:
    found = opened(cast)
    line = line_of(cast, found.number, "周杰").id
    api.end_appointment(actor=cast.tax_admin, appointment=post_of(cast.tax_officer))
    assert rule_of(lambda: decide(cast.tax_admin, found.number, line)) == "review.gone"
    decide(cast.tax_admin, found.number, line, keep=False)
    assert rule_of(lambda: decide(cast.tax_admin, found.number, line, keep=False)) == "review.lines"


def test_lines_are_those_of_the_list_and_lists_those_of_the_agency(cast: Cast) -> None:
    found = opened(cast)
    line = line_of(cast, found.number, "周杰").id
    assert rule_of(lambda: decide(cast.market_admin, found.number, line)) == "right.agency"
    assert rule_of(lambda: decide(cast.office, found.number, line)) == "right.missing"
    assert rule_of(lambda: decide(cast.tax_admin, found.number)) == "review.lines"
    other = opened(cast, "43.market")
    assert rule_of(lambda: decide(cast.security, other.number, line)) == "review.lines"
    assert rule_of(lambda: api.read_review(actor=cast.market_admin, number=found.number)) == "right.agency"
    assert rule_of(lambda: api.read_review(actor=cast.security, number=0)) == "review.unknown"
    assert rule_of(lambda: api.list_reviews(actor=cast.tax_admin, agency="43.market")) == "right.agency"
    assert {one.agency for one in api.list_reviews(actor=cast.tax_admin)} == {"43.tax"}
    assert len({one.agency for one in api.list_reviews(actor=cast.office)}) == 4


def test_an_overdue_list_stands_first_in_the_provinces_eyes(cast: Cast) -> None:
    opened(cast)
    late = Review.objects.get(agency="43.tax")
    late.opened, late.due = late.opened - timedelta(days=40), late.due - timedelta(days=40)
    late.save()
    first = api.list_reviews(actor=cast.office)[0]
    assert first.agency == "43.tax" and first.overdue
    assert next(one.agency for one in api.unfinished_reviews()) == "43.tax"


def test_uses_of_many_lines_are_asked_in_one_statement(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    found = opened(cast, "43.office")
    with django_assert_max_num_queries(6):  # the lines, whose stead, their uses; and the writing of them in a savepoint
        reviews.note_uses([found.number])


def test_a_machines_certificate_stands_in_the_list(cast: Cast) -> None:
    now = timezone.now()
    held = Held(
        7, "k", b"", "international", "sign", "agency", "agency:43.tax", "省税务局", "43.tax", now,
        now + timedelta(days=90), None,
    )  # fmt: skip
    found = opened(cast)
    lines = [Line(held, "aa", "own"), Line(replace(held, number=8, revoked=now), "ab", "own")]
    reviews.add_certificates(found.number, lines, day())
    (line,) = [one for one in api.read_review(actor=cast.tax_admin, number=found.number).lines if one.account is None]
    assert (line.kind, line.number, line.title) == ("certificate", 7, "签名证书（第 7 号）")
    decide(cast.tax_admin, found.number, line.id)
