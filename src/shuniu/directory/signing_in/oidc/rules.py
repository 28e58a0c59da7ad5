"""Pure rules of single sign-on: which addresses are sound, which requests, which proofs (PKCE)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Collection, Mapping
from urllib.parse import urlencode, urlsplit

from shuniu.directory.declare import KINDS
from shuniu.directory.signing_in.oidc.declare import SCOPES, Asked, Fault
from shuniu.trust.declare import Refused

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_UNSUPPORTED = ("request", "request_uri", "registration")


def visible(said: str) -> bool:
    """Whether a client_id is of visible ASCII letters (RFC 6749 appendix A.1), and there at all."""
    return bool(said) and said.isascii() and said.isprintable()


def check_address(address: str, *, demo: bool) -> None:
    """Refuse an address that an answer or a sign-out may not be sent to: compared letter by letter, so nothing is open.

    http is for this machine in a demo instance alone.
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - raises for a port that is none
    except ValueError:
        parts, host = urlsplit(""), ""
    sound = parts.scheme == "https" or (demo and parts.scheme == "http" and host in _LOOPBACK)
    if (
        not host or not sound or parts.username is not None or "#" in address or "*" in address or len(address) > 500
        or not address.isascii() or any(letter.isspace() for letter in address)
    ):  # fmt: skip
        raise Refused(
            "directory.application_address",
            f"地址“{address[:80]}”不能使用。",
            "应为完整的 https:// 地址，不含通配符、用户名和 # 片段；演示实例可用本机的 http:// 地址。",
        )


def check_scopes(scopes: Collection[str]) -> None:
    """Refuse scopes that the platform does not give."""
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise Refused(
            "directory.application_scope", f"没有“{'、'.join(unknown)}”这类信息。", f"可选：{'、'.join(SCOPES)}。"
        )


def check_kinds(kinds: Collection[str]) -> None:
    """Refuse an application for nobody, or for accounts that there are not."""
    if not kinds or not set(kinds) <= set(KINDS):
        raise Refused("directory.application_kinds", "没有选择谁可以登录。", f"可选：{'、'.join(KINDS.values())}。")


def read(asked: Mapping[str, list[str]], redirect: str, scopes: Collection[str], key: str) -> Asked | Fault:
    """An authorization request in order, or what is wrong with it."""
    if any(len(values) > 1 for values in asked.values()):
        return Fault("invalid_request", "a parameter is given twice")
    one = {name: values[0] for name, values in asked.items()}
    if found := next((name for name in _UNSUPPORTED if name in one), ""):
        return Fault(f"{found}_not_supported", f"{found} is not supported")
    if one.get("response_type") != "code":
        return Fault("unsupported_response_type", "response_type must be code")
    if one.get("response_mode", "query") != "query":
        return Fault("invalid_request", "response_mode must be query")
    if one.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(one.get("code_challenge", "")):
        return Fault("invalid_request", "PKCE is required: code_challenge with code_challenge_method=S256")
    scope = list(dict.fromkeys(one.get("scope", "").split()))
    if "openid" not in scope or not set(scope) <= set(scopes):
        return Fault("invalid_scope", f"scope must hold openid and no more than: {' '.join(scopes)}")
    state, nonce, age = one.get("state", ""), one.get("nonce", ""), one.get("max_age", "")
    if len(state) > 1000 or len(nonce) > 300 or not (state + nonce).isprintable():
        return Fault("invalid_request", "state or nonce is malformed")
    if age and not (age.isascii() and age.isdigit() and len(age) < 9):
        return Fault("invalid_request", "max_age is malformed")
    return Asked(
        key, redirect, " ".join(scope), state, nonce, one["code_challenge"], one.get("prompt", ""),
        int(age) if age else None,
    )  # fmt: skip


def proven(challenge: str, verifier: str) -> bool:
    """Whether a verifier is the one behind a challenge (RFC 7636 §4.6, S256)."""
    if not _VERIFIER.fullmatch(verifier):
        return False
    made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return hmac.compare_digest(made, challenge.encode())


def answer(redirect: str, values: Mapping[str, str]) -> str:
    """The redirect address with an answer in its query; what is empty is left out."""
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{redirect}{'&' if urlsplit(redirect).query else '?'}{query}" if query else redirect
