"""More people file than the machine can serve: some wait a moment, the others are told so, and all are receipted in the end."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from django.db import connections

from shuniu.cases.models import Case, Draft
from shuniu.portal.hall import crowd
from tests.cases.filing import drafted, published
from tests.cast import Cast, SignedIn, cast
from tests.portal.cases import text

__all__ = ["cast", "published"]
FILE = "/hall/cases/file/"


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> Iterator[ExitStack]:
    """Every place at the gate is taken until the stack is closed."""
    gate = crowd.Gate(1, 0, 0.1)
    monkeypatch.setattr(crowd, "GATE", gate)
    with ExitStack() as held:
        assert held.enter_context(gate.room())
        yield held


def test_a_gate_lets_in_as_many_as_there_is_room_for_and_one_more_once_somebody_left() -> None:
    gate = crowd.Gate(1, 1, 0.05)
    with gate.room() as first:
        with gate.room() as second:
            assert first and not second, "the second stood and waited, in vain"
        with ThreadPoolExecutor(1) as pool, gate.room():
            assert not pool.submit(lambda: gate.room().__enter__()).result(), "nobody may even wait any more"
    with gate.room() as after:
        assert after


@pytest.mark.usefixtures("published")
def test_past_capacity_who_files_is_told_that_nothing_was_filed_and_nothing_is_lost(
    cast: Cast, signed_in: SignedIn, crowded: ExitStack
) -> None:
    client, draft = signed_in(cast.citizen), drafted(cast.citizen)
    told = client.post(FILE, {"draft": str(draft)})
    assert told.status_code == 503 and 8 <= int(told.headers["Retry-After"]) <= 20
    assert "没有提交" in text(told) and f'name="draft" value="{draft}"' in text(told)
    assert not Case.objects.exists() and Draft.objects.get(pk=draft).state == "open"
    assert client.get(f"/apply/{draft}/check/").status_code == 200, "pages still open"
    crowded.close()
    assert client.post(FILE, {"draft": str(draft)}).headers["Location"].endswith("/receipt/")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("published")
def test_everybody_in_a_crowd_is_receipted_once_in_the_end(
    cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowd, "GATE", crowd.Gate(1, 1, 0.02))
    clients = [(signed_in(cast.citizen), drafted(cast.citizen)) for _ in range(4)]

    def persistent(place: int) -> tuple[str, int]:
        client, draft = clients[place % len(clients)]
        waited = 0
        try:
            while (answer := client.post(FILE, {"draft": str(draft)})).status_code == 503:
                waited += 1
            return answer.headers["Location"], waited
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        told = [*pool.map(persistent, range(16))]
    assert sum(waited for _, waited in told), "there was a crowd"
    assert Case.objects.count() == len(clients) == Draft.objects.filter(state="filed").count()
    numbers = {*Case.objects.values_list("number", flat=True)}
    assert all(where.split("/")[3] in numbers for where, _ in told)
