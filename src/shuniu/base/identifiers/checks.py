"""Check digits and parts of Chinese identifiers, on canonical text: half-width, upper case, no spaces, no hyphens.

Sources: GB 32100-2015 (unified social credit code), GB 11714-1997 (organisation code), GB 11643-1999 (resident ID),
GS 15-2006 (business registration number), GB/T 17710 (ISO 7064 systems), GB/T 36904-2018 (e-licence), GB/T 2260 and
GB/T 10114 (region codes). The tables are public because the column checks are made from the same ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS: Final = tuple(pow(3, i, 31) for i in range(17))
ORGANISATION_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_WEIGHTS: Final = tuple(pow(2, 17 - i, 11) for i in range(17))
RESIDENT_CHECKS: Final = "10X98765432"
EARLIEST_BIRTH: Final = date(1880, 1, 1)
LICENCE_ROOT: Final = "1.2.156.3005.2."

# `0` can begin no code: otherwise eighteen zeros, a common filler, would pass its own check digit.
# [0-9] throughout, because \d takes the digits of any script.
_USCC: Final = re.compile(f"[{USCC_ALPHABET[1:]}][{USCC_ALPHABET}][0-9]{{6}}[{USCC_ALPHABET}]{{10}}")
_RESIDENT: Final = re.compile(r"[0-9]{17}[0-9X]")
_LICENCE: Final = re.compile(r"[0-9A-Z]{21}\.[0-9A-Z]+\.[0-9A-Z]+\.[0-9]{3}\.[0-9A-Z]")

AUTHORITIES: Final = {
    "1": "机构编制", "2": "外交", "3": "司法行政", "4": "文化", "5": "民政", "6": "旅游", "7": "宗教", "8": "工会",
    "9": "市场监督管理", "A": "军队", "N": "农业农村", "Y": "其他",
}  # fmt: skip
CATEGORIES: Final = {
    "11": "机关", "12": "事业单位", "13": "编办直接管理机构编制的群众团体", "31": "律师执业机构", "32": "公证处",
    "33": "基层法律服务所", "34": "司法鉴定机构", "35": "仲裁委员会", "51": "社会团体", "52": "民办非企业单位",
    "53": "基金会", "54": "村民委员会或居民委员会", "55": "村民委员会或居民委员会", "71": "宗教活动场所",
    "72": "宗教院校", "81": "基层工会", "91": "企业", "92": "个体工商户", "93": "农民专业合作社",
    "N1": "组级集体经济组织", "N2": "村级集体经济组织", "N3": "乡镇级集体经济组织",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UsccParts:
    """The five parts of a unified social credit code, with Chinese titles (`其他` for a prefix not in the table)."""

    authority: str
    authority_title: str
    category: str
    category_title: str
    region: str
    organisation_code: str
    check_digit: str


def uscc_check_digit(body17: str) -> str:
    """The 18th character for the first 17 (GB 32100-2015). Raises ValueError on a wrong length or character."""
    if len(body17) != 17 or any(char not in USCC_ALPHABET for char in body17):
        raise ValueError("a USCC body is 17 characters of the 31-character alphabet")
    total = sum(USCC_ALPHABET.index(char) * weight for char, weight in zip(body17, USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def uscc_form_valid(code: str) -> bool:
    """Alphabet, length, six region digits and check digit. One resident ID in 31 with such a check passes this."""
    return _USCC.fullmatch(code) is not None and uscc_check_digit(code[:17]) == code[17]


def uscc_valid(code: str, *, today: date | None = None) -> bool:
    """A unified social credit code that cannot be taken for a resident ID: those must never enter a public field.

    Every authority prefix is allowed (N*, A*, Y* too) and the region is not looked up: authorities have numbers
    outside GB/T 2260.
    """
    return uscc_form_valid(code) and not resident_id_valid(code, today=today)


def uscc_parts(code: str) -> UsccParts:
    """Split a valid code. Raises ValueError when the form or the check digit is wrong."""
    if not uscc_form_valid(code):
        raise ValueError("not a unified social credit code")
    authority, category = code[0], code[:2]
    return UsccParts(
        authority=authority,
        authority_title=AUTHORITIES.get(authority, "其他"),
        category=category,
        category_title=CATEGORIES.get(category, "其他"),
        region=code[2:8],
        organisation_code=code[8:17],
        check_digit=code[17],
    )


def organisation_check_digit(body8: str) -> str:
    """The ninth character of an organisation code (GB 11714-1997). Raises ValueError on a wrong length or character."""
    if len(body8) != 8 or any(char not in ORGANISATION_ALPHABET for char in body8):
        raise ValueError("an organisation code body is 8 characters 0-9 A-Z")
    weighted = zip(body8, ORGANISATION_WEIGHTS, strict=True)
    return "0123456789X"[-sum(ORGANISATION_ALPHABET.index(char) * weight for char, weight in weighted) % 11]


def organisation_code_valid(code: str) -> bool:
    """Nine characters, or eight, a hyphen and one. Nine zeros are a filler, not a code."""
    plain = code[:8] + code[9:] if len(code) == 10 and code[8] == "-" else code
    if len(plain) != 9 or plain == "0" * 9 or any(char not in ORGANISATION_ALPHABET for char in plain):
        return False
    return organisation_check_digit(plain[:8]) == plain[8]


def registration_check_digit(body14: str) -> str:
    """The 15th digit of a business registration number (ISO 7064 MOD 11,10). Raises ValueError unless 14 digits."""
    if len(body14) != 14 or not is_digits(body14):
        raise ValueError("a registration number body is 14 digits")
    product = 10
    for char in body14:
        product = ((product + int(char)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def registration_number_valid(code: str) -> bool:
    """13 digits (before 2007, no check digit) or 15 digits with one; the first six are the authority, never zeros."""
    if not is_digits(code) or len(code) not in (13, 15) or code.startswith("000000"):
        return False
    return len(code) == 13 or registration_check_digit(code[:14]) == code[14]


def resident_check_digit(body17: str) -> str:
    """The 18th character of a resident ID (GB 11643-1999). Raises ValueError unless 17 digits."""
    if len(body17) != 17 or not is_digits(body17):
        raise ValueError("a resident ID body is 17 digits")
    return RESIDENT_CHECKS[sum(int(char) * weight for char, weight in zip(body17, RESIDENT_WEIGHTS, strict=True)) % 11]


def resident_id_valid(code: str, *, today: date | None = None) -> bool:
    """An 18-character resident ID: digits, a birth date from 1880 to today, check digit.

    The region is not looked up: a number keeps the region code that was in force when it was assigned.
    """
    if _RESIDENT.fullmatch(code) is None or resident_check_digit(code[:17]) != code[17]:
        return False
    born = _day(code[6:14])
    return born is not None and EARLIEST_BIRTH <= born <= (today or date.today())


def resident_id_upgraded(code15: str, *, today: date | None = None) -> str | None:
    """The 18-character form of a 15-digit resident ID (born 19xx), or None when it is not one."""
    if len(code15) != 15 or not is_digits(code15):
        return None
    body = code15[:6] + "19" + code15[6:]
    code = body + resident_check_digit(body)
    return code if resident_id_valid(code, today=today) else None


def resident_birth_date(code: str) -> date:
    """The birth date in an 18-character resident ID. Raises ValueError when there is none."""
    born = _day(code[6:14]) if len(code) == 18 else None
    if born is None:
        raise ValueError("no birth date in this number")
    return born


def resident_sex(code: str) -> Literal["1", "2"]:
    """The GB/T 2261.1 code in an 18-character resident ID: 1 male (17th digit odd), 2 female.

    Raises ValueError when the 17th character is no digit.
    """
    return "1" if int(code[16]) % 2 else "2"


def region_code_valid(code: str) -> bool:
    """Syntax of a region code: 2, 4, 6, 9 or 12 digits (province, city, county, town, village). Not a look-up."""
    return is_digits(code) and len(code) in (2, 4, 6, 9, 12) and code[0] != "0"


def region_level(code: str) -> int:
    """1 province, 2 city, 3 county, 4 town, 5 village; trailing zeros mean a higher level. Raises ValueError."""
    if not region_code_valid(code):
        raise ValueError("a region code has 2, 4, 6, 9 or 12 digits")
    full = code.ljust(12, "0")
    for level, (start, end) in ((5, (9, 12)), (4, (6, 9)), (3, (4, 6)), (2, (2, 4))):
        if full[start:end].strip("0"):
            return level
    return 1


def mod_37_36_check_digit(body: str) -> str:
    """ISO 7064 MOD 37,36 over 0-9 A-Z. Raises ValueError on an empty body or another character."""
    if not body or any(char not in ORGANISATION_ALPHABET for char in body):
        raise ValueError("MOD 37,36 runs over 0-9 A-Z")
    product = 36
    for char in body:
        product = ((product + ORGANISATION_ALPHABET.index(char)) % 36 or 36) * 2 % 37
    return ORGANISATION_ALPHABET[(37 - product) % 36]


def licence_id_valid(code: str) -> bool:
    """An e-licence identifier (GB/T 36904-2018): root, type (21), issuer, serial, version (3 digits), check.

    The issuer may be shorter than 18 characters: such codes are in use.
    """
    if not code.startswith(LICENCE_ROOT) or _LICENCE.fullmatch(code[len(LICENCE_ROOT) :]) is None:
        return False
    body = code[len(LICENCE_ROOT) :].replace(".", "")
    return mod_37_36_check_digit(body[:-1]) == body[-1]


def is_digits(text: str) -> bool:
    """ASCII digits and at least one (str.isdigit also takes other scripts and superscripts)."""
    return text.isascii() and text.isdigit()


def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None
