"""What a bad rating leads to: 整改 → 回访 (国办发〔2019〕51号), and who is told."""

from __future__ import annotations

from shuniu.cases.models import Rating, Rectification
from shuniu.cases.store import successions
from shuniu.directory import api as directory
from shuniu.notices import api as notices
from shuniu.notices.declare import EMAIL, INBOX, SMS, Recipient, Template, Words
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Procedure, Stage

RECTIFY, CALL_BACK = "rectify", "call_back"
RECTIFICATION = procedures.register(
    Procedure(
        key="cases.rectification",
        version=1,
        title="差评整改",
        term_rule="rating.rectify.days",
        stages=(
            Stage(key=RECTIFY, title="整改", lane="cases.rectify"),
            Stage(key=CALL_BACK, title="回访", lane="cases.call_back", needs=(RECTIFY,), on_no=f"return:{RECTIFY}"),
        ),
    )
)
"""Whoever rated is called back in every case; what he does not accept goes back, on the same clock."""

BAD = notices.register(
    Template(
        "cases.rating_bad",
        Words("收到差评，须整改", "A bad rating to be put right"),
        Words(
            "{item} 的{stage}收到一条“{level}”评价，须在 {due} 前整改并回访。评价人不公开。",
            "{item} ({stage}) was rated “{level}”. Put it right and call back by {due}. Who rated is not disclosed.",
        ),
        ("item", "stage", "level", "due"),
    )
).key
DONE = notices.register(
    Template(
        "cases.rating_rectified",
        Words("您的评价已整改", "Your rating was acted on"),
        Words(
            "您对办件 {number}（{item}）的评价已整改：{measures} 您可以对整改再作评价。",
            "Your rating of case {number} ({item}) was acted on: {measures} You may rate what was done.",
        ),
        ("number", "item", "measures"),
        (INBOX.key, EMAIL.key, SMS.key),
    )
).key


def open_for(rating: Rating, title: str, stage: str, level: str) -> Rectification:
    """Open a rectification inside the open verb.

    The platform opens it, not whoever rated: its log and lists name who opened it.
    """
    keeper = successions.keeper(rating.agency)
    matter = procedures.open_case(
        actor=directory.system("worker"), procedure=RECTIFICATION.key, object=f"rating:{rating.pk}",
        agency=keeper, region=rating.region,
    )  # fmt: skip
    due = matter.due.isoformat() if matter.due else "规定期限"
    values = {"item": title, "stage": stage, "level": level, "due": due}
    notices.tell(
        template=BAD, to=Recipient(agency=keeper), object=f"rating:{rating.pk}", values=values,
        owner=keeper,
    )  # fmt: skip
    return Rectification.objects.create(rating=rating, matter=matter.id)


def tell_done(rating: Rating, title: str, measures: str) -> None:
    """Tell whoever rated. No agency owns this delivery: its evidence would say who the rater is."""
    values = {"number": rating.case.number, "item": title, "measures": measures}
    notices.tell(template=DONE, to=Recipient(person=rating.by), object=f"case:{rating.case.number}", values=values)
