"""Forms of a draft: its terms, one item, a new resource, a reason. What they say becomes a declaration, or its errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from shuniu.base.identifiers import IdentifierKind
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import REGION_CODES, Cycle, Item, ItemType, Resource, ShareType, SubjectType
from shuniu.web.forms import PlainForm

T = TypeVar("T")
_NONE = ("", _("无"))
_IDENTITIES = (("legal_name", _("名称")), ("person_name", _("姓名")))


def titled(kinds: Iterable[Any]) -> list[tuple[str, Any]]:
    """An enumeration's values with their titles, as choices."""
    return [(str(one.value), _(one.title)) for one in kinds]


def text(label: Any, help_text: Any = "", **options: Any) -> forms.CharField:
    """A line of text that may stay empty."""
    return forms.CharField(label=label, help_text=help_text, **{"required": False, "max_length": 500, **options})


def _long(label: Any, help_text: Any = "") -> forms.CharField:
    return text(label, help_text, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class Declaring(PlainForm):
    """A form whose answers become a declaration."""

    def whole(self, make: Callable[[], T]) -> T | None:
        """What `make` declares; None when it is no declaration, and what is wrong stands in the form."""
        try:
            return make()
        except ValidationError as wrong:
            for one in wrong.errors():
                self.add_error(None, str(one["msg"]).removeprefix("Value error, ") + "。")
            return None


class Seen(Declaring):
    """A change to a draft, with the moment at which the draft was last written when its page was drawn."""

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean_seen(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"]) if self.cleaned_data["seen"] else None
        except ValueError as wrong:
            raise forms.ValidationError(_("这一页不完整。请重新打开草稿再改。")) from wrong


class Terms(Seen):
    """What a resource says of itself, in the order of the 2017 guide. All of it may wait until it is handed in."""

    title = text(_("资源名称"), required=True, max_length=200)
    summary = _long(_("资源摘要"), _("一两句话说明内容和范围。"))
    subject = forms.ChoiceField(label=_("指向主体"), choices=titled(SubjectType))
    cycle = forms.ChoiceField(label=_("更新周期"), choices=titled(Cycle))
    share = forms.ChoiceField(label=_("共享类型"), choices=titled(ShareType))
    share_conditions = _long(_("共享条件"), _("有条件共享的必须写明。"))
    share_refusal_basis = _long(_("不予共享的依据"), _("不予共享的必须写明法律、行政法规或党中央、国务院政策依据。"))
    open = forms.BooleanField(label=_("向社会开放"), required=False)
    legal_basis = text(_("采集依据"), _("法律、法规、规章或文件的名称。"))
    article = text(_("条款"), _("例如：第二十九条"))
    purpose = text(_("处理目的"), _("含自然人信息的，处理目的、处理依据、保存期限缺一不能发布。"))
    purpose_basis = text(_("处理依据"))
    retention = text(_("保存期限"), max_length=100)
    by_region = forms.ChoiceField(
        label=_("区划字段"), required=False, help_text=_("按哪一项的区划代码分到县区，由县区经办维护。")
    )
    note = _long(_("备注"))

    def __init__(self, *args: Any, of: Resource, **options: Any) -> None:
        held = {name: getattr(of, name) for name in self.base_fields if name != "seen"}
        initial = held | options.pop("initial", {})
        super().__init__(*args, **options, initial=initial)
        items = [(item.name, item.title) for item in of.items]
        self.fields["by_region"].choices = [_NONE, *items]  # type: ignore[attr-defined]  # a choice field's
        self.of = of

    def resource(self) -> Resource | None:
        """The resource with these terms; its items and what the form does not ask stay."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return self.whole(lambda: Resource.model_validate(self.of.model_dump() | said))


class ItemForm(Seen):
    """One item: what it is called, how it is written, what it means, and its own terms."""

    title = text(_("信息项名称"), required=True, max_length=200)
    name = text(_("字段名"), _("字母开头，只用字母、数字、下划线。"), required=True, max_length=59)
    element = text(_("数据元"), _("填数据元的名称或代码，从列表中选；没有对应的不填。"), max_length=100)
    type = forms.ChoiceField(label=_("数据类型"), choices=titled(ItemType))
    length = forms.IntegerField(label=_("长度"), required=False, min_value=1, max_value=1_000_000)
    code_list = forms.ChoiceField(label=_("代码集"), required=False)
    required = forms.BooleanField(label=_("必填"), required=False)
    key = forms.BooleanField(label=_("主键：用来认出同一条记录"), required=False)
    identifies = forms.ChoiceField(
        label=_("主体标识"), required=False, help_text=_("这一项说明一行属于哪个主体的，请选。")
    )
    sensitivity = forms.TypedChoiceField(
        label=_("敏感级别"), coerce=int, choices=[(n, str(n)) for n in range(1, 5)], help_text=_("4 级最敏感。")
    )
    share = forms.ChoiceField(
        label=_("共享类型"), required=False, choices=[("", _("与资源相同")), *titled(ShareType)],
        help_text=_("比资源更严的才需要另选。"),
    )  # fmt: skip
    note = _long(_("注释"))

    def __init__(self, *args: Any, of: Item | None = None, **options: Any) -> None:
        initial = {**options.pop("initial", {})}
        self.of, self.elements = of, catalogue.elements()
        if of is not None:
            held = {name: getattr(of, name) for name in self.base_fields if name != "seen"}
            element = self.elements.get(of.element)
            initial |= held | {"element": element.title if element else of.element, "share": of.share or ""}
        super().__init__(*args, **options, initial=initial)
        lists = [(one.key, one.title) for one in catalogue.code_lists().values()]
        codes = [_NONE, (REGION_CODES, _("行政区划代码")), *sorted(lists, key=lambda one: one[1])]
        kinds = [_NONE, *_IDENTITIES, *((kind.value, _(kind.label)) for kind in IdentifierKind)]
        self._choose("code_list", codes, of.code_list if of else "")
        self._choose("identifies", kinds, of.identifies if of else "")
        self.fields["element"].widget.attrs |= {"list": "elements", "autocomplete": "off"}

    def _choose(self, name: str, choices: list[tuple[str, Any]], held: str) -> None:
        """The field's choices; what the item holds now stays one of them, known or not."""
        known = {value for value, _words in choices}
        extra = [] if held in known else [(held, held)]
        self.fields[name].choices = [*choices, *extra]  # type: ignore[attr-defined]  # a choice field's

    def clean_element(self) -> str:
        """The element's key, named by key or by title."""
        said = str(self.cleaned_data["element"]).strip()
        if not said or said in self.elements or (self.of is not None and said == self.of.element):
            return said
        found = next((one.key for one in self.elements.values() if said in (one.title, *one.aliases)), None)
        if found is None:
            raise forms.ValidationError(_("没有数据元“%(said)s”。请从列表中选，或者不填。") % {"said": said})
        return found

    def item(self) -> Item | None:
        """The item as the form says it; what the form does not ask stays."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        said["share"] = said["share"] or None
        if said["type"] != ItemType.TEXT:
            said["length"] = None
        return self.whole(lambda: Item.model_validate((self.of.model_dump() if self.of else {}) | said))


class NewResource(Declaring):
    """A resource that does not exist yet: its code and name, and the item by which a record is known again."""

    code = text(_("资源代码"), _("只用字母、数字、点、横线、下划线；发布后不能改。"), required=True, max_length=60)
    title = text(_("资源名称"), required=True, max_length=200)
    item_title = text(_("主键信息项名称"), _("用来认出同一条记录的信息项，例如“许可证编号”。"), max_length=200)
    item_name = text(_("主键字段名"), _("字母开头，只用字母、数字、下划线，例如 number。"), max_length=59)

    def __init__(self, *args: Any, agency: str, of: Resource | None = None, **options: Any) -> None:
        super().__init__(*args, **options, initial={"title": of.title} if of else {})
        self.agency, self.of = agency, of
        if of is not None:
            del self.fields["item_title"], self.fields["item_name"]
        else:
            for name in ("item_title", "item_name"):
                self.fields[name].required = True

    def resource(self) -> Resource | None:
        """The new draft: a copy of `of` under the new code, or a resource with its key alone."""
        said = self.cleaned_data
        head = {"key": f"{self.agency}/{said['code']}", "title": said["title"], "agency": self.agency}
        if self.of is not None:
            copied = self.of.model_dump() | head
            return self.whole(lambda: Resource.model_validate(copied))
        first = {"name": said["item_name"], "title": said["item_title"], "key": True, "required": True}
        return self.whole(lambda: Resource.model_validate(head | {"items": [first]}))


class Why(PlainForm):
    """Why a version is taken back or withdrawn."""

    reason = text(_("理由"), _("写明事实，会留在版本记录里。"), required=True, widget=forms.Textarea(attrs={"rows": 3}))
