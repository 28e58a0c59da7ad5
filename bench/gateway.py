"""A department's questions through the gateway, against the same look-up as one bare view: `shuniu bench gateway`.

The web server is the platform's own (two processes of eight threads), the bare view stands behind the same middleware. 64
connections ask for one firm each; questions are signed before the clock starts, answers verified after it. Sides take
turns; then both ask at half of the gateway's rate, each timed from when it was due. Every answer must be there as entry,
reading and evidence, and every entry get its position.
"""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection, connections
from django.utils import timezone

from bench import gateway_load as load
from bench import subjects
from bench.generated import Register, fill
from bench.lookup_sides import uscc
from bench.result import Result
from shuniu.client import Client
from shuniu.client.asking import Signed
from shuniu.directory import api as directory
from shuniu.exchange.grants.models import Agreement, AgreementPurpose, AgreementVersion, ShareRequest
from shuniu.trust import api as trust
from shuniu.trust import suites
from shuniu.trust.certificates import api as certificates
from shuniu.trust.certificates.client import certificate_request
from shuniu.trust.certificates.declare import EVERY, Subject, Wanted

ROOT = Path(__file__).parents[1]
CLIENTS, TURNS, REGISTER = 64, 3, 100_000
ASKER = "43.bench-asks"
ISSUER = replace(
    directory.system("install"), agency="43.office",
    capabilities=frozenset({"trust.issue", "trust.keep_node", EVERY}),
)  # fmt: skip


def run(*, rows: int = 12_000, seed: int = 1, input: Path | None = None) -> Result:
    """Measure `rows` questions a side and turn, in a register of 100,000 firms (fewer where `rows` are few)."""
    del input
    firms = min(REGISTER, max(2_000, rows * 10))
    prepare(firms)
    keys = {key: joined(key) for key in suites.KEYS}
    dice = random.Random(seed)
    port = free_port()
    measures: dict[str, float] = {}
    asked = Asked(port, keys, firms, dice)
    with server(port):
        for key in suites.KEYS:
            asked.warm(key)
        rates: dict[str, list[float]] = {"raw": [], **{key: [] for key in suites.KEYS}}
        for turn in range(TURNS):
            for side in rates if turn % 2 == 0 else reversed(list(rates)):
                rates[side].append(asked.rate(side, rows))
        middle = {side: sorted(found)[len(found) // 2] for side, found in rates.items()}
        half = middle["international"] / 2
        ours, bare = asked.paced("international", rows // 2, half), asked.paced("raw", rows // 2, half)
    measures = {
        "ratio": round(middle["international"] / middle["raw"], 3),
        "ratio_guomi": round(middle["guomi"] / middle["raw"], 3),
        "rate": round(middle["international"]),
        "rate_guomi": round(middle["guomi"]),
        "reference": round(middle["raw"]),
        "p95_ms": round(ours, 1),
        "added_p95_ms": round(ours - bare, 1),
        "answered": asked.answered,
        "wrong": asked.wrong,
        "lost": lost(asked.numbers),
    }
    return Result(
        "gateway",
        measures=measures,
        must={
            "ratio": ">=0.25", "ratio_guomi": ">=0.18", "rate": ">=1000", "rate_guomi": ">=700",
            "added_p95_ms": "<=20", "wrong": "==0", "lost": "==0",
        },
    )  # fmt: skip


class Asked:
    """The asking side: signs, sends, verifies, and counts what was wrong."""

    def __init__(self, port: int, keys: dict[str, tuple[bytes, bytes]], firms: int, dice: random.Random) -> None:
        self.address, self.host, self.firms, self.dice = ("127.0.0.1", port), f"127.0.0.1:{port}", firms, dice
        self.clients = {
            key: Client(f"http://{self.host}", private, [public]) for key, (private, public) in keys.items()
        }
        self.numbers: list[int] = []
        self.answered = self.wrong = 0

    def warm(self, side: str) -> None:
        """Have every thread of the server meet this suite before anything is measured."""
        self._send(side, 400, 0.0)

    def rate(self, side: str, count: int) -> float:
        """Answers a second."""
        return count / self._send(side, count, 0.0).seconds

    def paced(self, side: str, count: int, rate: float) -> float:
        """The 95th percentile in milliseconds at so many questions a second."""
        taken = sorted(self._send(side, count, rate).ms)
        return taken[len(taken) * 95 // 100]

    def _send(self, side: str, count: int, rate: float) -> load.Told:
        codes = [uscc(self.dice.randrange(self.firms)) for _ in range(count)]
        signed: list[Signed] = []
        if side == "raw":
            wire = [
                load.request(f"/raw/{code}", self.host, {"content-type": "application/json"}, b"{}") for code in codes
            ]
        else:
            client = self.clients[side]
            signed = [client.sign(subjects.FIRMS.key, [("uscc", code)], purpose="inspection") for code in codes]
            wire = [load.request(one.message.path, self.host, dict(one.message.headers), one.body) for one in signed]
        told = load.run(self.address, wire, CLIENTS, rate)
        self.wrong += sum(1 for status in told.statuses.values() if status != 200)
        self._verify(side, signed, codes, told)
        return told

    def _verify(self, side: str, signed: Sequence[Signed], codes: Sequence[str], told: load.Told) -> None:
        for place, one in enumerate(signed):
            if told.statuses[place] != 200:
                continue
            answer = self.clients[side].read(one, 200, *load.parsed(told.answers[place]))
            self.answered += 1
            self.wrong += [row["uscc"] for row in answer.rows] != [codes[place]]
            self.numbers.append(answer.number)


def prepare(firms: int) -> None:
    """A register of firms, and an agreement that shows another department all of it."""
    _, companies = subjects.mounted()
    trust.prepare()
    fill(Register(companies, subjects.firms, firms))
    today = timezone.localdate()
    terms: dict[str, Any] = {
        "items": [item.name for item in subjects.FIRMS.items], "purposes": ["inspection"], "laws": ["基准测试"],
        "articles": ["第一条"], "regions": [], "rate": 10_000_000, "quota_calls": 10**9, "quota_rows": 10**9,
        "valid_from": today, "valid_until": today + timedelta(days=30),
    }  # fmt: skip
    owner, key = subjects.FIRMS.agency, subjects.FIRMS.key
    wish = ShareRequest.objects.create(
        consumer=ASKER, resource=key, version=1, owner=owner, use="基准测试", person="officer:1", person_name="甲",
        state="granted", decided_by="officer:2", decided_name="乙", decided_at=timezone.now(), **terms,
    )  # fmt: skip
    made = Agreement.objects.create(consumer=ASKER, resource=key, owner=owner)
    AgreementVersion.objects.create(agreement=made, number=1, request=wish, granted_by="officer:2", **terms)
    AgreementPurpose.objects.create(agreement=made, consumer=ASKER, resource=key, purpose="inspection")
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
        cursor.execute("checkpoint")  # what filling left to write is not the askers'


def joined(key: str, agency: str = ASKER) -> tuple[bytes, bytes]:
    """A department's key of a suite with its certificate; and the platform's public key."""
    used = suites.suite(key)
    private = used.generate()
    certificates.keep_node(actor=ISSUER, suite=key)
    subject = Subject("agency", f"agency:{agency}", "基准测试单位", agency, "基准测试单位")
    certificates.issue(actor=ISSUER, wanted=[Wanted(subject, certificate_request(used.signer(private)))])
    return private, used.signer(certificates.node(key).private).public


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def server(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The platform's web server on this port."""
    connections.close_all()
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bench.gateway_settings", "SHUNIU_PORT": str(port),
        "SHUNIU_PUBLIC_URL": f"http://127.0.0.1:{port}", "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
    }  # fmt: skip
    command = [
        sys.executable, "-m", "shuniu.project.web", "--host", "127.0.0.1", "--port", str(port), "--interface", "wsgi",
        "--no-ws", "--workers", "2", "--blocking-threads", "8", "--backlog", "2048", "--log-level", "warning",
        "shuniu.project.wsgi:application",
    ]  # fmt: skip
    with subprocess.Popen(command, env=env, cwd=ROOT) as child:
        try:
            _up(port)
            yield child
        finally:
            child.terminate()


def _up(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the web server did not come up")


def lost(numbers: Sequence[int]) -> int:
    """Answers without entry, reading, evidence or place in the journal; and numbers that came twice."""
    while trust.sequence():
        continue
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from unnest(%s::bigint[]) n(entry)"
            " where exists (select from trust_entry e where e.id = n.entry and e.outcome = 'done')"
            " and exists (select from trust_leaf l where l.entry_id = n.entry)",
            [list(numbers)],
        )
        whole = int(cursor.fetchone()[0])
        cursor.execute(
            "select count(*) from trust_entry e join trust_reading r on r.entry = e.id where e.proof is not null"
        )
        kept = int(cursor.fetchone()[0])
    return max(len(numbers) - whole, len(numbers) - kept, len(numbers) - len(set(numbers)))
