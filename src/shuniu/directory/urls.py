"""Addresses of signing in, one's own rights, and an agency's accounts."""

from __future__ import annotations

from django.urls import path

from shuniu.directory.pages import accounts, entering, resets, second_step, security, sign_on, tokens

app_name = "directory"
urlpatterns = [
    path("sign-in/", entering.sign_in, name="sign_in"),
    path("sign-in/second/", second_step.second, name="second"),
    path("sign-in/confirm/", second_step.confirm, name="confirm"),
    path("security/", security.security, name="security"),
    path("security/totp/", security.totp, name="totp"),
    path("security/passkey/", security.passkey, name="passkey"),
    path("accounts/tokens/", tokens.tokens, name="tokens"),
    path("accounts/tokens/<int:number>/", tokens.token, name="token"),
    path("accounts/resets/", resets.resets, name="resets"),
    path("accounts/<int:account>/reset/", resets.ask_reset, name="ask_reset"),
    path("applications/", sign_on.applications, name="applications"),
    path(".well-known/openid-configuration", sign_on.discovery, name="oidc_discovery"),
    path("oidc/keys", sign_on.jwks, name="oidc_keys"),
    path("oidc/authorize", sign_on.authorize, name="oidc_authorize"),
    path("oidc/logout", sign_on.end_session, name="oidc_logout"),
    path("oidc/token", sign_on.token, name="oidc_token"),
    path("oidc/userinfo", sign_on.userinfo, name="oidc_userinfo"),
    path("enrol/", entering.enrol, name="enrol"),
    path("sign-out/", entering.sign_out, name="sign_out"),
    path("password/", entering.change_password, name="password"),
    path("rights/", accounts.rights, name="rights"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/<int:account>/", accounts.account, name="account"),
]
