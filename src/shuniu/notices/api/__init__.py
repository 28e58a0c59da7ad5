"""The front door of notices: telling, the inbox, deliveries and their evidence, contacts, and the sending of what is due."""

from __future__ import annotations

from shuniu.notices.api.certificates import warn_certificates
from shuniu.notices.api.contacts import confirm_contact, contacts, remove_contact, set_contact
from shuniu.notices.api.delegations import tell_ended_delegations
from shuniu.notices.api.deliveries import deliveries, evidence, give_up, retry, ways
from shuniu.notices.api.inbox import count_unread, mark_read, read_inbox
from shuniu.notices.api.receipts import look_for_receipts, take_receipt
from shuniu.notices.api.reviews import remind_reviews
from shuniu.notices.api.sending import send_due
from shuniu.notices.api.telling import register, tell, tell_many

__all__ = [
    "confirm_contact",
    "contacts",
    "count_unread",
    "deliveries",
    "evidence",
    "give_up",
    "look_for_receipts",
    "mark_read",
    "read_inbox",
    "register",
    "remind_reviews",
    "remove_contact",
    "retry",
    "send_due",
    "set_contact",
    "take_receipt",
    "tell",
    "tell_ended_delegations",
    "tell_many",
    "warn_certificates",
    "ways",
]
