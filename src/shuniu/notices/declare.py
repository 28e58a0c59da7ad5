"""Nouns of notices: templates, channels, recipients, and how far a delivery has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from string import Formatter
from typing import Literal

from shuniu.base.titled import Titled

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Channel:
    """A way to somebody. `outcome` says in its own words what the state *delivered* proves, and what it does not.

    `receipts`: the other side says later whether it arrived; `quiet`: not used in the quiet hours unless urgent;
    `takes_long`: says a template's text rather than its `short` one.
    """

    key: str
    title: str
    outcome: str
    receipts: bool = False
    quiet: bool = False
    takes_long: bool = True


INBOX = Channel("inbox", "站内通知", "已放入收件箱")
EMAIL = Channel("email", "电子邮件", "已交邮件服务器（不表示对方已读）")
SMS = Channel("sms", "短信", "运营商回执：已送达手机", receipts=True, quiet=True, takes_long=False)
CHANNELS: Mapping[str, Channel] = {channel.key: channel for channel in (INBOX, EMAIL, SMS)}


class State(Titled):
    """How far one delivery has come. `delivered` and `given_up` are ends; every delivery reaches one of them."""

    QUEUED = "queued", "待发送"
    SENT = "sent", "已发出，等待回执"
    DELIVERED = "delivered", "已送达"
    FAILED = "failed", "未确认送出，将重试"
    GIVEN_UP = "given_up", "未能送达，已停止"

    @property
    def ended(self) -> bool:
        return self in (State.DELIVERED, State.GIVEN_UP)


@dataclass(frozen=True)
class Words:
    """The same said in Chinese and in English, with `{named}` places."""

    zh: str
    en: str

    def fields(self) -> frozenset[str]:
        """The names of its places. Raises ValueError for a place that is not a plain name."""
        found = set()
        for text in (self.zh, self.en):
            for _, name, form, conversion in Formatter().parse(text):
                if name is None:
                    continue
                if not name.isidentifier() or form or conversion:
                    raise ValueError(f"通知文字中的“{{{name}}}”应当只写字段名")
                found.add(name)
        return frozenset(found)

    def said(self, language: Language, values: Mapping[str, str]) -> str:
        return (self.en if language == "en" else self.zh).format_map(values)


@dataclass(frozen=True)
class Template:
    """What is told: a title without places, a text with named ones, by which channels. Checked when it is declared.

    `short` is said by SMS instead of the text. `urgent` kinds ignore the quiet hours and go first. `fleeting` ones (a
    one-time code) never enter an inbox, and their text is destroyed with the end of their delivery. Raises ValueError
    where texts name places that are not declared, one language is missing, or the channels make no sense.
    """

    key: str
    title: Words
    text: Words
    fields: tuple[str, ...] = ()
    channels: tuple[str, ...] = (INBOX.key,)
    short: Words | None = None
    urgent: bool = False
    fleeting: bool = False

    def __post_init__(self) -> None:
        spoken = (self.title, self.text, *([self.short] if self.short else []))
        named = frozenset().union(*(words.fields() for words in spoken))
        if any(not words.zh.strip() or not words.en.strip() for words in spoken):
            raise ValueError(f"通知模板“{self.key}”须有中文和英文")
        if self.title.fields():
            raise ValueError(f"通知模板“{self.key}”的标题不能有字段：标题会进入邮件头和列表")
        if named != frozenset(self.fields):
            wrong = "、".join(sorted(named ^ frozenset(self.fields)))
            raise ValueError(f"通知模板“{self.key}”的字段与文字不一致：{wrong}")
        if not self.channels or set(self.channels) - set(CHANNELS):
            raise ValueError(f"通知模板“{self.key}”的渠道应为：{'、'.join(CHANNELS)}")
        if self.fleeting == (INBOX.key in self.channels):
            raise ValueError(f"通知模板“{self.key}”：一次性内容不进收件箱，其他通知一律进收件箱")

    def check(self, values: Mapping[str, str]) -> None:
        """Raise ValueError unless exactly the declared places are filled."""
        if set(values) != set(self.fields):
            wrong = "、".join(sorted(set(values) ^ set(self.fields)))
            raise ValueError(f"通知“{self.key}”的字段不符：{wrong}")


@dataclass(frozen=True)
class Recipient:
    """Who is told: one person (`citizen:7`), an agency's officers, or whoever holds a capability, wherever he sits.

    `addresses` names an address for a channel where it is not the recipient's verified one (a mobile number written in
    an application). Raises ValueError unless exactly one of the three is given.
    """

    person: str = ""
    agency: str = ""
    capability: str = ""
    language: Language = "zh"
    addresses: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if [bool(self.person), bool(self.agency), bool(self.capability)].count(True) != 1:
            raise ValueError("通知须发给一人、一个单位或一种职责，三者择一")


@dataclass(frozen=True)
class Letter:
    """One notice of many: to whom, about what (`submission:12`), the values of its places.

    What carries `once` is told but once under that word, however often it is tried.
    """

    to: Recipient
    object: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    once: str = ""


@dataclass(frozen=True)
class NoticeView:
    """A notice as its reader sees it, in the reader's language."""

    number: int
    template: str
    object: str
    title: str
    text: str
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class DeliveryView:
    """One delivery in a list: the address masked, no text. `said` is the last that the other side answered."""

    number: int
    notice: int
    title: str
    object: str
    recipient: str
    channel: str
    address: str
    state: State
    attempts: int
    said: str
    at: datetime
    due_at: datetime | None
    owner: str

    @property
    def state_title(self) -> str:
        """The state in words; *delivered* says what it proves on this channel."""
        return CHANNELS[self.channel].outcome if self.state is State.DELIVERED else self.state.title


@dataclass(frozen=True)
class OccurrenceView:
    """One thing that happened to a delivery, with what the other side said."""

    at: datetime
    what: str
    said: str
    by: str


@dataclass(frozen=True)
class Proof:
    """One delivery with the very words that went out, where they are not the inbox's, and all that came of it."""

    delivery: DeliveryView
    words: str
    happened: tuple[OccurrenceView, ...]


@dataclass(frozen=True)
class Evidence:
    """Of one notice: what was told to whom and when, by which channels, and everything that came back (送达凭据)."""

    number: int
    title: str
    text: str
    object: str
    recipient: str
    at: datetime
    read_at: datetime | None
    read_by: str
    deliveries: tuple[Proof, ...]


@dataclass(frozen=True)
class ContactView:
    """A way to reach a person or an agency, masked. `waiting`: a code was sent to a new address and is not yet entered."""

    channel: str
    address: str
    verified_at: datetime | None
    waiting: str


@dataclass(frozen=True)
class Way:
    """A channel as this instance has it: whether it is set up, and the hours in which it keeps quiet."""

    channel: Channel
    ready: bool
    quiet_hours: str
