"""Writing a document: new, or a further version of one that is not under review."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shuniu.cases.api.document_lists import own_code
from shuniu.cases.api.documents import draft_document, read_document
from shuniu.cases.declare.document import Sort
from shuniu.portal.pages.document_forms import DraftForm
from shuniu.portal.pages.document_lists import SORTS
from shuniu.portal.shell import desk_page, officer, tried
from shuniu.trust.declare import Refused
from shuniu.web.declare import Link


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, sort: str) -> HttpResponse:
    """Write a new one of that sort; nothing is kept before it is saved."""
    if sort not in SORTS:
        raise Http404(sort)
    return _written(request, cast(Sort, sort), None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the next version; the one before is kept."""
    return _written(request, None, pk)


def _written(request: HttpRequest, sort: Sort | None, pk: int | None) -> HttpResponse:
    who = officer(request)
    if not who.may("cases.draft_document"):
        raise Refused("right.missing", "您没有“起草公文”的权限。", "请由公文经办人起草。")
    it = read_document(actor=who, document=pk) if pk is not None else None
    kind: Sort = it.draft.sort if it else sort or "outgoing"
    posted = request.POST if request.method == "POST" else None
    form = DraftForm(kind, it.draft if it else None, own_code(who.agency), posted)
    if posted is not None and form.is_valid():
        made = tried(form, lambda: draft_document(actor=who, draft=form.draft(), document=pk))
        if made is not None:
            messages.success(request, _("已保存为第 %(n)s 稿。") % {"n": len(made.versions)})
            return redirect("portal:document", pk=made.id)
    title = _("修改：%(title)s") % {"title": it.draft.title} if it else _("起草%(sort)s") % {"sort": _(SORTS[kind])}
    context = {"form": form, "title": title, "crumbs": [Link(_("公文"), reverse("portal:documents"))], "sort": kind}
    return desk_page(request, "document_writing", context, status=422 if form.errors else 200)
