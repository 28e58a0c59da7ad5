"""What the exchange holds of destroyed rows goes with them; and region codes that moved, on the whole road."""

from __future__ import annotations

from datetime import date

import pytest

from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.directory.declare import Region
from shuniu.exchange import api as exchange
from shuniu.exchange.declare import State
from shuniu.exchange.models import Reject, Submission
from shuniu.registries import api as registries
from shuniu.registries.declare import Ground, Mode
from shuniu.trust.declare import Actor
from tests.exchange.conftest import FIRMS, REGISTRATION, Deliver, firm, registration

pytestmark = pytest.mark.django_db(transaction=True)
RIGHTS = frozenset({"registries.propose_expunge", "registries.confirm_expunge"})
FIRST = Actor("officer:41", "王敏", "43.market", "省市场监督管理局", ("43",), RIGHTS)
SECOND = Actor("officer:42", "周强", "43.market", "省市场监督管理局", ("43",), RIGHTS)


def test_refused_rows_of_what_was_destroyed_are_deleted_wherever_they_were_refused(deliver: Deliver) -> None:
    deliver(registration(firm(0), firm(1)))
    wrong = [firm(number, name=f"应删除{number}", founded="某日") for number in (0, 1)]
    spaced = wrong[0].replace(FIRMS[0], f" {FIRMS[0].lower()}\u3000")
    for rows in (wrong, [spaced]):
        sound = [firm(at) for at in (2, 3)]
        receipt = deliver(registration(*rows, *sound), mode=Mode.DELTA)
        assert receipt.counts.rejected == len(rows) or receipt.state is State.REFUSED
    assert Reject.objects.count() == 3
    Submission.objects.update(sample_changed=[FIRMS[0]])
    row = next(r for r in registries.rows(catalogue.published(REGISTRATION.key)) if r.values["uscc"] == FIRMS[0])
    number = registries.propose_expunge(
        actor=FIRST, resource=REGISTRATION.key, rows=[row.row], ground=Ground.DELETION_RIGHT, basis="申请书〔2026〕1号"
    )
    done = exchange.confirm_expunge(actor=SECOND, number=number)
    assert done.rows == (row.row,)
    assert [kept.cells["uscc"] for kept in Reject.objects.all()] == [FIRMS[1]]
    assert not Submission.objects.exclude(sample_changed=[]).exists()
    assert exchange.forget_expunged(actor=directory.system("worker")) == 0


def test_an_abolished_code_is_stored_as_its_follower_and_one_never_issued_is_refused(deliver: Deliver) -> None:
    rows = [
        Region("430000", "湖南省", 1, None, date(2000, 1, 1)),
        Region("430124", "宁乡县", 3, "430100", date(2000, 1, 1), date(2017, 4, 9), "430182"),
        Region("430182", "宁乡市", 3, "430100", date(2017, 4, 10)),
    ]
    directory.load_regions(actor=directory.system("install"), rows=rows)
    deliver(registration(firm(0).replace(",430102", ",430124"), firm(2).replace(",430102", ",110101")))
    receipt = deliver(registration(firm(1).replace(",430102", ",430199")), mode=Mode.DELTA)
    refused = Reject.objects.get().faults["list"]
    assert receipt.counts.rejected == 1 and refused == [{"item": "region", "rule": "cell.region"}]
    held = {r.values["uscc"]: r.values["region"] for r in registries.rows(catalogue.published(REGISTRATION.key))}
    assert held == {FIRMS[0]: "430182", FIRMS[2]: "110101"}
