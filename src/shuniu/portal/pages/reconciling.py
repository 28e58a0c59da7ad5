"""Reconciliation by browser: the declaration to take away, the summary to send in, and every difference named."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Resource
from shuniu.directory.session import actor
from shuniu.exchange import api as exchange
from shuniu.exchange.differences import Differences, Held
from shuniu.exchange.digest import MAX_BYTES
from shuniu.portal.shell import SIZE, desk_page, download, paged, tried
from shuniu.portal.shell import number as whole
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Link, Row, State
from shuniu.web.forms import PlainForm

_JSON = "application/json; charset=utf-8"
_HOLDS_HOURS = 8
"""How long a result page may be leafed through: it describes the moment at which it was made."""


class Summary(PlainForm):
    """The department's summary of its own file."""

    file = forms.FileField(
        label=gettext_lazy("摘要文件"),
        help_text=gettext_lazy("在本单位运行 shuniu digest 生成的 .digest 文件，不超过 1 MB；里面没有任何行的内容。"),
        error_messages={"empty": gettext_lazy("这个文件是空的。请重新生成摘要。")},
        max_length=200,
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("文件超过 1 MB，不是摘要文件。请选择 shuniu digest 生成的 .digest 文件。"))
        return bytes(file.read())


@never_cache
@require_safe
def resources(request: HttpRequest) -> HttpResponse:
    """The agency's resources, each with its declaration and the way to reconcile it."""
    who = actor(request)
    _check(who)
    shown, paging = paged(request, [one.resource for one in catalogue.published_all(who.agency)])
    context = {
        "columns": [Column(_("资源")), Column(_("声明文件"))],
        "rows": [
            Row(
                (one.title, Link(_("下载声明"), reverse("portal:declaration", args=[one.key]))),
                reverse("portal:reconcile", args=[one.key]),
            )
            for one in shown
        ],
        "paging": paging,
    }
    return desk_page(request, "reconciling", context)


@never_cache
@require_safe
def declaration(request: HttpRequest, key: str) -> HttpResponse:
    """The resource's declaration, which carries its key: kept at the department."""
    found = exchange.export_declaration(actor=actor(request), resource=key)
    return download(found.model_dump_json(indent=1).encode(), found.file_name, _JSON)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reconcile(request: HttpRequest, key: str) -> HttpResponse:
    """The form for a summary, and what it found; a page of a result that was found before comes with that result."""
    who = actor(request)
    _check(who)
    resource = catalogue.published(key).resource
    if who.agency != resource.agency:
        raise Refused("right.agency", f"“{resource.title}”不是本单位的数据。", "请从数据对账选择本单位的资源。")
    if "result" in request.POST:
        return _result(request, resource, _held_result(request, who, key))
    form = Summary(request.POST, request.FILES) if request.method == "POST" else Summary()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["file"]
        found = tried(form, lambda: exchange.reconcile(actor=who, resource=key, data=data))
        if found is not None:
            return _result(request, resource, found)
    context = {
        "crumbs": [Link(_("数据对账"), reverse("portal:reconciling"))],
        "it": resource,
        "form": form,
        "declared": who.may("exchange.export_declaration"),
        "file_name": f"{key.replace('/', '_')}.declaration.json",
    }
    return desk_page(request, "reconcile", context, status=422 if form.errors else 200)


@dataclass(frozen=True)
class _Line:
    """One differing row: what is wrong with it, and the row if the platform holds it."""

    kind: State
    mark: str
    held: Held | None
    remedy: str


def _lines(found: Differences) -> list[_Line]:
    missing, changed, extra = (
        State(_("平台缺"), "stopped"), State(_("内容不同"), "warning"), State(_("平台多"), "info"),
    )  # fmt: skip
    return [
        *(_Line(missing, mark, None, _("用结果文件找到行号，报送这一行")) for mark in found.missing),
        *(_Line(changed, row.mark, row, _("报送更正")) for row in found.changed),
        *(_Line(extra, row.mark, row, _("应撤下的报送全量，不应撤下的补到本单位文件")) for row in found.extra),
    ]


def _result(request: HttpRequest, resource: Resource, found: Differences) -> HttpResponse:
    lines = _lines(found)
    pages = max(1, -(-len(lines) // SIZE))
    page = min(max(1, whole(request.POST.get("page"), 1)), pages)
    keys = resource.key_items
    context = {
        "crumbs": [
            Link(_("数据对账"), reverse("portal:reconciling")),
            Link(resource.title, reverse("portal:reconcile", args=[resource.key])),
        ],
        "it": resource,
        "found": found,
        "columns": [
            Column(_("情况")), *(Column(item.title) for item in keys), Column(_("平台来源")),
            Column(_("行标记"), "code"), Column(_("怎么办")),
        ],
        "rows": [_row(one, tuple(item.name for item in keys)) for one in lines[(page - 1) * SIZE : page * SIZE]],
        "page": page,
        "pages": pages,
        "count": len(lines),
        # The result goes with the page, signed for its reader, as the platform keeps no copy of it.
        "result": signing.dumps(found.to_json(), salt=_salt(actor(request), resource.key), compress=True),
    }  # fmt: skip
    return desk_page(request, "reconciled", context)


def _row(one: _Line, names: tuple[str, ...]) -> Row:
    cells = (one.held.key.get(name) if one.held else _("（平台不知道）") for name in names)
    source = _("批次 %(b)s 第 %(n)s 行") % {"b": one.held.batch, "n": one.held.line} if one.held else None
    return Row((one.kind, *cells, source, one.mark, one.remedy))


def _salt(who: Actor, key: str) -> str:
    return f"reconcile {who.person} {key}"


def _held_result(request: HttpRequest, who: Actor, key: str) -> Differences:
    try:
        text = signing.loads(request.POST.get("result", ""), salt=_salt(who, key), max_age=_HOLDS_HOURS * 3600)
    except signing.BadSignature as problem:
        raise Refused(
            "reconcile.result", "这份对账结果已经过期，或者不是给您的。", "请重新上传摘要文件对账。"
        ) from problem
    return Differences.from_json(str(text))


@never_cache
@require_POST
def result_file(request: HttpRequest) -> HttpResponse:
    """The result as the department's command reads it (`shuniu digest FILE --against`), to find lines in its own file."""
    who, key = actor(request), request.POST.get("resource", "")
    _check(who)
    if not key:
        raise Http404
    found = _held_result(request, who, key)
    return download(found.to_json().encode(), f"{key.replace('/', '_')}.reconciliation.json", _JSON)


def _check(who: Actor) -> None:
    if not who.may("exchange.reconcile"):
        raise Refused("right.missing", "您没有“数据对账”的权限。", "请登录数据专员账号，或请本单位管理员授予。")
