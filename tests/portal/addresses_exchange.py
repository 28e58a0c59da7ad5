"""Whose is what at the addresses of the exchange, the catalogue, certificates, calendars and accounts: for `test_every_address`.

`clerk` and `chief` are of the market bureau, whose these things are; `tax` asked for them, objected, was told.
"""

from __future__ import annotations

from tests.portal.everyone import READERS, At

_SEEN = "clerk chief office"  # a submission's receipt: its agency, and the province's office
_WHY = {"reason": "误报了上月文件"}
_PARTIES = "clerk chief tax office"
_CATALOGUE = "the catalogue is open to everybody"

ADDRESSES: dict[str, At] = {
    "portal:template": At("resource", get="*"),
    "portal:resource": At("resource", get="*"),
    "portal:resource_draft": At("draft", get="clerk", post="clerk"),
    "portal:new_item": At("draft", get="clerk", post="clerk"),
    "portal:item": At("item", get="clerk", post="clerk"),
    "portal:take_back": At("draft", get="", post=""),  # it was not handed in
    "portal:withdraw": At("draft", get="clerk", post="clerk"),
    "portal:catalogue_version": At("version", get="clerk office"),
    "portal:upload": At("resource", get="clerk", post="clerk", public=_CATALOGUE),
    "portal:nothing": At("resource", post="", public=_CATALOGUE),  # this period has a delivery
    "portal:declaration": At("resource", get="clerk", public=_CATALOGUE),
    "portal:reconcile": At("resource", get="clerk", post="clerk", public=_CATALOGUE),
    "portal:entry": At("resource", get="clerk county", post="clerk county", public=_CATALOGUE),
    "portal:slice_file": At("resource", get="county"),
    "portal:slice": At("resource", get="county"),
    "portal:submission": At("submission", get=_SEEN),
    "portal:progress": At("submission", get="clerk chief office dpo admin"),  # counts alone, for all of the agency
    "portal:release": At("submission", post="chief"),
    "portal:turn_down": At("submission", post=_SEEN, said=_WHY),
    "portal:recall": At("submission", post=_SEEN, said=_WHY),
    "portal:rejects": At("submission", get="clerk chief"),
    "portal:rejects_file": At("submission", get="clerk chief"),
    "portal:rows": At("rows", get="clerk chief"),
    "portal:objection": At("objection", get=_PARTIES),
    "portal:objection_accept": At("objection", post=_PARTIES),
    "portal:objection_verify": At("objection", post=_PARTIES),
    "portal:objection_correct": At("objection", post=_PARTIES),
    "portal:share_new": At("resource", get="tax labour", post="tax labour"),
    "portal:share": At("share", get=_PARTIES),
    "portal:share_decide": At("share", post="chief"),
    "portal:share_withdraw": At("share", post="tax"),
    "portal:agreement": At("agreement", get=_PARTIES),
    "portal:agreement_act": At("agreement_act", post=_PARTIES),
    "portal:file_new": At("agreement", get="clerk", post="clerk"),
    "portal:file_withdraw": At("file", post="clerk"),
    "portal:live_end": At("live", post="office"),
    "portal:call_evidence": At("call", get="clerk tax"),
    "portal:clock": At("clock", get=_SEEN),
    "portal:case_place": At("case_place", get="chief tax office"),
    "portal:procedure": At("procedure", get="*"),
    "portal:procedure_bpmn": At("procedure", get="*"),
    "portal:holiday": At("holiday", get="office"),
    "portal:holiday_apply": At("holiday", post="office"),
    "portal:holiday_withdraw": At("holiday", post=""),  # it was not applied
    "portal:recount": At("recount", get="office"),
    "portal:notice_read": At("notice", post="clerk chief dpo"),
    "portal:delivery_retry": At("delivery", post=""),  # nothing has failed yet
    "portal:delivery_give_up": At("delivery", post="clerk tax labour office admin"),  # in the list of the own agency's
    "portal:delivery_evidence": At("evidence", get="clerk office"),
    "portal:contact_change": At("contact", post=" ".join(READERS[1:]), public="one's own: the address names nobody"),
    "portal:certificate": At("certificate", get="clerk office admin security", post="clerk office admin security"),
    "portal:certificate_file": At("certificate", get="clerk office admin security"),
    "portal:release_approve": At("release", post="office"),
    "portal:release_take": At("release", post=""),  # nobody has approved
    "directory:account": At("account", get="admin system security", post="admin system security"),
    "portal:substitution_end": At("substitution", post="clerk admin security"),  # whose post it is, and who appoints
    "portal:rights_review": At("review", get="chief admin security office", post="chief admin security"),
    "directory:token": At("token", get="admin security", post="admin security"),
    "directory:ask_reset": At("account", get="admin security identity", post="admin security identity"),
    "web:elder": At("switch", get="*"),
    "web:dense": At("switch", get="*"),
    "web:language": At("language", get="*"),
}
MACHINES = {
    "gateway_query": "a signed question", "gateway_file": "a signed request", "gateway_chunks": "a signed request",
    "gateway_evidence": "a signed request", "gateway_upload": "a signed request",
    "gateway_portion": "a signed request", "api:receipt": "a machine's token", "api:progress": "a machine's token",
    "api:rejects": "a machine's token",
}  # fmt: skip
"""Addresses that take no sign-in: what opens them. To a browser they are shut, whoever sits there."""
TOLD = {"api:certificate", "api:platform", "api:revocations", "api:status", "api:status_by_address"}
"""What a certificate's verifier anywhere asks for (RFC 5280, RFC 6960); held by tests/trust/certificates."""
