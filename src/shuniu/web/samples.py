"""Invented content for the gallery: every part, full, empty, long and wrong. No name in it is anyone's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from shuniu.web.declare import (
    Clock,
    Column,
    Entry,
    Event,
    Filter,
    Grade,
    Link,
    Paging,
    Receipt,
    Room,
    Row,
    Source,
    Stat,
    State,
)
from shuniu.web.forms import DayField, PlainForm

NOW = datetime(2024, 3, 5, 6, 32, tzinfo=UTC)
SOURCE = Source("示例市市场监管局", "企业登记信息", date(2024, 3, 5), "20240305-001", "#source")
STATES = (
    State("已入库", "done"),
    State("待复核", "waiting"),
    State("将到期", "warning"),
    State("已退回", "stopped"),
    State("草稿", "info"),
    State("未报送", "none"),
)
REASONS = (Link("准确：198 行被退回，扣 4 分", "#rejects"), Link("时效：晚 2 天，扣 2 分", "#late"))
GRADES = (Grade("A"), Grade("B", REASONS[:1]), Grade("C", REASONS), Grade("D", REASONS))


class SampleForm(PlainForm):
    """One field of every kind that `field` draws."""

    name = forms.CharField(label="企业名称", max_length=100, help_text="与营业执照一致。")
    day = DayField(label="处罚日期")
    kind = forms.ChoiceField(label="报送方式", choices=[("", "请选择"), ("snapshot", "全量"), ("delta", "增量")])
    who = forms.ChoiceField(label="主体类别", choices=[("org", "法人"), ("person", "自然人")], widget=forms.RadioSelect)
    uses = forms.MultipleChoiceField(
        label="用途",
        choices=[("check", "核验"), ("report", "信用报告"), ("statistics", "统计")],
        widget=forms.CheckboxSelectMultiple,
        help_text="可以选多项。",
    )
    note = forms.CharField(label="说明", widget=forms.Textarea(attrs={"rows": 4}), required=False)
    file = forms.FileField(label="数据文件", help_text="CSV、XLSX 或 ZIP，不超过 200 MB。")
    password = forms.CharField(label="口令", widget=forms.PasswordInput(attrs={"autocomplete": "off"}))
    agree = forms.BooleanField(label="我已核对，内容属实")


def wrong_form() -> SampleForm:
    """Return the form as it comes back: nothing filled but a day that is none, and an empty file."""
    return SampleForm({"wrong-day": "2024-13-05"}, {"wrong-file": SimpleUploadedFile("空.csv", b"")}, prefix="wrong")


def receipts() -> list[Receipt]:
    """A usual receipt, one with a single rejected row among a million, and an empty report (零报告)."""
    usual = Receipt(
        "HZ-2024-000318", "示例市市场监管局", "企业登记信息", NOW, 12_480, 320, 1_150, 10_800, 12, 198,
        held_before=51_006, held_after=51_311, withdrawn=15, state=STATES[0], href="#receipt",
        hrefs={"new": "#new", "changed": "#changed", "rejected": "#rejects", "withdrawn": "#withdrawn"},
    )  # fmt: skip
    large = Receipt(
        "HZ-2024-000319", "示例省税务局", "纳税信用", NOW, 1_000_000, 0, 0, 999_999, 0, 1,
        held_before=5_000_000, held_after=5_000_000, state=STATES[1], hrefs={"new": "#new", "rejected": "#rejects"},
    )  # fmt: skip
    nothing = Receipt(
        "HZ-2024-000320", "示例县林业局", "零报告：2024 年 3 月", NOW, 0, 0, 0, 0, 0, 0,
        held_before=96, held_after=96, state=STATES[0],
    )  # fmt: skip
    return [usual, large, nothing]


def rows() -> list[Row]:
    """Table rows with a value of every kind, one of them long."""
    names = (
        "示例一号贸易有限公司",
        "示例二号（集团）股份有限公司驻外省市联络处暨物资采购供应管理中心",
        "示例三号农业合作社",
    )
    return [
        Row((name, f"91430000MADEMO{n:04d}", 1_250_000 * n, date(2024, 3, n), STATES[n % 6], GRADES[n % 4]), "#row")
        for n, name in enumerate(names * 4, start=1)
    ]


CRUMBS = [Link("首页", "/"), Link("工作台", "#desk")]
ROOMS = [
    Room("我的工作", (Link("待办", "#", True), Link("通知", "#a"), Link("总览", "#b"))),
    Room("数据", (Link("报送", "#c"), Link("质量", "#d"))),
    Room("目录", (Link("资源目录", "#e"),)),
    Room("监督", (Link("留痕", "#f"),)),
]
COLUMNS = [
    Column("名称", sort_href="?sort=name", sorted="ascending"),
    Column("统一社会信用代码", "code"),
    Column("注册资本（元）", "number"),
    Column("更新日期", "day"),
    Column("状态"),
    Column("质量"),
]
FILTERS = [
    Filter("q", "名称或代码", "示例"),
    Filter("state", "状态", "", (("", "全部"), ("done", "已入库"), ("stopped", "已退回"))),
]
SUMMARY = [
    ("企业名称", "示例一号贸易有限公司", Link("更改", "#name")),
    ("成立日期", date(2009, 7, 1), Link("更改", "#day")),
    ("来源", SOURCE),
]
EVENTS = [
    Event(NOW, "示例市市场监管局 张示例", "报送 12,480 行", "批次 20240305-001", STATES[0]),
    Event(
        NOW + timedelta(minutes=3),
        "枢纽",
        "校验完毕，退回 198 行",
        "“处罚日期”不是日期：151 行；代码校验位不符：47 行。",
        STATES[3],
    ),
    Event(NOW + timedelta(days=1), "示例市市场监管局 张示例", "更正后重新报送 198 行"),
]
CLOCKS = [
    Clock(
        "示例市发展改革委 李示例",
        NOW,
        date(2024, 3, 12),
        "异议受理后 5 个工作日内核实",
        State("还有 5 个工作日", "waiting"),
    ),
    Clock("示例县民政局 王示例", NOW, date(2024, 3, 4), "每月 5 日前报送", State("已逾期 1 天", "stopped")),
]
ENTRIES = [
    Entry(NOW, "李示例", "查询", "信用报告 91430000MADEMO0001", "行政许可审查", 1_204_331, "#journal"),
    Entry(NOW + timedelta(seconds=2), "张示例", "报送", "企业登记信息 批次 20240305-001", "", None),
]
STATS = [
    Stat(734, "类", "信用信息目录", NOW, "目录", "#resources"),
    Stat(51_311, "行", "企业登记信息", NOW, "示例市市场监管局", "#rows"),
    Stat(3, "项", "本月逾期未报", NOW, "报送时限", "#late"),
    Stat(12_345_678, "人", "人口库", NOW, "示例省公安厅", "#people"),
]
TABS = [
    Link("概况", "#tabs", True),
    Link("信息项", "#items"),
    Link("报送记录", "#submissions"),
    Link("质量", "#quality"),
]


def everything() -> dict[str, Any]:
    """Return the gallery's whole context, by the part's name."""
    return {
        "crumbs": CRUMBS,
        "rooms": ROOMS,
        "states": STATES,
        "grades": GRADES,
        "source": SOURCE,
        "receipts": receipts(),
        "columns": COLUMNS,
        "rows": rows(),
        "filters": FILTERS,
        "paging": Paging(3, 12, 148, (("q", "示例"),)),
        "much": Paging(1, 12, 2_345_678),
        "summary": SUMMARY,
        "events": EVENTS,
        "clocks": CLOCKS,
        "entries": ENTRIES,
        "stats": STATS,
        "tabs": TABS,
        "form": SampleForm(),
        "wrong": wrong_form(),
    }
