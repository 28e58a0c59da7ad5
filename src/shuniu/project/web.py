"""Granian, with workers that end with their main process, and connections that end with the cable that they came by.

Killed alone, the main process would leave workers serving an old release. And whoever is cut off in the middle of a request
does not say that he is gone: the thread that reads, and what it holds, would wait for the rest for ever.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from granian.cli import cli
from granian.server import mp

from shuniu.project import children

SILENT, AGAIN, TIMES = 60, 15, 4
"""Seconds of silence after which the other side's machine is asked whether it is there, seconds between, times."""
_worker: Callable[..., object] = vars(mp)["WSGIWorker"]


class Holder(Protocol):
    """A socket that Granian listens on."""

    def get_fd(self) -> int: ...


def lasting(holder: Holder, silent: int, again: int, times: int) -> None:
    """Have connections to a listening socket end once the other side answers nothing, or takes nothing, for so long (tcp(7)).

    What is set on the socket is inherited by each connection; Granian has no options for it.
    """
    with socket.socket(fileno=os.dup(holder.get_fd())) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, silent)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, again)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, times)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1000 * (silent + again * times))


def _work(last: Callable[[Holder], None], number: int, place: tuple[Any, None], *rest: object) -> object:
    """Granian's worker, on a socket of its own (SO_REUSEPORT) as ever."""
    holder = place[0].build()
    last(holder)
    return _worker(number, (None, holder), *rest)


def main(silent: int = SILENT, again: int = AGAIN, times: int = TIMES) -> None:
    """Serve as Granian's command line says."""
    multiprocessing.set_start_method("fork")  # what the hooks hang on; no longer the default from Python 3.14 on
    os.register_at_fork(after_in_child=children.bound_to(os.getpid(), signal.SIGKILL))
    vars(mp).update(WSGIWorker=partial(_work, partial(lasting, silent=silent, again=again, times=times)))
    cli()


if __name__ == "__main__":
    main()
