"""What a decision must say, pure: a refusal states facts, articles and remedy, or cannot be issued."""

from __future__ import annotations

from datetime import date

from shuniu.base.rules import RuleBook
from shuniu.cases.declare.case import Grounds, Remedy
from shuniu.trust.declare import Refused

FEWEST_FACTS = 10
"""Characters of the shortest statement of facts: 材料不符 tells the applicant nothing."""


def check_grounds(grounds: Grounds) -> Grounds:
    """The grounds without spaces around them. Raises Refused case.facts, case.articles (行政许可法 art. 38, 行政处罚法 art. 44)."""
    facts, articles = grounds.facts.strip(), grounds.articles.strip()
    if len(facts) < FEWEST_FACTS:
        raise Refused(
            "case.facts",
            "没有写明认定的事实。",
            f"请写明哪一项条件不符合、依据什么材料认定，至少 {FEWEST_FACTS} 个字。",
        )
    if "第" not in articles or "条" not in articles:
        raise Refused(
            "case.articles", "没有写明适用的条款。", "请写明法律名称和第几条，例如：《行政许可法》第三十八条第二款。"
        )
    return Grounds(facts=facts, articles=articles)


def remedy(book: RuleBook, day: date, region: str, agency: str) -> Remedy:
    """What the applicant may do against a decision of that day (行政复议法 art. 20, 行政诉讼法 art. 46). Raises NoRule."""
    review, suit = (book.resolve(key, day, region) for key in ("remedy.review.term", "remedy.suit.term"))
    text = (
        f"不服本决定的，可以自知道之日起{review.term()}内向{agency}的本级人民政府申请行政复议，"
        f"或者在{suit.term()}内依法向人民法院提起行政诉讼。"
    )
    return Remedy(text, (review.id, suit.id))
