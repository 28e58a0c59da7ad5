"""The adapter of the sandbox provider: JSON over HTTP, every body signed in `X-Signature`."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote, urlsplit

from pydantic import TypeAdapter, ValidationError

from shuniu.cases.declare.fee import Order, RefundOrder, Trade
from shuniu.cases.payments.provider import Message, sign, signed
from shuniu.trust.declare import Refused

_TIMEOUT = 5  # seconds
_TRADE = TypeAdapter(Trade)
_TRADES = TypeAdapter(tuple[Trade, ...])


class Gateway:
    """A provider reached at an address, with which a secret is shared."""

    def __init__(self, address: str, secret: str) -> None:
        self._at = urlsplit(address)
        self._secret = secret

    def create(self, order: Order, *, title: str, back: str, notify: str) -> str:
        asked = {**asdict(order), "title": title, "back": back, "notify": notify}
        said = json.loads(self._call("POST", "/orders", asked).body)
        return str(said["address"])

    def ask(self, number: str) -> Message | None:
        answer = self._call("GET", f"/orders/{quote(number)}")
        return answer if answer.body != b"null" else None

    def refund(self, order: RefundOrder) -> Message:
        return self._call("POST", "/refunds", asdict(order))

    def read(self, message: Message) -> Trade:
        if not signed(self._secret, message):
            raise Refused("fees.signature", "支付通知的签名不符，不予采信。", "请支付机构核对密钥后重新通知。")
        try:
            return _TRADE.validate_json(message.body)
        except ValidationError as error:
            raise Refused("fees.form", "支付通知的内容不完整。", "请支付机构按接口说明重新通知。") from error

    def statement(self, day: date) -> tuple[Trade, ...]:
        answer = self._call("GET", f"/statement/{day.isoformat()}")
        if not signed(self._secret, answer):
            raise OSError("the statement is not signed by the provider")
        return _TRADES.validate_json(answer.body)

    def _call(self, method: str, path: str, asked: dict[str, object] | None = None) -> Message:
        """Raises OSError for anything but an answer of 200."""
        body = json.dumps(asked, default=str).encode() if asked is not None else b""
        kind = HTTPSConnection if self._at.scheme == "https" else HTTPConnection
        connection = kind(self._at.hostname or "", self._at.port, timeout=_TIMEOUT)
        try:
            headers = {"Content-Type": "application/json", "X-Signature": sign(self._secret, body or path.encode())}
            connection.request(method, self._at.path.rstrip("/") + path, body, headers)
            answer = connection.getresponse()
            said = Message(answer.read(), answer.headers.get("X-Signature", ""))
        except HTTPException as error:
            raise OSError(f"the payment provider answered no HTTP: {error!r}") from error
        finally:
            connection.close()
        if answer.status != 200:
            raise OSError(f"the payment provider answered {answer.status}")
        return said
