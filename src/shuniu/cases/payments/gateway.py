"""The adapter of the sandbox provider: JSON over HTTP, every body signed in `X-Signature`."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from urllib.parse import quote

from pydantic import TypeAdapter, ValidationError

from shuniu.cases.declare.fee import Order, RefundOrder, Trade
from shuniu.cases.partner import Line, Message, signed
from shuniu.trust.declare import Refused

_TRADE = TypeAdapter(Trade)
_TRADES = TypeAdapter(tuple[Trade, ...])


class Gateway:
    """A provider reached at an address, with which a secret is shared."""

    def __init__(self, address: str, secret: str) -> None:
        self._line = Line(address, secret)

    def create(self, order: Order, *, title: str, back: str, notify: str) -> str:
        asked = {**asdict(order), "title": title, "back": back, "notify": notify}
        said = json.loads(self._line.call("POST", "/orders", asked).body)
        return str(said["address"])

    def ask(self, number: str) -> Message | None:
        answer = self._line.call("GET", f"/orders/{quote(number)}")
        return answer if answer.body != b"null" else None

    def refund(self, order: RefundOrder) -> Message:
        return self._line.call("POST", "/refunds", asdict(order))

    def read(self, message: Message) -> Trade:
        if not signed(self._line.secret, message):
            raise Refused("fees.signature", "支付通知的签名不符，不予采信。", "请支付机构核对密钥后重新通知。")
        try:
            return _TRADE.validate_json(message.body)
        except ValidationError as error:
            raise Refused("fees.form", "支付通知的内容不完整。", "请支付机构按接口说明重新通知。") from error

    def statement(self, day: date) -> tuple[Trade, ...]:
        answer = self._line.call("GET", f"/statement/{day.isoformat()}")
        if not signed(self._line.secret, answer):
            raise OSError("the statement is not signed by the provider")
        return _TRADES.validate_json(answer.body)
