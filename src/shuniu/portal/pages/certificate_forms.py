"""Forms of the certificates' pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from shuniu.trust.certificates.declare import PURPOSES, REASONS
from shuniu.web.forms import PlainForm

SUITES = (("international", gettext_lazy("国际算法（Ed25519）")), ("guomi", gettext_lazy("国密算法（SM2）")))


class Invite(PlainForm):
    """Which agency may join, with keys of which suite."""

    agency = forms.CharField(
        label=gettext_lazy("单位标识"), max_length=60, help_text=gettext_lazy("例如 43.market"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    suite = forms.ChoiceField(
        label=gettext_lazy("密码套件"), choices=SUITES, initial="international", widget=forms.RadioSelect
    )


class Revoke(PlainForm):
    """Why a certificate ends."""

    reason = forms.ChoiceField(
        label=gettext_lazy("吊销原因"), choices=tuple(REASONS.items()), widget=forms.RadioSelect,
        help_text=gettext_lazy("立即生效，不能撤回。"),
    )  # fmt: skip


class Ask(PlainForm):
    """What an escrowed key is wanted for."""

    reason = forms.CharField(
        label=gettext_lazy("用途和依据"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("由另一位保管人批准后，您可以取出一次。申请、批准、取出都留痕。"),
    )  # fmt: skip


class Bring(PlainForm):
    """Whose certificate, for what, and the file."""

    agency = forms.CharField(
        label=gettext_lazy("单位标识"),
        max_length=60,
        help_text=gettext_lazy("例如 43.market"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("用途"), choices=tuple(PURPOSES.items()), initial="sign", widget=forms.RadioSelect
    )
    file = forms.FileField(label=gettext_lazy("证书文件"), help_text=gettext_lazy("PEM 或 DER 格式，不含私钥。"))
