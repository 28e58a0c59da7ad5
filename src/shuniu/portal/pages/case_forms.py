"""The forms of handling a case. Each holds the number of the seat that its page showed, so that it is answered once."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy

from shuniu.cases.declare.case import Grounds, Reply
from shuniu.web.forms import DayField, PlainForm

_WORDS = forms.Textarea(attrs={"rows": 3})
_REASON = gettext_lazy("写进办理经过，申请人看不到。")


Choices = Sequence[tuple[str, str | list[tuple[str, str]]]]
"""Values with their words, or words over a group of them."""


class ActForm(PlainForm):
    """An act in a case; alone, one that needs neither a seat nor words."""

    CHOICES = ""

    def offer(self, choices: Choices) -> None:
        """What can be chosen in the field that `CHOICES` names; the verb itself refuses any other."""
        self.fields[self.CHOICES].widget.choices = choices


class Seated(ActForm):
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


class Replying(Seated):
    """Which of the item's results, what is given with it, and the grounds of what is not. What is needed the engine says."""

    CHOICES = "result"
    result = forms.CharField(label=gettext_lazy("答复结果"), widget=forms.Select)
    text = forms.CharField(
        label=gettext_lazy("提供的内容，或者获取的方式、途径"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("已经公开的写明网址。全部不提供的不填。申请人会原样看到。"),
    )
    facts = forms.CharField(
        label=gettext_lazy("不提供的理由"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("哪些内容不提供，检索、审查认定的事实。全部提供的不填。"),
    )
    articles = forms.CharField(
        label=gettext_lazy("适用的条款"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("不填的，用所选结果对应的条款。"),
    )

    @property
    def reply(self) -> Reply:
        """What was chosen, for the verb."""
        return Reply(result=self.cleaned_data["result"], text=self.cleaned_data["text"])

    @property
    def grounds(self) -> Grounds | None:
        """The grounds, where any were written."""
        facts, articles = self.cleaned_data["facts"], self.cleaned_data["articles"]
        return Grounds(facts=facts, articles=articles) if facts or articles else None


class Examining(Seated):
    """What was found, and what is proposed."""

    opinion = forms.CharField(
        label=gettext_lazy("审查意见"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("核对了什么、是否符合条件、建议怎样决定。申请人看不到。"),
    )


class Advising(Seated):
    """What is advised, and why."""

    agree = forms.ChoiceField(
        label=gettext_lazy("建议"),
        choices=[("yes", gettext_lazy("同意")), ("no", gettext_lazy("不同意"))],
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(label=gettext_lazy("意见"), max_length=4000, widget=_WORDS, help_text=_REASON)


class Returning(Seated):
    """To which earlier stage, and why."""

    CHOICES = "to_stage"
    to_stage = forms.CharField(label=gettext_lazy("退回到"), widget=forms.Select)
    reason = forms.CharField(
        label=gettext_lazy("退回理由"),
        max_length=2000,
        widget=_WORDS,
        help_text=gettext_lazy("那一环节和它之后的要重新办理。申请人看不到理由。"),
    )


class Reasoned(Seated):
    """An act for which a reason is all that is asked."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=2000, help_text=_REASON)


class Handing(Reasoned):
    """To whom, and why."""

    CHOICES = "to"
    field_order = ("to", "reason")
    to = forms.CharField(label=gettext_lazy("交给"), widget=forms.Select)


class Signing(Seated):
    """Who else must agree, and when."""

    CHOICES = "to"
    to = forms.CharField(label=gettext_lazy("加签人"), widget=forms.Select)
    when = forms.ChoiceField(
        label=gettext_lazy("何时答复"),
        choices=[("before", gettext_lazy("在我之前（前加签）")), ("after", gettext_lazy("在我之后（后加签）"))],
        initial="before",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=gettext_lazy("请其核对什么"), max_length=2000, required=False, help_text=_REASON)


class Dropping(Reasoned):
    """Which of the added seats, and why."""

    CHOICES = "seat"
    seat = forms.IntegerField(label=gettext_lazy("减去"), widget=forms.Select)


class _Anybody(forms.MultipleChoiceField):
    def valid_value(self, value: object) -> bool:
        """Whoever is named: the verb refuses who may not read."""
        return True


class Circulating(ActForm):
    """To whom, with what words."""

    CHOICES = "to"
    to = _Anybody(label=gettext_lazy("传给"), widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(label=gettext_lazy("附言"), max_length=2000, required=False)


class Noting(ActForm):
    """An act with words that may be left out."""

    note = forms.CharField(label=gettext_lazy("附言"), max_length=2000, required=False)


class Supervising(Noting):
    """By when, with what words."""

    field_order: tuple[str, ...] = ("due", "note")
    due = DayField(label=gettext_lazy("办结期限"), required=False)


class Naming(Supervising):
    """Which case is to be supervised, by its number."""

    field_order = ("number", "due", "note")
    number = forms.CharField(label=gettext_lazy("办件编号"), max_length=60)
