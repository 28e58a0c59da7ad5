"""Writing a document: new, or a further version of one that is not under review; with the files that go with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from shuniu.cases.api import uploads
from shuniu.cases.api.document_codes import codes_of
from shuniu.cases.api.document_files import most_files
from shuniu.cases.api.document_lists import own_code
from shuniu.cases.api.documents import draft_document, read_document
from shuniu.cases.declare.document import DocumentState, DocumentView, Sort
from shuniu.cases.declare.material import UploadView
from shuniu.exchange.uploads import SpooledUpload
from shuniu.portal.hall.uploads import limited_upload
from shuniu.portal.pages.agency_choice import searched
from shuniu.portal.pages.document_forms import DraftForm
from shuniu.portal.pages.document_lists import SORTS
from shuniu.portal.shell import desk_page, officer, tried
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Link


# The CSRF check reads the request, and the spool must be in place before anything does: so it is made in the inner view.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, sort: str) -> HttpResponse:
    """Write a new one of that sort; nothing but its files is kept before it is saved."""
    if sort not in SORTS:
        raise Http404(sort)
    _writer(request)
    with limited_upload(request, "new", most_files()):
        return _written(request, cast(Sort, sort), None)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the next version; the one before is kept."""
    _writer(request)
    with limited_upload(request, "new", most_files()):
        return _written(request, None, pk)


def _writer(request: HttpRequest) -> Actor:
    """Who may write documents, asked before a byte is read. Raises Refused right.*."""
    who = officer(request)
    if not who.may("cases.draft_document"):
        raise Refused("right.missing", "您没有“起草公文”的权限。", "请由公文经办人起草。")
    return who


@csrf_protect
def _written(request: HttpRequest, sort: Sort | None, pk: int | None) -> HttpResponse:
    who = _writer(request)
    it = read_document(actor=who, document=pk) if pk is not None else None
    kind: Sort = it.draft.sort if it else sort or "outgoing"
    form = _form(request, who, kind, it)
    if not searched(form) and form.is_bound and form.is_valid():
        made = tried(form, lambda: draft_document(actor=who, draft=form.draft(), document=pk, attached=form.attached))
        if made is not None:
            messages.success(request, _("已保存为第 %(n)s 稿。") % {"n": len(made.versions)})
            return redirect("portal:document", pk=made.id)
    title = _("修改：%(title)s") % {"title": it.draft.title} if it else _("起草%(sort)s") % {"sort": _(SORTS[kind])}
    context = {
        "form": form, "title": title, "crumbs": [Link(_("公文"), reverse("portal:documents"))], "sort": kind,
        "again": it is not None and it.state is DocumentState.SIGNED,
    }  # fmt: skip
    return desk_page(request, "document_writing", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, who: Actor, kind: Sort, it: DocumentView | None) -> DraftForm:
    """The form as it was posted, its new files taken in and chosen: they are not lost where something else is wrong."""
    draft, codes = it.draft if it else None, _codes(who.agency, it)
    known = {one.upload: one.name for one in draft.files} if draft else {}
    if request.method != "POST":
        return DraftForm(kind, draft, codes, None, list(known.items()))
    data: QueryDict = request.POST.copy()
    kept, wrong = _taken_in(request, who)
    data.setlist("kept", [*data.getlist("kept"), *(str(one.id) for one in kept)])
    if set(data.getlist("kept")) - {str(one) for one in known}:
        known |= {one.id: one.name for one in uploads.uploads(actor=who) if str(one.id) in data.getlist("kept")}
    form = DraftForm(kind, draft, codes, data, list(known.items()))
    for refusal in wrong:
        form.add_error("new", f"{refusal.message}{refusal.remedy}")
    return form


def _codes(agency: str, it: DocumentView | None) -> tuple[str, ...]:
    """By what a document may be numbered, the one used last first; what has its number keeps it."""
    if it is not None and it.number is not None:
        return (it.number.code,)
    return tuple(sorted(codes_of(agency), key=lambda one: one != own_code(agency)))


def _taken_in(request: HttpRequest, who: Actor) -> tuple[list[UploadView], Sequence[Refused]]:
    """Keep the files that came with the form; those that may not be kept, with the reason."""
    kept, wrong = list[UploadView](), list[Refused]()
    for file in request.FILES.getlist("new"):
        if not isinstance(file, SpooledUpload):
            raise TypeError("the upload did not come through the spool")
        try:
            kept.append(uploads.receive(actor=who, writer=file.take(), name=str(file.name)))
        except Refused as refusal:
            wrong.append(refusal)
    return kept, wrong
