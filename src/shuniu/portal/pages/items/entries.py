"""Entries of an item's lists: legal bases, special procedures, materials, fees, ways to decide, steps, FAQ."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shuniu.base.rules import RuleBook
from shuniu.cases.api.licences import KINDS
from shuniu.cases.declare import Basis, ByFact, ByLicence, ByUpload, FeeLine, Material, ServiceItem, Special, Step
from shuniu.cases.declare.material import FileKind, Satisfier
from shuniu.cases.declare.service import Result
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import ItemType
from shuniu.portal.pages.items.fields import (
    NONE,
    PartForm,
    ShownForm,
    condition_fields,
    fresh,
    long,
    term_fields,
    term_read,
    term_said,
    text,
    tick,
    titles_of,
    type_of,
)
from shuniu.web.templates import write_term

_SOURCES = [("applicant", _("申请人自备")), ("agency", _("行政机关核发")), ("intermediary", _("中介机构出具"))]
_STATES = [("granted", _("准予")), ("partial", _("部分准予")), ("refused", _("不予"))]
MEGABYTE = 1_000_000


class BasisForm(PartForm):
    """设定依据."""

    law = text(_("法律、法规、规章名称"), _("写全称，不写书名号。"), required=True, max_length=200)
    article = text(_("条款"), _("例如：第三十四条第一款"), max_length=100)
    text = long(_("条文原文"), _("逐字摘录。"))

    def write(self, said: dict[str, Any]) -> Basis:
        """A basis."""
        return Basis(**said)

    @classmethod
    def words(cls, of: Basis, item: ServiceItem) -> tuple[str, str]:
        """The law and the article."""
        return of.law, of.article


class SpecialForm(PartForm):
    """特别程序: what stops the clock."""

    kind = text(_("名称"), _("例如：现场核查、听证、公示、专家评审"), required=True, max_length=60)
    longest, longest_unit = term_fields(_("最长时间"))
    law = text(_("依据"), required=True, max_length=200)
    article = text(_("条款"), max_length=100)

    def read(self) -> dict[str, Any]:
        """The special procedure that is edited."""
        of = self.of
        said = {"kind": of.kind, "law": of.basis.law, "article": of.basis.article} if of else {}
        return {**said, **term_read("longest", of.longest if of else None)}

    def write(self, said: dict[str, Any]) -> Special:
        """A special procedure; the basis keeps its text where it is the same."""
        same = self.of is not None and (self.of.basis.law, self.of.basis.article) == (said["law"], said["article"])
        basis = self.of.basis if same else Basis(law=said["law"], article=said["article"])
        return Special(kind=said["kind"], basis=basis, longest=term_said("longest", said))

    @classmethod
    def words(cls, of: Special, item: ServiceItem) -> tuple[str, str]:
        """Its name and its longest time."""
        return of.kind, write_term(of.longest) if of.longest else ""


class MaterialForm(ShownForm):
    """材料: what must be proven, and by what."""

    title = text(_("材料名称"), required=True, max_length=200)
    fact = forms.ChoiceField(
        label=_("从资源目录调取"),
        required=False,
        help_text=_("登记库里有申请人的这一项，就不用交（国务院令第716号）。"),
    )
    licence = forms.ChoiceField(label=_("以电子证照代替"), required=False, help_text=_("有这种有效证照的，不用交。"))
    formats = forms.MultipleChoiceField(
        label=_("上传文件的格式"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(one.value, one.value.upper()) for one in FileKind],
        help_text=_("调取不到时请申请人上传。一个都不选就不收文件。"),
    )  # fmt: skip
    most = forms.IntegerField(label=_("单个文件最大（MB）"), min_value=1, max_value=200, required=False)
    required = tick(_("必须提交"))
    promise = tick(_("可以用书面承诺代替（告知承诺）"))
    later = tick(_("可以先受理后补交（容缺受理）"))
    paper = tick(_("要核对原件"))
    source = forms.ChoiceField(label=_("来源渠道"), choices=_SOURCES)
    copies = forms.IntegerField(label=_("份数"), min_value=0, max_value=99)
    standard = long(_("受理标准"))
    sample = long(_("样例说明"))
    if_question, if_value = condition_fields()
    _KINDS: ClassVar[dict[str, type[Satisfier]]] = {"fact": ByFact, "licence": ByLicence, "upload": ByUpload}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names = sorted((one.resource.title, key) for key, one in catalogue.snapshot().published.items())
        self.choose("fact", [NONE, *((key, title) for title, key in names)], self.initial["fact"])
        licences = [NONE, *((one.key, _(one.title)) for one in KINDS.values())]
        self.choose("licence", licences, self.initial["licence"])

    def read(self) -> dict[str, Any]:
        """The material that is edited, and its first way of each kind."""
        fact, licence, upload = (self._first(kind) for kind in self._KINDS)
        of = (
            self.of.model_dump(exclude={"satisfied_by", "show_if"})
            if self.of
            else {"required": True, "copies": 1, "source": "applicant"}
        )
        new = self.of is None
        file = upload or (ByUpload() if new else None)
        return {
            **of, "fact": fact.resource if fact else "", "licence": licence.licence if licence else "",
            "formats": list(file.formats) if file else [], "most": (file or ByUpload()).most_bytes // MEGABYTE,
            **self.read_condition(),
        }  # fmt: skip

    def _first(self, kind: str) -> Any:
        return next((one for one in self.of.satisfied_by if one.kind == kind), None) if self.of else None

    def clean(self) -> dict[str, Any]:
        """At least one way must be left."""
        said = super().clean()
        if not (said.get("fact") or said.get("licence") or said.get("formats")):
            self.add_error("formats", _("请至少选一种提供方式：调取、证照，或者上传的格式。"))
        return said

    def write(self, said: dict[str, Any]) -> Material:
        """The material; what the platform can fetch stands before what must be handed in."""
        ways = [*self._held("fact", said["fact"]), *self._held("licence", said["licence"])]
        order = [one.kind for one in self.of.satisfied_by] if self.of else []
        ways.sort(key=lambda one: order.index(one.kind) if one.kind in order else len(order))
        if said["formats"]:
            ways.append(ByUpload(formats=tuple(said["formats"]), most_bytes=(said["most"] or 20) * MEGABYTE))
        key = self.of.key if self.of else fresh("m", (one.key for one in self.item.materials))
        names = ("title", "required", "promise", "later", "paper", "source", "copies", "standard", "sample", "show_if")
        return Material(key=key, satisfied_by=tuple(ways), **{name: said[name] for name in names})

    def _held(self, kind: str, said: str) -> list[Satisfier]:
        """The ways of a kind: the first as it was said (with its condition where it is the same), the further ones."""
        held = [one for one in self.of.satisfied_by if one.kind == kind] if self.of else []
        if not said:
            return []
        same = held[:1] if held and said in (getattr(held[0], "resource", ""), getattr(held[0], "licence", "")) else []
        return [*(same or [ByFact(resource=said) if kind == "fact" else ByLicence(licence=said)]), *held[1:]]

    @classmethod
    def words(cls, of: Material, item: ServiceItem) -> tuple[str, str]:
        """The material and how it is satisfied."""
        kinds = {"fact": gettext("调取"), "licence": gettext("电子证照"), "upload": gettext("上传")}
        notes = [kinds[kind] for kind in dict.fromkeys(one.kind for one in of.satisfied_by)]
        notes += [word for word, so in ((gettext("可承诺"), of.promise), (gettext("可容缺"), of.later),
                  (gettext("可不交"), not of.required), (gettext("有条件"), of.show_if is not None)) if so]  # fmt: skip
        return of.title, "、".join(notes)


class FeeForm(ShownForm):
    """收费: a line of the dated table of rules."""

    title = text(_("收费项目"), required=True, max_length=200)
    rule = forms.ChoiceField(label=_("收费标准"), help_text=_("金额由规则表给出，按受理当日的标准计算。"))
    basis = text(_("收费依据"), _("文件名称和条款；没有依据的不得收费。"))
    per = text(_("按什么计量"), _("整数问题的代码；按件收的不填。"), max_length=59)
    agency = text(_("收入归属单位代码"), _("归本单位的不填。"), max_length=60)
    if_question, if_value = condition_fields()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("rule", _fee_rules(), self.initial.get("rule", ""))
        counted = [(one.name, titles_of(self.item)[one.name]) for one in self.item.form.questions
                   if type_of(one) is ItemType.INTEGER]  # fmt: skip
        if counted:
            self.fields["per"].help_text = _("填整数问题的代码：%(all)s。按件收的不填。") % {
                "all": "、".join(f"{name}（{title}）" for name, title in counted)
            }

    def read(self) -> dict[str, Any]:
        """The line that is edited."""
        return {**(self.of.model_dump(exclude={"show_if"}) if self.of else {}), **self.read_condition()}

    def write(self, said: dict[str, Any]) -> FeeLine:
        """A line under its own code."""
        key = self.of.key if self.of else fresh("fee", (o.key for o in (*self.item.fees, *self.item.extra_fees)))
        return FeeLine(key=key, **{name: said[name] for name in ("title", "rule", "basis", "per", "agency", "show_if")})

    @classmethod
    def words(cls, of: FeeLine, item: ServiceItem) -> tuple[str, str]:
        """The line and its amount today."""
        return of.title, str(dict(_fee_rules()).get(of.rule, of.rule))


def _fee_rules() -> list[tuple[str, str]]:
    """The amounts of today's rules, as choices."""
    today = timezone.localdate()
    found = [
        one for one in RuleBook.load(settings.RULE_PACK).rules if one.key.startswith("fees.") and one.unit == "fen"
    ]
    return [
        (one.key, gettext("%(yuan)s 元 · %(note)s") % {"yuan": f"{one.decimal() / 100:f}", "note": one.note or one.key})
        for one in found
        if one.applies(today, settings.PROVINCE)
    ]


class ResultForm(PartForm):
    """决定种类: a way in which the item can be decided."""

    title = text(_("决定名称"), _("例如：准予许可、不予许可"), required=True, max_length=100)
    state = forms.ChoiceField(label=_("对申请人来说是"), choices=_STATES)
    articles = text(_("依据条款"), required=True)
    group = text(_("分组"), max_length=100)

    def write(self, said: dict[str, Any]) -> Result:
        """A way to decide; whether 复议 must come first stays as it is."""
        held = self.of.model_dump() if self.of else {"key": fresh("r", (one.key for one in self.item.results))}
        return Result.model_validate({**held, **said})

    @classmethod
    def words(cls, of: Result, item: ServiceItem) -> tuple[str, str]:
        """The decision and what it rests on."""
        return of.title, of.articles


class StepForm(PartForm):
    """办理流程: one step."""

    title = text(_("环节"), _("例如：收件、受理、审查、决定、送达"), required=True, max_length=60)
    agency = text(_("由哪个单位办"), _("单位代码；本单位的不填。"), max_length=60)
    text = long(_("做什么"))
    field_order = ("title", "text", "agency")

    def write(self, said: dict[str, Any]) -> Step:
        """A step."""
        return Step(**said)

    @classmethod
    def words(cls, of: Step, item: ServiceItem) -> tuple[str, str]:
        """Its name and what is done."""
        return of.title, of.text


class FaqForm(PartForm):
    """常见问题: one question and its answer."""

    question = text(_("问题"), required=True, max_length=300)
    answer = long(_("回答"), required=True)

    def read(self) -> dict[str, Any]:
        """The pair that is edited."""
        return {"question": self.of[0], "answer": self.of[1]} if self.of else {}

    def write(self, said: dict[str, Any]) -> tuple[str, str]:
        """A pair."""
        return said["question"], said["answer"]

    @classmethod
    def words(cls, of: tuple[str, str], item: ServiceItem) -> tuple[str, str]:
        """The question and its answer."""
        return of
