"""How the tests are dealt to several workers (`-n 2`): file by file, and in pytest-django's order."""

from __future__ import annotations

from itertools import groupby

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling


def _file(test: str) -> str:
    return test.split("::", 1)[0]


class InOrder(LoadScopeScheduling):  # type: ignore[misc]  # xdist brings no types
    """Each worker gets the tests that leave rows behind after those that do not, as in a run of one process.

    A file that has tests of both kinds stands in two places of that order and is dealt in two portions.
    """

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False
        self._portions: dict[str, str] = {}

    def schedule(self) -> None:
        """Called once every worker has named its tests, in order."""
        if not self._portions:
            tests = next(iter(self.registered_collections.values()))
            for at, (_, together) in enumerate(groupby(tests, _file)):
                self._portions |= dict.fromkeys(together, str(at))
        super().schedule()

    def _split_scope(self, nodeid: str) -> str:
        return self._portions[nodeid]
