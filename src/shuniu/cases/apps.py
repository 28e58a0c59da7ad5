from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "shuniu.cases"
    label = "cases"
    verbose_name = "办件"

    def ready(self) -> None:
        """Whichever of its doors a process enters first, have what others ask of cases registered.

        The procedures of cases, whom a case is about, and who took whose place.
        """
        import_module("shuniu.cases.procedure")
        import_module("shuniu.cases.matters")
        import_module("shuniu.cases.store.successions")
