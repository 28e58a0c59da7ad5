"""The issuer's licences at the desk: what waits to be issued, the library, one licence and what may become of it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuniu.cases.api import licence_desk as desk
from shuniu.cases.api import licences as library
from shuniu.cases.declare.licence import LicenceLine, LicenceQuery, LicenceState, LicenceType, LicenceView, Unissued
from shuniu.portal.clocks import due_cell
from shuniu.portal.hall.licence_document import pdf, term
from shuniu.portal.hall.licences import standing
from shuniu.portal.shell import SIZE, desk_page, download, going, officer, tried
from shuniu.portal.shell import number as whole
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Event, Filter, Link, Row, Value
from shuniu.web.forms import DayField, PlainForm

_ACTS = {
    LicenceState.VALID: gettext_lazy("恢复"),
    LicenceState.SUSPENDED: gettext_lazy("暂扣"),
    LicenceState.REVOKED: gettext_lazy("撤销"),
    LicenceState.WITHDRAWN: gettext_lazy("吊销"),
    LicenceState.CANCELLED: gettext_lazy("注销"),
}
"""What an officer does to a licence, in the law's words. That it runs out is the calendar's doing."""
REISSUE = "reissue"


class Holder(PlainForm):
    """Whose licences: never asked for in an address, which is kept in logs."""

    identifier = forms.CharField(
        label=gettext_lazy("持证人的统一社会信用代码或者身份证号"), min_length=15, max_length=18,
        help_text=gettext_lazy("写全，只按完全相同查找。查找会留痕。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class Changing(PlainForm):
    """What becomes of a licence, and on what grounds."""

    act = forms.ChoiceField(label=gettext_lazy("办理"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("事实和理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("持证人看得到。"),
    )  # fmt: skip
    basis = forms.CharField(
        label=gettext_lazy("法律依据"), max_length=200, help_text=gettext_lazy("法律、法规的名称和条款。")
    )

    def __init__(self, seen: LicenceView, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        acts = [(state.value, words) for state, words in _ACTS.items() if state in library.NEXT[seen.state]]
        if seen.state is LicenceState.VALID:
            acts.append((REISSUE, gettext_lazy("遗失、损毁，换发（原证注销）")))
        self.fields["act"].choices = acts  # type: ignore[attr-defined]  # a ChoiceField has them


class Issuing(PlainForm):
    """From when a licence is valid and, where the law sets the term by the holder, until when."""

    valid_from = DayField(label=gettext_lazy("生效日，空着为今天"), required=False)
    valid_to = DayField(label=gettext_lazy("有效期的最后一天"))

    def __init__(self, kind: LicenceType, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        if not kind.varies:
            del self.fields["valid_to"]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def licences(request: HttpRequest) -> HttpResponse:
    """The library, the newest first, as the address asks; a holder is asked for by post and found or not."""
    who = officer(request)
    form = Holder(request.POST if request.method == "POST" else None)
    if form.is_valid():
        found = desk.find_holder(actor=who, identifier=form.cleaned_data["identifier"])
        if found is not None:
            return redirect(f"{reverse('portal:licences')}?holder={found}")
        form.add_error("identifier", _("没有这个号码的持证人。请逐字核对。"))
    asked = _query(request)
    found_here = desk.list_licences(
        actor=who, query=asked, before=whole(request.GET.get("before")) or None, limit=SIZE + 1
    )
    context = {
        "form": form,
        "waiting": [_waiting(one) for one in desk.list_unissued(actor=who)] if who.may("cases.list_unissued") else [],
        "wait_columns": [Column(_("办件编号"), "code"), Column(_("事项")), Column(_("申请人")), Column(_("要制的证照")),
                         Column(_("应颁发、送达"), "day")],
        "columns": [
            Column(_("证照编号"), "code"), Column(_("证照")), Column(_("持证人")), Column(_("状态")),
            Column(_("生效"), "day"), Column(_("有效期至"), "day"),
        ],
        "rows": [_row(one) for one in found_here[:SIZE]],
        "filters": _filters(request, who, asked), "one_holder": asked.holder is not None,
        "going": going(request, "before", found_here[SIZE - 1].id if len(found_here) > SIZE else None),
    }  # fmt: skip
    return desk_page(request, "licences", context, status=422 if form.errors else 200)


def _query(request: HttpRequest) -> LicenceQuery:
    state = next((one for one in LicenceState if one.value == request.GET.get("state")), None)
    holder = whole(request.GET.get("holder")) or None
    return LicenceQuery(request.GET.get("number", ""), holder, request.GET.get("type", ""), state)


def _filters(request: HttpRequest, who: Actor, asked: LicenceQuery) -> tuple[Filter, ...]:
    kinds = tuple((one.key, one.title) for one in desk.kinds_of(who.agency))
    states = tuple((one.value, _(one.title)) for one in LicenceState)
    return (
        Filter("number", _("证照编号（写全）"), asked.number),
        Filter("type", _("证照类型"), asked.type, (("", _("全部")), *kinds)),
        Filter("state", _("状态"), request.GET.get("state", ""), (("", _("全部")), *states)),
    )


def _row(one: LicenceLine) -> Row:
    cells = (one.number, one.title, one.holder_name, standing(one.state), one.valid_from, one.valid_to or _("长期"))
    return Row(cells, reverse("portal:licence", args=[one.number]))


def _waiting(one: Unissued) -> Row:
    first = one.kinds[0]
    return Row(
        (one.case, one.title, one.applicant, "、".join(kind.title for kind in one.kinds), due_cell(one.due)),
        reverse("portal:licence_issue", args=[one.case, first.key]),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest, case: str, kind: str) -> HttpResponse:
    """Issue a licence by a granted case."""
    who, known = officer(request), library.KINDS.get(kind)
    if known is None or not who.may("cases.issue_licence"):
        raise Http404
    form = Issuing(known, request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        made = tried(
            form,
            lambda: desk.issue(
                actor=who, case=case, kind=kind, valid_from=said["valid_from"], valid_to=said.get("valid_to")
            ),
        )
        if made is not None:
            messages.success(request, _("证照 %(n)s 已制发。") % {"n": made.number})
            return redirect("portal:licence", number=made.number)
    facts: list[tuple[str, Value]] = [
        (_("办件编号"), case), (_("证照"), known.title), (_("有效期"), _years(known)), (_("依据"), known.basis or None),
    ]  # fmt: skip
    context = {"crumbs": _crumbs(), "form": form, "facts": facts, "kind": known}
    return desk_page(request, "licence_issue", context, status=422 if form.errors else 200)


def _years(kind: LicenceType) -> str:
    if kind.varies:
        return _("由本单位按持证人的情况写明")
    return _("%(n)s 年") % {"n": kind.valid_years} if kind.valid_years else _("长期")


@never_cache
@require_safe
def licence(request: HttpRequest, number: str) -> HttpResponse:
    """One licence: what it says, how it stands, what happened to it, what may be done."""
    who = officer(request)
    seen = library.licence(actor=who, number=number)
    return _page(request, seen, Changing(seen))


def _page(request: HttpRequest, seen: LicenceView, form: Changing) -> HttpResponse:
    who = officer(request)
    facts: list[tuple[str, Value]] = [
        (_("状态"), standing(seen.state)), (_("持证人"), seen.holder_name), (_("有效期"), term(seen)),
        (_("电子证照标识"), seen.identifier), (_("颁发时间"), seen.issued_at), (_("办件编号"), seen.case),
    ]  # fmt: skip
    if seen.replaces:
        facts.append((_("原证"), Link(seen.replaces, reverse("portal:licence", args=[seen.replaces]))))
    if seen.replaced_by:
        facts.append((_("换发为"), Link(seen.replaced_by, reverse("portal:licence", args=[seen.replaced_by]))))
    events = [
        Event(one.at, one.person_name or one.agency_name, f"{one.reason}（{one.basis}）", state=standing(one.state))
        for one in reversed(seen.events)
    ]
    acts = form.fields["act"].choices  # type: ignore[attr-defined]  # a ChoiceField has them
    may = who.may("cases.change_licence") and bool(acts)
    context = {"crumbs": _crumbs(), "it": seen, "facts": facts, "events": events, "form": form if may else None}
    return desk_page(request, "licence", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def change(request: HttpRequest, number: str) -> HttpResponse:
    """Do to a licence what was chosen, with its grounds."""
    who = officer(request)
    seen = library.licence(actor=who, number=number)
    form = Changing(seen, request.POST)
    if form.is_valid():
        made = tried(form, lambda: _do(who, number, **form.cleaned_data))
        if made is not None:
            messages.success(
                request, _("已办理：证照 %(n)s 现为“%(state)s”。") % {"n": made.number, "state": _(made.state.title)}
            )
            return redirect("portal:licence", number=made.number)
    return _page(request, seen, form)


def _do(who: Actor, number: str, *, act: str, reason: str, basis: str) -> LicenceView:
    if act == REISSUE:
        return desk.reissue_licence(actor=who, number=number, reason=reason, basis=basis)
    return library.change_licence(actor=who, number=number, state=LicenceState(act), reason=reason, basis=basis)


@never_cache
@require_safe
def document(request: HttpRequest, number: str) -> HttpResponse:
    """The licence as its holder takes it away."""
    seen = library.licence(actor=officer(request), number=number)
    return download(pdf(seen), f"{seen.title} {seen.number}.pdf", "application/pdf")


def _crumbs() -> list[Link]:
    return [Link(_("证照"), reverse("portal:licences"))]


urlpatterns = [
    path("desk/licences/", licences, name="licences"),
    path("desk/licences/issue/<str:case>/<str:kind>/", issue, name="licence_issue"),
    path("desk/licences/<str:number>/", licence, name="licence"),
    path("desk/licences/<str:number>/change/", change, name="licence_change"),
    path("desk/licences/<str:number>/licence.pdf", document, name="licence_pdf"),
]
