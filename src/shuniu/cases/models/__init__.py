"""Tables of cases, a file for each part of the engine. Private to it."""

from __future__ import annotations

from shuniu.cases.models.bills import Bill, BillEvent, BillLine, PayOrder, Reconciliation
from shuniu.cases.models.bundling import BundleDraft
from shuniu.cases.models.cases import Case, Decision
from shuniu.cases.models.documents import (
    Dispatch,
    DispatchChase,
    DispatchReceipt,
    Document,
    DocumentVersion,
    GivenNumber,
    NumberSeries,
    VoidNumber,
)
from shuniu.cases.models.drafts import Draft, FrozenForm, KeptPage
from shuniu.cases.models.items import ItemStamp, ItemVersion
from shuniu.cases.models.letters import Letter, LetterAccused, LetterPart, LetterRating, LetterWriter
from shuniu.cases.models.licences import Licence, LicenceEvent
from shuniu.cases.models.ratings import Rating, RatingAside, RatingText, Rectification
from shuniu.cases.models.uploads import CaseMaterial, Upload

__all__ = [
    "Bill",
    "BillEvent",
    "BillLine",
    "BundleDraft",
    "Case",
    "CaseMaterial",
    "Decision",
    "Dispatch",
    "DispatchChase",
    "DispatchReceipt",
    "Document",
    "DocumentVersion",
    "Draft",
    "FrozenForm",
    "GivenNumber",
    "ItemStamp",
    "ItemVersion",
    "KeptPage",
    "Letter",
    "LetterAccused",
    "LetterPart",
    "LetterRating",
    "LetterWriter",
    "Licence",
    "LicenceEvent",
    "NumberSeries",
    "PayOrder",
    "Rating",
    "RatingAside",
    "RatingText",
    "Reconciliation",
    "Rectification",
    "Upload",
    "VoidNumber",
]
