"""The licence types of the demonstration province.

A type's code begins with the unified social credit code of whoever defined it (GB/T 36904-2018). The national
definers' codes could not be verified, so the province's own agencies stand there; an instance declares its own types.
`fields` name questions of the issuing item's form, or `name` and `code` of the holder; what was not asked is not printed.
"""

from __future__ import annotations

from shuniu.cases.declare.licence import LicenceType

HOLDER = (("name", "名称"), ("code", "统一社会信用代码"))

TYPES = (
    LicenceType(
        key="food_business",
        title="食品经营许可证",
        agency="43.market",
        definer="11430000XN0000020U",
        number="001",
        fields=(*HOLDER, ("representative", "法定代表人（负责人）"), ("premises", "经营场所"), ("project", "经营项目")),
        valid_years=5,  # 食品经营许可和备案管理办法 art. 20
        single=False,  # one for each place of business
    ),
    LicenceType(
        key="public_place_hygiene",
        title="公共场所卫生许可证",
        agency="43.health",
        definer="11430000XN0000143W",
        number="001",
        fields=(*HOLDER, ("representative", "法定代表人（负责人）"), ("premises", "地址"), ("project", "许可项目")),
        valid_years=4,  # 公共场所卫生管理条例实施细则 art. 25
        single=False,
    ),
    LicenceType(
        key="road_transport",
        title="道路运输经营许可证",
        agency="43.transport",
        definer="11430000XN0000098U",
        number="001",
        fields=(*HOLDER, ("premises", "地址"), ("project", "经营范围")),
        valid_years=4,
    ),
    LicenceType(
        key="labour_dispatch",
        title="劳务派遣经营许可证",
        agency="43.labour",
        definer="11430000XN00000639",
        number="001",
        fields=(*HOLDER, ("representative", "法定代表人"), ("premises", "住所"), ("capital", "注册资本（元）")),
        valid_years=3,  # 劳务派遣行政许可实施办法 art. 14
    ),
    LicenceType(
        key="nurse",
        title="护士执业证书",
        agency="43.health",
        definer="11430000XN0000143W",
        number="002",
        fields=(("name", "姓名"), ("hospital", "执业机构")),
        valid_years=5,  # 护士条例 art. 8
        holder="natural",
    ),
)
"""Every type by declaration order; keys are what service items and materials name."""

BY_KEY = {one.key: one for one in TYPES}
