"""A licence as a document: laid out by typst from what the platform signed, with a code to verify by, signed as a PDF."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import typst
from django.urls import reverse
from django.utils.translation import gettext as _

from shuniu.cases.declare.licence import LicenceView
from shuniu.portal.credit.document import NOT_SEALED, public_url, qr
from shuniu.portal.signed_pdf import signed
from shuniu.web.templates import is_demo, write_date
from shuniu.web.typeface import FAMILIES, drawable, fonts

TEMPLATE = Path(__file__).parents[1] / "typ" / "licence.typ"
SIGNED = (
    "本件未使用电子印章。平台对上列内容的摘要签名（Ed25519），并对整份文件作了 PDF 数字签名（PAdES）；所用证书为平台自签的"
    "测试证书，未经认证机构签发。证照现在的状态和内容是否相符，以扫码核验的结果为准。"
)


def verify_url(seen: LicenceView) -> str:
    """Where a licence is verified: what its code leads to."""
    query = urlencode({"number": seen.number, "check": seen.check})
    return public_url(reverse("portal:hall_licence_verify")) + "?" + query


def pdf(seen: LicenceView) -> bytes:
    """The licence as PDF, signed as one: the same page for the same licence, whatever has become of it since."""
    url = verify_url(seen)
    data = {
        "title": drawable(seen.title),
        "fonts": list(FAMILIES),
        "demo": is_demo(),
        "number": seen.number,
        "identifier": seen.identifier,
        "content": [[drawable(title), drawable(value)] for title, value in seen.content],
        "term": term(seen),
        "agency": drawable(seen.agency_name),
        "issued": write_date(seen.issued_at),
        "check": seen.check,
        "digest": seen.digest,
        "signature": seen.signature,
        "key": seen.key,
        "seal": NOT_SEALED,
        "signed": SIGNED,
        "qr": qr(url),
        "verify_host": urlsplit(url).netloc,
    }
    made = typst.compile(
        TEMPLATE, format="pdf", font_paths=fonts(), sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(seen.issued_at.timestamp()),
    )  # fmt: skip
    return signed(bytes(made), _("证照 %(n)s") % {"n": seen.number})


def term(seen: LicenceView) -> str:
    """The span of a licence in words."""
    return f"{write_date(seen.valid_from)} 至 {write_date(seen.valid_to) if seen.valid_to else '长期'}"
