"""Addresses of applying, under the portal's names."""

from __future__ import annotations

from django.urls import path

from shuniu.portal.hall import apply, apply_facts

urlpatterns = [
    path("apply/", apply.drafts, name="drafts"),
    path("apply/new/<path:key>/", apply.begin, name="apply"),
    path("apply/<int:draft>/", apply.tasks, name="draft"),
    path("apply/<int:draft>/whom/", apply_facts.whom, name="draft_whom"),
    path("apply/<int:draft>/prefill/", apply_facts.prefill, name="draft_prefill"),
    path("apply/<int:draft>/all/", apply.dense, name="draft_all"),
    path("apply/<int:draft>/check/", apply.check, name="draft_check"),
    path("apply/<int:draft>/discard/", apply.discard, name="draft_discard"),
    path("apply/<int:draft>/page/<slug:key>/", apply.page, name="draft_page"),
]
