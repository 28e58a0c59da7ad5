"""What applicants are told of their documents on the way: templates."""

from __future__ import annotations

from shuniu.notices import api as notices
from shuniu.notices.declare import EMAIL, INBOX, SMS, Template, Words

MAILED, SIGNED, RETURNED, TAKEN = (
    notices.register(
        Template(f"cases.{key}", title, text, ("number", "item", *more), (INBOX.key, EMAIL.key, SMS.key))
    ).key
    for key, title, text, more in (
        (
            "documents_mailed",
            Words("办理结果已交寄", "Your documents were posted"),
            Words("办件 {number}（{item}）的办理结果已交寄，运单号 {waybill}。",
                  "The documents of case {number} ({item}) were posted; waybill {waybill}."),
            ("waybill",),
        ),
        (
            "documents_signed",
            Words("办理结果已签收", "Your documents arrived"),
            Words("办件 {number}（{item}）的办理结果已由{signer}签收。不是您安排的，请尽快联系办理单位。",
                  "The documents of case {number} ({item}) were signed for by {signer}. Tell the agency if that is wrong."),
            ("signer",),
        ),
        (
            "documents_returned",
            Words("办理结果被退回", "Your documents came back"),
            Words("办件 {number}（{item}）的邮件被退回：{said}。请在办件页面改地址重寄，或者改为自取。",
                  "The parcel of case {number} ({item}) came back: {said}. Correct the address, or fetch the documents."),
            ("said",),
        ),
        (
            "documents_taken",
            Words("办理结果已领取", "Your documents were handed over"),
            Words("办件 {number}（{item}）的办理结果已在窗口由{signer}领取。不是您安排的，请尽快联系办理单位。",
                  "The documents of case {number} ({item}) were handed to {signer}. Tell the agency if that is wrong."),
            ("signer",),
        ),
    )
)  # fmt: skip
