"""Django's handle on this engine."""

from __future__ import annotations

from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "shuniu.trust"
    label = "trust"
    verbose_name = "信任"
