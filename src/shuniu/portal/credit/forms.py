"""What the credit site asks."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from shuniu.systems.credit.declare import Purpose
from shuniu.systems.credit.repair import Terms
from shuniu.web.forms import PlainForm


class VerifyForm(PlainForm):
    """A report's number, and its digest to compare with."""

    number = forms.CharField(
        label=_("报告编号"), max_length=60, help_text=_("印在封面上，例如 ABCD-EFGH-JKLM-NPQR-STUV-WXYZ。")
    )
    digest = forms.CharField(
        label=_("摘要"), max_length=64, required=False, help_text=_("填写全部或者前 16 位，可核对报告有没有被改动。")
    )


class DutyForm(PlainForm):
    """Whom an officer looks up, and what for."""

    code = forms.CharField(label=_("统一社会信用代码"), max_length=30)
    purpose = forms.ChoiceField(
        label=_("查询用途"), choices=[("", _("请选择")), *((one.value, _(one.title)) for one in Purpose)],
        help_text=_("查询会留痕；主体可以知道谁为什么查询了它。"),
    )  # fmt: skip


class RepairForm(PlainForm):
    """An application for repair: what was mended, what proves it, and the public commitment, as the day's rule asks."""

    corrected = forms.CharField(
        label=_("怎样纠正，义务怎样履行"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明做了什么、哪天完成，例如“罚款 5 万元已于 2026 年 7 月 1 日缴清，违法产品已全部召回”。"),
    )  # fmt: skip
    material = forms.CharField(
        label=_("证明材料"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一行一件：名称、文号、出具单位。材料原件交认定单位核验，平台不收附件。不要写个人证件号码。"),
    )  # fmt: skip
    commitment = forms.CharField(
        label=_("信用承诺"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("承诺所述属实、今后守法诚信经营、违诺愿受惩戒，并同意公开这一承诺。"),
    )  # fmt: skip

    def __init__(self, terms: Terms, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        for name, condition in (("corrected", "corrected"), ("material", "corrected"), ("commitment", "commitment")):
            self.fields[name].required = condition in terms.asked


class RepairDecision(PlainForm):
    """Whether a repair is granted, and why."""

    answer = forms.ChoiceField(
        label=_("审核结果"), widget=forms.RadioSelect,
        choices=[("yes", _("同意修复：这条信息不再公示")), ("no", _("不予修复：须写明缺什么"))],
    )  # fmt: skip
    reason = forms.CharField(
        label=_("核查经过和理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("申请人会收到这段话。"),
    )  # fmt: skip
