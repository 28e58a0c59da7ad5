"""The hall's guide side: ways in, lists, and for each item its guide before anything is typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuniu.base.expressions import Compare, Field, Node, Value, sentence
from shuniu.cases.api import items as api
from shuniu.cases.declare import ByFact, ByLicence, Material, PublishedItem, ServiceItem, ServiceStage
from shuniu.cases.declare.service import Reach
from shuniu.catalogue import api as catalogue
from shuniu.directory.api import agency_names
from shuniu.portal import tables
from shuniu.portal.clocks import why
from shuniu.portal.hall.search import FIRM, PERSON, Asked, events, find, serves
from shuniu.portal.shell import own_page, paged
from shuniu.procedures import api as procedures
from shuniu.web.declare import Column, Filter, Link, Row
from shuniu.web.templates import write_term


def items_href(**asked: str) -> str:
    """The address of the list that a number counts."""
    return f"{reverse('portal:hall_items')}?{urlencode(asked)}"


@require_safe
def hall(request: HttpRequest) -> HttpResponse:
    """The ways in: words, life events, persons and firms by topic, agencies, how far online. Every number has its list."""
    found = [one.item for one in api.published_all()]
    names = agency_names()
    context = {
        "total": len(found),
        "events": [one.bundle for one in api.bundles()],
        "sides": [
            (_("个人办事"), items_href(audience=PERSON), _by_topic(found, PERSON)),
            (_("企业办事"), items_href(audience=FIRM), _by_topic(found, FIRM)),
        ],
        "agencies": [
            (names.get(key, key), items_href(agency=key), count)
            for key, count in sorted(Counter(one.agency for one in found).items(), key=lambda pair: (-pair[1], pair[0]))
        ],
        "stages": [
            (stage, items_href(stage=str(stage.value)), sum(one.stage is stage for one in found))
            for stage in ServiceStage
        ],
    }
    return own_page(request, "guide/hall", context)


def _by_topic(found: Iterable[ServiceItem], audience: str) -> list[tuple[str, str, int]]:
    counted = Counter(topic for one in found if serves(one, audience) for topic in one.topics)
    return [(topic, items_href(audience=audience, topic=topic), count) for topic, count in counted.most_common()]


@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """The list of items, found by words, audience, agency, topic and stage."""
    asked = Asked(**{name: request.GET.get(name, "")[:100] for name in ("q", "audience", "agency", "topic", "stage")})
    names = agency_names()
    every = [one.item for one in api.published_all()]
    found, paging = paged(request, find(every, asked, names))
    context = {
        "filters": _filters(asked, every, names),
        "paging": paging,
        "export": _("政务服务事项"),
        "columns": [
            Column(_("事项")), Column(_("实施机关")), Column(_("类型")), Column(_("承诺时限")), Column(_("到现场"), "number"),
            Column(_("网办阶段")),
        ],
        "rows": [
            Row(
                (one.title, names.get(one.agency, one.agency), _(one.kind.title), promise(one), one.visits,
                 f"{one.stage.value} {_(one.stage.title)}"),
                reverse("portal:hall_guide", args=[one.key]),
            )
            for one in found
        ],
        "events": events((one.bundle for one in api.bundles()), asked.q),
    }  # fmt: skip
    if file := tables.listed(request, context):
        return file
    context["exports"] = tables.links(request)
    return render(request, "portal/hall/guide/items.html.jinja", context)


def _filters(asked: Asked, every: Iterable[ServiceItem], names: dict[str, str]) -> tuple[Filter, ...]:
    every = list(every)
    whole = ("", _("全部"))
    owners = sorted({one.agency for one in every})
    topics = sorted({topic for one in every for topic in one.topics})
    return (
        Filter("q", _("事项、材料或者问题"), asked.q),
        Filter("audience", _("谁来办"), asked.audience, (whole, (PERSON, _("个人")), (FIRM, _("企业和单位")))),
        Filter("agency", _("实施机关"), asked.agency, (whole, *((key, names.get(key, key)) for key in owners))),
        Filter("topic", _("主题"), asked.topic, (whole, *((topic, topic) for topic in topics))),
        Filter("stage", _("网办阶段"), asked.stage, (whole, *((str(s.value), _(s.title)) for s in ServiceStage))),
    )


@require_safe
def guide(request: HttpRequest, key: str) -> HttpResponse:
    """One item's guide: limits, materials, fees, steps, basis, questions, and what is fetched instead of asked."""
    return render(request, "portal/hall/guide/guide.html.jinja", described(api.published(key)))


def described(published: PublishedItem) -> dict[str, object]:
    """What the page of an item's guide tells."""
    it = published.item
    titles = {one.key: one.title for one in catalogue.elements().values()}
    asked = {one.name: one.title or titles.get(one.element, one.name) for one in it.form.questions}
    return {
        "preview": False,
        "it": it,
        "agency": _("由申请人选定的机关") if it.asked_of else agency_names().get(it.agency, it.agency),
        "facts": _facts(published),
        "materials": [(one, _sources(one), when(one.show_if, asked)) for one in it.materials],
        "fetched": _fetched(it, asked),
        "asked": [asked[one.name] for one in it.form.questions if one.prefill is None],
        "fees": [(line, api.prices(it)[line.key], when(line.show_if, asked), asked.get(line.per)) for line in it.fees],
        "in_events": [one.bundle for one in api.bundles() if it.key in {branch.item for branch in one.bundle.branches}],
        "stages": list(ServiceStage),
    }


def promise(it: ServiceItem) -> str:
    """How long an item takes, as people read it: as promised, or else as the law says."""
    term = it.promised or it.statutory
    return write_term(term) if term and not it.on_the_spot else _("即办")


def when(condition: Node | None, titles: dict[str, str]) -> str:
    """A condition as a sentence, that of one answer as people say it; empty where there is none."""
    match condition:
        case None:
            return ""
        case Compare(op="=", left=Field(name=name), right=Value(raw=raw)):
            said = {True: _("是"), False: _("否")}[raw] if isinstance(raw, bool) else raw
            return _("“%(question)s”填“%(said)s”") % {"question": titles.get(name, name), "said": said}
    return sentence(condition, titles)


def source(held: ByFact | ByLicence) -> str:
    """Where a thing is fetched from, as people read it."""
    if isinstance(held, ByLicence):
        return _("电子证照库")
    found = catalogue.snapshot().published.get(held.resource)
    owner = agency_names().get(held.resource.partition("/")[0], "")
    return _("%(owner)s《%(resource)s》") % {"owner": owner, "resource": found.resource.title} if found else owner


def _sources(material: Material) -> list[str]:
    """Where a material is fetched from; empty: the applicant hands it in."""
    return [source(one) for one in material.satisfied_by if isinstance(one, ByFact | ByLicence)]


def _fetched(it: ServiceItem, asked: dict[str, str]) -> list[tuple[str, str]]:
    """What a register answers: the question and where its answer comes from."""
    return [
        (asked[one.name], source(ByFact(resource=one.prefill.resource)))
        for one in it.form.questions
        if one.prefill is not None
    ]


def _facts(published: PublishedItem) -> list[tuple[str, object]]:
    it = published.item
    visits = _("%(n)s 次。%(why)s") % {"n": it.visits, "why": it.visits_why} if it.visits else _("不用到现场")
    ways = [text for text, has in ((_("网上办理"), it.stage >= ServiceStage.TWO_WAY), (_("邮寄"), it.by_mail),
            (_("预约"), it.appointment)) if has]  # fmt: skip
    rows: list[tuple[str, object]] = [
        (_("谁可以办"), "、".join(_(one.title) for one in it.audiences)),
        (_("法定办结时限"), write_term(it.statutory) if it.statutory else _("没有规定")),
        (_("承诺办结时限"), promise(it)),
        (_("办理结果"), it.result),
        (_("到现场"), visits),
        (_("办理方式"), "、".join(ways) or _("窗口")),
        (_("通办范围"), _("%(reach)s：%(where)s") % {"reach": _(it.regions.title), "where": _counters(it.regions)}),
        (_("办理地点"), it.address),
        (_("办理时间"), it.hours),
        (_("咨询电话"), it.telephone),
        (_("监督投诉"), it.complaints),
        (_("事项类型"), _(it.kind.title)),
        (_("基本编码"), it.code),
        (_("版本"), _("第 %(n)s 版") % {"n": published.version}),
    ]
    if it.fees or it.extra_fees:
        rows.insert(4, (_("什么时候缴费"), _(it.pay_before.title)))
    rows.insert(3, (_("各环节时限"), _stage_terms(it)))
    if it.extension:
        rows.insert(3, (_("可以延长"), _("%(term)s，一次，须经负责人批准并告知理由") % {"term": it.extension}))
    return [row for row in rows if row[1]]


def _counters(reach: Reach) -> str:
    """At whose counters an item of this reach is taken in."""
    if reach is Reach.OWN:
        return _("在办理单位的窗口提交")
    where = _("本市") if reach is Reach.CITY else _("本省")
    return _("%(where)s各单位的窗口都可以代为提交，由办理单位决定") % {"where": where}


def _stage_terms(it: ServiceItem) -> str:
    """How long each stage has and why, where it has a time of its own."""
    procedure = procedures.PROCEDURES[it.procedure]
    timed = procedures.stage_terms(procedure, it.term, timezone.localdate())
    return _("；").join(why(procedure[key], *given) for key, given in timed.items())


def links(bundle_items: Iterable[ServiceItem]) -> list[Link]:
    """Links to the guides of these items."""
    return [Link(one.title, reverse("portal:hall_guide", args=[one.key])) for one in bundle_items]
