"""A whole exchange with all that proves it, made without a platform: authorities, question, answer, journal, witnesses."""

from __future__ import annotations

import base64
import os
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shuniu.trust import journal, messages, proofs, suites
from shuniu.trust.certificates import der, reading
from shuniu.trust.certificates.declare import Subject
from shuniu.trust.evidence import commitments, stamps, verify
from shuniu.trust.evidence.file import (
    FORM,
    Commitment,
    Cross,
    Entry,
    Evidence,
    Exchange,
    Head,
    Link,
    Message,
    Seal,
    Stamp,
    sealed_bytes,
)
from shuniu.trust.evidence.showing import show
from shuniu.trust.suites import Signer

NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=2)
SEED = bytes(range(16))
ROWS: list[dict[str, str | None]] = [
    {"@of": "uscc:91430100MA4KXXXX01", "name": "长沙某公司", "amount": "500"},
    {"@of": "uscc:91430200MA4KXXXX02", "name": "株洲某公司", "amount": None},
]
NUMBER, SIZE, EARLIER = 112, 20, 15
"""The entry of the exchange, entries of the journal, entries under the head that others have seen."""


@dataclass(frozen=True)
class World:
    """Who there is: authorities with their root, the department's key, the platform's keys."""

    suite: str
    root: bytes
    issuer: der.Issuer
    asking: Signer
    asking_certificate: bytes
    answering: Signer
    answering_certificate: bytes
    journal_key: Ed25519PrivateKey
    other_node: Signer

    @property
    def trusted(self) -> verify.Trusted:
        keys = verify.spki(self.journal_key.public_key().public_bytes_raw()), self.other_node.public
        service = reading.certificate(service_root())
        return verify.Trusted((reading.certificate(self.root), service), keys)


@lru_cache
def world(key: str = "international") -> World:
    suite = suites.suite(key)
    top, middle, asking, answering, node = (suite.signer(suite.generate()) for _ in range(5))
    root = der.Issuer(
        der.authority("根", top.public, issuer=None, signer=top, serial=1, days=100, path=1, now=NOW), top
    )
    own = der.authority("签发", middle.public, issuer=root, signer=middle, serial=2, days=50, path=0, now=NOW)
    issuer = der.Issuer(own, middle)
    return World(
        key, root.certificate, issuer, asking, _certificate(issuer, asking, "agency:43.tax", 3),
        answering, _certificate(issuer, answering, "node:43", 4), Ed25519PrivateKey.generate(), node,
    )  # fmt: skip


def _certificate(issuer: der.Issuer, holder: Signer, name: str, serial: int) -> bytes:
    subject = Subject("agency", name, "省税务局", "43.tax", "省税务局")
    return der.certificate(
        subject, "sign", holder.public, issuer=issuer, serial=serial, days=30, now=NOW - timedelta(hours=1)
    )


def revocations(one: World, *serials: int, at: datetime = NOW) -> bytes:
    """The list of the revoked that the world's authority signed."""
    revoked = [(serial, at, "key_compromise") for serial in serials]
    return der.revocation_list(
        one.issuer, revoked, number=1, at=NOW + timedelta(minutes=1), until=NOW + timedelta(days=1)
    )


def exchange(one: World, root: bytes, fields: int, crl: bytes) -> Exchange:
    """A question and its answer, both signed."""
    suite = suites.suite(one.suite)
    question = messages.Message(
        {
            "content-digest": messages.digest_header(suite, suite.digest(b"question")),
            "content-type": "application/json", "shuniu-purpose": "licence/case:7",
        },
        "POST", "hub.example", "/exchange/query/43.market/registration",
    )  # fmt: skip
    created = int(NOW.timestamp())
    signed = messages.sign_request(question, one.asking, created=created, nonce="00112233445566ff")
    question = replace(question, headers={**question.headers, **signed})
    commitment = f'number={NUMBER}, agreement="3/1", root=:{base64.b64encode(root).decode()}:, fields={fields}'
    answer = messages.Message(
        {
            "content-digest": messages.digest_header(suite, suite.digest(b"answer")),
            "content-type": "application/json", "shuniu-commitment": commitment,
        },
        status=200,
    )  # fmt: skip
    back = messages.sign_answer(answer, question, one.answering, created=created + 1, also=("shuniu-commitment",))
    answer = replace(answer, headers={**answer.headers, **back})
    return Exchange(
        request=_message(one, question, None, one.asking_certificate, crl),
        answer=_message(one, answer, question, one.answering_certificate, crl),
        commitment=Commitment(root=root.hex(), fields=fields),
    )


def _message(
    one: World, said: messages.Message, request: messages.Message | None, certificate: bytes, crl: bytes
) -> Message:
    found = messages.described(said)
    base = messages.base_of(found.components, found.text, said, request)
    return Message(
        base=base.decode(), signature=found.signature.hex(), certificate=certificate.hex(),
        chain=(one.issuer.certificate.hex(),), revocations=(crl.hex(),),
    )  # fmt: skip


def made(one: World | None = None, crl: bytes | None = None) -> Evidence:
    """The whole file: two entries, a head, an earlier one that another node signed and a service stamped, a field shown."""
    one = one or world()
    root, fields = commitments.commit(ROWS, SEED)
    texts = [journal.entry_bytes(_row(number, root)) for number in range(100, 100 + SIZE)]
    leaves = [journal.leaf_hash(text) for text in texts]
    head, earlier = _head(one, leaves), _head(one, leaves[:EARLIER])
    link = Link(
        head=earlier, path=_path(proofs.consistency(EARLIER, SIZE), leaves), crosses=(_cross(one, earlier),),
        stamps=(_stamp(earlier),),
    )  # fmt: skip
    evidence = Evidence(
        form=FORM, number=f"call:{NUMBER}", made_at=(NOW + timedelta(minutes=1)).isoformat(),
        entries=tuple(
            Entry(text=texts[at].decode(), position=at, path=_path(proofs.inclusion(at, SIZE), leaves)) for at in (3, 12)
        ),
        head=head, links=(link,), exchange=exchange(one, root, fields, crl or revocations(one)),
        unproven=("测试用",), seal=Seal(key="", public_key="00", signature="00"),
    )  # fmt: skip
    return show(sealed(evidence, one.journal_key), ROWS, SEED, [(0, "amount")])


def sealed(evidence: Evidence, key: Ed25519PrivateKey) -> Evidence:
    """The file with a seal by this key on what it says now."""
    public = key.public_key().public_bytes_raw()
    signature = key.sign(sealed_bytes(evidence)).hex()
    return evidence.model_copy(
        update={"seal": Seal(key=journal.key_id(public), public_key=public.hex(), signature=signature)}
    )


def _row(number: int, root: bytes) -> journal.EntryRow:
    detail = {"purpose": "licence/case:7"}
    said = detail if number == NUMBER else {"n": number}
    target = "resource:43.market/registration" if number == NUMBER else f"thing:{number}"
    return (number, NOW, "agency:43.tax", "省税务局", "43.tax", "省税务局", "exchange.query", "done", target, said,
            root if number == NUMBER else None)  # fmt: skip


def _path(spans: tuple[proofs.Range, ...], leaves: list[bytes]) -> tuple[str, ...]:
    known = {
        (level, place): proofs.subtree(leaves[place << level : (place + 1) << level])
        for span in spans
        for level, place in proofs.blocks(span)
    }
    return tuple(proofs.hash_of(span, known).hex() for span in spans)


def _head(one: World, leaves: list[bytes]) -> Head:
    tree = journal.Tree()
    tree.extend(leaves)
    public = one.journal_key.public_key().public_bytes_raw()
    return Head(
        size=tree.size, root=tree.root.hex(), at=NOW.isoformat(), key=journal.key_id(public), public_key=public.hex(),
        signature=one.journal_key.sign(journal.head_bytes(tree.size, tree.root, NOW)).hex(),
    )  # fmt: skip


def _cross(one: World, head: Head) -> Cross:
    data = verify.cross_bytes(head.data, bytes.fromhex(head.signature), NOW, "长沙市节点")
    signer = one.other_node
    return Cross(
        node="长沙市节点", at=NOW.isoformat(), key=verify.node_key(signer.public), public_key=signer.public.hex(),
        signature=signer.sign(data).hex(),
    )  # fmt: skip


def _stamp(head: Head) -> Stamp:
    data = verify.stamped_bytes(head.data, bytes.fromhex(head.signature))
    token = stamps.token(stamp(stamps.question(data, 7)), data, 7)
    return Stamp(authority=stamps.check(token, data).authority, token=token.hex())


_CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = Test Time Stamping
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[stamping]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = service
[service]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
default_policy = 1.2.3.4
digests = sha256
signer_digest = sha256
"""
_folders: list[TemporaryDirectory[str]] = []


@lru_cache
def _service() -> Path:
    """A time-stamp service of `openssl` with RSA keys, and its root."""
    _folders.append(TemporaryDirectory(prefix="shuniu-tsa-"))
    folder = Path(_folders[-1].name)
    (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder), encoding="utf-8")
    (folder / "serial").write_text("01\n")
    common = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "10", "-config", f"{folder}/tsa.cnf")
    root = ("-keyout", f"{folder}/root.key", "-out", f"{folder}/root.pem", "-subj", "/CN=Test Root")
    above = ("-CA", f"{folder}/root.pem", "-CAkey", f"{folder}/root.key")
    _openssl(*common, "-extensions", "root", *root)
    _openssl(*common, "-extensions", "stamping", *above, "-keyout", f"{folder}/tsa.key", "-out", f"{folder}/tsa.pem")
    return folder


def stamp(question: bytes) -> bytes:
    """What the service answers to a question: a real `openssl ts`."""
    folder = _service()
    (folder / "question").write_bytes(question)
    answer = folder / "answer"
    _openssl("ts", "-reply", "-config", f"{folder}/tsa.cnf", "-queryfile", f"{folder}/question", "-out", f"{answer}")
    return answer.read_bytes()


def service_root() -> bytes:
    """The service's root, PEM."""
    return (_service() / "root.pem").read_bytes()


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=60, env=os.environ)
