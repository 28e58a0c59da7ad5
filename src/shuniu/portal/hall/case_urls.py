"""Addresses of cases for who applies."""

from __future__ import annotations

from django.urls import path

from shuniu.portal.hall import case_filing, cases

urlpatterns = [
    path("hall/cases/", cases.mine, name="my_cases"),
    path("hall/cases/file/", case_filing.file, name="file_draft"),
    path("hall/cases/file/<int:draft>/", case_filing.materials, name="draft_materials"),
    path("hall/cases/<str:number>/", cases.case, name="my_case"),
    path("hall/cases/<str:number>/receipt/", cases.receipt, name="case_receipt"),
    path("hall/cases/<str:number>/correct/", cases.correct, name="case_correct"),
    path("hall/cases/<str:number>/withdraw/", cases.withdraw, name="case_withdraw"),
    path("hall/cases/<str:number>/materials/<slug:key>/", case_filing.hand_in, name="case_hand_in"),
]
