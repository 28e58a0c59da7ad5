"""Readings at the desk: what the agency's officers and its machine read, flags and questions, inquiries kept back, figures."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.assessment.looked import api
from shuniu.assessment.looked.declare import FlagState, FlagView, Kind, QuestionView, Tally
from shuniu.directory.api import agency_names, keeper
from shuniu.portal.hall.readings import purpose_words
from shuniu.portal.pages.supervision_facts import rule_words
from shuniu.portal.shell import SIZE, desk_page, going, officer, tried
from shuniu.portal.shell import number as whole
from shuniu.trust.api import of_machine
from shuniu.web.declare import Column, Filter, Link, Row, State, Value
from shuniu.web.forms import PlainForm

FLAG_STATES = {
    FlagState.ASKED: State(FlagState.ASKED.title, "waiting"),
    FlagState.EXPLAINED: State(FlagState.EXPLAINED.title, "info"),
    FlagState.CLOSED: State(FlagState.CLOSED.title, "none"),
}
DAYS = 30
"""So many days back are looked at where the address does not say from when."""


class Said(PlainForm):
    """What the officer says of a flag, or why it is closed."""

    text = forms.CharField(
        label=gettext_lazy("写明经过或者理由"),
        max_length=1000,
        help_text=gettext_lazy("不要写当事人的姓名和证件号码。"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class Answer(PlainForm):
    """The agency's answer to a subject's question."""

    answer = forms.CharField(
        label=gettext_lazy("为办理什么事项"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("询问人会看到这段话。不要写与别人有关的内容。"),
    )  # fmt: skip
    law = forms.CharField(
        label=gettext_lazy("法律依据"), max_length=200, help_text=gettext_lazy("哪部法律、法规的哪一条")
    )


@never_cache
@require_safe
def readings(request: HttpRequest) -> HttpResponse:
    """What the agency's readers read: by reader, hour, resource and purpose; of one reader also one by one."""
    who, asked, today = officer(request), request.GET, timezone.localdate()
    since, until = _day(asked.get("from", ""), today - timedelta(days=DAYS)), _day(asked.get("until", ""), today)
    hour = whole(asked.get("hour"), -1)
    found = api.watch_readings(
        actor=who, since=since, until=until, person=asked.get("person", ""), object=asked.get("object", ""),
        hour=hour if 0 <= hour <= 23 else None, before=whole(asked.get("before")),
    )  # fmt: skip
    every = ("", _("全部"))
    objects = {asked.get("object", ""): asked.get("object", "")} | {
        one.object: _object(one.object, found.titles) for one in found.tallies
    }
    objects.pop("", None)
    context = {
        "filters": (
            Filter("from", _("自"), since.isoformat()), Filter("until", _("至"), until.isoformat()),
            Filter("person", _("人员"), asked.get("person", ""),
                   (every, *((key, _reader(key, name)) for key, name in api.officers(who)))),
            Filter("hour", _("时段"), asked.get("hour", ""),
                   (every, *((str(one), _("%(h)s 时") % {"h": one}) for one in range(24)))),
            Filter("object", _("资源"), asked.get("object", ""), (every, *sorted(objects.items()))),
        ),
        "columns": [Column(_("日期"), "day"), Column(_("时段")), Column(_("人员")), Column(_("资源或事项")), Column(_("用途")),
                    Column(_("查阅"), "number"), Column(_("没有对应办件"), "number")],
        "rows": [_tally(one, found.titles) for one in found.tallies],
        "more": found.more,
        "lines": [Column(_("留痕")), Column(_("时间")), Column(_("做了什么")), Column(_("资源或事项")), Column(_("用途"))],
        "line_rows": [
            Row((str(one.entry), one.at, _(one.what), one.resource or _object(one.object, {}), purpose_words(one.purpose) or "—"))
            for one in found.lines
        ],
        "person": asked.get("person", ""),
        "going": going(request, "before", found.last),
        "export": _("本单位的查阅"),
    }  # fmt: skip
    return desk_page(request, "readings", context)


def _day(text: str, default: date) -> date:
    try:
        return date.fromisoformat(text) if text else default
    except ValueError:
        return default


def _tally(one: Tally, titles: dict[str, str]) -> Row:
    day = one.day.isoformat()
    listed = "?" + urlencode({"from": day, "until": day, "person": one.person, "hour": one.hour, "object": one.object})
    return Row(
        (one.day, _("%(h)s 时") % {"h": one.hour}, Link(_reader(one.person, one.person_name), listed), _object(one.object, titles),
         purpose_words(one.purpose) or "—", one.readings, one.caseless)
    )  # fmt: skip


def _reader(person: str, name: str) -> str:
    """An officer by name; the agency's machine, where its call named nobody, as what it is."""
    return _("本单位的接口") if of_machine(person) else name


_READ = {
    "case": gettext_noop("办件 %(n)s"), "subject": gettext_noop("第 %(n)s 号主体的档案"),
    "upload": gettext_noop("第 %(n)s 号办件材料"), "licence": gettext_noop("证照 %(n)s"),
    "letter": gettext_noop("群众来信 %(n)s"), "bill": gettext_noop("缴费单 %(n)s"), "document": gettext_noop("公文 第 %(n)s 号"),
}  # fmt: skip


def _object(key: str, titles: dict[str, str]) -> str:
    """What was read, in words: a resource's title; a subject, a case or a paper by number alone, never by name."""
    kind, _sep, number = key.partition(":")
    return _(_READ[kind]) % {"n": number} if kind in _READ else titles.get(key, key)


@never_cache
@require_safe
def flags(request: HttpRequest) -> HttpResponse:
    """Flags: those to explain, and the agency's for its data-protection officer."""
    who, asked = officer(request), request.GET
    state = FlagState(asked["state"]) if asked.get("state") in set(FlagState) else None
    kind = Kind(asked["kind"]) if asked.get("kind") in set(Kind) else None
    found = api.list_flags(actor=who, state=state, kind=kind, limit=SIZE + 1, before=whole(asked.get("before")))
    every = ("", _("全部"))
    context = {
        "filters": (
            Filter("kind", _("种类"), kind or "", (every, *((one.value, _(one.title)) for one in Kind))),
            Filter("state", _("情况"), state or "", (every, *((one.value, _(one.title)) for one in FlagState))),
        ),
        "columns": [Column(_("编号")), Column(_("日期"), "day"), Column(_("种类")), Column(_("人员")), Column(_("情况")),
                    Column(_("说明期限"), "day")],
        "rows": [
            Row((str(one.number), one.day, _(one.kind.title), _reader(one.person, one.person_name), _state(one), one.due),
                reverse("portal:reading_flag", args=[one.number]))
            for one in found[:SIZE]
        ],
        "going": going(request, "before", found[SIZE - 1].number if len(found) > SIZE else None),
        "export": _("查阅提示"),
    }  # fmt: skip
    return desk_page(request, "reading_flags", context)


def _state(one: FlagView) -> State:
    state = FLAG_STATES[one.state]
    return State(_(state.word), state.kind)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def flag(request: HttpRequest, number: int) -> HttpResponse:
    """One flag: who is asked explains here, the data-protection officer closes it."""
    who = officer(request)
    if not number:
        raise Http404
    (it,) = api.list_flags(actor=who, number=number)
    act = "explain" if it.asked else ""
    act = (
        "close"
        if not (it.own or it.asked) and it.state is not FlagState.CLOSED and who.may("assessment.close_flag")
        else act
    )
    form = Said(request.POST) if request.method == "POST" else Said()
    if request.method == "POST" and act and form.is_valid():
        text = str(form.cleaned_data["text"])
        done = tried(
            form,
            lambda: (
                api.explain_flag(actor=who, number=number, text=text)
                if act == "explain"
                else api.close_flag(actor=who, number=number, reason=text)
            ),
        )
        if done is not None:
            said = _("已提交说明，由本单位的数据保护员查看。") if act == "explain" else _("已了结。")
            messages.success(request, said)
            return redirect("portal:reading_flag", number=number)
    context = {
        "crumbs": [Link(_("查阅提示"), reverse("portal:reading_flags"))], "it": it, "act": act, "form": form,
        "facts": _facts(it, who.may("assessment.watch_readings")),
    }  # fmt: skip
    return desk_page(request, "reading_flag", context, status=422 if form.errors else 200)


def _facts(it: FlagView, watches: bool) -> list[tuple[str, Value]]:
    """What is said of a flag; the readings that it is about lead to that day's list, for who may see it."""
    entries, day = "、".join(str(one) for one in it.entries), it.day.isoformat()
    address = reverse("portal:readings") + "?" + urlencode({"from": day, "until": day, "person": it.person})
    about: Value = Link(entries, address) if watches and not it.own and entries else entries
    return [
        (_("情况"), _state(it)), (_("人员"), _reader(it.person, it.person_name)), (_("日期"), it.day), (_("发现"), it.said),
        (_("依据的规则"), rule_words(it.rule)), (_("有关的留痕"), about), (_("说明期限"), it.due),
        *([(_("说明"), f"{it.explained_name}：{it.explanation}")] if it.explanation else []),
        *([(_("了结"), f"{it.closed_name}：{it.reason}")] if it.closed_at else []),
    ]  # fmt: skip


@never_cache
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Subjects' questions: those put to the agency; all, with who is late, for the provincial office."""
    who, names = officer(request), agency_names()
    open_only = request.GET.get("state") == "open"
    found = api.list_questions(actor=who, open_only=open_only, limit=SIZE + 1, before=whole(request.GET.get("before")))
    every = ("", _("全部"))
    context = {
        "filters": (Filter("state", _("情况"), "open" if open_only else "", (every, ("open", _("待答复")))),),
        "columns": [Column(_("编号")), Column(_("单位")), Column(_("查阅岗位")), Column(_("询问时间")), Column(_("期限"), "day"),
                    Column(_("情况"))],
        "rows": [
            Row((str(one.number), names.get(one.agency, one.agency), _(one.who), one.asked_at, one.due, _answered(one)),
                reverse("portal:reading_question", args=[one.number]))
            for one in found[:SIZE]
        ],
        "going": going(request, "before", found[SIZE - 1].number if len(found) > SIZE else None),
        "export": _("查阅询问"),
    }  # fmt: skip
    return desk_page(request, "reading_questions", context)


def _answered(one: QuestionView) -> State:
    if one.answered_at:
        return State(_("已答复"), "done")
    return State(_("逾期未答复"), "stopped") if one.overdue(timezone.localdate()) else State(_("待答复"), "waiting")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, number: int) -> HttpResponse:
    """One question; who answers for the agency does so here."""
    who = officer(request)
    if not number:
        raise Http404
    (it,) = api.list_questions(actor=who, number=number)
    act = it.answered_at is None and keeper(it.agency) == who.agency and who.may("assessment.answer_question")
    form = Answer(request.POST) if request.method == "POST" else Answer()
    if request.method == "POST" and act and form.is_valid():
        said = form.cleaned_data
        done = tried(
            form, lambda: api.answer_question(actor=who, number=number, answer=said["answer"], law=said["law"])
        )
        if done is not None:
            messages.success(request, _("答复已经送出，询问人现在就能看到。"))
            return redirect("portal:reading_question", number=number)
    facts: list[tuple[str, Value]] = [
        (_("情况"), _answered(it)), (_("查阅时间"), it.read_at), (_("单位"), it.agency_name), (_("岗位"), _(it.who)),
        *([(_("查阅人"), it.reader)] if it.reader else []), (_("做了什么"), _(it.what)), (_("资源"), it.resource or "—"),
        (_("当时写的用途"), it.purpose or "—"), (_("问"), it.text), (_("答复期限"), it.due),
        *([(_("答复"), it.answer), (_("法律依据"), it.law)] if it.answered_at else []),
    ]  # fmt: skip
    context = {
        "crumbs": [Link(_("查阅询问"), reverse("portal:reading_questions"))], "it": it, "facts": facts, "act": act,
        "form": form,
    }  # fmt: skip
    return desk_page(request, "reading_question", context, status=422 if form.errors else 200)


urlpatterns = [
    path("desk/readings/", readings, name="readings"),
    path("desk/readings/flags/", flags, name="reading_flags"),
    path("desk/readings/flags/<int:number>/", flag, name="reading_flag"),
    path("desk/readings/questions/", questions, name="reading_questions"),
    path("desk/readings/questions/<int:number>/", question, name="reading_question"),
]
