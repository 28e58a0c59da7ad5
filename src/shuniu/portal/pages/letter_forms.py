"""The forms of letters: what a writer fills in, and each step of the desk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.cases.declare.letters import LetterBox, LetterChannel, LetterIn
from shuniu.directory import api as directory
from shuniu.web.forms import PlainForm

_WORDS = forms.Textarea(attrs={"rows": 3})
SPLITS = 3
"""So many agencies can be named at once; more by splitting again."""


def _agencies(first: str) -> list[tuple[str, str]]:
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
        self._choose("accused", _agencies(_("没有")))

    def _choose(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = list(choices)

    def letter(self) -> LetterIn:
        """What was written."""
        return LetterIn(
            **{key: value for key, value in self.cleaned_data.items() if key not in ("once", "seen", "channel")}
        )


class EnteredForm(LetterForm):
    """A letter that an officer enters for who came or called."""

    channel = forms.ChoiceField(
        label=gettext_lazy("来信方式"),
        choices=[(one.value, one.title) for one in LetterChannel if one is not LetterChannel.WEB],
        widget=forms.RadioSelect,
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
        label=gettext_lazy("说明"), required=False, max_length=500, widget=_WORDS,
        help_text=gettext_lazy("不满意的请写明哪里没有解决。"),
    )  # fmt: skip


class RateForm(OwnRateForm):
    """The same from who has no account: by the letter's number and code."""

    number = forms.CharField(widget=forms.HiddenInput, max_length=20)
    code = forms.CharField(widget=forms.HiddenInput, max_length=20)


class PartForm(PlainForm):
    """A step in one part."""

    part = forms.IntegerField(widget=forms.HiddenInput)


class ReturnForm(PartForm):
    reason = forms.CharField(label=gettext_lazy("退单理由"), max_length=500, widget=_WORDS)


class AnswerForm(PartForm):
    answer = forms.CharField(label=gettext_lazy("答复"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))


class ReviewForm(PartForm):
    good = forms.ChoiceField(
        label=gettext_lazy("审核意见"),
        choices=[("yes", gettext_lazy("同意答复")), ("no", gettext_lazy("退回重写"))],
        widget=forms.RadioSelect,
    )


class DecideForm(PartForm):
    to = forms.ChoiceField(label=gettext_lazy("退单改派给"), required=False)

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.fields["to"] = forms.ChoiceField(
            label=self.fields["to"].label, required=False, choices=_agencies(_("不改派：驳回退单，由原单位办理"))
        )


class SplitForm(PlainForm):
    """Which agencies handle a letter from now on, and what each is asked."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        for at in range(1, SPLITS + 1):
            self.fields[f"agency{at}"] = forms.ChoiceField(
                label=_("办理单位 %(n)s") % {"n": at}, required=at == 1, choices=_agencies(_("请选择"))
            )
            self.fields[f"task{at}"] = forms.CharField(
                label=_("单位 %(n)s 办什么") % {"n": at}, required=False, max_length=200
            )

    def parts(self) -> dict[str, str]:
        said = self.cleaned_data
        asked = {said[f"agency{at}"]: said[f"task{at}"] for at in range(1, SPLITS + 1)}
        return {agency: task for agency, task in asked.items() if agency}


class DeclineForm(PlainForm):
    ground = forms.ChoiceField(label=gettext_lazy("不予受理的情形"), widget=forms.RadioSelect)
    note = forms.CharField(label=gettext_lazy("补充说明"), required=False, max_length=300)

    def __init__(self, box: LetterBox, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        choices = [(one.key, f"{_(one.title)}。{_(one.channel)}") for one in box.unaccepted]
        self.fields["ground"] = forms.ChoiceField(
            label=self.fields["ground"].label, choices=choices, widget=forms.RadioSelect
        )


class PublishForm(PlainForm):
    title = forms.CharField(label=gettext_lazy("公开的标题"), max_length=60)
    text = forms.CharField(
        label=gettext_lazy("公开的内容"),
        max_length=5000,
        help_text=gettext_lazy("已自动遮盖号码和地址。请再遮盖姓名等能认出人的内容。"),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class ReporterForm(PlainForm):
    reason = forms.CharField(label=gettext_lazy("查看举报人的理由"), max_length=300)


class SimulateForm(PlainForm):
    """A text to try, and a change of one row to try on the last letters."""

    category = forms.ChoiceField(label=gettext_lazy("来信类别"))
    region = forms.ChoiceField(label=gettext_lazy("属地"))
    text = forms.CharField(label=gettext_lazy("来信内容"), required=False, max_length=5000, widget=_WORDS)
    row = forms.ChoiceField(label=gettext_lazy("试改哪一条规则"), required=False)
    to = forms.ChoiceField(label=gettext_lazy("改派给"), required=False)

    def __init__(self, box: LetterBox, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        choices: dict[str, list[tuple[str, str]]] = {
            "category": [(one.key, _(one.title)) for one in box.categories],
            "region": list(directory.region_names(level=3).items()) or [(settings.PROVINCE, settings.PROVINCE)],
            "row": [("", _("不改")), *((one.key, _(one.title)) for one in box.routes)],
            "to": _agencies(_("停用这条规则")),
        }
        for name, wanted in choices.items():
            cast(forms.ChoiceField, self.fields[name]).choices = wanted
