"""The forms of sharing: what is asked for, the owner's answer item by item, a reason, the dry run."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.catalogue.api import share_of
from shuniu.catalogue.declare import Item, Resource, ShareType
from shuniu.exchange.grants.api import Narrower
from shuniu.exchange.grants.conformity import Fault, Setting, longest
from shuniu.exchange.grants.declare import Basis, Terms
from shuniu.exchange.grants.purposes import purpose_title
from shuniu.exchange.grants.views import ItemAnswer, RequestView
from shuniu.web.forms import DayField, PlainForm

_WORDS = forms.Textarea(attrs={"rows": 3})
_NUMBER = forms.TextInput(attrs={"inputmode": "numeric", "size": "10"})


class Wish(PlainForm):
    """What an agency asks for."""

    items = forms.MultipleChoiceField(
        label=gettext_lazy("需要的信息项"), widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("只选办理所需的。全部是“无条件共享”且不涉及个人的，即时办结。"),
    )  # fmt: skip
    purposes = forms.MultipleChoiceField(label=gettext_lazy("用途"), widget=forms.CheckboxSelectMultiple)
    use = forms.CharField(
        label=gettext_lazy("办理什么事项、在哪个环节使用"), max_length=500, widget=_WORDS,
        help_text=gettext_lazy("例如“食品经营许可受理时核对企业登记状态”。"),
    )  # fmt: skip
    bases = forms.CharField(
        label=gettext_lazy("法律依据"), max_length=2000, widget=_WORDS,
        help_text=gettext_lazy("每行一条：全称，空格，条款。例如“中华人民共和国行政许可法 第三十四条”。每种用途至少一条。"),
    )  # fmt: skip
    regions = forms.CharField(
        label=gettext_lazy("区划"), max_length=500,
        help_text=gettext_lazy("本单位所辖的区划代码，多个用空格分开。"),
    )  # fmt: skip
    rate = forms.IntegerField(label=gettext_lazy("每分钟最多调用次数"), initial=60, widget=_NUMBER)
    quota_calls = forms.IntegerField(label=gettext_lazy("每日最多调用次数"), initial=2000, widget=_NUMBER)
    quota_rows = forms.IntegerField(label=gettext_lazy("每日最多取得行数"), initial=10000, widget=_NUMBER)
    valid_from = DayField(label=gettext_lazy("从哪天开始"))
    valid_until = DayField(label=gettext_lazy("最后一天"))

    def __init__(self, resource: Resource, setting: Setting, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names = _choices(self, "items")
        names.choices = [
            (item.name, _item_words(resource, item))
            for item in resource.items
            if share_of(resource, item) is not ShareType.NOT_SHARED
        ]
        _choices(self, "purposes").choices = [(one.key, _(one.title)) for one in setting.purposes]
        last = longest(setting.today, setting.limits)
        self.fields["valid_from"].initial = setting.today
        self.fields["valid_until"].initial = last
        self.fields["valid_until"].help_text = _("最长 %(term)s，今天开始的最晚到 %(last)s。") % {
            "term": setting.limits.term, "last": last,
        }  # fmt: skip
        self.fields["regions"].initial = setting.region
        if not resource.by_region:
            del self.fields["regions"]

    def terms(self) -> Terms:
        """What was asked for; the form must be valid."""
        said = self.cleaned_data
        return Terms(
            items=tuple(said["items"]), purposes=tuple(said["purposes"]), bases=_bases(said["bases"]),
            regions=_codes(said.get("regions", "")),
            rate=said["rate"], quota_calls=said["quota_calls"], quota_rows=said["quota_rows"],
            valid_from=said["valid_from"], valid_until=said["valid_until"],
        )  # fmt: skip

    def say(self, faults: Sequence[Fault]) -> None:
        """Put what the conformity check found beside the fields."""
        for fault in faults:
            self.add_error(fault.field if fault.field in self.fields else None, f"{fault.message}{fault.remedy}")

    @staticmethod
    def of(terms: Terms, use: str) -> dict[str, object]:
        """Terms as the form's initial values: for a change of an agreement."""
        return {
            "items": list(terms.items), "purposes": list(terms.purposes), "use": use,
            "bases": "\n".join(f"{basis.law} {basis.article}" for basis in terms.bases),
            "regions": " ".join(terms.regions), "rate": terms.rate, "quota_calls": terms.quota_calls,
            "quota_rows": terms.quota_rows,
        }  # fmt: skip


def _choices(form: forms.Form, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} has no choices")
    return field


def _item_words(resource: Resource, item: Item) -> str:
    free = share_of(resource, item) is ShareType.UNCONDITIONAL
    return f"{item.title}（{_('无条件共享') if free else _('有条件共享，须审核')}）"


def _codes(text: str) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFKC", text).replace(",", " ").split())


def _bases(text: str) -> tuple[Basis, ...]:
    lines = (line.strip().replace("\u3000", " ") for line in text.splitlines())
    return tuple(
        Basis(law.strip(), article.strip()) for law, _gap, article in (one.rpartition(" ") for one in lines if one)
    )


ANSWERS = (
    ("whole", gettext_lazy("提供原值")),
    ("masked", gettext_lazy("脱敏提供")),
    ("refused", gettext_lazy("不提供")),
)


class Decision(PlainForm):
    """The owner's answer to each item, less of the rest where the owner wants it, reasons for what is refused."""

    law = forms.CharField(
        label=gettext_lazy("不提供的法律依据（全称）"), max_length=200, required=False,
        help_text=gettext_lazy("有不提供的信息项时必须填写，条款和对方可以怎么办也是。全部提供的不用填。"),
    )  # fmt: skip
    article = forms.CharField(label=gettext_lazy("条款"), max_length=50, required=False)
    forward = forms.CharField(
        label=gettext_lazy("对方可以怎么办"), max_length=500, required=False, widget=_WORDS,
        help_text=gettext_lazy("例如“可申请脱敏提供”“请改用企业信用信息”。"),
    )  # fmt: skip
    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("同意的用途"), widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不同意的用途去掉勾选。都不同意的，请对每个信息项选“不提供”。"),
    )  # fmt: skip
    regions = forms.CharField(
        label=gettext_lazy("同意的区划（可以缩小）"), max_length=500,
        help_text=gettext_lazy("申请的区划代码，或者它们下面的区划，多个用空格分开。"),
    )  # fmt: skip
    valid_until = DayField(label=gettext_lazy("最后一天（可以提前）"))
    rate = forms.IntegerField(label=gettext_lazy("每分钟最多次数（可以减少）"), min_value=1, widget=_NUMBER)
    quota_calls = forms.IntegerField(label=gettext_lazy("每日最多次数（可以减少）"), min_value=1, widget=_NUMBER)
    quota_rows = forms.IntegerField(label=gettext_lazy("每日最多行数（可以减少）"), min_value=1, widget=_NUMBER)
    reason = forms.CharField(
        label=gettext_lazy("审核意见"), max_length=500, required=False, widget=_WORDS,
        help_text=gettext_lazy("申请单位会收到。"),
    )  # fmt: skip
    order = (
        "law", "article", "forward", "purposes", "regions", "valid_until", "rate", "quota_calls", "quota_rows", "reason",
    )  # fmt: skip

    def __init__(self, request: RequestView, titles: dict[str, str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.wanted = request.terms
        for name in request.terms.items:
            title = titles.get(name, name)
            self.fields[f"answer_{name}"] = forms.ChoiceField(label=title, choices=ANSWERS, initial="whole")
            self.fields[f"facts_{name}"] = forms.CharField(
                label=_("不提供“%(title)s”的事实") % {"title": title}, max_length=300, required=False
            )
        today = timezone.localdate()
        _choices(self, "purposes").choices = [(key, _(purpose_title(key, today))) for key in request.terms.purposes]
        for name in ("purposes", "valid_until", "rate", "quota_calls", "quota_rows"):
            self.fields[name].initial = getattr(request.terms, name)
        self.fields["regions"].initial = " ".join(request.terms.regions)
        if not request.terms.regions:
            del self.fields["regions"]

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """For each item its answer and its facts."""
        return [(self[f"answer_{name}"], self[f"facts_{name}"]) for name in self.wanted.items]

    def rest(self) -> list[forms.BoundField]:
        """The fields that are not an item's."""
        return [self[name] for name in self.order if name in self.fields]

    def clean(self) -> dict[str, object]:
        said = self.cleaned_data
        refused = [name for name in self.wanted.items if said.get(f"answer_{name}") == "refused"]
        for name in refused:
            if not said.get(f"facts_{name}"):
                self.add_error(f"facts_{name}", _("请写明不提供此项的事实。"))
        for name in ("law", "article", "forward") if refused else ():
            if not said.get(name):
                self.add_error(name, _("有不提供的信息项，请填写。"))
        return said

    def answers(self) -> list[ItemAnswer]:
        """The answers; the form must be valid."""
        said = self.cleaned_data

        def why(name: str) -> tuple[str, ...]:
            refused = said[f"answer_{name}"] == "refused"
            return (said[f"facts_{name}"], said["law"], said["article"], said["forward"]) if refused else ()

        return [ItemAnswer(name, said[f"answer_{name}"], *why(name)) for name in self.wanted.items]

    def narrower(self) -> Narrower:
        """What is given less of; the form must be valid."""
        said = self.cleaned_data
        until: date = said["valid_until"]
        return Narrower(
            until, said["rate"], said["quota_calls"], said["quota_rows"], tuple(said["purposes"]),
            _codes(said.get("regions", "")),
        )  # fmt: skip


class Reason(PlainForm):
    """Why something is done to a request or an agreement."""

    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=500, widget=_WORDS, help_text=gettext_lazy("对方会收到。")
    )


class Foresight(PlainForm):
    """Whom, what and what for to try out."""

    resource = forms.CharField(
        label=gettext_lazy("资源代码"), max_length=200,
        help_text=gettext_lazy("在资源目录里资源的页上，例如 43.market/registration；从一份共享协议进入的，已经填好。"),
    )  # fmt: skip
    consumer = forms.ChoiceField(label=gettext_lazy("使用单位"))
    account = forms.ChoiceField(label=gettext_lazy("工作人员"), required=False)
    purpose = forms.ChoiceField(label=gettext_lazy("用途"))
    region = forms.CharField(
        label=gettext_lazy("数据所属区划"),
        max_length=12,
        required=False,
        help_text=gettext_lazy("区划代码，例如 430100。不填则不看区划。"),
    )

    def __init__(
        self, agencies: Sequence[tuple[str, str]], officers: Sequence[tuple[str, str]],
        purposes: Sequence[tuple[str, str]], *args: Any, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        _choices(self, "consumer").choices = agencies
        _choices(self, "account").choices = [("", _("任何有权限的人员")), *officers]
        _choices(self, "purpose").choices = purposes
