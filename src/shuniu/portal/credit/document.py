"""A report as a printed document: the words are laid out by typst, with the vendored fonts and a code to verify by."""

from __future__ import annotations

import io
import json
from pathlib import Path
from urllib.parse import urlsplit

import segno
import typst
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_noop

from shuniu.portal.credit.api import DIGEST_START, Issued
from shuniu.systems.credit.declare import SECTIONS
from shuniu.systems.credit.file import Fact, Report
from shuniu.web.templates import is_demo, site, write_date, write_datetime
from shuniu.web.typeface import FAMILIES, drawable, fonts

TEMPLATE = Path(__file__).parents[1] / "typ" / "report.typ"
NOT_SEALED = gettext_noop("未加盖电子印章")

NOTES = (
    "本报告依据公共信用信息目录归集的信息生成，各条信息由来源单位负责，来源、入库日期和批次写在每条之下。",
    "信息的公开范围和期限按出具之日施行的规定执行；期限届满、已经修复或者撤销的信息不列示，也不作为评价依据。",
    "标有“异议处理中”的信息，其真实性、准确性正在由来源单位核查。",
    "平台不对任何主体作综合评分，不转载来源单位作出的信用评价；查阅信用评价请向作出单位查询。",
    "认为信息有误的，主体可以在平台提出异议，或者向来源单位申请更正；符合条件的，可以申请信用修复。",
)


def public_url(path: str) -> str:
    """An address of this instance as people outside reach it."""
    return str(settings.PUBLIC_URL).rstrip("/") + path


def verify_url(number: str, digest: str) -> str:
    """Where a report is verified: what its code leads to."""
    return public_url(reverse("portal:report_verify")) + f"?number={number}&digest={digest[:DIGEST_START]}"


def pdf(issued: Issued) -> bytes:
    """The report as PDF: the same bytes for the same report and number."""
    data = json.dumps(_data(issued), ensure_ascii=False)
    made = typst.compile(
        TEMPLATE,
        format="pdf",
        font_paths=fonts(),
        sys_inputs={"data": data},
        timestamp=int(issued.report.at.timestamp()),
    )
    return bytes(made)


def qr(address: str) -> str:
    """A QR code as SVG."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", xmldecl=False, omitsize=True, border=2, dark="#16202c")
    return out.getvalue().decode()


def _data(issued: Issued) -> dict[str, object]:
    made = issued.report
    url = verify_url(issued.number, issued.digest)
    return {
        "title": "公共信用信息报告",
        "viewer": made.viewer.title,
        "fonts": list(FAMILIES),
        "demo": is_demo(),
        "number": issued.number,
        "digest": issued.digest,
        "issuer": issuer(),
        "name": drawable(made.header.name),
        "cover": _cover(issued),
        "seal": NOT_SEALED,
        "qr": qr(url),
        "verify_host": urlsplit(url).netloc,
        "notes": NOTES,
        "base": [
            ["主体名称", drawable(made.header.name)],
            *_code(made),
            *([one.title, drawable(one.text)] for one in made.lines),
        ],
        "counts": counts(made),
        "sections": [
            {"title": SECTIONS[key], "facts": [_fact(fact) for fact in facts]}
            for key, facts in made.sections.items()
            if facts
        ],
        "empty": "、".join(SECTIONS[key] for key, facts in made.sections.items() if not facts),
        "elsewhere": [[name, words] for _, name, words in made.elsewhere] + _ratings(made),
    }


def issuer() -> str:
    """Who gives reports out: the site's sponsor, else the site."""
    return site().sponsor or site().name


def _cover(issued: Issued) -> list[list[str]]:
    made = issued.report
    purpose = [["查询用途", made.purpose.title]] if made.purpose else []
    return [
        ["报告编号", issued.number],
        ["主体名称", drawable(made.header.name)],
        *_code(made),
        ["生成时间", write_datetime(made.at)],
        *purpose,
        ["出具单位", issuer()],
    ]


def _code(made: Report) -> list[list[str]]:
    return [["统一社会信用代码", made.header.code]] if made.header.code else []


def _ratings(made: Report) -> list[list[str]]:
    if not made.ratings:
        return []
    named = "、".join(f"{title}（{agency}）" for agency, title in made.ratings)
    return [["来源单位的信用评价", f"{named}：由来源单位作出，平台只编目，请向来源单位查询。"]]


def counts(made: Report) -> list[tuple[str, int, int]]:
    """The overview: per section its title, how many classes have facts, how many facts."""
    return [
        (SECTIONS[key], len({fact.seen_as.resource.key for fact in facts}), len(facts))
        for key, facts in made.sections.items()
    ]


def _fact(fact: Fact) -> dict[str, object]:
    until = f"　公示至 {write_date(fact.until)}" if fact.until else ""
    changed = "；".join(f"{write_date(day)} 第 {batch} 批次变更" for day, batch in fact.changes)
    return {
        "title": drawable(fact.seen_as.resource.title),
        "mark": "异议处理中" if fact.disputed else "",
        "items": [[drawable(title), drawable(text)] for title, text in fact.items],
        "source": drawable(
            f"来源：{fact.seen_as.agency_name} · {write_date(fact.recorded)} 入库 · 第 {fact.batch} 批次{until}"
            + (f"　{changed}" if changed else "")
        ),
    }
