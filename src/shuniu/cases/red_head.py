"""A signed document as PDF in the layout of GB/T 9704-2012 (红头文件), laid out by typst with the vendored fonts.

The standard asks for 仿宋 and 小标宋, which are not free to ship: the one vendored face, `Shuniu Sans SC` (a 黑体, OFL),
stands in for both, stroked where 小标宋 or 黑体 would be heavier. Measures (page, 版心, lines, characters a line, sizes)
are the standard's. Of several issuers (联合行文) all stand in the red head, the main one first, 文件 to their right in the
middle (7.2.4), and the main one signs above the others (7.3.5.2). No seal is drawn: until a licensed one is configured
the place says 未加盖电子印章.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path

import typst
from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import RuleBook
from shuniu.cases.declare.document import DocumentView
from shuniu.directory import api as directory
from shuniu.trust.declare import Refused
from shuniu.web.templates import is_demo
from shuniu.web.typeface import FAMILIES, drawable, fonts

TEMPLATE = Path(__file__).parent / "typ" / "document.typ"
NOT_SEALED = "未加盖电子印章"


def pdf(it: DocumentView) -> bytes:
    """A signed document: the same bytes every time. Raises Refused (documents.not_signed)."""
    if it.number is None or it.signed_on is None:
        raise Refused("documents.not_signed", "公文没有签发，没有文号和成文日期。", "请先签发。")
    at = timezone.make_aware(datetime.combine(it.signed_on, time.min))
    made = typst.compile(
        TEMPLATE,
        format="pdf",
        font_paths=fonts(),
        sys_inputs={"data": json.dumps(_data(it), ensure_ascii=False)},
        timestamp=int(at.timestamp()),
    )
    return bytes(made)


def _data(it: DocumentView) -> dict[str, object]:
    draft, day = it.draft, it.signed_on
    issuers = [_names([one]) for one in it.issuers or (it.agency,)]
    issuer = issuers[0]
    upward = RuleBook.load(settings.RULE_PACK).resolve(
        "documents.upward", day or timezone.localdate(), settings.PROVINCE
    )
    return {
        "fonts": list(FAMILIES),
        "demo": is_demo(),
        "title": drawable(draft.title),
        "issuer": issuer,
        "issuers": issuers,
        "urgency": draft.urgency,
        "number": str(it.number),
        "upward": draft.kind in upward.texts(),
        "signers": [drawable(one) for one in it.signers],
        "to": _names(draft.to, "、"),
        "body": [drawable(one) for one in draft.body],
        "attachments": [drawable(one) for one in draft.attached],
        "seal": NOT_SEALED,
        "date": f"{day.year}年{day.month}月{day.day}日" if day else "",
        "note": drawable(draft.note),
        "copies": _names(draft.copies),
        "printer": issuer,
    }


def _names(keys: Sequence[str], between: str = "，") -> str:
    """Agencies by their names, in the order in which they are given."""
    found = (directory.agency(key) for key in keys)
    return between.join(drawable(one.name if one else key) for key, one in zip(keys, found, strict=True))
