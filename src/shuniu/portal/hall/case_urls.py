"""Addresses of cases, for who applies and for who handles, under the portal's names."""

from __future__ import annotations

from django.urls import path

from shuniu.portal.hall import case_filing
from shuniu.portal.hall import cases as hall
from shuniu.portal.pages import cases as desk

urlpatterns = [
    path("hall/cases/", hall.mine, name="my_cases"),
    path("hall/cases/file/", case_filing.file, name="file_draft"),
    path("hall/cases/file/<int:draft>/", case_filing.materials, name="draft_materials"),
    path("hall/cases/<str:number>/", hall.case, name="my_case"),
    path("hall/cases/<str:number>/receipt/", hall.receipt, name="case_receipt"),
    path("hall/cases/<str:number>/correct/", hall.correct, name="case_correct"),
    path("hall/cases/<str:number>/withdraw/", hall.withdraw, name="case_withdraw"),
    path("hall/cases/<str:number>/materials/<slug:key>/", case_filing.hand_in, name="case_hand_in"),
    path("desk/cases/", desk.cases, name="cases"),
    path("desk/cases/<str:number>/", desk.case, name="case"),
    path("desk/cases/<str:number>/act/<slug:key>/", desk.act, name="case_act"),
]
