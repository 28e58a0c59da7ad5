"""Free text as officers write it: what happened, on what basis, what was decided. Some of it names people."""

from __future__ import annotations

from shuniu.demo.facts import Facts

FOUND = (
    "执法人员现场检查时发现当事人存在{matter}的行为，已责令当场改正",
    "根据群众举报，经立案调查，当事人{matter}情况属实",
    "在“双随机、一公开”抽查中发现当事人涉及{matter}问题，逾期未整改到位",
    "经调取台账、询问有关人员，查明当事人自{day}起存在{matter}的行为",
)
LISTED = (
    "因{matter}有关情形被列入，经催告逾期未改正",
    "经核查，当事人符合{matter}的认定情形，听取陈述申辩后予以列入",
)
CIRCUMSTANCES = (
    "情节较轻，能够主动配合调查",
    "未造成严重后果，已按期整改",
    "一年内第二次被查处",
    "涉案物品已登记保存，尚未流入市场",
    "当事人对上述事实予以承认，有笔录、照片为证",
)
CONTENT = {
    "许可": "准予从事{matter}有关活动，具体以许可证书记载为准",
    "基础": "{matter}登记事项，已按规定核对",
    "评价": "按{matter}标准评定",
    "奖励": "在{matter}工作中成绩突出",
    "强制": "对涉及{matter}的场所、物品采取强制措施",
    "失信": "有履行能力而不履行{matter}方面的义务",
}


def planted(facts: Facts) -> str:
    """A person's number left in free text, as it happens: what masking is for. Empty in nine of ten rows."""
    if facts.rng.random() > 0.1:
        return ""
    human = facts.human
    return facts.rng.choice(
        (
            f"。现场负责人{human.name}（电话{human.mobile}）",
            f"。委托代理人{human.name}，身份证号{human.resident_id}",
            f"。联系人{human.name}，住{human.address}，联系电话{human.mobile}",
        )
    )


def fact(facts: Facts) -> str:
    """What was found: 违法事实, 事由, 失信事实."""
    nature = facts.resource.credit.nature if facts.resource.credit else ""
    found = facts.rng.choice(LISTED if nature == "失信" else FOUND).format(matter=facts.matter, day=chinese(facts))
    return f"{chinese(facts)}，{found}；{facts.rng.choice(CIRCUMSTANCES)}{planted(facts)}。"


def basis(facts: Facts) -> str:
    """The law that the class itself is made under."""
    return f"《{facts.resource.legal_basis}》{facts.resource.article}"


def decision(facts: Facts) -> str:
    """处罚内容, agreeing with the fine that the same row states."""
    fine = facts.written.get("fine", "")
    return f"责令改正违法行为；罚款{fine}万元" if fine else "责令改正违法行为；警告"


def content(facts: Facts) -> str:
    """Whatever else is told at length."""
    nature = facts.resource.credit.nature if facts.resource.credit else "基础"
    return CONTENT.get(nature, "{matter}有关事项").format(matter=facts.matter) + planted(facts)


def obligation(facts: Facts) -> str:
    """What a judgment obliges to."""
    amount = facts.rng.randrange(2, 300) * 10000
    return f"支付货款{amount}元及逾期利息{planted(facts)}"


def chinese(facts: Facts) -> str:
    return f"{facts.day.year}年{facts.day.month}月{facts.day.day}日"


def document(facts: Facts, sort: str) -> str:
    """A document's number: issuing body, year, serial."""
    return f"（演）{facts.agency.short}{sort}〔{facts.day.year}〕{facts.serial}号"


def number(facts: Facts, name: str) -> str:
    """A register's or certificate's number."""
    return f"YS{name[:2].upper()}{facts.day.year}{facts.serial:06d}"


def office(facts: Facts) -> str:
    """The body that acted: the agency, or its like in the subject's city."""
    if facts.rng.random() < 0.7:
        return facts.agency.name
    return facts.place.city + facts.agency.name.removeprefix("省").removeprefix("国家税务总局湖南省")
