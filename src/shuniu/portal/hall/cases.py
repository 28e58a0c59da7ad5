"""One's own cases: the list, each on one page, the receipt, a correction, taking it back."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.cases.api import fees, filing, items, licences, specials, terms
from shuniu.cases.declare.case import CaseState, CaseView
from shuniu.cases.declare.material import How
from shuniu.cases.declare.timing import Answered
from shuniu.directory.api import agency_names
from shuniu.directory.session import actor
from shuniu.portal.clocks import due_cell
from shuniu.portal.hall import case_parts as shared
from shuniu.portal.hall.case_filing import case_crumbs
from shuniu.portal.hall.matters import columns as other_columns
from shuniu.portal.hall.matters import matters
from shuniu.portal.hall.pay import yuan
from shuniu.portal.shell import SIZE, going, own_page, tried
from shuniu.procedures.declare import CORRECTION
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Link, Row
from shuniu.web.forms import PlainForm
from shuniu.web.templates import write_term

_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own cases, the newest first."""
    names = agency_names()
    found = filing.list_own(actor=actor(request), before=request.GET.get("before", "")[:60], most=SIZE + 1)
    columns = [Column(_("事项")), Column(_("申请人")), Column(_("受理单位")), Column(_("状态")),
               Column(_("提交"), "day"), Column(_("应办结"), "day"), Column(_("办件编号"), "code")]  # fmt: skip
    rows = [
        Row(
            (one.title, one.applicant, names.get(one.agency, one.agency), shared.standing(one.state, one.result), one.filed_at,
             due_cell(one.due) if one.state.running else None, one.number),
            reverse("portal:my_case", args=[one.number]),
        )
        for one in found[:SIZE]
    ]  # fmt: skip
    lacking = [
        Link(one.title, reverse("portal:my_case", args=[one.number]))
        for one in found[:SIZE]
        if one.state is CaseState.CORRECTING
    ]
    context = {
        "columns": columns, "rows": rows, "lacking": lacking, "others": matters(actor(request)), "other_columns": other_columns(),
        "going": going(request, "before", found[SIZE - 1].number if len(found) > SIZE else None),
    }  # fmt: skip
    return own_page(request, "cases", context)


def _own(request: HttpRequest, number: str) -> CaseView:
    """One's own case; an officer's view of a case is the desk's."""
    found = filing.read_case(actor=actor(request), number=number)
    if not found.own:
        raise Http404
    return found


@never_cache
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """That an application was received: its number, what happens next, and by when."""
    it = _own(request, number)
    if "/" not in it.item:
        return redirect("portal:event_case", number=number)
    item = items.version(it.item, it.version).item
    term = None if item.on_the_spot else item.promised or item.statutory
    first = [one.due for one in shared.holders(it, {})]
    context = {
        "it": it, "due": first[0] if first else None, "decided": write_term(term) if term else "", "item": item,
        "crumbs": case_crumbs(it),
    }  # fmt: skip
    return render(request, "portal/hall/case_receipt.html.jinja", context)


@never_cache
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case: who holds it since when, what is missing, what is due when and why, what happened, what was decided."""
    who = actor(request)
    found = filing.read_case(actor=who, number=number)
    if not found.own:
        return redirect("portal:case", number=number)
    if "/" not in found.item:  # a life event has a page of its own
        return redirect("portal:event_case", number=number)
    held, timing = shared.papers(who, found), specials.read_timing(actor=who, number=number)
    issued = licences.licences(actor=who) if who.may("cases.read_licences") and found.decision else []
    correcting = found.state is CaseState.CORRECTING
    context = {
        "it": found, "state": shared.standing(found.state),
        "holders": shared.holders(found, agency_names()),
        "missing": _missing(who, found, held),
        "asked": shared.asked_to_correct(found) if correcting else "",
        **shared.clock_table(found, who.may("cases.explain_due"), own=True),
        "pauses": shared.pauses(timing),
        "extended": next((one for one in timing.asked if one.state is Answered.APPROVED), None),
        "events": shared.history(found, inside=False), "answers": shared.answers(found), "papers": held,
        "paper_columns": shared.paper_columns(),
        "licences": [one for one in issued if one.case == number],
        "bill": found.bill if who.may("cases.read_bill") else "",
        "crumbs": case_crumbs(found)[:1],
        "facts": _facts(found),
        "silent": terms.silence(found),
    }  # fmt: skip
    return render(request, "portal/hall/case.html.jinja", context)


def _facts(it: CaseView) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = [
        (_("状态"), shared.standing(it.state, it.decision.words if it.decision else "")),
        (_("受理单位"), it.agency_name),
        (_("申请人"), it.applicant),
        (_("办理身份"), it.acting if it.acting.strip() else ""),
        (_("提交时间"), it.filed_at),
        (_("受理时间"), it.accepted_at),
        (_("办结时间"), it.ended_at),
    ]
    return [row for row in rows if row[1]]


def _missing(who: Actor, it: CaseView, held: list[shared.Paper]) -> list[tuple[str, Link | None]]:
    """What the applicant still owes, each with the way to it."""
    if not it.state.running:
        return []
    found: list[tuple[str, Link | None]] = []
    if any(one.kind == CORRECTION for one in it.matter.state.suspensions):
        found.append((_("按要求补正"), Link(_("提交补正"), reverse("portal:case_correct", args=[it.number]))))
    found += [
        (one.title, Link(_("补交"), one.hand_in)) for one in held if one.at.how is How.LATER and one.hand_in
    ]  # fmt: skip
    if it.bill and who.may("cases.read_bill"):
        bill = fees.read_bill(actor=who, number=it.bill)
        if bill.due:
            words = _("缴费 %(amount)s") % {"amount": yuan(bill.due)}
            found.append((words, Link(_("去缴费"), reverse("portal:bill", args=[it.bill]))))
    return found


class Correcting(PlainForm):
    """That what was asked for has been done."""

    note = forms.CharField(
        label=gettext_lazy("补正说明"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("改了哪里、补了什么。要补交文件的，先在上面逐份补交。"),
    )  # fmt: skip


class Withdrawing(PlainForm):
    """Why an application is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("撤回理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("例如“不再开店”。撤回后要再办，须重新申请。"),
    )  # fmt: skip


@never_cache
@_read_or_post
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Hand a correction in: what was asked for, each material with the way to hand it in, a note."""
    who, it = actor(request), _own(request, number)
    form = Correcting(request.POST) if request.method == "POST" else Correcting()
    done = _step(request, it, form, lambda: filing.correct(actor=who, number=number, note=form.cleaned_data["note"]))
    if done is not None:
        messages.success(request, _("补正已提交，%(agency)s会继续办理。") % {"agency": it.agency_name})
        return done
    context = {
        "it": it, "form": form, "asked": shared.asked_to_correct(it), "crumbs": case_crumbs(it),
        "paper_columns": shared.paper_columns(),
        "papers": [one for one in shared.papers(who, it) if one.hand_in],
        "open": it.state is CaseState.CORRECTING,
    }  # fmt: skip
    return render(request, "portal/hall/case_correct.html.jinja", context, status=422 if form.errors else 200)


@never_cache
@_read_or_post
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take an application back, after being asked why."""
    who, it = actor(request), _own(request, number)
    form = Withdrawing(request.POST) if request.method == "POST" else Withdrawing()
    done = _step(
        request, it, form, lambda: filing.withdraw(actor=who, number=number, reason=form.cleaned_data["reason"])
    )
    if done is not None:
        messages.success(request, _("申请已撤回。"))
        return done
    context = {"it": it, "form": form, "crumbs": case_crumbs(it), "open": it.state.running}
    return render(request, "portal/hall/case_withdraw.html.jinja", context, status=422 if form.errors else 200)


def _step(
    request: HttpRequest, it: CaseView, form: PlainForm, act: Callable[[], CaseView]
) -> HttpResponse | None:  # fmt: skip
    """Back to the case when it is done; None while the form is still to be shown."""
    if request.method == "POST" and form.is_valid() and tried(form, act) is not None:
        return redirect("portal:my_case", number=it.number)
    return None
