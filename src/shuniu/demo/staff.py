"""The demo's people at their desks: accounts with a known password, made by the installing job as an operator would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction

from shuniu.demo import words
from shuniu.demo.firms import FIRST_PLACE
from shuniu.demo.people import CITIZENS
from shuniu.directory import api as directory
from shuniu.directory.declare import ROLES, Agency
from shuniu.trust.declare import Actor, Refused

PASSWORD = "shuniu-demo-2026"  # noqa: S105 - printed at every start: a demo instance has no secrets
REVIEWER = "catalogue_reviewer"
MAIN = ("market", "tax", "police", "labour", "housing")
"""Departments whose second officer too has a password."""

OFFICE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("office", "岳演岚", ("office",)),
    ("reviewer", "何演平", (REVIEWER,)),
    ("matcher", "唐演静", ("matching_reviewer",)),
    ("secrecy", "鲍演严", ("secrecy_officer",)),
    ("system", "许演健", ("system_administrator",)),
    ("security", "郭演安", ("security_administrator",)),
    ("auditor", "沈演明", ("auditor",)),
)
CREDIT: tuple[tuple[str, str, str, str], ...] = (("credit", "development", "顾演信", "credit_officer"),)
"""Login, department, name, role: who looks files up in duty (信用中心)."""
GUARDS: tuple[tuple[str, str, str, str], ...] = (
    ("guard", "market", "俞演护", "data_protection_officer"),
    ("taxguard", "tax", "任演护", "data_protection_officer"),
)
"""The same of who watches over the readings at departments that others ask."""
CASES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("window", "market", "卫演接", ("case_clerk", "counter_clerk")),
    ("examiner", "market", "常演查", ("case_examiner",)),
    ("chief", "market", "钟演决", ("case_decider", "licence_officer")),
    ("ratings", "market", "祝演评", ("rating_officer",)),
    ("ratings2", "market", "尹演询", ("rating_officer",)),
    ("head", "market", "聂演首", ("agency_head",)),
    ("policewindow", "police", "石演接", ("case_clerk", "case_decider")),
    ("schoolwindow", "education", "方演接", ("case_clerk", "case_decider")),
    ("civilwindow", "civil", "柳演接", ("case_clerk", "case_examiner")),
    ("civilchief", "civil", "韩演决", ("case_decider", "licence_officer")),
)
"""Login, department, name, roles: the hands that an application goes through."""
COUNTY = f"{FIRST_PLACE}.market"
CLERK = ("clerk", "黄演蕾", ("county_clerk",))
IDENTITY = ("identity", "郑演欣", ("identity_clerk",))
"""Who registers the public's accounts: made last, so that its presence says that a load has come to its end."""

PUBLIC = ("citizen", "citizen2", "firm")


@dataclass(frozen=True)
class Account:
    """An officer's account. Those without a password cannot sign in: they only stand in the record."""

    login: str
    name: str
    agency: str
    roles: tuple[str, ...]
    password: bool = True

    @property
    def title(self) -> str:
        return "、".join(ROLES[role].title for role in self.roles)


def office() -> str:
    """The province's data office."""
    return f"{settings.PROVINCE}.office"


def officers(agencies: Sequence[str]) -> list[Account]:
    """The officers: the office's, two at each of these agencies, and a county's clerk."""
    found = [Account(login, name, office(), roles) for login, name, roles in OFFICE]
    single = (*CREDIT, *GUARDS)
    found += [Account(login, name, f"{settings.PROVINCE}.{at}", (role,)) for login, at, name, role in single]
    found += [Account(login, name, f"{settings.PROVINCE}.{at}", roles) for login, at, name, roles in CASES]
    found.append(Account(CLERK[0], CLERK[1], COUNTY, CLERK[2]))
    for place, agency in enumerate(agencies):
        login = agency.partition(".")[2]
        first, second = (
            words.SURNAMES[(place * 2 + n) % len(words.SURNAMES)] + f"演{words.SECOND_MALE[place % 14]}" for n in (0, 1)
        )
        found.append(Account(login, first, agency, ("data_officer",)))
        found.append(Account(f"{login}2", second, agency, ("second_officer", REVIEWER), login in MAIN))
    return found


def open_accounts(accounts: Sequence[Account]) -> None:
    """Make the accounts that are not there yet, each whole or not at all."""
    regions = {agency.key: agency for agency in directory.agencies()}
    for account in accounts:
        if any(one.login == account.login for one in directory.holders(account.agency, account.roles[0])):
            continue
        with transaction.atomic():
            _open(account, regions[account.agency])


def _open(account: Account, agency: Agency) -> None:
    installer = directory.system("install")
    made = directory.create_account(actor=installer, login=account.login, name=account.name, agency=account.agency)
    for role in account.roles:
        directory.appoint(actor=installer, account=made.account, role=role, regions=[agency.region])
    if account.password:
        enrol(account.login, made.code)


def enrol(login: str, code: str) -> None:
    """Use the one-time code as its owner would."""
    attempt = directory.enrol(actor=directory.anonymous(), login=login, code=code, password=PASSWORD)
    if attempt.refusal is not None:
        raise attempt.refusal


def actor(agency: str, role: str) -> Actor:
    """Who holds that role at the agency in the demo. Raises Refused (demo.staff) when nobody does."""
    held = directory.holders(agency, role)
    if not held:
        raise Refused("demo.staff", f"演示账号不全：{agency} 没有“{ROLES[role].title}”。", "请重新运行以补全演示数据。")
    return directory.actor_of(held[0].account)


def complete() -> bool:
    """Whether a load has come to its end: the last account it makes is there."""
    return any(one.login == IDENTITY[0] for one in directory.holders(office(), IDENTITY[2][0]))


def first_day() -> date | None:
    """The day on which loading began; files made after an interruption tell of the same day. None: not begun."""
    held = directory.holders(office(), OFFICE[0][2][0])
    return held[0].posts[0].since if held else None


def open_public(citizens: Sequence[int], firm: tuple[int, str] | None) -> Actor | None:
    """The citizens' and the firm's accounts, by subject number, all or none; the firm's actor.

    With them the load is complete: what must come before or with them is done in the caller's transaction.
    """
    with transaction.atomic():
        open_accounts([_identity()])
        clerk = actor(office(), IDENTITY[2][0])
        for login, subject, (name, _, _) in zip(PUBLIC, citizens, CITIZENS, strict=False):
            made = directory.register_citizen(actor=clerk, login=login, name=name, subject=subject)
            enrol(login, made.code)
        if firm is not None:
            made = directory.register_firm(actor=clerk, login=PUBLIC[2], name=firm[1], subject=firm[0])
            enrol(PUBLIC[2], made.code)
            return directory.actor_of(made.account)
    return None


def _identity() -> Account:
    return Account(IDENTITY[0], IDENTITY[1], office(), IDENTITY[2])


def lines(accounts: Sequence[Account], firm: str) -> list[str]:
    """One line per account that can sign in: who, role, login, password."""
    names = {agency.key: agency.name for agency in directory.agencies()}
    told = [
        f"{names.get(one.agency, one.agency)} {one.name}（{one.title}）  登录名 {one.login}  密码 {PASSWORD}"
        for one in [*accounts, _identity()]
        if one.password
    ]
    public = zip(PUBLIC, (f"个人 {CITIZENS[0][0]}", f"个人 {CITIZENS[1][0]}", f"企业 {firm}"), strict=True)
    return told + [f"{who}  登录名 {login}  密码 {PASSWORD}" for login, who in public]
