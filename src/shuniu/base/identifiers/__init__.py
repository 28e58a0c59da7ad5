"""Identifiers of persons and legal persons: kinds, canonical values, check digits, parts."""

from __future__ import annotations

from shuniu.base.errors import Problem
from shuniu.base.identifiers.checks import (
    UsccParts,
    licence_id_valid,
    mod_37_36_check_digit,
    organisation_check_digit,
    organisation_code_valid,
    region_code_valid,
    region_level,
    registration_check_digit,
    registration_number_valid,
    resident_birth_date,
    resident_check_digit,
    resident_id_upgraded,
    resident_id_valid,
    resident_sex,
    uscc_check_digit,
    uscc_parts,
    uscc_valid,
)
from shuniu.base.identifiers.kinds import (
    IdentifierKind,
    clean,
    normalise,
    region_warning,
    tax_number_readings,
    tax_number_resident_id,
)

__all__ = [
    "IdentifierKind",
    "Problem",
    "UsccParts",
    "clean",
    "licence_id_valid",
    "mod_37_36_check_digit",
    "normalise",
    "organisation_check_digit",
    "organisation_code_valid",
    "region_code_valid",
    "region_level",
    "region_warning",
    "registration_check_digit",
    "registration_number_valid",
    "resident_birth_date",
    "resident_check_digit",
    "resident_id_upgraded",
    "resident_id_valid",
    "resident_sex",
    "tax_number_readings",
    "tax_number_resident_id",
    "uscc_check_digit",
    "uscc_parts",
    "uscc_valid",
]
