"""Passkeys (W3C Web Authentication Level 2): what a browser is asked, and whether what its authenticator answers is good.

No attestation is asked for: which maker's authenticator somebody uses is not the platform's business.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)


@dataclass(frozen=True)
class Site:
    """Where the browser stands: the host that passkeys are bound to, and the whole origin."""

    host: str
    origin: str


@dataclass(frozen=True)
class Question:
    """What the browser is asked (JSON), and the challenge that its answer must be signed over."""

    options: str
    challenge: bytes


@dataclass(frozen=True)
class Credential:
    """A new passkey: its id, its public key (COSE) and its signature count."""

    id: bytes
    public: bytes
    count: int


def ask_new(site: Site, account: int, login: str, name: str, held: Collection[bytes]) -> Question:
    """What creates a passkey; an authenticator that holds one of this account's already is not asked again."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name="枢纽",
        user_name=login,
        user_display_name=name,
        user_id=b"account:%d" % account,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in held],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    return Question(options_to_json(options), options.challenge)


def ask_held(site: Site, held: Collection[bytes]) -> Question:
    """What has one of these passkeys sign."""
    options = generate_authentication_options(
        rp_id=site.host, allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in held]
    )
    return Question(options_to_json(options), options.challenge)


def new(site: Site, challenge: bytes, answer: str) -> Credential | None:
    """The passkey that was created; None when the answer is not good."""
    try:
        made = verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=site.host, expected_origin=site.origin
        )
    except (WebAuthnException, ValueError):
        return None
    return Credential(made.credential_id, made.credential_public_key, made.sign_count)


def named(answer: str) -> bytes | None:
    """Which passkey an answer says that it is; None for what is no answer."""
    try:
        return base64url_to_bytes(parse_authentication_credential_json(answer).id)
    except (WebAuthnException, ValueError):
        return None


def signed(site: Site, challenge: bytes, answer: str, public: bytes, count: int) -> int | None:
    """The new signature count when this passkey signed the challenge here; None when not, or when its count went back
    (a copied authenticator)."""
    try:
        return verify_authentication_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=site.host, expected_origin=site.origin,
            credential_public_key=public, credential_current_sign_count=count,
        ).new_sign_count  # fmt: skip
    except (WebAuthnException, ValueError):
        return None
