"""Online entry of single records: one row, made into the file that a department would have sent, and delivered as such."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from shuniu.catalogue.declare import Resource
from shuniu.trust.declare import Refused


def record_file(resource: Resource, values: Mapping[str, str]) -> bytes:
    """A file of one row under the resource's own headings. Raises `Refused` entry.item, entry.empty."""
    known = {item.name for item in resource.items}
    unknown = sorted(set(values) - known)
    if unknown:
        raise Refused("entry.item", f"“{resource.title}”没有信息项“{unknown[0]}”。", "请使用本资源的录入页面。")
    if not any(value.strip() for value in values.values()):
        raise Refused("entry.empty", "一项都没有填写。", "请至少填写必填项。")
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow([item.title for item in resource.items])
    writer.writerow([values.get(item.name, "") for item in resource.items])
    return text.getvalue().encode()
