"""Registers of people and of firms who do not exist: what is declared, and rows as their departments' files have them."""

from __future__ import annotations

import polars as pl
from django.core.management import call_command
from django.db import transaction

from bench.deliveries import TERMS, firm_name, uscc_of
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Cycle, Item, ItemType, Published, Resource, ShareType, SubjectType
from shuniu.directory import api as directory
from shuniu.registries import api as registries

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
PEOPLE = Resource(
    key="43.bench/people", title="人口登记（基准测试）", agency="43.bench", subject=SubjectType.NATURAL,
    register_for=SubjectType.NATURAL, share=ShareType.CONDITIONAL, cycle=Cycle.DAILY,
    items=(
        Item(name="resident_id", title="公民身份号码", key=True, required=True, check="resident_id", identifies="resident_id"),
        Item(name="name", title="姓名", required=True, identifies="person_name", length=50),
        Item(name="sex", title="性别", length=1),
        Item(name="born", title="出生日期", type=ItemType.DATE),
        Item(name="nation", title="民族", length=2),
        Item(name="address", title="住址", length=200),
        Item(name="phone", title="联系电话", check="phone"),
        Item(name="office", title="登记机关", length=100),
    ),
).model_copy(update=TERMS)  # fmt: skip
FIRMS = Resource(
    key="43.bench/firms", title="法人登记（基准测试）", agency="43.bench", subject=SubjectType.LEGAL, open=True,
    register_for=SubjectType.LEGAL, share=ShareType.UNCONDITIONAL, cycle=Cycle.DAILY,
    items=(
        Item(name="uscc", title="统一社会信用代码", key=True, required=True, check="uscc", identifies="uscc"),
        Item(name="name", title="名称", required=True, identifies="legal_name", length=200),
        Item(name="kind", title="类型", length=20),
        Item(name="founded", title="成立日期", type=ItemType.DATE),
        Item(name="capital", title="注册资本", type=ItemType.DECIMAL),
        Item(name="address", title="住所", length=200),
        Item(name="scope", title="经营范围", length=500),
        Item(name="office", title="登记机关", length=100),
    ),
).model_copy(update=TERMS)  # fmt: skip


def mounted() -> tuple[Published, Published]:
    """Both registers, published and with their tables."""
    call_command("migrate", interactive=False, verbosity=0)
    install = directory.system("install")
    catalogue.ship(actor=install, resources=[PEOPLE, FIRMS])
    for published in catalogue.to_mount():
        with transaction.atomic():
            registries.mount(actor=install, published=published)
            catalogue.mark_mounted(published)
    return catalogue.published(PEOPLE.key), catalogue.published(FIRMS.key)


def resident_id(numbers: pl.Expr) -> pl.Expr:
    """Resident IDs (GB 11643-1999) from running numbers, on a region code that was never issued."""
    day = pl.date(1920, 1, 1) + pl.duration(days=numbers // 1000)
    body = pl.concat_str(pl.lit("430199"), day.dt.to_string("%Y%m%d"), (numbers % 1000).cast(pl.String).str.zfill(3))
    total = pl.sum_horizontal(body.str.slice(at, 1).cast(pl.Int64) * weight for at, weight in enumerate(WEIGHTS))
    return pl.concat_str(body, (total % 11).replace_strict(dict(enumerate("10X98765432")), return_dtype=pl.String))


def people(first: int, rows: int) -> pl.DataFrame:
    """Rows of the population register, as its department's file has them."""
    n = pl.col("n")
    return pl.int_range(first, first + rows, eager=True).alias("n").to_frame().select(
        resident_id(n).alias("公民身份号码"),
        pl.concat_str(
            (n % len(_SURNAMES)).replace_strict(dict(enumerate(_SURNAMES)), return_dtype=pl.String),
            (n // 100 % 50).replace_strict(dict(enumerate(_GIVEN)), return_dtype=pl.String),
            (n // 5000 % 50).replace_strict(dict(enumerate(reversed(_GIVEN))), return_dtype=pl.String),
        ).alias("姓名"),
        (2 - n % 2).cast(pl.String).alias("性别"),
        (pl.date(1920, 1, 1) + pl.duration(days=n // 1000)).dt.to_string("%Y-%m-%d").alias("出生日期"),
        pl.lit("01").alias("民族"),
        pl.concat_str(pl.lit("湖南省演示市演示区演示路"), (n % 9973).cast(pl.String), pl.lit("号")).alias("住址"),
        pl.concat_str(pl.lit("139"), (n % 100_000_000).cast(pl.String).str.zfill(8)).alias("联系电话"),
        pl.lit("演示市公安局演示分局").alias("登记机关"),
    )  # fmt: skip


_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦"
    "昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄"
)
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰萍红鑫宇浩凯健俊帆雪云莲真环晨欣怡佳琪泽梓涵轩博思"


def firms(first: int, rows: int) -> pl.DataFrame:
    """Rows of the legal-person register, as its department's file has them."""
    n = pl.col("n")
    return pl.int_range(first, first + rows, eager=True).alias("n").to_frame().select(
        uscc_of(n).alias("统一社会信用代码"),
        firm_name(n).alias("名称"),
        pl.lit("有限责任公司").alias("类型"),
        (pl.date(1990, 1, 1) + pl.duration(days=n % 12_000)).dt.to_string("%Y-%m-%d").alias("成立日期"),
        (n % 100_000).cast(pl.String).alias("注册资本"),
        pl.concat_str(pl.lit("湖南省演示市演示区演示路"), (n % 9973).cast(pl.String), pl.lit("号")).alias("住所"),
        pl.lit("机械零部件的制造与销售").alias("经营范围"),
        pl.lit("演示市市场监督管理局").alias("登记机关"),
    )  # fmt: skip
