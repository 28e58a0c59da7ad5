"""Reviews of rights that wait: who may decide them is told once at each step, and the province of the late ones."""

from __future__ import annotations

import pytest
from django.utils import timezone

from shuniu.directory import api as directory
from shuniu.directory.models import Review
from shuniu.notices import api
from shuniu.notices.models import Notice
from tests.cast import Cast, cast, number
from tests.directory.posts.people import day

__all__ = ["cast"]
pytestmark = pytest.mark.django_db


def told(recipient: str = "") -> list[str]:
    rows = Notice.objects.filter(template__startswith="notices.review_").order_by("id")
    return [
        one.template.removeprefix("notices.review_") for one in (rows.filter(person=recipient) if recipient else rows)
    ]


def test_who_may_decide_is_told_at_each_step_once_and_the_province_of_what_is_late(cast: Cast) -> None:
    directory.appoint(actor=cast.security, account=number(cast.stranger), role="agency_head", regions=["43"])
    worker = directory.system("worker")
    directory.open_reviews(actor=worker)
    Review.objects.exclude(agency="43.tax").update(finished=timezone.now())
    assert api.remind_reviews(actor=worker) == 2
    assert api.remind_reviews(actor=worker) == 0
    assert api.remind_reviews(actor=worker, on=day(23)) == 2
    assert api.remind_reviews(actor=worker, on=day(31)) == 3
    assert told(cast.tax_admin.person) == told(cast.stranger.person) == ["opened", "near", "late"]
    (province,) = Notice.objects.filter(capability="office.oversee")
    assert "省税务局" in province.text and "逾期" in province.text
    Review.objects.update(finished=province.at)
    assert api.remind_reviews(actor=worker, on=day(40)) == 0
