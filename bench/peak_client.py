"""One process of the web server as `bench peak` needs it: files its share of the drafts in some threads."""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import django

django.setup()

from django.db import connections  # noqa: E402 - Django is set up first

from bench.hall import citizen  # noqa: E402 - as above
from shuniu.cases.api import drafts, filing  # noqa: E402 - as above

THREADS = 4
CLICKS_TWICE = 10
"""Every tenth applicant does."""


def file(first: int, places: range) -> tuple[list[float], int, int]:
    """File these drafts: milliseconds of each, how many second clicks led to the case, how much went wrong."""
    taken, twice, errors = [], 0, 0
    for place in places:
        actor, draft = citizen(place + 1), first + place
        begun = time.perf_counter()
        try:
            made = filing.file(actor=actor, draft=draft)
        except Exception as error:  # the bench counts whatever goes wrong
            errors += 1
            sys.stderr.write(f"{error!r}\n")
            continue
        taken.append(1000 * (time.perf_counter() - begun))
        if place % CLICKS_TWICE == 0:
            try:
                filing.file(actor=actor, draft=draft)
                errors += 1
            except drafts.AlreadyFiled as again:
                twice += again.number == made.number
    connections.close_all()
    return taken, twice, errors


def main() -> None:
    """Say ready, wait for the word, file; tell how long each took, the processor time of all, and what was counted."""
    number, processes, first, rows = map(int, sys.argv[1:])
    with ThreadPoolExecutor(THREADS) as pool:
        [*pool.map(lambda _: connections["default"].ensure_connection(), range(THREADS))]
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        cpu = time.process_time()
        step = processes * THREADS
        shares = [range(number * THREADS + thread, rows, step) for thread in range(THREADS)]
        done = [*pool.map(lambda share: file(first, share), shares)]
    taken = [one for share, _, _ in done for one in share]
    twice, errors = sum(one for _, one, _ in done), sum(one for _, _, one in done)
    said = {"ms": taken, "twice": twice, "errors": errors, "cpu_s": time.process_time() - cpu}
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main()
