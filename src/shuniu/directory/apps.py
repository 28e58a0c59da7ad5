"""Django's handle on this engine."""

from __future__ import annotations

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "shuniu.directory"
    label = "directory"
    verbose_name = "目录"
