"""What Django's forms lack for us: words that name the field and the remedy, and a day in one box."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DayField(forms.DateField):
    """A day typed as YYYY-MM-DD; full-width digits and `2024/3/5` are understood too.

    Django's own field would write the Chinese locale's `2024/03/05` back to the reader.
    """

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "numeric", "size": "12", "maxlength": "10", "autocomplete": "off"}
        options.setdefault("help_text", _("例如 2024-03-05"))
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs=attrs),
            input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"],
            error_messages={"invalid": _("这不是日期。请写成 YYYY-MM-DD，例如 2024-03-05。")},
            **options,
        )

    def to_python(self, value: Any) -> date | None:
        """Return the day, or None for an empty box. ValidationError if it is no day."""
        return super().to_python(unicodedata.normalize("NFKC", value) if isinstance(value, str) else value)


class PlainForm(forms.Form):
    """A form whose missing answers are named: “请填写企业名称。” rather than “这个字段是必填项。”.

    The browser's own bubbles stay away, as they speak its language and not ours; a file field's form needs
    `enctype="multipart/form-data"` as ever.
    """

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                words = _("请选择%s。") if isinstance(field, forms.ChoiceField | forms.FileField) else _("请填写%s。")
                words = _("请勾选“%s”。") if isinstance(field, forms.BooleanField) else words
                field.error_messages["required"] = words % (field.label or name)
