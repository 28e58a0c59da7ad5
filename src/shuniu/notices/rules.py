"""Pure rules: which addresses are usable and how they are masked, when to try again, which hours are quiet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from shuniu.base.identifiers import clean
from shuniu.base.masking import mask_free_text, mask_phone
from shuniu.base.rules import RuleBook
from shuniu.notices.declare import CHANNELS, EMAIL, SMS, Channel
from shuniu.trust.declare import Refused

_MOBILE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")
_SAID = 300


@dataclass(frozen=True)
class Retry:
    """At most `count` attempts; the wait after the n-th is `first` × 2^(n−1)."""

    count: int
    first: timedelta

    def wait(self, attempt: int) -> timedelta:
        return self.first * (1 << (attempt - 1))


@dataclass(frozen=True)
class Quiet:
    """The hours, local time, in which nobody is disturbed: from `since` until before `until`, past midnight or not."""

    since: time
    until: time

    def holds(self, moment: datetime) -> bool:
        now = timezone.localtime(moment).time()
        if self.since <= self.until:
            return self.since <= now < self.until
        return now >= self.since or now < self.until

    def __str__(self) -> str:
        return f"{self.since:%H:%M}–{self.until:%H:%M}"


def retry() -> Retry:
    """How often and how late is tried again, by today's dated rules."""
    return Retry(dated("notices.retry.count"), timedelta(minutes=dated("notices.retry.minutes")))


def quiet() -> Quiet:
    """The quiet hours of today's dated rules."""
    book, today = RuleBook.load(settings.RULE_PACK), timezone.localdate()
    since, until = (book.resolve(f"notices.quiet.{end}", today).text() for end in ("from", "until"))
    return Quiet(time.fromisoformat(since), time.fromisoformat(until))


def receipt_look() -> timedelta:
    """How long after sending, and after each time without one, a receipt is asked for."""
    return timedelta(minutes=dated("notices.receipt.look_minutes"))


def keeps_quiet(channel: Channel, moment: datetime) -> bool:
    """Whether only what is urgent may go out on the channel at that moment."""
    return channel.quiet and quiet().holds(moment)


def dated(key: str) -> int:
    """The whole number that a dated rule gives today."""
    return RuleBook.load(settings.RULE_PACK).resolve(key, timezone.localdate()).integer()


def address(channel: str, text: str) -> str:
    """An address in the one form it is kept in. Raises Refused notices.address, or notices.channel for an unknown one."""
    if channel == SMS.key:
        found = _MOBILE.fullmatch(re.sub("[-()]", "", clean(text)))
        if found is None:
            raise Refused("notices.address", "这不是大陆手机号码。", "请填写 11 位手机号码，如 13800000000。")
        return found[1]
    if channel == EMAIL.key:
        value = text.strip()
        try:
            validate_email(value)
        except ValidationError:
            value = ""
        if not value or not value.isascii():
            raise Refused("notices.address", "这不是电子邮箱地址。", "请填写完整的地址，如 name@example.gov.cn。")
        return value
    raise Refused("notices.channel", f"“{channel}”不能登记联系方式。", "可以登记电子邮箱（email）和手机号码（sms）。")


def masked(channel: str, value: str) -> str:
    """138****1234 for a mobile number; the first character and the host of an e-mail address."""
    if channel == SMS.key:
        return mask_phone(value)
    name, _at, host = value.rpartition("@")
    return f"{name[:1]}***@{host}"


def cleaned(said: str, value: str) -> str:
    """What the other side said, fit to be kept and journalled: one line, without the address or anybody's numbers."""
    line = " ".join(said.split())[: _SAID * 4]
    return mask_free_text(line.replace(value, "［收件地址］") if value else line)[:_SAID]


def channel(key: str) -> Channel:
    """A channel by its key. Raises Refused notices.channel."""
    if key not in CHANNELS:
        raise Refused("notices.channel", f"没有“{key}”这种渠道。", f"可用的渠道：{'、'.join(CHANNELS)}。")
    return CHANNELS[key]
