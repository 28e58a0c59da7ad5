"""Parts of an item that are one form each: basic facts, terms, results, how it is served."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shuniu.cases.api.licences import KINDS
from shuniu.cases.declare import Audience, Basis, PayBefore, ServiceItem, ServiceKind, ServiceStage
from shuniu.cases.declare.service import Reach, serves
from shuniu.directory.api import agency_names
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
from shuniu.procedures.api import PROCEDURES
from shuniu.procedures.declare import Procedure

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

    statutory, statutory_unit = term_fields(_("法定办结时限"), _("法律没有规定的不填。"))
    promised, promised_unit = term_fields(
        _("承诺办结时限"), _("不得长于法定时限。填 0 是当场办结（即办），最迟受理的当个工作日。"), least=0
    )
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
    pay_before = forms.ChoiceField(
        label=_("收费的，什么时候以前缴清"), required=False, choices=titled(PayBefore), widget=forms.RadioSelect
    )
    pay_term, pay_term_unit = term_fields(_("缴费期限"), _("法律规定了期限的才填，从开出缴费单起算。"))

    def __init__(self, *args: Any, item: ServiceItem, **options: Any) -> None:
        super().__init__(*args, item=item, **options)
        kinds = [one for one in KINDS.values() if one.agency == item.agency or one.key in item.licences]
        unknown = [(key, key) for key in item.licences if key not in KINDS]
        self.choose("licences", [*((one.key, _(one.title)) for one in kinds), *unknown])
        if not self.fields["licences"].choices:  # type: ignore[attr-defined]  # a choice field's
            del self.fields["licences"]

    def read(self) -> dict[str, Any]:
        """The licences by their keys, the term of payment as amount and unit."""
        it = self.item
        return {
            "licences": list(it.licences), "result": it.result, "pay_before": it.pay_before.value,
            **term_read("pay_term", it.pay_term),
        }  # fmt: skip

    def write(self, said: dict[str, Any]) -> dict[str, Any]:
        """What was said, and the term."""
        kept = {name: value for name, value in said.items() if name in ("licences", "result")}
        before = said["pay_before"] or self.item.pay_before
        return {**kept, "pay_before": before, "pay_term": term_said("pay_term", said)}


def _way(procedure: Procedure) -> str:
    """A procedure by its title and its stages."""
    return f"{gettext(procedure.title)}（{'、'.join(gettext(one.title) for one in procedure.stages)}）"


class Handling(FactsForm):
    """办理程序: one of those that are registered, and who sits in its stages beside the item's own agency."""

    procedure = forms.ChoiceField(
        label=_("办理程序"), help_text=_("每个程序的环节见“办理程序”页。已经受理的办件按原来的程序办完。")
    )
    lanes = long(
        _("由其他单位办理的环节"),
        _("每行一个环节，例如“部门会签：省住房和城乡建设厅、省生态环境厅”。没有写的环节由本单位办理。"),
    )

    def __init__(self, *args: Any, item: ServiceItem, **options: Any) -> None:
        super().__init__(*args, item=item, **options)
        self.choose("procedure", [(one.key, _way(one)) for one in PROCEDURES.values() if serves(one)], item.procedure)

    def read(self) -> dict[str, Any]:
        """Stages and agencies by what they are called."""
        it, names = self.item, agency_names()
        known = PROCEDURES.get(it.procedure)
        titles = {one.key: one.title for one in known.stages} if known else {}
        said = [f"{titles.get(key, key)}：{'、'.join(names.get(one, one) for one in some)}" for key, some in it.lanes]
        return {"procedure": it.procedure, "lanes": "\n".join(said)}

    def clean_lanes(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The stages and their agencies, each named by key or by title."""
        known = PROCEDURES.get(self.cleaned_data.get("procedure", ""))
        stages = {name: one.key for one in (known.stages if known else ()) for name in (one.key, one.title)}
        agencies = {name: key for key, full in agency_names().items() for name in (key, full)}
        found = {}
        for line in lines(self.cleaned_data["lanes"]):
            stage, _colon, some = (part.strip() for part in line.replace(":", "：").partition("："))
            named = [one.strip() for one in some.split("、") if one.strip()]
            if stage not in stages:
                raise forms.ValidationError(_("这个办理程序没有环节“%(stage)s”。") % {"stage": stage})
            if wrong := [one for one in named if one not in agencies] or ([] if named else [line]):
                raise forms.ValidationError(
                    _("没有单位“%(agency)s”。请写单位全称，用顿号隔开。") % {"agency": wrong[0]}
                )
            found[stages[stage]] = tuple(dict.fromkeys(agencies[one] for one in named))
        return tuple(found.items())


class Service(FactsForm):
    """服务方式."""

    stage = forms.TypedChoiceField(
        label=_("网办阶段"), coerce=lambda said: ServiceStage(int(said)),
        choices=[(one.value, _(one.title)) for one in ServiceStage],
    )  # fmt: skip
    visits = forms.IntegerField(label=_("到现场次数"), min_value=0, max_value=9)
    visits_why = text(_("须到现场的原因"), _("不用到现场的不填。"))
    regions = forms.ChoiceField(label=_("通办范围"), choices=titled(Reach))
    by_mail = tick(_("可以邮寄"))
    appointment = tick(_("可以预约"))
    address = text(_("办理地点（窗口）"))
    hours = text(_("办理时间"))
    telephone = text(_("咨询电话"), max_length=100)
    complaints = text(_("监督投诉"), _("不能与咨询电话相同。"), max_length=200)

    def read(self) -> dict[str, Any]:
        """The stage by its number."""
        return super().read() | {"stage": int(self.item.stage)}
