"""Credit repair (信用修复): from what day a fact can be repaired, beginning a case, commitments, and what was before."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuniu.base.rules import Certainty, Rule
from shuniu.cases.declare.case import CaseState
from shuniu.directory.session import actor
from shuniu.portal.credit.forms import RepairDecision
from shuniu.portal.credit.pages import slowly
from shuniu.portal.shell import SIZE, desk_page, number, page_asked, paged, tried
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import CaseView, Move
from shuniu.systems.credit import before
from shuniu.systems.credit import repair as credit
from shuniu.systems.credit.declare import ITEM, REPAIR, Viewer
from shuniu.systems.credit.file import Fact
from shuniu.systems.credit.report import report
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Event, Link, Paging, Row, State, Value
from shuniu.web.templates import write_date

_STATES = {
    CaseState.GRANTED: State(gettext_noop("已修复"), "done"),
    CaseState.WITHDRAWN: State(gettext_noop("已撤回"), "none"),
    CaseState.DECLINED: State(gettext_noop("不予受理"), "stopped"),
    CaseState.REFUSED: State(gettext_noop("不予修复"), "stopped"),
}
_RUNNING = State(gettext_noop("办理中"), "waiting")
_BEFORE = {
    "": State(gettext_noop("审核中"), "waiting"),
    "granted": _STATES[CaseState.GRANTED],
    "refused": _STATES[CaseState.REFUSED],
}
_SAID = (gettext_noop("纠正情况"), gettext_noop("证明材料"), gettext_noop("信用承诺"))
"""What an application of before says, under its headings."""
_MOVES = {
    Move.OPEN: gettext_noop("提出申请，即时受理"),
    Move.AGREE: gettext_noop("同意修复"),
    Move.DISAGREE: gettext_noop("不予修复"),
    Move.TRANSFER: gettext_noop("转办"),
}
_CONDITIONS = {
    "min_period": gettext_noop("最短公示期已经届满"),
    "corrected": gettext_noop("行为已经纠正，义务已经履行（如罚款已缴清），有材料证明"),
    "commitment": gettext_noop("公开作出信用承诺"),
}


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own adverse facts: until when each is shown, from what day it can be repaired, how an application stands."""
    made = report(actor=actor(request), viewer=Viewer.SUBJECT)
    found, paging = paged(request, [one for one in made.facts if one.seen_as.disclosed.months])
    known = credit.standings(found)
    columns = [
        Column(_("信息")), Column(_("来源")), Column(_("文书日期"), "day"), Column(_("最迟公示至"), "day"),
        Column(_("可修复自"), "day"), Column(_("修复申请")), Column(_("下一步")),
    ]  # fmt: skip
    context = {
        "crumbs": [_own()], "columns": columns, "rows": [_row(one, known.get(one.place)) for one in found], "paging": paging,
        "name": made.header.name,
    }  # fmt: skip
    return desk_page(request, "credit/repairs_mine", context)


def _own() -> Link:
    return Link(_("我的信用信息"), reverse("portal:credit_mine"))


def _row(fact: Fact, known: credit.Standing | None) -> Row:
    today, href = timezone.localdate(), _apply_href(fact)
    asked = credit.terms(fact, today)
    state: Value = _state(known) if known else State(_("没有申请"), "none")
    if known is not None and known.state.running:
        step = Link(_("看申请"), _href(known))
    elif asked is not None and asked.open(today):
        step = Link(_("再次申请") if known else _("申请修复"), href)
    else:
        step = Link(_("看条件"), href)
    opens = asked.opens if asked is not None and "min_period" in asked.asked else None
    title = fact.seen_as.resource.title
    return Row((title, fact.seen_as.agency_name, fact.document_date, fact.until, opens, state, step), step.href)


def _state(known: credit.Standing) -> State:
    return _RUNNING if known.state.running else _STATES[known.state]


def _href(known: credit.Standing) -> str:
    """Where an application is: a case's page, or the page of before."""
    if known.number:
        return reverse("portal:my_case", args=[known.number])
    return reverse("portal:repair", args=[known.matter])


def _apply_href(fact: Fact) -> str:
    return f"{reverse('portal:repair_new')}?resource={fact.seen_as.resource.key}&row={fact.row}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """What a repair of one fact takes, in plain words, and the way to ask for it once that is open."""
    who, today = actor(request), timezone.localdate()
    key, row = request.GET.get("resource", ""), number(request.GET.get("row"))
    facts = report(actor=who, viewer=Viewer.SUBJECT).facts
    fact = next((one for one in facts if one.seen_as.resource.key == key and one.row == row), None)
    asked = credit.terms(fact, today) if fact is not None else None
    if fact is None or asked is None:
        raise Refused("repair.fact", "本人报告中没有这条可以修复的失信信息。", "请从本人（本企业）信用报告进入。")
    known = credit.standings([fact]).get(fact.place)
    open_ = asked.open(today) and not (known is not None and known.state.running)
    if request.method == "POST" and open_:
        return redirect("portal:draft", draft=credit.begin(actor=who, fact=fact))
    context = {
        "crumbs": [_own(), Link(_("信用修复"), reverse("portal:repairs_mine"))],
        "fact": fact, "terms": asked, "open": open_, "known": known, "state": _state(known) if known else None,
        "known_href": _href(known) if known else "", "guide": reverse("portal:hall_guide", args=[ITEM.key]),
        "shortest": _least_words(fact, asked), "bases": _bases(asked), "facts": _facts(fact),
        "conditions": [_(_CONDITIONS.get(one, one)) for one in asked.asked],
    }  # fmt: skip
    return desk_page(request, "credit/repair_new", context)


def _least_words(fact: Fact, asked: credit.Terms) -> str:
    """From what day this fact can be repaired, in plain words."""
    if "min_period" not in asked.asked or not asked.shortest.integer():
        return _("这类信息没有最短公示期：纠正以后，随时可以申请。")
    return _("文书日期是 %(day)s，最短公示期 %(n)s 个月，%(opens)s 起可以申请。") % {
        "day": write_date(fact.document_date), "n": asked.shortest.integer(), "opens": write_date(asked.opens),
    }  # fmt: skip


def _bases(asked: credit.Terms) -> list[str]:
    """What the day's rules rest on; what was never checked against its source is not passed off as the law's words."""
    return list(dict.fromkeys(_basis(one) for one in (asked.shortest, asked.conditions)))


def _basis(rule: Rule) -> str:
    article = _("第 %(n)s 条") % {"n": rule.article} if rule.article else ""
    said = rule.legal_basis + article
    return said if rule.certainty in (Certainty.VERIFIED, Certainty.KNOWN) else _("%s（按平台设定，未经核对）") % said


def _facts(fact: Fact) -> list[tuple[str, Value]]:
    return [
        (_("认定单位"), fact.seen_as.agency_name),
        *(
            (title, text)
            for title, text in fact.items
            if title in {item.title for item in fact.seen_as.resource.key_items}
        ),
        *([(_("文书日期"), fact.document_date)] if fact.document_date else []),
        *([(_("最迟公示至"), fact.until)] if fact.until else []),
    ]


@require_safe
@slowly
def commitments(request: HttpRequest) -> HttpResponse:
    """The commitments that were given: the firm, the words, the day. Of natural persons none is published."""
    page = page_asked(request)
    total, found = credit.commitments(actor=actor(request), limit=SIZE, offset=(page - 1) * SIZE)
    columns = [Column(_("作出承诺的主体")), Column(_("统一社会信用代码"), "code"), Column(_("作出日期"), "day"),
               Column(_("承诺内容"))]  # fmt: skip
    rows = [Row((one.name, one.code, one.day, one.text)) for one in found]
    context = {"columns": columns, "rows": rows, "paging": Paging(page, SIZE, total)}
    return render(request, "portal/credit/commitments.html.jinja", context)


@never_cache
@require_safe
def repair(request: HttpRequest, number: int) -> HttpResponse:
    """One application of before: what was said, how it stands, what happened, and the decision for who may take it."""
    return _page(request, number)


def _page(request: HttpRequest, number: int, tried_form: RepairDecision | None = None) -> HttpResponse:
    who = actor(request)
    it = before.read_repair(actor=who, case=number)
    own = it.case.opened_by == who.person
    form = (tried_form or RepairDecision()) if _may_decide(who, it.case) and not own else None
    up = _own() if who.subject else Link(_("信用修复审核"), reverse("portal:repairs"))
    context = {
        "crumbs": [up] if who.subject or who.may("credit.decide_repair") else [],
        "it": it, "form": form, "own": own, "state": _BEFORE[it.case.outcome],
        "facts": _facts(it.fact) if it.fact is not None else [],
        "said": _said(it.events[0].reason) if it.events else [],
        "events": [
            Event(one.at, one.person_name, _(_MOVES.get(one.move, one.move.value)), "" if one.move is Move.OPEN else one.reason)
            for one in reversed(it.events)
            if one.move is not Move.SEAT
        ],
    }  # fmt: skip
    return desk_page(request, "credit/repair", context, status=422 if form is not None and form.errors else 200)


def _said(reason: str) -> list[tuple[str, Value]]:
    """What the applicant wrote, under its three headings again; lines of one stand together."""
    found: list[tuple[str, str]] = []
    for line in reason.splitlines():
        heading, colon, text = line.partition("：")
        if colon and heading in _SAID:
            found.append((heading, text))
        elif found and line.strip():
            found[-1] = (found[-1][0], f"{found[-1][1]}；{line.strip()}")
    return [(_(heading), text) for heading, text in found]


def _may_decide(who: Actor, case: CaseView) -> bool:
    return not case.outcome and who.may("credit.decide_repair") and who.agency == case.agency


@never_cache
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Grant or refuse a repair, with the reason."""
    form = RepairDecision(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        done = tried(
            form,
            lambda: before.decide_repair(
                actor=actor(request), case=number, grant=said["answer"] == "yes", reason=said["reason"]
            ),
        )
        if done is not None:
            messages.success(request, _("第 %(n)s 号申请已办结，申请人会收到通知。") % {"n": number})
            return redirect("portal:repair", number=number)
    return _page(request, number, form)


@never_cache
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """The applications of before that wait for this officer's decision, the most pressing first."""
    who = actor(request)
    if not who.may("credit.decide_repair"):
        raise Refused(
            "right.missing", "您没有“审核信用修复”的权限。", "需要开通时，联系本单位管理员任命为“信用修复审核员”。"
        )
    tasks = procedures.tasks(who, procedure=REPAIR.key, limit=SIZE)
    rows = []
    for one in tasks:
        href = reverse("portal:repair", args=[one.case])
        title = credit.place_of(one.object.split(":", 2)[2])[1].title
        name = _("第 %(n)s 号") % {"n": one.case}
        rows.append(Row((name, title, one.opened_by_name, one.since, one.due, Link(_("核查并决定"), href)), href))
    columns = [
        Column(_("申请")), Column(_("信息")), Column(_("申请人")), Column(_("提出时间")), Column(_("应办结"), "day"),
        Column(_("下一步")),
    ]  # fmt: skip
    context = {"columns": columns, "rows": rows, "more": procedures.count_tasks(who, procedure=REPAIR.key) - len(tasks)}
    return desk_page(request, "credit/repairs", context)
