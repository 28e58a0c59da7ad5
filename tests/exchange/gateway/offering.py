"""A provider's machine that sends a file in portions, for the tests of uploads: through Django, without a socket."""

from __future__ import annotations

import hashlib
import json
import random
from typing import Any

from shuniu.client.speaking import Signed
from shuniu.exchange import tasks
from shuniu.exchange.gateway import files
from shuniu.exchange.gateway.declare import Offered
from shuniu.exchange.grants.models import Agreement
from tests.exchange.gateway.road import Machine
from tests.exchange.people import MARKET

AT = "/exchange/uploads"


def content(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def begun(machine: Machine, data: bytes, **otherwise: object) -> Any:
    """Django's answer to the beginning of an upload of these bytes."""
    said: dict[str, object] = {
        "agreement": Agreement.objects.get().pk, "name": "登记.bin", "size": len(data),
        "digest": hashlib.sha256(data).hexdigest(), "days": 7, **otherwise,
    }  # fmt: skip
    return machine.send(machine.client._signed("POST", AT, "offer", json.dumps(said).encode()))


def number_of(machine: Machine, data: bytes) -> int:
    came = begun(machine, data)
    assert came.status_code == 200, came.content.decode()
    return int(came.json()["number"])


def portion(machine: Machine, number: int, first: int, data: bytes) -> Signed:
    return machine.client._signed("PUT", f"{AT}/{number}/{first}", "offer", data, "application/octet-stream")


def put(machine: Machine, number: int, first: int, data: bytes) -> Any:
    return machine.send(portion(machine, number, first, data))


def state(machine: Machine, number: int) -> Any:
    came = machine.send(machine.client._signed("GET", f"{AT}/{number}", "offer"))
    assert came.status_code == 200, came.content.decode()
    return came.json()


def checked(number: int) -> None:
    """What the worker does once all has come."""
    tasks.check_upload(number=number)


def offered() -> tuple[Offered, ...]:
    return files.list_files(actor=MARKET, agreement=Agreement.objects.get().pk)


def kept() -> list[str]:
    return sorted(path.name for path in files.folder().iterdir())
