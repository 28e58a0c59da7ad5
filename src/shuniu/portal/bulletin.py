"""The month's 通报 as files to send: a PDF laid out by typst and a workbook, both from the report the page shows."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import typst
import xlsxwriter
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shuniu.exchange.api.grading import AgencyMonth, MonthlyReport, ResourceMonth
from shuniu.portal.credit.document import NOT_SEALED, issuer
from shuniu.web.templates import is_demo, write_date, write_number
from shuniu.web.typeface import FAMILIES, drawable, fonts

TEMPLATE = Path(__file__).parent / "typ" / "bulletin.typ"
DEMO = "演示数据：单位、企业和人员均为虚构。"

FIGURES: dict[str, tuple[str, Callable[[ResourceMonth], int]]] = {
    "resources": (gettext_noop("资源"), lambda one: 1),
    "submissions": (gettext_noop("报送次数"), lambda one: len(one.submissions)),
    "received": (gettext_noop("收到行"), lambda one: one.counts.received),
    "rejected": (gettext_noop("退回行"), lambda one: one.counts.rejected),
    "refused": (gettext_noop("整批拒收"), lambda one: len(one.refused)),
    "due": (gettext_noop("应报期数"), lambda one: one.due),
    "late": (gettext_noop("逾期期数"), lambda one: one.late),
}
"""What the 通报 counts of every resource, by the name that its links carry."""

NOTES = (
    gettext_noop(
        "得分按规范、完整、准确、一致、时效五个方面计算，满分 100；没有应报也没有报送的单位不评等级，列在最后。"
    ),
    gettext_noop("收到行为当月各次报送的行数之和，含未变和重复的行；退回行可在平台逐行查看退回理由。"),
    gettext_noop("应报期数为宽限期在当月截止的报送期，逾期期数为其中宽限期满仍未报送的；零报告视同按时报送。"),
    gettext_noop("各项数字以编制之日平台记录为准；其后撤回批次、办结异议的，数字随之变动。"),
)


def total(ones: Iterable[ResourceMonth], figure: str) -> int:
    """One figure over these resources."""
    counted = FIGURES[figure][1]
    return sum(counted(one) for one in ones)


def month_title(month: str) -> str:
    """`2026-11` as a document writes it."""
    year, number = month.split("-")
    return _("%(year)s 年 %(month)s 月") % {"year": year, "month": int(number)}


def is_over(report: MonthlyReport) -> bool:
    """Whether the month had ended when the report was made: before, its numbers still change."""
    return f"{report.made_on:%Y-%m}" > report.month


def sentence(report: MonthlyReport) -> str:
    """What the month comes to, in words."""
    every = [one for agency in report.agencies for one in agency.resources]
    said = {name: write_number(total(every, name)) for name in FIGURES}
    letters = {letter: sum(one.grade.letter == letter for one in report.agencies) for letter in "ABCD"}
    rated = _("%(letter)s 级 %(n)s 个")
    graded = _("、").join(rated % {"letter": letter, "n": count} for letter, count in letters.items() if count)
    return _(
        "%(month)s，%(agencies)s 个单位的 %(resources)s 项资源共报送 %(submissions)s 次，收到 %(received)s 行，"
        "退回 %(rejected)s 行，整批拒收 %(refused)s 次；应报 %(due)s 期，逾期 %(late)s 期。%(graded)s。"
    ) % {
        **said,
        "month": month_title(report.month),
        "agencies": len(report.agencies),
        "graded": graded or _("尚无单位可以评级"),
    }


@translation.override(settings.LANGUAGE_CODE)  # a document is written in Chinese, whatever its reader's pages are in
def pdf(report: MonthlyReport) -> bytes:
    """The 通报 as PDF: the same bytes for the same report."""
    data = json.dumps(_data(report), ensure_ascii=False)
    made = typst.compile(
        TEMPLATE,
        format="pdf",
        font_paths=fonts(),
        sys_inputs={"data": data},
        timestamp=int(_made_at(report).timestamp()),
    )
    return bytes(made)


def _made_at(report: MonthlyReport) -> datetime:
    return timezone.make_aware(datetime.combine(report.made_on, datetime.min.time()))


def _data(report: MonthlyReport) -> dict[str, object]:
    return {
        "title": f"关于 {month_title(report.month)}政务数据报送情况的通报",
        "fonts": list(FAMILIES),
        "demo": is_demo(),
        "issuer": drawable(issuer()),
        "made_on": write_date(report.made_on),
        "partial": "" if is_over(report) else "本月尚未结束，本通报为截至编制之日的情况。",
        "seal": NOT_SEALED,
        "summary": sentence(report),
        "columns": ["名次", "单位", "等级", "得分", *(title for title, _of in FIGURES.values())],
        "agencies": [_line(place, one) for place, one in enumerate(report.agencies, 1)],
        "late": [_late(agency, one) for agency in report.agencies for one in agency.resources if one.late],
        "notes": NOTES,
    }


def _line(place: int, agency: AgencyMonth) -> list[str]:
    figures = (write_number(total(agency.resources, name)) for name in FIGURES)
    rank = str(place) if agency.grade.letter else ""
    return [rank, drawable(agency.name), agency.grade.letter or "—", _score(agency.grade.score), *figures]


def _score(score: float | None) -> str:
    return "—" if score is None else f"{score:.1f}"


def _late(agency: AgencyMonth, one: ResourceMonth) -> list[str]:
    return [drawable(agency.name), drawable(one.resource.title), one.resource.cycle.title, str(one.due), str(one.late)]


@translation.override(settings.LANGUAGE_CODE)
def xlsx(report: MonthlyReport) -> bytes:
    """The 通报 as a workbook: departments, resources and notes. Text is written as text, never as a formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": _title(report), "author": issuer(), "created": _made_at(report)})
        heads = [title for title, _of in FIGURES.values()]
        _sheet(book, "各单位", report, ["单位", "等级", "得分", *heads], map(_agency_cells, report.agencies))
        resources = (_resource_cells(agency, one) for agency in report.agencies for one in agency.resources)
        kept = ["单位", "资源代码", "资源", "更新周期", "等级", "得分", *heads[1:]]
        _sheet(book, "各资源", report, kept, resources)
        _sheet(book, "说明", report, ["说明"], ([note] for note in (sentence(report), *NOTES, NOT_SEALED)))
    return out.getvalue()


def _title(report: MonthlyReport) -> str:
    return f"{month_title(report.month)}政务数据报送情况通报"


def _agency_cells(agency: AgencyMonth) -> list[str | float | None]:
    return [
        agency.name,
        agency.grade.letter,
        agency.grade.score,
        *(total(agency.resources, name) for name in FIGURES),
    ]


def _resource_cells(agency: AgencyMonth, one: ResourceMonth) -> list[str | float | None]:
    figures = (counted(one) for name, (_title, counted) in FIGURES.items() if name != "resources")
    resource, grade = one.resource, one.grade
    return [agency.name, resource.key, resource.title, resource.cycle.title, grade.letter, grade.score, *figures]


def _sheet(
    book: xlsxwriter.Workbook,
    name: str,
    report: MonthlyReport,
    columns: list[str],
    rows: Iterable[list[str | float | None]],
) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bg_color": "#F3F6FA", "bottom": 1})
    made = f"编制单位：{issuer()}　编制日期：{write_date(report.made_on)}　{NOT_SEALED}"
    sheet.write_string(0, 0, _title(report) + ("" if is_over(report) else "（本月尚未结束）"))
    sheet.write_string(1, 0, made + (f"　{DEMO}" if is_demo() else ""))
    for at, column in enumerate(columns):
        sheet.write_string(2, at, column, bold)
    sheet.set_column(0, 0, 28)
    sheet.freeze_panes(3, 1)
    last = 2
    for last, row in enumerate(rows, 3):
        for at, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(last, at, cell)
            elif cell is not None:
                sheet.write_number(last, at, cell)
    sheet.autofilter(2, 0, last, len(columns) - 1)
    sheet.set_footer(f"&L{DEMO if is_demo() else ''}&R&P/&N")
