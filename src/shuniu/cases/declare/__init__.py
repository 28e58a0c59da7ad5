"""Nouns of cases: the service item with its form, materials, fees, terms and results, each declared and frozen."""

from __future__ import annotations

from shuniu.cases.declare.fee import FeeLine
from shuniu.cases.declare.form import Answers, Form, Page, Prefill, Question
from shuniu.cases.declare.licence import LicenceState, LicenceType
from shuniu.cases.declare.material import ByFact, ByLicence, ByUpload, Material, Satisfier
from shuniu.cases.declare.service import Basis, ServiceItem, ServiceStage, Special

__all__ = [
    "Answers",
    "Basis",
    "ByFact",
    "ByLicence",
    "ByUpload",
    "FeeLine",
    "Form",
    "LicenceState",
    "LicenceType",
    "Material",
    "Page",
    "Prefill",
    "Question",
    "Satisfier",
    "ServiceItem",
    "ServiceStage",
    "Special",
]
