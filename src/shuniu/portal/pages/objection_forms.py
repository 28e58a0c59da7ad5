"""The forms of objections: the claim, and the owner's three steps."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.catalogue.declare import Resource
from shuniu.web.forms import PlainForm

_WORDS = forms.Textarea(attrs={"rows": 3})


class Claim(PlainForm):
    """What is wrong with a row: the whole, or one item, and why."""

    item = forms.ChoiceField(label=gettext_lazy("哪一项有误"), required=False)
    claim = forms.CharField(
        label=gettext_lazy("哪里有误，依据是什么"),
        max_length=2000,
        help_text=gettext_lazy("写明事实和依据，例如“注册资本应为 500 万元，见 2021 年变更登记”。不要写个人证件号码。"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, resource: Resource, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        choices = [("", _("整条记录")), *((item.name, item.title) for item in resource.items)]
        self.fields["item"] = forms.ChoiceField(label=self.fields["item"].label, required=False, choices=choices)


class Acceptance(PlainForm):
    """Taking an objection up, or not."""

    answer = forms.ChoiceField(
        label=gettext_lazy("是否受理"),
        choices=[("yes", gettext_lazy("受理：开始核实")), ("no", gettext_lazy("不予受理：须写明理由"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=gettext_lazy("理由"), required=False, max_length=500, widget=_WORDS)

    def clean(self) -> dict[str, object]:
        if self.cleaned_data.get("answer") == "no" and not str(self.cleaned_data.get("reason", "")).strip():
            self.add_error("reason", _("请填写不予受理的理由。提出人会收到它。"))
        return self.cleaned_data


class Verification(PlainForm):
    """What the check found."""

    answer = forms.ChoiceField(
        label=gettext_lazy("核实结果"),
        choices=[
            ("yes", gettext_lazy("属实：这条记录有误，将予更正")),
            ("no", gettext_lazy("不属实：记录无误，驳回异议")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("核实经过和依据"),
        max_length=500,
        help_text=gettext_lazy("提出人会收到这段话。"),
        widget=_WORDS,
    )


class Correction(PlainForm):
    """Closing an objection whose row has been corrected."""

    reason = forms.CharField(
        label=gettext_lazy("更正说明"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("例如“已于第 12 号报送更正”。"),
        widget=_WORDS,
    )
