"""A province's certificates issued in bulk and found again: `shuniu bench certificates`.

Citizens' certificates are issued by the platform's own verb, each for a PKCS#10 request whose proof of possession is
checked (the requests are made before the clock starts), half of the first suite and half of the second. `issued` is
certificates a second of both together; `search_p95_ms` that of the officers' search: by the beginning of a name, by holder,
by serial number, by agency, by what expires soon, by paging deep; `key_p95_ms` that of the hot path, a key by its id, not
remembered by the process; `revoke_p95_ms` one revocation; `crl_seconds` signs the list with one in a thousand revoked.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
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
BATCH, ASKED = 2_000, 2_000
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红梅"


def run(*, rows: int = 700_000, seed: int = 1, input: Path | None = None) -> Result:
    """Issue `rows` certificates, then measure 2,000 searches of each kind."""
    del input
    call_command("migrate", interactive=False, verbosity=0)
    chance = random.Random(seed)
    issued, spent, kept = 0, 0.0, []
    while issued < rows:
        wanted = [_wanted(issued + at, chance) for at in range(min(BATCH, rows - issued))]
        began = time.perf_counter()
        held = api.issue(actor=OFFICE, wanted=wanted)
        spent += time.perf_counter() - began
        issued += len(held)
        kept += chance.sample(held, max(1, len(held) // 500))
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze trust_certificate")
    found = _searched(kept, rows, chance)
    keys = _keys(kept, chance)
    revoked = _revoked(chance.sample(kept, max(1, min(rows // 1_000, len(kept)))))
    began = time.perf_counter()
    for suite in suites.suites():
        api.revocation_list(suite.key)
    return Result(
        "certificates",
        measures={
            "issued": round(rows / spent),
            "search_p95_ms": _p95(found),
            "key_p95_ms": _p95(keys),
            "revoke_p95_ms": _p95(revoked),
            "crl_seconds": round(time.perf_counter() - began, 2),
            "certificates": issued,
        },
        must={"issued": ">=500", "search_p95_ms": "<=100", "key_p95_ms": "<=1"},
    )


def _wanted(at: int, chance: random.Random) -> Wanted:
    suite = suites.suite(suites.KEYS[at % len(suites.KEYS)])
    name = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2))
    subject = Subject("citizen", f"citizen:{at}", name)
    return Wanted(subject, certificate_request(suite.signer(suite.generate())))


def _searched(kept: Sequence[Held], rows: int, chance: random.Random) -> list[float]:
    soon = timezone.now() + timedelta(days=30)
    taken = []
    for _ in range(ASKED // 6 + 1):
        one = chance.choice(kept)
        serial = api.list_certificates(actor=OFFICE, query=Query(holder=one.holder))[0].serial
        asked: tuple[tuple[Query, int], ...] = (
            (Query(name=one.name), 0), (Query(name=one.name[:1]), 0), (Query(holder=one.holder), 0),
            (Query(serial=serial[:10]), 0), (Query(agency="43.market", expires_before=soon), 0),
            (Query(), chance.randrange(1, rows + 1)),
        )  # fmt: skip
        taken += [
            _timed(partial(api.list_certificates, actor=OFFICE, query=query, before=before)) for query, before in asked
        ]
    return taken


def _keys(kept: Sequence[Held], chance: random.Random) -> list[float]:
    stamps = iter(range(-1, -ASKED - 2, -1))  # a stamp of its own for each, so that nothing is remembered
    return [_timed(lambda: api.known(chance.choice(kept).key_id, next(stamps))) for _ in range(ASKED)]


def _revoked(ended: Sequence[Held]) -> list[float]:
    act = partial(api.revoke_certificate, actor=OFFICE, reason="superseded")
    return [_timed(partial(act, number=one.number)) for one in ended]


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - began)


def _p95(taken: list[float]) -> float:
    return round(sorted(taken)[len(taken) * 95 // 100], 2)
