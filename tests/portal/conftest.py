"""The exchange's resources and people with accounts, for the portal's pages."""

from __future__ import annotations

import pytest
from django.db import transaction

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Item, Resource, SubjectType
from shuniu.registries import api as registries
from tests.cast import cast, signed_in
from tests.exchange.conftest import INSTALL, WORKER, catalogued, deliver

__all__ = ["WORKER", "cast", "catalogued", "deliver", "signed_in"]

PERSONS = Resource(
    key="43.market/practitioners",
    title="特种设备作业人员",
    summary="取得作业资格的人员。",
    share_conditions="按职责申请",
    legal_basis="中华人民共和国特种设备安全法",
    purpose="作业资格管理",
    purpose_basis="中华人民共和国特种设备安全法",
    retention="长期",
    agency="43.market",
    subject=SubjectType.NATURAL,
    items=(
        Item(name="number", title="证书编号", key=True, required=True),
        Item(name="person", title="姓名", identifies="person_name", required=True, sensitivity=3),
    ),
)


@pytest.fixture
def persons(catalogued: None) -> None:
    """A resource about natural persons, beside the exchange's own."""
    catalogue.ship(actor=INSTALL, resources=[PERSONS])
    for published in catalogue.to_mount():
        with transaction.atomic():
            registries.mount(actor=INSTALL, published=published)
            catalogue.mark_mounted(published)
