"""What a fault means to the person who must mend it: one sentence and one remedy per rule, in Chinese."""

from __future__ import annotations

from shuniu.catalogue.declare import Item, Resource
from shuniu.registries.declare import Counts, Fault, Limits

CELL_RULES: dict[str, tuple[str, str]] = {
    "cell.required": ("必填，却是空的", "请补齐后重新报送"),
    "cell.date": ("不是日期，或读法不止一种", "请改为 YYYY-MM-DD 后重新报送"),
    "cell.timestamp": ("不是日期时间", "请改为 YYYY-MM-DD HH:MM:SS 后重新报送"),
    "cell.decimal": ("不是数值", "请改为不带文字的数字（可带“万元”“元”）后重新报送"),
    "cell.integer": ("不是整数", "请改为整数后重新报送"),
    "cell.boolean": ("不是“是”或“否”", "请改为“是”或“否”后重新报送"),
    "cell.code": ("不在代码集内", "请对照代码集改为有效代码或名称后重新报送"),
    "cell.length": ("超过规定长度", "请缩短后重新报送"),
    "cell.private_use": ("含有无法显示的自造字或损坏的字符", "请用标准汉字（GB 18030）重新录入后报送"),
    "cell.uscc": ("不是有效的统一社会信用代码（18 位，末位校验）", "请核对营业执照后改正"),
    "cell.resident_id": ("不是有效的公民身份号码", "请核对身份证后改正"),
    "cell.organisation_code": ("不是有效的组织机构代码", "请核对代码证后改正"),
    "cell.registration_number": ("不是有效的注册号", "请核对登记证照后改正"),
    "cell.region": (
        "不是行政区划代码，或是从未启用过的代码",
        "请改为 GB/T 2260 的 6 位（或 9、12 位）代码；已撤销的旧代码可照报，平台会换成现行代码",
    ),
    "cell.phone": ("不是电话号码", "请改为 11 位手机号或带区号的固定电话"),
    "cell.postcode": ("不是 6 位邮政编码", "请改正后重新报送"),
    "cell.email": ("不是电子邮箱地址", "请改正后重新报送"),
    "cell.url": ("不是网址", "请改为 http:// 或 https:// 开头的网址"),
    "cell.error": ("是表格软件的出错值", "请改正公式或填写实际内容后重新报送"),
    "row.cells": ("单元格数与列名数不一致，内容可能错列", "请检查多余或缺少的分隔符，单元格内有分隔符的要用引号括起"),
    "row.formula": ("有公式没有保存计算结果", "请在表格软件中打开、重新计算并保存，或改为数值后重新报送"),
    "row.precision": (
        "有超过 15 位的数字以数值格式存放，末尾数字已被表格软件改为零",
        "请把该列设为文本格式，重新录入后报送",
    ),
    "row.expunged": (
        "这条记录已依法销毁，不得再次入库",
        "请在报送数据和本单位业务系统中去掉这条记录；依据已经改变的，由本单位有权人员说明理由、解除限制后再报",
    ),
    "row.key_conflict": ("本批内主键重复而内容不同，无法判断以哪一行为准", "请只保留正确的一行后重新报送"),
}


def explain(fault: Fault, resource: Resource) -> str:
    """The full sentence for one fault: line, item, cell, what is wrong, how to mend it. Sensitive cells are not repeated."""
    said, remedy = CELL_RULES.get(fault.rule, (f"不符合规则 {fault.rule}", "请改正后重新报送"))
    item = next((i for i in resource.items if i.name == fault.item), None)
    where = f"“{item.title}”" if item else ""
    shown = _shown(fault.value, item)
    return f"第 {fault.line} 行{where}：{shown}{said}。{remedy}。"


def _shown(value: str, item: Item | None) -> str:
    if not value:
        return ""
    if item is not None and (item.sensitivity >= 3 or item.identifies in ("resident_id", "passport")):
        return f"所填内容（{len(value)} 字符）"
    return f"“{value[:40]}{'…' if len(value) > 40 else ''}”"


def holds(counts: Counts, limits: Limits, *, unreadable_keys: int) -> tuple[str, ...]:
    """Why a snapshot must wait for a second officer; empty when it need not (design §3, dated rules)."""
    reasons = []
    if counts.held_before and counts.withdrawn > counts.held_before * limits.withdraw:
        reasons.append(f"将撤下 {counts.withdrawn} 行，超过在库 {counts.held_before} 行的 {limits.withdraw:.0%}")
    if counts.held_before and counts.changed > counts.held_before * limits.change:
        reasons.append(f"将更改 {counts.changed} 行，超过在库 {counts.held_before} 行的 {limits.change:.0%}")
    if counts.withdrawn and unreadable_keys:
        reasons.append(f"有 {unreadable_keys} 行主键无法读出，无法判断这些行是否仍然有效")
    return tuple(reasons)
