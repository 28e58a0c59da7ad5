"""Who holds a certificate that ends soon is told so 30, 7 and 1 days before, once each, until there is a new one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from shuniu.directory.certificate_tasks import keep_nodes
from shuniu.notices import api as notices
from shuniu.notices.models import Notice
from shuniu.notices.tasks import warn_certificates
from shuniu.trust.certificates import api as certificates
from shuniu.trust.certificates import models
from shuniu.trust.certificates.client import certificate_request
from shuniu.trust.certificates.declare import EVERY, Subject, Wanted
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.cast import Cast
from tests.notices.conftest import WORKER
from tests.trust.certificates import machine

pytestmark = pytest.mark.django_db
NOON = timezone.now().replace(hour=4, minute=0)


def ends(number: int, days: int) -> None:
    models.Certificate.objects.filter(pk=number).update(not_after=NOON + timedelta(days=days))


def told(days: int) -> list[tuple[str, str]]:
    """To whom it was said on that day, and by which words."""
    before = set(Notice.objects.values_list("pk", flat=True))
    at: datetime = NOON + timedelta(days=days)
    count = notices.warn_certificates(actor=WORKER, at=at)
    fresh = Notice.objects.exclude(pk__in=before)
    assert len(fresh) == count == Entry.objects.filter(verb="notices.warn_certificates").latest("id").detail["told"]
    return sorted((one.person or one.agency or one.capability, one.template.rpartition("_")[2]) for one in fresh)


def test_an_agency_is_told_at_each_step_once_and_the_province_at_the_last(cast: Cast) -> None:
    one = machine.join(cast.office, "43.tax")
    ends(one.held.number, 40)
    assert told(0) == []
    assert told(10) == [("43.tax", "machine")], "30 days before"
    assert told(11) == told(32) == [], "once for this step"
    assert told(33) == [("43.tax", "machine")], "7 days before"
    assert told(39) == [("43.tax", "machine"), (EVERY, "province")], "the last day"
    assert told(40) == []
    text = Notice.objects.filter(agency="43.tax").order_by("-id")[0].text
    assert f"第 {one.held.number} 号" in text and "还有 1 天" in text and "shuniu trust renew" in text


def test_steps_that_were_missed_are_made_up_for_by_the_one_that_is_reached(cast: Cast) -> None:
    one = machine.join(cast.office, "43.tax")
    ends(one.held.number, 5)
    assert told(0) == [("43.tax", "machine")] and told(1) == []


def test_who_has_renewed_or_was_revoked_is_left_alone(cast: Cast) -> None:
    old, gone = machine.join(cast.office, "43.tax"), machine.join(cast.office)
    for one in (old, gone):
        ends(one.held.number, 20)
    machine.renew(old)
    certificates.revoke_certificate(actor=cast.office, number=gone.held.number, reason="superseded")
    assert told(0) == told(19) == []


def test_people_are_told_themselves_and_an_officers_agency_too(cast: Cast) -> None:
    asked = [
        Wanted(Subject("officer", "officer:7", "王敏", "43.market"), certificate_request(machine.fresh()[1])),
        Wanted(Subject("citizen", "citizen:7", "田野"), certificate_request(machine.fresh()[1])),
    ]
    for held in certificates.issue(actor=cast.office, wanted=asked):
        ends(held.number, 3)
    assert told(0) == [("43.market", "person"), ("citizen:7", "person"), ("officer:7", "person")]
    assert all("登录和签名" in one.text for one in Notice.objects.all())


def test_the_platforms_own_certificate_renews_by_itself_and_is_told_of_only_when_it_did_not(cast: Cast) -> None:
    keep_nodes(0)
    first = certificates.node("international")
    models.Certificate.objects.filter(kind="node").update(not_after=NOON + timedelta(days=20))
    assert told(0) == [(EVERY, "province"), (EVERY, "province")], "the worker did not run: one of each suite"
    keep_nodes(0)
    second = certificates.node("international")
    assert second.key_id != first.key_id and told(14) == []
    held = certificates.certificate_of(first.key_id)
    assert held is not None and certificates.check_held(held, at=timezone.now()).key_id == first.key_id, "both hold"


def test_the_job_of_the_day_tells_them(cast: Cast) -> None:
    ends(machine.join(cast.office, "43.tax").held.number, 20)
    warn_certificates(0)
    (one,) = Notice.objects.filter(template="notices.certificate_machine")
    assert (one.agency, one.title) == ("43.tax", "证书即将到期") and one.object.startswith("certificate:")
    text = one.text_en
    assert "expires on" in text and "Run shuniu trust renew" in text


def test_nobody_else_sends_warnings(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        notices.warn_certificates(actor=cast.office)
    assert refusal.value.rule == "right.missing"
