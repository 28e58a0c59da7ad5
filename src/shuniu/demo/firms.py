"""The demo province's units: enterprises, shops, cooperatives, organisations, institutions, in a reserved code range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from shuniu.demo import numbers, words
from shuniu.demo.people import Person, Place, address


@dataclass(frozen=True)
class Firm:
    """A unit and what registers say of it. `old_name` is what it was called before, empty for most."""

    index: int
    kind: str  # the first two characters of its social credit code
    name: str
    old_name: str
    uscc: str
    organisation_code: str
    registration_number: str
    tax_number: str
    certificate: str  # institutions and social organisations
    place: Place
    address: str
    phone: str
    representative: Person
    established: date
    capital: str  # 万元
    industry: str
    scope: str
    status: str
    closed: date | None
    employees: int

    @property
    def enterprise_type(self) -> str:
        return {"92": "个体工商户", "93": "农民专业合作社"}.get(self.kind, "有限责任公司")

    @property
    def business(self) -> bool:
        """Whether the market department registers it."""
        return self.kind in ("91", "92", "93")


FIRST_PLACE = "430102"
"""The first firm has an account, in the county whose clerk has one too."""

KINDS = ("91",) * 66 + ("92",) * 18 + ("93",) * 6 + ("51",) * 3 + ("52",) * 2 + ("12",) * 5
AREAS = {
    "长沙市": "0731", "株洲市": "0731", "湘潭市": "0731", "衡阳市": "0734", "邵阳市": "0739", "岳阳市": "0730",
    "常德市": "0736", "张家界市": "0744", "益阳市": "0737", "郴州市": "0735", "永州市": "0746", "怀化市": "0745",
    "娄底市": "0738",
}  # fmt: skip
CERTIFIED = {"12": numbers.institution_number, "51": numbers.social_organisation_number}
CERTIFIED["52"] = CERTIFIED["51"]


def firms(rng: Random, count: int, places: Sequence[Place], adults: Sequence[Person], today: date) -> list[Firm]:
    """So many units; two in a hundred bear the name of one in another county, four in a hundred were renamed."""
    made: list[Firm] = []
    for index in range(count):
        kind = "91" if index == 0 else rng.choice(KINDS)
        place = rng.choice(places)
        if index == 0:
            place = next((one for one in places if one.code == FIRST_PLACE), place)
        trade, industry, scope = rng.choice(words.TRADES)
        twin = rng.choice(made) if made and kind == "91" and rng.random() < 0.03 else None
        same = twin is not None and twin.kind == "91" and twin.place != place
        name = twin.name if twin and same else firm_name(rng, kind, place, trade, index)
        made.append(_firm(rng, index, kind, name, place, (trade, industry, scope), rng.choice(adults), today))
    return made


def _firm(
    rng: Random,
    index: int,
    kind: str,
    name: str,
    place: Place,
    trade: tuple[str, str, str],
    representative: Person,
    today: date,
) -> Firm:
    established = today - timedelta(days=rng.randrange(200, 8000))
    gone = index > 0 and rng.random() < 0.07
    closed = established + (today - established) * rng.uniform(0.3, 0.98) if gone else None
    code = numbers.uscc(kind, place.code, index)
    old = established < date(2007, 7, 1)
    return Firm(
        index=index,
        kind=kind,
        name=name,
        old_name=firm_name(rng, kind, place, trade[0], index + 1) if rng.random() < 0.04 else "",
        uscc=code,
        organisation_code=numbers.organisation_code(index),
        registration_number=numbers.old_registration_number(index) if old else numbers.registration_number(index),
        tax_number=numbers.old_tax_number(place.code, index) if established < date(2015, 10, 1) else code,
        certificate=CERTIFIED[kind](index) if kind in CERTIFIED else "",
        place=place,
        address=address(rng, place),
        phone=numbers.landline(AREAS.get(place.city, "0743"), index),
        representative=representative,
        established=established,
        capital=str(rng.choice((3, 5, 10, 30, 50, 100, 200, 300, 500, 1000, 2000, 5000, 10000))),
        industry={"12": "S", "51": "S", "52": "P"}.get(kind, trade[1]),
        scope=trade[2],
        status="注销" if closed else rng.choice(("存续",) * 18 + ("歇业", "吊销未注销")),
        closed=closed,
        employees=int(rng.lognormvariate(2.5, 1.2)) + 1,
    )


def firm_name(rng: Random, kind: str, place: Place, trade: str, index: int) -> str:
    """A name as registrars allow them: place, brand, trade, form. The brands are beasts of fable on made-up ground."""
    brand = rng.choice(words.BRAND) + rng.choice(words.BEAST) + rng.choice(words.GROUND)
    city = place.city.removesuffix("市") if place.city.endswith("市") else "湘西"
    if kind == "92":
        return f"{place.name}{brand}{rng.choice(words.SHOPS)}"
    if kind == "93":
        return f"{place.name}{brand}种养专业合作社"
    if kind in ("51", "52"):
        return f"{place.city}{brand}{rng.choice(words.CAUSES)}{'协会' if kind == '51' else '服务中心'}"
    if kind == "12":
        return f"{place.name}{brand}{rng.choice(words.INSTITUTIONS)}"
    form = ("有限公司", "有限责任公司", "股份有限公司")[0 if rng.random() < 0.8 else rng.randrange(1, 3)]
    patterns = (f"湖南{brand}{trade}{form}", f"{city}{brand}{trade}{form}", f"{city}市{brand}{trade}{form}")
    return f"湖南{brand}（{city}）{trade}{form}" if rng.random() < 0.06 else patterns[index % 3]
