"""Addresses of the gateway."""

from __future__ import annotations

from django.urls import path

from shuniu.exchange.gateway import evidence_http, files_http, http, uploads_http

urlpatterns = [
    path("query/<path:key>", http.query, name="gateway_query"),
    path("files/<int:number>", files_http.fetch, name="gateway_file"),
    path("evidence/<int:number>", evidence_http.evidence, name="gateway_evidence"),
    path("files/<int:number>/chunks", files_http.chunks, name="gateway_chunks"),
    path("uploads", uploads_http.begin, name="gateway_uploads"),
    path("uploads/<int:number>", uploads_http.look, name="gateway_upload"),
    path("uploads/<int:number>/<int:first>", uploads_http.append, name="gateway_portion"),
]
