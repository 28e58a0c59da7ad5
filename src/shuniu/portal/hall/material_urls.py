"""Addresses of materials and licences in the hall, under the portal's names."""

from __future__ import annotations

from django.urls import path

from shuniu.portal.hall import licences, uploads

urlpatterns = [
    path("hall/materials/", uploads.mine, name="hall_uploads"),
    path("hall/materials/<int:number>/file", uploads.file, name="hall_upload_file"),
    path("hall/materials/<int:number>/discard/", uploads.discard, name="hall_upload_discard"),
    path("hall/licences/", licences.mine, name="hall_licences"),
    path("hall/licences/verify/", licences.verify, name="hall_licence_verify"),
    path("hall/licences/<str:number>/", licences.licence, name="hall_licence"),
    path("hall/licences/<str:number>/licence.pdf", licences.document, name="hall_licence_pdf"),
]
