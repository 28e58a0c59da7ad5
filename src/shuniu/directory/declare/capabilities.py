"""What tables of roles are made of: a role, the capabilities that no verb is named for, sets that several roles share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shuniu.trust.api import OVERSEE

APPOINT = "directory.appoint"
APPOINT_ADMINISTRATORS = "directory.appoint_administrators"
ALL_AGENCIES = "directory.all_agencies"
RESTORE_ADMINISTRATORS = "directory.restore_administrators"
CREDIT_ON_DUTY = "credit.look_on_duty"
WIDER: Mapping[str, str] = {
    OVERSEE: "统管全部单位的业务",
    APPOINT_ADMINISTRATORS: "任命由平台授予的岗位",
    ALL_AGENCIES: "办理全部单位的账号",
    RESTORE_ADMINISTRATORS: "恢复系统、安全、审计管理员",
    "exchange.read_secrecy_alert": "收取各单位报送中发现密级标志的告警",
    "assessment.explain_machines": "说明本单位接口的查阅提示",
    CREDIT_ON_DUTY: "依法履职查询非公开信用信息",
    "notices.for_agency": "登记本单位接收通知的联系方式",
    "notices.read_agency": "查看发给本单位的通知",
    "trust.every_certificate": "办理全部单位的证书",
}
"""Capabilities that are no verb's name: each widens verbs that are held beside it."""


@dataclass(frozen=True)
class Role:
    """A titled set of capabilities that a post gives. `granted_with` is the capability that appointing to it takes."""

    title: str
    capabilities: frozenset[str]
    granted_with: str = APPOINT


def names(words: str) -> frozenset[str]:
    """Capabilities, written one behind the other."""
    return frozenset(words.split())


def role(title: str, capabilities: str, granted_with: str = APPOINT) -> Role:
    """A role, its capabilities written one behind the other."""
    return Role(title, names(capabilities), granted_with)


AUDITING = (
    "trust.export_head trust.verify_journal trust.search_journal trust.prove_entry trust.prove_growth "
    "trust.export_evidence trust.read_witnesses trust.take_cross trust.present_head trust.cross_head "
    "exchange.trace_submission exchange.trace_call directory.read_rights_on assessment.list_coverts"
)
"""What proves the journal and takes its proofs away; it reads no business row."""

CERTIFICATES = (
    "trust.every_certificate trust.invite trust.withdraw_invitation trust.list_invitations trust.issue "
    "trust.import_certificate trust.revoke_certificate trust.take_revocations trust.list_certificates "
    "trust.read_certificate trust.ask_release trust.approve_release trust.take_release trust.self_check "
)
"""What issues, revokes and releases: held by the province's office and by the security administrator."""
