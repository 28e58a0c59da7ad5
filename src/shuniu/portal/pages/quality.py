"""An agency's quality over a month: each resource's grade, and every lost point with the submission that lost it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.directory.session import actor
from shuniu.exchange.api.grading import AgencyMonth, ResourceMonth, quality
from shuniu.portal.shell import desk_page
from shuniu.registries.rules import CELL_RULES
from shuniu.web.declare import Column, Filter, Grade, Link, Row, Value
from shuniu.web.templates import write_number

_OTHER = {"row.awaiting": gettext_noop("认不出主体"), "objection.upheld": gettext_noop("异议查实有误")}
_LETTERS = {letter: Grade(letter) for letter in ("A", "B", "C", "D")}
_MOST = 20
"""Reasons that are listed of one resource: the heaviest of each dimension come first."""


@never_cache
@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """The month's grades of an agency (`?agency=`, `?month=2026-11`), by default one's own and this month's."""
    who = actor(request)
    agency = request.GET.get("agency", "") or who.agency
    asked = request.GET.get("month", "") or f"{timezone.localdate():%Y-%m}"
    found = quality(actor=who, agency=agency, month=asked)
    context = {"found": found, "month": asked, "filters": (Filter("month", _("月份"), asked),), **_listed(found)}
    context["export"] = _("%(month)s 数据质量") % {"month": asked}
    return desk_page(request, "quality", context)


def _listed(found: AgencyMonth) -> dict[str, object]:
    dimensions = [point.dimension.title for point in found.grade.points]
    columns = [
        Column(_("资源")), Column(_("等级")), Column(_("得分"), "number"), *(Column(_(one), "number") for one in dimensions),
        Column(pgettext("数目", "报送"), "number"), Column(_("收到行"), "number"), Column(_("退回行"), "number"),
    ]  # fmt: skip
    return {
        "columns": columns,
        "rows": [_row(one, dimensions) for one in found.resources],
        "reasons": [(one.resource.title, grade) for one in found.resources if (grade := _explained(one)) is not None],
    }


def _row(one: ResourceMonth, dimensions: list[str]) -> Row:
    points = {point.dimension.title: f"{point.earned:g}/{point.possible}" for point in one.grade.points}
    listed = f"{reverse('portal:submissions')}?agency={one.resource.agency}&resource={one.resource.key}"
    count = len(one.submissions)
    cells: tuple[Value, ...] = (
        one.resource.title,
        _LETTERS.get(one.grade.letter),
        one.grade.score,
        *(points.get(title) for title in dimensions),
        Link(write_number(count), listed) if count else 0,
        one.counts.received,
        one.counts.rejected,
    )
    return Row(cells, reverse("portal:resource", args=[one.resource.key]))


def _explained(one: ResourceMonth) -> Grade | None:
    """A resource's grade with what it lost points for; None where nothing was due or nothing lost."""
    if one.grade.letter not in _LETTERS:
        return None
    reasons = [
        Link(
            _("%(what)s：第 %(n)s 号 %(rows)s 行，%(rule)s")
            % {
                "what": _(point.dimension.title),
                "n": e.submission,
                "rows": write_number(e.rows),
                "rule": _words(e.rule),
            },
            reverse("portal:submission", args=[e.submission]),
        )
        for point in one.grade.points
        for e in point.evidence
    ]
    if one.late:
        listed = f"{reverse('portal:submissions')}?agency={one.resource.agency}&resource={one.resource.key}"
        reasons.append(
            Link(_("时效：%(due)s 期应报，%(late)s 期逾期或未报") % {"due": one.due, "late": one.late}, listed)
        )
    letter = _LETTERS[one.grade.letter].letter
    return Grade(letter, tuple(reasons[:_MOST])) if reasons else None


def _words(rule: str) -> str:
    return (
        CELL_RULES[rule][0]
        if rule in CELL_RULES
        else _(_OTHER[rule])
        if rule in _OTHER
        else _("整个文件不能读（%(rule)s）") % {"rule": rule}
    )
