"""Forms of signing in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuniu.directory.signing_in.declare import Means

_HINTS: dict[Means, Any] = {
    "totp": _("认证器应用里显示的 6 位数字，每 30 秒更换一次。"),
    "message": _("发到您已验证的手机或邮箱的 6 位数字。"),
    "recovery": _("启用第二因素时发给您的 16 位恢复码，每个只能用一次。"),
}
_LABELS: dict[Means, Any] = {"totp": _("动态口令"), "message": _("验证码"), "recovery": _("恢复码")}


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

    password = forms.CharField(
        label=_("密码"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


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
