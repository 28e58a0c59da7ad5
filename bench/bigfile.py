"""A file of ten gigabytes through the gateway, cut off several times, against a plain copy over a socket: `shuniu bench bigfile`.

The content is made on the way: pseudo-random megabytes, each different. It is offered, then fetched by the client library
through the platform's own web server; at planted places the connection is cut and the client goes on where it was. A reader
that stands still shows whether the server waits or fills its memory. The physical limit is the same plain file sent by the
kernel (sendfile) and written to the same disk. Memory is the peak of what a process holds, less what it held before.
"""

from __future__ import annotations

import hashlib
import os
import random
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from bench import subjects
from bench.concurrency import PAGE, children
from bench.gateway import free_port, joined, prepare, server
from bench.result import Result
from shuniu.client import Client
from shuniu.directory import api as directory
from shuniu.exchange.gateway import files
from shuniu.exchange.grants.models import Agreement

MEGABYTES, MB, CUTS, FIRMS, STILL = 10_000, 1 << 20, 5, 2_000, 3.0


def run(*, rows: int = MEGABYTES, seed: int = 1, input: Path | None = None) -> Result:
    """Measure a file of `rows` megabytes."""
    del input
    prepare(FIRMS)
    private, public = joined("international")
    port, dice, place = free_port(), random.Random(seed), Path(settings.VAR) / "bigfile"
    offered, wanted, own = Timed(), hashlib.sha256(), Memory([os.getpid()])
    with offered:
        number = offer(hashed(content(rows, dice.randbytes(MB)), wanted))
    offering = own.growth()
    client = Client(f"http://127.0.0.1:{port}", private, [public])
    with server(port) as web:
        warm(client, number)
        family = [web.pid, *children(web.pid)]
        web_memory, own, fetched = Memory(family), Memory([os.getpid()]), Timed()
        with fetched:
            client.fetch(number, place, purpose="inspection")
        web_growth, own_growth = web_memory.growth(), own.growth()
        wrong = int(digest(place) != wanted.hexdigest())
        place.unlink()
        cuts = fetch_cut(client, number, place, sorted(dice.sample(range(1, rows), min(CUTS, rows - 1))))
        wrong += int(digest(place) != wanted.hexdigest())
        web_memory = Memory(family)
        stand_still(client, number, port)
        still_growth = web_memory.growth()
    with (copied := Timed()):
        copy(place)
    return Result(
        "bigfile",
        measures={
            "megabytes": rows,
            "offered_mb_s": round(rows / offered.seconds),
            "fetched_mb_s": round(rows / fetched.seconds),
            "copied_mb_s": round(rows / copied.seconds),
            "ratio": round(copied.seconds / fetched.seconds, 3),
            "cuts": cuts,
            "wrong": wrong,
            "offer_growth_mb": offering,
            "server_growth_mb": web_growth,
            "client_growth_mb": own_growth,
            "still_growth_mb": still_growth,
        },
        must={
            "wrong": "==0", "offer_growth_mb": "<=30", "server_growth_mb": "<=60", "client_growth_mb": "<=30",
            "still_growth_mb": "<=30", "ratio": ">=0.2",
        },
    )  # fmt: skip


class Timed:
    """Seconds of what stands within."""

    seconds = 0.0

    def __enter__(self) -> None:
        self.seconds = -time.perf_counter()

    def __exit__(self, *args: object) -> None:
        self.seconds += time.perf_counter()


class Memory:
    """How far some processes' memory rises above what they hold when this is made."""

    def __init__(self, processes: list[int]) -> None:
        self._processes = processes
        for one in processes:
            Path(f"/proc/{one}/clear_refs").write_text("5", encoding="ascii")  # the peak counts from here
        self._before = sum(
            int(Path(f"/proc/{one}/statm").read_text(encoding="ascii").split()[1]) * PAGE for one in processes
        )

    def growth(self) -> float:
        """Megabytes of the peaks together."""
        peak = 0
        for one in self._processes:
            lines = Path(f"/proc/{one}/status").read_text(encoding="ascii").splitlines()
            peak += next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024
        return round((peak - self._before) / MB, 1)


def content(megabytes: int, block: bytes) -> Iterator[bytes]:
    """So many megabytes, each beginning with its own number."""
    for number in range(megabytes):
        yield number.to_bytes(8, "big") + block[8:]


def hashed(blocks: Iterator[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    """The same blocks, their digest taken as they pass."""
    for block in blocks:
        digest.update(block)
        yield block


def offer(blocks: Iterator[bytes]) -> int:
    """Have the owner offer a file under the agreement that `prepare` made; its number."""
    owner = replace(
        directory.system("install"), agency=subjects.FIRMS.agency, capabilities=frozenset({"exchange.offer_file"})
    )
    writer = files.spooled(blocks)
    return files.offer_file(actor=owner, agreement=Agreement.objects.get().pk, name="基准测试.bin", writer=writer)


def warm(client: Client, number: int) -> None:
    """Have both processes of the server meet a file before anything is measured."""
    for _ in range(8):
        came = client._get(f"/exchange/files/{number}", "inspection", {"range": f"bytes=0-{8 * MB - 1}"})
        while came.read(MB):
            continue
        client.close()


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fetch_cut(client: Client, number: int, path: Path, places: list[int]) -> int:
    """Fetch with the connection cut at these megabytes; how many cuts there were."""
    cuts = 0
    part = path.with_name(path.name + ".part")
    while True:
        stopped = threading.Event()
        if cuts < len(places):
            target = (client, lambda at=places[cuts]: part.exists() and part.stat().st_size >= at * MB, stopped)
            threading.Thread(target=cut, args=target, daemon=True).start()
        try:
            client.fetch(number, path, purpose="inspection")
        except OSError:
            cuts += 1
            if cuts > 10 * CUTS:
                raise
        else:
            return cuts
        finally:
            stopped.set()


def cut(client: Client, due: Callable[[], bool], stopped: threading.Event) -> None:
    """Break the connection once it is due, as a cable that is pulled."""
    while not stopped.wait(0.002):
        held = client._connection.sock
        if due() and held is not None:
            try:
                held.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
            return


def stand_still(client: Client, number: int, port: int) -> None:
    """Ask for the file, take its first bytes and read no further for a while."""
    question = client._signed_get(f"/exchange/files/{number}", "inspection")
    lines = [f"GET {question.path} HTTP/1.1", f"host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in question.headers.items()]
    with socket.create_connection(("127.0.0.1", port)) as held:
        held.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        if not held.recv(65_536).startswith(b"HTTP/1.1 200"):
            raise ValueError("the file was refused")
        time.sleep(STILL)


def copy(path: Path) -> None:
    """The file once over a socket to a file beside it, by as little as that takes."""
    target = path.with_name(f"copy-{secrets.token_hex(4)}")
    with socket.create_server(("127.0.0.1", 0)) as door, path.open("rb") as source:

        def send() -> None:
            taken, _ = door.accept()
            with taken:
                taken.sendfile(source)

        threading.Thread(target=send, daemon=True).start()
        buffer = memoryview(bytearray(MB))
        with socket.create_connection(door.getsockname()) as taker, target.open("wb") as file:
            while count := taker.recv_into(buffer):
                file.write(buffer[:count])
    target.unlink()
