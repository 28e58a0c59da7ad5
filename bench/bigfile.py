"""A file of ten gigabytes through the gateway, cut off several times, against a plain copy over a socket: `shuniu bench bigfile`.

The content is made beforehand: pseudo-random megabytes, each different. The provider's machine offers it in portions, the
consumer's fetches it, both by the client library through the platform's own web server; at planted places the connection is
cut and the client goes on where it was. A reader that stands still shows whether the server waits or fills its memory. The
physical limit is the same plain file sent by the kernel (sendfile) and written to the same disk. Memory is the peak of what a
process holds, less what it held before; `checked_mb_s` is the worker's reading of the whole before it is offered.
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
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connections

from bench import subjects
from bench.concurrency import PAGE, children
from bench.gateway import free_port, joined, prepare, server
from bench.result import Result
from shuniu.client import Client
from shuniu.directory import api as directory
from shuniu.exchange.gateway import files, uploads
from shuniu.exchange.gateway.store import uploads as store
from shuniu.exchange.grants.models import Agreement

MEGABYTES, MB, CUTS, FIRMS, STILL = 10_000, 1 << 20, 5, 2_000, 3.0


def run(*, rows: int = MEGABYTES, seed: int = 1, input: Path | None = None) -> Result:
    """Measure a file of `rows` megabytes."""
    del input
    prepare(FIRMS)
    private, public = joined("international")
    owner, _ = joined("international", subjects.FIRMS.agency)
    port, dice, place = free_port(), random.Random(seed), Path(settings.VAR) / "bigfile"
    source, wanted = place.with_name("bigfile.source"), hashlib.sha256()
    write(source, content(rows, dice.randbytes(MB)), wanted)
    provider = Client(f"http://127.0.0.1:{port}", owner, [public])
    client = Client(f"http://127.0.0.1:{port}", private, [public])
    with server(port) as web:
        family = [web.pid, *children(web.pid)]
        offering = Offering(provider, source, family, dice)
        number = offering.run(rows)
        source.unlink()
        warm(client, number)
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
            "offered_mb_s": round(rows / offering.sent.seconds),
            "checked_mb_s": round(rows / offering.checked.seconds),
            "fetched_mb_s": round(rows / fetched.seconds),
            "copied_mb_s": round(rows / copied.seconds),
            "ratio": round(copied.seconds / fetched.seconds, 3),
            "offer_cuts": offering.cuts,
            "cuts": cuts,
            "wrong": wrong,
            "offer_growth_mb": offering.own_growth,
            "taking_growth_mb": offering.web_growth,
            "server_growth_mb": web_growth,
            "client_growth_mb": own_growth,
            "still_growth_mb": still_growth,
        },
        must={
            "wrong": "==0", "offer_growth_mb": "<=60", "taking_growth_mb": "<=80", "server_growth_mb": "<=60",
            "client_growth_mb": "<=30", "still_growth_mb": "<=30", "ratio": ">=0.2",
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


def write(path: Path, blocks: Iterator[bytes], digest: hashlib._Hash) -> None:
    """A file of these blocks, and their digest."""
    with path.open("wb") as file:
        for block in hashed(blocks, digest):
            file.write(block)


class Offering:
    """The provider's machine sending a file, its connection cut at planted places; the worker's check; what both took."""

    def __init__(self, client: Client, source: Path, family: list[int], dice: random.Random) -> None:
        self._client, self._source, self._family, self._dice = client, source, family, dice
        self._agreement, self.cuts = Agreement.objects.get().pk, 0
        self.sent, self.checked = Timed(), Timed()
        self.own_growth = self.web_growth = 0.0

    def run(self, megabytes: int) -> int:
        """The number of the file, once it is offered."""
        self._warm()
        places = sorted(self._dice.sample(range(1, megabytes), min(CUTS, megabytes - 1)))
        web, own, stopped = Memory(self._family), Memory([os.getpid()]), threading.Event()
        beside = [threading.Thread(target=self._cut, args=(places, stopped)), threading.Thread(target=self._check)]
        for one in beside:
            one.start()
        number = self._client.offer(self._source, agreement=self._agreement, name="基准测试.bin", pause=0.05)
        stopped.set()
        for one in beside:
            one.join()
        self.own_growth, self.web_growth = own.growth(), web.growth()
        return number

    def _warm(self) -> None:
        """Have both processes of the server take a portion before anything is measured."""
        small = self._source.with_name("bigfile.small")
        for number in range(8):
            small.write_bytes(bytes([number]) * 8 * MB)
            checking = threading.Thread(target=self._check)
            checking.start()
            self._client.offer(small, agreement=self._agreement, pause=0.05)
            checking.join()
            self._client.close()
        small.unlink()

    def _check(self) -> None:
        """As the worker does it: once the file is here, all of it is read."""
        self.sent = Timed()
        with self.sent:
            while not (waiting := store.unchecked(0)):
                time.sleep(0.02)
        with self.checked:
            uploads.check(actor=directory.system("worker"), number=waiting[0])
        connections.close_all()

    def _cut(self, places: list[int], stopped: threading.Event) -> None:
        before = taken()
        for place in places:
            cut(self._client, partial(lies, before + place * MB), stopped)
            self.cuts += not stopped.is_set()


def lies(size: int) -> bool:
    return taken() >= size


def taken() -> int:
    """Bytes that lie in the folder of files."""
    return sum(path.stat().st_size for path in files.folder().iterdir())


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
    question = client._signed("GET", f"/exchange/files/{number}", "inspection").message
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
