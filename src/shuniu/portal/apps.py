"""Django's handle on this engine."""

from __future__ import annotations

import importlib

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "shuniu.portal"
    label = "portal"
    verbose_name = "门户"

    def ready(self) -> None:
        """Have every process know what systems register, and the credit system's verbs, whichever page or job comes first."""
        importlib.import_module("shuniu.systems.credit.before")
        importlib.import_module("shuniu.systems.disclosure.declare")
        importlib.import_module("shuniu.systems.licences.declare")
        importlib.import_module("shuniu.systems.service_hall.procedures")
        importlib.import_module("shuniu.systems.supervision.declare")
