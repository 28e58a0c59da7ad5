"""People with addresses, a mail server and an SMS gateway for one test, and a clock that can be moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django import Settings

from shuniu.directory import api as directory
from shuniu.notices import api as notices
from shuniu.notices.declare import Letter, Recipient, Template, Words
from shuniu.notices.models import Contact, Delivery
from shuniu.notices.sealing import seal
from shuniu.trust.api import VERBS, record, require, verb
from shuniu.trust.declare import Actor
from tests.cast import cast
from tests.notices.post_office import Gateway, Mailbox, mail_server, sms_gateway

__all__ = ["cast"]
ADDRESS, MOBILE = "zhang.san@example.test", "13800001234"
PERSON = "citizen:7"
WORKER = directory.system("worker")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NIGHT = datetime(2026, 11, 20, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
ACTOR = Actor("officer:1", "王敏", "43.market", "省市场监管局", ("43",), frozenset({"test.tell"}))

TOLD = notices.register(
    Template(
        key="test.decided",
        title=Words("办理结果", "Decision"),
        text=Words("您申请的“{item}”已办结。", "Your application “{item}” has been decided."),
        short=Words("“{item}”已办结，详见枢纽。", "“{item}” is decided."),
        fields=("item",),
        channels=("inbox", "email", "sms"),
    )
)
URGENT = notices.register(
    Template(
        key="test.urgent",
        title=Words("紧急通知", "Urgent"),
        text=Words("今夜停电。", "No power tonight."),
        channels=("inbox", "sms"),
        urgent=True,
    )
)


@verb("test.tell", "测试：告知")
def tell_in_an_act(
    *, actor: Actor, letters: Sequence[Letter], template: str, owner: str, fail: bool
) -> tuple[int, ...]:
    """An engine's verb that tells somebody and may yet fail."""
    require()
    numbers = notices.tell_many(template=template, letters=letters, owner=owner)
    if fail:
        raise RuntimeError("the act failed")
    if not numbers:
        record("nothing")
    return numbers


del VERBS["test.tell"]  # it is these tests', not the platform's


def tell(
    template: str = "test.decided",
    to: Recipient | None = None,
    *,
    values: dict[str, str] | None = None,
    once: str = "",
    owner: str = "43.market",
    fail: bool = False,
) -> int:
    """Tell one; 0 when nothing was told."""
    values = values or ({"item": "餐饮许可"} if template == "test.decided" else {})
    letter = Letter(to or Recipient(person=PERSON), "case:12", values, once)
    told = tell_in_an_act(actor=ACTOR, letters=[letter], template=template, owner=owner, fail=fail)
    return told[0] if told else 0


def tell_many(letters: Sequence[Letter]) -> tuple[int, ...]:
    return tell_in_an_act(actor=ACTOR, letters=letters, template="test.decided", owner="43.market", fail=False)


def delivery(channel: str) -> Delivery:
    return Delivery.objects.filter(channel=channel).latest("id")


def have_contacts(*channels: str) -> None:
    for channel, address in (("email", ADDRESS), ("sms", MOBILE)):
        if channel in channels:
            Contact.objects.create(person=PERSON, channel=channel, address=seal(address), verified_at=timezone.now())


Clock = Callable[[datetime], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Set what time it is; it stands still from then on."""

    def stand(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return stand


@pytest.fixture
def mailbox(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server that the instance is set up for."""
    monkeypatch.setattr("shuniu.notices.channels.mail.PATIENCE", 0.5)
    with mail_server() as box:
        settings.MAIL_URL = f"smtp://127.0.0.1:{box.port}"
        settings.MAIL_FROM = "枢纽 <no-reply@hub.test>"
        yield box


@pytest.fixture
def gateway(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """An SMS gateway that the instance is set up for."""
    monkeypatch.setattr("shuniu.notices.channels.sms.PATIENCE", 0.5)
    with sms_gateway() as running:
        settings.SMS_URL = f"http://127.0.0.1:{running.port}"
        settings.SMS_SECRET = "a shared secret of the test"
        yield running
