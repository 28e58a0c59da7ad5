"""Addresses of signing in, one's own rights, and an agency's accounts."""

from __future__ import annotations

from django.urls import path

from shuniu.directory import pages

app_name = "directory"
urlpatterns = [
    path("sign-in/", pages.sign_in, name="sign_in"),
    path("enrol/", pages.enrol, name="enrol"),
    path("sign-out/", pages.sign_out, name="sign_out"),
    path("password/", pages.change_password, name="password"),
    path("rights/", pages.rights, name="rights"),
    path("accounts/", pages.accounts, name="accounts"),
    path("accounts/<int:account>/", pages.account, name="account"),
]
