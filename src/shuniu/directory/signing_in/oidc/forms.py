"""The form by which an application is registered."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.directory.declare import KINDS
from shuniu.directory.signing_in.oidc.declare import SCOPES


class NewApplication(forms.Form):
    """What is registered of an application."""

    title = forms.CharField(label=gettext_lazy("应用名称"), max_length=60)
    agency = forms.CharField(label=gettext_lazy("所属单位"), help_text=gettext_lazy("单位标识，例如 43.market。"))
    redirects = forms.CharField(
        label=gettext_lazy("回调地址"),
        help_text=gettext_lazy("完整的 https:// 地址，每行一个，逐字比对，不能用通配符。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    leaves = forms.CharField(
        label=gettext_lazy("退出后返回的地址"),
        required=False,
        help_text=gettext_lazy("应用请枢纽退出登录后，可以让人回到这里；每行一个，逐字比对。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    logout = forms.CharField(
        label=gettext_lazy("退出通知地址"),
        required=False,
        help_text=gettext_lazy("有人退出时，枢纽向这里发送退出令牌。"),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("可以读取的信息"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("谁可以登录"),
        initial=["officer"],
        choices=[(key, gettext_lazy(title)) for key, title in KINDS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    all_agencies = forms.BooleanField(label=gettext_lazy("其他单位的工作人员也可以登录"), required=False)
    public = forms.BooleanField(label=gettext_lazy("应用不能保管密钥（网页或手机程序）"), required=False)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        field = self.fields["scopes"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(key, _(title)) for key, title in SCOPES.items() if key != "openid"]

    def clean_redirects(self) -> list[str]:
        """One address per line."""
        return str(self.cleaned_data["redirects"]).split()

    def clean_leaves(self) -> list[str]:
        """One address per line."""
        return str(self.cleaned_data["leaves"]).split()
