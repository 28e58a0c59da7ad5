"""What the tests of grants ask for, and who asks and answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from shuniu.exchange.grants import api as grants
from shuniu.exchange.grants.declare import Basis, Terms
from shuniu.exchange.grants.models import Agreement
from shuniu.exchange.grants.views import ItemAnswer, RequestView
from shuniu.trust.declare import Actor, Refused
from tests.exchange.people import MARKET_SECOND, TAX, officer

TAX_SECOND = officer(21, "吴芳", "43.tax", "second_officer")
REGISTRATION_KEY = "43.market/registration"
LICENSING = Basis("中华人民共和国行政许可法", "第三十四条")


def terms(*items: str, **other: object) -> Terms:
    """Sensible terms for these items of the registration, from today for 90 days."""
    today = timezone.localdate()
    base = Terms(
        items=items or ("uscc", "name"), purposes=("licensing",), bases=(LICENSING,), regions=("43",), rate=60,
        quota_calls=1000, quota_rows=5000, valid_from=today, valid_until=today + timedelta(days=90),
    )  # fmt: skip
    return replace(base, **other)  # type: ignore[arg-type]  # by name, checked by the dataclass


def asked(wanted: Terms | None = None, *, by: Actor = TAX, changes: int | None = None) -> RequestView:
    """A request for the registration."""
    return grants.request_share(
        actor=by, resource=REGISTRATION_KEY, wanted=wanted or terms(), use="办理涉税许可时核对登记", changes=changes
    )


def answers(request: RequestView, **otherwise: str) -> list[ItemAnswer]:
    """Whole for every item but those named: masked or refused."""
    return [
        ItemAnswer(item, otherwise.get(item, "whole"), *_WHY)  # type: ignore[arg-type]  # one of three words
        if otherwise.get(item) == "refused"
        else ItemAnswer(item, otherwise.get(item, "whole"))  # type: ignore[arg-type]  # as above
        for item in request.terms.items
    ]


def granted(**otherwise: str) -> int:
    """An agreement on three items of the registration, whole but for those named; its number."""
    request = asked(terms("uscc", "name", "capital"))
    grants.decide_share(actor=MARKET_SECOND, number=request.number, answers=answers(request, **otherwise))
    return Agreement.objects.latest("pk").pk


def refused(act: Callable[[], object]) -> Refused:
    """The refusal of an act, which must say how to go on."""
    with pytest.raises(Refused) as refusal, transaction.atomic():
        act()
    assert refusal.value.remedy, refusal.value.rule
    return refusal.value


_WHY = ("核对身份不需要此项", "中华人民共和国个人信息保护法", "第六条", "请改用脱敏的登记信息")
