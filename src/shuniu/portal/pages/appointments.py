"""The counter's side of appointments: the agency's windows, today's queue of one, and how it works from a day on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuniu.cases.api import appointments as api
from shuniu.cases.api import counter, items
from shuniu.cases.declare.appointment import BookingView, NumberState, NumberView, Queue, WindowView
from shuniu.portal.shell import desk_page, officer, tried
from shuniu.portal.shell import number as whole
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Link, Row, State, StateKind, Value
from shuniu.web.forms import DayField, PlainForm

_read_or_post = require_http_methods(["GET", "HEAD", "POST"])
_KINDS: Mapping[NumberState, StateKind] = {
    NumberState.WAITING: "waiting",
    NumberState.CALLED: "info",
    NumberState.SERVED: "done",
    NumberState.ABSENT: "none",
}


class GivingForm(PlainForm):
    """A number for who stands at the counter: by the booking, or for an item."""

    booking = forms.CharField(
        label=gettext_lazy("预约号"), required=False, max_length=20,
        help_text=gettext_lazy("报了预约号的填这里；没有预约的留空，选下面的事项。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    item = forms.ChoiceField(label=gettext_lazy("事项"))

    def __init__(self, window: WindowView, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.fields["item"].choices = window.items  # type: ignore[attr-defined]  # it is a ChoiceField


class WindowForm(PlainForm):
    """A window: its name, where it is, the items that it serves."""

    title = forms.CharField(
        label=gettext_lazy("窗口名称"), max_length=60, help_text=gettext_lazy("例如“综合窗口 3 号”。")
    )
    place = forms.CharField(label=gettext_lazy("地点"), max_length=200)
    items = forms.MultipleChoiceField(label=gettext_lazy("办理的事项"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, agency: str, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.fields["items"].choices = [  # type: ignore[attr-defined]  # it is a MultipleChoiceField
            (one.item.key, one.item.title) for one in items.published_all(agency) if one.item.appointment
        ]


class ScheduleForm(PlainForm):
    """How a window works from a day on."""

    since = DayField(label=gettext_lazy("从哪天起"))
    hours = forms.CharField(
        label=gettext_lazy("开放时间"), required=False, max_length=200,
        help_text=gettext_lazy("例如 09:00-12:00 13:30-17:00；留空表示从这天起不开放。"),
    )  # fmt: skip
    minutes = forms.IntegerField(label=gettext_lazy("每段分钟数"), min_value=5, max_value=240, initial=30)
    places = forms.IntegerField(label=gettext_lazy("每段号数"), min_value=1, max_value=200, initial=5)


def _agency_window(who: Actor, number: int) -> WindowView:
    found = next((one for one in api.windows(agency=who.agency) if one.id == number), None)
    if found is None:
        raise Http404(str(number))
    return found


def _counter(request: HttpRequest) -> Actor:
    """Who works at a counter. Raises Refused right.missing."""
    who = officer(request)
    if not who.may("cases.read_queue"):
        raise Refused("right.missing", "您没有“查看窗口排队”的权限。", "需要开通时，联系本单位管理员。")
    return who


@never_cache
@require_safe
def windows(request: HttpRequest) -> HttpResponse:
    """The agency's windows, each leading to its queue."""
    who = _counter(request)
    today = timezone.localdate()
    rows = [
        Row((one.title, one.place, "、".join(title for _key, title in one.items), _now(one, today)),
            reverse("portal:queue", args=[one.id]))
        for one in api.windows(agency=who.agency)
    ]  # fmt: skip
    columns = [Column(_("窗口")), Column(_("地点")), Column(_("事项")), Column(_("今天"))]
    return desk_page(request, "windows", {"columns": columns, "rows": rows})


def _now(one: WindowView, today: object) -> Value:
    plan = max((plan for plan in one.schedules if plan.since <= today), key=lambda plan: plan.since, default=None)  # type: ignore[operator]  # a day
    if plan is None or not plan.shifts:
        return State(_("不开放"), "none")
    return _("%(hours)s，每 %(minutes)s 分钟 %(places)s 个号") % {
        "hours": plan.hours, "minutes": plan.minutes, "places": plan.places,
    }  # fmt: skip


@never_cache
@require_safe
def queue(request: HttpRequest, number: int) -> HttpResponse:
    """Today's queue of a window, with what can be done next."""
    return _queue(request, number)


def _queue(request: HttpRequest, number: int, form: GivingForm | None = None) -> HttpResponse:
    it = counter.read_queue(actor=_counter(request), window=number)
    context = {
        "crumbs": [Link(_("预约叫号"), reverse("portal:windows"))], "it": it, "form": form or GivingForm(it.window),
        "called": [one for one in it.numbers if one.state is NumberState.CALLED],
        "waiting": [one for one in it.numbers if one.state is NumberState.WAITING],
        "expected": [(one, _over(one, it)) for one in it.expected], "words": _words,
        "columns": [Column(_("号")), Column(_("事项")), Column(_("取号"), "day"), Column(_("情况"))],
        "ended": [Row((one.code, _words(one), one.taken_at, _state(one))) for one in it.ended],
    }  # fmt: skip
    return desk_page(request, "queue", context, status=422 if form and form.errors else 200)


def _words(one: NumberView) -> str:
    slot = f"{one.booked[0]:%H:%M}–{one.booked[1]:%H:%M} " if one.booked else ""
    return f"{one.title}（{slot}{one.called or _('现场')}）"


def _state(one: NumberView) -> State:
    return State(_(one.state.title), _KINDS[one.state])


def _over(one: BookingView, it: Queue) -> bool:
    return timezone.localtime().time() >= one.until and one.day == it.day


@never_cache
@require_POST
def give(request: HttpRequest, number: int) -> HttpResponse:
    """Give a number to who stands at the counter."""
    who = officer(request)
    form = GivingForm(_agency_window(who, number), request.POST)
    if form.is_valid():
        said = form.cleaned_data
        made = tried(
            form, lambda: counter.give_number(actor=who, window=number, booking=said["booking"], item=said["item"])
        )
        if made is not None:
            messages.success(request, _("请取号：%(code)s（%(title)s）。") % {"code": made.code, "title": made.title})
            return redirect("portal:queue", number=number)
    return _queue(request, number, form)


@never_cache
@require_POST
def act(request: HttpRequest, number: int, key: str) -> HttpResponse:
    """One step of the queue: call who is next, say what became of who was called, mark who did not come."""
    who = officer(request)
    chosen = request.POST.get("one", "")
    steps: dict[str, Callable[[], str]] = {
        "call": lambda: _("请 %(code)s 到窗口。") % {"code": counter.call_next(actor=who, window=number).code},
        "served": lambda: _ended(who, whole(chosen), served=True),
        "absent": lambda: _ended(who, whole(chosen), served=False),
        "missed": lambda: _("预约 %(number)s 已登记未到。") % {
            "number": counter.mark_missed(actor=who, booking=chosen).number
        },
    }  # fmt: skip
    if key not in steps:
        raise Http404(key)
    try:
        messages.success(request, steps[key]())
    except Refused as refusal:
        if refusal.rule.startswith("right."):
            raise
        messages.error(request, str(refusal))
    return redirect("portal:queue", number=number)


def _ended(who: Actor, number: int, *, served: bool) -> str:
    done = counter.end_number(actor=who, number=number, served=served)
    return _("%(code)s %(state)s。") % {"code": done.code, "state": _(done.state.title)}


@never_cache
@_read_or_post
def keep(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Set up a window, or change where it is and what it serves."""
    who = _manager(request)
    old = _agency_window(who, number) if number else None
    initial = {"title": old.title, "place": old.place, "items": [key for key, _ in old.items]} if old else {}
    form = WindowForm(who.agency, request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        done = tried(
            form,
            lambda: counter.keep_window(
                actor=who, window=number, title=said["title"], place=said["place"], items=said["items"]
            ),
        )
        if done is not None:
            return redirect("portal:window_schedule" if old is None else "portal:queue", number=done.id)
    context = {"crumbs": [Link(_("预约叫号"), reverse("portal:windows"))], "form": form, "old": old}
    return desk_page(request, "window", context, status=422 if form.errors else 200)


def _manager(request: HttpRequest) -> Actor:
    who = officer(request)
    if not who.may("cases.keep_window"):
        raise Refused("right.missing", "您没有“设置办事窗口”的权限。", "请由审批负责人设置。")
    return who


@never_cache
@_read_or_post
def schedule(request: HttpRequest, number: int) -> HttpResponse:
    """The schedules of a window, and a new one from a later day on."""
    who = _manager(request)
    it = _agency_window(who, number)
    form = ScheduleForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        dropped = tried(form, lambda: counter.schedule(actor=who, window=number, **form.cleaned_data))
        if dropped is not None:
            told = _("；%(n)s 个不再适用的预约已取消并通知本人") % {"n": dropped} if dropped else ""
            messages.success(request, _("已安排%(told)s。") % {"told": told})
            return redirect("portal:window_schedule", number=number)
    rows = [
        Row((one.since, one.hours or _("不开放"), one.minutes, one.places))
        for one in sorted(it.schedules, key=lambda one: one.since, reverse=True)
    ]
    columns = [Column(_("从哪天起"), "day"), Column(_("开放时间")), Column(_("每段分钟数"), "number"),
               Column(_("每段号数"), "number")]  # fmt: skip
    crumbs = [Link(_("预约叫号"), reverse("portal:windows")), Link(it.title, reverse("portal:queue", args=[number]))]
    context = {"crumbs": crumbs, "it": it, "form": form, "columns": columns, "rows": rows}
    return desk_page(request, "window_schedule", context, status=422 if form.errors else 200)


urlpatterns = [
    path("desk/windows/", windows, name="windows"),
    path("desk/windows/new/", keep, name="window_new"),
    path("desk/windows/<int:number>/", queue, name="queue"),
    path("desk/windows/<int:number>/give/", give, name="queue_give"),
    path("desk/windows/<int:number>/act/<slug:key>/", act, name="queue_act"),
    path("desk/windows/<int:number>/edit/", keep, name="window_edit"),
    path("desk/windows/<int:number>/schedule/", schedule, name="window_schedule"),
]
