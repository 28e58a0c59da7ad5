"""The auditor's page: how the journal stands, what it says of an object or a person, its proof and its head."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuniu.directory.session import actor
from shuniu.portal.forms import JournalSearch
from shuniu.portal.journal_words import detail_words
from shuniu.portal.shell import SIZE, desk_page, download, going
from shuniu.portal.shell import number as whole
from shuniu.trust import api as trust
from shuniu.trust.declare import JournalPage, Line, Refused, SignedHead
from shuniu.web.declare import Column, Filter, Link, Row, State

OUTCOMES = {
    "done": State(gettext_noop("完成"), "done"),
    "refused": State(gettext_noop("被拒"), "stopped"),
    "begun": State(gettext_noop("开始"), "info"),
    "ended": State(gettext_noop("结束"), "done"),
}


@never_cache
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Search the journal; what is asked stands in the address."""
    form = JournalSearch(request.GET)
    asked = {key: str(value).strip() for key, value in form.cleaned_data.items()} if form.is_valid() else {}
    before = whole(request.GET.get("before"))
    found = trust.search_journal(actor=actor(request), limit=SIZE + 1, before=before, **asked)
    context = {
        **_found(request, found, asked), "head": found.head, "waiting": _waiting(found), "stopped": found.stopped,
    }  # fmt: skip
    return desk_page(request, "audit", context)


def _waiting(found: JournalPage) -> str:
    many = _("%(n)s 条") % {"n": f"{found.waiting:,}"}
    if found.since is None:
        return many
    since = f"{timezone.localtime(found.since):%Y-%m-%d %H:%M:%S}"
    return _("%(many)s，最早的写于 %(since)s") % {"many": many, "since": since}


def _found(request: HttpRequest, found: JournalPage, asked: dict[str, str]) -> dict[str, object]:
    shown = found.lines[:SIZE]
    every = ("", _("全部"))
    verbs = sorted((name, _(one.title)) for name, one in trust.VERBS.items())
    return {
        "columns": [
            Column(_("时间"), "day"), Column(_("谁")), Column(_("单位")), Column(_("做了什么")), Column(_("结果")),
            Column(_("对象")), Column(_("详情")), Column(_("封存位置"), "number"),
        ],
        "rows": [_row(one) for one in shown],
        "filters": (
            Filter("target", _("对象"), asked.get("target", "")),
            Filter("person", _("姓名或账号"), asked.get("person", "")),
            Filter("verb", _("操作"), asked.get("verb", ""), (every, *verbs)),
            Filter(
                "outcome", _("结果"), asked.get("outcome", ""), (every, *((k, _(v.word)) for k, v in OUTCOMES.items()))
            ),
        ),
        "going": going(request, "before", shown[-1].id if len(found.lines) > SIZE else None),
    }  # fmt: skip


def _row(one: Line) -> Row:
    title = _(trust.VERBS[one.verb].title) if one.verb in trust.VERBS else one.verb
    return Row((
        one.at,
        Link(one.person_name, "?" + urlencode({"person": one.person})),
        one.agency_name,
        title,
        OUTCOMES[one.outcome],
        Link(one.object, "?" + urlencode({"target": one.object})) if one.object else None,
        detail_words(one.detail),
        one.position if one.position is not None else State(_("待封存"), "waiting"),
    ))  # fmt: skip


@never_cache
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Recompute the whole journal, against a head taken away earlier if one is pasted."""
    pasted = request.POST.get("head", "").strip()
    found = trust.verify_journal(actor=actor(request), head=_read(pasted) if pasted else None)
    context = {"crumbs": [Link(_("留痕审计"), reverse("portal:audit"))], "found": found, "against": bool(pasted)}
    return desk_page(request, "verification", context)


def _read(text: str) -> SignedHead:
    try:
        said = json.loads(text)
        return SignedHead(**{**said, "at": datetime.fromisoformat(said["at"])})
    except (ValueError, TypeError, KeyError) as wrong:
        raise Refused(
            "journal.head", "粘贴的内容不是签名头。", "请粘贴从本页或用 shuniu journal head 取走的文件的全部内容。"
        ) from wrong


@never_cache
@require_safe
def head(request: HttpRequest) -> HttpResponse:
    """The newest signed head as a file, in the form that `shuniu journal verify --head` reads."""
    found = trust.export_head(actor=actor(request))
    if found is None:
        return redirect("portal:audit")
    data = json.dumps({**asdict(found), "at": found.at.isoformat()}, ensure_ascii=False, indent=1)
    return download(data.encode(), f"journal-head-{found.size}.json", "application/json")
