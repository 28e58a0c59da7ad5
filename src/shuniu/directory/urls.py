"""Addresses of signing in, one's own rights, and an agency's accounts."""

from __future__ import annotations

from django.urls import path

from shuniu.directory import pages
from shuniu.directory.signing_in import administering, own
from shuniu.directory.signing_in import pages as signing_in
from shuniu.directory.signing_in.oidc import pages as oidc

app_name = "directory"
urlpatterns = [
    path("sign-in/", pages.sign_in, name="sign_in"),
    path("sign-in/second/", signing_in.second, name="second"),
    path("sign-in/confirm/", signing_in.confirm, name="confirm"),
    path("security/", own.security, name="security"),
    path("security/totp/", own.totp, name="totp"),
    path("security/passkey/", own.passkey, name="passkey"),
    path("accounts/resets/", administering.resets, name="resets"),
    path("accounts/<int:account>/reset/", administering.ask_reset, name="ask_reset"),
    path("applications/", oidc.applications, name="applications"),
    path(".well-known/openid-configuration", oidc.discovery, name="oidc_discovery"),
    path("oidc/keys", oidc.jwks, name="oidc_keys"),
    path("oidc/authorize", oidc.authorize, name="oidc_authorize"),
    path("oidc/logout", oidc.end_session, name="oidc_logout"),
    path("oidc/token", oidc.token, name="oidc_token"),
    path("oidc/userinfo", oidc.userinfo, name="oidc_userinfo"),
    path("enrol/", pages.enrol, name="enrol"),
    path("sign-out/", pages.sign_out, name="sign_out"),
    path("password/", pages.change_password, name="password"),
    path("rights/", pages.rights, name="rights"),
    path("accounts/", pages.accounts, name="accounts"),
    path("accounts/<int:account>/", pages.account, name="account"),
]
