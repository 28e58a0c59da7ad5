"""The yearly review of rights: each agency's list, decided line by line; all agencies' for the province, the overdue first."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.directory import api as directory
from shuniu.directory.declare import RIGHT_KINDS, ROLES, ReviewedRight, ReviewView
from shuniu.portal.shell import desk_page, officer
from shuniu.portal.shell import number as whole
from shuniu.trust.declare import Refused
from shuniu.web.declare import Column, Link, Row, State


@never_cache
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """The reviews that the reader may see, those that wait first."""
    found = directory.list_reviews(actor=officer(request))
    context: dict[str, object] = {
        "overdue": sum(one.overdue for one in found),
        "columns": [
            Column(_("编号"), "number"), Column(_("单位")), Column(_("状态")), Column(_("生成日期"), "day"),
            Column(_("期限"), "day"), Column(_("待核查"), "number"), Column(_("全部"), "number"), Column(_("完成"), "day"),
        ],
        "rows": [_row(one) for one in found],
        "export": _("权限核查"),
    }  # fmt: skip
    return desk_page(request, "rights_reviews", context)


def _row(one: ReviewView) -> Row:
    cells = (
        one.number, one.agency_name, _state(one), one.opened, one.due, one.undecided, one.lines, one.finished,
    )  # fmt: skip
    return Row(cells, reverse("portal:rights_review", args=[one.number]))


def _state(one: ReviewView) -> State:
    if one.finished is not None:
        return State(_("已完成"), "done")
    return State(_("逾期"), "stopped") if one.overdue else State(_("核查中"), "waiting")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, number: int) -> HttpResponse:
    """One review: what waits, to be kept or ended by somebody else than its holder, and all lines; a file when finished."""
    who = officer(request)
    if request.method == "POST":
        try:
            chosen = [whole(one) for one in request.POST.getlist("line")]
            keep = request.POST.get("act") == "keep"
            left = directory.decide_review(actor=who, number=number, lines=chosen, keep=keep)
            messages.success(request, _("已核查 %(n)s 行，还有 %(left)s 行。") % {"n": len(chosen), "left": left})
        except Refused as refusal:
            if refusal.rule not in ("review.lines", "review.own", "review.gone", "directory.administrator"):
                raise
            messages.error(request, str(refusal))
        return redirect("portal:rights_review", number=number)
    found = directory.read_review(actor=who, number=number)
    waiting = [one for one in found.lines if not one.decision]
    context: dict[str, object] = {
        "crumbs": [Link(_("权限核查"), reverse("portal:rights_reviews"))],
        "view": found.view, "state": _state(found.view),
        "waiting": [(one, _words(one)) for one in waiting if not one.own],
        "own": sum(one.own for one in waiting),
        "columns": [
            Column(_("姓名")), Column(_("类别")), Column(_("名称")), Column(_("角色")), Column(_("辖区")), Column(_("自"), "day"),
            Column(_("到（不含）"), "day"), Column(_("最近使用")), Column(_("职责不相容")), Column(_("核查结果")),
            Column(_("谁核查")), Column(_("何时"), "day"),
        ],
        "rows": [_line(one) for one in found.lines],
        "export": _("权限核查-%(agency)s") % {"agency": found.view.agency_name} if found.view.finished else "",
    }  # fmt: skip
    return desk_page(request, "rights_review", context)


def _words(one: ReviewedRight) -> str:
    """A waiting line as its box says it: whose, what, and for how long it has lain unused."""
    role = _role(one)
    title = _("%(title)s（%(role)s）") % {"title": _(one.title), "role": role} if role else _(one.title)
    said = _("%(name)s：%(kind)s“%(title)s”，%(used)s") % {
        "name": one.holder, "kind": _(RIGHT_KINDS[one.kind]), "title": title, "used": _used(one),
    }  # fmt: skip
    return (
        _("%(said)s；职责不相容：%(conflicts)s") % {"said": said, "conflicts": _conflicts(one)}
        if one.conflicts
        else said
    )


def _conflicts(one: ReviewedRight) -> str:
    """Which other posts of the same person the right must be kept apart from, and why."""
    return _("；").join(_("与“%(role)s”：%(why)s") % {"role": _(role), "why": _(why)} for role, why in one.conflicts)


def _used(one: ReviewedRight) -> str:
    if one.kind == "certificate":
        return _("使用情况见证书页")
    if one.last_used is None:
        return _("没有使用记录")
    days = (timezone.localdate() - timezone.localdate(one.last_used)).days
    return _("%(n)s 天前用过") % {"n": days} if days else _("今天用过")


def _role(one: ReviewedRight) -> str:
    role = ROLES.get(one.role)
    return "" if role is None or role.title == one.title else _(role.title)


def _line(one: ReviewedRight) -> Row:
    decided = {
        "": State(_("待核查"), "waiting"), "kept": State(_("保留"), "done"), "ended": State(_("终止"), "stopped"),
    }  # fmt: skip
    role = ROLES.get(one.role)
    return Row((
        one.holder, _(RIGHT_KINDS[one.kind]), _(one.title), _(role.title) if role else "", _("、").join(one.regions), one.since,
        one.until, _used(one), _conflicts(one), decided[one.decision], one.decided_by, one.decided,
    ))  # fmt: skip


urlpatterns = [
    path("desk/rights/reviews/", reviews, name="rights_reviews"),
    path("desk/rights/reviews/<int:number>/", review, name="rights_review"),
]
