"""A fictional province's departments, people and firms, acting only through the public doors."""

from __future__ import annotations

from shuniu.demo.living import fill
from shuniu.demo.loading import Scale, accounts, load
from shuniu.demo.windows import open_windows

__all__ = ["Scale", "accounts", "fill", "load", "open_windows"]
