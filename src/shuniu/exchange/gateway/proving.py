"""Both signature bases of a call written again, byte for byte, from the little that is kept of it. Reads, decides nothing."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from shuniu.exchange.gateway import answers, asking
from shuniu.exchange.gateway.authentic import PATH, TYPE
from shuniu.exchange.gateway.declare import COMMITMENT, EPOCH, OFFICER, TOKEN, Proof
from shuniu.exchange.gateway.kept import CallEntry, Kept
from shuniu.exchange.gateway.store import calls as store
from shuniu.trust.declare import Refused
from shuniu.trust.messages import ANSWERED, LABEL, Message, base_of, digest_header
from shuniu.trust.suites import Suite, of_algorithm


def call_of(number: int) -> CallEntry:
    """A call's entry in the journal. Raises Refused gateway.unknown where there is none of that number."""
    found = store.call(number)
    if found is None:
        raise unknown(number)
    return found


def unknown(number: int) -> Refused:
    """The refusal of a call that is not there, or that its reader was no part of."""
    return Refused("gateway.unknown", f"没有第 {number} 号查询。", "请核对证据编号。")


def proof_of(number: int) -> Proof:
    """What proves a call. Raises Refused gateway.unknown."""
    entry = call_of(number)
    call, said = entry.kept, entry.said
    key, authority, platform = store.signers(call.key, call.context)
    used = of_algorithm(key.partition(":")[0])
    headers = {
        "content-digest": digest_header(used, call.asked),
        "content-type": TYPE,
        "shuniu-purpose": str(said["purpose"]),
    }
    if entry.person.startswith("officer:"):
        headers[OFFICER] = entry.person
    if "token" in said:
        headers[TOKEN] = str(said["token"])
    signature = answers.unpacked(used.key, call.request)
    signed_at = call.created + EPOCH
    names = asking.components(headers)
    text = asking.signed_text(names, signed_at, f"{call.nonce % (1 << 64):016x}", key)
    question = Message(
        {**headers, "signature": f"{LABEL}=:{base64.b64encode(signature).decode()}:"}, "POST", authority,
        PATH + entry.resource,
    )  # fmt: skip
    said_back = Message(_answered(used, call, number), status=200)
    listed = " ".join(one if one.startswith('"') else f'"{one}"' for one in (*ANSWERED, COMMITMENT))
    answer_text = f'({listed});created={signed_at + call.delay};keyid="{platform}"'
    return Proof(
        number, base_of(names, text, question, None).decode(), signature, key,
        base_of((*ANSWERED, COMMITMENT), answer_text, said_back, question).decode(),
        answers.unpacked(used.key, call.answer), platform, call.root, call.fields,
    )  # fmt: skip


def _answered(used: Suite, call: Kept, number: int) -> Mapping[str, str]:
    return {
        "content-digest": digest_header(used, call.answered),
        "content-type": TYPE,
        COMMITMENT: answers.commitment(number, call.agreement, call.version, call.root, call.fields),
    }
