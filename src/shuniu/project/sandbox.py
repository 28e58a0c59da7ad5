"""The payment provider of a demo instance, as a process of its own: `shuniu run` starts it where no real one is set up.

It moves no money. A production instance has none: `shuniu run` does not start it there, and it refuses to serve.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from shuniu.project import place
from shuniu.project.begin import begin
from shuniu.project.cli import say

URL, SECRET = "SHUNIU_PAYMENT_URL", "SHUNIU_PAYMENT_SECRET"
BOOKS = "sandbox-payments.json"


def wanted(env: Mapping[str, str], var: Path) -> bool:
    """Whether a run of a demo instance is to have the sandbox: nobody has set up a provider, and it is no production."""
    return not env.get(URL) and place.production(var) is None


def settings(host: str, port: int) -> tuple[dict[str, str], list[str]]:
    """What the platform is told of the sandbox that is to serve beside `port`, and the command's arguments."""
    at = "127.0.0.1" if ":" in host else host
    own = _free(at, port + 1)
    told = {URL: f"http://{place.reached(at)}:{own}", SECRET: secrets.token_hex(32)}
    return told, ["-m", __name__, at, str(own)]


def _free(host: str, port: int) -> int:
    """That port if it is free, or any that is."""
    for tried in (port, 0):
        try:
            with socket.create_server((host, tried)) as found:
                return int(found.getsockname()[1])
        except (OSError, OverflowError):
            continue
    raise OSError(f"no free port at {host}")


def main(arguments: list[str]) -> int:
    """Serve at a host and port until told to end."""
    host, port = arguments
    var = Path(os.environ["SHUNIU_VAR"])
    if place.production(var) is not None:
        say("错误：这是正式实例，不启动演示支付机构（沙箱）。请用 SHUNIU_PAYMENT_URL 接通真实的支付机构。")
        return 1
    begin()
    from shuniu.cases.payments.sandbox import Sandbox  # needs Django's settings

    Sandbox(os.environ[SECRET], kept=var / BOOKS, beside=True).start(host, int(port))
    signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
