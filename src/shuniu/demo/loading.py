"""Loading the demo province: each step sees what is there already, so that it can be killed and run again."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from random import Random

from django.conf import settings
from django.db import transaction

from shuniu.catalogue import api as catalogue
from shuniu.demo import calls, consignments, dictionaries, repairs, shares, staff
from shuniu.demo.consignments import SEED, Consignment, Fate
from shuniu.demo.facts import World
from shuniu.demo.firms import firms
from shuniu.demo.people import CITIZENS, Place, people
from shuniu.directory import api as directory
from shuniu.exchange import api as exchange
from shuniu.exchange.declare import ReceiptView, State
from shuniu.exchange.delivery import spool_blocks
from shuniu.registries import api as registries
from shuniu.trust.declare import Actor, Refused

FIRMS, PEOPLE = 3000, 6000
"""At size 1."""
ASKED = 12
"""Firms that a department asks for through the gateway, the one that has an account first."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Scale:
    """How much is loaded: a factor of the numbers above, and whose (empty: every department that has a dictionary)."""

    size: float = 1.0
    agencies: Collection[str] = ()


def load(progress: Progress, scale: Scale | None = None) -> None:
    """Load the demo province, or what of it is missing; once whole, do nothing.

    `SHUNIU_DEMO_SIZE` is the size factor (1: 3 000 firms, 6 000 people). Raises Refused (demo.production) on a
    production instance.
    """
    refuse_production()
    if staff.complete():
        return
    scale = scale or Scale(float(os.environ.get("SHUNIU_DEMO_SIZE", "1")))
    owners = sorted(scale.agencies) or dictionaries.owners()
    progress(f"演示数据：开通 {len(owners)} 个单位的演示账号……")
    staff.open_accounts(staff.officers(owners))
    dictionaries.publish(owners, progress)
    dictionaries.mount(progress)
    world = build(scale.size, staff.first_day() or date.today())
    progress(f"演示数据：虚构 {len(world.firms)} 户单位、{len(world.people)} 人（号码均从未发放）……")
    published = [one for one in catalogue.published_all() if one.resource.agency in owners]
    deliver(consignments.consignments(published), world, scale.size, progress)
    for resource in consignments.nothing(published):
        exchange.declare_nothing(actor=staff.actor(resource.agency, "data_officer"), resource=resource.key)
    shares.exchange(owners)
    calls.ask([one.uscc for one in world.firms if one.business][:ASKED])
    with transaction.atomic():
        firm = staff.open_public(_citizens(world), _firm(world))
        if firm is not None:
            repairs.ask(firm)
    progress("演示数据：载入完毕。")


def accounts() -> list[str]:
    """Lines that say who can sign in, as what, and by which one password. Raises Refused (demo.production)."""
    refuse_production()
    return staff.lines(staff.officers(dictionaries.owners()), "演示企业")


def refuse_production() -> None:
    if not settings.SHUNIU_DEMO:
        raise Refused(
            "demo.production", "这是正式实例，不载入演示数据，也没有演示账号。", "试用请另建数据目录（SHUNIU_VAR）。"
        )


def build(size: float, today: date) -> World:
    """The fictional province of that size on that day: always the same one."""
    places = _places()
    rng = Random(SEED)  # noqa: S311 - made-up data, the same in every load
    everybody = people(rng, max(60, int(PEOPLE * size)), places, today)
    adults = [one for one in everybody if (today - one.born).days > 22 * 366]
    units = firms(rng, max(40, int(FIRMS * size)), places, adults, today)
    codes = {key: [(code.code, code.label) for code in listed.codes] for key, listed in catalogue.code_lists().items()}
    agencies = {agency.key: agency for agency in directory.agencies()}
    return World(today, places, everybody, units, codes, agencies)


def _places() -> list[Place]:
    cities = {region.code: region.name for region in directory.regions(level=2)}
    return [Place(county.code, county.name, cities[county.parent or ""]) for county in directory.regions(level=3)]


def deliver(planned: list[Consignment], world: World, size: float, progress: Progress) -> None:
    """Deliver what has no receipt yet, and bring each file to where it is to stand."""
    worker = directory.system("worker")
    known = {agency: _known(agency) for agency in {one.resource.agency for one in planned}}
    told: Counter[State] = Counter()
    rows = 0
    for number, one in enumerate(planned, start=1):
        officer = _officer(one)
        receipt = known[one.resource.agency].get(one.batch) or _sent(officer, one, world, size)
        if receipt.state is State.RECEIVED:
            receipt = exchange.process(actor=worker, number=receipt.number)
        if receipt.state is State.STORED and one.fate is Fate.RECALLED:
            receipt = exchange.recall(actor=officer, number=receipt.number, reason="本批误用了测试库的导出文件（演示）")
        told[receipt.state] += 1
        rows += receipt.counts.received
        if number % 20 == 0 or number == len(planned):
            states = "、".join(f"{state.title} {count}" for state, count in told.items())
            progress(f"演示数据：报送 {number}/{len(planned)} 个文件，{rows} 行（{states}）……")


def _known(agency: str) -> dict[str, ReceiptView]:
    """What the agency has delivered in an earlier run, by its batch number."""
    officer = staff.actor(agency, "data_officer")
    listed = exchange.submissions(actor=officer, agency=agency, limit=1000)
    return {one.department_batch: one for one in listed if one.department_batch}


def _officer(one: Consignment) -> Actor:
    """Who delivers it: the department's officer, or the clerk of the county whose slice it is."""
    if one.region:
        return staff.actor(staff.COUNTY, staff.CLERK[2][0])
    return staff.actor(one.resource.agency, "data_officer")


def _sent(officer: Actor, one: Consignment, world: World, size: float) -> ReceiptView:
    writer = spool_blocks([consignments.content(one, world, size)])
    return exchange.deliver(
        actor=officer, writer=writer, resource=one.resource.key, name=one.name, mode=one.mode, channel="web",
        department_batch=one.batch, region=one.region, enqueue=False,
    )  # fmt: skip


def _citizens(world: World) -> list[int]:
    """The subject numbers of the people who have accounts, where the household register has been delivered."""
    found = [registries.find_subject("resident_id", one.resident_id) for one in world.people[: len(CITIZENS)]]
    return [number for number in found if number is not None]


def _firm(world: World) -> tuple[int, str] | None:
    """The subject number and name of the firm that has an account."""
    number = registries.find_subject("uscc", world.firms[0].uscc)
    return None if number is None else (number, world.firms[0].name)
