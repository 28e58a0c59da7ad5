from __future__ import annotations

import random
import re
from time import process_time

import pytest

from shuniu.base import masking
from shuniu.base.identifiers import resident_check_digit

FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def test_single_values_keep_only_what_tells_them_apart() -> None:
    assert masking.mask_resident_id("430102199003070012") == "430102********0012"
    assert masking.mask_resident_id("430102900307001") == "430102******001"
    assert masking.mask_phone("13812341234") == "138****1234"
    assert masking.mask_phone("0731-88881234") == "0731-****1234"
    assert masking.mask_bank_account("6222 0210 0101 2345") == "************2345"


def test_names_keep_the_surname() -> None:
    masked = {
        "张三": "张*",
        "张三丰": "张**",
        "欧阳娜娜": "欧阳**",
        "欧阳修": "欧阳*",
        "阿卜杜·热合曼": "阿**",
        "张": "张*",
    }
    assert {name: masking.mask_name(name) for name in masked} == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("湖南省长沙市岳麓区麓山南路932号", "湖南省长沙市岳麓区****"),
        ("湘西土家族苗族自治州吉首市乾州街道", "湘西土家族苗族自治州吉首市****"),
        ("郴州市苏仙区王仙岭路2号", "郴州市苏仙区****"),
        ("麓山南路932号", "****"),
    ],
)
def test_addresses_keep_down_to_the_county(address: str, masked: str) -> None:
    assert masking.mask_address(address) == masked


@pytest.mark.parametrize("text", ["", "12", "43010219900307001?", "不详"])
def test_what_is_not_of_its_kind_is_hidden_whole(text: str) -> None:
    for mask in (masking.mask_resident_id, masking.mask_phone, masking.mask_bank_account):
        assert set(mask(text)) <= {"*"}


def resident_id(rnd: random.Random) -> str:
    body = f"430102{rnd.randint(1930, 2009)}{rnd.randint(1, 12):02}{rnd.randint(1, 28):02}{rnd.randint(1, 999):03}"
    code = body + resident_check_digit(body)
    old = body[:6] + body[8:]
    return rnd.choice(
        [
            code, old, code.translate(FULL_WIDTH), code.lower(), f"{code[:6]} {code[6:14]} {code[14:]}", " ".join(code),
            f"{code[:6]}-{code[6:14]}-{code[14:]}", f"{old[:6]} {old[6:12]} {old[12:]}", old.translate(FULL_WIDTH),
            f"{code[:6]}\u3000{code[6:14]}\u200b{code[14:]}", f"{code[:10]}\n{code[10:]}", code[:17] + "×",
        ]
    )  # fmt: skip


def phone(rnd: random.Random) -> str:
    mobile = f"1{rnd.randint(3, 9)}{rnd.randint(0, 999_999_999):09}"
    line = f"{rnd.randint(2, 9)}{rnd.randint(0, 9_999_999):07}"
    return rnd.choice(
        [
            mobile, mobile.translate(FULL_WIDTH), f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}", f"+86 {mobile}",
            f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}", f"(86){mobile}", f"0731-{line}", f"(0731){line}", f"0731{line}",
            f"（0731） {line[:4]} {line[4:]}", f"010-{line}", f"0731－{line}转802", f"电话：{line}", f"0086{mobile}",
        ]
    )  # fmt: skip


def address(rnd: random.Random) -> str:
    a, b, c = rnd.randint(1, 999), rnd.randint(1, 30), rnd.randint(101, 2909)
    return rnd.choice(
        [
            f"长沙市岳麓区麓山南路{a}号", f"湖南省长沙市芙蓉区五一大道{a}号{b}栋{c}室", f"宁乡市花明楼镇杨林桥村{b}组",
            f"书院路{a}号", f"阳光小区{b}栋{b}单元{c}室", f"桃花村三组{a}号", f"{b}栋{b}单元{c}", f"东风巷{a}弄{b}号",
            f"岳阳县新开镇{b}组", f"北京市朝阳区建国路甲{a}号", f"长沙县星沙街道望仙路{a}号附{b}号",
            f"青竹湖路{a}号-{b}", f"春华镇石塔村王家湾组{a}号", f"五一路 {a} 号 {b} 栋",
            f"滨江花园{b}-{b}-{c}",
            f"解放路{a}号".translate(FULL_WIDTH),
        ]
    )  # fmt: skip


def email(rnd: random.Random) -> str:
    name = f"zhang.san{rnd.randint(1, 9999)}"
    return rnd.choice(
        [f"{name}@example.com", f"{name}@mail.example.com.cn", f"{name}＠example.com", f"{name} @ example.cn"]
    )


FRAMES = [
    "经查，当事人张某（{}）未取得许可从事经营活动，依据《食品安全法》第一百二十二条处罚。",
    "联系{}，已告知。", "{}", "证件号{}，",
    "当事人住{}，2024年3月5日被查获；", "地点:{}。", "见附件[{}]。另处罚款5000元。", "因{}与他人发生纠纷",
]  # fmt: skip


def test_none_of_two_hundred_planted_values_survives() -> None:
    rnd = random.Random(20260101)
    survivors = []
    for turn in range(1200):
        planted = (resident_id, phone, address, email)[turn % 4](rnd)
        masked = masking.mask_free_text(rnd.choice(FRAMES).format(planted))
        left = masked.replace("2024年3月5日", "").replace("5000元", "")
        detail = re.findall(r"\d+", planted) or [planted]
        if planted in masked or any(number in left for number in detail) or re.search(r"[路巷村镇]|@|＠", left):
            survivors.append((planted, masked))
    assert survivors == []


def test_what_is_public_stays_readable() -> None:
    for text in (
        "依据《中华人民共和国道路运输条例》第六十四条第一款，罚款5000元，长市监罚〔2024〕12号",
        "统一社会信用代码91430100MA0000015K、114300000000000190，2024年3月5日",
        "湖南省市场监督管理局于2024年3月5日作出决定，铁路公安处协助",
    ):
        assert masking.mask_free_text(text) == text


@pytest.mark.parametrize("piece", ["区", "村", "1", "1 ", "a", "长沙市路", "三", "地址：", "号", "a.", "路1"])
def test_hostile_text_is_masked_in_linear_time(piece: str) -> None:
    start = process_time()
    masking.mask_free_text(piece * 5000)
    assert process_time() - start < 2
