"""The rows of the base registers: the same firms and people as their several registrars have them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from random import Random

from shuniu.catalogue.declare import Resource
from shuniu.demo.facts import Facts, World
from shuniu.demo.firms import Firm
from shuniu.demo.people import Person, age

Rows = Callable[[Random, World, Resource], Iterable[Facts]]


def _of(
    rng: Random,
    world: World,
    resource: Resource,
    serial: int,
    *,
    firm: Firm | None = None,
    person: Person | None = None,
    day: date | None = None,
    written: Mapping[str, str] | None = None,
) -> Facts:
    began = day or (firm.established if firm else person.born if person else world.today)
    until = began + timedelta(days=50 * 365)
    closed = firm.closed if firm else None
    agency = world.agencies[resource.agency]
    return Facts(rng, world, resource, agency, serial, firm, person, began, until, closed, written or {})


def _units(wanted: Callable[[Firm], bool], share: float = 1.0, *, late_names: float = 0.0) -> Rows:
    """Units of a kind; `share` of them, and so many of the renamed under the name that they had before."""

    def rows(rng: Random, world: World, resource: Resource) -> Iterator[Facts]:
        names = [item.name for item in resource.items if item.identifies == "legal_name"]
        for firm in world.firms:
            if not wanted(firm) or rng.random() > share:
                continue
            old = firm.old_name if firm.old_name and rng.random() < late_names else ""
            written = dict.fromkeys(names, old) if old else {}
            if firm.closed is None:
                written |= {"cancellation_reason": "", "cancellation_date": ""}
            else:
                written["cancellation_reason"] = rng.choice(("决议解散", "依法被吊销", "经营不善，停止经营"))
            yield _of(rng, world, resource, firm.index + 1, firm=firm, written=written | _extra(rng, firm))

    return rows


def _extra(rng: Random, firm: Firm) -> dict[str, str]:
    """Items that only one register has, by name."""
    return {
        "jglxdm": {"12": "2", "51": "3", "52": "3"}.get(firm.kind, "1"),
        "shzzlb": "社会团体" if firm.kind == "51" else "社会服务机构",
        "jglb": "事业单位",
        "jbdw": f"{firm.place.name}人民政府",
        "jfly": rng.choice(("财政补助", "经费自理")),
        "swdjzt": "注销" if firm.closed else "正常",
        "tjdjzt": "在统",
        "dwgm": "微型" if firm.employees < 10 else "小型" if firm.employees < 100 else "中型",
        "kysj": f"{firm.established:%Y-%m}",
        "jgjb": "其他",
        "zzhywfw": firm.scope,
        "ywzgdw": f"{firm.place.city}有关主管部门",
        "tax_authority_code": f"1{firm.place.code}0000",
        "valid_to": "",
    }


def _household(rng: Random, world: World, resource: Resource) -> Iterator[Facts]:
    for person in world.people:
        years = age(person, world.today)
        died = years > 80 and rng.random() < 0.3
        end = (world.today - timedelta(days=rng.randrange(10, 700))).isoformat() if died else ""
        written = {
            "former_name": person.former_name,
            "birth_place": f"湖南省{person.place.city}{person.place.name}",
            "household_number": f"{person.place.code}{person.index // 3:06d}",
            "household_relation": ("户主", "配偶", "子女")[person.index % 3],
            "household_kind": "家庭户",
            "marital_status": "10" if years < 24 else rng.choice(("20", "20", "20", "10", "40", "30")),
            "education_level": "" if years < 7 else rng.choice(("20", "30", "40", "60", "70", "80")),
            "police_station": f"{person.place.name}公安局演示派出所",
            "qrrq": "",
            "qcrq": "",
            "death_date": end,
            "hkzxrq": end,
        }
        yield _of(rng, world, resource, person.index + 1, person=person, written=written)


def _insurance(rng: Random, world: World, resource: Resource) -> Iterator[Facts]:
    firms = [firm for firm in world.firms if firm.closed is None] or list(world.firms)
    for person in world.adults:
        if age(person, world.today) > 70 or rng.random() < 0.15:
            continue
        employer = rng.choice(firms) if rng.random() < 0.7 else None
        began = world.today - timedelta(days=rng.randrange(60, 6000))
        for kind in ("基本养老保险", "基本医疗保险")[: 1 + (rng.random() < 0.4)]:
            written = {
                "insurance_kind": kind,
                "enterprise_name": employer.name if employer else "",
                "uscc": employer.uscc if employer else "",
                "licence_state": "有效",
                "insured_from": began.isoformat(),
                "insured_to": "",
                "person_kind": "企业职工" if employer else "灵活就业人员",
                "cbd": person.place.city,
            }
            yield _of(rng, world, resource, person.index + 1, person=person, written=written)


def _births(rng: Random, world: World, resource: Resource) -> Iterator[Facts]:
    men = [one for one in world.adults if one.male and age(one, world.today) < 50]
    women = [one for one in world.adults if not one.male and age(one, world.today) < 45]
    if not (men and women):
        return
    for person in world.people:
        if age(person, world.today) > 0:
            continue
        mother, father = rng.choice(women), rng.choice(men)
        issued = min(world.today, person.born + timedelta(days=rng.randrange(1, 30)))
        written = {
            "birth_certificate_number": f"Y{person.index:09d}",
            "birth_place": f"{person.place.city}{person.place.name}",
            "mother_name": mother.name, "mqzjlx": "身份证", "mqzjhm": mother.resident_id,
            "father_name": father.name, "fqzjlx": "身份证", "fqzjhm": father.resident_id,
            "child_name": person.name,
            "qfjg": f"{person.place.name}演示妇幼保健院",
            "issue_date": issued.isoformat(),
        }  # fmt: skip
        yield _of(rng, world, resource, person.index + 1, person=person, written=written)


def _marriages(rng: Random, world: World, resource: Resource) -> Iterator[Facts]:
    men = [one for one in world.adults if one.male]
    women = [one for one in world.adults if not one.male]
    rng.shuffle(women)
    for serial, (man, woman) in enumerate(zip(men, women, strict=False), start=1):
        if abs((man.born - woman.born).days) > 12 * 365:
            continue
        day = max(man.born, woman.born) + timedelta(days=23 * 366 + rng.randrange(900))
        if day >= world.today:
            continue
        written = {
            "hydjzzh": f"J{man.place.code}-{day.year}-{serial:06d}",
            "djlb": "结婚登记",
            "nfxm": man.name, "nfzjlx": "身份证", "nfzjhm": man.resident_id,
            "nfxm2": woman.name, "nfzjlx2": "身份证", "nfzjhm2": woman.resident_id,
            "registration_authority": f"{man.place.name}民政局",
            "licence_state": "有效",
        }  # fmt: skip
        yield _of(rng, world, resource, serial, person=man, day=day, written=written)


REGISTERS: dict[str, Rows] = {
    "43.market/registration": _units(lambda firm: firm.business),
    "43.civil/organisation": _units(lambda firm: firm.kind in ("51", "52")),
    "43.staffing/registration": _units(lambda firm: firm.kind == "12"),
    "43.police/household": _household,
    "43.health/birth": _births,
    "43.market/organisation_code": _units(lambda firm: firm.established.year < 2015, 0.9, late_names=0.9),
    "43.tax/registration": _units(lambda firm: firm.business, 0.75, late_names=0.4),
    "43.statistics/unit": _units(lambda firm: firm.closed is None, 0.8, late_names=0.5),
    "43.labour/insurance": _insurance,
    "43.civil/marriage": _marriages,
}
"""By resource key, those first that found subjects."""
