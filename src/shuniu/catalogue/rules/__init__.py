"""The catalogue's rules, pure: what a next version may change, what a declaration needs, what must not be collected."""

from __future__ import annotations

from shuniu.catalogue.rules.compatibility import incompatible
from shuniu.catalogue.rules.conformance import faults, is_marked, is_personal, refusal, sensitivity, share_of
from shuniu.catalogue.rules.duplicates import Collected, collected_twice
from shuniu.catalogue.rules.forbidden import ban_of

__all__ = [
    "Collected",
    "ban_of",
    "collected_twice",
    "faults",
    "incompatible",
    "is_marked",
    "is_personal",
    "refusal",
    "sensitivity",
    "share_of",
]
