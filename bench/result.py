"""What a bench says: measures, what they must reach, on what machine. Printed as one JSON object on the last line."""

from __future__ import annotations

import json
import operator
import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge, "<=": operator.le, "==": operator.eq,
}  # fmt: skip


@dataclass(frozen=True)
class Result:
    """One bench's outcome. `must` gives measures their bounds as text: ">=0.7", "<=30", "==0"."""

    bench: str
    measures: Mapping[str, float]
    must: Mapping[str, str]

    @property
    def holds(self) -> bool:
        """Whether every measure that has a bound keeps it; one that was not measured does not."""
        return all(name in self.measures and _keeps(self.measures[name], bound) for name, bound in self.must.items())

    def json(self) -> str:
        """The object that `shuniu bench NAME --json` prints last."""
        said = {
            "bench": self.bench,
            "measures": dict(self.measures),
            "must": dict(self.must),
            "holds": self.holds,
            "machine": machine(),
        }
        return json.dumps(said, ensure_ascii=False)


def _keeps(value: float, bound: str) -> bool:
    """Raises ValueError for a bound that is not a comparison and a number."""
    compare, limit = _COMPARE.get(bound[:2]), bound[2:]
    if compare is None:
        raise ValueError(f"not a bound: {bound!r}")
    return compare(value, float(limit))


def machine() -> str:
    """Processor, cores, memory and Python of the machine that measured."""
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    return f"{_processor()}, {cores} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
