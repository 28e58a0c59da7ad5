"""What a decision must say, pure: a refusal states facts, articles and remedy, or cannot be issued."""

from __future__ import annotations

from datetime import date

from shuniu.base.rules import RuleBook
from shuniu.cases.declare.case import Grounds, Remedy, Reply
from shuniu.cases.declare.service import Result, ServiceItem
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


def chosen(item: ServiceItem, reply: Reply | None) -> Result | None:
    """The result that was chosen; None where the item declares none. Raises Refused case.result, case.reply.

    What is given, or where it is found, is said with every result but a refusal.
    """
    found = next((one for one in item.results if reply is not None and one.key == reply.result), None)
    if (found is None) is bool(item.results or reply is not None):
        raise Refused("case.result", f"没有说明“{item.title}”的办理结果。", "请从事项规定的结果中选择一个。")
    if found is not None and found.state != "refused" and not (reply and reply.text.strip()):
        raise Refused("case.reply", f"“{found.title}”没有写明提供的内容。", "请写明提供了什么，或者到哪里、怎样获取。")
    return found


def check_may_decline(item: ServiceItem) -> None:
    """An item that declares its results ends with one of them. Raises Refused case.result."""
    if item.results:
        raise Refused(
            "case.result", f"“{item.title}”没有“不予受理”这一结果。", "请先登记，再从事项规定的结果中选择一个答复。"
        )


def grounds_of(result: Result | None, grounds: Grounds | None) -> Grounds | None:
    """The grounds that the decision states, checked; None where it grants. A result brings its articles with it.

    Raises Refused case.facts, case.articles.
    """
    if result is None:
        return check_grounds(grounds) if grounds else None
    if result.state == "granted":
        return None
    said = grounds or Grounds(facts="", articles="")
    return check_grounds(said if said.articles.strip() else Grounds(facts=said.facts, articles=result.articles))


def silence(book: RuleBook, day: date, region: str, agency: str, due: date) -> str:
    """What the applicant may do when the law's term is over and nothing was decided (行政复议法 art. 11, 23). Raises NoRule."""
    review, first = (book.resolve(key, day, region) for key in ("remedy.review.term", "remedy.review_first.silence"))
    then = "；对行政复议决定不服的，再" if first.text() == "yes" else "，或者"
    return (
        f"法定期限已于 {due.isoformat()} 届满，{agency}还没有作出决定。您可以向它的上一级行政机关投诉；也可以自期限届满之日起"
        f"{review.term()}内向{agency}的本级人民政府申请行政复议{then}依法向人民法院提起行政诉讼。"
    )


def remedy(book: RuleBook, day: date, region: str, agency: str, review_first: str = "") -> Remedy:
    """What the applicant may do against a decision of that day (行政复议法 art. 20, 23, 行政诉讼法 art. 45, 46).

    `review_first`: as a `Result` has it. Raises NoRule.
    """
    review, suit = (book.resolve(key, day, region) for key in ("remedy.review.term", "remedy.suit.term"))
    first = book.resolve(review_first, day, region) if review_first else None
    if first is not None and first.text() == "yes":
        after = book.resolve("remedy.suit.after_review.term", day, region)
        said = (
            f"不服本决定的，应当先自知道之日起{review.term()}内向{agency}的本级人民政府申请行政复议；"
            f"对行政复议决定不服的，可以自收到行政复议决定书之日起{after.term()}内依法向人民法院提起行政诉讼。"
        )
        return Remedy(said, (review.id, first.id, after.id))
    text = (
        f"不服本决定的，可以自知道之日起{review.term()}内向{agency}的本级人民政府申请行政复议，"
        f"或者在{suit.term()}内依法向人民法院提起行政诉讼。"
    )
    return Remedy(text, (review.id, suit.id))
