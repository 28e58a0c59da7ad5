"""Django's handle on this engine."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "shuniu.notices"
    label = "notices"
    verbose_name = "通知"
