"""What the credit law forbids to collect, found in titles, aliases, element keys and column names.

征信业管理条例 (国务院令第631号) art. 14 and 山东省社会信用条例 art. 42: never 宗教信仰、基因、指纹、血型、疾病和病史;
without a law that says so never 收入、存款、有价证券、商业保险、不动产、纳税数额.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from shuniu.catalogue import names
from shuniu.catalogue.declare import Element, Item


@dataclass(frozen=True)
class Ban:
    """One forbidden matter as the law names it; `absolute` means that no basis lifts it."""

    matter: str
    absolute: bool
    titles: re.Pattern[str]
    tokens: frozenset[str]


def _ban(matter: str, absolute: bool, titles: str, tokens: str) -> Ban:
    return Ban(matter, absolute, re.compile(titles), frozenset(tokens.split()))


# What looks alike and is not meant stands in the look-arounds: 转基因 is food, 疾病预防控制 an institution.
BANS = (
    _ban("宗教信仰", True, r"宗教信仰|信教|教派|信仰|宗教(?!事务|活动|场所|团体|院校|教职|局)", "religion faith"),
    _ban("基因", True, r"(?<!转)基因|dna(?![a-z])|遗传信息", "gene genes genetic dna"),
    _ban("指纹", True, r"(?<!证书)(?<!数字)(?<!文件)(?<!密钥)指纹|掌纹|虹膜", "fingerprint zhiwen iris"),
    _ban("血型", True, r"血型", "bloodtype xuexing"),
    _ban("疾病和病史", True, r"疾病(?!预防控制|控制中心)|病史|病历|病种|病情|患病|诊断(?!仪|设备|机构|资质)",
         "disease illness diagnosis jibing bingshi"),
    _ban("收入", False, r"(?<!非税)(?<!财政)收入(?!库)|工资|薪酬|年薪|月薪", "income salary wage wages"),
    _ban("存款", False, r"存款|银行余额|账户余额", "deposit deposits cunkuan"),
    _ban("有价证券", False, r"有价证券|持股市值|股票持有|债券持有|基金持有", "securities"),
    _ban("商业保险", False, r"商业保险|商业险|人寿保险|寿险", "commercialinsurance"),
    _ban("不动产", False, r"不动产(?!登记机构|登记中心|登记局)|房产|房屋所有|土地使用权", "realestate realty"),
    _ban("纳税数额", False, r"纳税(数|总|金)?额|(应|实|已)(缴|纳)税(款|额)|税额|个人所得税", "taxamount taxtotal"),
)  # fmt: skip
_PAIRS = {
    ("blood", "type"): "bloodtype",
    ("tax", "total"): "taxtotal",
    ("tax", "amt"): "taxamount",
    ("real", "estate"): "realestate",
    ("medical", "history"): "disease",
    ("commercial", "insurance"): "commercialinsurance",
}


def ban_of(item: Item, element: Element | None = None) -> Ban | None:
    """The ban that an item falls under by its title, its name, or its element's title, aliases and key; else None."""
    found = [_ban_in(item.title, item.name)]
    if element is not None:
        found += [_ban_in(title, element.key) for title in (element.title, *element.aliases)]
    known = [ban for ban in found if ban is not None]
    return min(known, key=BANS.index) if known else None


@lru_cache(maxsize=20_000)
def _ban_in(title: str, name: str) -> Ban | None:
    parts = names.words(name)
    words = {*parts, "".join(parts)} | {_PAIRS[pair] for pair in pairwise(parts) if pair in _PAIRS}
    plain = names.normal(title)
    return next((ban for ban in BANS if words & ban.tokens or ban.titles.search(plain)), None)
