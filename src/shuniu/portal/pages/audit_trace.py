"""The auditor's walk: from any number to its entries, its batch and original, who acted, by which right of that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuniu.directory.api import RightOn, names, read_rights_on
from shuniu.directory.session import actor
from shuniu.exchange.api.evidence import exchange_of
from shuniu.exchange.api.tracing import Traced, TracedCall, trace_call, trace_submission
from shuniu.exchange.grants.purposes import purpose_title
from shuniu.portal.pages.audit import OUTCOMES
from shuniu.portal.shell import desk_page, download
from shuniu.portal.shell import number as whole
from shuniu.trust import api as trust
from shuniu.trust.declare import Actor, Line, Refused
from shuniu.trust.evidence import api as evidence
from shuniu.trust.evidence import file
from shuniu.web.declare import Column, Link, Row, State
from shuniu.web.errors import refused_page

MOST = 200
"""Entries of one number that are shown; all that a file holds (500) are in the file."""
EXAMPLES = "submission:12、batch:43.market/registration/3、case:7、agreement:5、licence:9、call:345、entry:345"
_NUMBER = gettext_noop("追查编号")
KINDS = {
    "submission": gettext_noop("回执"), "batch": gettext_noop("批次"), "case": gettext_noop("办件"),
    "share_request": gettext_noop("共享申请"), "agreement": gettext_noop("共享协议"), "call": gettext_noop("查询"),
    "licence": gettext_noop("证照"), "document": gettext_noop("公文"), "letter": gettext_noop("来信"),
    "certificate": gettext_noop("证书"), "entry": gettext_noop("留痕"),
}  # fmt: skip
"""What a number can be of, as the journal names it: chosen on the page, so that the number alone is typed."""


@dataclass(frozen=True)
class Walk:
    """What a number leads to: the submission or the call behind it, if one is, and the journal's entries, newest first."""

    number: str
    lines: tuple[Line, ...]
    behind: Traced | TracedCall | None = None


def walk(who: Actor, number: str, limit: int) -> Walk:
    """Follow a number. Raises Refused audit.number, submission.unknown, gateway.unknown."""
    kind, _sep, rest = number.partition(":")
    if not rest:
        raise Refused("audit.number", "编号要写明是哪一类的第几号。", f"如 {EXAMPLES}。")
    behind: Traced | TracedCall | None = None
    if kind == "batch":
        resource, _sep, batch = rest.rpartition("/")
        behind = trace_submission(actor=who, resource=resource, batch=whole(batch))
        number = f"submission:{behind.number}"
    elif kind == "submission" and whole(rest):
        behind = trace_submission(actor=who, number=whole(rest))
    elif kind == "call" and whole(rest):
        behind = trace_call(actor=who, number=whole(rest))
    lines: tuple[Line, ...] = ()
    if kind in ("entry", "call") and whole(rest):
        near = trust.search_journal(actor=who, before=whole(rest) + 1, limit=1).lines
        lines = tuple(one for one in near if one.id == whole(rest))
    if kind != "entry":
        lines = (*trust.search_journal(actor=who, target=number, limit=limit).lines, *lines)
    return Walk(number, lines, behind)


@never_cache
@require_safe
def trace(request: HttpRequest) -> HttpResponse:
    """The walk as a page; the number stands in the address."""
    who, number = actor(request), request.GET.get("number", "").strip()[:200]
    if not who.may("trust.search_journal"):
        raise Refused("right.missing", "您没有“查询留痕”的权限。", "追查编号由审计员进行。")
    if number and ":" not in number and request.GET.get("kind") in KINDS:
        number = f"{request.GET['kind']}:{number}"
    kind, _sep, rest = number.partition(":")
    context: dict[str, object] = {
        "crumbs": [Link(_("留痕审计"), reverse("portal:audit"))], "kind": kind,
        "number": rest if kind in KINDS else number, "kinds": [(key, _(title)) for key, title in KINDS.items()],
        "found": None,
    }  # fmt: skip
    if number:
        found = walk(who, number, MOST)
        context |= {
            "found": found,
            "shown": _shown(found.number),
            "summary": _call(found.behind) if isinstance(found.behind, TracedCall) else _submission(found.behind),
            "columns": [
                Column(_("时间"), "day"), Column(_("谁")), Column(_("单位")), Column(_("做了什么")), Column(_("结果")),
                Column(_("对象")), Column(_("封存位置"), "number"),
            ],
            "rows": [_row(one) for one in found.lines],
            "extract": _extract(found) if any(one.position is not None for one in found.lines) else "",
        }  # fmt: skip
    return desk_page(request, "audit_trace", context)


def _shown(number: str) -> str:
    """The number with its kind in words."""
    kind, _sep, rest = number.partition(":")
    return f"{_(KINDS[kind])} {rest}" if kind in KINDS else number


def _extract(found: Walk) -> str:
    return reverse("portal:audit_extract") + "?" + urlencode({"number": found.number})


def _call(it: TracedCall) -> list[tuple[str, object]]:
    day, by_rule = timezone.localdate(it.at), _("平台按规则（无条件共享）")
    nothing = _("提供单位的实时接口") if it.live else _("没有查到数据")
    batches: list[Link | str] = [
        Link(_("第 %(n)s 批") % {"n": batch}, _to(f"batch:{it.resource}/{batch}")) for batch in it.batches[:_BATCHES]
    ]
    return [
        (_("查询"), Link(_("第 %(n)s 号") % {"n": it.number}, _to(f"call:{it.number}"))),
        (_("时间"), it.at),
        (_("查询人"), _person(it.person, it.officer, day, "exchange.query")),
        (_("资源"), Link(it.resource, _to(f"resource:{it.resource}"))),
        (_("用途"), _(purpose_title(it.purpose.partition("/")[0], day))),
        (_("共享协议"), Link(
            _("第 %(n)s 号第 %(v)s 版") % {"n": it.agreement, "v": it.version}, _to(f"agreement:{it.agreement}")
        )),
        (_("共享申请"), Link(_("第 %(n)s 号") % {"n": it.request}, _to(f"share_request:{it.request}"))),
        (_("申请人"), _person(it.asked_by, it.asked_name, timezone.localdate(it.asked_at), "exchange.request_share")),
        (_("批准人"), _person(it.granted_by, it.granted_name, timezone.localdate(it.granted_at), "exchange.decide_share")
         if it.granted_by else by_rule),
        (_("涉及主体"), _("%(n)s 个") % {"n": it.subjects}),
        *((_("答复取自"), one) for one in batches or [nothing]),
    ]  # fmt: skip


_BATCHES = 20
"""Batches of an answer that are linked: a subject's rows seldom come from more."""


def _submission(it: Traced | None) -> list[tuple[str, object]]:
    if it is None:
        return []
    day = timezone.localdate(it.received_at)
    return [
        (_("报送"), Link(_("第 %(n)s 号") % {"n": it.number}, _to(f"submission:{it.number}"))),
        (_("资源"), Link(it.resource, _to(f"resource:{it.resource}"))),
        (_("批次"), it.batch if it.batch is not None else _("没有入库")),
        (_("原文件的摘要（SHA-256）"), it.digest),
        (_("原文件的大小"), _("%(n)s 字节") % {"n": f"{it.size:,}"}),
        (_("渠道"), it.channel),
        (_("经办人"), _person(it.person, it.officer, day, "exchange.submit")),
        (_("收到"), it.received_at),
        (_("状态"), it.state.title),
    ]


def _row(one: Line) -> Row:
    title = _(trust.VERBS[one.verb].title) if one.verb in trust.VERBS else one.verb
    return Row((
        one.at,
        _person(one.person, one.person_name, timezone.localdate(one.at), one.verb),
        one.agency_name,
        title,
        OUTCOMES[one.outcome],
        Link(one.object, _to(one.object)) if one.object else None,
        one.position if one.position is not None else State(_("待封存"), "waiting"),
    ))  # fmt: skip


def _to(number: str) -> str:
    return reverse("portal:audit_trace") + "?" + urlencode({"number": number})


def _person(person: str, name: str, day: date, verb: str) -> Link | str:
    if not person.startswith("officer:"):
        return name
    asked = {"person": person, "day": day.isoformat(), "verb": verb}
    return Link(name, reverse("portal:audit_rights") + "?" + urlencode(asked))


@never_cache
@require_safe
def extract(request: HttpRequest) -> HttpResponse:
    """The walk's entries as an evidence file; `held` is the size of a head that the reader keeps."""
    who, number = actor(request), request.GET.get("number", "").strip()[:200]
    found = walk(who, number, evidence.MOST)
    entries = [one.id for one in found.lines if one.position is not None]
    call = whole(found.number.removeprefix("call:")) if found.number.startswith("call:") else 0
    made = evidence.export_evidence(
        actor=who, entries=entries[: evidence.MOST], number=found.number, held=whole(request.GET.get("held")),
        exchange=exchange_of(call) if call else None,
    )  # fmt: skip
    name = found.number.replace(":", "-").replace("/", "-")
    return download(file.write(made), f"evidence-{name}.json", "application/json")


@never_cache
@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """Which posts somebody held on the day of an act, and which of them allows it."""
    person, capability = request.GET.get("person", "")[:60], request.GET.get("verb", "")[:80]
    who = actor(request)
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError as error:
        if not who.may("directory.read_rights_on"):
            raise Refused("right.missing", "您没有留痕审计的权限。", "请用审计员的账号登录。") from error
        return refused_page(
            request, _("没有写明是哪一天"), _("地址里的日期缺少或者不对。"), _("请从追查页点人名进入。"), 422
        )
    found = read_rights_on(actor=who, person=person, day=day, capability=capability)
    known = trust.VERBS.get(capability)
    context = {
        "crumbs": [Link(_("留痕审计"), reverse("portal:audit")), Link(_(_NUMBER), reverse("portal:audit_trace"))],
        "name": names([person]).get(person, person), "day": day, "act": _(known.title) if known else capability,
        "allowed": any(one.allows for one in found),
        "columns": [
            Column(_("岗位")), Column(_("角色")), Column(_("单位")), Column(_("区划")), Column(_("自"), "day"),
            Column(_("至"), "day"), Column(_("这项操作")),
        ],
        "rows": [_right(one) for one in found],
    }  # fmt: skip
    return desk_page(request, "audit_rights", context)


def _right(one: RightOn) -> Row:
    post = one.post
    state = State(_("允许"), "done") if one.allows else State(_("不包括"), "none")
    return Row((
        post.title, _(post.role_title), post.agency_name, _("、").join(post.regions), post.since, post.until, state,
    ))  # fmt: skip
