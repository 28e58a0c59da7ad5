"""Forms of the certificates' pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.directory.api import agency_names
from shuniu.trust.certificates.declare import PURPOSES, REASONS
from shuniu.web.forms import PlainForm

SUITES = (("international", gettext_lazy("国际算法（Ed25519）")), ("guomi", gettext_lazy("国密算法（SM2）")))
NO_AGENCY = gettext_lazy("没有这个单位。请从列表中选择。")


def agencies() -> list[tuple[str, str]]:
    """The agencies to choose from, by name."""
    return [("", _("请选择")), *sorted(agency_names().items(), key=lambda one: one[1])]


class Invite(PlainForm):
    """Which agency may join, with keys of which suite."""

    agency = forms.ChoiceField(
        label=gettext_lazy("单位"), choices=agencies, error_messages={"invalid_choice": NO_AGENCY}
    )
    suite = forms.ChoiceField(
        label=gettext_lazy("密码算法"), choices=SUITES, initial="international", widget=forms.RadioSelect,
        help_text=gettext_lazy("接入的机器用哪一种密钥。对方没有特别要求的，选国际算法。"),
    )  # fmt: skip


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

    agency = forms.ChoiceField(
        label=gettext_lazy("单位"), choices=agencies, error_messages={"invalid_choice": NO_AGENCY}
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("用途"), choices=tuple(PURPOSES.items()), initial="sign", widget=forms.RadioSelect
    )
    file = forms.FileField(label=gettext_lazy("证书文件"), help_text=gettext_lazy("PEM 或 DER 格式，不含私钥。"))
