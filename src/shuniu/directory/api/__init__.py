"""The front door of the directory: accounts, posts, places, sign-in, tokens, and the actors built from them."""

from __future__ import annotations

from shuniu.directory.api.access import (
    actor_of,
    anonymous,
    change_password,
    console,
    enrol,
    sign_in,
    sign_out,
    standing_actor,
    system,
)
from shuniu.directory.api.people import (
    close_account,
    create_account,
    list_accounts,
    person,
    register_citizen,
    register_firm,
    reset_access,
    reset_public_access,
)
from shuniu.directory.api.places import (
    agencies,
    agency,
    children,
    issued_codes,
    load_agencies,
    load_regions,
    region,
    region_names,
    region_path,
    regions,
    successor,
)
from shuniu.directory.api.posts import appoint, end_appointment, holders, own_posts
from shuniu.directory.api.tokens import actor_of_token, issue_token, revoke_token

__all__ = [
    "actor_of",
    "actor_of_token",
    "agencies",
    "agency",
    "anonymous",
    "appoint",
    "change_password",
    "children",
    "close_account",
    "console",
    "create_account",
    "end_appointment",
    "enrol",
    "holders",
    "issue_token",
    "issued_codes",
    "list_accounts",
    "load_agencies",
    "load_regions",
    "own_posts",
    "person",
    "region",
    "region_names",
    "region_path",
    "regions",
    "register_citizen",
    "register_firm",
    "reset_access",
    "reset_public_access",
    "revoke_token",
    "sign_in",
    "sign_out",
    "standing_actor",
    "successor",
    "system",
]
