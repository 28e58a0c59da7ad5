"""The front door of grants."""

from __future__ import annotations

from shuniu.exchange.grants.api.asking import (
    faults,
    request_share,
    setting,
    waiting_request,
    withdraw_share_request,
)
from shuniu.exchange.grants.api.deciding import Narrower, decide_share
from shuniu.exchange.grants.api.keeping import expire_shares, give_up_share, resume_share, revoke_share, suspend_share
from shuniu.exchange.grants.api.reading import (
    Foreseen,
    Waiting,
    agreement,
    agreements,
    foresee,
    share_request,
    share_requests,
)
from shuniu.exchange.grants.shelf import Offer, Offered, offers
from shuniu.exchange.grants.store import count_use, look_up

__all__ = [
    "Foreseen",
    "Narrower",
    "Offer",
    "Offered",
    "Waiting",
    "agreement",
    "agreements",
    "count_use",
    "decide_share",
    "expire_shares",
    "faults",
    "foresee",
    "give_up_share",
    "look_up",
    "offers",
    "request_share",
    "resume_share",
    "revoke_share",
    "setting",
    "share_request",
    "share_requests",
    "suspend_share",
    "waiting_request",
    "withdraw_share_request",
]
