"""kill -9 of a worker after the server has taken the message and before we noted it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as house
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

import shuniu
from shuniu.notices import api as notices
from shuniu.notices.models import Delivery
from tests.notices.conftest import WORKER, delivery, have_contacts, tell
from tests.notices.post_office import Gateway, Mailbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(300)]
WORK = """
import sys, django
from django.conf import settings
django.setup()
settings.MAIL_URL, settings.MAIL_FROM, settings.SMS_URL, settings.SMS_SECRET = sys.argv[2:]
from shuniu.directory import api as directory
from shuniu.notices import api as notices
from shuniu.notices.api import sending
def die(**_):
    print("sent", flush=True)
    import os, signal
    os.kill(os.getpid(), signal.SIGKILL)
sending.note = die
notices.send_due(actor=directory.system("worker"), channel=sys.argv[1])
"""


def killed(channel: str, settings: Settings) -> None:
    """A process that sends what is due on the channel and is killed once the other side has taken it."""
    url = urlsplit(os.environ["SHUNIU_DATABASE_URL"])._replace(path="/" + connection.settings_dict["NAME"]).geturl()
    source = str(Path(shuniu.__file__).parents[1])
    env = {**os.environ, "SHUNIU_DATABASE_URL": url, "SHUNIU_VAR": str(house.VAR), "PYTHONPATH": source}
    ways = [str(getattr(settings, name, "")) for name in ("MAIL_URL", "MAIL_FROM", "SMS_URL", "SMS_SECRET")]
    done = subprocess.run(
        [sys.executable, "-c", WORK, channel, *ways], env=env, capture_output=True, timeout=200, text=True
    )
    assert (done.returncode, done.stdout) == (-9, "sent\n"), done.stderr


def again() -> None:
    """The wait for the next attempt, passed."""
    Delivery.objects.exclude(due_at=None).update(due_at=timezone.now() - timedelta(seconds=1))


def test_a_mail_is_sent_again_under_the_same_message_id(mailbox: Mailbox, settings: Settings) -> None:
    have_contacts("email")
    tell()
    killed("email", settings)
    row = delivery("email")
    assert (row.state, row.attempts, len(mailbox.messages)) == ("queued", 1, 1)
    assert notices.send_due(actor=WORKER, channel="email") == 0, "not at once: the other may still be at it"
    again()
    assert notices.send_due(actor=WORKER, channel="email") == 1
    assert len(mailbox.ids()) == 2 and len(set(mailbox.ids())) == 1


def test_an_sms_is_recognised_by_the_gateway_and_reaches_its_reader_once(gateway: Gateway, settings: Settings) -> None:
    have_contacts("sms")
    tell("test.urgent")
    killed("sms", settings)
    again()
    assert notices.send_due(actor=WORKER, channel="sms") == 1
    assert gateway.posted == 2 and len(gateway.sent) == 1 and delivery("sms").state == "sent"


def test_a_message_that_kills_its_worker_every_time_ends(mailbox: Mailbox, settings: Settings) -> None:
    have_contacts("email")
    tell()
    Delivery.objects.filter(channel="email").update(attempts=5)
    killed("email", settings)
    again()
    assert notices.send_due(actor=WORKER, channel="email") == 0
    assert (delivery("email").state, delivery("email").said) == ("given_up", "最后一次发送没有结果")
