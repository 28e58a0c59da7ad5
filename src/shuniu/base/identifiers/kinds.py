"""The kinds of identifier, and how a department's text becomes the canonical value of its kind or a clear refusal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import date
from enum import StrEnum
from typing import Final

from shuniu.base.errors import Problem
from shuniu.base.identifiers import checks


class IdentifierKind(StrEnum):
    """Kinds of identifier of a person or legal person. The value is stored; `label` is what users read."""

    USCC = "uscc"
    ORGANISATION_CODE = "organisation_code"
    REGISTRATION_NUMBER = "registration_number"
    TAX_NUMBER = "tax_number"
    INSTITUTION_NUMBER = "institution_number"
    SOCIAL_ORGANISATION_NUMBER = "social_organisation_number"
    RESIDENT_ID = "resident_id"
    PASSPORT = "passport"
    MAINLAND_PERMIT_HK_MACAO = "mainland_permit_hk_macao"
    MAINLAND_PERMIT_TAIWAN = "mainland_permit_taiwan"
    FOREIGN_RESIDENT_CARD = "foreign_resident_card"
    LICENCE_ID = "licence_id"

    @property
    def label(self) -> str:
        return _TITLES[self]

    @property
    def personal(self) -> bool:
        """Whether it names a natural person: masked on pages, a keyed value in journals and logs."""
        return self in _PERSONAL


_TITLES: Final = {
    IdentifierKind.USCC: "统一社会信用代码",
    IdentifierKind.ORGANISATION_CODE: "组织机构代码",
    IdentifierKind.REGISTRATION_NUMBER: "工商注册号",
    IdentifierKind.TAX_NUMBER: "税务登记号",
    IdentifierKind.INSTITUTION_NUMBER: "事业单位证书号",
    IdentifierKind.SOCIAL_ORGANISATION_NUMBER: "社会组织登记证号",
    IdentifierKind.RESIDENT_ID: "公民身份号码",
    IdentifierKind.PASSPORT: "护照号码",
    IdentifierKind.MAINLAND_PERMIT_HK_MACAO: "港澳居民来往内地通行证号码",
    IdentifierKind.MAINLAND_PERMIT_TAIWAN: "台湾居民来往大陆通行证号码",
    IdentifierKind.FOREIGN_RESIDENT_CARD: "外国人永久居留身份证号码",
    IdentifierKind.LICENCE_ID: "电子证照标识",
}
_PERSONAL: Final = frozenset(
    {
        IdentifierKind.RESIDENT_ID,
        IdentifierKind.PASSPORT,
        IdentifierKind.MAINLAND_PERMIT_HK_MACAO,
        IdentifierKind.MAINLAND_PERMIT_TAIWAN,
        IdentifierKind.FOREIGN_RESIDENT_CARD,
    }
)
_FORMS: Final = {
    IdentifierKind.INSTITUTION_NUMBER: (re.compile(r"(?:事证第)?[0-9]{12}号?"), "12 位数字，可写作“事证第…号”"),
    IdentifierKind.SOCIAL_ORGANISATION_NUMBER: (re.compile(r"[0-9A-Z一-鿿()〔〕\[\]-]{2,50}"), "2 至 50 个字"),
    IdentifierKind.PASSPORT: (re.compile(r"[A-Z0-9]{5,20}"), "5 至 20 位字母和数字"),
    IdentifierKind.MAINLAND_PERMIT_HK_MACAO: (re.compile(r"[HMC][0-9]{8}(?:[0-9]{2})?"), "H、M 或 C 加 8 或 10 位数字"),
    IdentifierKind.MAINLAND_PERMIT_TAIWAN: (re.compile(r"[0-9]{8}|[0-9]{10}[A-Z]?"), "8 位或 10 位数字"),
    IdentifierKind.FOREIGN_RESIDENT_CARD: (
        re.compile(r"[A-Z]{3}[0-9]{12}|9[0-9]{16}[0-9X]"),
        "3 个字母加 12 位数字，或 9 开头的 18 位",
    ),
}  # fmt: skip
_NOISE: Final = re.compile(r"[\s'`\u200b-\u200f\u2028-\u202f\u2060\ufeff]+")
_DASHES: Final = re.compile(r"[-\u2010-\u2015\u2212]")
_ROUNDED: Final = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{2}")


def clean(text: str) -> str:
    """Half-width, upper case, without spaces, invisible characters and a spreadsheet's leading apostrophe."""
    return _DASHES.sub("-", _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper())


def normalise(kind: IdentifierKind, text: str, *, today: date | None = None) -> str | Problem:
    """The canonical value of `text` as an identifier of `kind`, or why it is none. `today` bounds birth dates."""
    value = clean(text)
    if not value:
        return _problem(kind, "empty", "为空", "请填写，确实没有的请留空并选择其他证件类型")
    if _ROUNDED.fullmatch(value):
        return _problem(
            kind, "rounded", "已被表格软件写成科学计数法，末尾数字已丢失", "请把该列设为文本格式，从原系统重新导出"
        )
    if kind in _FORMS:
        form, hint = _FORMS[kind]
        return value if form.fullmatch(value) else _problem(kind, "form", "格式不符", f"应为{hint}")
    return _CHECKED[kind](value, today)


def region_warning(kind: IdentifierKind, value: str, regions: Collection[str]) -> Problem | None:
    """A warning, never a refusal, when the six region digits of a canonical `value` are in no known region code.

    Pass abolished codes too: numbers keep the code of the day when they were assigned.
    """
    starts = {
        IdentifierKind.USCC: 2,
        IdentifierKind.RESIDENT_ID: 0,
        IdentifierKind.REGISTRATION_NUMBER: 0,
        IdentifierKind.TAX_NUMBER: 2 if len(value) == 18 and checks.uscc_form_valid(value) else 0,
    }
    start = starts.get(kind)
    if start is None or value[start : start + 6] in regions:
        return None
    return _problem(kind, "region", "所含行政区划代码不在已知代码表中", "仅作提示，不影响入库；如确有误请核对原证")


def tax_number_readings(value: str, *, today: date | None = None) -> frozenset[IdentifierKind]:
    """What a canonical tax number may be built on: USCC (18), organisation code (15) or resident ID (15, 17, 18, 20).

    A 15-digit one may allow both readings; where RESIDENT_ID is among them the number is personal data.
    """
    readings = set()
    if checks.uscc_valid(value, today=today):
        readings.add(IdentifierKind.USCC)
    if len(value) == 15 and checks.is_digits(value[:6]) and checks.organisation_code_valid(value[6:]):
        readings.add(IdentifierKind.ORGANISATION_CODE)
    if tax_number_resident_id(value, today=today) is not None:
        readings.add(IdentifierKind.RESIDENT_ID)
    return frozenset(readings)


def tax_number_resident_id(value: str, *, today: date | None = None) -> str | None:
    """The 18-character resident ID that a sole trader's tax number (15, 17, 18 or 20) is built on, or None."""
    has_serial = len(value) in (17, 20)
    if has_serial and not checks.is_digits(value[-2:]):
        return None
    number = value[:-2] if has_serial else value
    if len(number) == 15:
        return checks.resident_id_upgraded(number, today=today)
    return number if checks.resident_id_valid(number, today=today) else None


def _uscc(value: str, today: date | None) -> str | Problem:
    kind = IdentifierKind.USCC
    if checks.resident_id_valid(value, today=today) or checks.resident_id_upgraded(value, today=today):
        return _problem(
            kind, "is_resident_id", "栏中是公民身份号码", "请改填统一社会信用代码；个人的号码只能填在身份号码栏"
        )
    if len(value) != 18:
        return _problem(
            kind, "length", f"应为 18 位，现为 {len(value)} 位", "请核对登记证照；9 位的请填入组织机构代码栏"
        )
    if any(char not in checks.USCC_ALPHABET for char in value):
        return _problem(
            kind,
            "alphabet",
            "含有不允许的字符",
            "只能用数字和除 I、O、S、V、Z 外的大写字母，请检查 0 与 O、1 与 I 是否写混",
        )
    if value[0] == "0" or not checks.is_digits(value[2:8]):
        return _problem(kind, "form", "格式不符", "第 1 位不为 0，第 3 至 8 位应为 6 位数字，请核对登记证照")
    if not checks.uscc_form_valid(value):
        return _problem(kind, "check_digit", "校验位不符", "请逐位核对登记证照")
    return value


def _organisation_code(value: str, today: date | None) -> str | Problem:
    kind = IdentifierKind.ORGANISATION_CODE
    plain = value.replace("-", "")
    if len(plain) != 9 or any(char not in checks.ORGANISATION_ALPHABET for char in plain):
        return _problem(
            kind, "form", "应为 8 位数字或字母加 1 位校验位", "例如 12345678-8；18 位的请填入统一社会信用代码栏"
        )
    if not checks.organisation_code_valid(plain):
        return _problem(kind, "check_digit", "校验位不符", "请逐位核对组织机构代码证")
    return plain


def _registration_number(value: str, today: date | None) -> str | Problem:
    kind = IdentifierKind.REGISTRATION_NUMBER
    if (
        len(value) == 15
        and checks.resident_id_upgraded(value, today=today)
        and not checks.registration_number_valid(value)
    ):
        return _problem(kind, "is_resident_id", "栏中像是 15 位公民身份号码", "请改填营业执照上的注册号")
    if not checks.is_digits(value) or len(value) not in (13, 15) or value.startswith("000000"):
        return _problem(kind, "form", "应为 13 位或 15 位数字", "请核对营业执照；18 位的请填入统一社会信用代码栏")
    if not checks.registration_number_valid(value):
        return _problem(kind, "check_digit", "校验位不符", "请逐位核对营业执照")
    return value


def _tax_number(value: str, today: date | None) -> str | Problem:
    kind = IdentifierKind.TAX_NUMBER
    if len(value) not in (15, 17, 18, 20):
        return _problem(kind, "length", f"应为 15、17、18 或 20 位，现为 {len(value)} 位", "请核对税务登记证")
    if tax_number_readings(value, today=today):
        return value
    return _problem(kind, "form", "既不是区划加组织机构代码，也不含统一社会信用代码或身份号码", "请逐位核对税务登记证")


def _resident_id(value: str, today: date | None) -> str | Problem:
    kind = IdentifierKind.RESIDENT_ID
    if len(value) == 15 and checks.is_digits(value):
        upgraded = checks.resident_id_upgraded(value, today=today)
        return upgraded or _problem(kind, "birth_date", "（15 位）中的出生日期不存在", "请核对身份证件")
    if checks.resident_id_valid(value, today=today):
        return value
    if checks.uscc_form_valid(value) and not _has_birth_date(value):
        return _problem(kind, "is_uscc", "栏中是统一社会信用代码", "请改填个人的公民身份号码")
    if len(value) != 18:
        return _problem(kind, "length", f"应为 18 位（旧号 15 位），现为 {len(value)} 位", "请核对身份证件")
    if not checks.is_digits(value[:17]) or value[17] not in "0123456789X":
        return _problem(kind, "form", "前 17 位应为数字，末位应为数字或 X", "请核对身份证件")
    if checks.resident_check_digit(value[:17]) != value[17]:
        if value.endswith("000"):
            return _problem(
                kind,
                "rounded",
                "末三位为 000 且校验位不符，像是被表格软件舍入",
                "请把该列设为文本格式，从原系统重新导出",
            )
        return _problem(kind, "check_digit", "校验位不符", "请逐位核对身份证件")
    return _problem(kind, "birth_date", "中的出生日期不存在、早于 1880 年或晚于今天", "请核对身份证件")


def _has_birth_date(value: str) -> bool:
    try:
        return checks.resident_birth_date(value) >= checks.EARLIEST_BIRTH
    except ValueError:
        return False


def _licence_id(value: str, today: date | None) -> str | Problem:
    if checks.licence_id_valid(value):
        return value
    return _problem(IdentifierKind.LICENCE_ID, "check_digit", "格式或校验位不符", "请从电子证照文件中重新取得标识")


def _problem(kind: IdentifierKind, rule: str, wrong: str, remedy: str) -> Problem:
    return Problem(f"{kind.value}.{rule}", f"{kind.label}{wrong}", remedy)


_CHECKED: Final[dict[IdentifierKind, Callable[[str, date | None], str | Problem]]] = {
    IdentifierKind.USCC: _uscc,
    IdentifierKind.ORGANISATION_CODE: _organisation_code,
    IdentifierKind.REGISTRATION_NUMBER: _registration_number,
    IdentifierKind.TAX_NUMBER: _tax_number,
    IdentifierKind.RESIDENT_ID: _resident_id,
    IdentifierKind.LICENCE_ID: _licence_id,
}
