"""Both signature bases of a call written again, byte for byte, from the little that is kept of it. Reads, decides nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from shuniu.exchange.gateway import answers, asking, store
from shuniu.exchange.gateway.authentic import PATH, TYPE
from shuniu.exchange.gateway.declare import COMMITMENT, EPOCH, OFFICER, TOKEN, Proof
from shuniu.trust.declare import Refused
from shuniu.trust.messages import ANSWERED, LABEL, Message, base_of, digest_header
from shuniu.trust.suites import suite

_SUITES = {"ed25519": "international", "ecdsa-p256-sha256": "international", "sm2-sm3": "guomi"}


def proof_of(number: int) -> Proof:
    """What proves a call. Raises Refused gateway.unknown where there is none of that number."""
    kept = store.call(number)
    if kept is None:
        raise Refused("gateway.unknown", f"没有第 {number} 号查询。", "请核对证据编号。")
    (nonce, created, delay, agreement, version, fields, request, answer, asked, answered,
     authority, platform, key, target, person, detail) = kept  # fmt: skip
    used = suite(_SUITES[key.partition(":")[0]])
    said = json.loads(detail)
    headers = {
        "content-digest": digest_header(used, bytes(asked)),
        "content-type": TYPE,
        "shuniu-purpose": said["purpose"],
    }
    if person.startswith("officer:"):
        headers[OFFICER] = person
    if "token" in said:
        headers[TOKEN] = said["token"]
    signature = answers.unpacked(used.key, bytes(request))
    signed_at = created + EPOCH
    names = asking.components(headers)
    text = asking.signed_text(names, signed_at, f"{nonce % (1 << 64):016x}", key)
    question = Message(
        {**headers, "signature": f"{LABEL}=:{base64.b64encode(signature).decode()}:"}, "POST", authority,
        PATH + target.removeprefix("resource:"),
    )  # fmt: skip
    root = base64.b64decode(said["root"] + "=")
    said_back = Message(_answered(used, bytes(answered), number, agreement, version, root, fields), status=200)
    listed = " ".join(one if one.startswith('"') else f'"{one}"' for one in (*ANSWERED, COMMITMENT))
    answer_text = f'({listed});created={signed_at + delay};keyid="{platform}"'
    return Proof(
        number, base_of(names, text, question, None).decode(), signature, key,
        base_of((*ANSWERED, COMMITMENT), answer_text, said_back, question).decode(),
        answers.unpacked(used.key, bytes(answer)), platform, root, fields,
    )  # fmt: skip


def _answered(
    used: Any, digest: bytes, number: int, agreement: int, version: int, root: bytes, fields: int
) -> Mapping[str, str]:
    return {
        "content-digest": digest_header(used, digest),
        "content-type": TYPE,
        COMMITMENT: answers.commitment(number, agreement, version, root, fields),
    }
