"""The form of a rating."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.cases.declare.rating import LONGEST, Level, OwnRating
from shuniu.web.forms import PlainForm

_LEVELS = [(one.value, gettext_lazy(one.title)) for one in Level]


class RateForm(PlainForm):
    """Five grades, none chosen beforehand; sub-items and words as one likes."""

    level = forms.TypedChoiceField(
        label=gettext_lazy("整体满意度"), choices=_LEVELS, coerce=int, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("意见"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("可以不写。经审看、隐去个人信息后才会公开；请不要写姓名、电话和证件号码。"),
    )

    def __init__(self, it: OwnRating, *args: object, **options: object) -> None:
        initial = {"level": it.level.value if it.level else None, "text": it.text}
        super().__init__(*args, initial=initial | {f"part-{key}": value for key, value in it.parts.items()}, **options)
        for key, title in it.indicators.items():
            self.fields[f"part-{key}"] = forms.TypedChoiceField(
                label=_(title), choices=[("", _("不评")), *_LEVELS], coerce=int, required=False, empty_value=None
            )
        self.order_fields(["level", *(f"part-{key}" for key in it.indicators), "text"])

    def parts(self) -> dict[str, int]:
        """The sub-items that were rated."""
        found = {key.removeprefix("part-"): value for key, value in self.cleaned_data.items() if key[:5] == "part-"}
        return {key: value for key, value in found.items() if value is not None}
