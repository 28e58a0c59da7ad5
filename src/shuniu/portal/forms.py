"""Forms of the desk."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from shuniu.catalogue.declare import ItemType
from shuniu.registries.declare import Mode
from shuniu.web.forms import PlainForm

_HINTS = {
    ItemType.DATE: gettext_noop("例如 2024-03-05"),
    ItemType.TIMESTAMP: gettext_noop("例如 2024-03-05 14:30:00"),
    ItemType.DECIMAL: gettext_noop("只填数字，可带“万元”“元”"),
    ItemType.INTEGER: gettext_noop("只填整数"),
}
_CHECK_HINTS = {
    "uscc": gettext_noop("18 位统一社会信用代码"),
    "resident_id": gettext_noop("18 位公民身份号码"),
    "region": gettext_noop("6、9 或 12 位区划代码，例如 430102"),
    "phone": gettext_noop("11 位手机号，或带区号的固定电话"),
    "postcode": gettext_noop("6 位数字"),
}


def hint_of(check: str, type: ItemType) -> str:
    """How a value of that check or type is typed, to be translated; empty where nothing need be said."""
    return _CHECK_HINTS.get(check) or _HINTS.get(type, "")


_EMPTY = _("这个文件是空的。请核对后重新选择；本期没有数据的，请用“零报告”。")


class Upload(PlainForm):
    """One file for one resource. `region` is asked for only where the resource has rows by region."""

    mode = forms.ChoiceField(
        label=_("报送方式"),
        choices=[
            (Mode.SNAPSHOT.value, _("全量：这份文件就是全部，没有列出的将撤下")),
            (Mode.DELTA.value, _("增量：只有新增和变更的行，其余不动")),
        ],
        widget=forms.RadioSelect,
        initial=Mode.SNAPSHOT.value,
    )
    file = forms.FileField(
        label=_("数据文件"),
        help_text=_("列名与目录一致，顺序不限。文件只以密文暂存，出回执后销毁。"),
        error_messages={"empty": _EMPTY},
        max_length=200,
    )
    department_batch = forms.CharField(
        label=_("本单位批次号"),
        required=False,
        max_length=60,
        help_text=_("同一批次号、同样内容重复报送，只处理一次。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    region = forms.CharField(
        label=_("只报送这个区划"),
        required=False,
        max_length=12,
        help_text=_("填区划代码，例如 430102；全量只替换这个区划的行。报送全部区划时不填。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "12", "autocomplete": "off"}),
    )
    # The form's last field: a body that was cut off in the file, which Django takes for the file's end, lacks it.
    whole = forms.CharField(
        label=_("上传"),
        initial="1",
        widget=forms.HiddenInput,
        error_messages={"required": _("文件没有传完，网络可能中断了。请重新选择文件报送。")},
    )

    def __init__(self, *args: object, by_region: bool = False, **options: object) -> None:
        super().__init__(*args, **options)
        if not by_region:
            del self.fields["region"]


class Reason(PlainForm):
    """Why a batch is turned down or recalled."""

    reason = forms.CharField(
        label=_("为什么"),
        max_length=500,
        help_text=_("写明事实，例如“误报了上月文件”。理由会写入回执。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class JournalSearch(forms.Form):
    """What an auditor looks for; every field may stay empty."""

    target = forms.CharField(required=False, max_length=200)
    person = forms.CharField(required=False, max_length=60)
    verb = forms.CharField(required=False, max_length=80)
    outcome = forms.CharField(required=False, max_length=10)
