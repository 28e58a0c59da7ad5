"""What an entry of the journal keeps beside its act, in words: for the auditor, who reads Chinese and no JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shuniu.trust.declare import Json

_WORDS = {
    "account": gettext_noop("账号"),
    "agency": gettext_noop("单位"),
    "agreement": gettext_noop("共享协议"),
    "amount": gettext_noop("金额"),
    "answer": gettext_noop("答复"),
    "batch": gettext_noop("批次"),
    "bytes": gettext_noop("字节数"),
    "case": gettext_noop("办件"),
    "cases": gettext_noop("办件数"),
    "channel": gettext_noop("渠道"),
    "consumer": gettext_noop("使用单位"),
    "day": gettext_noop("日期"),
    "deliveries": gettext_noop("投递数"),
    "digest": gettext_noop("摘要值"),
    "factor": gettext_noop("第二因素"),
    "files": gettext_noop("文件数"),
    "item": gettext_noop("事项"),
    "items": gettext_noop("信息项"),
    "key": gettext_noop("密钥编号"),
    "kind": gettext_noop("种类"),
    "month": gettext_noop("月份"),
    "notices": gettext_noop("通知数"),
    "number": gettext_noop("编号"),
    "origin": gettext_noop("来源地址"),
    "outcome": gettext_noop("结果"),
    "owner": gettext_noop("提供单位"),
    "page": gettext_noop("页"),
    "period": gettext_noop("所属期"),
    "person": gettext_noop("人员"),
    "post": gettext_noop("岗位"),
    "posts": gettext_noop("岗位"),
    "purpose": gettext_noop("用途"),
    "reason": gettext_noop("理由"),
    "region": gettext_noop("区划"),
    "regions": gettext_noop("区划"),
    "resource": gettext_noop("资源"),
    "resources": gettext_noop("资源数"),
    "role": gettext_noop("角色"),
    "rows": gettext_noop("行数"),
    "rule": gettext_noop("规则"),
    "scope": gettext_noop("范围"),
    "shown": gettext_noop("列出条数"),
    "since": gettext_noop("自"),
    "size": gettext_noop("大小"),
    "stage": gettext_noop("环节"),
    "state": gettext_noop("状态"),
    "task": gettext_noop("任务"),
    "title": gettext_noop("名称"),
    "until": gettext_noop("至"),
    "version": gettext_noop("版本"),
    "viewer": gettext_noop("查看身份"),
}
"""The commonest of what verbs keep; another is shown by the name under which it stands in the entry and its proof."""


def detail_words(detail: Mapping[str, Json]) -> str:
    """An entry's detail as one line: what it is, colon, its value without quotation marks and brackets."""
    said = (
        (_(_WORDS[key]) if key in _WORDS else key, value) for key, value in detail.items() if value not in ("", None)
    )
    return _("；").join(word + _("：") + _value(value) for word, value in said)


def _value(value: Json) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _("、").join(map(_value, value)) or "—"
    if isinstance(value, dict):
        return _("，").join(f"{key} {_value(one)}" for key, one in value.items()) or "—"
    return value if isinstance(value, str) else json.dumps(value)
