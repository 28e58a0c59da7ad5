"""Django's handle on this engine."""

from __future__ import annotations

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "shuniu.procedures"
    label = "procedures"
    verbose_name = "程序"
