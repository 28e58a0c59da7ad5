"""Applications: registered, listed and ended by the security administrator, who also rolls the keys over."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import cast

from django.conf import settings
from django.utils import timezone

from shuniu.directory import models
from shuniu.directory.actors.checks import dated, digest
from shuniu.directory.declare import Kind
from shuniu.directory.signing_in.oidc import keys, rules
from shuniu.directory.signing_in.oidc.declare import ApplicationView, IssuedApplication
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Json, Refused


@verb("directory.register_application", "登记单点登录应用")
def register_application(
    *,
    actor: Actor,
    title: str,
    agency: str,
    redirects: Sequence[str],
    leaves: Sequence[str] = (),
    logout: str = "",
    scopes: Sequence[str] = (),
    all_agencies: bool = False,
    kinds: Sequence[str] = ("officer",),
    public: bool = False,
) -> IssuedApplication:
    """Let a department's application sign people on: officers, unless its `kinds` declare that it takes citizens, firms.

    `redirects`, and `leaves` (where people may be sent after signing out), are compared letter by letter;
    `all_agencies`: officers of other agencies too; `public`: it cannot keep a secret and gets none.
    Raises Refused: directory.no_title, no_agency, application_address, application_scope, application_kinds.
    """
    require()
    if not title.strip():
        raise Refused("directory.no_title", "应用没有名称。", "请填写。")
    if not models.Agency.objects.filter(key=agency).exists():
        raise Refused("directory.no_agency", f"没有单位“{agency}”。", "请核对单位标识，例如 43.market。")
    if not redirects:
        raise Refused("directory.application_address", "没有填写回调地址。", "请至少填写一个完整的 https:// 地址。")
    for address in [*redirects, *leaves, *([logout] if logout else [])]:
        rules.check_address(address, demo=settings.SHUNIU_DEMO)
    rules.check_scopes(scopes)
    rules.check_kinds(kinds)
    secret = "" if public else secrets.token_urlsafe(32)
    made = models.Application.objects.create(
        key=f"app-{secrets.token_hex(8)}", title=title.strip(), agency_id=agency, redirects=list(redirects),
        leaves=list(leaves), logout=logout, scopes=list(dict.fromkeys(["openid", *scopes])), all_agencies=all_agencies,
        kinds=sorted(set(kinds)), secret=digest(secret) if secret else None,
    )  # fmt: skip
    given: dict[str, Json] = {
        "agency": agency, "scopes": [*made.scopes], "redirects": [*made.redirects], "kinds": [*made.kinds],
    }  # fmt: skip
    record(f"application:{made.key}", detail=given)
    return IssuedApplication(made.key, secret)


@verb("directory.end_application", "停用单点登录应用")
def end_application(*, actor: Actor, key: str) -> None:
    """End an application: no code, no token of its works any more. Raises Refused directory.no_application."""
    require()
    if not models.Application.objects.filter(key=key, ended=None).update(ended=timezone.now()):
        raise Refused("directory.no_application", "没有这个应用，或者它已经停用。", "请从列表中选择。")
    record(f"application:{key}")


@verb("directory.list_applications", "查看单点登录应用", reads=True)
def list_applications(*, actor: Actor) -> tuple[ApplicationView, ...]:
    """Every application, those in use first."""
    require()
    rows = models.Application.objects.select_related("agency").order_by("-ended", "title")
    found = sorted(map(_view, rows), key=lambda one: one.ended is not None)
    record("applications", detail={"shown": len(found)})
    return tuple(found)


@verb("directory.roll_application_keys", "更换单点登录签名密钥")
def roll_application_keys(*, actor: Actor) -> str:
    """Sign with a new key from now on; keys long out of use are destroyed. Returns the new key's id."""
    require()
    key, destroyed = keys.roll(dated("account.sso.key.days"))
    record("application_keys", detail={"key": key, "destroyed": destroyed})
    return key


def _view(row: models.Application) -> ApplicationView:
    return ApplicationView(
        row.key, row.title, row.agency_id, row.agency.name, tuple(row.redirects), tuple(row.leaves), row.logout,
        tuple(row.scopes), row.all_agencies, cast(tuple[Kind, ...], tuple(row.kinds)), row.secret is None, row.ended,
    )  # fmt: skip
