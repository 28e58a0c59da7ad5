"""The evidence of a call as a file that an outsider checks alone, for who asked and whose rows they were."""

from __future__ import annotations

from shuniu.exchange.gateway.proving import proof_of
from shuniu.exchange.gateway.store import calls as store
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.evidence.api import evidence_of, message_of
from shuniu.trust.evidence.file import Commitment, Evidence, Exchange


@verb("exchange.export_evidence", "取走查询的证据")
def export_evidence(*, actor: Actor, number: int, held: int = 0) -> Evidence:
    """What proves a call: both signatures, certificates, the commitment, the journal's entry. `held`: as in trust's own verb.

    Raises Refused gateway.unknown (also to an agency that was no part of it), trust.unplaced.
    """
    require()
    if actor.agency not in store.parties(number):
        raise Refused("gateway.unknown", f"没有第 {number} 号查询。", "请核对证据编号。")
    made = evidence_of([number], number=f"call:{number}", exchange=exchange_of(number), held=held)
    record(f"call:{number}", detail={"evidence": made.head.size})
    return made


def exchange_of(number: int) -> Exchange:
    """A call's question and answer as evidence holds them, without a row of it; for a verb that requires and records.

    Raises Refused gateway.unknown.
    """
    proof = proof_of(number)
    return Exchange(
        request=message_of(proof.request, proof.request_signature, proof.request_key),
        answer=message_of(proof.answer, proof.answer_signature, proof.answer_key),
        commitment=Commitment(root=proof.root.hex(), fields=proof.fields),
    )
