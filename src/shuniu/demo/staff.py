"""The demo's people at their desks: accounts with a known password, made by the installing job as an operator would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction

from shuniu.demo import words
from shuniu.demo.firms import FIRST_PLACE
from shuniu.demo.people import CITIZENS
from shuniu.directory import api as directory
from shuniu.directory.declare import ROLES
from shuniu.trust.declare import Actor, Refused

PASSWORD = "shuniu-demo-2026"  # noqa: S105 - printed at every start: a demo instance has no secrets
REVIEWER = "catalogue_reviewer"
MAIN = ("market", "tax", "police", "labour", "housing")
"""Departments whose second officer too has a password."""

OFFICE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("office", "岳演岚", ("office",)),
    ("reviewer", "何演平", (REVIEWER,)),
    ("matcher", "唐演静", ("matching_reviewer",)),
    ("secrecy", "鲍演严", ("secrecy_officer", "report_keeper")),
    ("hotline", "丁演听", ("letter_clerk", "letter_handler")),
    ("officepapers", "包演文", ("document_clerk",)),
    ("officehead", "诸演批", ("document_signer", "letter_reviewer")),
    ("system", "许演健", ("system_administrator",)),
    ("security", "郭演安", ("security_administrator",)),
    ("auditor", "沈演明", ("auditor",)),
)
LOOKING: tuple[tuple[str, str, str, str], ...] = (
    ("credit", "development", "顾演信", "credit_officer"),
    ("guard", "market", "俞演护", "data_protection_officer"),
    ("taxguard", "tax", "任演护", "data_protection_officer"),
)
"""Login, department, name, role: who looks files up in duty (信用中心), who watches over the readings at those that others ask."""
MARKET: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("window", "卫演接", ("case_clerk", "counter_clerk", "letter_handler")),
    ("examiner", "常演查", ("case_examiner",)),
    ("chief", "钟演决", ("case_decider", "licence_officer", "letter_reviewer")),
    ("head", "聂演首", ("agency_head", "document_signer")),
    ("papers", "余演文", ("document_clerk",)),
    ("papers2", "章演核", ("document_clerk",)),
    ("ratings", "祝演评", ("rating_officer",)),
    ("ratings2", "尹演询", ("rating_officer",)),
    ("admin", "潘演管", ("agency_administrator",)),
)
"""Login, name, roles of the department whose work is divided among most people."""
WINDOW, CHIEF = (
    ("case_clerk", "case_examiner", "letter_handler"),
    ("case_decider", "licence_officer", "letter_reviewer"),
)
HALL: tuple[tuple[str, str, str, str], ...] = (
    ("police", "police", "石演接", "葛演决"),
    ("education", "school", "方演接", "范演决"),
    ("civil", "civil", "柳演接", "韩演决"),
    ("tax", "tax", "苗演接", "凤演决"),
    ("labour", "labour", "花演接", "俞演决"),
    ("housing", "housing", "酆演接", "任演决"),
    ("health", "health", "袁演接", "柳演决"),
    ("resources", "resources", "史演接", "唐演决"),
    ("development", "development", "费演接", "廉演决"),
    ("ecology", "ecology", "岑演接", "薛演决"),
    ("emergency", "emergency", "雷演接", "贺演决"),
    ("justice", "justice", "倪演接", "汤演决"),
    ("transport", "transport", "滕演接", "殷演决"),
    ("water", "water", "罗演接", "毕演决"),
)
"""Department, what its logins begin with, who accepts and examines (…window), who decides and issues (…chief)."""
RATED = {department for department, *_ in HALL}
"""Whose data officers also see to bad ratings: nobody may who had a part in the case."""
FEES: tuple[tuple[str, str, str], ...] = (
    ("fees", "market", "时演收"),
    ("fees2", "market", "傅演核"),
    ("policefees", "police", "郝演收"),
    ("policefees2", "police", "邬演核"),
    ("resourcesfees", "resources", "安演收"),
    ("resourcesfees2", "resources", "常演核"),
)
"""Login, department, name: who takes money at the window; what one asks for (退费、减免) the other decides."""
COUNTY = f"{FIRST_PLACE}.market"
CLERK = ("clerk", "黄演蕾", ("county_clerk",))
IDENTITY = ("identity", "郑演欣", ("identity_clerk",))
"""Who registers the public's accounts: made last, so that its presence says that a load has come to its end."""

SHARED = 4
"""So many people with the same posts are listed together rather than with their agencies."""
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


def agency(department: str) -> str:
    """The key of one of the province's departments."""
    return f"{settings.PROVINCE}.{department}"


def office() -> str:
    """The province's data office."""
    return agency("office")


def officers(agencies: Sequence[str]) -> list[Account]:
    """The officers: all hands, who looks files up and who watches, a county's clerk, and two at each of these agencies."""
    found = hands()
    found += [Account(login, name, agency(at), (role,)) for login, at, name, role in LOOKING]
    found.append(Account(CLERK[0], CLERK[1], COUNTY, CLERK[2]))
    for place, key in enumerate(agencies):
        login = key.partition(".")[2]
        first, second = (
            words.SURNAMES[(place * 2 + n) % len(words.SURNAMES)] + f"演{words.SECOND_MALE[place % 14]}" for n in (0, 1)
        )
        rates = ("rating_officer",) if login in RATED else ()
        found.append(Account(login, first, key, ("data_officer", *rates)))
        found.append(Account(f"{login}2", second, key, ("second_officer", REVIEWER), login in MAIN))
    return found


def hands() -> list[Account]:
    """Those through whose hands an application, a letter, a document or a payment goes."""
    found = [Account(login, name, office(), roles) for login, name, roles in OFFICE]
    found += [Account(login, name, agency("market"), roles) for login, name, roles in MARKET]
    for department, begins, accepts, decides in HALL:
        at = agency(department)
        found += [Account(f"{begins}window", accepts, at, WINDOW), Account(f"{begins}chief", decides, at, CHIEF)]
    found += [Account(login, name, agency(at), ("fee_officer",)) for login, at, name in FEES]
    return found


def open_accounts(accounts: Sequence[Account]) -> None:
    """Make the accounts that are not there yet, each whole or not at all."""
    agencies = {one.key: one for one in directory.agencies()}
    for account in accounts:
        if any(one.login == account.login for one in directory.holders(account.agency, account.roles[0])):
            continue
        with transaction.atomic():
            _open(account, agencies[account.agency].region)


def _open(account: Account, region: str) -> None:
    installer = directory.system("install")
    made = directory.create_account(actor=installer, login=account.login, name=account.name, agency=account.agency)
    for role in account.roles:
        directory.appoint(actor=installer, account=made.account, role=role, regions=[region])
    if account.password:
        enrol(account.login, made.code)


def enrol(login: str, code: str) -> None:
    """Use the one-time code as its owner would."""
    attempt = directory.enrol(actor=directory.anonymous(), login=login, code=code, password=PASSWORD)
    if attempt.refusal is not None:
        raise attempt.refusal


def actor(at: str, role: str) -> Actor:
    """Who holds that role at the agency (its key) in the demo. Raises Refused (demo.staff) when nobody does."""
    held = directory.holders(at, role)
    if not held:
        raise Refused("demo.staff", f"演示账号不全：{at} 没有“{ROLES[role].title}”。", "请重新运行以补全演示数据。")
    return directory.actor_of(held[0].account)


def manned() -> bool:
    """Whether everybody is there through whose hands things go: a load of an earlier version has not all of them."""
    posts = {(one.agency, role) for one in hands() for role in one.roles}
    return all(directory.holders(at, role) for at, role in posts)


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
            made = directory.register_citizen(
                actor=clerk, login=login, name=name, subject=subject, proof="resident_card"
            )
            enrol(login, made.code)
        if firm is not None:
            made = directory.register_firm(
                actor=clerk, login=PUBLIC[2], name=firm[1], subject=firm[0], proof="representative"
            )
            enrol(PUBLIC[2], made.code)
            return directory.actor_of(made.account)
    return None


def _identity() -> Account:
    return Account(IDENTITY[0], IDENTITY[1], office(), IDENTITY[2])


def lines(accounts: Sequence[Account], firm: str) -> list[str]:
    """Who can sign in: the one password, the public, then by agency, and by posts where four or more have the same."""
    shorts = {one.key: one.short or one.name for one in directory.agencies()}
    able = [one for one in (*accounts, _identity()) if one.password]
    same = Counter(one.roles for one in able)
    told = [f"密码一律是 {PASSWORD}。"]
    told += _group("群众和企业", list(zip(PUBLIC, (CITIZENS[0][0], CITIZENS[1][0], firm), strict=True)), 3)
    apart: dict[str, list[tuple[str, str]]] = {}
    shared: dict[str, list[tuple[str, str]]] = {}
    for one in able:
        short = shorts.get(one.agency, one.agency)
        if same[one.roles] >= SHARED:
            shared.setdefault(one.title, []).append((one.login, short))
        else:
            apart.setdefault(short, []).append((one.login, one.title))
    for title, entries in apart.items():
        told += _group(title, entries, 3)
    for title, entries in shared.items():
        told += _group(title, entries, 5)
    return told


def _group(title: str, entries: Sequence[tuple[str, str]], width: int) -> list[str]:
    """So many entries on a line, under a title that stands before the first."""
    starts = range(0, len(entries), width)
    parts = [" · ".join(f"{login} {what}" for login, what in entries[at : at + width]) for at in starts]
    return [f"【{title}】{part}" if not at else f"　　{part}" for at, part in enumerate(parts)]
