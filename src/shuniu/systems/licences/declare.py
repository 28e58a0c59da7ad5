"""The licence types of the demonstration province, one line each in `types.json`.

A type's code begins with the unified social credit code of whoever defined it (GB/T 36904-2018). The national
definers' codes could not be verified, so the province's own agencies stand there; an instance declares its own types.
`fields` name questions of the issuing item's form, or `name` and `code` of the holder; what was not asked is not printed.
"""

from __future__ import annotations

from importlib.resources import files

from pydantic import TypeAdapter

from shuniu.cases.api import licences
from shuniu.cases.declare.licence import LicenceType

_TYPES = TypeAdapter(tuple[LicenceType, ...])

TYPES = _TYPES.validate_json((files(__package__) / "types.json").read_text(encoding="utf-8"))
"""Every type by declaration order; keys are what service items and materials name."""

BY_KEY = {one.key: licences.register(one) for one in TYPES}
