"""谁查过我的数据: a month's readings of one's own records, the question why, and its answer. Asks for a fresh second factor."""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.assessment.looked import api
from shuniu.assessment.looked.api.looking import SIZE
from shuniu.assessment.looked.declare import Look, LooksPage, QuestionView
from shuniu.base.periods import add_months
from shuniu.directory.session import actor, fresh_strong
from shuniu.portal import tables
from shuniu.portal.bulletin import month_title
from shuniu.portal.shell import going, own_page, tried
from shuniu.portal.shell import number as whole
from shuniu.systems.credit.declare import Purpose
from shuniu.web.declare import Column, Filter, Link, Row, State, Value
from shuniu.web.forms import PlainForm

_CREDIT = {one.value: one.title for one in Purpose}


class Why(PlainForm):
    """What a subject wants to know of a reading."""

    text = forms.CharField(
        label=gettext_lazy("您想知道什么"),
        max_length=500,
        initial=gettext_lazy("为什么查我？依据是什么？"),
        help_text=gettext_lazy("不用写姓名和证件号码。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@never_cache
@require_safe
@fresh_strong
def readings(request: HttpRequest) -> HttpResponse:
    """Who looked at one's own data in a month, newest first; as a file, the whole month."""
    asked = request.GET
    page = api.read_readings(
        actor=actor(request), month=_month(asked.get("month", "")), agency=asked.get("agency", ""),
        resource=asked.get("resource", ""), own=asked.get("own") == "1",
        before=whole(asked.get("before")), limit=tables.most(request, SIZE),
    )  # fmt: skip
    context = {
        "title": _("谁查过我的数据"),
        "columns": _columns(),
        "rows": [_row(one) for one in page.looks],
        "filters": _filters(request, page),
        "caption": _("%(month)s 的查阅，新的在前") % {"month": month_title(f"{page.month:%Y-%m}")},
        "months": _months(page),
        "own": f"?own=1&month={page.month:%Y-%m}" if asked.get("own") != "1" else "",
        "going": going(request, "before", page.last),
        "bulks": page.bulks,
        "export": _("谁查过我的数据-%(month)s") % {"month": f"{page.month:%Y-%m}"},
        "exports": tables.links(request),
    }
    if file := tables.listed(request, context):
        return file
    return own_page(request, "readings", context)


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        return None


def months(asked: date) -> tuple[tuple[str, str], ...]:
    """The months to choose from, newest first: the last two years', and the one that is asked for."""
    this = timezone.localdate().replace(day=1)
    found = {f"{one:%Y-%m}" for one in (asked, *(add_months(this, -n) for n in range(24)))}
    return tuple((one, month_title(one)) for one in sorted(found, reverse=True))


def _columns() -> list[Column]:
    return [
        Column(_("时间")), Column(_("谁")), Column(_("做了什么")), Column(_("信息项")), Column(_("用途")),
        Column(_("依据的授权")), Column(_("询问")),
    ]  # fmt: skip


def _row(one: Look) -> Row:
    purpose = "；".join(
        filter(None, [purpose_words(one.purpose), _("您的办件 %(n)s") % {"n": one.case} if one.case else "",
                      _("此前依法未告知：%(why)s") % {"why": one.grounds} if one.grounds else ""])
    )  # fmt: skip
    return Row(
        (
            one.at, f"{one.agency} · {_(one.who)}" if one.agency else _(one.who),
            f"{_(one.what)}：{one.resource}" if one.resource else _(one.what),
            "、".join(one.items) or "—", purpose or "—", one.grant or "—", _question(one),
        )
    )  # fmt: skip


def purpose_words(purpose: str) -> str:
    """What a reading was for, in words: a credit inquiry keeps its purpose by its key."""
    return _(_CREDIT[purpose]) if purpose in _CREDIT else purpose


def _question(one: Look) -> Value:
    if one.question is not None:
        return Link(_("已询问"), f"{reverse('portal:my_reading_questions')}#q{one.question}")
    return Link(_("为什么查我？"), reverse("portal:reading_why", args=[one.entry])) if one.can_ask else "—"


def _filters(request: HttpRequest, page: LooksPage) -> tuple[Filter, ...]:
    """Agencies and resources to choose from are those of the page; the month goes on as it is."""
    agency, resource = request.GET.get("agency", ""), request.GET.get("resource", "")
    agencies = {one.agency_key: one.agency for one in page.looks if one.agency_key}
    resources = {one.resource_key: one.resource for one in page.looks if one.resource}
    every = ("", _("全部"))
    own = "1" if request.GET.get("own") == "1" else ""
    return (
        Filter("month", _("月份"), f"{page.month:%Y-%m}", months(page.month)),
        Filter("agency", _("单位"), agency, (every, *sorted({agency: agency, **agencies}.items())[not agency :])),
        Filter("resource", _("资源"), resource, (every, *sorted({resource: resource, **resources}.items())[not resource :])),
        Filter("own", _("本人的操作"), own, (("", _("不列出")), ("1", _("列出")))),
    )  # fmt: skip


def _months(page: LooksPage) -> list[Link]:
    ways = ((_("上一个月"), page.earlier), (_("下一个月"), page.later))
    return [Link(f"{text}（{month_title(f'{at:%Y-%m}')}）", f"?month={at:%Y-%m}") for text, at in ways if at]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_strong
def why(request: HttpRequest, entry: int) -> HttpResponse:
    """Ask the agency why it read."""
    who = actor(request)
    form = Why(request.POST) if request.method == "POST" else Why()
    if request.method == "POST" and form.is_valid():
        text = str(form.cleaned_data["text"])
        if tried(form, lambda: api.ask(actor=who, entry=entry, text=text)) is not None:
            return redirect("portal:my_reading_questions")
    context = {"form": form, "crumbs": [Link(_("谁查过我的数据"), reverse("portal:my_readings"))]}
    return render(request, "portal/hall/reading_why.html.jinja", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@fresh_strong
def questions(request: HttpRequest) -> HttpResponse:
    """One's own questions with their answers, newest first."""
    found = api.list_questions(actor=actor(request), limit=21, before=whole(request.GET.get("before")))
    context = {
        "crumbs": [Link(_("谁查过我的数据"), reverse("portal:my_readings"))],
        "found": [(one, _facts(one)) for one in found[:20]],
        "going": going(request, "before", found[19].number if len(found) > 20 else None),
    }
    return own_page(request, "reading_questions", context)


def _facts(one: QuestionView) -> list[tuple[str, Value]]:
    answer: list[tuple[str, Value]] = [
        (_("答复"), one.answer), (_("法律依据"), one.law), (_("答复时间"), one.answered_at),
    ]  # fmt: skip
    return [
        (_("状态"), State(_("已答复"), "done") if one.answered_at else State(_("待答复"), "waiting")),
        (_("查阅"), f"{one.read_at:%Y-%m-%d} · {one.agency_name} · {_(one.who)}"),
        (_("您问"), one.text),
        (_("答复期限"), one.due),
        *(answer if one.answered_at else []),
    ]


urlpatterns = [
    path("hall/readings/", readings, name="my_readings"),
    path("hall/readings/<int:entry>/why/", why, name="reading_why"),
    path("hall/readings/questions/", questions, name="my_reading_questions"),
]
