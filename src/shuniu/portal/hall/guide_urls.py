"""Addresses of the hall's guide side, under the portal's names."""

from __future__ import annotations

from django.urls import path

from shuniu.portal.hall import events, guide

urlpatterns = [
    path("hall/", guide.hall, name="hall"),
    path("hall/items/", guide.items, name="hall_items"),
    path("hall/guide/<path:key>/", guide.guide, name="hall_guide"),
    path("hall/events/<slug:key>/", events.event, name="hall_event"),
]
