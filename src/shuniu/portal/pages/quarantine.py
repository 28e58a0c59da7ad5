"""Uploads that the virus scanner has not looked at: whose, how long, how often tried, and who must act."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuniu.cases.api import quarantine as api
from shuniu.cases.declare.material import Quarantined
from shuniu.directory.session import actor
from shuniu.portal.shell import SIZE, desk_page, going, tried
from shuniu.portal.shell import number as whole
from shuniu.trust.declare import Actor
from shuniu.web.declare import State, Value
from shuniu.web.forms import PlainForm


class Stopping(PlainForm):
    """Why a file is not looked at any more."""

    reason = forms.CharField(
        label=gettext_lazy("为什么查不了"), max_length=300, help_text=gettext_lazy("上传人会看到，并被告知另传一份。")
    )


@never_cache
@require_safe
def quarantine(request: HttpRequest) -> HttpResponse:
    """What waits for the scanner, the oldest first."""
    return _page(request)


def _page(request: HttpRequest, wrong: tuple[int, Stopping] | None = None) -> HttpResponse:
    found = api.list_quarantine(actor=actor(request), after=whole(request.GET.get("after")), limit=SIZE + 1)
    context = {
        "found": [(one, _facts(one), _form(one, wrong)) for one in found[:SIZE]], "configured": api.scans(),
        "wrong": wrong[1] if wrong else None,
        "going": going(request, "after", found[SIZE - 1].id if len(found) > SIZE else None),
    }  # fmt: skip
    return desk_page(request, "quarantine", context, status=422 if wrong else 200)


def _facts(one: Quarantined) -> list[tuple[str, Value]]:
    hours = int((timezone.now() - one.received_at).total_seconds() // 3600)
    waits = ngettext("%(num)d 小时", "%(num)d 小时", hours) % {"num": hours} if hours else _("不到一小时")
    state = State(_("不再自动重试"), "stopped") if one.stopped else State(_("等查毒"), "waiting")
    then: tuple[str, Value] = (_("停止原因"), one.stopped) if one.stopped else (_("下次查毒"), one.due or _("一分钟内"))
    return [
        (_("状态"), state), (_("上传人"), one.owner or None), (_("大小"), filesizeformat(one.size)),
        (_("上传时间"), one.received_at), (_("已等"), waits), (_("已试次数"), one.tries),
        (_("查毒服务答复"), one.said or None), then, (_("用于办件"), "、".join(one.cases) or None),
        (_("由谁处理"), _("平台主管单位") if one.stopped else _("平台自动重试")),
    ]  # fmt: skip


def _form(one: Quarantined, wrong: tuple[int, Stopping] | None) -> Stopping | None:
    if one.stopped:
        return None
    return wrong[1] if wrong and wrong[0] == one.id else Stopping(prefix=str(one.id))


@never_cache
@require_POST
def retry(request: HttpRequest, number: int) -> HttpResponse:
    """Have it looked at with the next run."""
    api.retry_scan(actor=actor(request), number=number)
    messages.success(request, _("一分钟内重新查毒。"))
    return redirect("portal:quarantine")


@never_cache
@require_POST
def stop(request: HttpRequest, number: int) -> HttpResponse:
    """Give it up, with the reason; its owner is told."""
    who, form = actor(request), Stopping(request.POST, prefix=str(number))
    if form.is_valid() and _stops(form, who, number):
        messages.success(request, _("已停止，并已通知上传人另传一份。"))
        return redirect("portal:quarantine")
    return _page(request, (number, form))


def _stops(form: Stopping, who: Actor, number: int) -> bool:
    tried(form, lambda: api.stop_scan(actor=who, number=number, reason=form.cleaned_data["reason"]))
    return not form.errors


urlpatterns = [
    path("desk/quarantine/", quarantine, name="quarantine"),
    path("desk/quarantine/<int:number>/retry/", retry, name="quarantine_retry"),
    path("desk/quarantine/<int:number>/stop/", stop, name="quarantine_stop"),
]
