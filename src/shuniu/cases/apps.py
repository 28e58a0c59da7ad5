from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "shuniu.cases"
    label = "cases"
    verbose_name = "办件"

    def ready(self) -> None:
        """Have the procedures of cases registered, and whom a case is about, whichever of its doors a process enters first."""
        import_module("shuniu.cases.procedure")
        import_module("shuniu.cases.matters")
