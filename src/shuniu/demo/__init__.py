"""A fictional province's departments, people and firms, acting only through the public doors."""

from __future__ import annotations

from shuniu.demo.loading import Scale, accounts, load
from shuniu.demo.windows import open_windows

__all__ = ["Scale", "accounts", "load", "open_windows"]
