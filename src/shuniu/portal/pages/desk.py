"""The data officer's desk: what to do first, then how each resource of the agency stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.directory.session import actor
from shuniu.exchange.api import overview as exchange
from shuniu.exchange.api.grading import quality
from shuniu.exchange.api.overview import Freshness, HeldBatch, Standing, Timing
from shuniu.exchange.declare import State as Stands
from shuniu.portal.clocks import lateness
from shuniu.portal.pages.work_objects import Named, cut, named
from shuniu.portal.shell import desk_page, submission_state, timely_state, timings
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import TaskView
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Link, Row, State
from shuniu.web.templates import write_date, write_datetime, write_number

MOST_TASKS = 100


@never_cache
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The desk of the actor's own agency."""
    who = actor(request)
    standings = exchange.overview(actor=who, agency=who.agency)
    timing = timings(who, who.agency)
    held = exchange.held_batches(actor=who) if who.may("exchange.read_held") else []
    tasks = procedures.tasks(who, limit=MOST_TASKS)
    about = named(who, tasks)
    waiting = [
        *(_held(one, who) for one in held),
        *(_task(one, about[one.object]) for one in tasks),
        *(row for one in standings if (row := _to_mend(one))),
        *(row for one in standings if (row := _due(one, timing.get(one.resource.key)))),
    ]
    context = {
        "todo_columns": [Column(_("要办的事")), Column(_("状态")), Column(_("情况")), Column(_("下一步"))],
        "todo": waiting,
        "cut": cut(len(tasks), MOST_TASKS),
        "export": _("本单位的资源"),
        **_resources(standings, timing, who),
    }
    return desk_page(request, "desk", context)


def _held(one: HeldBatch, who: Actor) -> Row:
    mine = one.person == who.person or not who.may("exchange.release")
    href = reverse("portal:submission", args=[one.number])
    said = _("%(who)s %(when)s 报送。%(why)s") % {
        "who": one.officer, "when": write_datetime(one.received_at), "why": one.reason,
    }  # fmt: skip
    state = State(_("等第二人复核"), "info") if mine else State(_("等您复核"), "waiting")
    step = Link(_("查看第 %(n)s 号") % {"n": one.number} if mine else _("核对后放行或退回"), href)
    return Row((one.title, state, said, step), href)


def _task(one: TaskView, about: Named) -> Row:
    due = _("%(day)s 前办结") % {"day": write_date(one.due)} if one.due else ""
    standing = lateness(one.due)
    waiting = State(_("您已领办") if one.person else _("待办"), "waiting")
    state = standing if standing is not None and standing.kind != "info" else waiting
    said = _("%(who)s %(when)s 提出。%(due)s") % {
        "who": one.opened_by_name, "when": write_datetime(one.opened_at), "due": due,
    }  # fmt: skip
    step = _(one.procedure_title) + _("：") + _(one.stage_title)
    return Row((about.words, state, said, Link(step, about.href)), about.href)


def _to_mend(one: Standing) -> Row | None:
    """A resource whose newest delivery came back, whole or in part."""
    if one.number is None or one.state not in (Stands.REFUSED, Stands.STORED):
        return None
    refused = one.state is Stands.REFUSED
    if not refused and not one.rejected:
        return None
    href = reverse("portal:submission", args=[one.number])
    state = State(_("整批拒收"), "stopped") if refused else State(_("有退回行"), "warning")
    when = write_datetime(one.received_at)
    said = (
        _("%(when)s 报送的第 %(n)s 号没有入库。") % {"when": when, "n": one.number}
        if refused
        else _("%(when)s 报送的第 %(n)s 号退回 %(rows)s 行。")
        % {"when": when, "n": one.number, "rows": write_number(one.rejected)}
    )
    step = (
        Link(_("看原因，改正后重报"), href)
        if refused
        else Link(_("下载退回清单，改正后重报"), reverse("portal:rejects", args=[one.number]))
    )
    return Row((one.resource.title, state, said, step), href)


def _due(one: Standing, timing: Timing | None) -> Row | None:
    """A resource that is due soon or late, and the way to deliver it."""
    if timing is None or timing.state not in (Freshness.DUE, Freshness.GRACE, Freshness.OVERDUE):
        return None
    said = _("应于 %(due)s 前报送，宽限到 %(until)s。") % {
        "due": write_date(timing.due),
        "until": write_date(timing.until),
    }
    href = reverse("portal:upload", args=[one.resource.key])
    return Row((one.resource.title, timely_state(timing), said, Link(_("报送，或作零报告"), href)), href)


def _resources(standings: list[Standing], timing: dict[str, Timing], who: Actor) -> dict[str, object]:
    uploads = who.may("exchange.submit")
    grades = _grades(who)
    columns = [
        Column(_("资源")), Column(_("更新周期")), Column(_("最近报送")), Column(_("状态")), Column(_("退回行"), "number"),
        Column(_("最近入库"), "day"), Column(_("时效")), Column(_("本月质量")), *([Column(_("报送"))] if uploads else []),
    ]  # fmt: skip
    rows = [
        Row(
            (
                one.resource.title,
                _(one.resource.cycle.title),
                _newest(one),
                submission_state(one.state) if one.state else State(_("未报送"), "none"),
                _rejected(one),
                one.stored_at,
                timely_state(timing[one.resource.key]) if one.resource.key in timing else None,
                grades.get(one.resource.key),
                *([Link(_("报送"), reverse("portal:upload", args=[one.resource.key]))] if uploads else []),
            ),
            reverse("portal:resource", args=[one.resource.key]),
        )
        for one in standings
    ]
    return {"columns": columns, "rows": rows}


def _grades(who: Actor) -> dict[str, Link]:
    """This month's letter of each resource that has one, opening what cost it points."""
    if not who.may("exchange.read_quality"):
        return {}
    found = quality(actor=who, agency=who.agency, month=f"{timezone.localdate():%Y-%m}")
    href = reverse("portal:quality")
    return {one.resource.key: Link(one.grade.letter, href) for one in found.resources if one.grade.letter}


def _newest(one: Standing) -> Link | None:
    if one.number is None:
        return None
    words = _("第 %(n)s 号 · %(when)s") % {"n": one.number, "when": write_datetime(one.received_at)}
    return Link(words, reverse("portal:submission", args=[one.number]))


def _rejected(one: Standing) -> Link | int | None:
    if one.number is None or not one.rejected:
        return None if one.number is None else 0
    return Link(write_number(one.rejected), reverse("portal:rejects", args=[one.number]))
