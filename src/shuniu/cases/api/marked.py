"""Texts with the mark of a state or work secret: refused before anything of them is kept (保密法 art. 31)."""

from __future__ import annotations

from shuniu.exchange import api as exchange
from shuniu.exchange import classified
from shuniu.exchange.delivery import spool_blocks
from shuniu.trust.declare import Actor, Refused


def refuse_marked(actor: Actor, text: str, where: str) -> None:
    """Refuse a text that bears such a mark, and tell who keeps secrecy where (`where`) it was offered.

    Called before the transaction of the verb, or the telling were undone with it. Raises Refused classified.*.
    """
    written = spool_blocks([text.encode()]).close()
    try:
        classified.refuse(written, f"{where}.txt")
    except Refused as refusal:
        if actor.may("exchange.report_classified"):
            exchange.report_classified(actor=actor, resource=where, channel="entry", rule=refusal.rule)
        raise
    finally:
        written.discard()
