"""Whose is what at the addresses of letters, documents, information, life events and readings: for `test_every_address`."""

from __future__ import annotations

from tests.portal.everyone import READERS, At

_LETTER = "clerk chief box"  # the box's clerks, and the handler and reviewer whom it was sent to
_SORTS = "which sorts of documents there are is nobody's"
_SIGNED_IN = " ".join(one for one in READERS if one != "nobody")

ADDRESSES: dict[str, At] = {
    "portal:letter_public": At("letter", get=""),  # it is not published
    "portal:my_letter": At("own_letter", get="citizen", post="citizen"),
    "portal:letter": At("letter", get=_LETTER),
    "portal:letter_act": At("letter_act", post=_LETTER),
    "portal:document_new": At("sort", get="clerk tax labour", post="clerk tax labour", public=_SORTS),
    "portal:document": At("document", get="clerk chief"),
    "portal:document_edit": At("document", get="clerk", post="clerk"),
    "portal:document_pdf": At("document", get=""),  # it is not signed
    "portal:document_act": At("document_act", post="clerk"),
    "portal:incoming_document": At("incoming", get="tax"),
    "portal:incoming_pdf": At("incoming", get="tax"),
    "portal:incoming_file": At("incoming_file", get=""),  # it came without files
    "portal:document_file": At("document_file", get=""),
    "portal:incoming_act": At("incoming_act", post="tax"),
    "portal:information_case": At("information", get="clerk chief", post="clerk chief"),
    "portal:hall_event": At("event", get="*"),
    "portal:event_begin": At("event", get="*", post="*"),
    "portal:event_file": At("event_draft", get="citizen", post="citizen"),
    "portal:event_case": At("event_case", get="citizen clerk chief"),
    "portal:delegation": At("delegation", get="citizen firm", post="citizen firm"),
    # The form of a question says nothing of the reading; the answer to another's is that there is none (test_readings_pages).
    "portal:reading_why": At("reading", get=_SIGNED_IN, post=_SIGNED_IN),
    "portal:reading_question": At("question", get="office", post="office"),
    "portal:reading_flag": At("flag", get="tax", post="tax"),
    "portal:reading_covert_decide": At("covert", post=""),  # neither who proposed it nor another agency's head
}
