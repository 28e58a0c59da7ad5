"""The register of persons: attributes with the one authoritative source, then who may fill a gap (一数一源)."""

from __future__ import annotations

from shuniu.registries.declare import Attribute, Register

HOUSEHOLD, INSURANCE, BIRTH = "43.police/household", "43.labour/insurance", "43.health/birth"


REGISTER = Register(
    key="population",
    title="人口基础信息库",
    subject="natural",
    attributes=(
        Attribute.of(
            "resident_id", "公民身份号码", "resident_id", (HOUSEHOLD, "resident_id"), (INSURANCE, "resident_id")
        ),
        Attribute.of(
            "name", "姓名", "person_name", (HOUSEHOLD, "person_name"), (INSURANCE, "person_name"), (BIRTH, "child_name")
        ),
        Attribute.of("former_name", "曾用名", "former_name", (HOUSEHOLD, "former_name")),
        Attribute.of("sex", "性别", "sex", (HOUSEHOLD, "sex"), (BIRTH, "sex")),
        Attribute.of("ethnicity", "民族", "ethnicity", (HOUSEHOLD, "ethnicity")),
        Attribute.of("birth_date", "出生日期", "birth_date", (HOUSEHOLD, "birth_date"), (BIRTH, "birth_date")),
        Attribute.of("birth_place", "出生地", "birth_place", (HOUSEHOLD, "birth_place"), (BIRTH, "birth_place")),
        Attribute.of("native_place", "籍贯", "native_place", (HOUSEHOLD, "native_place")),
        Attribute.of("home_address", "户籍地址", "home_address", (HOUSEHOLD, "home_address")),
        Attribute.of("region", "行政区划", "region_code", (HOUSEHOLD, "region_code")),
        Attribute.of("household_number", "户口簿号", "household_number", (HOUSEHOLD, "household_number")),
        Attribute.of("education", "文化程度", "education_level", (HOUSEHOLD, "education_level")),
        Attribute.of("marital_status", "婚姻状况", "marital_status", (HOUSEHOLD, "marital_status")),
        Attribute.of("insured", "参保状态", "insurance_state", (INSURANCE, "licence_state")),
        Attribute.of("employer", "参保单位", "legal_name", (INSURANCE, "enterprise_name")),
        Attribute.of("death_date", "死亡日期", "death_date", (HOUSEHOLD, "death_date")),
    ),
)
"""Marriages name two people a row and so found no attribute of one; the declared status is 公安's until 民政 says it by person."""
