"""Holiday tables: a year's is entered, what it would move is looked at, then it is applied or withdrawn."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuniu.base.calendar import DayKind
from shuniu.directory.session import actor
from shuniu.portal.shell import SIZE, desk_page, going, tried
from shuniu.portal.shell import number as whole
from shuniu.procedures.calendars import api
from shuniu.procedures.calendars.declare import Difference, Move, Recounted, Standing, Table
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Link, Row, State, Value
from shuniu.web.forms import PlainForm


def _state(standing: Standing) -> State:
    """Where a table stands; a withdrawn one has a word of its own, as an account that is closed is no table."""
    match standing:
        case Standing.DRAFT:
            return State(_("未启用"), "waiting")
        case Standing.IN_FORCE:
            return State(_("使用中"), "done")
        case Standing.WITHDRAWN:
            return State(pgettext("holiday table", "已停用"), "none")


class Notice(PlainForm):
    """One year's table as its notice orders it."""

    year = forms.IntegerField(label=gettext_lazy("年份"), help_text=gettext_lazy("例如 2027"))
    region = forms.CharField(
        label=gettext_lazy("区划代码"), required=False, max_length=12,
        help_text=gettext_lazy("全国的表留空；自治州等地方节日填本地区划代码，例如 433100。"),
    )  # fmt: skip
    source = forms.CharField(
        label=gettext_lazy("来源"),
        max_length=200,
        help_text=gettext_lazy("通知的名称和文号，例如 国办发明电〔2026〕7号"),
    )
    confirmed = forms.BooleanField(
        label=gettext_lazy("已按正式通知核对"), required=False,
        help_text=gettext_lazy("没有正式通知的预排表不勾选：到期日仍标为暂定。"),
    )  # fmt: skip
    lines = forms.CharField(
        label=gettext_lazy("日期"), strip=True, widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "首行是表头，其后每行一天：日期,类别,名称。"
            "类别 holiday 为放假，work 为调休上班；只写与周末规则不同的日子和节日。"
        ),
    )  # fmt: skip


@never_cache
@require_safe
def holidays(request: HttpRequest) -> HttpResponse:
    """All tables, the years that are published, and the last recounts."""
    _check(actor(request))
    context = {
        "published": api.published_years(),
        "columns": [Column(_("年份")), Column(_("范围")), Column(_("来源")), Column(_("状态")), Column(_("录入"))],
        "rows": [_table(one) for one in api.holiday_tables()],
        "recounts": [Column(_("时间")), Column(_("原因")), Column(_("在办时限"), "number"), Column(_("变动"), "number"),
                     Column(_("操作人"))],
        "recount_rows": [_recount(one) for one in api.recounts()],
    }  # fmt: skip
    return desk_page(request, "holidays", context)


def _table(one: Table) -> Row:
    cells = (
        _("%(y)s 年（第 %(n)s 号）") % {"y": one.year, "n": one.number}, one.region or _("全国"), one.source,
        _state(one.standing), one.saved_by_name,
    )  # fmt: skip
    return Row(cells, reverse("portal:holiday", args=[one.number]))


def _recount(one: Recounted) -> Row:
    cells = (one.at, _cause(one), one.clocks, one.moved, one.person_name)
    return Row(cells, reverse("portal:recount", args=[one.number]))


def _cause(one: Recounted) -> str:
    return _(one.cause.title) + (_("（第 %(n)s 号表）") % {"n": one.table} if one.table else "")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a year's table; it stands as a draft until it is applied."""
    who = actor(request)
    _check(who)
    first = {"lines": "date,kind,name\n"}
    form = Notice(request.POST) if request.method == "POST" else Notice(initial=first)
    if request.method == "POST" and form.is_valid():
        said: dict[str, Any] = form.cleaned_data
        found = tried(form, lambda: api.save_holidays(actor=who, **said))
        if found is not None:
            return redirect("portal:holiday", number=found.number)
    context = {"crumbs": [Link(_("节假日表"), reverse("portal:holidays"))], "form": form}
    return desk_page(request, "holiday_new", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def holiday(request: HttpRequest, number: int) -> HttpResponse:
    """A table and its days; with `?difference=1` what applying or withdrawing it would move, and the button for it."""
    who = actor(request)
    _check(who)
    it = api.holiday_table(number)
    running = it.standing is not Standing.WITHDRAWN
    looked = running and bool(request.GET.get("difference"))
    found = api.preview_holidays(actor=who, number=number) if looked else None
    context = {
        "crumbs": [Link(_("节假日表"), reverse("portal:holidays"))],
        "it": it,
        "facts": _facts(it),
        "running": running,
        "draft": it.standing is Standing.DRAFT,
        "found": found,
        "shifts": _shifts(found) if found else (),
        "columns": _columns(),
        "rows": [_moved(one) for one in found.moves] if found else (),
        "days": [Column(_("日期"), "day"), Column(_("安排")), Column(_("名称"))],
        "day_rows": [
            Row((one.date, _("放假") if one.kind is DayKind.HOLIDAY else _("上班"), one.name)) for one in it.days
        ],
    }
    return desk_page(request, "holiday", context)


def _facts(it: Table) -> list[tuple[str, Value]]:
    return [
        (_("状态"), _state(it.standing)),
        (_("范围"), it.region or _("全国")),
        (_("来源"), it.source),
        (_("核对"), _("已按正式通知核对") if it.confirmed else _("预排，尚无正式通知")),
        (_("录入"), it.saved_by_name),
        *([(_("启用"), it.applied_at)] if it.applied_at else []),
        *([(_("停用"), it.withdrawn_at)] if it.withdrawn_at else []),
    ]


def _shifts(found: Difference) -> list[str]:
    """How many move by how many days, in words, the most first."""
    said = []
    for days, count in found.shifts:
        cases = ngettext("%(n)s 项时限", "%(n)s 项时限", count) % {"n": count}
        if days:
            words = _("%(cases)s推后 %(d)s 天") if days > 0 else _("%(cases)s提前 %(d)s 天")
        else:
            words = _("%(cases)s日期不变，由暂定转为确定或相反")
        said.append(words % {"cases": cases, "d": abs(days)})
    return said


def _columns() -> list[Column]:
    return [Column(_("时限")), Column(_("事项")), Column(_("种类")), Column(_("现到期日")), Column(_("将为"))]


def _moved(one: Move) -> Row:
    after = one.after.isoformat() if one.after else "—"
    cells = (
        _("第 %(n)s 号") % {"n": one.clock}, one.object, _(one.kind.title), one.before or "—",
        after + (_("（暂定）") if one.provisional else ""),
    )  # fmt: skip
    return Row(cells, reverse("portal:clock", args=[one.clock]))


@never_cache
@require_POST
def apply(request: HttpRequest, number: int) -> HttpResponse:
    """Put a draft in force; the page of what it moved follows."""
    done = api.apply_holidays(actor=actor(request), number=number)
    return redirect("portal:recount", number=done.number)


@never_cache
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take a table out of force; the page of what that moved follows."""
    done = api.withdraw_holidays(actor=actor(request), number=number)
    return redirect("portal:recount", number=done.number)


@never_cache
@require_safe
def recount(request: HttpRequest, number: int) -> HttpResponse:
    """What one recount moved, by case."""
    skipped = whole(request.GET.get("from"))
    it, moves = api.read_recount(actor=actor(request), number=number, limit=SIZE + 1, offset=skipped)
    columns = _columns()
    context = {
        "crumbs": [Link(_("节假日表"), reverse("portal:holidays"))],
        "it": it,
        "cause": _cause(it),
        "columns": [*columns[:3], Column(_("原到期日")), Column(_("现到期日"))],
        "rows": [_moved(one) for one in moves[:SIZE]],
        "going": going(request, "from", skipped + SIZE if len(moves) > SIZE else None),
    }
    return desk_page(request, "recount", context)


def _check(who: Actor) -> None:
    if not who.may("procedures.save_holidays"):
        raise Refused("right.missing", "您没有“节假日表”的权限。", "请由省级平台主管办理。")
