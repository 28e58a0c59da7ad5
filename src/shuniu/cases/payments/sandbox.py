"""A payment provider to try the platform with: a real HTTP service that moves no money.

`Sandbox(secret).start()` serves on a free port of this machine; `pay` is what its page's button does. Its books are in
memory, and in the file `kept` where one is named: `shuniu run` names one, so that a payment of yesterday can be refunded.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from html import escape
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils import timezone
from pydantic import TypeAdapter

from shuniu.cases.declare.fee import Trade
from shuniu.cases.partner import Message, send, sign, signed
from shuniu.cases.serving import Served

_TRADES = TypeAdapter(tuple[Trade, ...])
_PAGE = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>演示支付（沙箱）</title>
<style>body{{font:18px/1.6 sans-serif;max-width:32em;margin:2em auto;padding:0 1em}}button{{font:inherit;padding:.5em 2em}}
.sandbox{{border:2px solid #8a4b00;background:#fff4e5;padding:.5em 1em}}
dt{{color:#555}}dd{{margin:0 0 .5em;overflow-wrap:anywhere}}</style>
<main><h1>演示支付</h1><p class="sandbox"><strong>这是沙箱，只供演示。</strong>
不发生真实的资金往来，请不要输入任何账号或者密码。</p><dl><dt>事项</dt><dd>{title}</dd><dt>单号</dt><dd>{number}</dd>
<dt>金额</dt><dd>{amount} 元</dd></dl>{action}<p><a href="{back}">返回办事大厅</a></p></main></html>"""


@dataclass
class Sandbox(Served):
    """The provider's books and its server. `clock` says what time it is there."""

    secret: str
    clock: Callable[[], datetime] = timezone.now
    orders: dict[str, dict[str, str | int]] = field(default_factory=dict)
    trades: dict[str, Trade] = field(default_factory=dict)
    silent: bool = False
    """Whether the provider fails to call back."""
    kept: Path | None = None
    """The file that the books are kept in, where they outlive the process."""
    beside: bool = False
    """Whether payers reach it at the host that they came from, on its own port; otherwise at its own address."""

    def __post_init__(self) -> None:
        if self.kept is not None and self.kept.exists():
            books = json.loads(self.kept.read_text(encoding="utf-8"))
            self.orders = books["orders"]
            self.trades = {one.trade: one for one in _TRADES.validate_python(books["trades"])}

    def _keep(self) -> None:
        if self.kept is not None:
            books = {"orders": self.orders, "trades": [asdict(one) for one in self.trades.values()]}
            draft = self.kept.with_suffix(".new")
            draft.write_text(json.dumps(books, default=datetime.isoformat, ensure_ascii=False), encoding="utf-8")
            draft.replace(self.kept)

    def announce(self, asked: dict[str, str | int]) -> str:
        """Take an order, once for each number; where its payer finds the page."""
        self.orders.setdefault(str(asked["number"]), asked)
        self._keep()
        here = self.address
        if self.beside:
            here = f"http://{urlsplit(str(asked['back'])).hostname}:{urlsplit(here).port}"
        return f"{here}/pay/{asked['number']}"

    def handler(self) -> type[BaseHTTPRequestHandler]:
        return type("Handler", (_Handler,), {"books": self})

    def message(self, said: object) -> Message:
        """Something said, signed."""
        body = json.dumps(said, default=datetime.isoformat).encode()
        return Message(body, sign(self.secret, body))

    def pay(self, number: str, amount: int | None = None) -> Trade:
        """Take the money for an order (of another amount, where a payer or a provider errs) and call back."""
        order = self.orders[number]
        trade = self._moved("paid", number, int(order["amount"]) if amount is None else amount)
        if not self.silent:
            with suppress(OSError):  # who does not hear of it asks, at the payer's return or by the day's statement
                self.call_back(trade)
        return trade

    def call_back(self, trade: Trade) -> int:
        """Tell the platform of a trade (again); its answer's status."""
        notify = self.orders[trade.number.rpartition("-R")[0] if trade.kind == "refunded" else trade.number]["notify"]
        return send("POST", str(notify), self.message(asdict(trade)))[0]

    def refund(self, number: str, trade: str, amount: int) -> Trade:
        """Give money back, once for each refund number. Raises ValueError beyond what was paid."""
        done = next((one for one in self.trades.values() if one.number == number), None)
        if done is not None:
            return done
        if trade not in self.trades or amount > self.trades[trade].amount:
            raise ValueError("no such payment, or more than it")
        return self._moved("refunded", number, amount)

    def _moved(self, kind: str, number: str, amount: int) -> Trade:
        trade = Trade(kind, number, f"SB{len(self.trades) + 1:08d}", amount, self.clock())  # type: ignore[arg-type]  # one of its kinds
        self.trades[trade.trade] = trade
        self._keep()
        return trade


class _Handler(BaseHTTPRequestHandler):
    books: Sandbox

    def do_GET(self) -> None:
        _, room, name = unquote(self.path).split("/", 2)
        if room == "pay" and name in self.books.orders:
            self._page(name)
        elif room == "orders":
            paid = (one for one in self.books.trades.values() if (one.kind, one.number) == ("paid", name))
            found = next(paid, None)
            self._say(asdict(found) if found else None)
        elif room == "statement":
            day = [one for one in self.books.trades.values() if timezone.localdate(one.at).isoformat() == name]
            self._say([asdict(one) for one in day])
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith("/pay/"):
            number = unquote(self.path.removeprefix("/pay/"))
            self.books.pay(number)
            self.send_response(303)
            self.send_header("Location", str(self.books.orders[number]["back"]))
            self.end_headers()
        elif not signed(self.books.secret, Message(body, self.headers.get("X-Signature", ""))):
            self.send_error(401)
        elif self.path == "/orders":
            self._say({"address": self.books.announce(json.loads(body))})
        else:
            asked = json.loads(body)
            try:
                self._say(asdict(self.books.refund(asked["number"], asked["trade"], asked["amount"])))
            except ValueError:
                self.send_error(409)

    def _say(self, said: object) -> None:
        answer = self.books.message(said)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-Signature", answer.signature)
        self.end_headers()
        self.wfile.write(answer.body)

    def _page(self, number: str) -> None:
        order = self.books.orders[number]
        paid = any((one.kind, one.number) == ("paid", number) for one in self.books.trades.values())
        fen = int(order["amount"])
        page = _PAGE.format(
            title=escape(str(order["title"])), number=escape(number), amount=f"{fen // 100}.{fen % 100:02d}",
            back=escape(str(order["back"])),
            action="<p>已支付。</p>" if paid else '<form method="post"><button>确认支付</button></form>',
        )  # fmt: skip
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: addresses carry bill numbers."""
