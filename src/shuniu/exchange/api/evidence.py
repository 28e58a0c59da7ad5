"""The evidence of a call as a file that an outsider checks alone, for who asked and whose rows they were."""

from __future__ import annotations

from shuniu.exchange.gateway.proving import call_of, proof_of, unknown
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor
from shuniu.trust.evidence.api import evidence_of, message_of
from shuniu.trust.evidence.file import Commitment, Evidence, Exchange


@verb("exchange.export_evidence", "取走查询的证据")
def export_evidence(*, actor: Actor, number: int, held: int = 0) -> Evidence:
    """What proves a call: both signatures, certificates, the commitment, the journal's entry. `held`: as in trust's own verb.

    Raises Refused gateway.unknown (also to an agency that was no part of it), trust.unplaced.
    """
    require()
    found = call_of(number)
    if actor.agency not in (found.agency, found.owner):
        raise unknown(number)
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
