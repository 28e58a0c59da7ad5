"""The forms of letters at the desk: each step of it."""

from __future__ import annotations

from typing import cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.cases.declare.letters import LetterBox, LetterChannel
from shuniu.directory import api as directory
from shuniu.portal.hall.letter_forms import LetterForm, agency_choices
from shuniu.web.forms import PlainForm

_WORDS = forms.Textarea(attrs={"rows": 3})
SPLITS = 3
"""So many agencies can be named at once; more by splitting again."""


class EnteredForm(LetterForm):
    """A letter that an officer enters for who came or called."""

    channel = forms.ChoiceField(
        label=gettext_lazy("来信方式"),
        choices=[(one.value, one.title) for one in LetterChannel if one is not LetterChannel.WEB],
        widget=forms.RadioSelect,
    )


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
            label=self.fields["to"].label, required=False, choices=agency_choices(_("不改派：驳回退单，由原单位办理"))
        )


class SplitForm(PlainForm):
    """Which agencies handle a letter from now on, and what each is asked."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        for at in range(1, SPLITS + 1):
            self.fields[f"agency{at}"] = forms.ChoiceField(
                label=_("办理单位 %(n)s") % {"n": at}, required=at == 1, choices=agency_choices(_("请选择"))
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
            "to": agency_choices(_("停用这条规则")),
        }
        for name, wanted in choices.items():
            cast(forms.ChoiceField, self.fields[name]).choices = wanted
