"""Providers' live interfaces: how each does, for its provider and the office; the office declares and ends them here."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.exchange.gateway import interfaces
from shuniu.exchange.gateway.declare import LiveView
from shuniu.portal.shell import desk_page, officer, tried
from shuniu.trust.declare import Refused
from shuniu.web.declare import Link, State, Value
from shuniu.web.forms import PlainForm

_MOST = 20_000
"""Bytes of a certificate's file."""


def _resources() -> list[tuple[str, str]]:
    found = sorted((one.resource.title, one.resource.key) for one in catalogue.published_all())
    return [
        ("", _("请选择")),
        *((key, _("%(title)s（%(key)s）") % {"title": title, "key": key}) for title, key in found),
    ]


class Declare(PlainForm):
    """Which resource, where it is answered, by whose certificate, within which bounds."""

    resource = forms.ChoiceField(label=gettext_lazy("资源"), choices=_resources)
    url = forms.CharField(
        label=gettext_lazy("接口地址"), max_length=500, widget=forms.TextInput(attrs={"inputmode": "url"}),
        help_text=gettext_lazy("完整的 https 地址，与前置节点配置里的 url 相同，例如 https://10.1.2.3/registration。"),
    )  # fmt: skip
    certificate = forms.FileField(
        label=gettext_lazy("接口的签名证书"),
        help_text=gettext_lazy(
            "提供单位接入时得到的 signing.crt，不含私钥。须是平台签发或者登记过的、该单位用于签名的证书。"
        ),
    )
    wait_ms = forms.IntegerField(
        label=gettext_lazy("最多等多少毫秒"), min_value=1, max_value=interfaces.LONGEST, initial=5_000
    )
    most = forms.IntegerField(
        label=gettext_lazy("答复最多多少字节"), min_value=1, max_value=interfaces.LARGEST, initial=1_000_000
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """The interfaces that stand; below them, for who may, the form that declares one."""
    who = officer(request)
    declares = who.may("exchange.declare_live")
    if request.method == "POST" and not declares:
        raise Refused("right.missing", "您没有“登记实时接口”的权限。", "请由省级平台主管办理。")
    form = Declare(request.POST or None, request.FILES or None) if declares else None
    if form is not None and form.is_valid():
        said = form.cleaned_data
        certificate = said.pop("certificate").read(_MOST)
        number = tried(form, lambda: interfaces.declare_live(actor=who, certificate=certificate, **said))
        if number is not None:
            messages.success(request, _("已登记为第 %(n)s 号实时接口，现在起由它答复。") % {"n": number})
            return redirect("portal:live_interfaces")
    found = interfaces.list_live(actor=who)
    titles = {one.resource.key: one.resource.title for one in catalogue.published_all()} if found else {}
    names, people = directory.agency_names(), directory.names([one.declared.by for one in found])
    context = {
        "crumbs": [Link(_("接口运行"), reverse("portal:connections"))],
        "found": [
            (one.declared, titles.get(one.declared.resource, one.declared.resource), _facts(one, names, people))
            for one in found
        ],
        "form": form,
    }  # fmt: skip
    return desk_page(request, "live_interfaces", context, status=422 if form is not None and form.errors else 200)


def _state(one: LiveView) -> State:
    if one.fault:
        return State(_("停止调用：%(fault)s") % {"fault": _(one.fault)}, "stopped")
    if one.paused:
        return State(_("连续失败，暂停调用，约 %(n)s 秒后再试") % {"n": one.paused}, "warning")
    return State(_("正常调用"), "done")


def _local(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _facts(one: LiveView, names: dict[str, str], people: dict[str, str]) -> list[tuple[str, Value]]:
    it = one.declared
    by = people.get(it.by) or _("平台的命令行")
    counted = _("成功 %(calls)s 次，因接口失败 %(failed)s 次") % {"calls": it.calls, "failed": it.failed}
    return [
        (_("情况"), _state(one)), (_("提供单位"), names.get(one.owner, one.owner)), (_("接口地址"), it.url),
        (_("证书"), _("第 %(n)s 号，%(day)s 到期") % {"n": one.certificate, "day": f"{timezone.localtime(one.until):%Y-%m-%d}"}),
        (_("登记"), _("%(who)s，%(at)s") % {"who": by, "at": _local(it.since)}),
        (_("近 24 小时"), Link(counted, f"{reverse('portal:connections')}?resource={it.resource}")),
        (_("最近一次失败"), _("%(at)s 起的一小时内") % {"at": _local(it.last_failed)} if it.last_failed else _("近 24 小时没有")),
        (_("时限和大小"), _("%(wait)s 毫秒，%(most)s 字节") % {"wait": f"{it.wait_ms:,}", "most": f"{it.most:,}"}),
    ]  # fmt: skip


@never_cache
@require_POST
def end(request: HttpRequest, key: str) -> HttpResponse:
    """Have a resource answered from its stored rows again."""
    interfaces.end_live(actor=officer(request), resource=key)
    messages.success(request, _("已停用，改由已存的数据答复。"))
    return redirect("portal:live_interfaces")


urlpatterns = [
    path("desk/connections/live/", listed, name="live_interfaces"),
    path("desk/connections/live/<path:key>/end/", end, name="live_end"),
]
