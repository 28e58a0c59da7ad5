"""Addresses: each engine's own, the portal's pages, the HTTP API, and the health check."""

from __future__ import annotations

from django.urls import include, path

from shuniu.project.health import health
from shuniu.project.http import api

urlpatterns = [
    path("health", health, name="health"),
    path("api/", api.urls),
    path("exchange/", include("shuniu.exchange.gateway.urls")),
    path("", include("shuniu.web.urls")),
    path("", include("shuniu.directory.urls")),
    path("", include("shuniu.portal.urls")),
]
handler400 = "shuniu.web.errors.bad_request"
handler403 = "shuniu.web.errors.forbidden"
handler404 = "shuniu.web.errors.not_found"
handler500 = "shuniu.web.errors.server_error"
