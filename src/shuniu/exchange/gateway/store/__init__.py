"""SQL of the gateway: calls and connections, and files under agreements."""

from __future__ import annotations
