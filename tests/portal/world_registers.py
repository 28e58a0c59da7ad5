"""Doubts about who is who, and repairs of credit, for the test that tries every address; and whose they are."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from shuniu.cases.api import items
from shuniu.directory import api as directory
from shuniu.directory.models import Account
from shuniu.registries import api as registries
from shuniu.systems.credit.declare import ITEM
from tests.cast import Cast
from tests.portal.everyone import At, Thing
from tests.registries.conftest import PENALTY, REGISTRATION, Load, registration_number, uscc
from tests.systems import credit_province
from tests.systems.repairs import before

NONE = 999_999
DOUBTS: dict[str, At] = {
    "portal:match": At("match", get="matcher"),
    "portal:match_decide": At("match", post="matcher"),
    "portal:match_rows": At("match", get=""),  # nobody has taken it
    "portal:match_take": At("match", post="matcher"),
    "portal:match_release": At("match", post="matcher"),
    "portal:match_undo": At("match", post="matcher"),
}
CREDIT: dict[str, At] = {
    "portal:credit_subject": At("firm", get="*"),
    "portal:credit_report": At("firm", post="*"),
    # Whoever reads it is shown it again where he may not decide.
    "portal:repair": At("repair", get="firm clerk chief"),
    "portal:repair_decide": At("repair", post="firm clerk chief"),
}


def doubts(cast: Cast, load: Load) -> dict[str, Thing]:
    """A row under the registration number of a firm of quite another name."""
    firm, other = "湖南省湘江机械制造有限公司", "星沙重工有限公司"
    load(REGISTRATION, {"uscc": uscc(1), "name": firm, "registration_number": registration_number(1)})
    load(PENALTY, {"number": "1", "registration_number": registration_number(1), "name": other})
    (found,) = registries.doubts(actor=cast.matcher)
    return {"match": Thing({"number": found.id}, (firm, other), {"number": NONE})}


def credit(cast: Cast) -> dict[str, Thing]:
    """A penalty that the market bureau imposed on the firm, and the repair that the firm asked for."""
    credit_province.found()
    items.ship(actor=cast.installer, items=[ITEM])
    decided = timezone.localdate() - timedelta(days=150)
    credit_province.deliver(credit_province.PENALTY, credit_province.Case("旧", decided.isoformat()).row)
    firm = Account.objects.get(login="xingsha")
    firm.subject = registries.find_subject("uscc", credit_province.FIRM)
    firm.save()
    repair = before(directory.actor_of(firm.pk), "旧")
    return {
        "firm": Thing({"code": credit_province.FIRM}, none={"code": "91430100MA0000099X"}),
        "repair": Thing({"number": repair}, ("已缴清罚款",), {"number": NONE}),
    }
