"""Nouns of cases: the service item with its form, materials, fees, terms and results, each declared and frozen."""

from __future__ import annotations

from shuniu.cases.declare.bundle import Branch, Bundle, ItemFault, Need, PublishedBundle, PublishedItem
from shuniu.cases.declare.effect import Application, Effect
from shuniu.cases.declare.fee import FeeLine
from shuniu.cases.declare.form import Form, Page, Prefill, Question
from shuniu.cases.declare.licence import LicenceState
from shuniu.cases.declare.material import ByFact, ByLicence, ByUpload, Material, Satisfier
from shuniu.cases.declare.service import (
    Audience,
    Basis,
    PayBefore,
    Result,
    ServiceItem,
    ServiceKind,
    ServiceStage,
    Special,
    Step,
)

__all__ = [
    "Application",
    "Audience",
    "Basis",
    "Branch",
    "Bundle",
    "ByFact",
    "ByLicence",
    "ByUpload",
    "Effect",
    "FeeLine",
    "Form",
    "ItemFault",
    "LicenceState",
    "Material",
    "Need",
    "Page",
    "PayBefore",
    "Prefill",
    "PublishedBundle",
    "PublishedItem",
    "Question",
    "Result",
    "Satisfier",
    "ServiceItem",
    "ServiceKind",
    "ServiceStage",
    "Special",
    "Step",
]
