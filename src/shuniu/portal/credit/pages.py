"""Pages of the credit site: search, a subject's public file, reports under a number, verifying one, one's own file."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuniu.directory.declare import CREDIT_ON_DUTY
from shuniu.directory.session import actor, origin
from shuniu.portal.credit import api
from shuniu.portal.credit.document import NOT_SEALED, counts, issuer, pdf, qr, verify_url
from shuniu.portal.credit.forms import DutyForm, VerifyForm
from shuniu.portal.shell import desk_page, download, tried
from shuniu.systems.credit import report as credit
from shuniu.systems.credit.declare import SECTIONS, Purpose, Viewer
from shuniu.systems.credit.file import Fact, Report
from shuniu.systems.credit.header import Line
from shuniu.trust.declare import Refused
from shuniu.web.declare import Source
from shuniu.web.errors import refused_page

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]
PER_MINUTE = 60
"""How many pages of the credit site one address may ask of one process in a minute: people look firms up one by one."""
FIRST, SHOWN = 20, 3
"""Facts of a section that a page has, and how many of them stand unfolded; a report has them all."""
ITEMS = 8
"""Items of a fact that stand unfolded on a page."""


def _too_fast(origin: str) -> bool:
    """Whether this address has had its minute's share; an unknown one is everybody's and is not counted."""
    if not origin:
        return False
    key = f"credit:{origin}"
    cache.add(key, 0, 60)
    return cache.incr(key) > PER_MINUTE


def slowly(page: Page[P]) -> Page[P]:
    """Refuse an address that asks faster than people do, and keep what is shown out of caches and search engines."""

    @wraps(page)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if _too_fast(origin(request)):
            return refused_page(
                request,
                _("查询得太快了"),
                _("同一地址每分钟最多查询 %(n)d 次。") % {"n": PER_MINUTE},
                _("请稍等一分钟再查。"),
                429,
            )
        response = page(request, *args, **kwargs)
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow, noarchive")
        return response

    return never_cache(guarded)


@require_safe
@slowly
def home(request: HttpRequest) -> HttpResponse:
    """Looking a legal person up by code or name. There is no list to leaf through and no search by what is held."""
    text = request.GET.get("q", "").strip()[:100]
    context: dict[str, object] = {"text": text, "found": None, "refusal": None, "most": credit.MOST_FOUND}
    if text:
        try:
            context["found"] = credit.search(actor=actor(request), text=text)
        except Refused as refusal:
            context["refusal"] = refusal
    return render(request, "portal/credit/home.html.jinja", context)


@require_safe
@slowly
def subject(request: HttpRequest, code: str) -> HttpResponse:
    """The public file of one legal person."""
    made = credit.report(actor=actor(request), code=code)
    return _file(request, made, reverse("portal:credit_report", args=[made.header.code]))


@require_POST
@slowly
def public_report(request: HttpRequest, code: str) -> HttpResponse:
    """Give out the public report of a legal person under a number."""
    return _given(request, api.issue(actor=actor(request), code=code))


@require_safe
@slowly
def mine(request: HttpRequest) -> HttpResponse:
    """One's own file: a verified person or firm, with sources and changes."""
    made = credit.report(actor=actor(request), viewer=Viewer.SUBJECT)
    return _file(request, made, reverse("portal:credit_own_report"))


@require_POST
@slowly
def own_report(request: HttpRequest) -> HttpResponse:
    """Give out one's own report under a number: free, as often as wanted."""
    return _given(request, api.issue(actor=actor(request), viewer=Viewer.SUBJECT))


@require_http_methods(["GET", "HEAD", "POST"])
@slowly
def duty(request: HttpRequest) -> HttpResponse:
    """An officer looks a legal person up in duty, for a purpose of the closed list."""
    if not actor(request).may(CREDIT_ON_DUTY):
        raise Refused("right.missing", "您没有“履职查询”的权限。", "需要开通时，联系本单位管理员任命为“信用查询员”。")
    form = DutyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = tried(
            form,
            lambda: credit.report(
                actor=actor(request), code=said["code"], viewer=Viewer.DUTY, purpose=Purpose(said["purpose"])
            ),
        )
        if made is not None:
            return _file(request, made, "")
    return desk_page(request, "credit/duty", {"form": form}, status=422 if form.errors else 200)


@require_safe
@slowly
def verify(request: HttpRequest) -> HttpResponse:
    """Whether a number was given out, when and for whom, and whether the facts are still the same."""
    asked = VerifyForm(request.GET) if request.GET.get("number") else None
    verified = None
    if asked is not None and asked.is_valid():
        said = asked.cleaned_data
        verified = tried(asked, lambda: api.verify(actor=actor(request), number=said["number"], digest=said["digest"]))
    context = {"form": asked or VerifyForm(), "verified": verified, "issuer": issuer()}
    return render(request, "portal/credit/verify.html.jinja", context)


def _given(request: HttpRequest, issued: api.Issued) -> HttpResponse:
    """The report as PDF, or (`as=page`) as a page to read and print."""
    if request.POST.get("as") != "page":
        return download(pdf(issued), _("公共信用信息报告 %(n)s.pdf") % {"n": issued.number}, "application/pdf")
    address = verify_url(issued.number, issued.digest)
    context = {
        **_context(issued.report, len(issued.report.facts)),
        "issued": issued, "qr": qr(address), "address": address, "issuer": issuer(), "not_sealed": NOT_SEALED,
    }  # fmt: skip
    return render(request, "portal/credit/report.html.jinja", context)


def _file(request: HttpRequest, made: Report, report_href: str) -> HttpResponse:
    context = {**_context(made, FIRST), "report_href": report_href, "folded": SHOWN, "items": ITEMS}
    return render(request, "portal/credit/subject.html.jinja", context)


def _context(made: Report, most: int) -> dict[str, object]:
    return {
        "it": made,
        "own": made.viewer is Viewer.SUBJECT,
        "counts": [one for one in counts(made) if one[2]],
        "sections": [(key, SECTIONS[key], facts[:most], len(facts)) for key, facts in made.sections.items() if facts],
        "objection": _objection(),
        "source": source,
        "line_source": line_source,
    }


def _objection() -> str:
    """Where an objection is raised; empty on an instance without that page."""
    try:
        return reverse("portal:objection_new")
    except NoReverseMatch:
        return ""


def source(fact: Fact) -> Source:
    """The chip that says where a fact comes from; it opens the resource in the catalogue."""
    resource = fact.seen_as.resource
    return Source(
        fact.seen_as.agency_name, resource.title, timezone.localdate(fact.recorded), _("第 %(n)s 批次") % {"n": fact.batch},
        reverse("portal:resource", args=[resource.key]),
    )  # fmt: skip


def line_source(line: Line) -> Source:
    """The same of a line of the head."""
    return Source(
        line.agency, _("登记信息"), line.recorded, _("第 %(n)s 批次") % {"n": line.batch},
        reverse("portal:resource", args=[line.resource]),
    )  # fmt: skip
