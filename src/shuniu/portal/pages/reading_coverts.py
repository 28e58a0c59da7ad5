"""Inquiries that are not told of for a time: proposed, decided, looked at by the auditor; and the province's figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuniu.assessment.looked import api
from shuniu.assessment.looked.declare import CovertState, CovertView, Ground
from shuniu.base.identifiers import IdentifierKind
from shuniu.directory.api import agency_names
from shuniu.portal.hall.readings import months
from shuniu.portal.shell import SIZE, desk_page, going, officer, tried
from shuniu.portal.shell import number as whole
from shuniu.web.declare import Column, Filter, Link, Row, State, StateKind
from shuniu.web.forms import DayField, PlainForm

STATES: Mapping[CovertState, StateKind] = {
    CovertState.PROPOSED: "waiting",
    CovertState.CONFIRMED: "done",
    CovertState.DECLINED: "none",
}


class Proposal(PlainForm):
    """Whom an inquiry is about, by what law it is not told, and until when."""

    kind = forms.ChoiceField(
        label=gettext_lazy("证件种类"),
        choices=[
            (IdentifierKind.RESIDENT_ID.value, gettext_lazy("公民身份号码")),
            (IdentifierKind.USCC.value, gettext_lazy("统一社会信用代码")),
        ],
    )
    value = forms.CharField(
        label=gettext_lazy("证件号码"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    ground = forms.ChoiceField(label=gettext_lazy("依据"), widget=forms.RadioSelect)
    until = DayField(label=gettext_lazy("到哪一天为止"))
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("立案或者交办的文号，以及为什么不能告知。"),
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        said = _("%(words)s（%(law)s，最长 %(days)s 日）")
        choices = [
            (one.ground.value, said % {"words": _(one.words), "law": one.law, "days": one.days})
            for one in api.grounds(today)
        ]
        self.fields["ground"] = forms.ChoiceField(
            label=_("依据"), widget=forms.RadioSelect, choices=choices, error_messages={"required": _("请选择依据。")}
        )

    def clean_value(self) -> str:
        """Identifiers are kept without spaces, letters large."""
        return "".join(str(self.cleaned_data["value"]).split()).upper()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def coverts(request: HttpRequest) -> HttpResponse:
    """The inquiries in the reader's sight, and the form for a new one where the reader may propose it."""
    who, today = officer(request), timezone.localdate()
    found = api.list_coverts(actor=who, limit=SIZE + 1, before=whole(request.GET.get("before")))
    form = None
    if who.may("assessment.propose_covert"):
        asked = Proposal(request.POST, today=today) if request.method == "POST" else Proposal(today=today)
        if request.method == "POST" and asked.is_valid():
            said = {**asked.cleaned_data, "ground": Ground(asked.cleaned_data["ground"])}
            if tried(asked, lambda: api.propose_covert(actor=who, **said)) is not None:
                messages.success(request, _("已提出，等另一人决定。决定之前，查阅照常向主体显示。"))
                return redirect("portal:reading_coverts")
        form = asked
    decides = who.may("assessment.confirm_covert")
    context = {
        "columns": [Column(_("编号")), Column(_("单位")), Column(_("主体号")), Column(_("查阅人")), Column(_("依据")),
                    Column(_("理由")), Column(_("截止"), "day"), Column(_("情况")), Column(_("决定人"))],
        "rows": [_row(one, agency_names()) for one in found[:SIZE]],
        "waiting": [one for one in found if decides and one.state is CovertState.PROPOSED and not one.own],
        "form": form,
        "going": going(request, "before", found[SIZE - 1].number if len(found) > SIZE else None),
        "export": _("依法不告知"),
    }  # fmt: skip
    return desk_page(request, "reading_coverts", context, status=422 if form is not None and form.errors else 200)


def _row(one: CovertView, names: dict[str, str]) -> Row:
    state = State(_(one.state.title), STATES[one.state])
    return Row(
        (str(one.number), names.get(one.agency, one.agency), str(one.subject), one.person_name, f"{_(one.words)}（{one.law}）",
         one.reason, one.until, state, one.decided_name or "—")
    )  # fmt: skip


@never_cache
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Agree to a proposal, or not."""
    agreed = request.POST.get("answer") == "yes"
    api.confirm_covert(actor=officer(request), number=number, agreed=agreed)
    messages.success(
        request, _("已同意，从现在起不向主体显示。") if agreed else _("已记为不同意，查阅照常向主体显示。")
    )
    return redirect("portal:reading_coverts")


@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """How the agencies stand with flags and questions: numbers, no names."""
    who, names, today = officer(request), agency_names(), timezone.localdate()
    text = request.GET.get("month", "")
    try:
        month = date.fromisoformat(f"{text}-01") if text else today.replace(day=1)
    except ValueError:
        month = today.replace(day=1)
    found, asked = api.flag_figures(actor=who, month=month), api.question_figures(actor=who)
    context = {
        "filters": (Filter("month", _("月份"), f"{month:%Y-%m}", months(month)),),
        "columns": [Column(_("单位")), Column(_("种类")), Column(_("提示"), "number"), Column(_("已说明"), "number"),
                    Column(_("已了结"), "number"), Column(_("逾期未说明"), "number")],
        "rows": [
            Row((names.get(one.agency, one.agency), _(one.kind.title), one.flags, one.explained, one.closed, one.late))
            for one in found
        ],
        "asked": [Column(_("单位")), Column(_("询问"), "number"), Column(_("已答复"), "number"), Column(_("逾期未答复"), "number")],
        "asked_rows": [
            Row((names.get(one.agency, one.agency), one.asked, one.answered, one.late)) for one in asked
        ],
        "questions": Link(_("逐条查看询问"), reverse("portal:reading_questions")),
        "export": _("查阅提示情况"),
    }  # fmt: skip
    return desk_page(request, "reading_figures", context)


urlpatterns = [
    path("desk/readings/kept-back/", coverts, name="reading_coverts"),
    path("desk/readings/kept-back/<int:number>/decide/", decide, name="reading_covert_decide"),
    path("office/readings/", figures, name="reading_figures"),
]
