"""What the portal's pages share: the desk's menu by rights, lists that go on, files to take away, forms' refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote, urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from shuniu.directory.api import waiting_reviews
from shuniu.directory.session import actor
from shuniu.exchange.api.overview import Freshness, Timing
from shuniu.exchange.api.timeliness import freshness
from shuniu.exchange.declare import ReceiptView
from shuniu.exchange.declare import State as Standing
from shuniu.notices.api import count_unread
from shuniu.portal import tables
from shuniu.trust.api import OVERSEE
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Link, Paging, Receipt, State

T = TypeVar("T")
SIZE = 50
"""Rows of one page of a list."""

_KINDS = {
    Standing.RECEIVED: "info",
    Standing.HELD: "waiting",
    Standing.STORED: "done",
    Standing.REFUSED: "stopped",
    Standing.RECALLED: "none",
}


def submission_state(state: Standing) -> State:
    """A submission's state as a word with its shape."""
    return State(state.title, _KINDS[state])  # type: ignore[arg-type]  # the table's values are State's kinds


_TIMELY = {
    Freshness.FRESH: "done",
    Freshness.DUE: "warning",
    Freshness.GRACE: "warning",
    Freshness.OVERDUE: "stopped",
    Freshness.NEVER_DUE: "none",
}


def timely_state(timing: Timing) -> State:
    """Whether a resource is delivered in time, as a word with its shape and, where one runs, the day that is due."""
    due = _("，%(day)s 到期") % {"day": timing.due.isoformat()} if timing.due else ""
    return State(f"{_(timing.state.title)}{due}", _TIMELY[timing.state])  # type: ignore[arg-type]  # State's kinds


def timings(who: Actor, agency: str) -> dict[str, Timing]:
    """How the resources of an agency (empty: of all) stand in time, by key; none for who may not ask."""
    if not who.may("exchange.read_freshness"):
        return {}
    return {one.resource.key: one.timing for one in freshness(actor=who, agency=agency)}


def receipt_card(it: ReceiptView, agency: str, hrefs: Mapping[str, str]) -> Receipt:
    """A receipt as the card draws it: it adds up, or is not drawn; `hrefs` says where a count's rows are listed."""
    c = it.counts
    return Receipt(
        number=_("第 %(n)s 号") % {"n": it.number}, agency=agency, resource=it.resource_title,
        submitted_at=it.received_at, received=c.received, new=c.new, changed=c.changed, unchanged=c.unchanged,
        duplicate=c.duplicate, rejected=c.rejected, held_before=c.held_before, held_after=c.held_after,
        withdrawn=c.withdrawn, state=submission_state(it.state), hrefs=hrefs,
    )  # fmt: skip


_Entries = tuple[tuple[str, str, str, bool], ...]
"""Of the menu: the right that opens a page, its title, its name, and whether it fits who asks."""


def menu(who: Actor, path: str) -> tuple[Link, ...]:
    """The desk's menu: only what this actor may do."""
    entries = _of_work(who) + _of_oversight(who) + _of_oneself(who)
    links = [(text, reverse(name)) for right, text, name, fits in entries if fits and who.may(right)]
    links.append((_("资源目录"), reverse("portal:catalogue")))
    best = max((href for _text, href in links if path.startswith(href)), key=len, default="")
    return tuple(Link(text, href, current=href == best) for text, href in links)


def _of_work(who: Actor) -> _Entries:
    return (
        ("exchange.read_overview", _("工作台"), "portal:desk", bool(who.agency)),
        ("cases.list_agency", _("办件"), "portal:cases", bool(who.agency)),
        ("directory.sign_out", _("待办"), "portal:work", bool(who.agency)),
        ("cases.list_documents", _("公文"), "portal:documents", bool(who.agency)),
        ("cases.read_queue", _("预约叫号"), "portal:windows", bool(who.agency)),
        ("cases.list_deliveries", _("文书送达"), "portal:postal", bool(who.agency)),
        ("cases.list_letters", _("群众来信"), "portal:letter_desk", bool(who.agency)),
        ("cases.list_ratings", _("服务评价"), "portal:ratings", True),
        ("cases.list_licences", _("证照"), "portal:licences", bool(who.agency)),
        ("cases.list_bills", _("收费退费"), "portal:fees", bool(who.agency)),
        ("cases.list_reconciliations", _("支付对账"), "portal:reconciliations", True),
        ("cases.list_quarantine", _("材料查毒"), "portal:quarantine", True),
        ("notices.list_deliveries", _("通知发送"), "portal:deliveries", True),
        ("exchange.list_submissions", _("报送记录"), "portal:submissions", True),
        ("exchange.enter_record", _("在线录入"), "portal:entries", bool(who.agency)),
        ("exchange.read_region", _("本区划数据"), "portal:slices", bool(who.regions)),
        ("exchange.reconcile", _("数据对账"), "portal:reconciling", bool(who.agency)),
        ("exchange.read_quality", _("数据质量"), "portal:quality", bool(who.agency)),
        ("exchange.list_objections", _("数据异议"), "portal:objections", True),
        ("exchange.list_shares", _("共享申请"), "portal:shares", bool(who.agency)),
        ("exchange.list_agreements", _("共享协议"), "portal:agreements", bool(who.agency)),
        ("exchange.read_connections", _("接口运行"), "portal:connections", bool(who.agency)),
        ("credit.look_on_duty", _("履职查询"), "portal:credit_duty", True),
        ("credit.read_repair", _("信用修复"), "portal:repairs_mine", who.subject is not None),
        ("credit.decide_repair", _("信用修复审核"), "portal:repairs", True),
        ("registries.list_doubts", _("主体复核"), "portal:matches", True),
        ("catalogue.draft", _("编制目录"), "portal:cataloguing", bool(who.agency)),
        ("catalogue.review", _("目录审核"), "portal:catalogue_review", True),
        ("catalogue.conformance", _("目录符合性"), "portal:conformance", True),
        ("catalogue.conformance", _("重复采集"), "portal:duplicates", True),
        ("cases.list_items", _("事项管理"), "portal:item_list", bool(who.agency)),
    )


def _of_oversight(who: Actor) -> _Entries:
    return (
        ("exchange.read_overview", _("全省总览"), "portal:office", who.may(OVERSEE)),
        ("exchange.monthly_report", _("月度通报"), "portal:bulletin", who.may(OVERSEE)),
        ("assessment.list_cards", _("监察牌"), "portal:cards", bool(who.agency)),
        ("assessment.watch_readings", _("本单位的查阅"), "portal:readings", bool(who.agency)),
        ("assessment.list_flags", _("查阅提示"), "portal:reading_flags", bool(who.agency)),
        ("assessment.list_questions", _("查阅询问"), "portal:reading_questions", bool(who.agency)),
        ("assessment.list_coverts", _("依法不告知"), "portal:reading_coverts", bool(who.agency)),
        ("assessment.flag_figures", _("查阅提示情况"), "portal:reading_figures", True),
        ("procedures.save_holidays", _("节假日表"), "portal:holidays", True),
        ("cases.read_versions", _("程序换版"), "portal:migrating", True),
        ("trust.search_journal", _("留痕审计"), "portal:audit", True),
        ("trust.list_certificates", _("证书"), "portal:certificates", bool(who.agency)),
        ("directory.list_accounts", _("账号与岗位"), "directory:accounts", True),
        ("directory.list_reviews", _reviews(who), "portal:rights_reviews", bool(who.agency)),
        ("directory.list_factor_resets", _("重置第二因素"), "directory:resets", True),
        ("directory.list_applications", _("单点登录应用"), "directory:applications", True),
    )


def _of_oneself(who: Actor) -> _Entries:
    return (
        ("notices.read_inbox", _inbox(who), "portal:notices", True),
        ("cases.list_own", _("我的办件"), "portal:my_cases", True),
        ("cases.list_bookings", _("我的预约"), "portal:my_bookings", True),
        ("directory.sign_out", _("我的信用信息"), "portal:credit_mine", who.subject is not None),
        ("assessment.read_readings", _("谁查过我的数据"), "portal:my_readings", who.subject is not None),
        ("directory.list_delegations", _("代办委托"), "portal:delegations", not who.agency),
        ("notices.read_contacts", _("联系方式"), "portal:contacts", True),
        ("cases.list_uploads", _("我的材料"), "portal:hall_uploads", not who.agency),
        ("cases.read_licences", _("我的证照"), "portal:hall_licences", not who.agency),
        ("directory.list_sittings", _("账号安全"), "directory:security", True),
        ("directory.list_substitutions", _("代理岗位"), "portal:substitutions", bool(who.agency)),
        ("directory.explain_rights", _("权限来源"), "portal:rights_why", bool(who.agency)),
        ("directory.sign_out", _("我的权限"), "directory:rights", True),
    )


def landing(who: Actor) -> Link:
    """Where a reader's work begins after signing in: the first of these pages that the reader may open.

    Who watches over all begins with the overview, who delivers with the desk, who decides with what waits for a decision,
    who holds no post with what the account may do and whom to ask.
    """
    begins = (
        ("exchange.read_overview", _("全省总览"), "portal:office", who.may(OVERSEE)),
        ("exchange.read_overview", _("工作台"), "portal:desk", bool(who.agency)),
        ("cases.list_agency", _("办件"), "portal:cases", bool(who.agency)),
        ("registries.list_doubts", _("主体复核"), "portal:matches", True),
        ("catalogue.review", _("目录审核"), "portal:catalogue_review", True),
        ("catalogue.draft", _("编制目录"), "portal:cataloguing", bool(who.agency)),
        ("credit.decide_repair", _("信用修复审核"), "portal:repairs", True),
        ("credit.look_on_duty", _("履职查询"), "portal:credit_duty", True),
        ("assessment.watch_readings", _("本单位的查阅"), "portal:readings", bool(who.agency)),
        ("trust.search_journal", _("留痕审计"), "portal:audit", True),
        ("directory.list_accounts", _("账号与岗位"), "directory:accounts", True),
        ("directory.sign_out", _("我的信用信息"), "portal:credit_mine", who.subject is not None),
        ("cases.list_letters", _("群众来信"), "portal:letter_desk", bool(who.agency)),
        ("cases.list_ratings", _("服务评价"), "portal:ratings", True),
        ("assessment.read_officers", _("监察牌"), "portal:cards", bool(who.agency)),
        ("cases.review_document", _("待办"), "portal:work", bool(who.agency)),
        ("cases.list_licences", _("证照"), "portal:licences", bool(who.agency)),
        ("cases.list_bills", _("收费退费"), "portal:fees", bool(who.agency)),
        ("cases.list_own", _("我的办件"), "portal:my_cases", True),
        ("notices.read_agency", _("通知"), "portal:notices", True),
        ("directory.sign_out", _("我的权限"), "directory:rights", True),
    )
    found = (Link(text, reverse(name)) for right, text, name, fits in begins if fits and who.may(right))
    return next(
        found, Link(_("登录"), f"{reverse('directory:sign_in')}?{urlencode({'next': reverse('portal:start')})}")
    )


def _inbox(who: Actor) -> str:
    """The menu's word for the notices, with how many wait."""
    unread = count_unread(who) if who.may("notices.read_inbox") else 0
    return _("通知（%(n)s 条未读）") % {"n": unread} if unread else _("通知")


def _reviews(who: Actor) -> str:
    """The menu's word for the yearly review of rights, with how many lines wait for who may decide them."""
    waiting = waiting_reviews(who.agency) if who.may("directory.decide_review") else 0
    return _("权限核查（%(n)s 行待核查）") % {"n": waiting} if waiting else _("权限核查")


def officer(request: HttpRequest) -> Actor:
    """Who asks, of an agency. Raises Refused right.officer for citizens, firms and who has not signed in."""
    who = actor(request)
    if not who.agency:
        raise Refused("right.officer", "这个页面只供单位工作人员使用。", "请用单位账号登录；办理自己的事请到办事大厅。")
    return who


def desk_page(request: HttpRequest, template: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
    """Draw a page of the desk, with the menu that its reader's rights give."""
    if file := tables.listed(request, context):
        return file
    who = actor(request)
    exports = tables.links(request) if context.get("export") else ()
    shared = {"menu": menu(who, request.path), "who": who, "may": who.may, "exports": exports}
    return render(request, f"portal/{template}.html.jinja", {**shared, **context}, status=status)


def href(name: str) -> str:
    """The address of a page that an instance may lack; empty when it does."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def number(text: str | None, default: int = 0) -> int:
    """A whole number from an address; `default` when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else default


@dataclass(frozen=True)
class Going:
    """Where a list by key goes on: the address of its next and of its first page, empty when there is none."""

    next: str = ""
    first: str = ""


def going(request: HttpRequest, parameter: str, last: int | str | None) -> Going:
    """The next page's address starts behind `last` (None: this is the end); the first page's drops the parameter."""
    kept = [(key, value) for key, value in _asked(request).items() if key != parameter]
    following = "" if last is None else "?" + urlencode([*kept, (parameter, str(last))])
    return Going(following, "?" + urlencode(kept) if request.GET.get(parameter) else "")


def _asked(request: HttpRequest) -> dict[str, str]:
    """What the address asks, without the empty fields of a filter row."""
    return {key: str(value) for key, value in request.GET.items() if value}


def paged(request: HttpRequest, found: Sequence[T], size: int = SIZE) -> tuple[Sequence[T], Paging]:
    """One page of a list that is wholly in memory, as the address's `page` asks; all of it for a file."""
    if tables.exporting(request):
        return found[: tables.MOST], Paging(1, tables.MOST, len(found))
    query = tuple((key, value) for key, value in _asked(request).items() if key != "page")
    paging = Paging(1, size, len(found), query)
    page = min(max(1, number(request.GET.get("page"), 1)), paging.pages)
    return found[(page - 1) * size : page * size], Paging(page, size, len(found), query)


def download(data: bytes, name: str, kind: str = "text/csv; charset=utf-8") -> HttpResponse:
    """A file to take away, under a Chinese name, never opened in place."""
    response = HttpResponse(data, content_type=kind)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "no-store"
    return response


def tried(form: forms.Form, act: Callable[[], T]) -> T | None:
    """What the verb gives; its refusal stands in the form, beside what was typed."""
    try:
        return act()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
