"""Addresses of the gateway."""

from __future__ import annotations

from django.urls import path

from shuniu.exchange.gateway import evidence_http, files_http, http

urlpatterns = [
    path("query/<path:key>", http.query, name="gateway_query"),
    path("files/<int:number>", files_http.fetch, name="gateway_file"),
    path("evidence/<int:number>", evidence_http.evidence, name="gateway_evidence"),
    path("files/<int:number>/chunks", files_http.chunks, name="gateway_chunks"),
]
