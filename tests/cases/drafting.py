"""A service item whose form asks, shows and prefills, for the tests of drafts."""

from __future__ import annotations

from shuniu.base.expressions import Compare, Field, Kind, value
from shuniu.base.periods import Term, Unit
from shuniu.cases.declare.form import Form, Page, Prefill, Question
from shuniu.cases.declare.service import Audience, Basis, ServiceItem, ServiceKind
from shuniu.catalogue.declare import ItemType

FOOD = Compare("=", Field("sells_food", Kind.BOOLEAN), value(True))
FORM = Form(
    pages=(
        Page(key="shop", title="店名", questions=(Question(name="shop", title="店名", length=30),)),
        Page(
            key="food",
            title="是否经营食品",
            questions=(Question(name="sells_food", title="是否经营食品", type=ItemType.BOOLEAN),),
        ),
        Page(
            key="seats",
            title="座位",
            show_if=FOOD,
            questions=(
                Question(name="seats", title="座位数", type=ItemType.INTEGER, hint="按平面图填写"),
                Question(name="opening", title="开业日期", type=ItemType.DATE, required=False),
            ),
        ),
        Page(
            key="place",
            title="住所",
            questions=(
                Question(
                    name="founded",
                    title="成立日期",
                    type=ItemType.DATE,
                    prefill=Prefill(resource="43.market/registration", item="founded"),
                ),
                Question(
                    name="address",
                    title="住所",
                    length=120,
                    prefill=Prefill(resource="43.market/registration", item="address", changeable=True),
                ),
            ),
        ),
    )
)


def service(form: Form = FORM, *audiences: Audience, key: str = "43.market/restaurant") -> ServiceItem:
    """An item with that form, for everybody unless `audiences` says whom."""
    return ServiceItem(
        key=key,
        title="餐饮服务许可",
        agency="43.market",
        code="000131001000",
        kind=ServiceKind.PUBLIC_SERVICE,
        audiences=audiences or (Audience.NATURAL, Audience.ENTERPRISE),
        bases=(Basis(law="中华人民共和国食品安全法", article="第三十五条"),),
        conditions=("有固定的经营场所",),
        form=form,
        result="许可证",
        statutory=Term(20, Unit.WORKING_DAY),
        promised=Term(10, Unit.WORKING_DAY),
        address="芙蓉中路 1 号",
        hours="工作日 9:00-17:00",
        telephone="0731-12345678",
        complaints="0731-87654321",
        questions=(("多久能办好？", "十个工作日内。"),),
    )


SHOP = {"shop": "湘味小馆"}
ALL = {**SHOP, "sells_food": "是", "seats": "３０", "founded": "2020-01-02", "address": "芙蓉路 1 号"}
"""Sound answers to all that is asked, as people type them."""
