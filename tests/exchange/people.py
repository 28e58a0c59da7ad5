"""Officers with the rights of their roles, for tests that go past the main road."""

from __future__ import annotations

from shuniu.directory import api as directory
from shuniu.directory.declare import CITIZEN, PUBLIC, ROLES, SIGNED_IN
from shuniu.trust.declare import Actor
from tests.cast import AGENCIES, REGIONS


def officer(number: int, name: str, agency: str, *roles: str, regions: tuple[str, ...] = ("43",)) -> Actor:
    held = frozenset[str]().union(*(ROLES[role].capabilities for role in roles))
    return Actor(f"officer:{number}", name, agency, agency, regions, PUBLIC | SIGNED_IN | held)


def citizen(number: int, subject: int) -> Actor:
    return Actor(f"citizen:{number}", "田野", capabilities=PUBLIC | SIGNED_IN | CITIZEN, subject=subject)


MARKET = officer(11, "王敏", "43.market", "data_officer")
MARKET_SECOND = officer(12, "周强", "43.market", "second_officer")
TAX = officer(13, "李娜", "43.tax", "data_officer")
OFFICE = officer(14, "陈岚", "43.office", "office")
REVIEWER = officer(15, "唐静", "43.office", "matching_reviewer")
COUNTY = officer(16, "黄蕾", "430102.market", "county_clerk", regions=("430102",))
OTHER_COUNTY = officer(17, "罗丹", "430102.tax", "county_clerk", regions=("430102",))
SECRECY = officer(18, "鲍严", "43.office", "secrecy_officer")


def have_agencies() -> None:
    """The cast's regions and agencies, where who stands below whom matters."""
    directory.load_regions(actor=directory.system("install"), rows=REGIONS)
    directory.load_agencies(actor=directory.system("install"), rows=AGENCIES)
