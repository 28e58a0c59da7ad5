"""Tables of cases, a file for each part of the engine. Private to it."""

from __future__ import annotations

from shuniu.cases.models.bills import Bill, BillEvent, BillLine, PayOrder, Reconciliation
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
from shuniu.cases.models.licences import Licence, LicenceEvent
from shuniu.cases.models.uploads import CaseMaterial, Upload

__all__ = [
    "Bill",
    "BillEvent",
    "BillLine",
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
    "Licence",
    "LicenceEvent",
    "NumberSeries",
    "PayOrder",
    "Reconciliation",
    "Upload",
    "VoidNumber",
]
