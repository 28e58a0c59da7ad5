"""Reading a question strictly: one canonical form of its headers, so that what was signed can be written again from little,
and one shape of its body. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from shuniu.base.errors import Problem
from shuniu.base.identifiers import IdentifierKind, normalise
from shuniu.exchange.gateway.declare import OFFICER, TOKEN, Purpose
from shuniu.exchange.gateway.rules import Limits
from shuniu.trust.declare import Refused
from shuniu.trust.messages import COVERED, Described

_NONCE = re.compile(r"[0-9a-f]{16}")
_PURPOSE = re.compile(r"([a-z][a-z_]{0,39})(?:/(case:[0-9A-Za-z_\-]{1,40}))?")
_TOKEN = re.compile(r"[0-9A-Za-z_\-]{8,64}")
_OFFICER = re.compile(r"officer:([1-9][0-9]{0,17})")
_ITEM = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,58}")
_SHAPE = '请求体应为 {"identifiers": [{"kind": "uscc", "value": "…"}], "items": ["…"]}，items 可以不写。'


def components(headers: Mapping[str, str]) -> tuple[str, ...]:
    """What a request with these headers signs, in this order."""
    return (*COVERED, *(name for name in (OFFICER, TOKEN) if name in headers))


def signed_text(names: tuple[str, ...], created: int, nonce: str, key_id: str) -> str:
    """The value of @signature-params in its one form."""
    listed = " ".join(f'"{name}"' for name in names)
    return f'({listed});created={created};nonce="{nonce}";keyid="{key_id}"'


def check_canonical(said: Described, headers: Mapping[str, str]) -> None:
    """Raises Refused gateway.canonical for a signature that is described in any other way."""
    if not _NONCE.fullmatch(said.nonce) or said.text != signed_text(
        components(headers), said.created, said.nonce, said.key_id
    ):
        raise Refused(
            "gateway.canonical",
            "签名说明不是规定的写法。",
            "Signature-Input 依次列出规定的各项和 created、nonce（16 位小写十六进制）、keyid，不写别的；见接入指南。",
        )


def purpose_of(header: str, limits: Limits) -> Purpose:
    """The purpose that a header names. Raises Refused gateway.purpose."""
    found = _PURPOSE.fullmatch(header)
    if found is None:
        raise _refused(
            "purpose", "没有写明查询用途。", "请在 Shuniu-Purpose 中写用途代码，或者 用途代码/case:办件编号。"
        )
    purpose = Purpose(found[1], found[2] or "")
    if purpose.key in limits.cases and not purpose.matter:
        raise _refused("purpose", "这一用途须写明在办的办件。", "请写作 用途代码/case:办件编号。")
    return purpose


def officer_of(header: str | None) -> int | None:
    """The account number of the officer that a header names. Raises Refused gateway.officer."""
    if header is None:
        return None
    found = _OFFICER.fullmatch(header)
    if found is None:
        raise _refused("officer", "查询人员的编号不对。", "请写作 officer:编号，即平台上该人员的账号编号。")
    return int(found[1])


def token_of(header: str | None) -> str:
    """The idempotency key, '' for none. Raises Refused gateway.token."""
    if header is None:
        return ""
    if not _TOKEN.fullmatch(header):
        raise _refused("token", "幂等键不合格式。", "请用 8 至 64 个字母、数字、连字符或下划线，每次新的查询换一个。")
    return header


def body_of(data: bytes, limits: Limits) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """The identifiers and the items that a body asks for. Raises Refused gateway.json, gateway.identifier, gateway.batch."""
    try:
        said = json.loads(data.decode(), object_pairs_hook=once, parse_constant=never)
    except (ValueError, RecursionError) as error:
        raise _refused(
            "json", "请求体不是 UTF-8 编码、格式正确的 JSON，或者有重复的名称、层次过深。", _SHAPE
        ) from error
    if not isinstance(said, dict) or not {"identifiers"} <= set(said) <= {"identifiers", "items"}:
        raise _refused("json", "请求体的内容不对。", _SHAPE)
    identifiers, items = said["identifiers"], said.get("items", [])
    if not isinstance(identifiers, list) or not isinstance(items, list):
        raise _refused("json", "请求体的内容不对。", _SHAPE)
    if not 1 <= len(identifiers) <= limits.batch:
        raise _refused("batch", f"一次应查询 1 至 {limits.batch} 个主体。", "请分批查询。")
    if len(items) > len(set(map(str, items))) or not all(
        isinstance(one, str) and _ITEM.fullmatch(one) for one in items
    ):
        raise _refused("json", "items 应为不重复的信息项名称。", _SHAPE)
    return tuple(dict.fromkeys(_identifier(one) for one in identifiers)), tuple(items)


def _identifier(said: object) -> tuple[str, str]:
    if isinstance(said, dict) and set(said) == {"kind", "value"}:
        kind, value = said["kind"], said["value"]
        if isinstance(kind, str) and isinstance(value, str) and kind in _KINDS and len(value) <= 100:
            found = normalise(_KINDS[kind], value)
            if not isinstance(found, Problem):
                return kind, found
    raise _refused("identifier", "主体标识不对。", "kind 写标识种类（如 uscc、resident_id），value 写格式正确的号码。")


_KINDS = {kind.value: kind for kind in IdentifierKind}


def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is repeated")
    return found


def never(constant: str) -> object:
    raise ValueError(constant)


def _refused(rule: str, message: str, remedy: str) -> Refused:
    return Refused(f"gateway.{rule}", message, remedy)
