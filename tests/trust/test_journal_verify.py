"""The journal proves itself: what is committed is sequenced, and what is rewritten is found."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from shuniu.trust import api, journal, keys, noted, store
from shuniu.trust.declare import Act, Actor, SignedHead, Verification
from shuniu.trust.store import bound

AUDITOR = Actor(
    "officer:9", "贺静", "43.audit", "省审计厅", ("43",), frozenset({"trust.verify_journal", "trust.export_head"})
)
WRITER = Actor("officer:1", "王敏", "43.market", "省市场监管局", ("43",), frozenset())

pytestmark = pytest.mark.django_db(transaction=True)


TABLES = (
    "trust_entry", "trust_leaf", "trust_head", "trust_node", "trust_cross", "trust_stamp", "trust_witnessed",
    "trust_reading",
)  # fmt: skip
SOMEBODY = 9_000_000
"""From here on, subjects of these tests alone: what they commit, no other test reads."""
EMPTY = f"truncate trust_stamping, {', '.join(TABLES)}"


@pytest.fixture(autouse=True)
def _empty_journal() -> None:
    emptied()


def emptied() -> None:
    """No journal, and no head noted."""
    unguarded(EMPTY)
    unnoted()


def unnoted() -> None:
    """As if whoever owns the database could write in the folder of keys too, or an earlier release had run here."""
    (Path(settings.KEYS) / noted.NAME).unlink(missing_ok=True)


def unguarded(*statements: str) -> None:
    """What only the owner of the database can do: switch the guarding triggers off."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"alter table {table} disable trigger user")
        for statement in statements:
            cursor.execute(statement)
        for table in TABLES:
            cursor.execute(f"alter table {table} enable trigger user")


def write(count: int, target: str = "thing") -> None:
    """Entries, every other of which touched two people's data."""
    for number in range(count):
        read = (SOMEBODY + number % 7, SOMEBODY + 100 + number % 5) if number % 2 else ()
        store.insert(Act(WRITER, "test.write", "done", f"{target}:{number}", read, {"n": number, "名": "值"}))


def verify(head: SignedHead | None = None) -> Verification:
    return api.verify_journal(actor=AUDITOR, head=head)


def test_every_committed_entry_gets_a_position_and_the_journal_verifies() -> None:
    write(5)
    assert api.sequence() == 5
    write(3)
    assert api.sequence() == 3
    found = verify()
    assert (found.entries, found.heads, found.faults) == (8, 2, ())


def test_an_entry_committed_late_is_not_lost_though_later_ones_were_sequenced_before_it() -> None:
    begun, finish = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            write(1, "late")
            begun.set()
            finish.wait(10)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(10)
    write(4, "early")
    assert api.sequence() == 4
    finish.set()
    thread.join()
    assert api.sequence() == 1
    assert verify().holds and store.waiting()[0] == 1  # the verification's own entry


def test_a_changed_entry_is_found() -> None:
    write(4)
    api.sequence()
    unguarded("update trust_entry set person_name = '别人' where object = 'thing:2'")
    assert "第 2 位" in verify().faults[0]


def test_a_removed_entry_is_found() -> None:
    write(4)
    api.sequence()
    unguarded("delete from trust_entry where object = 'thing:1'")
    assert any("已不存在" in fault for fault in verify().faults)


def test_what_an_earlier_release_placed_without_its_readings_still_holds() -> None:
    write(4)
    api.sequence()
    unguarded("delete from trust_reading")
    assert len(verify().faults) == 2, "two of four entries had readings"
    rewrite_everything("select 1")  # the leaves as they were made when nothing but the entries counted
    with connection.cursor() as cursor:
        cursor.execute("insert into trust_reading (entry, at, subject) select id, at, %s from trust_entry", [SOMEBODY])
    assert len(verify().faults) == 4
    with connection.cursor() as cursor:
        cursor.execute("update trust_bound set position = 4")
    assert verify().holds
    with connection.cursor() as cursor:
        cursor.execute("update trust_bound set position = 0")


def test_the_database_refuses_ordinary_changes() -> None:
    write(1)
    with connection.cursor() as cursor, pytest.raises(Exception, match="append-only"):
        cursor.execute("update trust_entry set person = 'x'")


def test_a_table_rewritten_rehashed_and_resigned_with_our_own_key_is_caught_by_the_auditors_head() -> None:
    write(6)
    api.sequence()
    head = api.export_head(actor=AUDITOR)
    assert head is not None
    rewrite_everything("update trust_entry set person_name = '别人' where object = 'thing:3'")
    assert verify().holds, "the forger did a thorough job: by itself the table is consistent"
    found = verify(head)
    assert not found.holds and "改写" in found.faults[0]


def test_a_shortened_table_is_caught_by_the_auditors_head() -> None:
    write(6)
    api.sequence()
    head = api.export_head(actor=AUDITOR)
    rewrite_everything("delete from trust_entry where id > (select min(id) + 2 from trust_entry)")
    assert any("审计员持有" in fault for fault in verify(head).faults)


def test_a_forged_head_of_the_auditor_is_refused_too() -> None:
    write(2)
    api.sequence()
    head = api.export_head(actor=AUDITOR)
    assert head is not None
    forged = SignedHead(head.size, "00" * 32, head.at, head.key, head.public_key, head.signature)
    assert any("本身签名无效" in fault for fault in verify(forged).faults)


def rewrite_everything(change: str) -> None:
    """Change entries, then give the whole journal new hashes and a head signed with the platform's real key; none is noted."""
    unnoted()
    unguarded(change, "truncate trust_leaf", "truncate trust_head")
    with connection.cursor() as cursor:
        cursor.execute(f"select {store.COLUMNS} from trust_entry e where verb = 'test.write' order by id")
        rows = [store.entries._decoded(row) for row in cursor.fetchall()]
    tree, read = journal.Tree(), bound.bound((row[0], row[1]) for row in rows)
    with transaction.atomic(), connection.cursor() as cursor:
        for row in rows:
            leaf = journal.leaf_hash(journal.entry_bytes(row, read.get(row[0], "")))
            cursor.execute("insert into trust_leaf values (%s, %s, %s)", [tree.size, row[0], leaf])
            tree.append(leaf)
        at, signer = datetime.now(UTC), keys.journal_signer()
        cursor.execute(
            "insert into trust_head values (%s, %s, %s, %s, %s, %s, %s)",
            [tree.size, tree.root, tree.peaks, "0", at, signer.key_id,
             signer.sign(journal.head_bytes(tree.size, tree.root, at))],
        )  # fmt: skip
