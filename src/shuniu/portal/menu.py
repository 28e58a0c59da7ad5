"""The menu by rights: rooms of pages that belong together, and where a reader's work begins."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from shuniu.directory.api import waiting_reviews
from shuniu.directory.session import actor
from shuniu.notices.api import count_unread
from shuniu.trust.api import OVERSEE
from shuniu.trust.declare import Actor
from shuniu.web.declare import Link, Room

_Entries = tuple[tuple[str, str, str, bool], ...]
"""Of the menu: the right that opens a page, its title, its name, and whether it fits who asks."""


def offered(request: HttpRequest) -> dict[str, object]:
    """The menu for the templates of every room, read only where a page draws it."""
    return {"menu": SimpleLazyObject(lambda: menu(actor(request), request.path))}


def menu(who: Actor, path: str) -> tuple[Room, ...]:
    """The rooms of the menu with the pages that this actor may open; one without any is left out."""
    rooms = [
        (title, [(text, reverse(name)) for right, text, name, fits in entries if fits and who.may(right)])
        for title, entries in _rooms(who)
    ]
    hrefs = [href for _title, links in rooms for _text, href in links if path.startswith(href)]
    best = max(hrefs, key=len, default="")
    return tuple(
        Room(title, tuple(Link(text, href, current=href == best) for text, href in links))
        for title, links in rooms
        if links
    )


def _rooms(who: Actor) -> tuple[tuple[str, _Entries], ...]:
    if not who.agency:
        return (
            (_("办事"), _of_services(who)),
            (_("我的数据"), _of_own_data(who)),
            (_("消息"), _of_messages(who)),
            (_("我的账号"), _of_account(who)),
        )
    return (
        (_("我的工作"), _of_today(who)),
        (_("办件"), _of_cases(who)),
        (_("数据"), _of_data(who)),
        (_("共享"), _of_sharing(who)),
        (_("目录"), _of_catalogue(who)),
        (_("监督"), _of_oversight(who)),
        (_("管理"), _of_keeping(who)),
        (_("我的账号"), _of_oneself(who)),
    )


def _of_today(who: Actor) -> _Entries:
    return (
        ("exchange.read_overview", _("全省总览"), "portal:office", who.may(OVERSEE)),
        ("exchange.read_overview", _("工作台"), "portal:desk", True),
        ("directory.sign_out", _("待办"), "portal:work", True),
        ("notices.read_inbox", _inbox(who), "portal:notices", True),
    )


def _of_cases(who: Actor) -> _Entries:
    return (
        ("cases.list_agency", _("办件"), "portal:cases", True),
        ("cases.list_documents", _("公文"), "portal:documents", True),
        ("cases.list_letters", _("群众来信"), "portal:letter_desk", True),
        ("cases.read_queue", _("预约叫号"), "portal:windows", True),
        ("cases.list_deliveries", _("文书送达"), "portal:postal", True),
        ("cases.list_licences", _("证照"), "portal:licences", True),
        ("cases.list_bills", _("收费退费"), "portal:fees", True),
        ("cases.list_reconciliations", _("支付对账"), "portal:reconciliations", True),
        ("cases.list_ratings", _("服务评价"), "portal:ratings", True),
        ("credit.decide_repair", _("信用修复审核"), "portal:repairs", True),
        ("cases.list_quarantine", _("材料查毒"), "portal:quarantine", True),
        ("cases.list_items", _("事项管理"), "portal:item_list", True),
    )


def _of_data(who: Actor) -> _Entries:
    return (
        ("exchange.list_submissions", _("报送记录"), "portal:submissions", True),
        ("exchange.enter_record", _("在线录入"), "portal:entries", True),
        ("exchange.read_region", _("本区划数据"), "portal:slices", bool(who.regions)),
        ("exchange.reconcile", _("数据对账"), "portal:reconciling", True),
        ("exchange.read_quality", _("数据质量"), "portal:quality", True),
        ("exchange.list_objections", _("数据异议"), "portal:objections", True),
        ("registries.list_doubts", _("主体复核"), "portal:matches", True),
    )


def _of_sharing(who: Actor) -> _Entries:
    return (
        ("exchange.list_shares", _("共享申请"), "portal:shares", True),
        ("exchange.list_agreements", _("共享协议"), "portal:agreements", True),
        ("exchange.read_connections", _("接口运行"), "portal:connections", True),
        ("credit.look_on_duty", _("履职查询"), "portal:credit_duty", True),
        ("assessment.watch_readings", _("本单位的查阅"), "portal:readings", True),
    )


def _of_catalogue(who: Actor) -> _Entries:
    return (
        ("catalogue.draft", _("编制目录"), "portal:cataloguing", True),
        ("catalogue.review", _("目录审核"), "portal:catalogue_review", True),
        ("catalogue.conformance", _("目录符合性"), "portal:conformance", True),
        ("catalogue.conformance", _("重复采集"), "portal:duplicates", True),
        ("directory.sign_out", _("资源目录"), "portal:catalogue", True),
    )


def _of_oversight(who: Actor) -> _Entries:
    return (
        ("exchange.monthly_report", _("月度通报"), "portal:bulletin", who.may(OVERSEE)),
        ("assessment.list_cards", _("监察牌"), "portal:cards", True),
        ("assessment.list_flags", _("查阅提示"), "portal:reading_flags", True),
        ("assessment.flag_figures", _("查阅提示情况"), "portal:reading_figures", True),
        ("assessment.list_questions", _("查阅询问"), "portal:reading_questions", True),
        ("assessment.list_coverts", _("依法不告知"), "portal:reading_coverts", True),
        ("trust.search_journal", _("留痕审计"), "portal:audit", True),
    )


def _of_keeping(who: Actor) -> _Entries:
    return (
        ("directory.list_accounts", _("账号与岗位"), "directory:accounts", True),
        ("directory.list_reviews", _reviews(who), "portal:rights_reviews", True),
        ("directory.list_given_access", _("实名账号"), "portal:identities", True),
        ("directory.list_tokens", _("接口令牌"), "directory:tokens", True),
        ("directory.list_factor_resets", _("重置第二因素"), "directory:resets", True),
        ("directory.list_applications", _("单点登录应用"), "directory:applications", True),
        ("trust.list_certificates", _("证书"), "portal:certificates", True),
        ("procedures.save_holidays", _("节假日表"), "portal:holidays", True),
        ("cases.list_codes", _("机关代字"), "portal:document_codes", True),
        ("cases.read_versions", _("程序换版"), "portal:migrating", True),
        ("cases.list_successions", _("机构合并承接"), "portal:successions", True),
        ("notices.list_deliveries", _("通知发送"), "portal:deliveries", True),
    )


def _of_oneself(who: Actor) -> _Entries:
    return (
        ("cases.list_own", _("我的办件"), "portal:my_cases", True),
        ("cases.list_bookings", _("我的预约"), "portal:my_bookings", True),
        *_of_own_data(who),
        *_of_account(who),
    )


def _of_services(who: Actor) -> _Entries:
    return (
        ("directory.sign_out", _("办事大厅"), "portal:hall", True),
        ("cases.list_own", _("我的办件"), "portal:my_cases", True),
        ("cases.list_drafts", _("我的草稿"), "portal:drafts", True),
        ("cases.list_bookings", _("我的预约"), "portal:my_bookings", True),
        ("cases.list_uploads", _("我的材料"), "portal:hall_uploads", True),
        ("cases.read_licences", _("我的证照"), "portal:hall_licences", True),
    )


def _of_own_data(who: Actor) -> _Entries:
    return (
        ("directory.sign_out", _("我的信用信息"), "portal:credit_mine", who.subject is not None),
        ("credit.read_repair", _("信用修复"), "portal:repairs_mine", who.subject is not None),
        ("assessment.read_readings", _("谁查过我的数据"), "portal:my_readings", who.subject is not None),
        ("exchange.list_objections", _("数据异议"), "portal:objections", not who.agency),
    )


def _of_messages(who: Actor) -> _Entries:
    return (
        ("notices.read_inbox", _inbox(who), "portal:notices", True),
        ("cases.list_own_letters", _("我的来信"), "portal:my_letters", True),
    )


def _of_account(who: Actor) -> _Entries:
    return (
        ("directory.list_delegations", _("代办委托"), "portal:delegations", not who.agency),
        ("directory.sign_out", _("我的权限"), "directory:rights", True),
        ("directory.explain_rights", _("权限来源"), "portal:rights_why", bool(who.agency)),
        ("directory.list_substitutions", _("代理岗位"), "portal:substitutions", bool(who.agency)),
        ("notices.read_contacts", _("联系方式"), "portal:contacts", True),
        ("directory.list_sittings", _("账号安全"), "directory:security", True),
    )


def landing(who: Actor) -> Link:
    """Where a reader's work begins after signing in: the first of these pages that the reader may open.

    Who watches over all begins with the overview, who delivers with the desk, who decides with what waits for a decision,
    citizens and firms in the hall, who holds no post with what the account may do and whom to ask.
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
        ("directory.list_given_access", _("实名账号"), "portal:identities", bool(who.agency)),
        ("directory.sign_out", _("办事大厅"), "portal:hall", who.subject is not None),
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
