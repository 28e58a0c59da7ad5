"""Forms of the directory's pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shuniu.directory.declare import ROLES


def _password(label: Any, autocomplete: str, hint: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
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
    password = _password(_("设置密码"), "new-password", _("至少 10 位，不要使用常见密码。"))


class ChangePassword(forms.Form):
    """The old password and the new one."""

    old = _password(_("现在的密码"), "current-password")
    new = _password(_("新密码"), "new-password", _("至少 10 位，不要使用常见密码。"))


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
