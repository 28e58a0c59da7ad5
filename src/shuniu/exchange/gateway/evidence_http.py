"""The evidence of an answered question over HTTP: a signed GET of the machine that asked, or of the agency that was asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from shuniu.exchange.api.evidence import export_evidence
from shuniu.exchange.gateway.http import only, problem
from shuniu.exchange.gateway.signed_http import sent_by
from shuniu.trust.declare import Refused
from shuniu.trust.evidence import file


@only("GET")
def evidence(request: HttpRequest, number: int) -> HttpResponse:
    """What proves a call, as the file that `shuniu evidence verify` reads; a refusal to whoever was no part of it."""
    try:
        made = export_evidence(actor=sent_by(request).actor, number=number)
    except Refused as refusal:
        return problem(refusal)
    return HttpResponse(file.write(made), content_type="application/json")
