"""Tables of cases, a file for each part of the engine. Private to it."""

from __future__ import annotations

from shuniu.cases.models.appointments import Booking, QueueNumber, ServiceWindow, WindowSchedule
from shuniu.cases.models.bills import Bill, BillEvent, BillLine, PayOrder, Reconciliation, RefundTry
from shuniu.cases.models.bundling import BundleDraft
from shuniu.cases.models.cases import Case, Decision
from shuniu.cases.models.documents import (
    Dispatch,
    DispatchChase,
    DispatchReceipt,
    Document,
    DocumentCode,
    DocumentVersion,
    GivenNumber,
    NumberSeries,
    Signing,
    TaskGrade,
    VoidNumber,
)
from shuniu.cases.models.drafts import Draft, FrozenForm
from shuniu.cases.models.items import ItemStamp, ItemVersion
from shuniu.cases.models.letters import Letter, LetterAccused, LetterPart, LetterRating, LetterWriter
from shuniu.cases.models.licences import Licence, LicenceEvent
from shuniu.cases.models.postal import Handover, HandoverEvent
from shuniu.cases.models.ratings import Rating, RatingAside, RatingLink, RatingText, Rectification
from shuniu.cases.models.successions import Succession
from shuniu.cases.models.timing import Extension, SpecialTime
from shuniu.cases.models.uploads import CaseMaterial, Upload

__all__ = [
    "Bill",
    "BillEvent",
    "BillLine",
    "Booking",
    "BundleDraft",
    "Case",
    "CaseMaterial",
    "Decision",
    "Dispatch",
    "DispatchChase",
    "DispatchReceipt",
    "Document",
    "DocumentCode",
    "DocumentVersion",
    "Draft",
    "Extension",
    "FrozenForm",
    "GivenNumber",
    "Handover",
    "HandoverEvent",
    "ItemStamp",
    "ItemVersion",
    "Letter",
    "LetterAccused",
    "LetterPart",
    "LetterRating",
    "LetterWriter",
    "Licence",
    "LicenceEvent",
    "NumberSeries",
    "PayOrder",
    "QueueNumber",
    "Rating",
    "RatingAside",
    "RatingLink",
    "RatingText",
    "Reconciliation",
    "Rectification",
    "RefundTry",
    "ServiceWindow",
    "Signing",
    "SpecialTime",
    "Succession",
    "TaskGrade",
    "Upload",
    "VoidNumber",
    "WindowSchedule",
]
