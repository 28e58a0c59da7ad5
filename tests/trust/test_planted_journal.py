"""Whatever is changed in the journal's tables is found and named: hundreds of changes at random."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from django.db import connection, transaction

from shuniu.trust import api, store
from shuniu.trust.declare import Actor, Refused, SignedHead
from shuniu.trust.evidence import api as evidence
from shuniu.trust.evidence import file, stamps, verify
from shuniu.trust.evidence.declare import Crossed
from shuniu.trust.suites import suite
from tests.trust import evidence_files as files
from tests.trust.test_journal_proofs import grown
from tests.trust.test_journal_verify import AUDITOR, TABLES, _empty_journal, unnoted, write
from tests.trust.test_journal_verify import verify as verify_journal

__all__ = ["_empty_journal"]
WITNESS = Actor(
    "officer:9", "贺静", "43.audit", "省审计厅", ("43",), frozenset({"trust.take_cross", "trust.keep_stamp"})
)
BYTES = "set_byte({0}, {1} % octet_length({0}), get_byte({0}, {1} % octet_length({0})) # {2})"
LAST = "octet_length(token) - {number} % 200 - 1"
PLANTS: dict[str, str] = {
    "entry's text": "update trust_entry set {text} = {text} || 'x' where id = {entry}",
    "entry's time": "update trust_entry set at = at + interval '1 microsecond' where id = {entry}",
    "entry's detail": "update trust_entry set detail = detail || '{{\"n\": -1}}' where id = {entry}",
    "entry gone": "delete from trust_entry where id = {entry}",
    "leaf's bytes": f"update trust_leaf set hash = {BYTES.format('hash', '{number}', '{flip}')} where position = {{position}}",
    "leaf gone": "delete from trust_leaf where position = {position}",
    "order": "update trust_leaf l set entry_id = -x.entry_id from trust_leaf x where l.position in ({position}, {next})"
    " and x.position in ({position}, {next}) and l.position <> x.position; update trust_leaf set entry_id = -entry_id"
    " where entry_id < 0",
    "head's root": f"update trust_head set root = {BYTES.format('root', '{number}', '{flip}')} where size = {{size}}",
    "head's signature": f"update trust_head set signature = {BYTES.format('signature', '{number}', '{flip}')}"
    " where size = {size}",
    "head's time": "update trust_head set at = at + interval '1 microsecond' where size = {size}",
    "head's key": "update trust_head set key = key || '0' where size = {size}",
    "head's size": "update trust_head set size = size + 1 where size = {size}",
    "head's peaks": f"update trust_head set peaks[1] = {BYTES.format('peaks[1]', '{number}', '{flip}')} where size = {{size}}",
    "node's bytes": f"update trust_node set hash = {BYTES.format('hash', '{number}', '{flip}')} where place = {{place}}",
    "node's place": "update trust_node set place = place + 7 where place = {place}",
    "reading gone": "delete from trust_reading where entry = {read} and subject >= 9000100",
    "readings gone": "delete from trust_reading where entry = {read}",
    "reading doubled": "insert into trust_reading (entry, at, subject) select entry, at, subject from trust_reading"
    " where entry = {read} and subject >= 9000100",
    "reading added": "insert into trust_reading (entry, at, subject) select entry, at, {number} + 200 from trust_reading"
    " where entry = {read} and subject >= 9000100",
    "reading of who read nothing": "insert into trust_reading (entry, at, subject) select id, at, {number} from trust_entry"
    " where id = {unread}",
    "reading's subject": "update trust_reading set subject = subject + {number} + 1 where entry = {read} and subject >= 9000100",
    "reading's entry": "update trust_reading set entry = {unread} where entry = {read}",
    "reading's time": "update trust_reading set at = at + interval '1 microsecond' where entry = {read}",
    "reading's month": "update trust_reading set at = at - interval '40 days' where entry = {read}",
    "reading of no entry": "insert into trust_reading (entry, subject) values (1000000000 + {number}, {number})",
    "cross's bytes": f"update trust_cross set signature = {BYTES.format('signature', '{number}', '{flip}')}",
    "cross's node": "update trust_cross set node = node || 'x'",
    "cross's time": "update trust_cross set at = at + interval '1 second'",
    "cross's key": f"update trust_cross set public_key = {BYTES.format('public_key', '{number}', '{flip}')}",
    "cross's head": "update trust_cross set size = size + 1",
    "stamp's time": "update trust_stamp set at = at - interval '1 second'",
    "stamp's authority": "update trust_stamp set authority = authority || 'x'",
    "stamp's head": "update trust_stamp set size = size - 1",
    "stamp's token": f"update trust_stamp set token = {BYTES.format('token', LAST, '{flip}')}",
}
NAMED = {
    "entry": "留痕",
    "leaf": "留痕",
    "order": "留痕",
    "head": "签名头",
    "node": "子树",
    "reading": "读取记录",
    "readings": "读取记录",
    "cross": "交叉签名",
    "stamp": "时间戳",
}
"""What a fault must speak of, by the beginning of a change's name."""


class _Undone(Exception):
    pass


def _planted(statement: str, check: Callable[[], None]) -> None:
    """Change the tables as only the database's owner can, look, and leave no trace."""
    with pytest.raises(_Undone), transaction.atomic():
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"alter table {table} disable trigger user")
            for part in statement.split("; "):
                cursor.execute(part)
                assert cursor.rowcount, statement
        check()
        raise _Undone


@pytest.mark.django_db(transaction=True)
def test_every_change_in_the_journals_tables_is_found_and_named() -> None:
    ids, held, chance = grown(3, 253, 200, 100), _witnessed(), Random(6)
    sizes = [3, 256, 456, 556]
    with connection.cursor() as cursor:
        cursor.execute("select distinct entry from trust_reading")
        read = sorted(int(entry) for (entry,) in cursor.fetchall())
    unread = sorted({*ids} - {*read})
    for turn in range(8):
        for name, statement in PLANTS.items():
            position = chance.randrange(len(ids) - 1)
            values = {
                "entry": ids[position], "position": position, "next": position + 1, "size": sizes[turn % 4],
                "number": chance.randrange(1_000), "flip": chance.randrange(1, 256), "place": turn % 2,
                "read": chance.choice(read), "unread": chance.choice(unread),
                "text": chance.choice(("person", "person_name", "agency", "agency_name", "verb", "object")),
            }  # fmt: skip

            def check(name: str = name) -> None:
                faults = verify_journal(held).faults
                assert any(NAMED[name.partition("'")[0].partition(" ")[0]] in one for one in faults), (name, faults)

            _planted(statement.format(**values), check)
    assert verify_journal(held).holds


def _witnessed() -> SignedHead:
    """The newest head: signed by another node, stamped by a service, and taken away."""
    signer = suite("international").signer(suite("international").generate())
    head = store.latest_head()
    assert head is not None
    data, signature = file.of_head(head).data, bytes.fromhex(head.signature)
    signed = signer.sign(verify.cross_bytes(data, signature, head.at, "长沙市节点"))
    key = verify.node_key(signer.public)
    crossed = Crossed(head.size, "长沙市节点", key, signer.public.hex(), head.at, signed.hex())
    evidence.take_cross(actor=WITNESS, crossed=crossed)
    stamped = verify.stamped_bytes(data, signature)
    token = stamps.token(files.stamp(stamps.question(stamped, 1)), stamped, 1)
    evidence.keep_stamp(actor=WITNESS, head=head, token=token, roots=files.service_root())
    assert api.export_head(actor=AUDITOR) == head
    return head


REHASHED = "update trust_leaf set hash = sha256('x') where position = 555"
TAILS: dict[str, str] = {
    "head gone": "delete from trust_head where size = 556",
    "heads gone from K": "delete from trust_head where size >= {size}",
    "head gone, its last leaf and entry altered": "delete from trust_head where size = 556; "
    f"update trust_entry set person_name = '张三' where id = {{last}}; {REHASHED}",
    "leaf and entry added behind the last head": "with entry as (insert into trust_entry (person, person_name, agency,"
    " agency_name, verb, outcome, object, detail) values ('officer:1', '张三', '', '', 'x', 'done', '', '{{}}') returning id)"
    " insert into trust_leaf select 556, id, sha256('x') from entry",
    "leaf of an entry that waited": "insert into trust_leaf select 556, max(id), sha256('x') from trust_entry",
}
"""Changes at the journal's end that leave no signature wrong."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", TAILS)
def test_leaves_that_no_head_covers_are_found_by_themselves_and_never_signed(name: str) -> None:
    ids = grown(3, 253, 200, 100)
    write(1)
    unnoted()  # the note alone would find them too

    def check() -> None:
        assert any("没有签名头" in one for one in verify_journal().faults), verify_journal().faults
        with pytest.raises(Refused) as refusal:
            api.sequence()
        assert refusal.value.rule == "journal.tail"

    for size in (3, 256, 456, 556):
        _planted(TAILS[name].format(size=size, last=ids[-1]), check)
    assert api.sequence() and verify_journal().holds


@pytest.mark.django_db(transaction=True)
def test_a_journal_cut_off_anywhere_with_its_heads_is_named_by_the_head_that_is_noted() -> None:
    grown(3, 253, 200, 100)
    cut = (
        "delete from trust_head where size > {size}; delete from trust_leaf where position >= {size}"
        "; delete from trust_node where (place + 1) << level > {size}"
    )

    def check() -> None:
        assert any("密钥目录存底" in one for one in verify_journal().faults)
        with pytest.raises(Refused, match="留痕被回退"):
            api.sequence()

    for size in (3, 256, 456):
        _planted(cut.format(size=size), check)
    peaks = "update trust_head set peaks[1] = sha256('x') where size = 556"

    def never_built_upon() -> None:
        with pytest.raises(Refused, match="各峰"):
            api.sequence()

    _planted(peaks, never_built_upon)
