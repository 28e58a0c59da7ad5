"""Ratings at the desk: what the agency received, and what is to be done about each. Nobody's name is on these pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuniu.cases.api import ratings as api
from shuniu.cases.api import rectifying
from shuniu.cases.declare.rating import RatingView
from shuniu.directory.session import actor
from shuniu.portal.hall.ratings import columns, grade, listed, progress
from shuniu.portal.shell import SIZE, desk_page, going, tried
from shuniu.portal.shell import number as whole
from shuniu.trust.declare import Actor
from shuniu.web.declare import Link, Value
from shuniu.web.forms import PlainForm

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as Words


def _words(label: Words, help_text: Words = "", required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=1000, required=required, help_text=help_text, widget=forms.Textarea(attrs={"rows": 3})
    )


def _either(label: Words, yes: Words, no: Words) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=[("1", yes), ("0", no)], coerce=lambda value: value == "1", widget=forms.RadioSelect
    )


class Rectifying(PlainForm):
    measures = _words(gettext_lazy("整改措施"), gettext_lazy("写明查实了什么、改了什么；会告诉评价人。"))


class CallingBack(PlainForm):
    accepted = _either(gettext_lazy("评价人是否认可"), gettext_lazy("认可，整改完成"), gettext_lazy("不认可，退回整改"))
    said = _words(gettext_lazy("回访情况"), gettext_lazy("写明怎样回访、评价人怎么说。"))


class Looking(PlainForm):
    show = _either(gettext_lazy("是否公开意见"), gettext_lazy("公开（已自动隐去个人信息）"), gettext_lazy("不公开"))
    hide = _words(
        gettext_lazy("还要隐去的词"), gettext_lazy("能看出是谁写的或指向个人的词，照原文一行一个。"), required=False
    )
    reason = _words(gettext_lazy("不公开的理由"), required=False)


class AskingAside(PlainForm):
    reason = _words(gettext_lazy("理由"), gettext_lazy("写明为什么是恶意评价、依据什么；由另一人复核。"))


class DecidingAside(PlainForm):
    agreed = _either(gettext_lazy("是否计入"), gettext_lazy("不计入统计"), gettext_lazy("照常计入"))
    answer = _words(gettext_lazy("复核意见"))


_ACTS: dict[str, tuple[str, Words, type[PlainForm]]] = {
    "rectify": ("cases.rectify", gettext_lazy("整改"), Rectifying),
    "call-back": ("cases.call_back", gettext_lazy("回访"), CallingBack),
    "look": ("cases.look_at_rating_text", gettext_lazy("审看意见"), Looking),
    "aside": ("cases.ask_rating_aside", gettext_lazy("申请不计入"), AskingAside),
    "decide": ("cases.decide_rating_aside", gettext_lazy("复核不计入"), DecidingAside),
}
"""What can be done with a rating: the right that it takes, its words, its form."""


def _do(key: str, who: Actor, rating: int, said: Mapping[str, Any]) -> RatingView:
    if key == "rectify":
        return rectifying.rectify(actor=who, rating=rating, measures=said["measures"])
    if key == "call-back":
        return rectifying.call_back(actor=who, rating=rating, accepted=said["accepted"], said=said["said"])
    if key == "look":
        hide = said["hide"].splitlines()
        return rectifying.look_at_text(actor=who, rating=rating, show=said["show"], hide=hide, reason=said["reason"])
    if key == "aside":
        return rectifying.ask_aside(actor=who, rating=rating, reason=said["reason"])
    return rectifying.decide_aside(actor=who, rating=rating, agreed=said["agreed"], answer=said["answer"])


def _offered(it: RatingView, who: Actor) -> list[str]:
    """What this reader may do with a rating as it stands."""
    stands = it.rectification.state if it.rectification else ""
    fits = {
        "rectify": stands == "rectify",
        "call-back": stands == "call_back",
        "look": it.wrote,
        "aside": it.aside is None,
        "decide": it.aside is not None and it.aside.agreed is None,
    }
    return [key for key, (right, _title, _form) in _ACTS.items() if fits[key] and who.may(right)]


@never_cache
@require_safe
def ratings(request: HttpRequest) -> HttpResponse:
    """The ratings that the agency received; `?show=bad` those that are to be put right."""
    bad = request.GET.get("show") == "bad"
    found = api.list_ratings(actor=actor(request), bad=bad, before=whole(request.GET.get("before")), most=SIZE + 1)
    at = reverse("portal:ratings")
    context = {
        "tabs": [Link(_("全部"), at, current=not bad), Link(_("差评"), f"{at}?show=bad", current=bad)],
        "columns": columns(), "rows": [listed(one, reverse("portal:rating", args=[one.id])) for one in found[:SIZE]],
        "going": going(request, "before", found[SIZE - 1].id if len(found) > SIZE else None),
    }  # fmt: skip
    return desk_page(request, "ratings", context)


@never_cache
@require_safe
def rating(request: HttpRequest, number: int) -> HttpResponse:
    """One rating, with the forms for what its reader may do."""
    return _page(request, number)


def _page(request: HttpRequest, number: int, key: str = "", form: PlainForm | None = None) -> HttpResponse:
    who = actor(request)
    it = api.read_rating(actor=who, rating=number)
    acts = [
        (one, _ACTS[one][1], form if form and one == key else _ACTS[one][2](prefix=one)) for one in _offered(it, who)
    ]
    context = {"crumbs": [Link(_("服务评价"), reverse("portal:ratings"))], "it": it, "facts": _facts(it), "acts": acts,
               "wrong": form}  # fmt: skip
    return desk_page(request, "rating", context, status=422 if form else 200)


def _facts(it: RatingView) -> list[tuple[str, Value]]:
    parts = [(_(title), grade(level)) for title, level in it.parts]
    led_to, aside = it.rectification, it.aside
    rows: list[tuple[str, Value]] = [
        (_("环节"), _(it.stage.title)), (_("评价"), grade(it.level)), *parts, (_("月份"), f"{it.month:%Y-%m}"),
        (_("第几版"), it.version),
    ]  # fmt: skip
    if it.wrote:
        looked = {None: _("未审看"), True: _("已公开"), False: _("不公开")}[it.looked]
        rows += [(_("意见"), it.text or _("未公开的意见只有好差评专员能看")), (_("意见公开"), looked)]
    if led_to:
        rows += [(_("整改"), progress(it)), (_("整改期限"), led_to.due), (_("整改措施"), led_to.measures or None),
                 (_("回访日期"), led_to.called_on)]  # fmt: skip
        rows += [(_("回访情况"), led_to.call_back)] if led_to.call_back else []
    if aside:
        decided = {None: _("等待复核"), True: _("不计入"), False: _("照常计入")}[aside.agreed]
        rows += [
            (_("申请不计入"), aside.reason),
            (_("复核结果"), f"{decided}{_('：')}{aside.answer}" if aside.answer else decided),
        ]
    return rows


@never_cache
@require_POST
def act(request: HttpRequest, number: int, key: str) -> HttpResponse:
    """Do one thing with a rating; what is refused stands in its form."""
    if key not in _ACTS:
        raise Http404(key)
    form = _ACTS[key][2](request.POST, prefix=key)
    who = actor(request)
    if form.is_valid() and tried(form, lambda: _do(key, who, number, form.cleaned_data)) is not None:
        messages.success(request, _("已记录：%(what)s。") % {"what": _ACTS[key][1]})
        return redirect("portal:rating", number=number)
    return _page(request, number, key, form)


@never_cache
@require_safe
def rater(request: HttpRequest, number: int) -> HttpResponse:
    """Whom to call back, while that is due."""
    it = rectifying.read_rater(actor=actor(request), rating=number)
    here = reverse("portal:rating", args=[number])
    context = {
        "crumbs": [Link(_("服务评价"), reverse("portal:ratings")), Link(_("第 %(n)s 号评价") % {"n": number}, here)],
        "it": it, "back": here,
    }  # fmt: skip
    return desk_page(request, "rating_rater", context)


urlpatterns = [
    path("desk/ratings/", ratings, name="ratings"),
    path("desk/ratings/<int:number>/", rating, name="rating"),
    path("desk/ratings/<int:number>/rater/", rater, name="rating_rater"),
    path("desk/ratings/<int:number>/act/<slug:key>/", act, name="rating_act"),
]
