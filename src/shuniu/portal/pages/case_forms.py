"""The forms of handling a case. Each holds the number of the seat that its page showed, so that it is answered once."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from shuniu.cases.declare.case import Grounds
from shuniu.web.forms import PlainForm

_WORDS = forms.Textarea(attrs={"rows": 3})


class Seated(PlainForm):
    """An act in the seat that the page showed; alone, one that needs no words."""

    seat = forms.IntegerField(widget=forms.HiddenInput)


class Asking(Seated):
    """What the applicant must correct."""

    what = forms.CharField(
        label=gettext_lazy("要补正什么"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("一次写全：哪一份材料、哪一处、怎样改。只能告知一次，申请人会原样收到。"),
    )


class Refusing(Seated):
    """The grounds of a no. What they must hold the engine says."""

    facts = forms.CharField(
        label=gettext_lazy("认定的事实"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("哪一项条件不符合，依据什么材料认定。写进决定书。"),
    )
    articles = forms.CharField(
        label=gettext_lazy("适用的条款"),
        max_length=1000,
        help_text=gettext_lazy("法律名称和第几条，例如：《行政许可法》第三十八条第二款。"),
    )

    @property
    def grounds(self) -> Grounds:
        """What was written, for the verb."""
        return Grounds(facts=self.cleaned_data["facts"], articles=self.cleaned_data["articles"])


class Examining(Seated):
    """What was found, and what is proposed."""

    opinion = forms.CharField(
        label=gettext_lazy("审查意见"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("核对了什么、是否符合条件、建议怎样决定。申请人看不到。"),
    )


class Returning(Seated):
    """To which earlier stage, and why."""

    to_stage = forms.CharField(label=gettext_lazy("退回到"), widget=forms.Select)
    reason = forms.CharField(
        label=gettext_lazy("退回理由"),
        max_length=2000,
        widget=_WORDS,
        help_text=gettext_lazy("那一环节和它之后的要重新办理。申请人看不到理由。"),
    )

    def offer(self, stages: list[tuple[str, str]]) -> None:
        """Which stages can be returned to; the verb itself refuses any other."""
        self.fields["to_stage"].widget.choices = stages
