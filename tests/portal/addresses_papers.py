"""Whose is what at the addresses of letters, documents, information, life events and readings: for `test_every_address`."""

from __future__ import annotations

from tests.portal.everyone import READERS, At

_LETTER = "clerk chief box"  # the box's clerks, and the handler and reviewer whom it was sent to
_SIGNED_IN = " ".join(one for one in READERS if one != "nobody")

ADDRESSES: dict[str, At] = {
    "portal:letter_public": At("letter", get=""),  # it is not published
    "portal:letter": At("letter", get=_LETTER),
    "portal:letter_act": At("letter_act", post=_LETTER),
    "portal:document_new": At("sort", get="clerk tax labour", post="clerk tax labour", known=True),
    # That there is a document of a number is said to every officer, nothing of it but to its agencies.
    "portal:document": At("document", get="clerk chief", known=True),
    "portal:document_edit": At("document", get="clerk", post="clerk", known=True),
    "portal:document_pdf": At("document", get="", known=True),  # it is not signed
    "portal:document_act": At("document_act", post="clerk", known=True),
    "portal:incoming_document": At("incoming", get="tax", known=True),
    "portal:incoming_pdf": At("incoming", get="tax", known=True),
    "portal:incoming_file": At("incoming_file", get="", known=True),  # it came without files
    "portal:document_file": At("document_file", get="", known=True),
    "portal:incoming_act": At("incoming_act", post="tax", known=True),
    "portal:information_case": At("information", get="clerk chief", post="clerk chief"),
    "portal:hall_event": At("event", get="*", known=True),
    "portal:event_begin": At("event", get="*", post="*", known=True),
    "portal:event_file": At("event_draft", get="citizen", post="citizen"),
    "portal:event_case": At("event_case", get="citizen clerk chief"),
    "portal:delegation": At("delegation", get="citizen firm", post="citizen firm"),
    # The form of a question says nothing of the reading; the answer to another's is that there is none (test_readings_pages).
    "portal:reading_why": At("reading", get=_SIGNED_IN, post=_SIGNED_IN),
    "portal:reading_question": At("question", get="office", post="office"),
    "portal:reading_flag": At("flag", get="tax", post="tax"),
    "portal:reading_covert_decide": At("covert", post=""),  # neither who proposed it nor another agency's head
}
