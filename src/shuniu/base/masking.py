"""Hiding what identifies a natural person: single values by kind, and any such value in running text.

A single value's mask keeps what a clerk needs to tell two records apart and no more; what cannot be read as its kind
is hidden whole. The running-text mask hides whole and errs on the side of hiding (个人信息保护法;
政府信息公开条例 art. 15).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from shuniu.base.identifiers import clean
from shuniu.base.identifiers.checks import EARLIEST_BIRTH, resident_birth_date, uscc_form_valid

HIDDEN_RESIDENT_ID: Final = "［身份号码已隐去］"
HIDDEN_PHONE: Final = "［电话已隐去］"
HIDDEN_ACCOUNT: Final = "［账号已隐去］"
HIDDEN_EMAIL: Final = "［邮箱已隐去］"
HIDDEN_ADDRESS: Final = "［地址已隐去］"

_COMPOUND_SURNAMES: Final = {
    "欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "诸葛",
    "尉迟", "公羊", "赫连", "澹台", "皇甫", "宗政", "濮阳", "公冶", "太叔", "申屠", "公孙", "慕容",
    "仲孙", "钟离", "长孙", "宇文", "司徒", "鲜于", "司空", "闾丘", "令狐", "百里", "呼延", "东郭",
    "南门", "羊舌", "微生", "左丘", "西门", "第五",
}  # fmt: skip
_AREA: Final = r"[^\d路街巷道镇乡村号区县市省]"
_TO_COUNTY: Final = re.compile(
    rf"(?:{_AREA}{{2,8}}?(?:省|自治区|特别行政区))?(?:{_AREA}{{1,10}}?(?:自治州|地区|市|盟))?"
    rf"(?:{_AREA}{{1,10}}?(?:县|区|旗|市))?"
)

# \d is any script's digit, full-width too; people put spaces, dots and dashes of any width between digits.
_GAP: Final = r"[\s\u200b-\u200f\u2060\ufeff.·•\-－‐-―_]{0,2}+"
_END: Final = r"(?!\d)"
_RESIDENT: Final = re.compile(rf"(?<!\d)(?:\d(?:{_GAP}\d){{16}}{_GAP}[\dxXｘＸ×]|\d(?:{_GAP}\d){{14}}){_END}")
_ACCOUNT: Final = re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{15,18}}{_END}")
_COUNTRY: Final = rf"(?:(?:[+＋]|[0０]{{2}})?[8８][6６][)）]?{_GAP})?"
_MOBILE: Final = re.compile(rf"(?<!\d){_COUNTRY}[1１]{_GAP}[3-9３-９](?:{_GAP}\d){{9}}{_END}")
_EXTENSION: Final = r"(?:\s?(?:转|分机|-|－)\s?\d{1,5})?"
_LOCAL: Final = rf"[2-9２-９](?:{_GAP}\d){{6,7}}{_EXTENSION}{_END}"
_CALLED: Final = r"(?:(?<=电话)|(?<=座机)|(?<=手机)|(?<=号码)|(?<=传真)|(?<=致电))[\s:：为是]{0,4}"
_LANDLINE: Final = re.compile(rf"(?<!\d)[(（]?\s?[0０]\d{{2,3}}\s?[)）]?{_GAP}{_LOCAL}|{_CALLED}{_LOCAL}")
_MAILBOX: Final = r"[A-Za-z0-9_.%+\-０-９Ａ-Ｚａ-ｚ．－＿]{1,64}+\s?(?:[@＠]|[(（\[]at[)）\]])\s?"
_HOST: Final = r"(?:[A-Za-z0-9０-９Ａ-Ｚａ-ｚ\-]{1,63}+\s?[.．。]\s?){1,5}[A-Za-zＡ-Ｚａ-ｚ]{2,}"
_EMAIL: Final = re.compile(_MAILBOX + _HOST)
_AT: Final = re.compile("[@＠]|at")
_DIGIT: Final = re.compile(r"\d")
_FEWEST_DIGITS: Final = 7
"""No number that is hidden has fewer: a local telephone number."""

# A place name's character: words that lead up to an address (住在…) are not part of it.
_PLACE: Final = r"(?:(?![住在于到至是为的址往从将])[一-鿿㐀-䶿𠀀-𲎯]\s?)"
_REGION: Final = rf"(?>{_PLACE}{{1,9}}?(?:自治区|自治州|省|市|州|县|区|旗|盟)\s?)"
_STREET: Final = (
    rf"(?>{_PLACE}{{0,10}}?(?:大道|大街|公路|胡同|花园|新村|街道|大厦|广场|公寓|宿舍|路|街|巷|村|镇|乡|寨|屯)\s?)"
)
_HAMLET: Final = rf"(?>{_PLACE}{{1,10}}?(?:里|弄|园|苑|坊|湾|冲|院|塘|坡|庄|城|府|屋场)\s?)"
_ORDINAL: Final = r"[甲乙丙丁]?\d{1,6}(?:[-－—]\d{1,6}){0,3}|[一二三四五六七八九十百〇零两]{1,6}|[甲乙丙丁东西南北]"
_COUNT: Final = rf"(?:{_ORDINAL}|[A-Za-zＡ-Ｚａ-ｚ]\d{{0,4}})"
_MEASURE: Final = r"(?:号院|号楼|号房|村民小组|小组|门牌|单元|号|組|组|栋|幢|座|楼|层|室|房|户|弄|队|社)"
_DASHED: Final = r"(?<!\d)\d{1,3}(?:[-－—]\d{1,5}){1,3}(?!\d)"
_UNIT: Final = rf"(?>(?:第|附)?{_COUNT}\s?{_MEASURE}[\s,，、]?|{_DASHED})"
_LAST: Final = r"(?:[-－—]?\d{1,5}(?!\d|[年月日元人名次份]))?"
_ADDRESS: Final = re.compile(
    rf"(?:{_REGION}{{1,4}}+)?{_STREET}{{1,3}}+(?<=村){_PLACE}{{1,6}}?组(?!织){_UNIT}*+"
    rf"|{_REGION}{{1,4}}+{_STREET}{{1,3}}+{_UNIT}*+{_LAST}"
    rf"|{_REGION}{{1,4}}+{_HAMLET}{{0,2}}+{_UNIT}++{_LAST}"
    rf"|(?:{_STREET}|{_HAMLET}){{1,3}}+{_UNIT}++{_LAST}"
    rf"|{_UNIT}{{2,}}+{_LAST}"
)
_STATED_ADDRESS: Final = re.compile(
    r"((?:住址|地址|住所地|住所|住处|户籍所在地|户籍地|户籍|居住地)[于在为是:：\s]{1,4}+|家住|现住|租住|暂住|住在|住于|居住于)"
    r"[^，。；;\n,［]{4,80}"
)


def mask_resident_id(text: str) -> str:
    """430102********0012 for 18 characters, 430102******012 for 15; hidden whole otherwise."""
    value = clean(text)
    if re.fullmatch(r"[0-9]{15}|[0-9]{17}[0-9X]", value) is None:
        return "*" * len(text)
    tail = 4 if len(value) == 18 else 3
    return value[:6] + "*" * (len(value) - 6 - tail) + value[-tail:]


def mask_phone(text: str) -> str:
    """138****1234 for a mobile number, 0731-****1234 for a landline with area code; hidden whole otherwise."""
    value = re.sub(r"[-()]", "", clean(text))
    if re.fullmatch(r"(?:\+?86)?1[3-9][0-9]{9}", value):
        return f"{value[-11:-8]}****{value[-4:]}"
    area = re.fullmatch(r"(010|02[0-9]|0[3-9][0-9]{2})([0-9]{3,4})([0-9]{4})", value)
    return f"{area[1]}-****{area[3]}" if area else "*" * len(text)


def mask_name(text: str) -> str:
    """张* for 张三, 张** for 张三丰, 欧阳** for 欧阳娜娜: the surname, and at most two stars."""
    value = unicodedata.normalize("NFKC", text).strip()
    kept = 2 if len(value) > 2 and value[:2] in _COMPOUND_SURNAMES else 1
    return value[:kept] + "*" * min(max(len(value) - kept, 1), 2)


def mask_address(text: str) -> str:
    """The address down to county or district, the rest as ****; all of it when no region can be read."""
    found = _TO_COUNTY.match(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    return (found[0] if found else "") + "****"


def mask_bank_account(text: str) -> str:
    """The last four digits of 12 or more; hidden whole otherwise."""
    value = clean(text)
    return "*" * (len(value) - 4) + value[-4:] if re.fullmatch("[0-9]{12,30}", value) else "*" * len(text)


def mask_free_text(text: str) -> str:
    """Running text without resident IDs, phone and account numbers, e-mail and postal addresses, however spaced.

    An 18-digit unified social credit code stays, being public, unless it could be read as a resident ID.
    """
    numbers = len(_DIGIT.findall(text)) >= _FEWEST_DIGITS  # few texts hold any: each pattern costs more than the count
    if numbers:
        text = _RESIDENT.sub(lambda found: _unless_public(found[0], HIDDEN_RESIDENT_ID), text)
    if _AT.search(text):
        text = _EMAIL.sub(HIDDEN_EMAIL, text)
    if numbers:
        text = _MOBILE.sub(HIDDEN_PHONE, text)
        text = _LANDLINE.sub(HIDDEN_PHONE, text)
        text = _ACCOUNT.sub(lambda found: _unless_public(found[0], HIDDEN_ACCOUNT), text)
    text = _ADDRESS.sub(HIDDEN_ADDRESS, text)
    return _STATED_ADDRESS.sub(rf"\1{HIDDEN_ADDRESS}", text)


def _unless_public(number: str, hidden: str) -> str:
    value = clean(number)
    if not uscc_form_valid(value):
        return hidden
    try:
        born = resident_birth_date(value)
    except ValueError:
        return number
    return hidden if born >= EARLIEST_BIRTH else number
