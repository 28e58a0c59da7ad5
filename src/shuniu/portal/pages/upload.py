"""Delivering a file by browser: what the reader sends is ciphertext before it meets the disk."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import NotFound, Resource
from shuniu.directory.session import actor
from shuniu.exchange import api as exchange
from shuniu.exchange.api.delivering import declare_nothing
from shuniu.exchange.declare import ReceiptView
from shuniu.exchange.delivery import MAX_BYTES
from shuniu.exchange.uploads import SpooledUpload, spooled_uploads
from shuniu.portal.forms import Upload
from shuniu.portal.shell import desk_page, tried
from shuniu.registries.declare import Mode
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Link


# The CSRF check reads the request, and the spool must be in place before anything does: so it is made in the inner view.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, key: str) -> HttpResponse:
    """The upload page of a resource, and the upload itself. Who may not deliver is refused before a byte is read."""
    try:
        resource = catalogue.published(key).resource
    except NotFound as unknown:
        raise Http404 from unknown
    _check(actor(request), resource)
    with spooled_uploads(request):
        return _upload(request, resource)


@csrf_protect
def _upload(request: HttpRequest, resource: Resource) -> HttpResponse:
    by_region = bool(resource.by_region)
    posted = request.method == "POST"
    form = Upload(request.POST, request.FILES, by_region=by_region) if posted else Upload(by_region=by_region)
    if posted and form.is_valid():
        receipt = tried(form, lambda: _delivered(request, resource, form))
        if receipt is not None:
            if receipt.repeated:
                messages.info(request, _("这份文件与第 %(n)s 号相同，没有重复处理。") % {"n": receipt.number})
            return redirect("portal:submission", number=receipt.number)
    context = {
        "crumbs": [Link(_("工作台"), reverse("portal:desk"))],
        "it": resource,
        "form": form,
        "largest": MAX_BYTES,
    }
    return desk_page(request, "upload", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def nothing(request: HttpRequest, key: str) -> HttpResponse:
    """零报告: state that there is nothing to deliver for this period."""
    receipt = declare_nothing(actor=actor(request), resource=key, region=request.POST.get("region", ""))
    said = _("本期零报告早已作过。") if receipt.repeated else _("零报告已收到，本期按时。")
    messages.success(request, said)
    return redirect("portal:submission", number=receipt.number)


def _delivered(request: HttpRequest, resource: Resource, form: Upload) -> ReceiptView:
    said = form.cleaned_data
    file = said["file"]
    if not isinstance(file, SpooledUpload):
        raise TypeError("the upload did not come through the spool")
    return exchange.deliver(
        actor=actor(request), writer=file.take(), resource=resource.key, name=str(file.name), mode=Mode(said["mode"]),
        channel="web", department_batch=said["department_batch"], region=said.get("region", ""),
    )  # fmt: skip


def _check(who: Actor, resource: Resource) -> None:
    """What `exchange.submit` will ask, asked before the bytes are taken in: nobody else may fill the spool."""
    if not who.may("exchange.submit"):
        raise Refused("right.missing", "您没有“报送数据”的权限。", "请登录数据专员账号，或请本单位管理员授予。")
    if who.agency != resource.agency:
        raise Refused("right.agency", "只能报送本单位的资源。", "请从工作台选择本单位的资源。")
