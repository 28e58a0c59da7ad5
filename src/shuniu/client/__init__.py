"""The client library for departments' machines: ask through the gateway, check the answer, keep what proves it.

It needs neither Django nor a database; nothing of the platform imports it.
"""

from __future__ import annotations

from shuniu.client.asking import Client, RefusedError
from shuniu.client.keeping import WHOSE, Answer, ForgedError, proven

__all__ = ["WHOSE", "Answer", "Client", "ForgedError", "RefusedError", "proven"]
