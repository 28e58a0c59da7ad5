"""The address that the SMS gateway calls with receipts; its proof is the signature, not a token."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Schema

from shuniu.directory import api as directory
from shuniu.notices import api
from shuniu.notices.channels.sms import SIGNATURE, STAMP

router = Router()


class ReceiptTaken(Schema):
    """Where the message now stands: delivered or given_up."""

    state: str


@router.post("/sms-receipt", response=ReceiptTaken, summary="短信网关送回执")
def sms_receipt(request: HttpRequest) -> ReceiptTaken:
    """体为 JSON：reference、state（delivered 或 failed）、said；请求头 X-Shuniu-Timestamp、X-Shuniu-Signature 证明来源。

    重复送达同一回执无妨。
    """
    state = api.take_receipt(
        actor=directory.system("sms_gateway"),
        body=request.body,
        stamp=request.headers.get(STAMP, ""),
        signature=request.headers.get(SIGNATURE, ""),
    )
    return ReceiptTaken(state=state.value)
