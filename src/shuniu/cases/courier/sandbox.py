"""A courier to try the platform with: a real HTTP service that carries nothing and forgets all when it stops.

`Sandbox(secret).start()` serves on a free port of this machine; `move` is what happens to a parcel on its way.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote

from django.utils import timezone

from shuniu.cases.declare.postal import Word
from shuniu.cases.partner import Message, send, sign, signed
from shuniu.cases.serving import Served


@dataclass
class Sandbox(Served):
    """The courier's books and its server. `clock` says what time it is there."""

    secret: str
    clock: Callable[[], datetime] = timezone.now
    orders: dict[str, dict[str, object]] = field(default_factory=dict)
    words: list[Word] = field(default_factory=list)
    silent: bool = False
    """Whether the courier fails to call back."""

    def handler(self) -> type[BaseHTTPRequestHandler]:
        return type("Handler", (_Handler,), {"books": self})

    def take(self, asked: dict[str, object]) -> str:
        """Take an order; the same one again gets the same waybill."""
        known = self.orders.setdefault(str(asked["order"]), {**asked, "waybill": f"SB{len(self.orders) + 1:010d}CN"})
        return str(known["waybill"])

    def move(self, order: str, state: str, *, signer: str = "", said: str = "") -> Word:
        """Something happens to a parcel; the platform is told unless the courier is silent."""
        waybill = str(self.orders[order]["waybill"])
        word = Word(f"E{len(self.words) + 1:08d}", order, waybill, state, self.clock(), signer, said)  # type: ignore[arg-type]  # one of its states
        self.words.append(word)
        if not self.silent:
            self.call_back(word)
        return word

    def call_back(self, word: Word) -> int:
        """Tell the platform (again); its answer's status."""
        return send("POST", str(self.orders[word.order]["notify"]), self.message(word))[0]

    def message(self, word: Word) -> Message:
        """A word, signed."""
        body = json.dumps(asdict(word), default=datetime.isoformat, ensure_ascii=False).encode()
        return Message(body, sign(self.secret, body))


class _Handler(BaseHTTPRequestHandler):
    books: Sandbox

    def do_GET(self) -> None:
        order = unquote(self.path).removeprefix("/orders/")
        told = [self.books.message(word) for word in self.books.words if word.order == order]
        self._say([{"body": one.body.decode(), "signature": one.signature} for one in told])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not signed(self.books.secret, Message(body, self.headers.get("X-Signature", ""))):
            self.send_error(401)
            return
        self._say({"waybill": self.books.take(json.loads(body))})

    def _say(self, said: object) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(said, ensure_ascii=False).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: addresses carry case numbers."""
