"""The front door of the directory: accounts, posts, places, sign-in, tokens, and the actors built from them."""

from __future__ import annotations

from shuniu.directory.accounts.api.people import (
    close_account,
    closed,
    create_account,
    list_accounts,
    names,
    person,
    reset_access,
)
from shuniu.directory.accounts.api.public import (
    list_given_access,
    list_public_accounts,
    register_citizen,
    register_firm,
    reset_public_access,
)
from shuniu.directory.accounts.api.tokens import actor_of_token, issue_token, list_tokens, read_token, revoke_token
from shuniu.directory.actors import machines
from shuniu.directory.actors.api import actor_of, anonymous, console, standing_actor, system
from shuniu.directory.delegating.api import (
    accept_delegation,
    check_delegation,
    delegations_to,
    end_delegation,
    give_delegation,
    lapsed,
    list_delegations,
    read_delegation,
    told_of,
    use_delegation,
)
from shuniu.directory.places.api import (
    agencies,
    agency,
    agency_name,
    agency_names,
    issued_codes,
    load_agencies,
    load_regions,
    region,
    region_names,
    region_path,
    regions,
    successor,
)
from shuniu.directory.places.successions import estate, keeper, keepers, register_successors
from shuniu.directory.posts.api.appointing import appoint, end_appointment, holders, own_posts, unheld
from shuniu.directory.posts.api.explaining import explain_rights, officer_of
from shuniu.directory.posts.api.past import RightOn, read_rights_on
from shuniu.directory.posts.api.reviewing import (
    decide_review,
    late_reviews,
    list_reviews,
    open_reviews,
    read_review,
    unfinished_reviews,
    waiting_reviews,
)
from shuniu.directory.posts.api.substituting import end_substitution, list_substitutions, substitute
from shuniu.directory.posts.rules import answer
from shuniu.directory.signing_in.api.certificates import confirm_certificate
from shuniu.directory.signing_in.api.factors import add_totp, confirm_totp, remove_factor, renew_recovery_codes
from shuniu.directory.signing_in.api.messages import register_messenger, send_code
from shuniu.directory.signing_in.api.passkeys import add_passkey, confirm_passkey
from shuniu.directory.signing_in.api.passwords import change_password, enrol, shortest_password, sign_in, sign_out
from shuniu.directory.signing_in.api.resets import ask_factor_reset, decide_factor_reset, list_factor_resets
from shuniu.directory.signing_in.api.sittings import end_sitting, end_sittings, list_sittings
from shuniu.directory.signing_in.api.steps import confirm_password, confirm_second, half_actor
from shuniu.directory.signing_in.api.strangers import counted, note_strangers, sift_strangers
from shuniu.directory.signing_in.oidc.api.applications import (
    end_application,
    list_applications,
    register_application,
    roll_application_keys,
)
from shuniu.directory.signing_in.oidc.api.codes import authorize_application, exchange_code, read_userinfo
from shuniu.directory.signing_in.oidc.api.logouts import begin_logout, end_logout
from shuniu.directory.store import posts_of

__all__ = [
    "RightOn",
    "accept_delegation",
    "actor_of",
    "actor_of_token",
    "add_passkey",
    "add_totp",
    "agencies",
    "agency",
    "agency_name",
    "agency_names",
    "anonymous",
    "answer",
    "appoint",
    "ask_factor_reset",
    "authorize_application",
    "begin_logout",
    "change_password",
    "check_delegation",
    "close_account",
    "closed",
    "confirm_certificate",
    "confirm_passkey",
    "confirm_password",
    "confirm_second",
    "confirm_totp",
    "console",
    "counted",
    "create_account",
    "decide_factor_reset",
    "decide_review",
    "delegations_to",
    "end_application",
    "end_appointment",
    "end_delegation",
    "end_logout",
    "end_sitting",
    "end_sittings",
    "end_substitution",
    "enrol",
    "estate",
    "exchange_code",
    "explain_rights",
    "give_delegation",
    "half_actor",
    "holders",
    "issue_token",
    "issued_codes",
    "keeper",
    "keepers",
    "lapsed",
    "late_reviews",
    "list_accounts",
    "list_applications",
    "list_delegations",
    "list_factor_resets",
    "list_given_access",
    "list_public_accounts",
    "list_reviews",
    "list_sittings",
    "list_substitutions",
    "list_tokens",
    "load_agencies",
    "load_regions",
    "machines",
    "names",
    "note_strangers",
    "officer_of",
    "open_reviews",
    "own_posts",
    "person",
    "posts_of",
    "read_delegation",
    "read_review",
    "read_rights_on",
    "read_token",
    "read_userinfo",
    "region",
    "region_names",
    "region_path",
    "regions",
    "register_application",
    "register_citizen",
    "register_firm",
    "register_messenger",
    "register_successors",
    "remove_factor",
    "renew_recovery_codes",
    "reset_access",
    "reset_public_access",
    "revoke_token",
    "roll_application_keys",
    "send_code",
    "shortest_password",
    "sift_strangers",
    "sign_in",
    "sign_out",
    "standing_actor",
    "substitute",
    "successor",
    "system",
    "told_of",
    "unfinished_reviews",
    "unheld",
    "use_delegation",
    "waiting_reviews",
]
