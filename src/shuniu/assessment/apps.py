"""Django's handle on this engine."""

from __future__ import annotations

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "shuniu.assessment"
    label = "assessment"
    verbose_name = "电子监察"
