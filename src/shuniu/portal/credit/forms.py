"""What the credit site asks."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from shuniu.systems.credit.declare import Purpose
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


class RepairDecision(PlainForm):
    """Whether a repair of before is granted, and why."""

    answer = forms.ChoiceField(
        label=_("审核结果"), widget=forms.RadioSelect,
        choices=[("yes", _("同意修复：这条信息不再公示")), ("no", _("不予修复：须写明缺什么"))],
    )  # fmt: skip
    reason = forms.CharField(
        label=_("核查经过和理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("申请人会收到这段话。"),
    )  # fmt: skip
