"""Files uploaded beside what they are for: on the pages of materials, with what was ticked there so far.

A file input is called `f-` and the name of the boxes that choose files for the same material; what came by it is kept
among one's own files and ticked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.files.uploadhandler import SkipFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from shuniu.cases.api import uploads
from shuniu.cases.declare.material import UploadView
from shuniu.directory.session import actor
from shuniu.exchange.uploads import SpooledUpload
from shuniu.portal.hall.uploads import SeveralHandler
from shuniu.trust.declare import Refused

P = ParamSpec("P")
Wrong = Mapping[str, tuple[str, ...]]
"""What is wrong with files that were uploaded just now, by the name of their input."""
FILE, FIND, WHOLE = "f-", "find", "whole"
"""How inputs of files begin; the field of the search among one's files; the form's last field, which a cut off one lacks."""
AT_ONCE = 20
"""So many files one request may carry: each is spooled, so this bounds what a request may leave on the disk."""
NEWEST = 12
"""Of one's own files so many are offered unasked, the newest first."""
_CHOSEN = ("u-", "p-", "consent", "chosen", FIND)
"""How the fields begin in which a page of materials asks what is chosen."""


class SeveralFiles(forms.FileInput):
    """A field that takes several files at once."""

    allow_multiple_selected = True


class BesideHandler(SeveralHandler):
    """Spools every file beside a material; one that is too large is skipped, and the others still come in."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, "", AT_ONCE)
        self.wrong: dict[str, tuple[str, ...]] = {}
        self._count = 0

    def new_file(self, field_name: str, file_name: str, *args: object, **options: object) -> None:
        self._count += field_name.startswith(FILE)
        if not field_name.startswith(FILE) or self._count > AT_ONCE:
            if field_name.startswith(FILE):
                self.refuse(
                    field_name, _("一次最多上传 %(n)s 份，“%(name)s”没有收。") % {"n": AT_ONCE, "name": file_name}
                )
            raise SkipFile
        self._field, self._name = field_name, file_name
        super().new_file(field_name, file_name, *args, **options)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            super().receive_data_chunk(raw_data, start)
        except Refused as refusal:
            self.refuse(self._field, f"“{self._name}”{_('：')}{refusal.message}{refusal.remedy}")
            self.drop()
            raise SkipFile from refusal

    def drop(self) -> None:
        """Discard what has come of the file that is being read."""
        if self._upload is not None:
            self._upload.close()
        self._upload, self._mine = None, False

    def refuse(self, field: str, words: str) -> None:
        """Note what is wrong with a file of that input."""
        self.wrong[field] = (*self.wrong.get(field, ()), words)


def with_files(
    view: Callable[Concatenate[HttpRequest, Wrong, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page that takes files in beside what they are for, before it does anything else; `view` is told what is wrong.

    The CSRF check reads the request, and the spool must be in place before anything does: so it is made within.
    """

    @wraps(view)
    def taking(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and not actor(request).may("cases.upload"):
            raise Refused("right.missing", "您没有“上传材料”的权限。", "请先登录个人或者企业账号。")
        handler = BesideHandler(request)
        request.upload_handlers = [handler]
        try:
            return checked(request, handler, *args, **kwargs)
        finally:
            handler.discard()

    @csrf_protect
    def checked(request: HttpRequest, handler: BesideHandler, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST":
            request.POST = _taken_in(request, handler)  # type: ignore[assignment]  # Django's own setter takes a QueryDict
            if request.POST.get("act") in ("upload", FIND) and not handler.wrong:
                return redirect(f"{request.path}?{urlencode(_chosen(request.POST))}")
        return view(request, handler.wrong, *args, **kwargs)

    return csrf_exempt(taking)


def _taken_in(request: HttpRequest, handler: BesideHandler) -> QueryDict:
    """What was posted, with the files that came along kept and ticked."""
    said = request.POST.copy()
    if not said.get(FIND) and said.get("act") != FIND:  # an empty search box that nobody used
        said.pop(FIND, None)
    cut = bool(request.FILES) and WHOLE not in said
    for field, files in request.FILES.lists():
        for file in files:
            if not isinstance(file, SpooledUpload):
                raise TypeError("the upload did not come through the spool")
            if cut:
                handler.refuse(field, _("“%(name)s”没有传完，网络可能中断了，请重新选择。") % {"name": file.name})
                continue
            try:
                kept = uploads.receive(actor=actor(request), writer=file.take(), name=str(file.name))
            except Refused as refusal:
                handler.refuse(field, f"“{file.name}”{_('：')}{refusal.message}{refusal.remedy}")
                continue
            _tick(request, said, field.removeprefix(FILE), kept)
    return said


def _tick(request: HttpRequest, said: QueryDict, name: str, kept: UploadView) -> None:
    """Choose a file that was kept just now; one that is still to be scanned cannot be chosen yet."""
    if not kept.usable:
        words = _("“%(name)s”已收好，还没有查毒，查毒后才能选用。平台自动重试，不用重新上传。")
        messages.warning(request, words % {"name": kept.name})
        return
    messages.success(request, _("“%(name)s”已收好，并已选上。") % {"name": kept.name})
    if str(kept.id) not in said.getlist(name):
        said.appendlist(name, str(kept.id))


def _chosen(said: QueryDict) -> list[tuple[str, str]]:
    """What is chosen on a page of materials so far, for the address that the page is seen under again."""
    return [(name, str(one)) for name, all_ in said.lists() if name.startswith(_CHOSEN) for one in all_]


def carried(request: HttpRequest) -> QueryDict | None:
    """What was posted on a page of materials, or had been chosen before a file came in; None for neither."""
    if request.method == "POST":
        return request.POST
    return request.GET if any(name.startswith(_CHOSEN) for name in request.GET) else None


def usable(mine: Iterable[UploadView]) -> list[tuple[str, str]]:
    """One's files that can be chosen, the newest first."""
    return [(str(one.id), one.name) for one in mine if one.usable and not one.gone]


def choosing(form: forms.Form, name: str, files: list[tuple[str, str]], data: QueryDict | None, required: bool) -> None:
    """Let the form ask which of one's files: any may be; shown are the newest, what is ticked, and what a search finds."""
    field = forms.MultipleChoiceField(
        label=_("选用已上传的文件"), choices=files, required=required, widget=forms.CheckboxSelectMultiple
    )
    ticked, find = (set(data.getlist(name)), data.get(FIND)) if data is not None else (set[str](), None)
    wanted = (find or "").strip().casefold()
    shown = files[:NEWEST] if find is None else [one for one in files if wanted in one[1].casefold()]
    form.fields[name] = field
    field.widget.choices = [one for one in files if one in shown or one[0] in ticked]


def taking(form: forms.Form, name: str, title: str) -> None:
    """Let the form take files beside the boxes `name`."""
    form.fields[f"{FILE}{name}"] = forms.FileField(
        label=_("上传“%(title)s”") % {"title": title}, required=False, widget=SeveralFiles(attrs={"multiple": True})
    )


def complain(form: forms.Form, wrong: Wrong) -> None:
    """Say beside its input what is wrong with a file that came; once the form has all of its fields."""
    for name, words in wrong.items():
        form.add_error(name if name in form.fields else None, list(words))


def searching(form: forms.Form, files: list[tuple[str, str]]) -> None:
    """Let the form search among one's files where there are more than are offered unasked."""
    if len(files) > NEWEST:
        form.fields[FIND] = forms.CharField(
            label=_("在我的 %(n)s 份文件里找") % {"n": len(files)}, required=False, max_length=60,
            help_text=_("写文件名里的几个字；留空列出全部。不找时只列最近 %(n)s 份。") % {"n": NEWEST},
        )  # fmt: skip
