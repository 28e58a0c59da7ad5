"""What is done on the work list itself: many tasks taken, given back or agreed to; what was circulated or is supervised."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shuniu.cases.api import seats
from shuniu.cases.api import tasks as work
from shuniu.portal.pages.case_forms import Naming
from shuniu.portal.pages.case_more import READ, WATCHING
from shuniu.portal.pages.work import show
from shuniu.portal.shell import number as whole
from shuniu.portal.shell import officer, tried
from shuniu.trust.declare import Refused
from shuniu.web.declare import Column, Link, Row, State

_IN_LISTS = {one.key: one for one in (READ, *WATCHING)}


@never_cache
@require_POST
def hand(request: HttpRequest) -> HttpResponse:
    """Take what was ticked, or (`do=release`) give it back with the reason: all or none. `do=agree`: each by itself."""
    if request.POST.get("do") == "agree":
        return _agree(request)
    who, ticked = officer(request), _ticked(request)
    acts: dict[str, tuple[Callable[[], int], str]] = {
        "take": (lambda: work.take_tasks(actor=who, tasks=ticked), _("已领办 %(n)s 项。")),
        "release": (
            lambda: work.release_tasks(actor=who, tasks=ticked, reason=request.POST.get("reason", "")),
            _("已退领 %(n)s 项，其他人可以领办。"),
        ),
    }
    act, said = acts["release" if request.POST.get("do") == "release" else "take"]
    try:
        messages.success(request, said % {"n": act()})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_back(request))


def _agree(request: HttpRequest) -> HttpResponse:
    """What became of each; sent again, the page only says that it is done already."""
    try:
        done = work.agree_each(actor=officer(request), tasks=_ticked(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(_back(request))
    went = sum(one.refusal is None for one in done)
    context = {
        "heading": _("批量办理结果：办成 %(n)s 件，未办成 %(m)s 件") % {"n": went, "m": len(done) - went},
        "columns": [Column(_("事项")), Column(_("办件编号")), Column(_("结果")), Column(_("原因和下一步"))],
        "rows": [
            Row(
                (
                    one.title, one.number,
                    State(_("已同意"), "done") if one.refusal is None else State(_("未办成"), "stopped"),
                    str(one.refusal or ""),
                ),
                reverse("portal:case", args=[one.number]),
            )
            for one in sorted(done, key=lambda one: one.refusal is None)
        ],
        "back": Link(_("回到待办"), _back(request)),
    }  # fmt: skip
    return show(request, "waiting", context, "work_agreed")


def _back(request: HttpRequest) -> str:
    query = QueryDict(request.POST.get("back", "")).urlencode()
    return f"{reverse('portal:work')}?{query}" if query else reverse("portal:work")


def _ticked(request: HttpRequest) -> list[tuple[int, int]]:
    pairs = (key.partition("-") for key in request.POST.getlist("task"))
    return [(whole(case), whole(seat)) for case, _dash, seat in pairs]


@never_cache
@require_POST
def watch(request: HttpRequest, key: str) -> HttpResponse:
    """Confirm, urge or let go a case in the lists of what was circulated to the reader and of what he supervises."""
    who, one = officer(request), _IN_LISTS.get(key)
    if one is None:
        raise Http404
    form = one.kind(request.POST)
    try:
        form.is_valid()  # a note may be left out: nothing here can be wrong
        one.does(who, request.POST.get("number", ""), form)
        messages.success(request, _(one.said))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("portal:work_circulated" if one is READ else "portal:work_supervised")


@never_cache
@require_POST
def supervise(request: HttpRequest) -> HttpResponse:
    """Supervise a case by its number; a refusal comes back in the form, with what was typed."""
    who, form = officer(request), Naming(request.POST)
    if form.is_valid() and tried(form, lambda: seats.supervise(actor=who, **form.cleaned_data)) is not None:
        messages.success(request, _("已列入督办，并通知办理人。"))
        return redirect("portal:work_supervised")
    return show(request, "supervised", {"form": form}, status=422)
