"""The forms of letters that their writers fill in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.cases.declare.letters import LetterBox, LetterIn
from shuniu.directory import api as directory
from shuniu.web.forms import PlainForm


def agency_choices(first: str) -> list[tuple[str, str]]:
    """All agencies to choose from, after a line that chooses none."""
    return [("", first), *((one.key, one.name) for one in directory.agencies())]


class LetterForm(PlainForm):
    """A letter. Name and contact may stay empty; `seen` says that the hints before sending were shown."""

    category = forms.ChoiceField(label=gettext_lazy("来信类别"), widget=forms.RadioSelect)
    region = forms.ChoiceField(label=gettext_lazy("问题发生在哪里"))
    title = forms.CharField(label=gettext_lazy("标题"), max_length=60)
    text = forms.CharField(
        label=gettext_lazy("内容"),
        max_length=5000,
        help_text=gettext_lazy("写清时间、地点和经过。不要写涉密内容。"),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    accused = forms.ChoiceField(
        label=gettext_lazy("举报的单位"),
        required=False,
        help_text=gettext_lazy("只有举报需要选。被举报单位及其下属单位看不到举报。"),
    )
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60, required=False)
    contact = forms.CharField(
        label=gettext_lazy("联系方式"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("姓名和联系方式加密保存；举报人的身份密封，查看必留痕。"),
    )
    consent = forms.BooleanField(label=gettext_lazy("同意在遮盖个人信息后公开内容和答复"), required=False)
    minor = forms.BooleanField(label=gettext_lazy("涉及未成年人（不会公开）"), required=False)
    once = forms.CharField(widget=forms.HiddenInput, max_length=40)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1)

    def __init__(self, box: LetterBox, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        regions = [(code, name) for code, name in directory.region_names(level=3).items()]
        self._choose("category", [(one.key, _(one.title)) for one in box.categories])
        self._choose("region", [("", _("请选择")), *regions])
        self._choose("accused", agency_choices(_("没有")))

    def _choose(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = list(choices)

    def letter(self) -> LetterIn:
        """What was written."""
        return LetterIn(
            **{key: value for key, value in self.cleaned_data.items() if key not in ("once", "seen", "channel")}
        )


class FollowForm(PlainForm):
    """By what a writer follows a letter."""

    number = forms.CharField(label=gettext_lazy("来信编号"), max_length=20)
    code = forms.CharField(label=gettext_lazy("查询码"), max_length=20, help_text=gettext_lazy("来信时给出，12 位。"))


class OwnRateForm(PlainForm):
    """What the writer thinks of the answer."""

    satisfied = forms.ChoiceField(
        label=gettext_lazy("您对答复满意吗"),
        choices=[("yes", gettext_lazy("满意")), ("no", gettext_lazy("不满意：首次评价不满意的，重新办理一次"))],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("说明"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("不满意的请写明哪里没有解决。"),
    )  # fmt: skip


class RateForm(OwnRateForm):
    """The same from who has no account: by the letter's number and code."""

    number = forms.CharField(widget=forms.HiddenInput, max_length=20)
    code = forms.CharField(widget=forms.HiddenInput, max_length=20)
