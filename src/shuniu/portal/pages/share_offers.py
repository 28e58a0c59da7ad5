"""The catalogue as the reader's agency may use it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.directory.api import agency_names
from shuniu.exchange.grants import api as grants
from shuniu.exchange.grants.api import Offered
from shuniu.exchange.grants.shelf import SIZE, STATEMENTS
from shuniu.portal.shell import desk_page, going, officer
from shuniu.web.declare import Column, Filter, Link, Row, State

STATES = {
    Offered.OWN: State(Offered.OWN.title, "info"),
    Offered.GRANTED: State(Offered.GRANTED.title, "done"),
    Offered.FREE: State(Offered.FREE.title, "info"),
    Offered.CONDITIONAL: State(Offered.CONDITIONAL.title, "waiting"),
    Offered.CLOSED: State(Offered.CLOSED.title, "stopped"),
}


@never_cache
@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """A page of the catalogue (`?show=`, `?after=`) with how each resource stands to the reader's agency."""
    who = officer(request)
    show = request.GET.get("show", "")
    show = show if show in STATEMENTS else ""
    found = grants.offers(actor=who, show=show, after=request.GET.get("after", "")[:200])
    names = agency_names()
    choices = (("", _("全部")), ("usable", _("现在可用")), ("granted", _("已有协议")), ("ask", _("可以申请")))
    context = {
        "filters": (Filter("show", _("情况"), show, choices),),
        "columns": [Column(_("资源")), Column(_("代码"), "code"), Column(_("提供单位")), Column(_("对本单位")), Column(_("协议"))],
        "rows": [
            Row(
                (one.title, one.resource, names.get(one.owner, one.owner), STATES[one.standing], _agreement(one)),
                reverse("portal:resource", args=[one.resource]),
            )
            for one in found
        ],
        "going": going(request, "after", found[-1].resource if len(found) == SIZE else None),
    }  # fmt: skip
    return desk_page(request, "offers", context)


def _agreement(one: grants.Offer) -> Link | None:
    if one.agreement is None:
        return None
    return Link(_("第 %(n)s 号") % {"n": one.agreement}, reverse("portal:agreement", args=[one.agreement]))
