"""Checks an evidence file, link by link, with public keys only, and says in words what holds and what does not. Pure.

Nothing is trusted that the verifier did not bring: root certificates and the platform's public key (`Trusted.keys`), or a
signed head of the journal that he holds. What the file lacks is said too (absent), and is no fault of what it has.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from shuniu.trust import journal, proofs, suites
from shuniu.trust.certificates.reading import Read
from shuniu.trust.declare import Refused, SignedHead
from shuniu.trust.evidence import chains, commitments, exchanged, stamps
from shuniu.trust.evidence.file import Cross, Entry, Evidence, Head, Link, Shown, Stamp, of_head, sealed_bytes

_ED25519 = bytes.fromhex("302a300506032b6570032100")
"""What stands before an Ed25519 key in its SPKI (RFC 8410)."""


@dataclass(frozen=True)
class Trusted:
    """What the verifier brought: roots, public keys (SPKI, DER), and a head that he holds."""

    roots: tuple[Read, ...] = ()
    keys: tuple[bytes, ...] = ()
    head: SignedHead | None = None

    def journal_key(self, raw: bytes) -> bool:
        """Whether the verifier trusts this key to be the journal's."""
        return spki(raw) in self.keys or (self.head is not None and self.head.public_key == raw.hex())


@dataclass(frozen=True)
class Check:
    """One link of the proof: which, in words; how it stands; and what exactly was found."""

    rule: str
    title: str
    state: Literal["holds", "fails", "absent"]
    said: str = ""


@dataclass(frozen=True)
class Report:
    """Every check of a file. `unproven` is what the platform itself said that it could not prove when it made the file."""

    number: str
    made_at: str
    checks: tuple[Check, ...]
    unproven: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.faults

    @property
    def faults(self) -> tuple[Check, ...]:
        return tuple(one for one in self.checks if one.state == "fails")


def spki(raw: bytes) -> bytes:
    """A journal's key as other tools write it."""
    return _ED25519 + raw


def trust(text: bytes = b"", head: SignedHead | None = None) -> Trusted:
    """What a verifier brings, from the PEM file of his roots and keys. Raises Refused evidence.trust."""
    found, keys = chains.roots(text) if text else ((), ())
    return Trusted(found, keys, head)


def verify(evidence: Evidence, trusted: Trusted) -> Report:
    """Check every link of a file."""
    checks = (
        *_origin(evidence, trusted),
        *_entries(evidence),
        *(check for number, link in enumerate(evidence.links, 1) for check in _link(evidence, link, number, trusted)),
        *_held(evidence, trusted),
        *_exchange(evidence, trusted),
        *_shown(evidence),
    )
    return Report(evidence.number, evidence.made_at, checks, evidence.unproven)


def _origin(evidence: Evidence, trusted: Trusted) -> Iterator[Check]:
    seal = evidence.seal
    public = bytes.fromhex(seal.public_key)
    good = journal.verify(public, bytes.fromhex(seal.signature), sealed_bytes(evidence))
    yield _of("evidence.seal", "文件封签", good and seal.key == journal.key_id(public), "文件在出具之后被改动")
    yield _trusts("文件封签的密钥", public, trusted)
    yield from _head("签名头", evidence.head, trusted)
    late = [one for one in evidence.links if one.head.size > evidence.head.size]
    if late:
        yield Check("evidence.order", "签名头的先后", "fails", "较早的签名头比文件的签名头还长")


def _trusts(title: str, public: bytes, trusted: Trusted) -> Check:
    said = "不在您带来的信任文件或签名头之列；文件自己说的不算。请用 --trust 或 --head 另行提供"
    return _of("evidence.untrusted", title, trusted.journal_key(public), said)


def _head(title: str, head: Head, trusted: Trusted) -> Iterator[Check]:
    public = bytes.fromhex(head.public_key)
    good = journal.verify(public, bytes.fromhex(head.signature), head.data) and head.key == journal.key_id(public)
    yield _of("evidence.head", title, good, f"长度 {head.size} 的签名头签名无效")
    yield _trusts(f"{title}的密钥", public, trusted)


def _entries(evidence: Evidence) -> Iterator[Check]:
    head = evidence.head
    root = bytes.fromhex(head.root)
    places = [one.position for one in evidence.entries]
    for entry in evidence.entries:
        leaf = journal.leaf_hash(entry.text.encode())
        good = proofs.included(leaf, entry.position, head.size, _path(entry), root)
        wrong = f"第 {entry.position} 位的留痕不在长度 {head.size} 的留痕里：内容、位置或者路径被改动"
        yield _of("evidence.entry", f"第 {entry.position} 位的留痕", good, wrong)
    if places != sorted(set(places)):
        yield Check("evidence.order", "留痕的先后", "fails", "留痕有重复，或者没有按位置排列")


def _path(proven: Entry | Shown | Link) -> list[bytes]:
    return [bytes.fromhex(one) for one in proven.path]


def _link(evidence: Evidence, link: Link, number: int, trusted: Trusted) -> Iterator[Check]:
    title = f"较早的签名头（第 {number} 个，长度 {link.head.size}）"
    yield from _head(title, link.head, trusted)
    yield _of("evidence.growth", f"{title}的延续", _grows(link, evidence.head), "文件的签名头不是它的延续")
    for cross in link.crosses:
        yield from _cross(link.head, cross, trusted)
    for stamp in link.stamps:
        yield _stamp(link.head, stamp, trusted)
    behind = sum(1 for one in evidence.entries if one.position >= link.head.size)
    if behind and (link.crosses or link.stamps):
        yield Check(
            "evidence.behind", title, "absent", f"有 {behind} 条留痕晚于它，它的交叉签名和时间戳不能证明这些留痕"
        )


def _grows(link: Link, head: Head) -> bool:
    old, new = bytes.fromhex(link.head.root), bytes.fromhex(head.root)
    return proofs.continued(link.head.size, head.size, old, new, _path(link))


def cross_bytes(head: bytes, signature: bytes, at: datetime, node: str) -> bytes:
    """What another node signs: its name and time, and the head's bytes with the platform's own signature on them."""
    said = json.dumps([node, at.astimezone(UTC).isoformat(), signature.hex()], ensure_ascii=False)
    return f"shuniu-cross/1\n{said}\n".encode() + head


def _cross(head: Head, cross: Cross, trusted: Trusted) -> Iterator[Check]:
    title, public = f"“{cross.node}”的交叉签名", bytes.fromhex(cross.public_key)
    data = cross_bytes(head.data, bytes.fromhex(head.signature), datetime.fromisoformat(cross.at), cross.node)
    good = crossed(public, bytes.fromhex(cross.signature), data) and cross.key == node_key(public)
    yield _of("evidence.cross", title, good, "交叉签名无效")
    if good and public not in trusted.keys:
        yield Check("evidence.cross_untrusted", title, "absent", "这个节点的公钥不在您的信任文件里，只能证明它自己")


def crossed(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether a node's signature is good, by whatever suite its key (SPKI) belongs to."""
    return suites.verify(public, signature, data)


def node_key(public: bytes) -> str:
    """The id of a node's key; empty for none of ours."""
    try:
        return suites.name_of(public)
    except suites.Unreadable:
        return ""


def stamped_bytes(head: bytes, signature: bytes) -> bytes:
    """What is stamped: the head's bytes and the platform's signature on them."""
    return head + signature


def _stamp(head: Head, stamp: Stamp, trusted: Trusted) -> Check:
    title = f"“{stamp.authority}”的时间戳"
    try:
        with chains.parsing("时间戳"):
            found = stamps.check(bytes.fromhex(stamp.token), stamped_bytes(head.data, bytes.fromhex(head.signature)))
        if stamp.authority != found.authority:
            return Check("stamp.authority", title, "fails", f"时间戳其实是“{found.authority}”的")
        if not trusted.roots:
            return Check(
                "stamp.untrusted", title, "absent", f"{_clock(found.at)}；您没有提供时间戳服务的根证书，未核对"
            )
        with chains.parsing("时间戳服务的证书"):
            stamps.trusted(found, trusted.roots)
    except Refused as refusal:
        return Check(refusal.rule, title, "fails", str(refusal))
    return Check("evidence.stamp", title, "holds", f"不晚于 {_clock(found.at)}")


def _clock(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}（UTC）"


def _held(evidence: Evidence, trusted: Trusted) -> Iterator[Check]:
    """Whether the journal that the file is of goes on from the head that the verifier holds."""
    if trusted.head is None:
        return
    held, title = of_head(trusted.head), f"您持有的签名头（长度 {trusted.head.size}）"
    public = bytes.fromhex(held.public_key)
    if not journal.verify(public, bytes.fromhex(held.signature), held.data):
        yield Check("evidence.held", title, "fails", "您持有的签名头本身签名无效")
        return
    if held.size > evidence.head.size:
        said = f"比文件的签名头（长度 {evidence.head.size}）新；请用它重新取证：shuniu evidence export --head"
        yield Check("evidence.held", title, "fails", said)
        return
    known = [evidence.head, *(one.head for one in evidence.links if _grows(one, evidence.head))]
    same = [one for one in known if one.size == held.size]
    if not same:
        yield Check(
            "evidence.held", title, "fails", "文件没有从它延续的证明；请用它重新取证：shuniu evidence export --head"
        )
        return
    good = all(one.root == held.root for one in same)
    yield _of("evidence.held", title, good, f"留痕已被改写：长度 {held.size} 处的根与您持有的不同")


def _exchange(evidence: Evidence, trusted: Trusted) -> Iterator[Check]:
    if evidence.exchange is None:
        return
    for found in exchanged.checks(evidence.exchange, [one.text for one in evidence.entries], trusted.roots):
        yield Check(*found)


def _shown(evidence: Evidence) -> Iterator[Check]:
    committed = evidence.exchange.commitment if evidence.exchange else None
    for one in evidence.shown:
        what = "是谁的" if one.item == commitments.WHOSE else f"“{one.item}”"
        title = f"展示的信息项（第 {one.row + 1} 行{what}）"
        if committed is None:
            yield Check("evidence.shown", title, "fails", "文件里没有答复的承诺，无从证明")
            continue
        field = commitments.Field(
            one.row, one.item, one.value, bytes.fromhex(one.salt), one.position, tuple(_path(one))
        )
        good = commitments.shows(field, bytes.fromhex(committed.root), committed.fields)
        yield _of("evidence.shown", title, good, "不在当时的答复里：内容、盐、位置或者路径被改动")


def _of(rule: str, title: str, good: bool, wrong: str) -> Check:
    return Check(rule, title, "holds") if good else Check(rule, title, "fails", wrong)
