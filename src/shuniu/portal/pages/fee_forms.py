"""What is typed at the desk of money: a change that is asked for, a second person's word, an end of the tries."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.cases.api import fees
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
