"""The evidence of an answered question over HTTP: a signed GET of the machine that asked, or of the agency that was asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from shuniu.directory.session import origin
from shuniu.exchange.api.evidence import export_evidence
from shuniu.exchange.gateway.authentic import message_of
from shuniu.exchange.gateway.files_http import asker
from shuniu.exchange.gateway.http import only, problem
from shuniu.trust.declare import Refused
from shuniu.trust.evidence import file


@only("GET")
def evidence(request: HttpRequest, number: int) -> HttpResponse:
    """What proves a call, as the file that `shuniu evidence verify` reads; a refusal to whoever was no part of it."""
    try:
        actor, *_ = asker(message_of(request), origin(request))
        made = export_evidence(actor=actor, number=number)
    except Refused as refusal:
        return problem(request, refusal)
    return HttpResponse(file.write(made), content_type="application/json")
