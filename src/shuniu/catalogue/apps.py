"""Django's handle on this engine."""

from __future__ import annotations

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "shuniu.catalogue"
    label = "catalogue"
    verbose_name = "资源目录"
