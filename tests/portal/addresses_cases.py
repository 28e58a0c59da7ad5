"""Whose is what at the addresses of cases, in the hall and at the desk: for `test_every_address`.

The citizen filed, at the market bureau, whose `clerk` and `chief` handle it; `tax` has a line of the bill.
"""

from __future__ import annotations

from tests.portal.everyone import READERS, At

_DESK = "clerk chief"
_ALL = "citizen clerk chief"  # who filed it is led to the own page from the desk's, the officers from the hall's
_APPLY = "citizen neighbour firm clerk tax labour"  # everybody for oneself, clerks at the counter for others
_PAY = "clerk tax"
_SIGNED_IN = " ".join(READERS[1:])
_ITEM = "clerk office"

_OFFERED = "items are offered to everybody in the hall"
_DRAWN = "procedures are drawn for everybody"
_WALL = "the window's board hangs on the wall"

ADDRESSES: dict[str, At] = {
    "portal:hall_guide": At("service", get="*"),
    "portal:apply": At("service", get=_APPLY, post=_APPLY, public=_OFFERED),
    "portal:draft": At("draft", get="citizen"),
    "portal:draft_whom": At("draft", get="citizen", post="citizen"),
    "portal:draft_prefill": At("draft", get="citizen", post=""),  # nothing is known of the citizen to fill in
    "portal:draft_all": At("draft", get="citizen", post="citizen"),
    "portal:draft_check": At("draft", get="citizen"),
    "portal:draft_page": At("page", get="citizen", post="citizen"),
    "portal:draft_discard": At("draft", get="citizen", post="citizen"),
    "portal:draft_materials": At("draft", get="citizen", post="citizen"),
    "portal:hall_upload_file": At("upload", get="citizen"),
    "portal:hall_upload_discard": At("upload", post="citizen"),
    "portal:kept_drop": At("upload", post=_SIGNED_IN),  # a number of another browser's is cleared for nobody
    "portal:quarantine_retry": At("upload", post="office"),
    "portal:quarantine_stop": At("upload", post="office"),
    "portal:my_case": At("case", get=_ALL),
    "portal:case_receipt": At("case", get="citizen"),
    "portal:case_correct": At("case", get="citizen", post="citizen"),
    "portal:case_withdraw": At("case", get="citizen", post="citizen"),
    "portal:case_hand_in": At("material", get="", post=""),  # it asks for no material
    "portal:my_clock": At("case_clock", get="citizen"),
    "portal:case": At("case", get=_ALL),
    "portal:case_act": At("case_act", post=_ALL),
    "portal:case_special": At("case", get=_ALL),
    "portal:case_special_act": At("special_act", post=_ALL),
    "portal:card": At("card", get="clerk chief office"),
    "portal:card_explain": At("card", post="clerk chief office"),
    "portal:card_appeal": At("card", post="clerk chief office"),
    "portal:card_decide": At("card", post="clerk chief office"),
    "portal:rating_code": At("decided", post="citizen"),
    "portal:case_rating": At("decided", get="citizen"),
    "portal:rate": At("stage", get="citizen", post="citizen"),
    "portal:rate_by_link": At("token", get="*", post="*"),  # who has the link is meant
    "portal:rating": At("rating", get="clerk chief office"),
    "portal:rating_rater": At("rating", get=""),  # until it is put right the rater is shown to nobody
    "portal:rating_act": At("rating_act", post="clerk chief office"),
    "portal:delivery": At("posted", get=_ALL, post=_ALL),
    "portal:postal_case": At("posted", get="citizen clerk"),
    "portal:postal_address": At("posted", post="clerk"),
    "portal:postal_act": At("posted_act", post="citizen clerk"),
    "portal:work_watch": At("watch", post=""),  # a list's name, and no list of that name
    "portal:migrating_version": At("procedure_version", get="office", post="office", public=_DRAWN),
    "portal:migrating_versions": At("procedure", get="office", public=_DRAWN),
    "portal:book": At("book", get="*", post="*"),
    "portal:booking_cancel": At("booking", get="citizen", post="citizen"),
    "portal:waiting_board": At("board", get="*"),
    "portal:queue": At("window", get=_DESK, public=_WALL),
    "portal:queue_give": At("window", post=_DESK, public=_WALL),
    "portal:queue_act": At("window_act", post="clerk", public=_WALL),
    "portal:window_edit": At("window", get="chief", post="chief"),
    "portal:window_schedule": At("window", get="chief", post="chief"),
    "portal:bill": At("bill", get="citizen clerk tax"),
    "portal:bill_pay": At("bill", post=""),  # no way of paying is set up
    "portal:bill_back": At("bill", get="citizen clerk tax"),
    "portal:fee_bill": At("bill", get=_PAY),
    "portal:fee_ask": At("bill_ask", post=_PAY),
    "portal:fee_decide": At("bill_decide", post=_PAY),
    "portal:fee_look": At("bill", post=_PAY),
    "portal:fee_take": At("bill", post=_PAY),  # who has a line of it sees the bill again; the verb refuses
    "portal:fee_give_back": At("bill_decide", post=_PAY),
    "portal:fee_refund_retry": At("refund", post=""),  # no refund is on its way
    "portal:fee_refund_stop": At("refund", post="clerk tax labour"),  # each in the list of the own agency's
    "portal:reconciliation": At("reconciliation", get="clerk tax labour office"),  # to each its own part
    "portal:hall_licence": At("licence", get="firm clerk chief"),
    "portal:hall_licence_pdf": At("licence", get="firm clerk chief"),
    "portal:licence": At("licence", get=_DESK),
    "portal:licence_change": At("licence", post=_DESK),
    "portal:licence_pdf": At("licence", get=_DESK),
    "portal:licence_issue": At("unissued", get="clerk chief tax labour", post="clerk chief tax labour"),
    "portal:item_desk": At("item", get=_ITEM),
    "portal:item_guide": At("item", get=_ITEM),
    "portal:item_form": At("item", get=_ITEM),
    "portal:item_effect": At("item", get=_ITEM),
    "portal:item_submit": At("item", post=_ITEM),
    "portal:item_publish": At("item", post=_ITEM),
    "portal:item_return": At("item", get=_ITEM, post=_ITEM),
    "portal:item_withdraw": At("item", get=_ITEM, post=_ITEM),
    "portal:item_discard": At("item", post=_ITEM),
    "portal:item_part": At("part", get="clerk", post="clerk"),
    "portal:item_entry_new": At("part", get="clerk", post="clerk"),
    "portal:item_entry": At("entry", get="clerk", post="clerk"),
}
