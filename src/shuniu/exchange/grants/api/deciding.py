"""The owner decides item by item: whole, masked, or refused with facts, article and what the asker can do now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from shuniu.base.rules import RuleError, region_prefix
from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.exchange.api.telling import notify
from shuniu.exchange.grants.api import making
from shuniu.exchange.grants.declare import Terms
from shuniu.exchange.grants.models import ShareRequest
from shuniu.exchange.grants.procedure import DECIDE
from shuniu.exchange.grants.views import ItemAnswer, RequestView, request_view, terms_of
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Move
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


@dataclass(frozen=True)
class Narrower:
    """What the owner gives less of than was asked for; None, 0 and (): as asked.

    `regions` are codes or their prefixes, each within one that was asked for; `purposes` are some of those asked for.
    """

    valid_until: date | None = None
    rate: int = 0
    quota_calls: int = 0
    quota_rows: int = 0
    purposes: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


@verb("exchange.decide_share", "审核共享申请")
def decide_share(
    *, actor: Actor, number: int, answers: Sequence[ItemAnswer], reason: str = "", narrower: Narrower | None = None
) -> RequestView:
    """Answer a request item by item, by the owner, never by who asked. What is granted takes effect at once.

    Raises `Refused`: share.state, share.answers, share.answer_why, share.narrower, share.term_past, share.have,
    grant.ended, and what `procedures` refuses (own_approval, lane).
    """
    found = making.locked(number)
    require(agency=directory.keeper(found.owner))
    _check_answers(found, answers)
    granted = [one for one in answers if one.answer != "refused"]
    said = reason.strip() or ("同意。" if granted else "不同意，理由见各信息项。")
    if found.case is not None:
        move = Move.AGREE if granted else Move.DISAGREE
        procedures.answer(actor=actor, case=found.case, answer=move, reason=said, stage=DECIDE)
    if granted:
        making.lock(found.consumer, found.resource)
        terms = narrowed(terms_of(found), narrower or Narrower())
        agreement = making.grant(found, answers, making.by(actor), said, terms)
        text = f"第 {number} 号共享申请已审核：同意 {len(granted)} 项，第 {agreement} 号共享协议已生效。"
    else:
        making.settle(found, answers, "refused", making.by(actor), said)
        text = f"第 {number} 号共享申请未获同意，请查看各信息项的理由和可以采取的办法。"
    notify("share", f"share_request:{number}", text, agency=directory.keeper(found.consumer))
    record(f"share_request:{number}", detail={"granted": len(granted), "refused": len(answers) - len(granted)})
    return request_view(found)


def _check_answers(found: ShareRequest, answers: Sequence[ItemAnswer]) -> None:
    """Every item that was asked for has one answer; every refusal says why and what can be done now."""
    if sorted(one.item for one in answers) != sorted(found.items):
        raise Refused(
            "share.answers", "还有信息项没有答复，或者答复了没有申请的信息项。", "请对每个信息项选择一种答复。"
        )
    resource = catalogue.published(found.resource).resource
    titles = {item.name: item.title for item in resource.items}
    for one in answers:
        if one.answer == "refused" and not all(part.strip() for part in (one.facts, one.law, one.article, one.forward)):
            raise Refused(
                "share.answer_why",
                f"不提供“{titles.get(one.item, one.item)}”没有写全理由。",
                "请写明事实、法律依据、条款，以及对方可以采取的办法。",
            )


def narrowed(asked: Terms, narrower: Narrower) -> Terms:
    """What was asked for with less of it. Raises Refused share.narrower where the owner would give more."""
    until = narrower.valid_until or asked.valid_until
    given = replace(
        asked,
        valid_until=until,
        rate=narrower.rate or asked.rate,
        quota_calls=narrower.quota_calls or asked.quota_calls,
        quota_rows=narrower.quota_rows or asked.quota_rows,
        purposes=tuple(dict.fromkeys(narrower.purposes)) or asked.purposes,
        regions=_within(asked, narrower.regions) or asked.regions,
    )
    if not set(given.purposes) <= set(asked.purposes):
        raise Refused("share.narrower", "选了申请里没有的用途。", "只能从申请的用途中选择；请改正后提交。")
    more = (
        given.valid_until > asked.valid_until
        or given.rate > asked.rate
        or given.quota_calls > asked.quota_calls
        or given.quota_rows > asked.quota_rows
    )
    if more or given.valid_until < given.valid_from or min(given.rate, given.quota_calls, given.quota_rows) <= 0:
        raise Refused(
            "share.narrower", "给出的期限或数量超出了申请，或者没有意义。", "只能比申请的更短、更少；请改正后提交。"
        )
    return given


def _within(asked: Terms, codes: Sequence[str]) -> tuple[str, ...]:
    """Codes as prefixes, each once, each within a region that was asked for. Raises Refused share.narrower."""
    try:
        given = tuple(dict.fromkeys(region_prefix(code.strip()) for code in codes))
    except RuleError as problem:
        raise Refused("share.narrower", f"{problem}。", "请填写区划代码；不缩小的保持原样。") from problem
    for code in given:
        if not any(code.startswith(own) for own in asked.regions):
            raise Refused(
                "share.narrower",
                f"区划“{code}”不在申请的区划之内。",
                "只能填写申请的区划，或者它们下面的区划；请改正后提交。",
            )
    return given
