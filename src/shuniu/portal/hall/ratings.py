"""好差评 in the hall: rating the stages of one's case, and the published counts, each opening its list."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.cases.api import ratings as api
from shuniu.cases.declare.rating import Level, OwnRating, RatedStage, RatingCount, RatingView
from shuniu.directory.session import actor
from shuniu.portal.hall import rating_links
from shuniu.portal.hall.rating_forms import RateForm
from shuniu.portal.shell import number as whole
from shuniu.portal.shell import paged, tried
from shuniu.web.declare import Column, Link, Row, State, Value


@never_cache
@require_safe
def stages(request: HttpRequest, number: str) -> HttpResponse:
    """What of one's case can be rated, and what was said."""
    found = api.own_ratings(actor=actor(request), number=number)
    rows = [Row((_(one.stage.title), grade(one.level) if one.level else _("未评价"), _offered(one))) for one in found]
    context = {
        "crumbs": _crumbs(number), "number": number, "rows": rows,
        "columns": [Column(_("环节")), Column(_("您的评价")), Column(_("可以做什么"))],
    }  # fmt: skip
    return render(request, "portal/hall/rating_stages.html.jinja", context)


def _offered(one: OwnRating) -> Link:
    words = _("更正评价") if one.level else _("评价")
    return Link(f"{words}{_('：')}{_(one.stage.title)}", reverse("portal:rate", args=[one.number, one.stage.value]))


def _crumbs(number: str) -> list[Link]:
    return [Link(_("我的办件"), reverse("portal:my_cases")), Link(number, reverse("portal:my_case", args=[number]))]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, number: str, stage: str) -> HttpResponse:
    """Rate one stage, or correct what was said."""
    who = actor(request)
    it = next((one for one in api.own_ratings(actor=who, number=number) if one.stage.value == stage), None)
    if it is None:
        raise Http404(stage)
    form = RateForm(it, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        done = tried(
            form,
            lambda: api.rate(
                actor=who, number=number, stage=RatedStage(stage), level=said["level"], parts=form.parts(),
                text=said["text"],
            ),
        )  # fmt: skip
        if done is not None:
            messages.success(request, _("评价已收到，谢谢。被评价的人看不到是谁评的。"))
            return redirect("portal:case_rating", number=number)
    context = {"crumbs": _crumbs(number), "it": it, "form": form, "once": False}
    return render(request, "portal/hall/rating.html.jinja", context, status=422 if form.errors else 200)


def grade(level: Level) -> State:
    """A grade as a word with its shape."""
    return State(_(level.title), "stopped" if level is Level.VERY_BAD else "warning" if level.bad else "done")


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """How every item of every agency was rated; `?agency=` narrows."""
    agency = request.GET.get("agency", "")
    found = api.figures(agency)
    rows, paging = paged(request, [_figure(one) for one in found])
    columns = [Column(_("事项")), Column(_("单位")), *(Column(_(one.title), "number") for one in Level),
               Column(_("不计入"), "number")]  # fmt: skip
    context = {
        "columns": columns,
        "rows": rows,
        "paging": paging,
        "narrowed": found[0].agency_name if agency and found else "",
    }
    return render(request, "portal/hall/rating_figures.html.jinja", context)


def _figure(one: RatingCount) -> Row:
    agency = Link(one.agency_name, f"{reverse('portal:ratings_public')}?{urlencode({'agency': one.agency})}")
    counts: list[Value] = [_count(one, "level", level.value, count) for level, count in one.counts.items()]
    return Row((one.title, agency, *counts, _count(one, "aside", 1, one.aside)))


def _count(one: RatingCount, key: str, value: int, count: int) -> Value:
    """A number that opens its list; nothing is behind a nought."""
    query = urlencode({"agency": one.agency, "item": one.item, key: str(value)})
    return Link(str(count), f"{reverse('portal:ratings_behind')}?{query}") if count else 0


@require_safe
def behind(request: HttpRequest) -> HttpResponse:
    """The ratings behind one number, without who, which case or which day."""
    asked = whole(request.GET.get("level"))
    level = Level(asked) if asked in tuple(Level) else None
    aside = bool(request.GET.get("aside"))
    found = api.behind(request.GET.get("agency", ""), request.GET.get("item", ""), level, aside=aside)
    rows, paging = paged(request, [listed(one) for one in found])
    context = {
        "crumbs": [Link(_("服务评价"), reverse("portal:ratings_public"))], "columns": columns(), "rows": rows,
        "paging": paging, "aside": aside, "of": found[0].title if found else "", "level": _(level.title) if level else "",
    }  # fmt: skip
    return render(request, "portal/hall/rating_list.html.jinja", context)


def columns() -> Sequence[Column]:
    return [Column(_("月份")), Column(_("事项")), Column(_("环节")), Column(_("评价")), Column(_("分项")),
            Column(_("意见")), Column(_("整改"))]  # fmt: skip


def listed(one: RatingView, href: str = "") -> Row:
    """A rating as a row of `columns`."""
    parts = _("；").join(f"{_(title)}{_('：')}{_(level.title)}" for title, level in one.parts)
    month = f"{one.month:%Y-%m}"
    return Row(
        (month, one.title, _(one.stage.title), grade(one.level), parts or None, one.text or None, progress(one)), href
    )


def progress(one: RatingView) -> Value:
    """How far the rectification has come."""
    if one.aside and one.aside.agreed:
        return State(_("经复核不计入"), "none")
    if one.rectification is None:
        return None
    words = {
        "rectify": State(_("整改中"), "waiting"),
        "call_back": State(_("已整改，待回访"), "waiting"),
        "done": State(_("已整改并回访"), "done"),
        "ended": State(_("已终止"), "none"),
    }
    return words[one.rectification.state]


urlpatterns = [
    path("hall/ratings/", figures, name="ratings_public"),
    path("hall/ratings/list/", behind, name="ratings_behind"),
    path("rate/<str:token>/", rating_links.rate, name="rate_by_link"),
    path("hall/cases/<str:number>/rate/code/", rating_links.code, name="rating_code"),
    path("hall/cases/<str:number>/rate/", stages, name="case_rating"),
    path("hall/cases/<str:number>/rate/<slug:stage>/", rate, name="rate"),
]
