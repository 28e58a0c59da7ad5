"""The one table of roles and what each may do; and what everybody, the public and the platform's own jobs may."""

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


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _role(title: str, capabilities: str, granted_with: str = APPOINT) -> Role:
    return Role(title, _names(capabilities), granted_with)


AUDITING = (
    "trust.export_head trust.verify_journal trust.search_journal trust.prove_entry trust.prove_growth "
    "trust.export_evidence trust.read_witnesses trust.take_cross trust.present_head trust.cross_head "
    "exchange.trace_submission directory.read_rights_on assessment.list_coverts"
)
"""What proves the journal and takes its proofs away; it reads no business row."""

CERTIFICATES = (
    "trust.every_certificate trust.invite trust.withdraw_invitation trust.list_invitations trust.issue "
    "trust.import_certificate trust.revoke_certificate trust.take_revocations trust.list_certificates "
    "trust.read_certificate trust.ask_release trust.approve_release trust.take_release trust.self_check "
)
"""What issues, revokes and releases: held by the province's office and by the security administrator."""

ROLES: dict[str, Role] = {
    "data_officer": _role(
        "数据专员",
        "assessment.propose_covert assessment.list_coverts "
        "exchange.request_share exchange.withdraw_share_request exchange.give_up_share exchange.list_shares "
        "exchange.read_share exchange.list_agreements exchange.read_agreement exchange.list_files exchange.foresee_share "
        "exchange.list_offers "
        "trust.list_certificates trust.read_certificate trust.self_check "
        "exchange.submit exchange.recall exchange.read_receipt exchange.read_rejects exchange.export_rejects "
        "exchange.list_submissions exchange.read_overview exchange.read_held exchange.read_own "
        "exchange.declare_nothing exchange.enter_record exchange.export_declaration exchange.reconcile "
        "notices.read_agency exchange.read_freshness exchange.read_quality "
        "exchange.query exchange.offer_file exchange.withdraw_file exchange.read_connections "
        "exchange.read exchange.raise_objection exchange.accept_objection exchange.verify_objection "
        "exchange.list_calls exchange.export_evidence exchange.correct_objection exchange.list_objections exchange.read_objection "
        "exchange.report_classified "
        "credit.read_repair notices.read_evidence notices.list_deliveries notices.retry notices.give_up "
        "catalogue.draft catalogue.submit_for_review catalogue.import_dictionary catalogue.confirm_recognitions "
        "catalogue.take_back catalogue.conformance catalogue.export "
        "cases.draft_item cases.submit_item cases.withdraw_item cases.list_items cases.read_item cases.check_item "
        "cases.discard_item",
    ),
    "second_officer": _role(
        "第二复核人",
        "exchange.decide_share exchange.suspend_share exchange.resume_share exchange.revoke_share exchange.list_shares "
        "exchange.read_share exchange.list_agreements exchange.read_agreement exchange.list_files exchange.foresee_share "
        "exchange.release exchange.turn_down exchange.read_receipt exchange.read_rejects exchange.export_rejects "
        "exchange.list_submissions exchange.read_overview exchange.read_held exchange.read_own "
        "notices.read_agency exchange.read_freshness exchange.read_quality "
        "exchange.verify_objection exchange.correct_objection exchange.list_objections exchange.read_objection",
    ),
    "cataloguer": _role(
        "编目员",
        "catalogue.draft catalogue.submit_for_review catalogue.take_back catalogue.withdraw catalogue.import_dictionary "
        "catalogue.confirm_recognitions catalogue.conformance catalogue.export "
        "cases.draft_item cases.submit_item cases.withdraw_item cases.list_items cases.read_item cases.check_item "
        "cases.discard_item notices.read_agency",
    ),
    "catalogue_reviewer": _role(
        "目录审核员",
        "catalogue.review catalogue.conformance notices.read_agency",
        APPOINT_ADMINISTRATORS,
    ),
    "county_clerk": _role(
        "县区经办",
        "exchange.submit exchange.read_receipt exchange.read_rejects exchange.list_submissions "
        "exchange.declare_nothing exchange.enter_record exchange.read_region exchange.take_region_slice "
        "exchange.read_overview exchange.read_own notices.read_agency exchange.report_classified",
    ),
    "matching_reviewer": _role(
        "复核员",
        "registries.review_match registries.list_doubts registries.read_doubt registries.undo_review registries.merge "
        "registries.take_review registries.release_review "
        "registries.undo_merge registries.golden exchange.read",
        APPOINT_ADMINISTRATORS,
    ),
    "office": _role(
        "省级平台主管",
        CERTIFICATES + "office.oversee directory.list_reviews directory.read_review "
        "exchange.read_connections exchange.declare_live exchange.end_live "
        "cases.list_reconciliations cases.read_reconciliation "
        "cases.list_quarantine cases.retry_scan cases.stop_scan exchange.read_receipt exchange.list_submissions "
        "exchange.read_overview "
        "exchange.read_freshness exchange.read_quality exchange.monthly_report exchange.list_objections exchange.read_objection "
        "notices.read_agency catalogue.review catalogue.conformance catalogue.export "
        "notices.list_deliveries notices.read_evidence notices.retry notices.give_up "
        "procedures.migrate cases.read_versions cases.succeed_agency registries.propose_expunge "
        "registries.confirm_expunge registries.lift_bars "
        "procedures.save_holidays procedures.preview_holidays procedures.apply_holidays procedures.withdraw_holidays "
        "procedures.recount procedures.read_recount procedures.explain_due "
        "assessment.read_officers assessment.recompute assessment.decide_appeal assessment.begin "
        "assessment.list_questions assessment.question_figures assessment.flag_figures "
        "exchange.suspend_share exchange.resume_share exchange.revoke_share exchange.list_shares exchange.read_share "
        "exchange.list_agreements exchange.read_agreement exchange.list_files exchange.foresee_share "
        "cases.list_ratings cases.read_rating cases.decide_rating_aside cases.urge cases.supervise cases.unsupervise "
        "cases.publish_item cases.return_item cases.list_items cases.read_item cases.check_item",
        APPOINT_ADMINISTRATORS,
    ),
    "credit_officer": _role("信用查询员", "credit.look_on_duty assessment.propose_covert assessment.list_coverts"),
    "data_protection_officer": _role(
        "数据保护专员",
        "assessment.watch_readings assessment.close_flag assessment.list_questions assessment.answer_question "
        "notices.read_agency",
    ),
    "repair_reviewer": _role(
        "信用修复审核员",
        "credit.read_repair credit.decide_repair notices.read_agency",
    ),
    "counter_clerk": _role(
        "窗口代录员",
        "cases.read_queue cases.give_number cases.call_number cases.end_number cases.mark_missed "
        "cases.choose_delivery cases.read_delivery "
        "cases.start_draft cases.read_draft cases.list_drafts cases.save_page cases.discard_draft cases.name_applicant "
        "cases.freeze_draft cases.restore_page notices.read_agency "
        "cases.file cases.show_rating_code cases.start_bundle cases.file_bundle cases.read_branches "
        "cases.correct cases.withdraw cases.read_case cases.list_own cases.read_timing cases.explain_due cases.confirm_read "
        "cases.upload cases.list_uploads cases.read_upload cases.discard_upload cases.plan_materials "
        "cases.settle_materials cases.hand_in cases.read_materials exchange.report_classified",
    ),
    "case_clerk": _role(
        "受理经办",
        "exchange.query cases.read_queue cases.give_number cases.call_number cases.end_number cases.mark_missed "
        "cases.list_deliveries cases.read_delivery cases.read_address cases.order_parcel cases.note_waybill "
        "cases.note_mail cases.hand_over "
        "cases.take_tasks cases.release_tasks "
        "cases.read_branches "
        "cases.read_timing "
        "cases.release cases.transfer cases.delegate cases.advise cases.add_signer cases.drop_signer cases.withdraw_answer "
        "cases.urge cases.circulate cases.confirm_read cases.search_agency "
        "cases.list_earlier cases.take cases.accept cases.decline cases.ask_correction procedures.explain_due "
        "cases.read_case cases.list_agency "
        "cases.read_materials "
        "cases.read_upload cases.read_bill notices.read_agency",
    ),
    "case_examiner": _role(
        "审查经办",
        "exchange.query cases.take_tasks cases.release_tasks "
        "cases.read_branches "
        "cases.begin_special cases.end_special cases.ask_extension cases.read_timing "
        "cases.release cases.transfer cases.delegate cases.advise cases.add_signer cases.drop_signer cases.withdraw_answer "
        "cases.urge cases.circulate cases.confirm_read cases.search_agency "
        "cases.list_earlier cases.take cases.examine cases.return procedures.explain_due cases.read_case "
        "cases.list_agency cases.read_materials "
        "cases.read_upload "
        "notices.read_agency",
    ),
    "case_decider": _role(
        "审批负责人",
        "exchange.query cases.keep_window cases.schedule_window cases.read_queue "
        "cases.take_tasks cases.release_tasks cases.read_load "
        "cases.read_branches "
        "cases.begin_special cases.end_special cases.answer_extension cases.read_timing "
        "cases.release cases.transfer cases.delegate cases.advise cases.add_signer cases.drop_signer cases.withdraw_answer "
        "cases.urge cases.circulate cases.confirm_read cases.search_agency cases.supervise cases.unsupervise "
        "cases.list_earlier cases.charge cases.take cases.decide cases.return cases.issue_licence "
        "procedures.explain_due cases.read_case cases.list_agency "
        "cases.read_materials cases.list_ratings cases.read_rating cases.rectify "
        "cases.read_upload cases.read_licence notices.read_agency",
    ),
    "licence_officer": _role(
        "证照经办",
        "cases.list_licences cases.find_holder cases.list_unissued cases.reissue_licence "
        "cases.issue_licence cases.change_licence cases.read_licence cases.read_materials cases.read_upload "
        "notices.read_agency",
    ),
    "document_clerk": _role(
        "公文经办",
        "cases.draft_document cases.submit_document cases.review_document cases.send_document cases.receive_document "
        "cases.read_document cases.void_number cases.list_documents cases.list_incoming cases.chase_document "
        "cases.read_incoming cases.return_document cases.handle_incoming cases.circulate_incoming cases.note_reading "
        "cases.answer_task cases.read_document_file cases.upload cases.list_uploads cases.read_upload cases.discard_upload "
        "exchange.report_classified notices.read_agency",
    ),
    "document_signer": _role(
        "公文签发人",
        "cases.sign_document cases.review_document cases.read_document cases.list_documents cases.list_incoming "
        "cases.read_incoming cases.handle_incoming cases.circulate_incoming cases.note_reading cases.answer_task "
        "cases.close_supervision cases.read_document_file notices.read_agency",
    ),
    "letter_clerk": _role(
        "来信受理员",
        "cases.take_letter cases.list_letters cases.read_letter cases.read_writer cases.split_letter cases.decide_return "
        "cases.decline_letter cases.publish_letter cases.simulate_routes exchange.report_classified "
        "notices.read_agency",
    ),
    "letter_handler": _role(
        "来信承办员",
        "cases.list_letters cases.read_letter cases.read_writer cases.sign_letter cases.return_letter "
        "cases.answer_letter exchange.report_classified notices.read_agency",
    ),
    "letter_reviewer": _role(
        "来信答复审核人",
        "cases.list_letters cases.read_letter cases.review_letter notices.read_agency",
    ),
    "report_keeper": _role(
        "举报保密员",
        "cases.list_letters cases.read_letter cases.read_reporter notices.read_agency",
        APPOINT_ADMINISTRATORS,
    ),
    "agency_head": _role(
        "单位负责人",
        "assessment.read_officers assessment.recompute assessment.appeal procedures.explain_due "
        "assessment.confirm_covert assessment.list_coverts "
        "directory.list_reviews directory.read_review directory.decide_review "
        "notices.read_agency",
        APPOINT_ADMINISTRATORS,
    ),
    "fee_officer": _role(
        "收费经办",
        "cases.read_bill cases.ask_fee_change cases.decide_fee_change cases.read_reconciliation "
        "cases.list_bills cases.list_refunds cases.retry_refund cases.stop_refund cases.list_reconciliations "
        "notices.read_agency",
    ),
    "rating_officer": _role(
        "好差评专员",
        "cases.list_ratings cases.read_rating cases.read_rater cases.call_back cases.look_at_rating_text "
        "cases.ask_rating_aside cases.decide_rating_aside notices.read_agency",
    ),
    "secrecy_officer": _role(
        "保密员",
        "exchange.read_secrecy_alert notices.read_agency",
        APPOINT_ADMINISTRATORS,
    ),
    "identity_clerk": _role(
        "实名核验员",
        "directory.register_citizen directory.register_firm directory.reset_public_access "
        "directory.ask_factor_reset directory.decide_factor_reset directory.list_factor_resets",
        APPOINT_ADMINISTRATORS,
    ),
    "agency_administrator": _role(
        "单位管理员",
        "trust.list_certificates trust.read_certificate trust.list_invitations trust.self_check "
        "directory.create_account directory.close_account directory.appoint directory.end_appointment "
        "directory.reset_access directory.list_accounts directory.issue_token directory.revoke_token "
        "directory.ask_factor_reset directory.decide_factor_reset directory.list_factor_resets "
        "directory.list_reviews directory.read_review directory.decide_review "
        "exchange.foresee_share "
        "notices.list_deliveries notices.retry notices.give_up notices.for_agency",
        APPOINT_ADMINISTRATORS,
    ),
    "system_administrator": _role(
        "系统管理员",
        "directory.all_agencies directory.load_regions directory.load_agencies directory.create_account "
        "directory.close_account directory.list_accounts",
        APPOINT_ADMINISTRATORS,
    ),
    "security_administrator": _role(
        "安全管理员",
        CERTIFICATES
        + "directory.all_agencies directory.appoint directory.appoint_administrators directory.end_appointment "
        "directory.reset_access directory.list_accounts directory.revoke_token "
        "directory.ask_factor_reset directory.decide_factor_reset directory.list_factor_resets "
        "directory.list_reviews directory.read_review directory.decide_review "
        "directory.register_application directory.end_application directory.list_applications "
        "directory.roll_application_keys",
        APPOINT_ADMINISTRATORS,
    ),
    "auditor": _role(
        "审计员",
        AUDITING,
        APPOINT_ADMINISTRATORS,
    ),
}
"""Every role by key. A capability is the name of the verb that it allows (`ALL_AGENCIES` and its like widen verbs)."""

THREE = ("system_administrator", "security_administrator", "auditor")
"""三员: three different people, who hold no other role and read no business rows."""

ADMINISTRATION = _names(
    CERTIFICATES + "directory.all_agencies directory.load_regions directory.load_agencies directory.create_account "
    "directory.close_account directory.list_accounts directory.appoint directory.appoint_administrators "
    "directory.end_appointment directory.reset_access directory.issue_token directory.revoke_token "
    "directory.ask_factor_reset directory.decide_factor_reset directory.list_factor_resets "
    "directory.list_reviews directory.read_review directory.decide_review "
    "directory.register_application directory.end_application directory.list_applications "
    "directory.roll_application_keys " + AUDITING
)
"""What reads no business row: all that the three may ever hold, and nothing that a machine's token may."""

PUBLIC = _names(
    "directory.sign_in directory.enrol credit.search credit.report credit.list_commitments "
    "portal.issue_report portal.verify_report "
    "cases.keep_page cases.verify_licence cases.send_letter cases.follow_letter cases.rate_letter "
    "cases.read_rating_link cases.rate_by_link"
)
"""What anybody may do without signing in; upper engines' public verbs are added here by name."""

SIGNED_IN = _names(
    "directory.change_password directory.sign_out directory.confirm_second directory.confirm_password "
    "directory.send_code directory.add_passkey directory.confirm_passkey directory.add_totp directory.confirm_totp "
    "directory.confirm_certificate directory.remove_factor "
    "directory.renew_recovery_codes directory.list_sittings directory.end_sitting directory.end_sittings "
    "directory.authorize_application "
    "directory.explain_rights cases.explain_sight directory.substitute directory.end_substitution directory.list_substitutions "
    "procedures.read_place "
    "assessment.list_cards assessment.read_card assessment.explain assessment.list_flags assessment.explain_flag "
    "notices.read_inbox notices.mark_read "
    "notices.read_contacts notices.set_contact notices.confirm_contact notices.remove_contact"
)
"""What everybody who has signed in may do, whoever he is."""

CITIZEN = _names(
    "directory.give_delegation directory.accept_delegation directory.end_delegation directory.list_delegations "
    "directory.read_delegation directory.use_delegation "
    "assessment.read_readings assessment.ask_about_reading assessment.list_questions "
    "cases.book cases.cancel_booking cases.list_bookings cases.choose_delivery cases.read_delivery "
    "cases.upload cases.list_uploads cases.read_upload cases.discard_upload cases.plan_materials "
    "cases.settle_materials cases.hand_in cases.read_materials cases.read_licences cases.read_licence "
    "exchange.report_classified "
    "cases.start_draft cases.read_draft cases.list_drafts cases.save_page cases.discard_draft cases.name_applicant "
    "cases.prefill_draft cases.freeze_draft cases.restore_page "
    "exchange.raise_objection exchange.list_objections exchange.read_objection exchange.read "
    "credit.read_repair "
    "cases.read_bill cases.start_payment "
    "cases.start_bundle cases.file_bundle cases.read_branches "
    "cases.file cases.correct cases.withdraw cases.read_case cases.list_own cases.rate cases.read_own_ratings "
    "cases.read_timing cases.explain_due "
    "cases.show_rating_code"
)
FIRM = CITIZEN

SYSTEMS: dict[str, frozenset[str]] = {
    "install": _names(
        "directory.load_regions directory.load_agencies directory.create_account directory.appoint "
        "directory.register_citizen directory.register_firm directory.reset_access directory.reset_public_access "
        "catalogue.ship cases.ship_items registries.mount procedures.rebuild"
    )
    | {ALL_AGENCIES, APPOINT_ADMINISTRATORS, RESTORE_ADMINISTRATORS},
    "worker": _names(
        "directory.begin_logout directory.end_logout directory.open_reviews trust.list_certificates "
        "trust.keep_stamp trust.miss_stamp "
        "trust.keep_node exchange.process exchange.refuse_batch exchange.hold_batch exchange.sweep exchange.remind_overdue "
        "exchange.forget_expunged exchange.expire_shares exchange.tidy_calls cases.remind_bookings cases.close_days "
        "cases.chase_receipts cases.chase_letters cases.expire_drafts cases.hand_back "
        "cases.record_scan cases.note_scan cases.sweep_uploads "
        "registries.mount registries.resolve assessment.scan assessment.flag_readings "
        "notices.begin_delivery notices.note_delivery notices.put_off notices.ask_receipt notices.expire_receipts "
        "notices.warn_certificates notices.remind_reviews"
    ),
    "joining": _names("trust.join trust.renew"),
    "machine": _names("exchange.query exchange.take_file exchange.end_file exchange.export_evidence"),
    "single_sign_on": _names("directory.exchange_code directory.read_userinfo"),
    "sms_gateway": _names("notices.take_receipt"),
    "courier": _names("cases.take_courier_word"),
    "cashier": _names("cases.take_payment cases.reconcile_payments cases.note_refund"),
    "folder": _names("exchange.submit exchange.report_classified exchange.read_receipt"),
    "console": _names(
        "exchange.submit exchange.read_receipt exchange.read_rejects exchange.list_submissions "
        "exchange.export_rejects exchange.export_declaration exchange.reconcile exchange.declare_nothing "
        "exchange.report_classified "
        "trust.self_check trust.every_certificate trust.invite trust.import_certificate trust.take_revocations "
        "trust.search_journal trust.export_evidence trust.present_head trust.cross_head trust.take_cross "
        "trust.verify_journal trust.export_head credit.search credit.report portal.issue_report "
        "catalogue.import_dictionary catalogue.conformance registries.export_matches "
        "cases.read_versions procedures.migrate exchange.declare_live exchange.end_live"
    )
    | {OVERSEE},
}
"""What each job of the platform itself may do, by its name; `console` is whoever holds the host's command line."""
