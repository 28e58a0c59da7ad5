"""The platform's settings with one address more: the bare view that the gateway is measured against."""

from __future__ import annotations

from shuniu.project.settings import *  # noqa: F403 - all of them, but for what follows

ROOT_URLCONF = "bench.gateway_urls"
