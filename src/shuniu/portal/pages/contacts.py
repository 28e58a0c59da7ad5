"""Everybody's e-mail and mobile at which notices come, and an agency's for who keeps them; each proven by a code."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from shuniu.directory.session import actor
from shuniu.notices import api
from shuniu.notices.declare import EMAIL, SMS, ContactView, Way
from shuniu.portal.shell import desk_page, tried
from shuniu.trust.declare import Actor
from shuniu.web.declare import Link, Value
from shuniu.web.forms import PlainForm

_OWNERS = {"own": False, "agency": True}
_CHANNELS = (EMAIL.key, SMS.key)
_ATTRS = {EMAIL.key: {"autocomplete": "email"}, SMS.key: {"autocomplete": "tel", "inputmode": "tel"}}


class Address(PlainForm):
    """A new address, to which a code goes."""

    def __init__(self, channel: str, *args: object, **options: object) -> None:
        super().__init__(*args, prefix=channel, **options)
        label = _("电子邮箱") if channel == EMAIL.key else _("手机号码")
        self.fields["address"] = forms.CharField(
            label=label, max_length=200, widget=forms.TextInput(attrs=_ATTRS[channel])
        )


class Code(PlainForm):
    """The code that came there."""

    code = forms.CharField(
        label=gettext_lazy("验证码"),
        max_length=6,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "size": "8"}),
    )


@dataclass(frozen=True)
class Shown:
    """One channel as the page draws it."""

    way: Way
    title: str
    facts: list[tuple[str, Value]]
    address: PlainForm
    code: PlainForm | None
    removable: bool


@never_cache
@require_safe
def contacts(request: HttpRequest, owner: str) -> HttpResponse:
    """The reader's contacts, or the reader's agency's."""
    return _page(request, owner)


def _page(request: HttpRequest, owner: str, channel: str = "", wrong: PlainForm | None = None) -> HttpResponse:
    who = actor(request)
    known = {one.channel: one for one in api.contacts(actor=who, for_agency=_OWNERS[owner])}
    ways = [way for way in api.ways() if way.channel.key in _CHANNELS]
    shown = [_shown(way, known.get(way.channel.key), wrong if way.channel.key == channel else None) for way in ways]
    context = {"owner": owner, "shown": shown, "wrong": wrong, "tabs": _tabs(who, owner)}
    return desk_page(request, "contacts", context, status=422 if wrong else 200)


def _tabs(who: Actor, owner: str) -> list[Link]:
    if not (who.may("notices.for_agency") and who.agency):
        return []
    return [
        Link(_("我的"), reverse("portal:contacts"), current=owner == "own"),
        Link(_("本单位的"), reverse("portal:contacts_agency"), current=owner == "agency"),
    ]


def _shown(way: Way, known: ContactView | None, wrong: PlainForm | None) -> Shown:
    channel = way.channel.key
    facts: list[tuple[str, Value]] = [
        (_("正在使用"), known.address if known and known.address else _("未登记")),
        *([(_("验证日期"), known.verified_at)] if known and known.verified_at else []),
        *([(_("等待验证"), known.waiting)] if known and known.waiting else []),
        *([(_("不打扰时段"), way.quiet_hours)] if way.quiet_hours else []),
    ]
    address = wrong if isinstance(wrong, Address) else Address(channel)
    code = wrong if isinstance(wrong, Code) else Code(prefix=channel) if known and known.waiting else None
    return Shown(way, _(way.channel.title), facts, address, code, bool(known and (known.address or known.waiting)))


@never_cache
@sensitive_post_parameters(*(f"{channel}-code" for channel in _CHANNELS))
@require_POST
def change(request: HttpRequest, owner: str, channel: str, act: str) -> HttpResponse:
    """Send a code to a new address, take the code, or delete the address; what is refused stands in its form."""
    if owner not in _OWNERS or channel not in _CHANNELS or act not in ("set", "confirm", "remove"):
        raise Http404(act)
    who, whose = actor(request), _OWNERS[owner]
    if act == "remove":
        api.remove_contact(actor=who, channel=channel, for_agency=whose)
        messages.success(request, _("已删除，不再向那里发送通知。"))
        return _back(owner)
    form = Code(request.POST, prefix=channel) if act == "confirm" else Address(channel, request.POST)
    if form.is_valid() and _done(form, who, channel, whose):
        done = _("已验证，以后向这里发送通知。") if act == "confirm" else _("验证码已发出，请在收到后填写。")
        messages.success(request, done)
        return _back(owner)
    return _page(request, owner, channel, form)


def _done(form: PlainForm, who: Actor, channel: str, whose: bool) -> bool:
    said = form.cleaned_data
    if isinstance(form, Address):
        asked = tried(
            form, lambda: api.set_contact(actor=who, channel=channel, address=said["address"], for_agency=whose)
        )
        return asked is not None
    right = tried(form, lambda: api.confirm_contact(actor=who, channel=channel, code=said["code"], for_agency=whose))
    if right is False:
        form.add_error("code", _("验证码不对。请核对最近一次收到的验证码。"))
    return bool(right)


def _back(owner: str) -> HttpResponse:
    return redirect("portal:contacts_agency" if _OWNERS[owner] else "portal:contacts")


urlpatterns = [
    path("desk/contacts/", contacts, {"owner": "own"}, name="contacts"),
    path("desk/contacts/agency/", contacts, {"owner": "agency"}, name="contacts_agency"),
    path("desk/contacts/<slug:owner>/<slug:channel>/<slug:act>/", change, name="contact_change"),
]
