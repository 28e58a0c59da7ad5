"""Questions of a declared form as fields that a browser can show, and the form that asks in whose name it is filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.base.text import normalise_text
from shuniu.cases.declare.draft import Ground, Whom
from shuniu.cases.declare.form import Fault, Question, ResolvedForm
from shuniu.catalogue.declare import ItemType
from shuniu.directory import api as directory
from shuniu.directory.declare import Agency, Delegated
from shuniu.portal.forms import hint_of
from shuniu.registries.conform import MAX_CELL
from shuniu.web.forms import PlainForm

PREFIX = "q-"
"""Before a question's name in what is posted, so that no question is called `act` or `seen`."""
_LONG = 200
"""Text that may be longer than this many characters is typed in a box of several lines, where Enter is a new line."""
_OFFERED = 20
"""Of the agencies that a few letters find, so many are offered."""
_RADIOS, _LISTED = 8, 300
"""Up to so many codes are radio buttons, up to so many a drop-down; of more, the code or the name is typed."""


class Answering(PlainForm):
    """The questions of a page, or of several. What is wrong is said by the engine, never by these fields."""

    def __init__(self, asked: Iterable[Question], resolved: ResolvedForm, typed: Mapping[str, str]) -> None:
        self._names = {PREFIX + one.name: one for one in asked}
        super().__init__({name: typed.get(one.name, "") for name, one in self._names.items()})
        for name, one in self._names.items():
            self.fields[name] = _field(one, resolved.codes.get(one.code_list))
        self.full_clean()
        self.errors.clear()  # the engine's words alone; cleaning was only to be able to add them

    def blame(self, faults: Iterable[Fault]) -> None:
        """Put each fault beside its question."""
        for fault in faults:
            name = PREFIX + fault.question
            self.add_error(name if name in self.fields else None, str(fault))


def answers_in(posted: Mapping[str, str]) -> dict[str, str]:
    """What was posted for questions, by their names."""
    return {name.removeprefix(PREFIX): text for name, text in posted.items() if name.startswith(PREFIX)}


def spoken(question: Question, resolved: ResolvedForm, text: str) -> str:
    """A canonical answer as people read it: 是 and 否, a code's label."""
    if question.type is ItemType.BOOLEAN:
        return _("是") if text == "true" else _("否")
    return resolved.codes.get(question.code_list, {}).get(text, text)


def _field(question: Question, codes: Mapping[str, str] | None) -> forms.Field:
    hint = _(question.hint) if question.hint else _(hint_of(question.check, question.type))
    listed = list(codes.items()) if codes is not None else []
    if question.type is ItemType.BOOLEAN:
        listed = [("true", _("是")), ("false", _("否"))]
    if listed and len(listed) <= _LISTED:
        few = len(listed) <= _RADIOS
        empty = [] if few and question.required else [("", _("不填写") if few else _("请选择"))]
        return forms.ChoiceField(
            label=question.title, choices=[*empty, *listed], required=question.required, help_text=hint,
            widget=forms.RadioSelect if few else forms.Select,
        )  # fmt: skip
    if listed:
        hint = hint or _("填写代码或名称全称")
    longest = min(question.length or MAX_CELL, MAX_CELL)
    attrs: dict[str, str] = {"autocomplete": "off"}
    if question.type in (ItemType.INTEGER, ItemType.DATE) or question.check in ("region", "postcode"):
        attrs["inputmode"] = "numeric"
    large = question.type is ItemType.TEXT and not question.check and not listed and longest > _LONG
    widget = forms.Textarea(attrs={**attrs, "rows": "3"}) if large and question.length else forms.TextInput(attrs=attrs)
    return forms.CharField(label=question.title, required=question.required, help_text=hint, widget=widget, strip=False)


class Naming(PlainForm):
    """In whose name. Only the fields that the account's grounds can need."""

    ground = forms.ChoiceField(label=gettext_lazy("办理身份"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(
        label=gettext_lazy("申请人是"), widget=forms.RadioSelect, initial="natural", required=False,
        choices=[("natural", gettext_lazy("个人")), ("legal", gettext_lazy("法人和其他组织"))],
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("申请人的姓名或名称"), max_length=200, required=False,
        help_text=gettext_lazy("与身份证件或营业执照一致。本人办理的不填。"),
    )  # fmt: skip
    code = forms.CharField(
        label=gettext_lazy("申请人的证件号码"), max_length=40, required=False,
        help_text=gettext_lazy("公民身份号码或统一社会信用代码。只用来找到申请人，让他也能看到这件事，不随草稿保存。"),
    )  # fmt: skip
    by = forms.CharField(
        label=gettext_lazy("到场或经办人的姓名"), max_length=100, required=False,
        help_text=gettext_lazy("法定代表人、代办人或监护人本人的姓名，与身份证件一致。"),
    )  # fmt: skip

    def __init__(
        self,
        grounds: tuple[Ground, ...],
        account: str,
        delegations: tuple[Delegated, ...],
        *args: object,
        **options: object,
    ) -> None:
        super().__init__(*args, **options)
        own = _("申请人本人到场") if account == "officer" else _("本人")
        titles = {one: _(one.title) if one else own for one in grounds if one is not Ground.DELEGATE}
        self.fields["ground"].choices = [  # type: ignore[attr-defined]  # a ChoiceField has them
            *((one.value or "own", _titled(one, title)) for one, title in titles.items()),
            *((f"{Ground.DELEGATE}:{one.number}", _delegated(one)) for one in delegations),
        ]
        unneeded = {"citizen": ("by",), "firm": ("kind", "name", "code")}.get(account, ())
        for name in unneeded:
            del self.fields[name]
        if account == "officer":
            self.fields["name"].required = self.fields["kind"].required = True
            self.fields["name"].help_text = _("与身份证件或营业执照一致。")
        if account == "firm":
            self.fields["by"].required = not delegations  # who acts under one is known

    @property
    def whom(self) -> Whom:
        """What was answered, for the verb."""
        said = {name: text for name, text in self.cleaned_data.items() if text}
        ground, _colon, delegation = said.pop("ground").partition(":")
        under = {"delegation": int(delegation)} if delegation else {}
        return Whom.model_validate({**said, **under, "ground": "" if ground == "own" else ground})


class Asking(PlainForm):
    """Of which agency, for an item that is asked of any: by its code, its name, or a part of the name that one bears."""

    agency = forms.CharField(
        label=gettext_lazy("向哪个机关申请"), max_length=100,
        help_text=gettext_lazy("填写机关的全称、简称，或者其中几个字。"),
    )  # fmt: skip
    one: Agency | None = None
    several: tuple[Agency, ...] = ()

    def clean_agency(self) -> str:
        """The code of the one that is meant; of several, `several` are the first. ValidationError where it is not one."""
        text = normalise_text(self.cleaned_data["agency"])
        standing = directory.agencies()
        meant = [one for one in standing if text in (one.key, one.name, one.short)]
        meant = meant or [one for one in standing if text in one.name or text in one.short]
        if not meant:
            raise forms.ValidationError(_("没有名称里含“%(text)s”的机关。请换几个字再找。") % {"text": text})
        if len(meant) > 1:
            self.several = tuple(meant[:_OFFERED])
            raise forms.ValidationError(_("有 %(n)s 个机关符合。请从下面选一个，或者写得更全。") % {"n": len(meant)})
        self.one = meant[0]
        return meant[0].key


def _delegated(one: Delegated) -> str:
    words = _("为%(giver)s代办：第 %(n)s 号委托，到 %(day)s")
    return words % {"giver": one.giver_name, "n": one.number, "day": one.until}


def _titled(ground: Ground, title: str) -> str:
    """The ground with what must prove it; the representative's proof is asked for only where the register is silent."""
    words = _("%(who)s，须提交%(proof)s")
    if ground is Ground.REPRESENTATIVE:
        words = _("%(who)s，与登记核对；登记中查不到的，须提交%(proof)s")
    return words % {"who": title, "proof": _(ground.proof_title)} if ground.proof else title
