"""Files under an agreement: offered by the owner's officer, seen by both sides, withdrawn; fetched by the consumer's machine."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from shuniu.directory.session import actor
from shuniu.exchange.gateway import files
from shuniu.exchange.gateway.declare import Offered
from shuniu.exchange.gateway.rules import limits
from shuniu.exchange.grants.declare import Agreement
from shuniu.exchange.uploads import SpooledUpload, spooled_uploads
from shuniu.portal.shell import desk_page, tried
from shuniu.trust.declare import Actor
from shuniu.web.declare import Link, State, Value
from shuniu.web.forms import PlainForm


class Offer(PlainForm):
    """One file for the holder of an agreement."""

    file = forms.FileField(
        label=gettext_lazy("文件"), max_length=files.NAME,
        help_text=gettext_lazy("只放协议内的信息项和区划。平台只存密文，到期或撤回后销毁。"),
        error_messages={"empty": gettext_lazy("这个文件是空的。请核对后重新选择。")},
    )  # fmt: skip
    days = forms.IntegerField(
        label=gettext_lazy("保留多少天"), min_value=1, initial=30, help_text=gettext_lazy("到期后使用单位不能再取用。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "5", "autocomplete": "off"}),
    )  # fmt: skip
    # The form's last field: a body that was cut off in the file lacks it.
    whole = forms.CharField(
        label=gettext_lazy("上传"), initial="1", widget=forms.HiddenInput,
        error_messages={"required": gettext_lazy("文件没有传完，网络可能中断了。请重新选择文件。")},
    )  # fmt: skip


@dataclass(frozen=True)
class FileLine:
    """A file as the agreement's page shows it; `live`: it may still be fetched, and withdrawn."""

    number: int
    name: str
    facts: list[tuple[str, Value]]
    live: bool


# The CSRF check reads the request, and the spool must be in place before anything does: so it is made in the inner view.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, number: int) -> HttpResponse:
    """The form, and the upload itself. Who may not offer is refused before a byte is read."""
    files.check_owner(actor(request), number)
    with spooled_uploads(request, framed=True, most=limits(timezone.localdate()).file):
        return _offer(request, number)


@csrf_protect
def _offer(request: HttpRequest, number: int) -> HttpResponse:
    posted = request.method == "POST"
    form = Offer(request.POST, request.FILES) if posted else Offer()
    if posted and form.is_valid():
        made = tried(form, lambda: _offered(request, number, form))
        if made is not None:
            messages.success(request, _("文件已提供，使用单位的机器现在起可以取用。"))
            return redirect("portal:agreement", number=number)
    agreement = Link(_("第 %(n)s 号共享协议") % {"n": number}, reverse("portal:agreement", args=[number]))
    context = {
        "crumbs": [Link(_("共享协议"), reverse("portal:agreements")), agreement],
        "number": number, "form": form, "largest": limits(timezone.localdate()).file,
    }  # fmt: skip
    return desk_page(request, "agreement_file", context, status=422 if form.errors else 200)


def _offered(request: HttpRequest, number: int, form: Offer) -> int:
    said = form.cleaned_data
    file = said["file"]
    if not isinstance(file, SpooledUpload):
        raise TypeError("the upload did not come through the spool")
    return files.offer_file(
        actor=actor(request), agreement=number, name=str(file.name), writer=file.take(), days=said["days"]
    )


@never_cache
@require_POST
def withdraw(request: HttpRequest, number: int, file: int) -> HttpResponse:
    """End a file now."""
    files.withdraw_file(actor=actor(request), agreement=number, number=file)
    messages.success(request, _("文件已撤回，不能再取用。"))
    return redirect("portal:agreement", number=number)


def files_of(who: Actor, it: Agreement) -> dict[str, object]:
    """What the agreement's page says of its files, and what the reader may do about them."""
    found = files.list_files(actor=who, agreement=it.number)
    own = it.owner == who.agency
    return {
        "lines": [_line(one) for one in found],
        "offer": own and it.state.value == "in_force" and who.may("exchange.offer_file"),
        "withdraw": own and who.may("exchange.withdraw_file"),
        "takes": it.consumer == who.agency,
    }


def _line(one: Offered) -> FileLine:
    facts: list[tuple[str, Value]] = [
        (_("编号"), one.number), (_("大小"), filesizeformat(one.size)), ("SHA-256", one.digest),
        (_("提供时间"), one.made_at), (_("撤回时间"), one.withdrawn_at) if one.withdrawn_at else (_("保留到"), one.expires),
        (_("取用"), one.fetched_at or _("还没有取完过")),
    ]  # fmt: skip
    live = one.expires > timezone.now()
    if not live:
        facts.insert(0, (_("状态"), State(_("已撤回") if one.withdrawn_at else _("已到期"), "none")))
    return FileLine(one.number, one.name, facts, live)


urlpatterns = [
    path("desk/agreements/<int:number>/files/new/", offer, name="file_new"),
    path("desk/agreements/<int:number>/files/<int:file>/withdraw/", withdraw, name="file_withdraw"),
]
