"""Two questions before a form's own: in whose name, and whether what the registers hold may be taken from them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shuniu.cases.api import draft_facts, drafts
from shuniu.cases.declare.draft import DraftView, Ground
from shuniu.directory.session import actor
from shuniu.portal.hall.apply_forms import Naming
from shuniu.portal.hall.apply_parts import crumbs, seen
from shuniu.portal.shell import tried
from shuniu.web.declare import Column, Row

_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@_read_or_post
def whom(request: HttpRequest, draft: int) -> HttpResponse:
    """Ask in whose name, on what ground, and say what will have to prove it."""
    who = actor(request)
    found = drafts.view(actor=who, draft=draft)
    form = Naming(
        draft_facts.grounds(who), draft_facts.account_kind(who), draft_facts.delegations(who, found.item), request.POST or None,
        initial=_initial(found),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        done = tried(
            form, lambda: draft_facts.name_applicant(actor=who, draft=draft, whom=form.whom, seen=seen(request))
        )
        if done is not None:
            if done.acting is not None and done.acting.proof:
                messages.info(request, _("提交材料时须附%(proof)s。") % {"proof": _(done.acting.ground.proof_title)})
            return redirect("portal:draft", draft=draft)
    context = {"it": found, "form": form, "crumbs": crumbs(found)}
    status = 422 if request.method == "POST" else 200
    return render(request, "portal/hall/apply/whom.html.jinja", context, status=status)


def _initial(found: DraftView) -> dict[str, str]:
    if found.acting is None or found.applicant is None:
        return {}
    under = found.acting.delegation
    named = (found.acting.ground is not Ground.OWN and under is None) or account_is_counter(found)
    ground = found.acting.ground.value or "own"
    return {
        "ground": ground if under is None else f"{ground}:{under}", "kind": found.applicant.kind, "by": found.acting.name,
        "name": found.applicant.name if named else "",
    }  # fmt: skip


def account_is_counter(found: DraftView) -> bool:
    """Whether a draft is made at the counter, where the applicant is always named."""
    return found.channel == drafts.COUNTER


@never_cache
@_read_or_post
def prefill(request: HttpRequest, draft: int) -> HttpResponse:
    """Say exactly what would be taken, from which register of which agency; and ask."""
    who = actor(request)
    found = drafts.view(actor=who, draft=draft)
    if request.method == "POST":
        consent = request.POST.get("consent") == "yes"
        done = draft_facts.prefill(actor=who, draft=draft, consent=consent, seen=seen(request))
        if consent:
            said = _("已调取 %(n)s 项，请在核对时看清；其余的请自己填写。")
            messages.success(request, said % {"n": len(done.prefilled)})
        return redirect("portal:draft", draft=draft)
    columns = [Column(_("填入")), Column(_("调取的信息项")), Column(_("来自")), Column(_("能否修改"))]
    rows = [
        Row((
            one.title, one.item_title, f"{one.agency_name} · {one.resource_title}",
            _("可以修改") if one.prefill.changeable else _("以登记的为准"),
        ))
        for one in found.offers
    ]  # fmt: skip
    context = {"it": found, "crumbs": crumbs(found), "columns": columns, "rows": rows}
    return render(request, "portal/hall/apply/prefill.html.jinja", context)
