"""The adapter of the sandbox courier: JSON over HTTP, every body signed in `X-Signature` (HMAC-SHA256, RFC 2104).

POST {SHUNIU_COURIER_URL}/orders          {"order", "contents", "to": {…}, "notify"}  → {"waybill": …}
GET  {SHUNIU_COURIER_URL}/orders/{order}                                              → [{"body", "signature"}, …]
POST {our address}/hall/postal/notice/    a `Word`                                      the courier's own call to us
"""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import quote

from pydantic import BaseModel, TypeAdapter, ValidationError

from shuniu.cases.declare.postal import Parcel, Word
from shuniu.cases.partner import Line, Message, signed
from shuniu.trust.declare import Refused

_WORD = TypeAdapter(Word)


class _Taken(BaseModel):
    waybill: str


class _Told(BaseModel):
    body: str
    signature: str


_TOLD = TypeAdapter(tuple[_Told, ...])


class Gateway:
    """A courier reached at an address, with which a secret is shared."""

    def __init__(self, address: str, secret: str) -> None:
        self._line = Line(address, secret)

    def order(self, parcel: Parcel, *, notify: str) -> str:
        said = self._line.call("POST", "/orders", {**asdict(parcel), "notify": notify}).body
        try:
            return _Taken.model_validate_json(said).waybill
        except ValidationError as error:
            raise OSError("the courier gave no waybill") from error

    def ask(self, order: str) -> tuple[Message, ...]:
        try:
            told = _TOLD.validate_json(self._line.call("GET", f"/orders/{quote(order)}").body)
        except ValidationError as error:
            raise OSError("the courier's answer cannot be read") from error
        return tuple(Message(one.body.encode(), one.signature) for one in told)

    def read(self, message: Message) -> Word:
        if not signed(self._line.secret, message):
            raise Refused("postal.signature", "寄递通知的签名不符，不予采信。", "请寄递企业核对密钥后重新通知。")
        try:
            return _WORD.validate_json(message.body)
        except ValidationError as error:
            raise Refused("postal.form", "寄递通知的内容不完整。", "请寄递企业按接口说明重新通知。") from error
