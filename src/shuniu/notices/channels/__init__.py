"""The ways out of the house: what is set up, and the one shape that sending by them has.

Both are at least once: a process that dies between the other side's yes and our noting it sends again. The repeat bears
the same Message-ID or client reference, by which a receiver that keeps them recognises it; one that does not shows it twice.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from shuniu.notices.channels import mail, sms
from shuniu.notices.channels.outcome import Sender, setting
from shuniu.notices.declare import EMAIL, INBOX, SMS


def ready(channel: str) -> bool:
    """Whether this instance can use the channel: the inbox always, the others once the environment says how."""
    if channel == EMAIL.key:
        return bool(setting("MAIL_URL") and setting("MAIL_FROM"))
    if channel == SMS.key:
        return bool(setting("SMS_URL") and setting("SMS_SECRET"))
    return channel == INBOX.key


def opened(channel: str) -> AbstractContextManager[Sender]:
    """A way opened for one run of sending; trouble with it is an `Outcome` of the delivery that meets it."""
    return mail.opened() if channel == EMAIL.key else sms.opened()
