"""What `identifiers` and `text` do for one value, done for whole Polars columns; and the readers of cells."""

from __future__ import annotations

from shuniu.base.columns.codes import (
    normalise_code,
    organisation_code_ok,
    registration_number_ok,
    resident_id_ok,
    uscc_ok,
)
from shuniu.base.columns.names import legal_name_key, person_name_key
from shuniu.base.columns.values import (
    bool_text,
    date_text,
    datetime_text,
    normalise_text,
    parse_amount,
    parse_bool,
    parse_date,
    parse_datetime,
    parse_number,
)

__all__ = [
    "bool_text",
    "date_text",
    "datetime_text",
    "legal_name_key",
    "normalise_code",
    "normalise_text",
    "organisation_code_ok",
    "parse_amount",
    "parse_bool",
    "parse_date",
    "parse_datetime",
    "parse_number",
    "person_name_key",
    "registration_number_ok",
    "resident_id_ok",
    "uscc_ok",
]
