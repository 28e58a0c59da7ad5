"""Django's handle on this engine."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "shuniu.portal"
    label = "portal"
    verbose_name = "门户"
