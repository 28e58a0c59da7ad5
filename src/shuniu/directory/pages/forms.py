"""Forms of the directory's pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shuniu.directory import api
from shuniu.directory.declare import KINDS, ROLES
from shuniu.directory.signing_in.declare import Means
from shuniu.directory.signing_in.oidc.declare import SCOPES
from shuniu.web.forms import PlainForm

_HINTS: dict[Means, Any] = {
    "totp": _("认证器应用里显示的 6 位数字，每 30 秒更换一次。"),
    "message": _("发到您已验证的手机或邮箱的 6 位数字。"),
    "recovery": _("启用第二因素时发给您的 16 位恢复码，每个只能用一次。"),
}
_LABELS: dict[Means, Any] = {"totp": _("动态口令"), "message": _("验证码"), "recovery": _("恢复码")}


def _shortest() -> str:
    return gettext("至少 %(count)s 位，不要使用常见密码。") % {"count": api.shortest_password()}


_SHORTEST = lazy(_shortest, str)()
"""Asked of the dated rule for each page, as the refusal is."""


def _password(label: Any, autocomplete: str, hint: Any = "", **attrs: bool) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, **attrs})
    return forms.CharField(label=label, help_text=hint, widget=widget, strip=False, max_length=200)


class SignIn(forms.Form):
    """Login and password."""

    login = forms.CharField(
        label=_("登录名"), max_length=64, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = _password(_("密码"), "current-password")


class Enrol(forms.Form):
    """Login, one-time code and the password to set."""

    login = forms.CharField(
        label=_("登录名"), max_length=64, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    code = forms.CharField(
        label=_("一次性激活码"),
        help_text=_("由管理员交给您的 16 位激活码，例如 ABCD-EFGH-JKLM-NPQR。"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )
    password = _password(_("设置密码"), "new-password", _SHORTEST)


class ChangePassword(forms.Form):
    """The old password and the new one."""

    old = _password(_("现在的密码"), "current-password")
    new = _password(_("新密码"), "new-password", _SHORTEST)


class NewAccount(forms.Form):
    """Whom to make an account for."""

    login = forms.CharField(label=_("登录名"), help_text=_("小写字母、数字，例如 wangmin。"), max_length=32)
    name = forms.CharField(label=_("姓名"), max_length=60)


class Appoint(forms.Form):
    """Which role, where, under which title; `may` says which roles the appointing actor can grant at all."""

    role = forms.ChoiceField(label=_("角色"))
    regions = forms.CharField(label=_("辖区"), help_text=_("区划代码，多个用空格分开，例如 430102 430103。"))
    title = forms.CharField(label=_("岗位名称"), required=False, max_length=60)

    def __init__(self, data: QueryDict | None, *, may: Callable[[str], bool], regions: Iterable[str]) -> None:
        super().__init__(data, initial={"regions": " ".join(regions)})
        role = self.fields["role"]
        if isinstance(role, forms.ChoiceField):
            role.choices = [(key, _(one.title)) for key, one in ROLES.items() if may(one.granted_with)]


class Close(forms.Form):
    """Why an account is closed."""

    reason = forms.CharField(label=_("停用原因"), help_text=_("例如“调离”“退休”。停用后不能恢复。"), max_length=200)


class Code(forms.Form):
    """A typed second factor; `means` says which."""

    code = forms.CharField(max_length=40)

    def __init__(self, data: Any, means: Means) -> None:
        super().__init__(data)
        field = self.fields["code"]
        field.label, field.help_text = _LABELS[means], _HINTS[means]
        typed = {} if means == "recovery" else {"inputmode": "numeric"}
        field.widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, **typed})


class Password(forms.Form):
    """One's own password, again."""

    password = _password(_("密码"), "current-password", autofocus=True)


class Reset(forms.Form):
    """Why somebody's second factors are to be taken away."""

    reason = forms.CharField(
        label=_("申请原因"),
        help_text=_("写明本人何时到场、如何核验身份，例如“手机遗失，本人持证到场”。"),
        max_length=200,
    )


def typed(means: Sequence[Means]) -> list[Means]:
    """The means that are typed into a field."""
    return [one for one in means if one in _LABELS]


class NewToken(PlainForm):
    """As whom a department's system is to act, what for, how long."""

    login = forms.CharField(
        label=_("代表哪个工作人员（登录名）"),
        help_text=_("系统以这个账号的业务权限办理。登录名在“账号与岗位”中查。"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    title = forms.CharField(
        label=_("用途"), help_text=_("写明用在哪个系统，例如“业务系统每日报送”。留痕中以此区分。"), max_length=60
    )
    days = forms.IntegerField(
        label=_("有效天数"),
        help_text=_("1–366 天。到期前可以再发新的，换好后收回旧的。"),
        initial=180,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "4", "autocomplete": "off"}),
        error_messages={"invalid": _("请填写天数，只用数字，例如 180。")},
    )


class Revoke(PlainForm):
    """A token is taken back by who has read what follows."""

    sure = forms.BooleanField(
        label=_("我已通知使用这个令牌的系统，确认收回"), error_messages={"required": _("请通知对方后勾选确认。")}
    )


class NewApplication(forms.Form):
    """What is registered of an application."""

    title = forms.CharField(label=_("应用名称"), max_length=60)
    agency = forms.CharField(label=_("所属单位"), help_text=_("单位标识，例如 43.market。"))
    redirects = forms.CharField(
        label=_("回调地址"),
        help_text=_("完整的 https:// 地址，每行一个，逐字比对，不能用通配符。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    leaves = forms.CharField(
        label=_("退出后返回的地址"),
        required=False,
        help_text=_("应用请枢纽退出登录后，可以让人回到这里；每行一个，逐字比对。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    logout = forms.CharField(
        label=_("退出通知地址"),
        required=False,
        help_text=_("有人退出时，枢纽向这里发送退出令牌。"),
    )
    scopes = forms.MultipleChoiceField(
        label=_("可以读取的信息"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    kinds = forms.MultipleChoiceField(
        label=_("谁可以登录"),
        initial=["officer"],
        choices=[(key, _(title)) for key, title in KINDS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    all_agencies = forms.BooleanField(label=_("其他单位的工作人员也可以登录"), required=False)
    public = forms.BooleanField(label=_("应用不能保管密钥（网页或手机程序）"), required=False)

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
