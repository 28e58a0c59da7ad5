"""Addresses of the credit site, under the portal's names."""

from __future__ import annotations

from django.urls import path

from shuniu.portal.credit import pages, repairs

urlpatterns = [
    path("credit/", pages.home, name="credit"),
    path("credit/verify/", pages.verify, name="report_verify"),
    path("credit/mine/", pages.mine, name="credit_mine"),
    path("credit/mine/report/", pages.own_report, name="credit_own_report"),
    path("credit/commitments/", repairs.commitments, name="commitments"),
    path("credit/mine/repairs/", repairs.mine, name="repairs_mine"),
    path("credit/mine/repairs/new/", repairs.apply, name="repair_new"),
    path("credit/repairs/<int:number>/", repairs.repair, name="repair"),
    path("credit/repairs/<int:number>/decide/", repairs.decide, name="repair_decide"),
    path("desk/repairs/", repairs.waiting, name="repairs"),
    path("credit/duty/", pages.duty, name="credit_duty"),
    path("credit/<str:code>/", pages.subject, name="credit_subject"),
    path("credit/<str:code>/report/", pages.public_report, name="credit_report"),
]
