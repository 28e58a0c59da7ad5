"""One client of the `lookup` bench: a process with one connection, told what to do by lines on its standard input.

A line is `SIDE SECONDS RATE`; the answer is a JSON list of latencies in milliseconds. RATE is look-ups a second, evenly
spaced, each timed from the moment it was due; 0 is as fast as it goes.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable

import django

Act = Callable[[str], object]


def main(client: int, seed: int, people: int, firms: int) -> int:
    django.setup()
    from bench import lookup_sides as sides  # needs Django's models

    rng = random.Random(seed * 1000 + client)
    persons = [sides.resident_id(rng.randrange(people)) for _ in range(min(people, sides.ASKED))]
    codes = [sides.uscc(rng.randrange(firms)) for _ in range(min(firms, sides.ASKED))]
    acts = sides.acts()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        side, seconds, rate = line.split()
        taken = work(acts[side], codes if side.startswith("open") else persons, float(seconds), float(rate), rng)
        sys.stdout.write(json.dumps(taken) + "\n")
        sys.stdout.flush()
    return 0


def work(act: Act, asked: list[str], seconds: float, rate: float, rng: random.Random) -> list[float]:
    """Look up for some seconds; latencies in milliseconds."""
    began = time.perf_counter()
    due = began + (rng.random() / rate if rate else 0.0)
    taken = []
    while due < began + seconds:
        if rate and (wait := due - time.perf_counter()) > 0:
            time.sleep(wait)
        act(rng.choice(asked))
        now = time.perf_counter()
        taken.append(round(1000 * (now - due), 3))
        due = due + 1 / rate if rate else now
    return taken


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuniu.project.settings")
    sys.exit(main(*(int(word) for word in sys.argv[1:])))
