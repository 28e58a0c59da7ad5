"""What the exchange tells people, each kind a template of the notices. Called inside verbs."""

from __future__ import annotations

from shuniu.notices import api as notices
from shuniu.notices.declare import Recipient, Template, Words

KINDS = {
    "overdue": "报送催办",
    "refused": "整批拒收",
    "held": "待第二人复核",
    "recalled": "批次撤回",
    "objection": "数据异议",
    "correction": "数据更正",
    "repair": "信用修复",
    "share": "数据共享",
    "secrecy": "保密告警",
    "other": "通知",
}
_ENGLISH = {
    "overdue": "Submission reminder",
    "refused": "Batch refused",
    "held": "Awaiting second reviewer",
    "recalled": "Batch recalled",
    "objection": "Data objection",
    "correction": "Data correction",
    "repair": "Credit repair",
    "share": "Data sharing",
    "secrecy": "Secrecy alarm",
    "other": "Notice",
}
SECRECY = "exchange.read_secrecy_alert"
"""The capability that alarms about classified files go to, whatever agency delivered them; nobody else sees them."""

for _kind, _title in KINDS.items():
    notices.register(
        Template(
            key=f"exchange.{_kind}",
            title=Words(_title, _ENGLISH[_kind]),
            text=Words("{text}", "{text}"),  # worded by the act that it tells of
            fields=("text",),
        )
    )


def notify(kind: str, object: str, text: str, *, agency: str = "", person: str = "") -> None:
    """Leave a notice with an agency's officers, or with one person; alarms about classified files with who keeps secrecy."""
    to = Recipient(capability=SECRECY) if kind == "secrecy" else Recipient(agency=agency, person=person)
    notices.tell(
        template=f"exchange.{kind if kind in KINDS else 'other'}",
        to=to,
        object=object,
        values={"text": text},
        owner=agency,
    )
