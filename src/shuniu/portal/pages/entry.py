"""Online entry of single records: a form made from the resource's items, checked by the very rules of the main road."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Item, ItemType, Resource
from shuniu.directory.session import actor
from shuniu.exchange import api as exchange
from shuniu.exchange.api.sharing import below
from shuniu.portal.forms import hint_of
from shuniu.portal.shell import desk_page, paged, tried
from shuniu.registries.conform import LINE, MAX_CELL, conform
from shuniu.registries.rules import CELL_RULES
from shuniu.trust.declare import Actor, Refused
from shuniu.web.declare import Column, Link, Row
from shuniu.web.forms import PlainForm

_PREFIX = "item-"
_LONG = 100
"""Text that may be longer than this many characters is typed in a box of several lines."""


class Record(PlainForm):
    """One record of a resource: a field per item, its errors in the words of the rule that the road applies."""

    def __init__(self, resource: Resource, codes: Mapping[str, Mapping[str, str]], *args: object) -> None:
        self._resource, self._codes = resource, codes
        super().__init__(*args)
        for item in resource.items:
            field = _field(item, codes.get(item.code_list))
            field.error_messages["required"] = _sentence(resource, item.name, "cell.required")
            self.fields[_PREFIX + item.name] = field

    @property
    def values(self) -> dict[str, str]:
        """What was typed, by item name."""
        return {item.name: str(self.cleaned_data.get(_PREFIX + item.name, "")) for item in self._resource.items}

    def clean(self) -> dict[str, object]:
        typed = self.values
        for name, rule in faults(self._resource, self._codes, typed):
            field = _PREFIX + name if _PREFIX + name in self.fields else None
            if field is None or field not in self.errors:
                self.add_error(field, _sentence(self._resource, name, rule))
        return self.cleaned_data


def _sentence(resource: Resource, name: str, rule: str) -> str:
    """What a rule says of an item, as the receipt would, without the way back by file."""
    said, remedy = CELL_RULES.get(rule, (_("不符合规则 %(rule)s") % {"rule": rule}, _("请改正")))
    title = next((f"“{item.title}”" for item in resource.items if item.name == name), "")
    return f"{title}{said}。{remedy.replace('后重新报送', '').replace('后报送', '')}。"


def faults(
    resource: Resource, codes: Mapping[str, Mapping[str, str]], typed: Mapping[str, str]
) -> Iterable[tuple[str, str]]:
    """Item and rule of every fault that the road would find in this record."""
    cells = {item.name: [typed.get(item.name) or None] for item in resource.items}
    schema = {LINE: pl.Int64, **{item.name: pl.String for item in resource.items}}
    found = conform(pl.DataFrame({LINE: [1], **cells}, schema=schema), resource, codes).faults
    return [(str(item), str(rule)) for item, rule in found.select("item", "rule").iter_rows()]


def _field(item: Item, codes: Mapping[str, str] | None) -> forms.Field:
    """The form field of an item. Required ones are marked; whether they are filled is said by the road's rule."""
    must = item.required or item.key
    hint = item.note or _(hint_of(item.check, item.type))
    if codes is not None or item.type is ItemType.BOOLEAN:
        listed = (
            [(code, label + _("（") + code + _("）")) for code, label in codes.items()]
            if codes
            else [("是", _("是")), ("否", _("否"))]
        )
        choices = [("", _("请选择")), *listed]
        return forms.ChoiceField(label=item.title, choices=choices, required=must, help_text=hint)
    longest = min(item.length or MAX_CELL, MAX_CELL)
    attrs = {"autocomplete": "off"}
    numeric = item.type in (ItemType.INTEGER, ItemType.DATE) or item.check in ("region", "postcode")
    large = item.type is ItemType.TEXT and not item.check and (item.length is None or longest > _LONG)
    widget = (
        forms.Textarea(attrs={**attrs, "rows": 2})
        if large and not item.identifies
        else forms.TextInput(attrs={**attrs, **({"inputmode": "numeric"} if numeric else {})})
    )
    # No max_length: the road's rule says the same in its own words, and counts as the road does.
    return forms.CharField(label=item.title, required=must, help_text=hint, widget=widget)


@never_cache
@require_safe
def resources(request: HttpRequest) -> HttpResponse:
    """The resources into which the reader may enter records."""
    who = actor(request)
    _check(who)
    found = [one.resource for one in catalogue.published_all() if _enters(who, one.resource)]
    shown, paging = paged(request, found)
    context = {
        "columns": [Column(_("资源")), Column(_("更新周期")), Column(_("信息项"), "number")],
        "rows": [
            Row((one.title, _(one.cycle.title), len(one.items)), reverse("portal:entry", args=[one.key]))
            for one in shown
        ],
        "paging": paging,
    }
    return desk_page(request, "entries", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, key: str) -> HttpResponse:
    """The form of one record, and its delivery: a delta of one row on the main road, with its receipt."""
    who = actor(request)
    _check(who)
    resource = catalogue.published(key).resource
    if not _enters(who, resource):
        raise Refused("right.agency", "只能录入本单位的资源。", "请从“在线录入”选择本单位的资源。")
    today = timezone.localdate()
    lists = {item.code_list for item in resource.items if item.code_list}
    codes = {name: catalogue.code_list(name, today) for name in lists}
    form = Record(resource, codes, request.POST) if request.method == "POST" else Record(resource, codes)
    if request.method == "POST" and form.is_valid():
        region = "" if who.agency == resource.agency else next(iter(who.regions), "")
        done = tried(form, lambda: exchange.enter_record(actor=who, resource=key, values=form.values, region=region))
        if done is not None:
            said = _("这一条与第 %(n)s 号相同，没有重复处理。") if done.repeated else _("已收到，编号第 %(n)s 号。")
            messages.success(request, said % {"n": done.number})
            return redirect("portal:submission", number=done.number)
    context = {"crumbs": [Link(_("在线录入"), reverse("portal:entries"))], "it": resource, "form": form}
    return desk_page(request, "entry", context, status=422 if form.errors else 200)


def _enters(who: Actor, resource: Resource) -> bool:
    """Whether the reader delivers for the owner, or for a region of it in an agency below the owner."""
    return who.agency == resource.agency or bool(
        resource.by_region and who.regions and below(who.agency, resource.agency)
    )


def _check(who: Actor) -> None:
    if not who.may("exchange.enter_record"):
        raise Refused("right.missing", "您没有“在线录入”的权限。", "请登录数据专员账号，或请本单位管理员授予。")
