"""A plausible cell for any item of any resource: by its element, else by its code list, type or title."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from shuniu.catalogue.declare import REGION_CODES, Item, ItemType
from shuniu.demo import numbers, sentences, words
from shuniu.demo.facts import Facts

Cell = Callable[[Facts], str]

SPARSE = 0.3
"""How often an item that nobody requires is left empty."""


def row(facts: Facts) -> dict[str, str]:
    """A row of the facts' resource: every item by name, empty where the agency has nothing to say."""
    return {item.name: cell(item, facts) for item in facts.resource.items}


def cell(item: Item, facts: Facts) -> str:
    """One cell as text: dates ISO, codes as labels."""
    if item.name in facts.written:
        return facts.written[item.name]
    if item.identifies:
        return identity(item.identifies, facts)
    if item.element in PARTIES and facts.firm is None:
        return ""
    told = ELEMENTS.get(item.element)
    if told is not None:
        text = told(facts)
    elif not (item.required or item.key) and facts.rng.random() < SPARSE:
        text = ""
    else:
        text = _by_kind(item, facts)
    return text[: item.length] if item.length and item.type is ItemType.TEXT else text


def identity(kind: str, facts: Facts) -> str:
    """An identifier or name of the row's subject."""
    firm, person = facts.firm, facts.person
    if kind in ("legal_name", "person_name"):
        return facts.subject_name if kind == "legal_name" or person else ""
    if kind == "resident_id":
        return person.resident_id if person else ""
    if firm is None:
        return ""
    social = firm.kind in ("51", "52")
    return {
        "uscc": firm.uscc,
        "organisation_code": firm.organisation_code,
        "registration_number": firm.registration_number if firm.business else "",
        "tax_number": firm.tax_number if firm.business else "",
        "institution_number": firm.certificate if firm.kind == "12" else "",
        "social_organisation_number": firm.certificate if social else "",
    }.get(kind, "")


PARTIES = frozenset({"legal_representative", "legal_rep_id_type", "legal_rep_id_number"})


def _by_kind(item: Item, facts: Facts) -> str:
    if item.code_list == REGION_CODES:
        return facts.place.code
    if item.code_list in facts.world.codes:
        return facts.rng.choice(facts.world.codes[item.code_list])[1]
    if item.type is ItemType.DATE:
        return facts.later(200).isoformat()
    if item.type is ItemType.TIMESTAMP:
        return _moment(facts)
    if item.type is ItemType.BOOLEAN:
        return facts.rng.choice(("是", "否"))
    if item.type is ItemType.INTEGER:
        return str(facts.rng.randrange(1, 200))
    if item.type is ItemType.DECIMAL:
        return quantity(item.title, facts)
    return phrase(item, facts)


def quantity(title: str, facts: Facts) -> str:
    """A number of the size that the title promises."""
    if re.search(r"[率比]|百分|得分|评分|分数|浓度", title):
        return f"{facts.rng.uniform(5, 99):.2f}"
    if re.search(r"[数人户辆次件台套]$|人数|数量", title):
        return str(facts.rng.randrange(1, 300))
    if "万元" in title:
        return f"{facts.rng.lognormvariate(1, 1):.2f}"
    return f"{facts.rng.lognormvariate(8, 1.5):.2f}"


def _moment(facts: Facts) -> str:
    clock = timedelta(hours=facts.rng.randrange(8, 18), minutes=facts.rng.randrange(60))
    days = facts.rng.randrange(1, 60)
    return f"{facts.world.today - timedelta(days=days)} {8 + clock.seconds // 3600 % 10:02d}:{clock.seconds // 60 % 60:02d}:00"


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _days(name: str) -> Cell:
    return {
        "day": lambda f: f.day.isoformat(),
        "from": lambda f: f.day.isoformat(),
        "until": lambda f: f.until.isoformat(),
        "ended": lambda f: _iso(f.ended),
        "before": lambda f: (f.day - timedelta(days=f.rng.randrange(20, 200))).isoformat(),
        "soon": lambda f: min(f.world.today, f.day + timedelta(days=7)).isoformat(),
        "deadline": lambda f: (f.day + timedelta(days=30)).isoformat(),
    }[name]


def _fixed(*values: str) -> Cell:
    return lambda f: f.rng.choice(values)


def _number(name: str) -> Cell:
    return lambda f: sentences.number(f, name)


def _document(sort: str) -> Cell:
    return lambda f: sentences.document(f, sort)


def _money(median: float) -> Cell:
    """元, two decimals, now and then with a unit."""
    return lambda f: f"{median * f.rng.lognormvariate(0, 1):.2f}"


def _party(facts: Facts) -> str:
    if facts.firm is None:
        return "自然人"
    return {"92": "个体工商户", "91": "法人"}.get(facts.firm.kind, "法人")


def _firm(told: Cell) -> Cell:
    return lambda f: told(f) if f.firm else ""


def _of_firm(field: str) -> Cell:
    def told(facts: Facts) -> str:
        value = getattr(facts.firm, field) if facts.firm else ""
        return value.isoformat() if isinstance(value, date) else str(value or "")

    return told


def _somebody(facts: Facts) -> str:
    return facts.rng.choice(facts.world.people).name


def _representative_id(facts: Facts) -> str:
    return facts.firm.representative.resident_id if facts.firm else ""


def _fine(facts: Facts) -> str:
    return facts.written.get("fine", "")


def _removal(text: str) -> Cell:
    return lambda f: text if f.ended else ""


def _each(cell: Cell, *names: str) -> dict[str, Cell]:
    return dict.fromkeys(names, cell)


ELEMENTS: dict[str, Cell] = {
    **_each(_of_firm("uscc"), "uscc"),
    **_each(_of_firm("organisation_code"), "organisation_code"),
    **_each(_of_firm("registration_number"), "registration_number"),
    **_each(_of_firm("tax_number"), "tax_number"),
    **_each(lambda f: f.subject_name, "subject_name", "party_name", "executed_name", "taxpayer_name"),
    **_each(_of_firm("name"), "enterprise_name", "employer", "debtor"),
    **_each(lambda f: f.rng.choice(f.world.firms).name, "counterparty", "creditor"),
    **_each(lambda f: f.human.name, "person_name", "legal_representative", "responsible_person", "contact_person"),
    **_each(_somebody, "officer_name"),
    **_each(_party, "party_type"),
    **_each(_fixed("身份证"), "legal_rep_id_type"),
    **_each(lambda f: "身份证" if f.person else "", "id_type"),
    **_each(lambda f: f.person.resident_id if f.person else "", "id_number", "resident_id"),
    **_each(_representative_id, "legal_rep_id_number"),
    **_each(lambda f: "男性" if f.human.male else "女性", "sex"),
    **_each(lambda f: f.human.ethnicity, "ethnicity"),
    **_each(lambda f: f.human.born.isoformat(), "birth_date"),
    **_each(lambda f: f.firm.phone if f.firm else f.human.mobile, "phone"),
    **_each(lambda f: f.human.mobile, "mobile"),
    **_each(lambda f: f"u{f.serial}@demo.example", "email"),
    **_each(lambda f: f"https://u{f.serial}.demo.example", "website"),
    **_each(_fixed("419900"), "postal_code"),
    **_each(lambda f: f.firm.address if f.firm else f.human.address, "address", "business_address", "mailing_address"),
    **_each(lambda f: f"{f.place.city}{f.place.name}{words.ROAD}", "location"),
    **_each(lambda f: f.human.address, "home_address"),
    **_each(lambda f: f.place.code, "region_code", "county", "native_place"),
    **_each(lambda f: f.place.code[:4] + "00", "city"),
    **_each(lambda f: f.place.code + "001", "street"),
    **_each(_of_firm("enterprise_type"), "enterprise_type"),
    **_each(_of_firm("status"), "registration_status"),
    **_each(_of_firm("capital"), "registered_capital"),
    **_each(_fixed("人民币"), "currency"),
    **_each(_of_firm("industry"), "industry"),
    **_each(_of_firm("scope"), "business_scope"),
    **_each(_of_firm("established"), "establishment_date", "business_from"),
    **_each(_of_firm("closed"), "cancellation_date"),
    **_each(_of_firm("employees"), "employees", "insured_number"),
    **_each(lambda f: f.agency.name, "source_unit"),
    **_each(
        lambda f: f.agency.uscc or "",
        "source_unit_code", "penalty_authority_code", "licence_authority_code", "issue_authority_code",
    ),
    **_each(
        sentences.office,
        "penalty_authority", "licence_authority", "registration_authority", "issue_authority", "listing_authority",
        "decision_authority", "recognition_authority", "evaluation_authority", "check_authority", "tax_authority",
    ),
    **_each(lambda f: f"{f.place.name}人民法院", "court_name"),
    **_each(_removal("已纠正失信行为，符合移出条件"), "removal_reason"),
    **_each(lambda f: sentences.office(f) if f.ended else "", "removal_authority"),
    **_each(_days("ended"), "removal_date", "release_date"),
    **_each(
        _days("day"),
        "penalty_date", "licence_date", "decision_date", "approval_date", "registration_date", "listing_date",
        "recognition_date", "evaluation_date", "check_date", "issue_date", "promise_date", "contract_date",
        "obtained_date", "tax_registration_date", "annual_report_date", "publish_date", "insured_from",
    ),
    **_each(_days("from"), "valid_from", "period_from"),
    **_each(_days("until"), "valid_to", "publicity_to", "penalty_valid_to", "period_to", "business_to"),
    **_each(_days("before"), "filing_date"),
    **_each(_days("deadline"), "rectify_deadline"),
    **_each(_moment, "updated_at", "created_at"),
    **_each(lambda f: str(f.day.year), "annual_report_year"),
    **_each(_document("罚"), "penalty_number", "case_number"),
    **_each(_document("许"), "licence_document_number", "approval_number"),
    **_each(_document("列"), "listing_number"),
    **_each(_document("认"), "recognition_number"),
    **_each(_document("决"), "document_number", "enforcement_basis_number"),
    **_each(_number("xk"), "licence_number"),
    **_each(_number("zs"), "certificate_number"),
    **_each(_number("dj"), "filing_number", "record_key"),
    **_each(_number("jc"), "check_number"),
    **_each(_number("cn"), "promise_number"),
    **_each(_number("ht"), "contract_number"),
    **_each(lambda f: str(f.serial), "serial_number"),
    **_each(lambda f: f"{f.matter}决定书", "licence_document_name"),
    **_each(lambda f: f"{f.matter}许可证", "licence_certificate_name", "certificate_name"),
    **_each(sentences.content, "licence_content", "check_result", "promise_matter"),
    **_each(lambda f: f.matter, "violation_kind", "honour_name", "qualification_name", "case_cause"),
    **_each(sentences.fact, "violation_fact", "matter", "dishonest_behaviour", "listing_reason"),
    **_each(sentences.basis, "penalty_basis", "listing_basis"),
    **_each(sentences.decision, "penalty_content"),
    **_each(lambda f: "罚款" if _fine(f) else "警告", "penalty_kind"),
    **_each(_fine, "fine_amount"),
    **_each(sentences.obligation, "obligation"),
    **_each(_fixed("未履行", "部分履行", "全部履行"), "performance"),
    **_each(_fixed("日常检查", "专项检查", "双随机抽查"), "check_kind"),
    **_each(_fixed("国家级", "省级", "市级"), "honour_level"),
    **_each(_fixed("A", "B", "C", "D"), "evaluation_result"),
    **_each(lambda f: "无效" if f.ended else "有效", "licence_state"),
    **_each(lambda f: "注销" if f.ended else "有效", "certificate_state"),
    **_each(_money(50_000), "contract_amount", "execution_amount", "unexecuted_amount", "tax_arrears", "arrears_amount"),
    **_each(lambda f: f"{words.ROAD}{f.matter}项目", "project_name", "contract_name"),
    **_each(lambda f: numbers.account(f.serial), "account_number"),
    **_each(lambda f: sentences.planted(f).lstrip("。"), "remark"),
    **_each(_fixed(""), "suspended_licence", "confiscated_amount", "promise_breach"),
}  # fmt: skip
"""What the standard elements hold. An item whose element is not here is filled by its kind."""


ENDINGS: tuple[tuple[str, Cell], ...] = (
    (r"(姓名|人员|驾驶人|主持人|申请人|管理人|负责人|组长|学者|参与人)$", _somebody),
    (r"职称$", _fixed("高级工程师", "工程师", "助理工程师")),
    (r"([编文批证车案团品]号|编码|代码|号牌|号段|批次|车牌|批号)$", lambda f: f"YS-{f.day.year}-{f.serial:05d}"),
    (r"(机关|机构|单位|部门|银行|平台|企业|公司)(名称)?$", lambda f: f.rng.choice(f.world.firms).name),
    (r"地址|位置|场所|区域|地点|在地|路段|厂址|路线|线路|水域|河段|点位|地域", lambda f: f.place.name + words.ROAD),
    (r"(等级|级别|星级|层次|水平|程度)$", _fixed("一级", "二级", "三级")),
    (r"(类别|类型|种类|品类|门类|性质|形式)$", _fixed("甲类", "乙类", "丙类")),
    (r"(方式|手段|渠道|来源|途径)$", _fixed("自行办理", "委托办理", "联合办理")),
    (r"(年限|期限|周期|时长|工期|频次)$", _fixed("一年", "三年", "五年")),
    (r"(日期|时间|时段|期间|属期|月份|期)$", lambda f: f"{f.day.year}年{f.day.month}月"),
    (r"(结论|结果|意见)$", _fixed("符合要求", "基本符合要求", "不符合要求，已责令整改")),
    (r"(情况|情形|行为|缺陷|缺失)$", _fixed("经核查属实", "经核查部分属实，已整改", "已整改完毕")),
    (r"(国别|目的国|所在国)$", _fixed("越南", "老挝", "马来西亚")),
    (r"(规模|能力|产能|量|面积|距离|容量)$", lambda f: f"{f.rng.randrange(10, 900)}（详见批准文件）"),
)


def phrase(item: Item, facts: Facts) -> str:
    """A phrase for a text item that no element explains."""
    if item.key:
        return f"YS-{facts.day.year}-{facts.serial:05d}"
    for pattern, told in ENDINGS:
        if re.search(pattern, item.title):
            return told(facts)
    stem = re.sub(r"(名称|范围|内容|项目|清单|用途|标准|措施)$", "", item.title)
    return f"{stem}{facts.rng.choice('甲乙丙丁')}（演示）"
