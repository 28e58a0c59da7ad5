"""The register of legal persons: attributes with the one authoritative source, then who may fill a gap (一数一源).

Which register is the authority follows from who registers the kind of legal person: enterprises at 市场监管, institutions
and offices at 机构编制, social organisations at 民政. A subject has rows in one of them; tax, statistics and the old
organisation codes fill gaps and show conflicts.
"""

from __future__ import annotations

from shuniu.registries.declare import Attribute, Register

MARKET, STAFFING, CIVIL = "43.market/registration", "43.staffing/registration", "43.civil/organisation"
TAX, STATISTICS, OLD_CODES = "43.tax/registration", "43.statistics/unit", "43.market/organisation_code"


REGISTER = Register(
    key="legal_persons",
    title="法人单位库",
    subject="legal",
    attributes=(
        Attribute.of(
            "uscc", "统一社会信用代码", "uscc",
            (MARKET, "uscc"), (STAFFING, "uscc"), (CIVIL, "uscc"), (OLD_CODES, "uscc"), (TAX, "uscc"), (STATISTICS, "uscc"),
        ),
        Attribute.of(
            "name", "名称", "legal_name",
            (MARKET, "enterprise_name"), (STAFFING, "subject_name"), (CIVIL, "subject_name"),
            (OLD_CODES, "subject_name"), (TAX, "taxpayer_name"), (STATISTICS, "subject_name"),
        ),
        Attribute.of(
            "legal_representative", "法定代表人", "legal_representative",
            (MARKET, "legal_representative"), (STAFFING, "legal_representative"), (CIVIL, "legal_representative"),
            (OLD_CODES, "legal_representative"), (TAX, "legal_representative"),
        ),
        Attribute.of("type", "类型", "enterprise_type", (MARKET, "enterprise_type"), (STAFFING, "jglb"), (CIVIL, "shzzlb")),
        Attribute.of(
            "status", "登记状态", "registration_status",
            (MARKET, "registration_status"), (STAFFING, "registration_status"), (CIVIL, "registration_status"),
        ),
        Attribute.of(
            "established", "成立日期", "establishment_date",
            (MARKET, "establishment_date"), (STAFFING, "establishment_date"), (CIVIL, "establishment_date"),
        ),
        Attribute.of(
            "authority", "登记机关", "registration_authority",
            (MARKET, "registration_authority"), (STAFFING, "registration_authority"),
            (CIVIL, "registration_authority"), (OLD_CODES, "registration_authority"),
        ),
        Attribute.of(
            "capital", "注册资本（万元）", "registered_capital",
            (MARKET, "registered_capital"), (STAFFING, "registered_capital"), (CIVIL, "registered_capital"),
        ),
        Attribute.of(
            "address", "住所", "address",
            (MARKET, "address"), (STAFFING, "address"), (CIVIL, "address"), (OLD_CODES, "address"),
        ),
        Attribute.of(
            "region", "行政区划", "region_code",
            (MARKET, "region_code"), (STAFFING, "region_code"), (CIVIL, "region_code"), (TAX, "region_code"),
            (STATISTICS, "region_code"),
        ),
        Attribute.of("business_address", "经营场所", "business_address", (MARKET, "business_address"),
                   (STATISTICS, "business_address"), (TAX, "business_address")),
        Attribute.of("scope", "经营（业务）范围", "business_scope", (MARKET, "business_scope"), (STAFFING, "zzhywfw"),
                   (CIVIL, "business_scope")),
        Attribute.of("industry", "行业代码", "industry", (STATISTICS, "industry"), (MARKET, "industry"), (TAX, "industry")),
        Attribute.of("employees", "从业人数", "employees", (STATISTICS, "employees"), (MARKET, "employees")),
        Attribute.of("organisation_code", "组织机构代码", "organisation_code", (OLD_CODES, "organisation_code"),
                   (MARKET, "organisation_code"), (TAX, "organisation_code"), (STATISTICS, "organisation_code")),
        Attribute.of("registration_number", "工商注册号", "registration_number", (MARKET, "registration_number")),
        Attribute.of("tax_number", "纳税人识别号", "tax_number", (TAX, "tax_number")),
        Attribute.of("tax_authority", "主管税务机关", "tax_authority", (TAX, "tax_authority")),
        Attribute.of("tax_status", "税务登记状态", "tax_status", (TAX, "swdjzt")),
        Attribute.of("phone", "联系电话", "phone", (MARKET, "phone")),
        Attribute.of("cancelled", "注销日期", "cancellation_date", (MARKET, "cancellation_date"), (CIVIL, "cancellation_date"),
                   (TAX, "cancellation_date")),
    ),
)  # fmt: skip
