"""The forms of the reviewer's desk: a decision, giving back what was taken, and taking a decision back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from shuniu.registries.declare import Answer
from shuniu.web.forms import PlainForm


class Decision(PlainForm):
    """A reviewer's decision on a pair, and why."""

    answer = forms.ChoiceField(
        label=gettext_lazy("您的结论"),
        choices=[
            (Answer.SAME.value, gettext_lazy("是同一主体：合并，两边的记录归到一起")),
            (Answer.DIFFERENT.value, gettext_lazy("不是同一主体：各自独立，以后不再提出")),
            (Answer.UNCLEAR.value, gettext_lazy("无法判断：暂不合并，有新材料时可撤销再议")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=500,
        help_text=gettext_lazy("写明依据，例如“曾用名，见 2021 年变更登记”。不要写个人证件号码。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class Release(PlainForm):
    """Why a review that was taken is given back (`why`: the page has another field of that kind)."""

    why = forms.CharField(label=gettext_lazy("为什么退回"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class Withdrawal(PlainForm):
    """Why a decision is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("为什么撤销"),
        max_length=500,
        help_text=gettext_lazy("写明原结论错在哪里，例如“变更登记属另一企业”。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
