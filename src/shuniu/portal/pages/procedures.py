"""The procedures that cases go through, each drawn and to be taken away as BPMN; where one case stands on its own."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.directory.api import agency_names
from shuniu.directory.session import actor
from shuniu.portal.clocks import clock
from shuniu.portal.figures import figure, lane_title
from shuniu.portal.shell import desk_page, download, paged
from shuniu.procedures import api
from shuniu.procedures.declare import OUTCOME_TITLES, Procedure
from shuniu.procedures.drawing.bpmn import MIME, bpmn
from shuniu.procedures.drawing.sketch import row
from shuniu.web.declare import Link, State

_A_PAGE = 10


@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """Every procedure under which cases can be opened, drawn; how matters are decided is no secret."""
    known = [api.PROCEDURES[key] for key in sorted(api.PROCEDURES)]
    shown, paging = paged(request, known, _A_PAGE)
    figures = [(one, figure(f"p{number}", one)) for number, one in enumerate(shown)]
    return desk_page(request, "procedures", {"figures": figures, "paging": paging})


def _known(key: str) -> Procedure:
    if key not in api.PROCEDURES:
        raise Http404(_("没有程序“%(key)s”。") % {"key": key})
    return api.PROCEDURES[key]


@require_safe
def procedure(request: HttpRequest, key: str) -> HttpResponse:
    """One procedure: its drawing, the same in a table, and the file."""
    it = _known(key)
    context = {"it": it, "figure": figure("p", it), "crumbs": [_crumb()]}
    return desk_page(request, "procedure", context)


@require_safe
def bpmn_file(request: HttpRequest, key: str) -> HttpResponse:
    """The procedure as BPMN 2.0, for an ordinary modeller."""
    it = _known(key)
    lanes = {row(stage): lane_title(row(stage)) for stage in it.stages}
    return download(bpmn(it, lanes), f"{_(it.title)}-v{it.version}.bpmn", MIME)


def _crumb() -> Link:
    return Link(_("办理程序"), reverse("portal:procedures"))


@never_cache
@require_safe
def case_place(request: HttpRequest, number: int) -> HttpResponse:
    """Where one case stands on its procedure: who has answered, who holds it, what is still to come."""
    case, log = api.read_place(actor=actor(request), case=number)
    names = agency_names()
    context = {
        "case": case,
        "state": State(OUTCOME_TITLES[case.outcome], "waiting" if not case.outcome else "done"),
        "clock": clock(case, names),
        "figure": figure("c", case.procedure, case=case, log=log, names=names),
        "crumbs": [_crumb(), Link(_(case.procedure.title), reverse("portal:procedure", args=[case.procedure.key]))],
    }
    return desk_page(request, "procedure_case", context)
