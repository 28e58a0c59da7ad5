"""What applicants are told of their cases: templates, and one way to tell."""

from __future__ import annotations

from shuniu.cases.api.whose import told
from shuniu.cases.models import Case
from shuniu.notices import api as notices
from shuniu.notices.declare import EMAIL, INBOX, SMS, Recipient, Template, Words

_CHANNELS = (INBOX.key, EMAIL.key, SMS.key)
FILED, ACCEPTED, CORRECTION, DECIDED, CHARGED = (
    notices.register(
        Template(f"cases.{key}", title, text, ("number", "item", *more), _CHANNELS)
    ).key
    for key, title, text, more in (
        (
            "filed",
            Words("申请已收到", "Application received"),
            Words("您的申请“{item}”已收到，办件编号 {number}。凭编号可在“我的办件”查看进度。",
                  "We have received your application \u201c{item}\u201d, number {number}. Follow it under My cases."),
            (),
        ),
        (
            "accepted",
            Words("申请已受理", "Application accepted"),
            Words("办件 {number}（{item}）已受理，最迟 {due} 作出决定。",
                  "Case {number} ({item}) was accepted; a decision is due by {due}."),
            ("due",),
        ),
        (
            "correction",
            Words("申请需要补正", "Your application needs a correction"),
            Words("办件 {number}（{item}）需要补正：{what}", "Case {number} ({item}) needs a correction: {what}"),
            ("what",),
        ),
        (
            "decided",
            Words("办件有了决定", "A decision was made"),
            Words("办件 {number}（{item}）的决定：{outcome}。决定全文和救济途径见办件页面。",
                  "The decision on case {number} ({item}): {outcome}. The full text and your remedies are on its page."),
            ("outcome",),
        ),
        (
            "charged",
            Words("申请需要缴费", "A fee is to be paid"),
            Words("办件 {number}（{item}）需要缴费 {amount} 元，缴费单 {bill}。请在{until}以前缴清：从办件页面打开缴费单，"
                  "按上面的办法缴；或者到窗口缴：{window}。计算的标准和依据见缴费单。",
                  "A fee of {amount} yuan is due on case {number} ({item}), bill {bill}. Pay it before: {until}, from the bill "
                  "on the case's page, or at the counter: {window}. The bill shows by which rule it was reckoned."),
            ("bill", "amount", "until", "window"),
        ),
    )
)  # fmt: skip


def tell(case: Case, template: str, title: str, **values: str) -> None:
    """Tell whoever filed the case, and whose it is where he filed it under a delegation; inside the open verb."""
    for person in told(case):
        notices.tell(
            template=template,
            to=Recipient(person=person),
            object=f"case:{case.number}",
            values={"number": case.number, "item": title, **values},
            owner=case.agency,
        )
