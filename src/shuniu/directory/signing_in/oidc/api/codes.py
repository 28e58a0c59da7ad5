"""Codes and tokens: an authorization code for who is signed in, tokens for the code, and what a token lets be read."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from shuniu.directory import models
from shuniu.directory.actors.checks import account_of, dated, digest
from shuniu.directory.declare import Post
from shuniu.directory.signing_in.api import sittings
from shuniu.directory.signing_in.oidc import keys, rules
from shuniu.directory.signing_in.oidc.declare import AMR, Asked, Fault, Leaving, Tokens
from shuniu.directory.store import posts_of
from shuniu.trust.api import keyed, record, require, verb
from shuniu.trust.declare import Actor, Json, Refused

_CODE_SECONDS = 60


def issuer() -> str:
    """Who the provider is in every token: the platform's public address."""
    return settings.PUBLIC_URL.rstrip("/")


def application(key: str, redirect: str) -> models.Application:
    """An application in use, with an address that is its own letter by letter. Raises Refused directory.no_application,
    directory.application_address: nothing is sent to an address that nobody registered.
    """
    found = _in_use(key)
    if found is None:
        raise Refused("directory.no_application", "没有这个应用，或者它已经停用。", "请联系应用所属单位。")
    if redirect not in found.redirects:
        raise Refused("directory.application_address", "这个应用没有登记所给的回调地址。", "请应用所属单位核对登记。")
    return found


def _in_use(key: str) -> models.Application | None:
    """The application of a key, if it is one that there can be: what is asked for in the database holds no NUL."""
    return models.Application.objects.filter(key=key, ended=None).first() if rules.visible(key) else None


@verb("directory.authorize_application", "登录到部门应用")
def authorize_application(*, actor: Actor, sitting: int, asked: Asked) -> str:
    """A code by which the application learns who is signed in: good once, for a minute.

    Raises Refused: directory.no_application, application_address, application_closed for whom it is not, no_sitting.
    """
    require()
    row = sittings.open_sitting(account_of(actor), sitting)
    found = application(asked.application, asked.redirect)
    if row.account.kind not in found.kinds or not (found.all_agencies or actor.agency in ("", found.agency_id)):
        raise Refused("directory.application_closed", f"“{found.title}”不向您的账号开放。", "请联系应用所属单位。")
    code = secrets.token_urlsafe(32)
    expires = timezone.now() + timedelta(seconds=_CODE_SECONDS)
    models.Code.objects.create(
        digest=digest(code), application=found, sitting=row, redirect=asked.redirect, scope=asked.scope,
        nonce=asked.nonce, challenge=asked.challenge, expires=expires,
    )  # fmt: skip
    record(f"application:{found.key}", detail={"sitting": sitting, "scope": asked.scope})
    return code


@verb("directory.exchange_code", "应用换取登录令牌")
def exchange_code(
    *, actor: Actor, application: str, secret: str, code: str, redirect: str, verifier: str
) -> Tokens | Fault:
    """Tokens for a code. A failure is a result, so that what a code's second use costs is committed: its token dies."""
    require()
    found = _in_use(application)
    if found is None or not _known(found, secret):
        return _fault(f"application:{keyed(application)}", "invalid_client", "unknown client or wrong secret")
    target, now = f"application:{found.key}", timezone.now()
    row = models.Code.objects.select_for_update(of=("self",)).filter(digest=digest(code), application=found)
    held = row.select_related("sitting__account").first()
    if held is None:
        return _fault(target, "invalid_grant", "unknown code")
    if held.used is not None:
        row.update(access=None)
        return _fault(target, "invalid_grant", "the code was used before; its token is revoked")
    held.used = now
    held.save(update_fields=["used"])
    sat = held.sitting
    if held.expires <= now or held.redirect != redirect or not rules.proven(held.challenge, verifier):
        return _fault(target, "invalid_grant", "the code is late, or redirect_uri or code_verifier does not match")
    if sat.ended is not None or not sat.account.is_active:
        return _fault(target, "invalid_grant", "the person has signed out")
    seconds, access = 60 * dated("account.sso.token.minutes"), secrets.token_urlsafe(32)
    held.access, held.access_expires = digest(access), now + timedelta(seconds=seconds)
    held.save(update_fields=["access", "access_expires"])
    record(target, detail={"account": sat.account_id, "scope": held.scope})
    return Tokens(access, keys.signed(_identity(held, now, seconds)), seconds, held.scope)


@verb("directory.read_userinfo", "应用读取登录人信息", reads=True)
def read_userinfo(*, actor: Actor, token: str) -> dict[str, Json] | None:
    """What an access token lets its application know: no more than the scopes; None for a token that is not good."""
    require()
    live = models.Code.objects.filter(
        access=digest(token), access_expires__gt=timezone.now(), sitting__ended=None, application__ended=None,
        sitting__account__is_active=True,
    )  # fmt: skip
    held = live.select_related("sitting__account__agency").first()
    if held is None:
        record("userinfo", outcome="refused", detail={"rule": "directory.access_token"})
        return None
    record(f"account:{held.sitting.account_id}", detail={"application": held.application_id, "scope": held.scope})
    return {"sub": pairwise(held.application_id, held.sitting.account_id)} | _person(held)


def leaving(key: str, hint: str, back: str) -> Leaving | None:
    """Which application asks to sign somebody out, by the identity token that it hands back (its time may be over) or by
    its key alone; None where neither is good, or both are and differ.
    """
    claims = keys.opened(hint) if hint else {}
    named = str(claims.get("aud", "")) or key
    if (hint and claims.get("iss") != issuer()) or (key and key != named):
        return None
    found = _in_use(named)
    if found is None:
        return None
    return Leaving(found.key, found.title, str(claims.get("sid", "")), back if back in found.leaves else "")


def pairwise(application: str, account: int) -> str:
    """Who somebody is to one application: another word for each, so that two cannot lay their lists side by side."""
    return keyed(f"directory.sso:{application}:{account}")


def session_of(application: str, sitting: int) -> str:
    """The sitting's id to one application (`sid`)."""
    return keyed(f"directory.sso.sid:{application}:{sitting}")


def _identity(held: models.Code, now: datetime, seconds: int) -> dict[str, Json]:
    sat, key = held.sitting, held.application_id
    means: list[Json] = list(dict.fromkeys(AMR[one] for one in sat.means.split()))
    claims: dict[str, Json] = {
        "iss": issuer(), "sub": pairwise(key, sat.account_id), "aud": key, "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + seconds, "auth_time": int(sat.proved_at.timestamp()), "amr": means,
        "sid": session_of(key, sat.pk),
    }  # fmt: skip
    return claims | ({"nonce": held.nonce} if held.nonce else {})


def _person(held: models.Code) -> dict[str, Json]:
    account, scope = held.sitting.account, held.scope.split()
    claims: dict[str, Json] = {"name": account.name, "kind": account.kind} if "profile" in scope else {}
    if "agency" in scope and account.agency is not None:
        own: list[Json] = [_post(post) for post in posts_of([account.pk]).get(account.pk, ())]
        claims |= {"agency": account.agency.key, "agency_name": account.agency.name, "posts": own}
    return claims


def _post(post: Post) -> Json:
    return {"title": post.title, "role": post.role, "regions": list(post.regions)}


def _known(found: models.Application, secret: str) -> bool:
    if found.secret is None:
        return not secret
    return hmac.compare_digest(bytes(found.secret), digest(secret))


def _fault(target: str, error: str, said: str) -> Fault:
    record(target, outcome="refused", detail={"rule": f"oauth.{error}", "said": said})
    return Fault(error, said)
