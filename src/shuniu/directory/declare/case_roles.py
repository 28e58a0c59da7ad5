"""Roles of counters, cases, licences, documents, letters, fees and ratings."""

from __future__ import annotations

from shuniu.directory.declare.capabilities import APPOINT_ADMINISTRATORS, Role, role

CASE_ROLES: dict[str, Role] = {
    "counter_clerk": role(
        "窗口代录员",
        "cases.read_queue cases.give_number cases.call_number cases.end_number cases.mark_missed "
        "cases.choose_delivery cases.read_delivery "
        "cases.start_draft cases.read_draft cases.list_drafts cases.save_page cases.discard_draft cases.name_applicant "
        "cases.freeze_draft notices.read_agency "
        "cases.file cases.show_rating_code cases.start_bundle cases.file_bundle cases.read_branches "
        "cases.correct cases.withdraw cases.read_case cases.list_own cases.read_timing cases.explain_due cases.confirm_read "
        "cases.upload cases.list_uploads cases.read_upload cases.discard_upload cases.plan_materials "
        "cases.settle_materials cases.hand_in cases.read_materials exchange.report_classified",
    ),
    "case_clerk": role(
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
    "case_examiner": role(
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
    "case_decider": role(
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
    "licence_officer": role(
        "证照经办",
        "cases.list_licences cases.find_holder cases.list_unissued cases.reissue_licence "
        "cases.issue_licence cases.change_licence cases.read_licence cases.read_materials cases.read_upload "
        "notices.read_agency",
    ),
    "document_clerk": role(
        "公文经办",
        "cases.draft_document cases.submit_document cases.review_document cases.send_document cases.receive_document "
        "cases.read_document cases.void_number cases.list_documents cases.list_incoming cases.chase_document "
        "cases.read_incoming cases.return_document cases.handle_incoming cases.circulate_incoming cases.note_reading "
        "cases.answer_task cases.read_document_file cases.upload cases.list_uploads cases.read_upload cases.discard_upload "
        "exchange.report_classified notices.read_agency",
    ),
    "document_signer": role(
        "公文签发人",
        "cases.sign_document cases.review_document cases.read_document cases.list_documents cases.list_incoming "
        "cases.read_incoming cases.handle_incoming cases.circulate_incoming cases.note_reading cases.answer_task "
        "cases.close_supervision cases.read_document_file notices.read_agency",
    ),
    "letter_clerk": role(
        "来信受理员",
        "cases.take_letter cases.list_letters cases.read_letter cases.read_writer cases.split_letter cases.decide_return "
        "cases.decline_letter cases.publish_letter cases.simulate_routes exchange.report_classified "
        "notices.read_agency",
    ),
    "letter_handler": role(
        "来信承办员",
        "cases.list_letters cases.read_letter cases.read_writer cases.sign_letter cases.return_letter "
        "cases.answer_letter exchange.report_classified notices.read_agency",
    ),
    "letter_reviewer": role(
        "来信答复审核人",
        "cases.list_letters cases.read_letter cases.review_letter notices.read_agency",
    ),
    "report_keeper": role(
        "举报保密员",
        "cases.list_letters cases.read_letter cases.read_reporter notices.read_agency",
        APPOINT_ADMINISTRATORS,
    ),
    "agency_head": role(
        "单位负责人",
        "cases.list_agency cases.read_case cases.read_load cases.search_agency cases.read_timing cases.read_branches "
        "assessment.read_officers assessment.recompute assessment.appeal procedures.explain_due "
        "assessment.confirm_covert assessment.list_coverts "
        "directory.list_reviews directory.read_review directory.decide_review "
        "notices.read_agency",
        APPOINT_ADMINISTRATORS,
    ),
    "fee_officer": role(
        "收费经办",
        "cases.read_bill cases.ask_fee_change cases.decide_fee_change cases.read_reconciliation "
        "cases.list_bills cases.list_refunds cases.retry_refund cases.stop_refund cases.list_reconciliations "
        "cases.take_at_counter cases.give_back_at_counter cases.read_till notices.read_agency",
    ),
    "rating_officer": role(
        "好差评专员",
        "cases.list_ratings cases.read_rating cases.read_rater cases.call_back cases.look_at_rating_text "
        "cases.ask_rating_aside cases.decide_rating_aside notices.read_agency",
    ),
}
