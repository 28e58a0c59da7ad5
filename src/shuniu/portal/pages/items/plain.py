"""Parts of an item that are one form each: basic facts, terms, results, how it is served."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuniu.cases.api.licences import KINDS
from shuniu.cases.declare import Audience, Basis, ServiceItem, ServiceKind, ServiceStage
from shuniu.portal.hall.guide import REGIONS
from shuniu.portal.pages.items.fields import (
    PartForm,
    lines,
    long,
    term_fields,
    term_read,
    term_said,
    text,
    tick,
    titled,
)

LEVELS = [(str(n), word) for n, word in enumerate(
    (_("国家级"), _("省级"), _("市级"), _("县级"), _("镇（乡、街道）级"), _("村（社区）级"), _("由申请人选定的机关")), start=1
)]  # fmt: skip


class FactsForm(PartForm):
    """A part whose fields are fields of the item itself."""

    def read(self) -> dict[str, Any]:
        """What the item says now."""
        return {name: getattr(self.item, name) for name in self.base_fields if hasattr(self.item, name)}

    def write(self, said: dict[str, Any]) -> dict[str, Any]:
        """The item's fields by name."""
        return said


class Basics(FactsForm):
    """基本信息."""

    title = text(_("事项名称"), required=True, max_length=200)
    code = text(_("基本编码"), _("12 位，GB/T 39554.1。"), required=True, max_length=31)
    kind = forms.ChoiceField(label=_("事项类型"), choices=titled(ServiceKind))
    level = forms.ChoiceField(label=_("行使层级"), choices=LEVELS)
    audiences = forms.MultipleChoiceField(
        label=_("服务对象"), choices=titled(Audience), widget=forms.CheckboxSelectMultiple
    )
    topics = long(_("主题"), _("每行一个，办事大厅按它归类。"))
    conditions = long(_("受理条件"), _("每行一条。"), required=True)

    def read(self) -> dict[str, Any]:
        """Enumerations by their values, lists line by line."""
        it = self.item
        return super().read() | {
            "kind": it.kind.value, "audiences": [one.value for one in it.audiences],
            "topics": "\n".join(it.topics), "conditions": "\n".join(it.conditions),
        }  # fmt: skip

    def write(self, said: dict[str, Any]) -> dict[str, Any]:
        """Lines as lists."""
        return {**said, "topics": lines(said["topics"]), "conditions": lines(said["conditions"])}


class Terms(FactsForm):
    """时限."""

    statutory, statutory_unit = term_fields(_("法定办结时限"), _("不填是当场办结。"))
    promised, promised_unit = term_fields(_("承诺办结时限"), _("不得长于法定时限。不填是当场办结（即办）。"))
    extension, extension_unit = term_fields(_("可以延长"), _("只能延长一次，须经负责人批准。不填是不能延长。"))
    from_receipt = tick(_("从收到申请起算，不从受理起算"))
    law = text(_("时限依据：法律"), _("法律另定时限的才填（行政许可法第四十二条）。"), max_length=200)
    article = text(_("时限依据：条款"), max_length=100)
    law_text = long(_("时限依据：原文"))

    def read(self) -> dict[str, Any]:
        """Terms as amounts and units."""
        it, basis = self.item, self.item.term_basis
        return {
            **term_read("statutory", it.statutory), **term_read("promised", it.promised),
            **term_read("extension", it.extension), "from_receipt": it.from_receipt,
            "law": basis.law if basis else "", "article": basis.article if basis else "",
            "law_text": basis.text if basis else "",
        }  # fmt: skip

    def write(self, said: dict[str, Any]) -> dict[str, Any]:
        """Amounts and units as terms."""
        basis = Basis(law=said["law"], article=said["article"], text=said["law_text"]) if said["law"] else None
        return {
            **{name: term_said(name, said) for name in ("statutory", "promised", "extension")},
            "from_receipt": said["from_receipt"], "term_basis": basis,
        }  # fmt: skip


class Results(FactsForm):
    """结果和证照."""

    licences = forms.MultipleChoiceField(label=_("制发的证照类型"), required=False, widget=forms.CheckboxSelectMultiple)
    result = text(_("办理结果名称"), _("不发证照的，写明交给申请人的是什么。"), max_length=200)

    def __init__(self, *args: Any, item: ServiceItem, **options: Any) -> None:
        super().__init__(*args, item=item, **options)
        kinds = [one for one in KINDS.values() if one.agency == item.agency or one.key in item.licences]
        unknown = [(key, key) for key in item.licences if key not in KINDS]
        self.choose("licences", [*((one.key, _(one.title)) for one in kinds), *unknown])
        if not self.fields["licences"].choices:  # type: ignore[attr-defined]  # a choice field's
            del self.fields["licences"]

    def read(self) -> dict[str, Any]:
        """The licences by their keys."""
        return {"licences": list(self.item.licences), "result": self.item.result}


class Service(FactsForm):
    """服务方式."""

    stage = forms.TypedChoiceField(
        label=_("网办阶段"), coerce=lambda said: ServiceStage(int(said)),
        choices=[(one.value, _(one.title)) for one in ServiceStage],
    )  # fmt: skip
    visits = forms.IntegerField(label=_("到现场次数"), min_value=0, max_value=9)
    visits_why = text(_("须到现场的原因"), _("不用到现场的不填。"))
    regions = forms.ChoiceField(label=_("通办范围"), choices=[(key, _(word)) for key, word in REGIONS.items()])
    by_mail = tick(_("可以邮寄"))
    appointment = tick(_("可以预约"))
    address = text(_("办理地点（窗口）"))
    hours = text(_("办理时间"))
    telephone = text(_("咨询电话"), max_length=100)
    complaints = text(_("监督投诉"), _("不能与咨询电话相同。"), max_length=200)

    def read(self) -> dict[str, Any]:
        """The stage by its number."""
        return super().read() | {"stage": int(self.item.stage)}
