"""Making a production instance: a province's places, the office that runs the platform, and its three administrators.

Nothing else: no demo data, no account with a known password, and no page on which the first visitor would become
administrator. The one-time codes are returned, shown once on the host, and kept as digests alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from shuniu.directory import api as directory
from shuniu.directory.declare import ROLES, THREE, Agency, Enrolment, Person
from shuniu.project import province
from shuniu.project.setup import declare
from shuniu.trust.declare import Refused

LOGINS: Mapping[str, str] = {
    "system_administrator": "sysadmin",
    "security_administrator": "secadmin",
    "auditor": "auditor",
}
FICTIONAL_USCC = "XN"
"""How the demo's unified social credit codes begin, from the ninth character on: a range that was never issued."""


@dataclass(frozen=True)
class Administrator:
    """One of the three, with the code that lets him set his password; `repr` does not show it."""

    role: str
    title: str
    login: str
    name: str
    code: str = field(repr=False)
    expires: datetime


def make(folder: Path, agency_name: str, names: Mapping[str, str]) -> list[Administrator]:
    """Fill the migrated database: declarations, the office, the three. `names` are the administrators' by role."""
    declare()
    office = office_of(folder, agency_name)
    directory.load_agencies(actor=directory.system("install"), rows=[office])
    return [_administrator(role, names.get(role, ""), office) for role in THREE]


def office_of(folder: Path, name: str) -> Agency:
    """The office that runs the platform, from the folder's agencies: its key, region and level, and its name unless
    another is given. Never its unified social credit code, which in the folder is a fictional one."""
    (found,) = [one for one in province.agencies(folder) if one.key.endswith(".office")]
    return replace(found, name=name or found.name, short=name or found.short, uscc=None)


def _administrator(role: str, name: str, office: Agency) -> Administrator:
    actor = directory.system("install")
    login, title = LOGINS[role], ROLES[role].title
    enrolment = directory.create_account(actor=actor, login=login, name=name or title, agency=office.key)
    directory.appoint(actor=actor, account=enrolment.account, role=role, regions=[office.region])
    return _shown(role, login, name or title, enrolment)


def administrators() -> list[tuple[str, Person]]:
    """Who holds one of the three roles today, with the role."""
    return [
        (role, person)
        for agency in directory.agencies()
        for role in THREE
        for person in directory.holders(agency.key, role)
    ]


def new_code(login: str) -> Administrator:
    """A new one-time code for one of the three, given on the host alone; his password ends. Raises Refused."""
    for role, person in administrators():
        if person.login == login:
            enrolment = directory.reset_access(actor=directory.system("install"), account=person.account)
            return _shown(role, login, person.name, enrolment)
    raise Refused(
        "administrator.unknown",
        f"“{login}”不是系统、安全或审计管理员的登录名。",
        "其他人员请由本单位管理员在网页上重发激活码。",
    )


def _shown(role: str, login: str, name: str, enrolment: Enrolment) -> Administrator:
    return Administrator(role, ROLES[role].title, login, name, enrolment.code, enrolment.expires)


def load_agencies(path: Path, *, production: bool) -> int:
    """Add or correct agencies from a CSV with the columns of the province's `agencies.csv`. Returns how many.

    Raises Refused (agencies.file, agencies.fictional, directory.agency_*): a production instance takes no demo code.
    """
    if not path.is_file():
        raise Refused("agencies.file", f"找不到文件 {path}。", "请核对路径。")
    try:
        rows = province.read_agencies(path)
    except (KeyError, ValueError) as error:
        raise Refused(
            "agencies.file",
            f"{path.name} 读不出来（{error}）。",
            "应为 UTF-8 的 CSV，列为 key,name,short,level,region,uscc,parent。",
        ) from error
    fictional = [row.name for row in rows if row.uscc and row.uscc[8:10] == FICTIONAL_USCC]
    if production and fictional:
        raise Refused(
            "agencies.fictional",
            f"{'、'.join(fictional[:5])} 的统一社会信用代码是演示用的虚拟代码。",
            "请填写真实代码，或留空。",
        )
    return directory.load_agencies(actor=directory.system("install"), rows=rows)
