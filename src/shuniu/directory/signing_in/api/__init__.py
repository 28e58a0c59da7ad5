"""Verbs of signing in; reached from elsewhere through `shuniu.directory.api`."""

from __future__ import annotations

from shuniu.directory.signing_in.api.certificates import confirm_certificate
from shuniu.directory.signing_in.api.factors import (
    add_totp,
    confirm_totp,
    recovery_left,
    remove_factor,
    renew_recovery_codes,
    second_of,
)
from shuniu.directory.signing_in.api.messages import Messenger, register_messenger, send_code
from shuniu.directory.signing_in.api.passkeys import add_passkey, confirm_passkey
from shuniu.directory.signing_in.api.passwords import change_password, enrol, sign_in, sign_out
from shuniu.directory.signing_in.api.resets import ask_factor_reset, decide_factor_reset, list_factor_resets
from shuniu.directory.signing_in.api.sittings import end_sitting, end_sittings, list_sittings
from shuniu.directory.signing_in.api.steps import confirm_password, confirm_second, half_actor

__all__ = [
    "Messenger",
    "add_passkey",
    "add_totp",
    "ask_factor_reset",
    "change_password",
    "confirm_certificate",
    "confirm_passkey",
    "confirm_password",
    "confirm_second",
    "confirm_totp",
    "decide_factor_reset",
    "end_sitting",
    "end_sittings",
    "enrol",
    "half_actor",
    "list_factor_resets",
    "list_sittings",
    "recovery_left",
    "register_messenger",
    "remove_factor",
    "renew_recovery_codes",
    "second_of",
    "send_code",
    "sign_in",
    "sign_out",
]
