"""The one table of roles and what each may do; and what everybody, the public and the platform's own jobs may."""

from __future__ import annotations

from shuniu.directory.declare.capabilities import (
    ALL_AGENCIES,
    APPOINT_ADMINISTRATORS,
    AUDITING,
    CERTIFICATES,
    RESTORE_ADMINISTRATORS,
    Role,
    names,
    role,
)
from shuniu.directory.declare.case_roles import CASE_ROLES
from shuniu.directory.declare.data_roles import DATA_ROLES
from shuniu.trust.api import OVERSEE

ROLES: dict[str, Role] = {
    **DATA_ROLES,
    **CASE_ROLES,
    "secrecy_officer": role(
        "保密员",
        "exchange.read_secrecy_alert notices.read_agency",
        APPOINT_ADMINISTRATORS,
    ),
    "identity_clerk": role(
        "实名核验员",
        "directory.register_citizen directory.register_firm directory.reset_public_access "
        "directory.list_public_accounts directory.list_given_access "
        "registries.find_identity registries.read_identity "
        "directory.ask_factor_reset directory.decide_factor_reset directory.list_factor_resets",
        APPOINT_ADMINISTRATORS,
    ),
    "agency_administrator": role(
        "单位管理员",
        "trust.list_certificates trust.read_certificate trust.list_invitations trust.self_check "
        "directory.create_account directory.close_account directory.appoint directory.end_appointment "
        "directory.reset_access directory.list_accounts directory.issue_token directory.revoke_token "
        "directory.list_tokens directory.read_token "
        "directory.ask_factor_reset directory.decide_factor_reset directory.list_factor_resets "
        "directory.list_reviews directory.read_review directory.decide_review "
        "exchange.foresee_share assessment.explain_machines "
        "notices.list_deliveries notices.retry notices.give_up notices.for_agency",
        APPOINT_ADMINISTRATORS,
    ),
    "system_administrator": role(
        "系统管理员",
        "directory.all_agencies directory.load_regions directory.load_agencies directory.create_account "
        "directory.close_account directory.list_accounts",
        APPOINT_ADMINISTRATORS,
    ),
    "security_administrator": role(
        "安全管理员",
        CERTIFICATES
        + "directory.all_agencies directory.appoint directory.appoint_administrators directory.end_appointment "
        "directory.reset_access directory.list_accounts directory.revoke_token "
        "directory.list_tokens directory.read_token "
        "directory.ask_factor_reset directory.decide_factor_reset directory.list_factor_resets "
        "directory.list_reviews directory.read_review directory.decide_review "
        "directory.register_application directory.end_application directory.list_applications "
        "directory.roll_application_keys",
        APPOINT_ADMINISTRATORS,
    ),
    "auditor": role(
        "审计员",
        AUDITING,
        APPOINT_ADMINISTRATORS,
    ),
}
"""Every role by key. A capability is the name of the verb that it allows (`ALL_AGENCIES` and its like widen verbs)."""

THREE = ("system_administrator", "security_administrator", "auditor")
"""三员: three different people, who hold no other role and read no business rows."""

ADMINISTRATION = names(
    CERTIFICATES + "directory.all_agencies directory.load_regions directory.load_agencies directory.create_account "
    "directory.close_account directory.list_accounts directory.appoint directory.appoint_administrators "
    "directory.end_appointment directory.reset_access directory.issue_token directory.revoke_token "
    "directory.list_tokens directory.read_token "
    "directory.ask_factor_reset directory.decide_factor_reset directory.list_factor_resets "
    "directory.list_reviews directory.read_review directory.decide_review "
    "directory.register_application directory.end_application directory.list_applications "
    "directory.roll_application_keys " + AUDITING
)
"""What reads no business row: all that the three may ever hold, and nothing that a machine's token may."""

PUBLIC = names(
    "directory.sign_in directory.enrol credit.search credit.report credit.list_commitments "
    "portal.issue_report portal.verify_report "
    "portal.keep_form cases.verify_licence cases.send_letter cases.follow_letter cases.rate_letter "
    "cases.read_rating_link cases.rate_by_link"
)
"""What anybody may do without signing in; upper engines' public verbs are added here by name."""

SIGNED_IN = names(
    "portal.read_kept portal.drop_kept directory.change_password directory.sign_out "
    "directory.confirm_second directory.confirm_password "
    "directory.send_code directory.add_passkey directory.confirm_passkey directory.add_totp directory.confirm_totp "
    "directory.confirm_certificate directory.remove_factor "
    "directory.renew_recovery_codes directory.list_sittings directory.end_sitting directory.end_sittings "
    "directory.authorize_application "
    "directory.explain_rights cases.explain_sight directory.substitute directory.end_substitution directory.list_substitutions "
    "procedures.read_place cases.list_own_letters cases.read_own_letter cases.rate_own_letter "
    "assessment.list_cards assessment.read_card assessment.explain assessment.list_flags assessment.explain_flag "
    "notices.read_inbox notices.mark_read "
    "notices.read_contacts notices.set_contact notices.confirm_contact notices.remove_contact"
)
"""What everybody who has signed in may do, whoever he is."""

CITIZEN = names(
    "directory.give_delegation directory.accept_delegation directory.end_delegation directory.list_delegations "
    "directory.read_delegation directory.use_delegation "
    "assessment.read_readings assessment.ask_about_reading assessment.list_questions "
    "cases.book cases.cancel_booking cases.list_bookings cases.choose_delivery cases.read_delivery "
    "cases.upload cases.list_uploads cases.read_upload cases.discard_upload cases.plan_materials "
    "cases.settle_materials cases.hand_in cases.read_materials cases.read_licences cases.read_licence "
    "exchange.report_classified "
    "cases.start_draft cases.read_draft cases.list_drafts cases.save_page cases.discard_draft cases.name_applicant "
    "cases.prefill_draft cases.freeze_draft "
    "exchange.raise_objection exchange.list_objections exchange.read_objection exchange.read "
    "credit.read_repair "
    "cases.read_bill cases.start_payment "
    "cases.start_bundle cases.file_bundle cases.read_branches "
    "cases.file cases.correct cases.withdraw cases.read_case cases.list_own cases.rate cases.read_own_ratings "
    "cases.read_timing cases.explain_due "
    "cases.show_rating_code"
)
FIRM = CITIZEN

JOBS = {
    "install": "安装程序", "worker": "后台任务", "joining": "节点接入", "machine": "接口", "single_sign_on": "单点登录",
    "sms_gateway": "短信网关", "courier": "寄递企业", "cashier": "支付机构", "folder": "投递目录", "console": "命令行",
}  # fmt: skip
"""What the platform's own jobs are called where people read who did it."""
SYSTEMS: dict[str, frozenset[str]] = {
    "install": names(
        "directory.load_regions directory.load_agencies directory.create_account directory.appoint "
        "directory.register_citizen directory.register_firm directory.reset_access directory.reset_public_access "
        "catalogue.ship cases.ship_items registries.mount procedures.rebuild"
    )
    | {ALL_AGENCIES, APPOINT_ADMINISTRATORS, RESTORE_ADMINISTRATORS},
    "worker": names(
        "directory.begin_logout directory.end_logout directory.open_reviews directory.note_strangers trust.list_certificates "
        "trust.keep_stamp trust.miss_stamp "
        "trust.keep_node exchange.process exchange.refuse_batch exchange.hold_batch exchange.sweep exchange.remind_overdue "
        "exchange.forget_expunged exchange.expire_shares exchange.tidy_calls exchange.end_upload "
        "cases.remind_bookings cases.close_days "
        "cases.chase_receipts cases.chase_letters cases.expire_drafts cases.hand_back "
        "cases.record_scan cases.note_scan cases.sweep_uploads "
        "registries.mount registries.resolve assessment.scan assessment.flag_readings portal.expire_kept "
        "notices.begin_delivery notices.note_delivery notices.put_off notices.ask_receipt notices.expire_receipts "
        "notices.warn_certificates notices.remind_reviews notices.tell_ended_delegations"
    ),
    "joining": names("trust.join trust.renew"),
    "machine": names(
        "exchange.query exchange.take_file exchange.end_file exchange.export_evidence "
        "exchange.begin_upload exchange.append_upload exchange.read_upload"
    ),
    "single_sign_on": names("directory.exchange_code directory.read_userinfo"),
    "sms_gateway": names("notices.take_receipt"),
    "courier": names("cases.take_courier_word"),
    "cashier": names("cases.take_payment cases.reconcile_payments cases.note_refund"),
    "folder": names("exchange.submit exchange.report_classified exchange.read_receipt"),
    "console": names(
        "exchange.submit exchange.read_receipt exchange.read_rejects exchange.list_submissions "
        "exchange.export_rejects exchange.export_declaration exchange.reconcile exchange.declare_nothing "
        "exchange.report_classified "
        "trust.self_check trust.every_certificate trust.invite trust.import_certificate trust.take_revocations "
        "trust.search_journal trust.export_evidence trust.present_head trust.cross_head trust.take_cross "
        "trust.verify_journal trust.export_head trust.accept_journal trust.record_restore "
        "credit.search credit.report portal.issue_report "
        "catalogue.import_dictionary catalogue.conformance registries.export_matches "
        "cases.read_versions procedures.migrate exchange.declare_live exchange.end_live"
    )
    | {OVERSEE},
}
"""What each job of the platform itself may do, by its name; `console` is whoever holds the host's command line."""
