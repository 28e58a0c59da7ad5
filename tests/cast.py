"""The people whom the tests are played by: with rows in the database (`cast`), or as bare actors (`pure_cast`); their browsers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeAlias

import pytest
from django.test import Client
from django.utils import timezone

from shuniu.directory import api
from shuniu.directory.declare import CITIZEN, FIRM, PUBLIC, ROLES, SIGNED_IN, Agency, Region
from shuniu.trust.declare import Actor

SignedIn: TypeAlias = Callable[[Actor], Client]
DAY = date(2005, 1, 1)
REGIONS = (
    Region("430000", "湖南省", 1, None, DAY),
    Region("430100", "长沙市", 2, "430000", DAY),
    Region("430102", "芙蓉区", 3, "430100", DAY),
    Region("430102001", "文艺路街道", 4, "430102", DAY),
    Region("430122", "望城县", 3, "430100", DAY, date(2011, 5, 19), "430112"),
    Region("430112", "望城区", 3, "430100", date(2011, 5, 20)),
    Region("431000", "郴州市", 2, "430000", DAY),
    Region("431100", "永州市", 2, "430000", DAY),
)
AGENCIES = (
    Agency("43.office", "省政务信息化办公室", "省信息办", 1, "430000"),
    Agency("43.market", "省市场监督管理局", "省市场监管局", 1, "430000"),
    Agency("43.tax", "省税务局", "省税务局", 1, "430000"),
    Agency("430102.market", "长沙市芙蓉区市场监督管理局", "芙蓉区市场监管局", 3, "430102", parent="43.market"),
)


@dataclass(frozen=True)
class Cast:
    """Everybody by what they are for. `stranger` has signed in and holds no post."""

    office: Actor
    reviewer: Actor
    matcher: Actor
    system_admin: Actor
    security: Actor
    auditor: Actor
    secrecy: Actor
    identity_clerk: Actor
    market_admin: Actor
    market_officer: Actor
    market_second: Actor
    market_cataloguer: Actor
    tax_admin: Actor
    tax_officer: Actor
    tax_second: Actor
    county_clerk: Actor
    stranger: Actor
    citizen: Actor
    firm: Actor
    anonymous: Actor
    installer: Actor


CODES = {
    "湘市监": "43.market",
    "湘市监办": "43.market",
    "湘市监发": "43.market",
    "湘税发": "43.tax",
    "湘政办发": "43.office",
}
"""机关代字: whose each is."""
# attribute: login, name, agency, role, regions
OFFICERS: dict[str, tuple[str, str, str, str, str]] = {
    "office": ("chenlan", "陈岚", "43.office", "office", "430000"),
    "reviewer": ("heping", "何平", "43.office", "catalogue_reviewer", "430000"),
    "matcher": ("tangjing", "唐静", "43.office", "matching_reviewer", "430000"),
    "system_admin": ("xujian", "许健", "43.office", "system_administrator", "430000"),
    "security": ("guoan", "郭安", "43.office", "security_administrator", "430000"),
    "auditor": ("shenming", "沈明", "43.office", "auditor", "430000"),
    "secrecy": ("baoyan", "鲍严", "43.office", "secrecy_officer", "430000"),
    "identity_clerk": ("zhengxin", "郑欣", "43.office", "identity_clerk", "430000"),
    "market_admin": ("liuqiang", "刘强", "43.market", "agency_administrator", "430000"),
    "market_officer": ("wangmin", "王敏", "43.market", "data_officer", "430000"),
    "market_second": ("lihua", "李华", "43.market", "second_officer", "430000"),
    "market_cataloguer": ("zhaoyun", "赵云", "43.market", "cataloguer", "430000"),
    "tax_admin": ("sunwei", "孙伟", "43.tax", "agency_administrator", "430000"),
    "tax_officer": ("zhoujie", "周杰", "43.tax", "data_officer", "430000"),
    "tax_second": ("wufang", "吴芳", "43.tax", "second_officer", "430000"),
    "county_clerk": ("huanglei", "黄蕾", "430102.market", "county_clerk", "430102"),
    "stranger": ("moqi", "莫奇", "43.tax", "", ""),
}
CITIZEN_SUBJECT, FIRM_SUBJECT = 7_000_001, 7_000_002


def pure_cast(numbers: dict[str, int] | None = None) -> Cast:
    """The cast as bare actors, without a database; `numbers` gives their accounts, else they count from 1."""
    names = {agency.key: agency.name for agency in AGENCIES}
    number = numbers or {field.name: at for at, field in enumerate(fields(Cast), start=1)}
    signed_in = PUBLIC | SIGNED_IN
    people = {
        who: Actor(
            person=f"officer:{number[who]}",
            name=name,
            agency=agency,
            agency_name=names[agency],
            regions=(region,) if region else (),
            capabilities=signed_in | (ROLES[role].capabilities if role else frozenset()),
        )
        for who, (_, name, agency, role, region) in OFFICERS.items()
    }
    return Cast(
        **people,
        citizen=Actor(
            f"citizen:{number['citizen']}", "田野", capabilities=signed_in | CITIZEN, subject=CITIZEN_SUBJECT
        ),
        firm=Actor(f"firm:{number['firm']}", "星沙演示有限公司", capabilities=signed_in | FIRM, subject=FIRM_SUBJECT),
        anonymous=api.anonymous(),
        installer=api.system("install"),
    )


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast with regions, agencies, accounts (without passwords) and posts. Rows in bulk: a few milliseconds."""
    from shuniu.cases.models import DocumentCode
    from shuniu.directory.models import Account, Appointment

    installer = api.system("install")
    api.load_regions(actor=installer, rows=REGIONS)
    api.load_agencies(actor=installer, rows=AGENCIES)
    accounts = {
        who: Account(kind="officer", login=login, name=name, agency_id=agency, password="!")
        for who, (login, name, agency, _, _) in OFFICERS.items()
    }
    accounts["citizen"] = Account(kind="citizen", login="tianye", name="田野", subject=CITIZEN_SUBJECT, password="!")
    accounts["firm"] = Account(
        kind="firm", login="xingsha", name="星沙演示有限公司", subject=FIRM_SUBJECT, password="!"
    )
    Account.objects.bulk_create(accounts.values())
    Appointment.objects.bulk_create(
        Appointment(
            account=accounts[who], agency_id=agency, title=ROLES[role].title, role=role, regions=[region], since=DAY
        )
        for who, (_, _, agency, role, region) in OFFICERS.items()
        if role
    )
    DocumentCode.objects.bulk_create(
        DocumentCode(code=code, agency=agency, since=DAY, at=timezone.now(), person_name="陈岚")
        for code, agency in CODES.items()
    )
    return pure_cast({who: account.pk for who, account in accounts.items()})


def number(actor: Actor) -> int:
    """The account of an officer, a citizen or a firm."""
    return int(actor.person.split(":")[1])


def newcomer(agency: str, *roles: str, login: str, name: str, region: str = "430000") -> Actor:
    """An officer beside the cast's, with an account, who holds these roles."""
    from shuniu.directory.models import Account

    account = Account.objects.create(kind="officer", login=login, name=name, agency_id=agency, password="!")
    return with_posts(api.actor_of(account.pk), *roles, region=region)


def with_posts(who: Actor, *roles: str, region: str = "430000") -> Actor:
    """The same person, who holds these roles too."""
    from shuniu.directory.models import Appointment

    account = number(who)
    for role in roles:
        Appointment.objects.create(
            account_id=account, agency_id=who.agency, title=ROLES[role].title, role=role, regions=[region], since=DAY
        )
    return api.actor_of(account)


def client_of(actor: Actor) -> Client:
    """A browser in which somebody has signed in."""
    from shuniu.directory.models import Account

    client = Client()
    client.force_login(Account.objects.get(pk=number(actor)))
    return client


@pytest.fixture
def signed_in(cast: Cast) -> SignedIn:
    """See `client_of`; the cast is there."""
    return client_of
