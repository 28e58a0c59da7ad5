"""What stops or extends the term of a case, at the desk: its special procedures with their evidence, its one extension."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuniu.cases.api import extensions, filing, specials
from shuniu.cases.declare.case import CaseView
from shuniu.cases.declare.service import Special
from shuniu.cases.declare.timing import Answered, ExtensionView, SpecialRun, Timing
from shuniu.directory.session import actor
from shuniu.portal.hall import case_parts as shared
from shuniu.portal.pages.steps import done
from shuniu.portal.shell import desk_page
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Link, Row, State
from shuniu.web.forms import PlainForm
from shuniu.web.templates import write_term

_WORDS = forms.Textarea(attrs={"rows": 3})


class Beginning(PlainForm):
    """Which special procedure, what orders it, how long it takes."""

    kind = forms.CharField(label=gettext_lazy("特别程序"), widget=forms.Select)
    evidence = forms.CharField(
        label=gettext_lazy("启动的凭据"), max_length=500,
        help_text=gettext_lazy("通知书或者委托书的名称和文号，例如：听证通知书〔2026〕3号。申请人会看到。"),
    )  # fmt: skip
    days = forms.IntegerField(
        label=gettext_lazy("所需时间"), min_value=1, required=False,
        help_text=gettext_lazy("按最长时间的单位填写天数，不填就是最长时间；没有规定最长时间的须填写工作日数。"
                               "会书面告知申请人（行政许可法第四十五条）。"),
    )  # fmt: skip

    def offer(self, kinds: list[tuple[str, str]]) -> None:
        """The kinds that can be begun; the verb itself refuses any other."""
        self.fields["kind"].widget.choices = kinds


class Ending(Beginning):
    """Which one ends, and what it came to."""

    evidence = forms.CharField(
        label=gettext_lazy("结果的凭据"), max_length=500,
        help_text=gettext_lazy("例如：检验报告〔2026〕12号、听证笔录。时限从明天起恢复计算。"),
    )  # fmt: skip
    days = None  # type: ignore[assignment]  # Django's way to take a field of the parent form out


class Asking(PlainForm):
    """Why a case cannot be decided in time."""

    reason = forms.CharField(
        label=gettext_lazy("延期理由"), max_length=1000, widget=_WORDS,
        help_text=gettext_lazy("批准后原样告知申请人（行政许可法第四十二条）。"),
    )  # fmt: skip


class Approving(PlainForm):
    """No words are asked for."""


class Refusing(PlainForm):
    """Why an extension is not approved."""

    why_not = forms.CharField(label=gettext_lazy("不批准的理由"), max_length=1000, widget=_WORDS)


@dataclass(frozen=True)
class Act:
    """One thing that can be done here: its words, its form, and the verb behind it."""

    key: str
    title: str
    button: str
    said: str
    kind: type[PlainForm]
    right: str
    does: Callable[[Actor, str, PlainForm], object]


def _begin(who: Actor, number: str, form: PlainForm) -> object:
    return specials.begin(actor=who, number=number, **form.cleaned_data)


def _end(who: Actor, number: str, form: PlainForm) -> object:
    return specials.end(actor=who, number=number, **form.cleaned_data)


def _ask(who: Actor, number: str, form: PlainForm) -> object:
    return extensions.ask(actor=who, number=number, reason=form.cleaned_data["reason"])


def _approve(who: Actor, number: str, form: PlainForm) -> object:
    return extensions.answer(actor=who, number=number, approved=True)


def _refuse(who: Actor, number: str, form: PlainForm) -> object:
    return extensions.answer(actor=who, number=number, approved=False, why_not=form.cleaned_data["why_not"])


ACTS = {
    one.key: one
    for one in (
        Act("begin", gettext_noop("启动特别程序"), gettext_noop("启动并暂停时限"),
            gettext_noop("特别程序已启动，时限暂停，已告知申请人。"), Beginning, "cases.begin_special", _begin),
        Act("end", gettext_noop("结束特别程序"), gettext_noop("结束"),
            gettext_noop("特别程序已结束。"), Ending, "cases.end_special", _end),
        Act("ask", gettext_noop("申请延期"), gettext_noop("提交申请"),
            gettext_noop("延期申请已提交，等待负责人批准。"), Asking, "cases.ask_extension", _ask),
        Act("approve", gettext_noop("批准延期"), gettext_noop("批准"),
            gettext_noop("已批准延期，并将理由告知申请人。"), Approving, "cases.answer_extension", _approve),
        Act("refuse", gettext_noop("不批准延期"), gettext_noop("不批准"),
            gettext_noop("没有批准延期。"), Refusing, "cases.answer_extension", _refuse),
    )
}  # fmt: skip


@never_cache
@require_safe
def special(request: HttpRequest, number: str) -> HttpResponse:
    """What may stop the clocks of this case, what does or did and by what evidence, and its extension."""
    return _page(request, number)


@never_cache
@require_POST
def act(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Do one thing; a refusal comes back in its form, with what was typed."""
    form, given = done(request, number, ACTS, key)
    if given is None:
        return _page(request, number, key, form)
    messages.success(request, _(ACTS[key].said))
    return redirect("portal:case_special", number=number)


def _page(request: HttpRequest, number: str, key: str = "", form: PlainForm | None = None) -> HttpResponse:
    who = actor(request)
    it, timing = filing.read_case(actor=who, number=number), specials.read_timing(actor=who, number=number)
    context = {
        "it": it,
        "pauses": shared.pauses(timing) if it.state.running else [],
        **shared.clock_table(it, who.may("procedures.explain_due")),
        "declared_columns": [Column(_("特别程序")), Column(_("依据")), Column(_("最长时间"))],
        "declared": [_declared(one) for one in timing.declared],
        "run_columns": [Column(_("特别程序")), Column(_("情况")), Column(_("启动"), "day"), Column(_("最迟到"), "day"),
                        Column(_("结束"), "day"), Column(_("启动的凭据")), Column(_("结果的凭据")), Column(_("启动人"))],
        "runs": [_run(one, it) for one in timing.runs],
        "extension": timing.extension,
        "ask_columns": [Column(_("申请")), Column(_("延长")), Column(_("理由")), Column(_("情况")), Column(_("批准人")),
                        Column(_("不批准的理由"))],
        "asked": [_asked(one) for one in timing.asked],
        "waiting": timing.waiting if it.state.running else None,
        "acts": _open(it, timing, who, key, form),
        "tried": form,
        "crumbs": [Link(it.title, reverse("portal:case", args=[number]))],
    }  # fmt: skip
    return desk_page(request, "case_special", context, status=422 if form is not None else 200)


def _declared(one: Special) -> Row:
    longest = write_term(one.longest) if one.longest else _("没有规定")
    return Row((one.kind, f"《{one.basis.law}》{one.basis.article}", longest))


def _run(one: SpecialRun, it: CaseView) -> Row:
    today, open_ = timezone.localdate(), one.ended is None and it.state.running
    late = one.is_late(timezone.localdate(it.ended_at) if it.ended_at and one.ended is None else today)
    if open_:
        state = State(_("超过告知的时间"), "stopped") if late else State(_("进行中，时限暂停"), "waiting")
    elif one.ended is None:
        state = State(_("随办件办结而止"), "none")
    else:
        state = State(_("已结束，超过告知的时间"), "warning") if late else State(_("已结束"), "done")
    return Row(
        (one.kind, state, one.begun, one.until, one.ended, one.evidence, one.ended_evidence, one.by_name)
    )  # fmt: skip


def _asked(one: ExtensionView) -> Row:
    state = {
        Answered.WAITING: State(_("待批准"), "waiting"),
        Answered.APPROVED: State(_("已批准"), "done"),
        Answered.REFUSED: State(_("未批准"), "stopped"),
    }[one.state]
    asked = f"{one.asked_by_name} {timezone.localtime(one.asked_at):%Y-%m-%d %H:%M}"
    return Row((asked, write_term(one.term), one.reason, state, one.answered_by_name, one.why_not))


@dataclass(frozen=True)
class _Open:
    """An act as the page offers it."""

    act: Act
    form: PlainForm
    plain: bool  # no words are asked for


def _open(it: CaseView, timing: Timing, who: Actor, key: str, form: PlainForm | None) -> list[_Open]:
    """The acts that fit the case now, for who may do them."""
    if not it.state.running or it.accepted_at is None:
        return []
    runs = {one.kind for one in timing.running}
    ahead = [(one.kind, _offered(one)) for one in timing.declared if one.kind not in runs]
    asking = timing.extension is not None and timing.waiting is None and not timing.extended
    answering = timing.waiting is not None and timing.waiting.asked_by != who.person
    seated, own = _seated(it, who), who.agency == it.agency
    fits = {
        "begin": seated and bool(ahead), "end": seated and bool(runs), "ask": own and asking,
        "approve": own and answering, "refuse": own and answering,
    }  # fmt: skip
    offered = []
    for one in ACTS.values():
        if fits[one.key] and who.may(one.right):
            drawn = form if form is not None and one.key == key else one.kind(prefix=one.key)
            if isinstance(drawn, Beginning):
                drawn.offer(ahead if one.key == "begin" else [(kind, kind) for kind in sorted(runs)])
            offered.append(_Open(one, drawn, one.kind is Approving))
    return offered


def _offered(one: Special) -> str:
    if one.longest is None:
        return one.kind
    return _("%(kind)s（最长 %(term)s）") % {"kind": one.kind, "term": write_term(one.longest)}


def _seated(it: CaseView, who: Actor) -> bool:
    """Whether an answer of this reader is still to come: who has no seat in the case cannot stop its clocks."""
    return any(
        not seat.answer and seat.agency == who.agency and seat.person in ("", who.person)
        and who.may(it.matter.procedure[seat.stage].lane)
        for seat in it.matter.seats
    )  # fmt: skip


urlpatterns = [
    path("desk/cases/<str:number>/special/", special, name="case_special"),
    path("desk/cases/<str:number>/special/<slug:key>/", act, name="case_special_act"),
]
