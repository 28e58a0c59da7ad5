"""What is typed at the desk of money: a change that is asked for, a second person's word, an end of the tries."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.cases.api import fees, till
from shuniu.cases.declare.fee import BillView
from shuniu.portal.hall.pay import yuan
from shuniu.trust.declare import Actor
from shuniu.web.forms import PlainForm

WHOLE = "-"
"""In the form: the whole bill rather than one of its lines."""


class Asking(PlainForm):
    """What is to be waived or given back, how much, and why."""

    line = forms.ChoiceField(label=gettext_lazy("哪一项"), widget=forms.RadioSelect)
    amount = forms.DecimalField(
        label=gettext_lazy("金额（元），空着为这一项的全部余额"), required=False, min_value=0, max_digits=12, decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": "12"}),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("依据和事实"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("复核人凭此决定，缴费人看得到。"),
    )  # fmt: skip

    def __init__(self, it: BillView, who: Actor, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        own = who.agency == it.agency
        lines = [one for one in it.lines if own or one.agency == who.agency]
        left = {one.key: fees.left(it.lines, it.events, one.key) for one in lines}
        choices = [(one.key, f"{one.title}（{yuan(left[one.key])}）") for one in lines if left[one.key]]
        if own and len(choices) > 1:
            rest = yuan(fees.left(it.lines, it.events))
            choices.insert(0, (WHOLE, _("整单余额（%(amount)s）") % {"amount": rest}))
        self.fields["line"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField has them

    @property
    def fen(self) -> int | None:
        said = self.cleaned_data["amount"]
        return int(said * 100) if said is not None else None


class Deciding(PlainForm):
    """A second person's word on what was asked for."""

    agree = forms.ChoiceField(
        label=gettext_lazy("复核意见"), choices=(("yes", gettext_lazy("同意")), ("no", gettext_lazy("不同意"))),
        widget=forms.RadioSelect,
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("理由，不同意的必须写"), max_length=300, required=False)


class Stopping(PlainForm):
    """Why a refund is tried no more."""

    reason = forms.CharField(
        label=gettext_lazy("为什么停止"), max_length=300, help_text=gettext_lazy("例如“已与支付机构约定线下退回”。")
    )


class Counting(PlainForm):
    """What was taken at the window: by which slip, how much."""

    slip = forms.CharField(
        label=gettext_lazy("票据号"), max_length=40,
        help_text=gettext_lazy("收款票据或者银行回单上的号码；每个号码只能登记一次。"),
    )  # fmt: skip
    amount = forms.DecimalField(
        label=gettext_lazy("实收金额（元）"), min_value=0, max_digits=12, decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": "12"}),
    )  # fmt: skip

    @property
    def fen(self) -> int:
        return int(self.cleaned_data["amount"] * 100)


class GivingBack(PlainForm):
    """By which slip a refund was handed out at the window."""

    slip = forms.CharField(label=gettext_lazy("退款票据号"), max_length=40)


@dataclass(frozen=True)
class Typed:
    """A form of the window that was posted and is not sound: for which refund (0: for what was taken)."""

    seq: int
    form: Counting | GivingBack


def window(it: BillView, who: Actor, typed: Typed | None = None) -> dict[str, object]:
    """What a bill's page shows of the window: the form for what is taken, and one for each refund to hand out.

    Who agreed to a refund sees it without a form.
    """
    own = who.agency == it.agency
    takes = own and bool(it.due) and who.may("cases.take_at_counter")
    counting = typed.form if typed and not typed.seq else Counting(initial={"amount": f"{it.due / 100:.2f}"})
    gives = till.to_give_back(it) if own and who.may("cases.give_back_at_counter") else ()
    return {
        "counting": counting if takes else None,
        "giving_back": [
            (one.seq, yuan(one.amount), None if one.person == who.person else _giving(one.seq, typed)) for one in gives
        ],
    }


def _giving(seq: int, typed: Typed | None) -> PlainForm:
    return typed.form if typed and typed.seq == seq else GivingBack(prefix=str(seq))
