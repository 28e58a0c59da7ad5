"""What is wrong with a value, said so that the person who sent it can mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal or warning: the rule's stable name, what is wrong, and how to mend it (both in Chinese).

    A problem never repeats the offending value: it may be a natural person's number.
    """

    rule: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.message}（规则 {self.rule}）。{self.remedy}"
