"""Django's handle on this engine."""

from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "shuniu.exchange"
    label = "exchange"
    verbose_name = "交换"
