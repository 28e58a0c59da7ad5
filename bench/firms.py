"""Firms that do not exist and rows about them as departments write them: the truth of every row is kept beside it.

Codes are on region 4399, which was never issued. Names repeat as names do: common trade names, shops called the same in
every county, chains under one owner, firms that were renamed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from shuniu.base.identifiers import (
    organisation_check_digit,
    registration_check_digit,
    uscc_check_digit,
)

CITIES = [
    "长沙",
    "株洲",
    "湘潭",
    "衡阳",
    "邵阳",
    "岳阳",
    "常德",
    "张家界",
    "益阳",
    "郴州",
    "永州",
    "怀化",
    "娄底",
    "湘西",
]
COUNTIES = 9
_SIGNS = (
    "华兴隆盛达昌荣泰安康宏远鑫源恒通天龙金海东方新世纪永泰裕丰益民和顺福瑞祥云长城中联三一湘江潇岳麓星沙洞庭芙蓉雁峰桃花"
    "明辉博文创科智慧美佳乐百嘉诚信德仁义礼春秋晨光阳朝霞彩虹飞翔鹏程万里锦绣山河松柏竹梅兰菊莲"
)
_TRADES: list[str] = re.findall(
    r"\w+",
    "机械制造 商贸 科技 建筑工程 房地产开发 物流 餐饮管理 食品 农业发展 电子科技 医药 化工 文化传播 广告 旅游 教育咨询 "
    "环保科技 装饰工程 信息技术 汽车销售 服饰 家具 酒店管理 水电安装 园林绿化 矿业 能源 物业管理 投资 印务 "
    "劳务 电力工程 市政工程 生物科技 网络科技 新材料 陶瓷 茶业 种植 养殖",
)
_SHOPS: list[str] = re.findall(
    r"\w+",
    "便利店 超市 餐馆 理发店 服装店 五金店 药店 水果店 早餐店 茶楼 汽修厂 建材经营部 副食店 文具店 网吧",
)
_COMMON = ["便民", "好又多", "家家乐", "鑫鑫", "老百姓", "兄弟", "姐妹", "平价", "惠民", "万家"]
_ROADS = [
    "五一大道",
    "解放路",
    "芙蓉路",
    "韶山路",
    "人民路",
    "建设路",
    "中山路",
    "湘江路",
    "迎宾路",
    "朝阳路",
    "团结路",
    "和平路",
]
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国志文海燕红梅玉兰春花小龙鹏飞宇浩然子轩梓涵思雨欣怡佳俊"
_SLIPS = {"械": "诫", "贸": "贷", "科": "料", "建": "健", "商": "啇", "技": "枝", "工": "土", "有": "友", "设": "没"}


@dataclass(frozen=True)
class Firm:
    """One firm as the register has it; `former` is the name it bore before (empty: none)."""

    number: int
    uscc: str
    name: str
    former: str
    registration_number: str
    representative: str
    founded: str
    region: str
    address: str


def person_name(rng: random.Random) -> str:
    """A name by frequency: common surnames and characters more often."""
    surname = _SURNAMES[min(int(rng.expovariate(1 / 12)), len(_SURNAMES) - 1)]
    return surname + "".join(rng.choice(_GIVEN) for _ in range(1 if rng.random() < 0.25 else 2))


def day(rng: random.Random, first: int, last: int) -> str:
    return f"{rng.randint(first, last)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"


def firm(number: int, seed: int) -> Firm:
    """The firm of that number: the same for the same seed."""
    rng = random.Random(number * 1_000_003 + seed)
    city = min(int(rng.expovariate(1 / 4)), len(CITIES) - 1)
    region = f"43{city + 1:02d}{rng.randint(1, COUNTIES):02d}"
    organisation = f"{number:08d}"
    organisation += organisation_check_digit(organisation)
    code = "91439900" + organisation
    registration = f"439900{number:08d}"
    name = _name(rng, city, region)
    return Firm(
        number, code + uscc_check_digit(code), name, _name(rng, city, region) if rng.random() < 0.03 else "",
        registration + registration_check_digit(registration), person_name(rng), day(rng, 1995, 2024), region,
        f"{CITIES[city]}市{rng.choice(_ROADS)}{rng.randint(1, 999)}号",
    )  # fmt: skip


def _name(rng: random.Random, city: int, region: str) -> str:
    place = rng.choice([CITIES[city], f"{CITIES[city]}市", "湖南", "湖南省"])
    sign = "".join(rng.choice(_SIGNS) for _ in range(2 if rng.random() < 0.6 else 3))
    kind = rng.random()
    if kind < 0.02:  # called the same everywhere
        return rng.choice(_COMMON) + rng.choice(_SHOPS)
    if kind < 0.25:
        return f"{CITIES[city]}市{_county(region)}{sign}{rng.choice(_SHOPS)}"
    if kind < 0.30:
        return f"{place}{sign}农民专业合作社"
    form = "股份有限公司" if kind < 0.34 else rng.choice(["有限公司", "有限责任公司"])
    return f"{place}{sign}{rng.choice(_TRADES)}{form}"


def _county(region: str) -> str:
    return "甲乙丙丁戊己庚辛壬"[int(region[4:]) - 1] + "县"


def region_names() -> list[tuple[str, str]]:
    """The region codes of the bench with their names: province, cities, counties."""
    found = [("430000", "湖南省")]
    for at, city in enumerate(CITIES, start=1):
        found.append((f"43{at:02d}00", f"{city}市"))
        found += [(f"43{at:02d}{n:02d}", _county(f"43{at:02d}{n:02d}")) for n in range(1, COUNTIES + 1)]
    return found


ROW_ITEMS = ("number", "uscc", "name", "representative", "founded", "region", "address")


def rows(count: int, firms: int, seed: int, *, first: int = 0) -> Iterator[dict[str, str | int | None]]:
    """Rows of a department about the first `firms` firms, with `truth` (the firm's number, None: in no register).

    5 % without a usable code, 1 % about firms in no register, 2 % with an error, a tenth of the errors in the code.
    """
    rng = random.Random(seed * 7 + first)
    for at in range(first, first + count):
        unknown = rng.random() < 0.01
        about = firm(rng.randrange(firms) + (firms if unknown else 0), seed)
        name = about.former if about.former and rng.random() < 0.5 else about.name
        row: dict[str, str | int | None] = {
            "number": f"湘罚〔2025〕{at}号", "uscc": about.uscc, "name": name,
            "representative": _sometimes(rng, 0.7, about.representative),
            "founded": _sometimes(rng, 0.3, about.founded), "region": _sometimes(rng, 0.7, about.region),
            "address": _sometimes(rng, 0.3, about.address), "hard": 0, "truth": None if unknown else about.number,
        }  # fmt: skip
        if rng.random() < 0.05:
            row["uscc"], row["hard"] = rng.choice([None, None, None, "无", "0", "000000000000000000"]), 1
            _as_written(row, rng)
        if rng.random() < 0.02:
            _spoil(row, rng)
        yield row


def _sometimes(rng: random.Random, share: float, value: str) -> str | None:
    return value if rng.random() < share else None


def _as_written(row: dict[str, str | int | None], rng: random.Random) -> None:
    """How a clerk without the code writes a name: brackets, full width, the long form, the region left out or added."""
    name = str(row["name"])
    way = rng.random()
    if way < 0.1:
        name = name.replace("有限公司", "有限责任公司")
    elif way < 0.2:
        name = " ".join([name[:4], name[4:]])
    elif way < 0.3 and name.startswith("湖南省"):
        name = name.removeprefix("湖南省")
    elif way < 0.35 and name.startswith("湖南"):
        name = "湖南省" + name.removeprefix("湖南省").removeprefix("湖南")
    elif way < 0.4:
        name = name.replace("有限公司", "（有限公司）")
    row["name"] = name


def _spoil(row: dict[str, str | int | None], rng: random.Random) -> None:
    """One error of a kind that files have."""
    kind, name = rng.randrange(10), str(row["name"])
    if kind < 4:
        at = rng.randrange(2, len(name))
        row["name"] = name[:at] + _SLIPS.get(name[at], rng.choice(_SIGNS)) + name[at + 1 :]
    elif kind < 6:
        at = rng.randrange(2, len(name))
        row["name"] = name[:at] + name[at + 1 :]
    elif kind < 7:
        row["representative"] = person_name(rng)
    elif kind < 8:
        row["region"] = f"43{rng.randint(1, 14):02d}{rng.randint(1, COUNTIES):02d}"
    elif kind < 9:
        row["founded"] = day(rng, 1995, 2024)
    elif row["uscc"] and len(str(row["uscc"])) == 18:
        code = str(row["uscc"])
        at = rng.randrange(8, 17)
        row["uscc"], row["hard"] = code[:at] + ("7" if code[at] != "7" else "3") + code[at + 1 :], 1


def register_frame(firms: int, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The register as first delivered (former names), and its rows that a later delivery changed (today's names)."""
    first, later = [], []
    for number in range(firms):
        one = firm(number, seed)
        row = {
            "uscc": one.uscc, "name": one.former or one.name, "registration_number": one.registration_number,
            "representative": one.representative, "founded": one.founded, "region": one.region, "address": one.address,
        }  # fmt: skip
        first.append(row)
        if one.former:
            later.append({**row, "name": one.name})
    return pl.DataFrame(first), pl.DataFrame(later, schema=pl.DataFrame(first[:1]).schema)
