"""Django's handle on this engine."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "shuniu.notices"
    label = "notices"
    verbose_name = "通知"

    def ready(self) -> None:
        """Have it made known to the directory who sends its codes and news, whichever door a process enters first."""
        import_module("shuniu.notices.api.signing_in")
