"""好差评 by a link: who has no session rates a stage with a token that is good once, until a day.

The token stands in the message that carries it and on the receipt alone; of it a digest is kept. It names nobody.
"""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import RuleBook
from shuniu.cases.api import ratings
from shuniu.cases.api.items import version
from shuniu.cases.api.whose import is_own, told
from shuniu.cases.declare.rating import OwnRating, RatedStage
from shuniu.cases.models import Case, RatingLink
from shuniu.cases.store import cases as case_store
from shuniu.cases.store.cases import subjects
from shuniu.directory import api as directory
from shuniu.notices import api as notices
from shuniu.notices.declare import EMAIL, INBOX, SMS, Recipient, Template, Words
from shuniu.procedures.calendars import api as calendars
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

PATH = "/rate/{token}/"
"""Where the hall takes a token."""
_BYTES = 24
ASKED = notices.register(
    Template(
        "cases.rating_link",
        Words("请您评价", "Please rate"),
        Words(
            "您的“{item}”{stage}环节已办结，请评价：{link}（{until} 前有效，只能用一次）",
            "The step {stage} of \u201c{item}\u201d is done. Rate it (once, until {until}): {link}",
        ),
        ("item", "stage", "link", "until"),
        (EMAIL.key, SMS.key),
        fleeting=True,  # so that the token does not stay in an inbox
    )
).key


def ask(case: Case, stage: RatedStage, title: str) -> None:
    """Send whom a case is for a link to rate a stage that has ended, inside the open verb; by e-mail and SMS alone.

    An officer who filed at the counter is not asked: the telephone in the application is.
    """
    if not any(way.ready for way in notices.ways() if way.channel.key != INBOX.key):
        return
    to = Recipient(person=told(case)[0])
    if case.account.startswith("officer:"):
        phones = phones_of(case)
        if not phones:
            return
        to = Recipient(person=f"applicant:{case.number}", addresses={SMS.key: phones[0]})
    link, token = _made(case, stage)
    values = {"item": title, "stage": stage.title, "link": address(token), "until": link.until.isoformat()}
    notices.tell(template=ASKED, to=to, object=f"case:{case.number}", values=values)


def phones_of(case: Case) -> tuple[str, ...]:
    """The telephones that were given in the application."""
    asked = [one for page in version(case.item, case.version).item.form.pages for one in page.questions]
    found = (case.answers.get(one.name, "") for one in asked if "phone" in one.element)
    return tuple(str(one) for one in found if one)


def address(token: str) -> str:
    """The address that a token is used at."""
    return str(settings.PUBLIC_URL).rstrip("/") + PATH.format(token=token)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _made(case: Case, stage: RatedStage) -> tuple[RatingLink, str]:
    token, now = secrets.token_urlsafe(_BYTES), timezone.now()
    today = timezone.localdate(now)
    term = RuleBook.load(settings.RULE_PACK).resolve("rating.link.days", today).term()
    until = calendars.due(today, term, case.region).date
    link = RatingLink.objects.create(case=case, stage=stage, digest=_digest(token), made_at=now, until=until)
    return link, token


@verb("cases.show_rating_code", "出示评价码")
def show_rating_code(*, actor: Actor, number: str) -> str:
    """A fresh address by which whom a case is for rates its newest stage, to be shown as a code on the receipt.

    For who filed the case: the applicant, or the officer at the counter. Before a stage has ended it is for 受理.
    Raises Refused case.unknown.
    """
    require()
    case = case_store.locked(number)
    if not is_own(actor, case, "file"):
        raise case_store.unknown(number)
    stage = (RatedStage.ACCEPT, *ratings.rateable(case))[-1]
    link, token = _made(case, stage)
    record(f"case:{number}", subjects=subjects(case), detail={"link": link.pk, "stage": stage})
    return address(token)


def read_rating_link(*, token: str) -> OwnRating:
    """What a token rates, without anything of whom. Raises Refused rating.link_unknown, link_used, link_late, early."""
    return _read(actor=directory.anonymous(), token=token)


@verb("cases.read_rating_link", "打开评价链接", reads=True)
def _read(*, actor: Actor, token: str) -> OwnRating:
    """One transaction of `read_rating_link`."""
    require()
    link = _valid(token)
    found = ratings.to_rate(link.case, RatedStage(link.stage))
    record(f"rating_link:{link.pk}")
    return found


def rate_by_link(*, token: str, level: int, parts: dict[str, int] | None = None, text: str = "") -> None:
    """Rate with a token, which is used up. Raises Refused as `read_rating_link`, and as `ratings.rate` does."""
    _rate(actor=directory.anonymous(), token=token, level=level, parts=parts, text=text)


@verb("cases.rate_by_link", "凭链接评价")
def _rate(*, actor: Actor, token: str, level: int, parts: dict[str, int] | None, text: str) -> None:
    """One transaction of `rate_by_link`; whoever holds the token rates as whom the case is for."""
    require()
    case = case_store.locked(_valid(token).case.number)
    link = _valid(token, lock=True)  # a second click has waited for the first one here
    by = f"link:{link.pk}" if case.account.startswith("officer:") else told(case)[0]
    last = ratings.given(case, RatedStage(link.stage), level, parts or {}, text, by)
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    record(f"case:{case.number}", subjects=subjects(case), detail={"stage": link.stage, "version": last.version})


def _valid(token: str, *, lock: bool = False) -> RatingLink:
    rows = RatingLink.objects.select_for_update() if lock else RatingLink.objects.select_related("case")
    link = rows.filter(digest=_digest(token)).first()
    if link is None:
        raise Refused("rating.link_unknown", "这个评价链接不完整或者不存在。", "请完整打开短信、邮件或回执上的链接。")
    if link.used_at is not None:
        raise Refused("rating.link_used", "这个链接已经用过，评价已收到。", "要更正评价，请登录后从“我的办件”进入。")
    if timezone.localdate() > link.until:
        raise Refused(
            "rating.link_late", f"这个链接的有效期到 {link.until}，已经过期。", "请登录后从“我的办件”进入评价。"
        )
    return link
