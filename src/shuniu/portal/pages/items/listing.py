"""The items of an agency at its desk, with their versions; and a new one, from nothing or as a copy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.cases.api import item_drafts as api
from shuniu.cases.api import items
from shuniu.cases.declare import Audience, Basis, Form, Page, Question, ServiceItem, ServiceKind
from shuniu.cases.declare.item_draft import ItemRow, ItemState
from shuniu.directory.api import agency_names
from shuniu.directory.session import actor
from shuniu.portal.pages.cataloguing import needed
from shuniu.portal.pages.cataloguing_forms import Declaring
from shuniu.portal.pages.items.fields import lines, long, text, titled
from shuniu.portal.shell import desk_page, paged, tried
from shuniu.trust.declare import Actor
from shuniu.web.declare import Column, Filter, Link, Row, State, StateKind

_KINDS: Mapping[ItemState, StateKind] = {
    ItemState.DRAFT: "info",
    ItemState.REVIEW: "waiting",
    ItemState.PUBLISHED: "done",
    ItemState.WITHDRAWN: "none",
}


def item_state(state: ItemState) -> State:
    """A version's state as a word with its shape."""
    return State(_(state.title), _KINDS[state])


def desk_href(key: str) -> str:
    """The address of an item's page at the desk."""
    return reverse("portal:item_desk", args=key.split("/"))


@never_cache
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Versions of the own agency's items; for who publishes, what waits of all agencies comes first."""
    who = actor(request)
    needed(who, "cases.list_items")
    publishing = who.may(api.PUBLISH)
    state, words = request.GET.get("state", "review" if publishing else ""), request.GET.get("q", "")[:100]
    states = (ItemState(state),) if state in set(ItemState) else api.STANDING
    agency = "" if publishing else who.agency
    found, paging = paged(request, api.list_items(actor=who, agency=agency, states=states, words=words))
    names = agency_names()
    choices = [("standing" if publishing else "", _("现行和在办")), *((one.value, _(one.title)) for one in ItemState)]
    context = {
        "filters": (Filter("q", _("名称或代码"), words), Filter("state", _("状态"), state, tuple(choices))),
        "columns": [
            Column(_("事项")), Column(_("代码"), "code"), Column(_("单位")), Column(_("版本"), "number"),
            Column(_("状态")), Column(_("网办阶段")), Column(_("最后修改"), "day"),
        ],
        "rows": [_row(one, names) for one in found],
        "paging": paging,
        "writes": who.may("cases.draft_item"),
        "export": _("事项管理"),
    }  # fmt: skip
    return desk_page(request, "items/list", context)


def _row(one: ItemRow, names: dict[str, str]) -> Row:
    cells = (
        one.title, one.key, names.get(one.agency, one.agency), one.number, item_state(one.state),
        f"{one.stage.value} {_(one.stage.title)}", one.made_at,
    )  # fmt: skip
    return Row(cells, desk_href(one.key))


class NewItem(Declaring):
    """What an item cannot be without; the rest is written in its parts."""

    name = text(
        gettext_lazy("事项代码"), gettext_lazy("只用小写字母、数字、横线；发布后不能改。"), required=True, max_length=60
    )
    title = text(gettext_lazy("事项名称"), required=True, max_length=200)
    code = text(gettext_lazy("基本编码"), gettext_lazy("12 位，GB/T 39554.1。"), required=True, max_length=31)
    kind = forms.ChoiceField(label=gettext_lazy("事项类型"), choices=titled(ServiceKind))
    audiences = forms.MultipleChoiceField(
        label=gettext_lazy("服务对象"), choices=titled(Audience), widget=forms.CheckboxSelectMultiple
    )
    law = text(gettext_lazy("设定依据"), gettext_lazy("法律、法规、规章的全称。"), required=True, max_length=200)
    article = text(gettext_lazy("条款"), required=True, max_length=100)
    conditions = long(gettext_lazy("受理条件"), gettext_lazy("每行一条。"), required=True)
    question = text(gettext_lazy("表单的第一个问题"), required=True, max_length=200)

    def __init__(self, *args: Any, agency: str, of: ServiceItem | None = None, **options: Any) -> None:
        super().__init__(*args, **options, initial={"title": of.title, "code": of.code} if of else {})
        self.agency, self.of = agency, of
        for name in [one for one in self.fields if of is not None and one not in ("name", "title", "code")]:
            del self.fields[name]

    def clean_name(self) -> str:
        """A code as keys are made of."""
        said = str(self.cleaned_data["name"]).strip()
        if not said.replace("-", "").isalnum() or not said.isascii() or said != said.lower():
            raise forms.ValidationError(gettext_lazy("代码只用小写字母、数字、横线。"))
        return said

    def item(self) -> ServiceItem | None:
        """The new draft: a copy of `of` under the new key, or an item with what was typed."""
        said = self.cleaned_data
        head = {"key": f"{self.agency}/{said['name']}", "title": said["title"], "code": said["code"]}
        if self.of is not None:
            copied = {**dict(self.of), **head, "agency": self.agency}
            return self.whole(lambda: ServiceItem.model_validate(copied))
        first = Question(name="q1", title=said["question"])
        parts = {
            "agency": self.agency, "kind": said["kind"], "audiences": said["audiences"],
            "bases": (Basis(law=said["law"], article=said["article"]),), "conditions": lines(said["conditions"]),
            "form": Form(pages=(Page(key="p1", title=str(_("申请内容")), questions=(first,)),)),
        }  # fmt: skip
        return self.whole(lambda: ServiceItem.model_validate(head | parts))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """An item that does not exist yet, from nothing or, with `?from=`, as a copy of one of the own agency."""
    who = actor(request)
    needed(who, "cases.draft_item")
    of = _copied(who, request.GET.get("from", ""))
    form = NewItem(request.POST if request.method == "POST" else None, agency=who.agency, of=of)
    if form.is_bound and form.is_valid() and (item := form.item()) is not None and _drafted(form, who, item):
        messages.success(request, _("已做成草稿。请逐部分补全。"))
        return redirect(desk_href(item.key))
    context = {"crumbs": [Link(_("事项管理"), reverse("portal:item_list"))], "form": form, "of": of}
    return desk_page(request, "items/new", context, status=422 if form.errors else 200)


def _copied(who: Actor, key: str) -> ServiceItem | None:
    return api.read(actor=who, key=key).item if key else None


def _drafted(form: NewItem, who: Actor, item: ServiceItem) -> bool:
    taken = api.list_items(actor=who, agency=who.agency, states=tuple(ItemState), words=item.key)
    if any(one.key == item.key for one in taken):
        form.add_error("name", _("这个代码已经用过了。请换一个。"))
        return False
    return tried(form, lambda: items.draft(actor=who, item=item)) is not None


def copy_href(key: str) -> str:
    """The address that copies an item to a new key."""
    return f"{reverse('portal:new_item_of_service')}?{urlencode({'from': key})}"
