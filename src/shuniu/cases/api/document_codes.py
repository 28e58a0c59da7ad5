"""机关代字: which agency numbers its documents by which; kept by who watches over all, so that none takes another's.

Source: GB/T 9704-2012, 7.2.5 (发文字号: 发文机关代字、年份、发文顺序号).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from django.db.models import Q
from django.utils import timezone

from shuniu.cases.declare.document import Code
from shuniu.cases.models import DocumentCode
from shuniu.directory import api as directory
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

_WORDS: Final = re.compile(r"[\u4e00-\u9fa5]{2,20}")


def codes_of(agency: str, on: date | None = None) -> tuple[str, ...]:
    """The 机关代字 of an agency on a day (default today), by their words."""
    day = on or timezone.localdate()
    held = DocumentCode.objects.filter(Q(until=None) | Q(until__gt=day), agency=agency, since__lte=day)
    return tuple(held.order_by("code").values_list("code", flat=True))


def check(code: str, agency: str) -> None:
    """Refuse a 机关代字 that is not this agency's today. Raises Refused documents.code."""
    if code not in (own := codes_of(agency)):
        raise Refused(
            "documents.code",
            f"“{code}”不是本单位的机关代字。",
            f"请从{'、'.join(f'“{one}”' for one in own)}中选择。" if own else "请省级平台主管先为本单位登记机关代字。",
        )


@verb("cases.list_codes", "查看机关代字", reads=True)
def list_codes(*, actor: Actor) -> tuple[Code, ...]:
    """Every 机关代字 that was given, those in use first, by their words."""
    require()
    rows = DocumentCode.objects.order_by("until", "code", "since")
    found = [Code(one.code, one.agency, one.since, one.until) for one in rows]
    record("document_codes", detail={"rows": len(found)})
    return tuple(sorted(found, key=lambda one: one.until is not None))


@verb("cases.give_code", "登记机关代字")
def give_code(*, actor: Actor, agency: str, code: str, since: date | None = None) -> None:
    """Give an agency a 机关代字 from a day on (default today).

    Raises Refused documents.code_words, documents.agency, documents.code_held (another's, or its own already).
    """
    require()
    since = since or timezone.localdate()
    if _WORDS.fullmatch(code) is None:
        raise Refused("documents.code_words", f"“{code}”不能作机关代字。", "请写 2 至 20 个汉字，例如“湘市监发”。")
    if agency not in {one.key for one in directory.agencies()}:
        raise Refused("documents.agency", f"没有单位 {agency}。", "请从单位列表中选择。")
    last = DocumentCode.objects.select_for_update().filter(code=code).order_by("-since", "-pk").first()
    if last is not None and (last.until is None or last.until > since):
        held = directory.agency(last.agency)
        ended = f"，到 {last.until.isoformat()} 停用" if last.until else ""
        raise Refused(
            "documents.code_held",
            f"“{code}”已是{held.name if held else last.agency}的机关代字{ended}。",
            "一个代字同时只归一个单位；划转的，请先停用再登记。",
        )
    DocumentCode.objects.create(code=code, agency=agency, since=since, at=timezone.now(), person_name=actor.name)
    record(f"document_code:{code}", detail={"agency": agency, "since": since.isoformat()})


@verb("cases.end_code", "停用机关代字")
def end_code(*, actor: Actor, code: str) -> None:
    """Put a 机关代字 out of use from today on; what was numbered by it keeps its number. Raises Refused documents.code."""
    require()
    row = DocumentCode.objects.select_for_update().filter(code=code, until=None).first()
    if row is None:
        raise Refused("documents.code", f"没有使用中的机关代字“{code}”。", "请刷新后查看现在的登记。")
    row.until = max(timezone.localdate(), row.since)
    row.save(update_fields=["until"])
    record(f"document_code:{code}", detail={"agency": row.agency, "until": row.until.isoformat()})
