"""Granian, with workers that end with their main process: killed alone, it would leave them serving an old release."""

from __future__ import annotations

import multiprocessing
import os
import signal

from granian.cli import cli

from shuniu.project import children

if __name__ == "__main__":
    multiprocessing.set_start_method("fork")  # what the hook hangs on; no longer the default from Python 3.14 on
    os.register_at_fork(after_in_child=children.bound_to(os.getpid(), signal.SIGKILL))
    cli()
