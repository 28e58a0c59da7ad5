"""The public catalogue: what there is, whose it is, on what terms. Never a row of any resource."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_safe

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import (
    Item,
    NotFound,
    Published,
    Resource,
    ShareType,
    State,
    SubjectType,
)
from shuniu.directory import api as directory
from shuniu.directory.session import actor
from shuniu.exchange.api import overview as exchange
from shuniu.exchange.grants.conformity import closed
from shuniu.portal import tables
from shuniu.portal.hall.search import plain
from shuniu.portal.shell import download, paged
from shuniu.registries import api as registries
from shuniu.web.declare import Column, Filter, Link, Row, Value

_PUBLIC_STATES = (State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN)
_KINDS = {
    "load": pgettext_lazy("一次", "报送"),
    "recall": gettext_lazy("撤回"),
    "entry": gettext_lazy("录入"),
    "expunge": gettext_lazy("销毁"),
}


def matching(text: str = "", agency: str = "", share: str = "", subject: str = "") -> list[Published]:
    """Published resources whose name, code, summary, provider or items hold the words, narrowed by the other three."""
    words = plain(text).split()
    names = directory.agency_names()
    return [
        one
        for one in catalogue.published_all(agency or None)
        if (not share or one.resource.share.value == share)
        and (not subject or one.resource.subject.value == subject)
        and (not words or _holds(one.resource, names, words))
    ]


def _holds(resource: Resource, names: dict[str, str], words: Sequence[str]) -> bool:
    titles = (item.title for item in resource.items)
    said = plain(" ".join((resource.title, resource.key, resource.summary, names.get(resource.agency, ""), *titles)))
    return all(word in said for word in words)


def listed(found: Iterable[Published]) -> dict[str, object]:
    """Columns and rows of a list of resources."""
    names = directory.agency_names()
    columns = [
        Column(_("资源")), Column(_("提供单位")), Column(_("共享类型")), Column(_("指向主体")), Column(_("更新周期")),
        Column(_("信息项"), "number"),
    ]  # fmt: skip
    rows = [
        Row(
            (one.title, names.get(one.agency, one.agency), _(one.share.title), _(one.subject.title),
             _(one.cycle.title), len(one.items)),
            reverse("portal:resource", args=[one.key]),
        )
        for one in (published.resource for published in found)
    ]  # fmt: skip
    return {"columns": columns, "rows": rows}


@require_safe
def resources(request: HttpRequest) -> HttpResponse:
    """The list of published resources, found by word, provider, share type and kind of subject."""
    asked = {name: request.GET.get(name, "")[:100] for name in ("q", "agency", "share", "subject")}
    found, paging = paged(request, matching(asked["q"], asked["agency"], asked["share"], asked["subject"]))
    names = directory.agency_names()
    owners = sorted({one.resource.agency for one in catalogue.published_all()})
    every = ("", _("全部"))
    filters = (
        Filter("q", _("名称、代码或信息项"), asked["q"]),
        Filter("agency", _("提供单位"), asked["agency"], (every, *((key, names.get(key, key)) for key in owners))),
        Filter("share", _("共享类型"), asked["share"], (every, *((one.value, _(one.title)) for one in ShareType))),
        Filter(
            "subject", _("指向主体"), asked["subject"], (every, *((one.value, _(one.title)) for one in SubjectType))
        ),
    )
    context = {"filters": filters, "paging": paging, "export": _("资源目录"), **listed(found)}
    if file := tables.listed(request, context):
        return file
    context["exports"] = tables.links(request)
    return render(request, "portal/catalogue.html.jinja", context)


@require_safe
def resource(request: HttpRequest, key: str) -> HttpResponse:
    """One resource: its terms, items and versions; how fresh it is, where its rows are not about persons."""
    published = _published(key)
    it = published.resource
    personal = it.subject in (SubjectType.NATURAL, SubjectType.BOTH)
    who = actor(request)
    context = {
        "it": it,
        "version": published.version,
        "agency": directory.agency_names().get(it.agency, it.agency),
        "personal": personal,
        "terms": _terms(published),
        "items": _items(it),
        "versions": _versions(key),
        "batches": None if personal else _batches(published),
        "may_upload": who.may("exchange.submit") and who.agency == it.agency,
        "may_ask": who.may("exchange.request_share") and who.agency and closed(it, who.agency) is None,
    }
    return render(request, "portal/resource.html.jinja", context)


@require_safe
def template(request: HttpRequest, key: str) -> HttpResponse:
    """The empty file with the resource's headings, to be filled in."""
    it = _published(key).resource
    return download(exchange.template(key).data, _("%(title)s-模板.csv") % {"title": it.title})


def _published(key: str) -> Published:
    try:
        return catalogue.published(key)
    except NotFound as unknown:
        raise Http404 from unknown


def _terms(published: Published) -> list[tuple[str, Value]]:
    """The fields of the 2017 guide (发改高技〔2017〕1272号), those of the credit classes and of persons' data."""
    it = published.resource
    link = Link(directory.agency_names().get(it.agency, it.agency), f"{reverse('portal:catalogue')}?agency={it.agency}")
    rows: list[tuple[str, Value]] = [
        (_("信息资源代码"), it.key),
        (_("信息资源提供方"), link),
        (_("信息资源摘要"), it.summary),
        (_("信息资源格式"), _("数据库表")),
        (_("指向主体"), _(it.subject.title)),
        (_("更新周期"), _(it.cycle.title)),
        (_("共享类型"), _(it.share.title)),
    ]
    optional = [
        (_("共享条件"), it.share_conditions),
        (_("不予共享的依据"), it.share_refusal_basis),
        (_("采集依据"), " ".join(part for part in (it.legal_basis, it.article) if part)),
        (_("用途"), it.purpose),
        (_("用途依据"), it.purpose_basis),
        (_("保存期限"), it.retention),
        (_("信用信息性质"), it.credit.nature if it.credit else ""),
        (_("披露方式"), _(it.credit.disclosure.title) if it.credit else ""),
        (_("备注"), it.note),
    ]
    return [*rows, (_("是否向社会开放"), it.open), *((term, value) for term, value in optional if value)]


def _items(it: Resource) -> dict[str, object]:
    columns = [
        Column(_("信息项")), Column(_("字段名"), "code"), Column(_("类型")), Column(_("必填")), Column(pgettext("列名", "核验")),
        Column(_("共享")), Column(_("说明")),
    ]  # fmt: skip
    lists = catalogue.code_lists()

    def checked(item: Item) -> str:
        length = _("最长 %(n)s 字") % {"n": item.length} if item.length else ""
        codes = _("代码集：%(title)s") % {"title": lists[item.code_list].title} if item.code_list in lists else ""
        return " ".join(part for part in (length, codes) if part)

    rows = [
        Row((
            item.title, item.name, _(item.type.title),
            _("主键") if item.key else _("必填") if item.required else _("选填"),
            checked(item), _((item.share or it.share).title), item.note,
        ))
        for item in it.items
    ]  # fmt: skip
    return {"columns": columns, "rows": rows}


def _versions(key: str) -> dict[str, object]:
    columns = [Column(_("版本"), "code"), Column(_("状态")), Column(_("发布日期"), "day")]
    found = catalogue.versions(key=key, states=_PUBLIC_STATES)
    return {
        "columns": columns,
        "rows": [Row((one.number, _(one.state.title), _day(one.published_at))) for one in found],
    }


def _day(value: object) -> Value:
    return timezone.localdate(value) if isinstance(value, datetime) else None


def _batches(published: Published) -> dict[str, object]:
    columns = [
        Column(_("批次"), "code"), Column(_("时间"), "day"), Column(_("方式")), Column(_("新增"), "number"),
        Column(_("变更"), "number"), Column(_("撤下"), "number"), Column(_("在库"), "number"),
    ]  # fmt: skip
    rows = [
        Row((
            one.number, one.at, str(_KINDS.get(one.kind, one.kind)), one.counts.new, one.counts.changed,
            one.counts.withdrawn, one.counts.held_after,
        ))
        for one in registries.batches(published, limit=10)
    ]  # fmt: skip
    return {"columns": columns, "rows": rows}
