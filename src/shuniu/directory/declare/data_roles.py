"""Roles of the catalogue, the exchange and the registries, and of who looks after them in province and agency."""

from __future__ import annotations

from shuniu.directory.declare.capabilities import APPOINT_ADMINISTRATORS, CERTIFICATES, Role, role

DATA_ROLES: dict[str, Role] = {
    "data_officer": role(
        "数据专员",
        "assessment.propose_covert assessment.list_coverts assessment.explain_machines "
        "exchange.request_share exchange.withdraw_share_request exchange.give_up_share exchange.list_shares "
        "exchange.read_share exchange.list_agreements exchange.read_agreement exchange.list_files exchange.foresee_share "
        "exchange.list_offers "
        "trust.list_certificates trust.read_certificate trust.self_check "
        "exchange.submit exchange.recall exchange.read_receipt exchange.read_rejects exchange.export_rejects "
        "exchange.list_submissions exchange.read_overview exchange.read_held exchange.read_own "
        "exchange.declare_nothing exchange.enter_record exchange.export_declaration exchange.reconcile "
        "notices.read_agency exchange.read_freshness exchange.read_quality "
        "exchange.query exchange.offer_file exchange.withdraw_file exchange.read_connections exchange.list_live "
        "exchange.read exchange.raise_objection exchange.accept_objection exchange.verify_objection "
        "exchange.list_calls exchange.export_evidence exchange.correct_objection exchange.list_objections exchange.read_objection "
        "exchange.report_classified "
        "credit.read_repair notices.read_evidence notices.list_deliveries notices.retry notices.give_up "
        "catalogue.draft catalogue.submit_for_review catalogue.import_dictionary catalogue.confirm_recognitions "
        "catalogue.take_back catalogue.conformance catalogue.export "
        "cases.draft_item cases.submit_item cases.withdraw_item cases.list_items cases.read_item cases.check_item "
        "cases.discard_item",
    ),
    "second_officer": role(
        "第二复核人",
        "exchange.decide_share exchange.suspend_share exchange.resume_share exchange.revoke_share exchange.list_shares "
        "exchange.read_share exchange.list_agreements exchange.read_agreement exchange.list_files exchange.foresee_share "
        "exchange.release exchange.turn_down exchange.read_receipt exchange.read_rejects exchange.export_rejects "
        "exchange.list_submissions exchange.read_overview exchange.read_held exchange.read_own "
        "notices.read_agency exchange.read_freshness exchange.read_quality "
        "exchange.verify_objection exchange.correct_objection exchange.list_objections exchange.read_objection",
    ),
    "cataloguer": role(
        "编目员",
        "catalogue.draft catalogue.submit_for_review catalogue.take_back catalogue.withdraw catalogue.import_dictionary "
        "catalogue.confirm_recognitions catalogue.conformance catalogue.export "
        "cases.draft_item cases.submit_item cases.withdraw_item cases.list_items cases.read_item cases.check_item "
        "cases.discard_item notices.read_agency",
    ),
    "catalogue_reviewer": role(
        "目录审核员",
        "catalogue.review catalogue.conformance notices.read_agency",
        APPOINT_ADMINISTRATORS,
    ),
    "county_clerk": role(
        "县区经办",
        "exchange.submit exchange.read_receipt exchange.read_rejects exchange.list_submissions "
        "exchange.declare_nothing exchange.enter_record exchange.read_region exchange.take_region_slice "
        "exchange.read_overview exchange.read_own notices.read_agency exchange.report_classified",
    ),
    "matching_reviewer": role(
        "复核员",
        "registries.review_match registries.list_doubts registries.read_doubt registries.undo_review registries.merge "
        "registries.take_review registries.release_review "
        "registries.undo_merge registries.golden exchange.read",
        APPOINT_ADMINISTRATORS,
    ),
    "office": role(
        "省级平台主管",
        CERTIFICATES + "office.oversee directory.list_reviews directory.read_review "
        "exchange.read_connections exchange.list_live exchange.declare_live exchange.end_live "
        "cases.list_reconciliations cases.read_reconciliation "
        "cases.list_quarantine cases.retry_scan cases.stop_scan exchange.read_receipt exchange.list_submissions "
        "exchange.read_overview "
        "exchange.read_freshness exchange.read_quality exchange.monthly_report exchange.list_objections exchange.read_objection "
        "notices.read_agency catalogue.review catalogue.conformance catalogue.export "
        "notices.list_deliveries notices.read_evidence notices.retry notices.give_up "
        "procedures.migrate cases.read_versions cases.succeed_agency cases.list_successions registries.propose_expunge "
        "registries.confirm_expunge registries.lift_bars "
        "procedures.save_holidays procedures.preview_holidays procedures.apply_holidays procedures.withdraw_holidays "
        "procedures.recount procedures.read_recount procedures.explain_due "
        "assessment.read_officers assessment.recompute assessment.decide_appeal assessment.begin "
        "assessment.list_questions assessment.question_figures assessment.flag_figures "
        "exchange.suspend_share exchange.resume_share exchange.revoke_share exchange.list_shares exchange.read_share "
        "exchange.list_agreements exchange.read_agreement exchange.list_files exchange.foresee_share "
        "cases.list_ratings cases.read_rating cases.decide_rating_aside cases.urge cases.supervise cases.unsupervise "
        "cases.publish_item cases.return_item cases.list_items cases.read_item cases.check_item "
        "cases.list_codes cases.give_code cases.end_code",
        APPOINT_ADMINISTRATORS,
    ),
    "credit_officer": role("信用查询员", "credit.look_on_duty assessment.propose_covert assessment.list_coverts"),
    "data_protection_officer": role(
        "数据保护专员",
        "assessment.watch_readings assessment.close_flag assessment.list_questions assessment.answer_question "
        "notices.read_agency",
    ),
    "repair_reviewer": role(
        "信用修复审核员",
        "credit.read_repair credit.decide_repair notices.read_agency",
    ),
}
