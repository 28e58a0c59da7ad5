"""The front door of certificates: joining, issuing, revoking, looking up, what the authority says, escrow, the self-check."""

from __future__ import annotations

from shuniu.trust.certificates.api.checking import self_check
from shuniu.trust.certificates.api.closing import revoke_all_of
from shuniu.trust.certificates.api.escrow import approve_release, ask_release, take_release
from shuniu.trust.certificates.api.issuing import (
    import_certificate,
    issue,
    revoke_certificate,
    take_revocations,
)
from shuniu.trust.certificates.api.joining import invite, join, list_invitations, renew, withdraw_invitation
from shuniu.trust.certificates.api.looking import (
    certificate_of,
    expiring,
    known,
    list_certificates,
    read_certificate,
    registered,
    stamp,
)
from shuniu.trust.certificates.api.nodes import keep_node, node, node_certificates, node_due, usable
from shuniu.trust.certificates.api.publishing import authority_certificate, revocation_list, status_answer
from shuniu.trust.certificates.rules import check_held

__all__ = [
    "approve_release",
    "ask_release",
    "authority_certificate",
    "certificate_of",
    "check_held",
    "expiring",
    "import_certificate",
    "invite",
    "issue",
    "join",
    "keep_node",
    "known",
    "list_certificates",
    "list_invitations",
    "node",
    "node_certificates",
    "node_due",
    "read_certificate",
    "registered",
    "renew",
    "revocation_list",
    "revoke_all_of",
    "revoke_certificate",
    "self_check",
    "stamp",
    "status_answer",
    "take_release",
    "take_revocations",
    "usable",
    "withdraw_invitation",
]
