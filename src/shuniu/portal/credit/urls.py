"""Addresses of the credit site, under the portal's names."""

from __future__ import annotations

from django.urls import path

from shuniu.portal.credit import pages

urlpatterns = [
    path("credit/", pages.home, name="credit"),
    path("credit/verify/", pages.verify, name="report_verify"),
    path("credit/mine/", pages.mine, name="credit_mine"),
    path("credit/mine/report/", pages.own_report, name="credit_own_report"),
    path("credit/duty/", pages.duty, name="credit_duty"),
    path("credit/<str:code>/", pages.subject, name="credit_subject"),
    path("credit/<str:code>/report/", pages.public_report, name="credit_report"),
]
