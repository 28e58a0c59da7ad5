"""Django's handle on this engine."""

from __future__ import annotations

from django.apps import AppConfig


class RegistriesConfig(AppConfig):
    name = "shuniu.registries"
    label = "registries"
    verbose_name = "登记库"
