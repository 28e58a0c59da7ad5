"""Checks of one exchange in an evidence file: who asked and who answered, by which certificates, and what binds the two. Pure."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from shuniu.trust import messages, suites
from shuniu.trust.certificates import reading
from shuniu.trust.certificates.reading import Read
from shuniu.trust.declare import Refused
from shuniu.trust.evidence import chains, revocation
from shuniu.trust.evidence.file import Commitment, Exchange, Message

State = Literal["holds", "fails", "absent"]
Found = tuple[str, str, State, str]
"""Which rule, which link in words, how it stands, what was found."""
SKEW = 300
"""Seconds by which clocks of two machines may differ: an answer is not older than its request by more."""
COMMITMENT = "shuniu-commitment"
"""The header by which an answer's signature covers its number and what it commits to."""
_COMMITMENT = re.compile(
    r'number=([0-9]{1,19}), agreement="[0-9]+/[0-9]+", root=:([A-Za-z0-9+/]{43}=):, fields=([0-9]{1,9})'
)
_COLUMNS, _DETAIL, _PROOF = 10, 9, 10
"""An entry's columns; its detail; and where what proves it stands besides (an answer's proof begins with the root)."""
_BOUND = ('"@method";req', '"@path";req', '"content-digest";req')


@dataclass(frozen=True)
class Base:
    """A signature base taken apart (RFC 9421 §2.5): what it says of its signature, and each component's value."""

    said: messages.Described
    values: dict[str, str]

    @property
    def created(self) -> datetime:
        return datetime.fromtimestamp(self.said.created, UTC)


def parsed(message: Message, covered: Sequence[str]) -> Base:
    """A message's base, covering at least these components. Raises Refused evidence.base, message.*"""
    *lines, last = message.base.split("\n")
    _, marker, text = last.partition('"@signature-params": ')
    signature = base64.b64encode(bytes.fromhex(message.signature)).decode()
    headers = {"signature-input": f"{messages.LABEL}={text}", "signature": f"{messages.LABEL}=:{signature}:"}
    said = messages.described(messages.Message(headers))
    names = [one if one.startswith('"') else f'"{one}"' for one in said.components]
    if not marker or len(lines) != len(names) or not all(map(_starts, lines, names)):
        raise Refused("evidence.base", "签名基串与签名说明不符。", "请向出具单位重新索取证据文件。")
    if missing := [one for one in covered if one not in said.components]:
        raise Refused("evidence.base", f"签名没有包括 {'、'.join(missing)}。", "这样的签名不能作为交换的证据。")
    values = (line[len(name) + 2 :] for line, name in zip(lines, names, strict=True))
    return Base(said, dict(zip(said.components, values, strict=True)))


def _starts(line: str, name: str) -> bool:
    return line.startswith(f"{name}: ")


def checks(exchange: Exchange, entries: Sequence[str], roots: Sequence[Read]) -> Iterator[Found]:
    """Check the request, the answer, what binds them to each other, and what binds them to the journal."""
    try:
        request = parsed(exchange.request, messages.COVERED)
        answer = parsed(exchange.answer, messages.ANSWERED)
    except Refused as refusal:
        yield refusal.rule, "请求和答复的签名基串", "fails", str(refusal)
        return
    moments = _moments(entries)
    yield from _message("请求", exchange.request, request, roots, moments)
    yield from _message("答复", exchange.answer, answer, roots, moments)
    yield from _bound(request, answer)
    try:
        for base in (request, answer):
            messages.read_digest(base.values["content-digest"])
    except Refused as refusal:
        yield refusal.rule, "正文摘要", "fails", str(refusal)
    yield from _committed(exchange.commitment, request, answer, entries)


def _moments(entries: Sequence[str]) -> list[datetime]:
    """When the entries say that it happened; none where they are no entries (which is found elsewhere)."""
    try:
        return [datetime.fromisoformat(str(one[1])).astimezone(UTC) for one in _parsed(entries)]
    except ValueError:
        return []


def _message(
    what: str, message: Message, base: Base, roots: Sequence[Read], moments: Sequence[datetime]
) -> Iterator[Found]:
    try:
        with chains.parsing("证书"):
            leaf = reading.certificate(bytes.fromhex(message.certificate))
            chain = list(chains.readable(message.chain))
            named = reading.name_of(leaf.public)
    except Refused as refusal:
        yield refusal.rule, f"{what}的证书", "fails", str(refusal)
        return
    good = suites.verify(leaf.public, base.said.signature, message.base.encode())
    own = reading.algorithm_of(leaf.public)
    yield _of("evidence.signature", f"{what}的签名", good, f"{what}在签名之后被改动，或者不是这张证书签的")
    yield _of("evidence.key", f"{what}的密钥", base.said.key_id == named, "签名说的密钥不是证书里的密钥")
    if base.said.algorithm and base.said.algorithm != own:
        yield "evidence.algorithm", f"{what}的算法", "fails", "签名声明的算法与证书的密钥不符"
    yield from _certified(what, message, leaf, chain, roots, [base.created, *moments])


def _certified(
    what: str, message: Message, leaf: Read, chain: Sequence[Read], roots: Sequence[Read], moments: Sequence[datetime]
) -> Iterator[Found]:
    """The certificate, up to the verifier's roots, when it was used; and that it was not revoked by then."""
    title = f"{what}的证书（{chains.called(leaf)}）"
    if not roots:
        yield "evidence.untrusted", title, "fails", "您没有提供根证书，证书是谁的无从证明。请用 --trust 提供"
        return
    try:
        if leaf.authority or "digital_signature" not in leaf.usage:
            raise Refused("trust.purpose", "这张证书不能用于签名。", "这样的签名不能作为交换的证据。")
        with chains.parsing("证书链"):
            issuer = chains.follow(leaf, chain, roots, moments)[0]
        blobs = [bytes.fromhex(one) for one in message.revocations]
        with chains.parsing("吊销清单"):
            known = {revocation.standing(leaf, issuer, blobs, at) for at in moments}
    except Refused as refusal:
        yield refusal.rule, title, "fails", str(refusal)
        return
    yield "evidence.certificate", title, "holds", "当时有效"
    if known == {"good"}:
        yield "evidence.revocation", f"{title}是否吊销", "holds", "当时没有吊销"
    else:
        yield "evidence.revocation", f"{title}是否吊销", "absent", "文件没有附能说明当时是否吊销的清单或答复"


def _bound(request: Base, answer: Base) -> Iterator[Found]:
    """That the answer answers this request and no other."""
    same = all(answer.values[one] == request.values[one[1 : one.index('"', 1)]] for one in _BOUND)
    signature = base64.b64encode(request.said.signature).decode()
    tail = answer.values['"signature";req'].partition("=")[2]
    good = same and tail == f":{signature}:"
    yield _of("evidence.bound", "答复对请求", good, "答复签名所指的不是这个请求")
    early = answer.said.created + SKEW < request.said.created
    yield _of("evidence.time", "答复的时间", not early, "答复早于请求")


def _committed(committed: Commitment | None, request: Base, answer: Base, entries: Sequence[str]) -> Iterator[Found]:
    """That the answer's signature covers what it commits to, and that the journal's entry of it says the same."""
    said = _COMMITMENT.fullmatch(answer.values.get(COMMITMENT, ""))
    if said is None:
        yield "evidence.commitment", "答复的承诺", "fails", "答复的签名没有包括它的编号和承诺"
        return
    number, root, fields = int(said[1]), base64.b64decode(said[2]), int(said[3])
    if committed is not None:
        good = (committed.root, committed.fields) == (root.hex(), fields)
        yield _of("evidence.commitment", "答复的承诺", good, "文件所说的承诺不是答复签名所包括的")
    own = next((one for one in _parsed(entries) if one[0] == number), None)
    detail = own[_DETAIL] if own is not None else None
    if own is None or not isinstance(detail, dict):
        yield "evidence.journalled", f"留痕对第 {number} 号答复", "fails", "文件里没有这次查询的留痕"
        return
    same = "".join(map(str, own[_PROOF:])).startswith(root.hex())
    yield _of("evidence.journalled", f"留痕对第 {number} 号答复", same, "留痕记下的承诺不是这个答复的")
    path, purpose = str(own[8]).partition(":")[2], detail.get("purpose")
    asked = request.values["@path"].endswith(f"/{path}") and purpose == request.values["shuniu-purpose"]
    yield _of("evidence.journalled", "留痕对请求", asked, "留痕记下的资源或者用途不是这个请求的")


def _parsed(entries: Sequence[str]) -> Iterator[list[object]]:
    """The entries as `journal.EntryRow`s; nothing of one that is none (which is found elsewhere)."""
    for one in entries:
        try:
            said = json.loads(one)
        except (ValueError, RecursionError):
            continue
        if isinstance(said, list) and _COLUMNS <= len(said) <= _PROOF + 2:
            yield said


def _of(rule: str, title: str, good: bool, wrong: str) -> Found:
    return (rule, title, "holds", "") if good else (rule, title, "fails", wrong)
