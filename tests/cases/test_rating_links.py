"""Rating by a link: good once, until its day, for one stage; it names nobody, and of its token a digest alone is kept."""

from __future__ import annotations

import hashlib
import re
import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from shuniu.cases.api import handling, rating_links, ratings
from shuniu.cases.declare.rating import Level, RatedStage
from shuniu.cases.models import Case, Rating, RatingLink
from shuniu.notices.models import Contact, Delivery, Notice
from shuniu.notices.sealing import seal
from shuniu.portal.credit.pages import PER_MINUTE
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cases.filing import NO, chief, clerk, examiner, filed, published
from tests.cases.rating import decided, minder, rectified
from tests.cast import Cast, SignedIn, cast, signed_in
from tests.refusals import refused

__all__ = ["cast", "chief", "clerk", "decided", "examiner", "minder", "published", "signed_in"]
pytestmark = pytest.mark.django_db
_LINK = re.compile(r"/rate/([\w-]{32})/")


@pytest.fixture(autouse=True)
def reached(settings: Settings, published: None, cast: Cast) -> None:
    """SMS is set up, and the citizen has a verified telephone."""
    cache.clear()
    settings.SMS_URL, settings.SMS_SECRET = "http://127.0.0.1:9", "a shared secret of the test"
    Contact.objects.create(
        person=cast.citizen.person, channel="sms", address=seal("13800001234"), verified_at=timezone.now()
    )


def tokens() -> list[str]:
    """The tokens that were sent, in order; they stand in what goes out alone."""
    texts = Delivery.objects.filter(notice__template=rating_links.ASKED).order_by("pk").values_list("text", flat=True)
    return [found[1] for text in texts if (found := _LINK.search(text))]


def test_each_stage_that_ends_brings_a_link_of_its_own(cast: Cast, decided: str) -> None:
    accepted, decision = tokens()
    assert rating_links.read_rating_link(token=accepted).stage is RatedStage.ACCEPT
    rating_links.rate_by_link(token=decision, level=Level.VERY_GOOD, text="很快")
    row = Rating.objects.get()
    assert (row.stage, row.level, row.by) == ("decide", 1, cast.citizen.person)


def test_a_declined_application_has_its_acceptance_rated(cast: Cast, clerk: Actor) -> None:
    handling.decline(actor=clerk, number=filed(cast.citizen).number, grounds=NO)
    (token,) = tokens()
    assert rating_links.read_rating_link(token=token).stage is RatedStage.ACCEPT


def test_a_bad_rating_by_a_link_is_put_right_and_that_is_rated_by_another_link(
    cast: Cast, decided: str, minder: Actor, chief: Actor
) -> None:
    rating_links.rate_by_link(token=tokens()[1], level=Level.BAD, text="跑了三趟")
    rectified(Rating.objects.latest("id").pk, chief, minder)
    found = rating_links.read_rating_link(token=tokens()[2])
    assert found.stage is RatedStage.DECIDE_RECTIFIED and "首问负责制" in found.measures


def test_a_link_is_good_once_and_says_so_afterwards(decided: str) -> None:
    token = tokens()[1]
    rating_links.rate_by_link(token=token, level=Level.GOOD)
    for again in (lambda: rating_links.read_rating_link(token=token),
                  lambda: rating_links.rate_by_link(token=token, level=Level.BAD)):  # fmt: skip
        with refused("rating.link_used"):
            again()
    assert Rating.objects.count() == 1


def test_a_rating_that_is_refused_does_not_use_the_link_up(decided: str) -> None:
    token = tokens()[1]
    with refused("rating.level"):
        rating_links.rate_by_link(token=token, level=9)
    rating_links.rate_by_link(token=token, level=Level.GOOD)


def test_a_link_ends_with_its_day_and_a_foreign_one_is_unknown(decided: str) -> None:
    token = tokens()[1]
    today = timezone.localdate()
    assert RatingLink.objects.latest("id").until == today + timedelta(days=30)
    RatingLink.objects.update(until=today - timedelta(days=1))
    with refused("rating.link_late"):
        rating_links.rate_by_link(token=token, level=Level.GOOD)
    for foreign in (token[:-1], token.swapcase(), "", decided):
        with refused("rating.link_unknown"):
            rating_links.read_rating_link(token=foreign)


def test_a_digest_alone_is_kept_and_neither_the_inbox_nor_the_journal_nor_the_address_tells_anything(
    cast: Cast, decided: str
) -> None:
    token = tokens()[1]
    row = RatingLink.objects.latest("id")
    assert row.digest == hashlib.sha256(token.encode()).hexdigest()
    assert not Notice.objects.filter(text__contains="/rate/").exists()
    rating_links.rate_by_link(token=token, level=Level.GOOD)
    entry = Entry.objects.filter(verb="cases.rate_by_link").get()
    assert entry.person == "anonymous" and token not in str(list(Entry.objects.values_list("detail", flat=True)))
    address = rating_links.address(token)
    assert decided not in address and cast.citizen.name not in address


def test_without_a_way_to_send_it_no_link_is_made(settings: Settings, cast: Cast, clerk: Actor) -> None:
    settings.SMS_URL = ""
    handling.accept(actor=clerk, number=filed(cast.citizen).number)
    assert not RatingLink.objects.exists()


def test_an_officer_who_filed_at_the_counter_is_never_sent_the_link(cast: Cast, clerk: Actor) -> None:
    number = filed(cast.citizen).number
    Case.objects.filter(number=number).update(account=clerk.person)
    Contact.objects.create(person=clerk.person, channel="sms", address=seal("13900001234"), verified_at=timezone.now())
    handling.accept(actor=clerk, number=number)
    assert not RatingLink.objects.exists() and not tokens()


def test_who_filed_shows_a_code_and_nobody_else(cast: Cast, clerk: Actor, decided: str) -> None:
    address = rating_links.show_rating_code(actor=cast.citizen, number=decided)
    found = rating_links.read_rating_link(token=address.rsplit("/", 2)[1])
    assert (found.stage, found.level) == (RatedStage.DECIDE, None)
    with refused("case.unknown"):
        rating_links.show_rating_code(actor=cast.firm, number=decided)
    with refused("right.missing"):
        rating_links.show_rating_code(actor=cast.market_officer, number=decided)


def test_a_code_of_a_receipt_waits_until_the_stage_has_ended(cast: Cast, clerk: Actor) -> None:
    number = filed(cast.citizen).number
    token = rating_links.show_rating_code(actor=cast.citizen, number=number).rsplit("/", 2)[1]
    with refused("rating.early"):
        rating_links.read_rating_link(token=token)
    handling.accept(actor=clerk, number=number)
    rating_links.rate_by_link(token=token, level=Level.GOOD)
    assert ratings.own_ratings(actor=cast.citizen, number=number)[0].level is Level.GOOD


def test_by_browser_without_a_session_a_stage_is_rated_once(decided: str) -> None:
    client, at = Client(), f"/rate/{tokens()[1]}/"
    page = client.get(at).content.decode()
    assert "评价：决定" in page and decided not in page and "田野" not in page and " checked" not in page
    assert client.post(at, {"text": "好"}).status_code == 422
    done = client.post(at, {"level": "2", "text": "好"})
    assert done.status_code == 200 and "评价已收到" in done.content.decode()
    again = client.get(at)
    assert again.status_code >= 400 and "已经用过" in again.content.decode()
    assert "不完整或者不存在" in client.get("/rate/nothing/").content.decode()
    assert "noindex" in client.get(at).headers.get("X-Robots-Tag", "noindex")


def test_one_address_cannot_try_tokens_faster_than_people_open_links() -> None:
    client = Client()
    answers = [client.get(f"/rate/guess{at}/").status_code for at in range(PER_MINUTE + 1)]
    assert answers[-1] == 429 and 429 not in answers[:-1]


def test_the_receipt_leads_to_a_code_drawn_here(cast: Cast, decided: str, signed_in: SignedIn) -> None:
    client = signed_in(cast.citizen)
    receipt = client.get(f"/hall/cases/{decided}/receipt/").content.decode()
    assert f"/hall/cases/{decided}/rate/code/" in receipt
    page = client.post(f"/hall/cases/{decided}/rate/code/").content.decode()
    found = _LINK.search(page)
    assert found and "<svg" in page
    assert Client().get(f"/rate/{found[1]}/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_count_once(decided: str) -> None:
    token, said = tokens()[1], list[str]()

    def rate() -> None:
        try:
            rating_links.rate_by_link(token=token, level=Level.GOOD)
            said.append("")
        except Refused as refusal:
            said.append(refusal.rule)
        finally:
            connection.close()

    threads = [threading.Thread(target=rate) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["", *["rating.link_used"] * 3] and Rating.objects.count() == 1
