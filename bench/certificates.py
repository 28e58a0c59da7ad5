"""A province's certificates issued in bulk and found again: `shuniu bench certificates`.

Citizens' certificates are issued by the platform's own verb, each for a PKCS#10 request whose proof of possession is
checked (the requests are made before the clock starts), in batches of one suite each, every third of `guomi`.
`issued_international`, `issued_guomi`: certificates a second of a suite; `flat`: the rate of the last fifth by that of the
first. `search_p95_ms` is that of the officers' search: by the beginning of a name, by holder, by serial number, by
fingerprint, by agency, by what expires soon, by paging deep; `key_p95_ms` that of the hot path, a key by its id, not
remembered by the process; `revoke_p95_ms` one revocation; `crl_seconds` signs both lists with one in twenty revoked,
`revoked` in all.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bench.result import Result
from shuniu.directory.declare import CERTIFICATES
from shuniu.trust import suites
from shuniu.trust.certificates import api
from shuniu.trust.certificates.client import certificate_request
from shuniu.trust.certificates.declare import Held, Query, Subject, Wanted
from shuniu.trust.declare import Actor

OFFICE = Actor("officer:9", "基准测试", "43.office", "省信息办", ("43",), frozenset(CERTIFICATES.split()))
BATCH, ASKED, CORES = 2_000, 2_000, 2
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红梅"
ENDED = """
update trust_certificate set revoked_at = clock_timestamp(), revoked_by = '基准测试', reason = 'superseded'
where id %% 20 = 0 and revoked_at is null
"""


def run(*, rows: int = 700_000, seed: int = 1, input: Path | None = None) -> Result:
    """Issue `rows` certificates, then measure 2,000 searches of each kind."""
    del input
    call_command("migrate", interactive=False, verbosity=0)
    chance = random.Random(seed)
    spent, kept = _issued(rows, chance)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze trust_certificate")
    found, keys = _searched(kept, rows, chance), _keys(kept, chance)
    alone = _revoked(chance.sample(kept, max(1, min(rows // 1_000, len(kept)))))
    listed, taken = _listed()
    return Result(
        "certificates",
        measures={
            **{f"issued_{key}": _rate(times) for key, times in spent.items()},
            "flat": min(_flat(times) for times in spent.values()),
            "search_p95_ms": _p95(found),
            "key_p95_ms": _p95(keys),
            "revoke_p95_ms": _p95(alone),
            "revoked": listed,
            "crl_seconds": taken,
            "certificates": rows,
        },
        must={
            "issued_international": ">=1500", "issued_guomi": ">=500", "flat": ">=0.7", "search_p95_ms": "<=20",
            "key_p95_ms": "<=5", "crl_seconds": "<=10",
        },
    )  # fmt: skip


Batches = dict[str, list[tuple[int, float]]]
"""By suite, each batch's certificates and the seconds that they took."""


def _issued(rows: int, chance: random.Random) -> tuple[Batches, list[Held]]:
    spent, kept, issued = defaultdict(list), [], 0
    every = suites.suites()
    for suite in every:
        api.authority_certificate(suite.key, "issuing")  # made on first use, which is nobody's certificate
    turns, both = 0, ThreadPoolExecutor(CORES)
    while issued < rows:
        suite = every[-1 if turns % 3 == 2 else 0]
        count = min(BATCH, rows - issued, max(1, rows // 4))
        subjects = [_subject(issued + at, chance) for at in range(count)]
        wanted = [Wanted(one, made) for one, made in zip(subjects, both.map(_request, [suite] * count), strict=True)]
        began = time.perf_counter()
        held = api.issue(actor=OFFICE, wanted=wanted)
        spent[suite.key].append((count, time.perf_counter() - began))
        issued, turns = issued + count, turns + 1
        kept += chance.sample(held, max(1, count // 500))
    return spent, kept


def _subject(at: int, chance: random.Random) -> Subject:
    return Subject("citizen", f"citizen:{at}", chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2)))


def _request(suite: suites.Suite) -> bytes:
    return certificate_request(suite.signer(suite.generate()))


def _rate(batches: Sequence[tuple[int, float]]) -> int:
    return round(sum(count for count, _ in batches) / sum(seconds for _, seconds in batches))


def _flat(batches: Sequence[tuple[int, float]]) -> float:
    part = max(1, len(batches) // 5)
    return round(_rate(batches[-part:]) / _rate(batches[:part]), 2)


def _searched(kept: Sequence[Held], rows: int, chance: random.Random) -> list[float]:
    soon = timezone.now() + timedelta(days=30)
    taken = []
    for _ in range(ASKED // 7 + 1):
        one = chance.choice(kept)
        serial = api.list_certificates(actor=OFFICE, query=Query(holder=one.holder))[0].serial
        asked: tuple[tuple[Query, int], ...] = (
            (Query(name=one.name), 0), (Query(name=one.name[:1]), 0), (Query(holder=one.holder), 0),
            (Query(serial=serial[:10]), 0), (Query(fingerprint=_fingerprint(one)), 0),
            (Query(agency="43.market", expires_before=soon), 0), (Query(), chance.randrange(1, rows + 1)),
        )  # fmt: skip
        taken += [
            _timed(partial(api.list_certificates, actor=OFFICE, query=query, before=before)) for query, before in asked
        ]
    return taken


def _fingerprint(one: Held) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select der from trust_certificate where id = %s", [one.number])
        return hashlib.sha256(bytes(cursor.fetchone()[0])).hexdigest()


def _keys(kept: Sequence[Held], chance: random.Random) -> list[float]:
    stamps = iter(range(-1, -ASKED - 2, -1))  # a stamp of its own for each, so that nothing is remembered
    return [_timed(lambda: api.known(chance.choice(kept).key_id, next(stamps))) for _ in range(ASKED)]


def _revoked(ended: Sequence[Held]) -> list[float]:
    act = partial(api.revoke_certificate, actor=OFFICE, reason="superseded")
    return [_timed(partial(act, number=one.number)) for one in ended]


def _listed() -> tuple[int, float]:
    """Revoke one in twenty; how many are revoked then, and the seconds that both lists take."""
    with connection.cursor() as cursor:
        cursor.execute(ENDED, [])
        cursor.execute("update trust_certificate_stamp set value = nextval('trust_certificate_stamp_value')")
        cursor.execute("select count(*) from trust_certificate where revoked_at is not null")
        revoked = int(cursor.fetchone()[0])
    began = time.perf_counter()
    for suite in suites.suites():
        api.revocation_list(suite.key)
    return revoked, round(time.perf_counter() - began, 2)


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - began)


def _p95(taken: list[float]) -> float:
    return round(sorted(taken)[len(taken) * 95 // 100], 2)
