"""Policies decide: one reading, and a page of the catalogue as an agency may use it: `shuniu bench decide`.

`rows` resources are catalogued (a fifth shared freely, a tenth not at all), and 3,000 agreements of 300 agencies are about
them: every tenth suspended, every tenth past its day, every fourth of several versions, all used today by several
callers. `page_p95_ms` is a page of 50 by the verb (right, one statement, journal), at random places of the catalogue and in
all four ways of filtering; the slowest way's counts. `decision_p95_ms` is the look-up and the pure judgement of every item, of
agencies, resources and purposes of which half have an agreement. `wrong` counts pages and decisions that differ from what
the agreements were made to say. `reads` is the most buffers that the statement of a page touches, by EXPLAIN.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bench.result import Result
from shuniu.catalogue.declare import Item, Resource
from shuniu.exchange.grants import api, shelf, store
from shuniu.exchange.grants.declare import Standing
from shuniu.exchange.grants.policy import judge
from shuniu.trust.declare import Actor

POLICIES, AGENCIES = 3_000, 300
PAGES, DECISIONS = 400, 4_000
ITEMS = tuple(f"i{n}" for n in range(20))


def run(*, rows: int = 500_000, seed: int = 1, input: Path | None = None) -> Result:
    """Measure with `rows` resources. `input` is not used: rows are made in the database."""
    del input
    call_command("migrate", interactive=False, verbosity=0)
    fill(rows)
    rng = random.Random(seed)
    pages = {show: _pages(rng, show, rows) for show in shelf.STATEMENTS}
    decided, wrong = _decisions(rng, rows)
    slowest = max(_p95(times) for times, _ in pages.values())
    wrong += sum(faults for _, faults in pages.values())
    measures = {
        "resources": rows, "policies": POLICIES, "page_p95_ms": round(slowest, 2),
        "page_median_ms": round(statistics.median(pages["usable"][0]), 2),
        "decision_p95_ms": round(_p95(decided), 3), "decision_median_ms": round(statistics.median(decided), 3),
        "reads": max(_reads(show, rows) for show in shelf.STATEMENTS), "wrong": wrong,
    }  # fmt: skip
    return Result("decide", measures, {"page_p95_ms": "<=150", "decision_p95_ms": "<=1", "wrong": "==0"})


def key_of(number: int) -> str:
    """A resource's key; agency 43.p0 … 43.p999 provides it."""
    return f"43.p{number % 1000}/r{number:07d}"


def consumer_of(policy: int) -> str:
    return f"43.c{policy % AGENCIES}"


def resource_of(policy: int, rows: int) -> int:
    """Which resource a policy is about: spread over all of them."""
    return policy * max(1, rows // POLICIES) % rows


def share_of(number: int) -> str:
    """A fifth of every provider's resources freely, a tenth not at all."""
    mixed = number // 1000 + number % 1000
    return "1" if mixed % 5 == 0 else "3" if mixed % 10 == 1 else "2"


def standing_of(policy: int) -> Standing:
    """How a policy was made to stand."""
    return {3: Standing.SUSPENDED, 7: Standing.EXPIRED}.get(policy // AGENCIES % 10, Standing.IN_FORCE)


def fill(rows: int) -> None:
    """Resources with a published version and two before it, agreements with versions, purposes and use."""
    items = [{"name": name, "title": name, "key": name == "i0"} for name in ITEMS]
    made = Resource.model_validate({"key": "43.p0/x", "title": "资源", "agency": "43.p0", "items": items})
    declaration = made.model_dump_json()
    today = timezone.localdate()
    policies = [
        (n + 1, consumer_of(n), key_of(resource_of(n, rows)), standing_of(n), 2 if n % 4 == 0 else 1)
        for n in range(POLICIES)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_RESOURCES, [rows])
        cursor.execute(_VERSIONS, [declaration])
        cursor.execute(_REQUEST, [list(ITEMS), today - timedelta(days=30), today + timedelta(days=100)])
        for number, consumer, key, standing, version in policies:
            cursor.execute(
                "insert into exchange_agreement (id, consumer, resource, owner, state, version, made_at)"
                " values (%s, %s, %s, split_part(%s, '/', 1), %s, %s, now())",
                [number, consumer, key, key, "suspended" if standing is Standing.SUSPENDED else "in_force", version],
            )
            until = today + timedelta(days=-1 if standing is Standing.EXPIRED else 100)
            cursor.execute(
                _TERMS, [number, list(ITEMS[:10]), list(ITEMS[:3]), today - timedelta(days=30), until, version]
            )
            cursor.execute(
                "insert into exchange_agreement_purpose (agreement_id, consumer, resource, purpose, live)"
                " values (%s, %s, %s, 'licensing', true)",
                [number, consumer, key],
            )
        cursor.execute(
            "insert into exchange_agreement_use (agreement_id, day, shard, calls, rows)"
            " select a.id, %s::date - d, s, 10, 10 from exchange_agreement a, generate_series(0, 9) d, generate_series(0, 7) s",
            [today],
        )
        cursor.execute("analyze")


_RESOURCES = """
insert into catalogue_resource (key, agency, table_number)
select '43.p' || n % 1000 || '/r' || lpad(n::text, 7, '0'), '43.p' || n % 1000, n + 1
from generate_series(0, %s - 1) n
""".replace("% 1000", "%% 1000")
_VERSIONS = """
insert into catalogue_version (resource_id, number, state, declaration, shipped, made_by, makers, made_at, published_by,
    published_at, reason)
select r.id, 1, 'published', d.declaration || jsonb_build_object('key', r.key, 'agency', r.agency, 'title', '资源' || r.id,
    'share', case when mixed %% 5 = 0 then '1' when mixed %% 10 = 1 then '3' else '2' end),
    true, 'officer:1', '{}', now(), 'officer:2', now(), ''
from catalogue_resource r, (select %s::jsonb as declaration) d,
    lateral (select (r.table_number - 1) / 1000 + (r.table_number - 1) %% 1000 as mixed) m
"""
_REQUEST = """
insert into exchange_share_request (id, consumer, resource, version, owner, items, purposes, laws, articles, regions, rate,
    quota_calls, quota_rows, valid_from, valid_until, use, person, person_name, asked_at, state, decided_by, decided_name, reason)
values (1, '43.c0', '43.p0/x', 1, '43.p0', %s, '{licensing}', '{法}', '{第一条}', '{43}', 60, 1000000, 1000000, %s, %s, '基准测试',
    'officer:1', '基准测试', now(), 'granted', '', '', '')
"""
_TERMS = """
insert into exchange_agreement_version (agreement_id, number, request_id, items, masked, purposes, laws, articles, regions,
    rate, quota_calls, quota_rows, valid_from, valid_until, granted_by, granted_name, made_at)
select %s, n, 1, %s, %s, '{licensing}', '{中华人民共和国行政许可法}', '{第三十四条}', '{43}', 60, 1000000, 1000000, %s, %s,
    'officer:2', '基准测试', now()
from generate_series(1, %s) n
"""


def _reader(agency: str) -> Actor:
    return Actor("officer:9", "基准测试", agency, agency, ("43",), frozenset({"exchange.list_offers"}))


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[18]


def _pages(rng: random.Random, show: str, rows: int) -> tuple[list[float], int]:
    """Times of pages at random places, in milliseconds, and how many pages were not what they should be."""
    times, wrong = [], 0
    for _ in range(PAGES):
        consumer, number = consumer_of(rng.randrange(AGENCIES)), rng.randrange(rows)
        after = "" if show == "granted" else key_of(number)
        found: list[api.Offer] = []
        actor = _reader(consumer)
        times.append(_timed(lambda: found.extend(api.offers(actor=actor, show=show, after=after))))  # noqa: B023 - called at once
        wrong += not _right(found, consumer, after, show, rows)
    return times[PAGES // 20 :], wrong


def _right(found: list[api.Offer], consumer: str, after: str, show: str, rows: int) -> bool:
    """Whether every row of a page stands as the policies were made to say, in order, and none is left out."""
    agency = int(consumer.removeprefix("43.c"))
    held = {
        key_of(resource_of(n, rows)): n + 1
        for n in range(agency, POLICIES, AGENCIES)
        if standing_of(n) is Standing.IN_FORCE
    }
    keys = [one.resource for one in found]
    if show == "granted":
        return keys == sorted(held) and all(one.agreement == held[one.resource] for one in found)
    for one in found:
        share = share_of(int(one.resource.rpartition("/r")[2]))
        expected = "granted" if one.resource in held else {"1": "free", "2": "conditional", "3": "closed"}[share]
        allowed = {"": True, "usable": expected in ("granted", "free"), "ask": expected == "conditional"}[show]
        if one.standing.value != expected or one.agreement != held.get(one.resource) or not allowed:
            return False
    between = [key for key in held if keys and after < key <= keys[-1]]
    return keys == sorted(keys) and all(key > after for key in keys) and (show == "ask" or set(between) <= set(keys))


def _decisions(rng: random.Random, rows: int) -> tuple[list[float], int]:
    """Times of single decisions, in milliseconds, and how many were wrong."""
    items = tuple(Item(name=name, title=name, key=name == "i0") for name in ITEMS)
    resource = Resource(key="43.p0/x", title="资源", agency="43.p0", items=items)
    today = timezone.localdate()
    times, wrong = [], 0
    for turn in range(DECISIONS):
        policy = rng.randrange(POLICIES)
        purpose = "licensing" if turn % 2 else "penalty"
        consumer, key = consumer_of(policy), key_of(resource_of(policy, rows))
        start = time.perf_counter()
        found = store.look_up(consumer, key, purpose, today)
        judgement = judge(resource, found, purpose=purpose, person="officer:9")
        times.append((time.perf_counter() - start) * 1000)
        made = standing_of(policy)
        if purpose == "penalty":
            expected = Standing.OTHER_PURPOSE if made is Standing.IN_FORCE else Standing.NEVER
        else:
            expected = made
        seen = len(judgement.seen), len(judgement.masked)
        wrong += found.standing is not expected or seen != ((10, 3) if expected is Standing.IN_FORCE else (0, 0))
    return times[DECISIONS // 20 :], wrong


def _reads(show: str, rows: int) -> int:
    """Buffers that one page touches."""
    values = [consumer_of(0), timezone.localdate().isoformat(), "" if show == "granted" else key_of(rows // 2)]
    with connection.cursor() as cursor:
        cursor.execute("explain (analyze, buffers, format json) " + shelf.STATEMENTS[show].decode(), values)
        found = cursor.fetchone()[0]
    top = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return int(top["Shared Hit Blocks"]) + int(top["Shared Read Blocks"])
