"""发文字号: how a document number is written, read, and given."""

from __future__ import annotations

import re

from shuniu.cases.declare.document import DocumentNumber
from shuniu.trust.declare import Refused

FORMAT = re.compile(r"^([\u4e00-\u9fa5]{1,20})〔((?:19|20)\d{2})〕([1-9]\d{0,4})号$", re.ASCII)
"""GB/T 9704-2012, 7.2.5: brackets U+3014 and U+3015, four digits of the year, no 第, no leading zeros."""


def read(text: str) -> DocumentNumber:
    """A number as it is written. Raises Refused (documents.number), saying what is wrong."""
    found = FORMAT.fullmatch(text)
    if found is None:
        raise Refused(
            "documents.number",
            f"“{text}”不是规范的发文字号：{_wrong(text)}。",
            "请写成“机关代字〔年份〕序号号”，例如“湘政办发〔2026〕12号”。",
        )
    return DocumentNumber(found[1], int(found[2]), int(found[3]))


def _wrong(text: str) -> str:
    if re.search(r"[\[(（【［]", text):
        return "年份应当用六角括号〔〕括起"
    if "第" in text:
        return "序号前不加“第”字"
    if re.search(r"〕0", text):
        return "序号不编虚位，1 不写作 01"
    return "应当由机关代字、年份、序号组成"
