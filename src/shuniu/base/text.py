"""Chinese text: safe normalisation of any cell, and comparison keys for names of legal persons and of people.

The tables and patterns are public because `shuniu.base.columns` makes the column forms from the same ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

_SPACES: Final = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_INVISIBLE: Final = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
_PROSE_PUNCTUATION: Final = "！＂＇（），：；？"
"""Full-width marks that Chinese sentences are rightly written with: left as they are."""
_LOOKALIKES: Final = (range(0x2F00, 0x2FD6), range(0xF900, 0xFB00), range(0x2F800, 0x2FA20))
"""Kangxi radicals and compatibility ideographs, which stand for ordinary characters (Unicode decompositions)."""


def _text_table() -> dict[str, str]:
    table = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in _PROSE_PUNCTUATION}
    table |= dict.fromkeys(_SPACES, " ") | dict.fromkeys(_INVISIBLE, "")
    for code in (code for block in _LOOKALIKES for code in block):
        plain = unicodedata.normalize("NFKC", chr(code))
        if plain != chr(code) and len(plain) == 1:
            table[chr(code)] = plain
    return table


TEXT_TABLE: Final = _text_table()
"""Full-width digits, letters and safe punctuation, odd spaces, invisible characters and look-alikes to plain ones."""
TRIMMED: Final = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029"

_VARIANT_PAIRS: Final = (
    "內内 髙高 啟启 啓启 溫温 產产 産产 寶宝 寳宝 龍龙 華华 國国 興兴 廣广 東东 門门 業业 電电 車车 貿贸 "
    "經经 營营 蓮莲 豐丰 麗丽 達达 發发 樓楼 飯饭 館馆 鮮鲜 魚鱼 雞鸡 鷄鸡 長长 張张 陳陈 劉刘 楊杨 黃黄 "
    "趙赵 吳吴 馬马 葉叶 蔣蒋 鄧邓 鄭郑 謝谢 許许 韓韩 羅罗 譚谭 賴赖 鍾钟 鐘钟 醫医 藥药 學学 園园 機机 "
    "設设 備备 製制 銀银 鐵铁 鋼钢 銅铜 鋁铝 農农 資资 財财 貨货 運运 輸输 書书 報报 廠厂 總总 聯联 實实 "
    "開开 環环 衛卫 陽阳 陰阴 島岛 嶽岳 嶺岭 灣湾 瀏浏 寧宁 漣涟 縣县 區区 鄉乡 鎮镇 號号 專专 個个 體体 "
    "團团 協协 會会 務务 術术 藝艺 樂乐 畫画 紅红 綠绿 藍蓝 雲云 風风 飛飞 鳳凤 鴻鸿 鵬鹏 騰腾 駿骏 養养 "
    "種种 糧粮 麵面 麥麦 蘭兰 薈荟 萬万 億亿 雙双 凱凯 歐欧 亞亚 聖圣 堅坚 強强 偉伟 誠诚 諾诺 潤润 澤泽 "
    "濱滨 淨净 潔洁 滿满 順顺 爾尔 寬宽 維维 網网 線线 訊讯 語语 護护 質质 賢贤 輝辉 輪轮 載载 遠远 鋒锋 "
    "錦锦 録录 鎖锁 鏡镜 鑽钻 際际 雜杂 靈灵 頂顶 項项 頭头 顏颜 飾饰 駕驾 驗验 點点 齊齐 齋斋 昇升 峯峰 "
    "羣群 裏里 裡里 牀床 竝并 麽么 ○〇 祕秘 恆恒 吿告 說说 淸清 靑青 爲为 為为 衆众 眾众 敎教 戶户 戸户 "
    "卽即 旣既 黙默 徳德 鎭镇 眞真 "
)
"""Traditional and variant characters met on signs, seals and old licences, each with the standard one."""


def _name_table() -> dict[str, str]:
    table = {pair[0]: pair[1] for pair in _VARIANT_PAIRS.split()}
    table |= dict.fromkeys("〔［【《〈﹙❨「『", "(") | dict.fromkeys("〕］】》〉﹚❩」』", ")")
    table |= dict.fromkeys("[{<", "(") | dict.fromkeys("]}>", ")")
    table |= dict.fromkeys(_INVISIBLE + " \t\n\r\u3000\"'`“”‘’·・•‧∙⋅.,，。、:：;；-_—–~*#", "")
    return table


NAME_TABLE: Final = _name_table()
"""For legal persons' names after NFKC: variants to the standard character, any bracket to (), other marks dropped."""
DOTS: Final = "・•‧∙⋅●﹒.｡。"
PERSON_TABLE: Final = dict.fromkeys(DOTS, "·") | dict.fromkeys(_INVISIBLE + " \t\n\r\u3000\"'`*,，", "")
"""For people's names after NFKC: the dots that stand for U+00B7 to it, spaces and marks to nothing; no variants."""

FORMS: Final = {
    "股份有限责任公司": "股份公司",
    "股份有限公司": "股份公司",
    "股份公司": "股份公司",
    "有限责任公司": "有限公司",
    "有限公司": "有限公司",
    "农民专业合作联合社": "合作社",
    "农民专业合作社": "合作社",
    "专业合作联合社": "合作社",
    "专业合作社": "合作社",
    "农民合作社": "合作社",
    "个人独资企业": "",
    "个体工商户": "",
}
"""Legal forms at the end of a name (公司法, 农民专业合作社法), longest first, and the word of the key for each."""

_TEXT: Final = str.maketrans(TEXT_TABLE)
_NAME: Final = str.maketrans(NAME_TABLE)
_PERSON: Final = str.maketrans(PERSON_TABLE)
BRACKETED_FORM: Final = r"\((?:个人独资企业|个人独资|普通合伙|特殊普通合伙|有限合伙|个体工商户|个体|自然人独资)\)$"
_REGION_TAIL: Final = re.compile(r"(?:特别行政区|(?:.族)+自治[区州县]|自治[区州县]|[省市县区])$")


@dataclass(frozen=True, slots=True)
class LegalName:
    """A normalised legal person's name in parts: region prefix (or ''), core, form as the key keeps it (or '')."""

    region: str
    core: str
    form: str

    @property
    def key(self) -> str:
        return self.core + self.form


def normalise_text(text: str) -> str:
    """Half-width digits, letters, safe punctuation; ordinary spaces; trimmed. Sentences keep ，。（）."""
    return text.translate(_TEXT).strip(TRIMMED)


def legal_name_plain(text: str) -> str:
    """A legal person's name without width, case, spacing, bracket, punctuation and variant-character differences."""
    return unicodedata.normalize("NFKC", text).upper().translate(_NAME)


def legal_name_parts(text: str, regions: Collection[str] = ()) -> LegalName:
    """Split a name; `regions` are full names (湖南省, 长沙市), also found without 省, 市, 县, 区.

    At least two characters of core are left: 长沙银行 keeps its name when nothing else would remain.
    """
    name = re.sub(BRACKETED_FORM, "", legal_name_plain(text))
    ending = next((form for form in FORMS if name.endswith(form) and name != form), "")
    name, form = name.removesuffix(ending), FORMS.get(ending, "")
    prefix = region_prefix(regions)
    found = re.match(prefix, name) if prefix else None
    return LegalName(found[1], found[2], form) if found else LegalName("", name, form)


def legal_name_key(text: str, regions: Collection[str] = ()) -> str:
    """The key by which two spellings of one legal person's name are equal.

    有限责任公司 and 有限公司 are one, 股份有限公司 is another; a sole trader's (个体工商户) is dropped. With `regions`
    a region prefix is dropped too, which joins firms of different places: compare their region as well.
    """
    return legal_name_parts(text, regions).key


def person_name_key(text: str) -> str:
    """The key of a person's name: width, spaces and case dropped, every middle dot as U+00B7; characters unchanged."""
    return unicodedata.normalize("NFKC", text).upper().translate(_PERSON)


def region_prefix(regions: Collection[str]) -> str:
    """A pattern with two groups, up to three region names and a core of two or more characters; '' for no regions."""
    plain = {legal_name_plain(region) for region in regions}
    names = {form for name in plain for form in (name, _REGION_TAIL.sub("", name)) if len(form) >= 2}
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return rf"^((?:{'|'.join(map(re.escape, longest_first))}){{1,3}})([^()].+)$" if names else ""
