"""What an instance holds before anybody uses it: the province's places, the shipped declarations, the demo province."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from shuniu.cases.api import items as service_items
from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.project import province
from shuniu.registries import api as registries
from shuniu.systems.credit.declare import ITEM as REPAIR
from shuniu.systems.disclosure.declare import ITEM as INFORMATION
from shuniu.systems.life_events.declare import BUNDLES
from shuniu.systems.service_hall.declare import ITEMS
from shuniu.trust import api as trust
from shuniu.trust.declare import Refused


def declare() -> None:
    """Store what is shipped and not stored yet: regions, agencies, elements, code lists, the systems' resources.

    The folder's agencies belong to the demo: a production instance names its own (`instance.make`, `shuniu agencies`).
    """
    trust.prepare()
    actor = directory.system("install")
    folder = settings.PROVINCE_FOLDER
    directory.load_regions(actor=actor, rows=province.regions(folder))
    if settings.SHUNIU_DEMO:
        directory.load_agencies(actor=actor, rows=province.agencies(folder))
    catalogue.ship(actor=actor, elements=province.elements(folder), code_lists=province.code_lists(folder))
    for _ in registries.mount_published(actor=actor):
        pass


def load_demo(progress: Callable[[str], None]) -> None:
    """Load the demo province once; refused on a production instance."""
    if not settings.SHUNIU_DEMO:
        raise Refused("demo.production", "这是生产实例，不能载入演示数据。", "演示请用 SHUNIU_VAR 另指一个目录。")
    from shuniu import demo

    demo.load(progress)
    service_items.ship(actor=directory.system("install"), items=(*ITEMS, INFORMATION, REPAIR), bundles=BUNDLES)
    demo.open_windows()
    demo.fill(progress)


def demo_accounts() -> list[str]:
    """A line per demo account: who, login, password."""
    from shuniu import demo

    return demo.accounts()
