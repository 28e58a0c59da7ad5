"""A fictional province's departments, people and firms, acting only through the public doors."""

from __future__ import annotations

from shuniu.demo.loading import Scale, accounts, load

__all__ = ["Scale", "accounts", "load"]
