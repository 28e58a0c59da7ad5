"""What the gateway asks of a case that a question names as its purpose: whom it is about."""

from __future__ import annotations

from shuniu.exchange.gateway.declare import SUBJECT_OF

SUBJECT_OF["case"] = b"select applicant from cases_case where number = %s"
