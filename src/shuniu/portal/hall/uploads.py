"""One's materials: uploading, seeing whether they were scanned, taking them back, deleting them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuniu.cases.api import uploads as cases
from shuniu.cases.api.uploads import Opened
from shuniu.cases.declare.material import Scan, UploadView
from shuniu.directory.session import actor
from shuniu.exchange.spool import FRAME
from shuniu.exchange.uploads import SpooledUpload, SpoolHandler
from shuniu.portal.shell import own_page, tried
from shuniu.trust.declare import Refused
from shuniu.web.declare import Column, State
from shuniu.web.forms import PlainForm


class UploadForm(PlainForm):
    """One file."""

    file = forms.FileField(
        label=gettext_lazy("要上传的文件"),
        help_text=gettext_lazy("PDF、JPG、PNG、OFD、DOCX 或 XLSX。手机拍照请拍清四角。"),
        error_messages={"empty": gettext_lazy("这个文件是空的。请核对后重新选择。")},
        max_length=200,
    )
    # The form's last field: a body that was cut off in the file, which Django takes for the file's end, lacks it.
    whole = forms.CharField(
        label=gettext_lazy("上传"),
        initial="1",
        widget=forms.HiddenInput,
        error_messages={"required": gettext_lazy("文件没有传完，网络可能中断了。请重新选择文件上传。")},
    )


class LimitedHandler(SpoolHandler):
    """Streams a material into the spool, and stops at the limit for materials."""

    def handle_raw_input(self, input_data: object, META: object, content_length: int, *_: object, **__: object) -> None:
        """Refuse a request that is too large before its first byte is read."""
        cases.refuse_larger(content_length - FRAME)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        cases.refuse_larger(start + len(raw_data))
        super().receive_data_chunk(raw_data, start)


class SeveralHandler(LimitedHandler):
    """The same for every file in the field, each within the limit, at most so many at once."""

    def __init__(self, request: HttpRequest, field: str, most: int) -> None:
        super().__init__(request, field)
        self._files = most
        self._before: list[SpooledUpload] = []

    def handle_raw_input(self, input_data: object, META: object, content_length: int, *_: object, **__: object) -> None:
        """Refuse a request that is larger than so many files can be, before its first byte is read."""
        cases.refuse_larger(content_length // self._files - FRAME)

    def new_file(self, field_name: str, file_name: str, *args: object, **options: object) -> None:
        if self._upload is not None and len(self._before) < self._files - 1:
            self._before.append(self._upload)
            self._upload = None
        super().new_file(field_name, file_name, *args, **options)

    def discard(self) -> None:
        for one in self._before:
            one.close()
        super().discard()


@contextmanager
def limited_upload(request: HttpRequest, field: str = "file", most: int = 1) -> Iterator[None]:
    """Have a material that is uploaded in `field` (or several) spooled as ciphertext; what nobody took is gone at the end.

    A view enters it before anything reads the request. Raises `Refused` upload.size while the bytes come in.
    """
    handler = SeveralHandler(request, field, most) if most > 1 else LimitedHandler(request, field)
    request.upload_handlers = [handler]
    try:
        yield
    finally:
        handler.discard()


# The CSRF check reads the request, and the spool must be in place before anything does: so it is made in the inner view.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """What one keeps for reuse, and a form for one more. Who may not upload is refused before a byte is read."""
    if request.method == "POST" and not actor(request).may("cases.upload"):
        raise Refused("right.missing", "您没有“上传材料”的权限。", "请先登录个人或者企业账号。")
    with limited_upload(request):
        return _mine(request)


@csrf_protect
def _mine(request: HttpRequest) -> HttpResponse:
    posted = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if posted else UploadForm()
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        if not isinstance(file, SpooledUpload):
            raise TypeError("the upload did not come through the spool")
        kept = tried(form, lambda: cases.receive(actor=actor(request), writer=file.take(), name=str(file.name)))
        if kept is not None:
            messages.success(request, _("“%(name)s”已收好，办事时可以直接选用。") % {"name": kept.name})
            return redirect("portal:hall_uploads")
    found = cases.uploads(actor=actor(request))
    context = {
        "form": form,
        "largest": f"{cases.largest() / 1e6:g} MB",
        "columns": [
            Column(_("文件")), Column(_("大小"), "number"), Column(_("上传时间"), "day"), Column(_("查毒")),
            Column(_("使用情况")), Column(_("操作")),
        ],
        "rows": [(one, _scan(one)) for one in found],
        "waits": any(not (one.usable or one.gone or one.stopped) for one in found),
    }  # fmt: skip
    return own_page(request, "uploads", context, status=422 if form.errors else 200)


def _scan(one: UploadView) -> State:
    if one.stopped:
        return State(_("没有通过查毒，请另传一份"), "stopped")
    if one.scan is Scan.UNSCANNED and not one.usable:
        return State(_("未查毒，正在重试"), "waiting")
    if one.scan is Scan.INFECTED:
        return State(_("查出病毒 %(virus)s，已销毁") % {"virus": one.virus}, "stopped")
    return State(one.scan.title, "done" if one.scan is Scan.CLEAN else "warning")


@never_cache
@require_safe
def file(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """One's own file, or one of a case that the reader works on: to take away, never opened in place."""
    return taken_away(cases.read_upload(actor=actor(request), number=number))


def taken_away(opened: Opened) -> StreamingHttpResponse:
    """A file as an answer: saved by the browser, never opened in place."""
    response = StreamingHttpResponse(opened.blocks, content_type=opened.upload.kind.mime)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(opened.upload.name)}"
    response.headers["Content-Length"] = str(opened.upload.size)
    return response


@never_cache
@require_POST
def discard(request: HttpRequest, number: int) -> HttpResponse:
    """Destroy a file that no case uses."""
    cases.discard_upload(actor=actor(request), number=number)
    messages.success(request, _("材料已删除，不能恢复。"))
    return redirect("portal:hall_uploads")
