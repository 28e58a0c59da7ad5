"""Others vouch for the journal: nodes sign its heads, a service stamps them; without either, everything else goes on."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import TypeAdapter
from pytest_django import Settings

from shuniu.directory.stamping import stamp_newest
from shuniu.trust import api, journal, proofs, store
from shuniu.trust.declare import Actor, Refused, SignedHead
from shuniu.trust.evidence import api as evidence
from shuniu.trust.evidence import forms, stamps, verify
from shuniu.trust.evidence.declare import Crossed, Presented
from shuniu.trust.suites import suite
from tests.trust import evidence_files as files
from tests.trust.test_journal_proofs import grown
from tests.trust.test_journal_verify import _empty_journal, write
from tests.trust.test_journal_verify import verify as verify_journal

__all__ = ["_empty_journal"]
AUDITOR = Actor(
    "officer:9", "贺静", "43.audit", "省审计厅", ("43",),
    frozenset(f"trust.{one}" for one in (
        "export_evidence", "read_witnesses", "take_cross", "present_head", "cross_head", "keep_stamp")),
)  # fmt: skip
pytestmark = pytest.mark.django_db(transaction=True)


class Node:
    """Another node with a journal of its own, which it can also rewrite."""

    def __init__(self) -> None:
        self.key = Ed25519PrivateKey.generate()

    def head(self, leaves: list[bytes]) -> SignedHead:
        tree = journal.Tree()
        tree.extend(leaves)
        public = self.key.public_key().public_bytes_raw()
        signature = self.key.sign(journal.head_bytes(tree.size, tree.root, files.NOW)).hex()
        return SignedHead(tree.size, tree.root.hex(), files.NOW, journal.key_id(public), public.hex(), signature)


def crossed(head: SignedHead, node: str = "长沙市节点") -> Crossed:
    """What another node gives for our head."""
    signer = suite("international").signer(suite("international").generate())
    data = journal.head_bytes(head.size, bytes.fromhex(head.root), head.at)
    signed = signer.sign(verify.cross_bytes(data, bytes.fromhex(head.signature), head.at, node))
    return Crossed(head.size, node, verify.node_key(signer.public), signer.public.hex(), head.at, signed.hex())


def test_another_nodes_signature_goes_into_the_evidence_and_counts_where_its_key_is_trusted() -> None:
    ids = grown(5, 4)
    head = store.latest_head()
    assert head is not None
    given = crossed(head)
    data = TypeAdapter(Crossed).dump_json(given)
    assert evidence.take_cross(actor=AUDITOR, crossed=forms.read(Crossed, data))
    assert not evidence.take_cross(actor=AUDITOR, crossed=given)
    made = evidence.export_evidence(actor=AUDITOR, entries=ids[2:4], number="thing:2")
    assert "没有其他节点的交叉签名" not in made.unproven and made.links[0].head.size == 9
    ours = verify.trust(evidence.public_keys())
    checks = {one.rule: one.state for one in verify.verify(made, ours).checks}
    assert (checks["evidence.cross"], checks["evidence.cross_untrusted"]) == ("holds", "absent")
    both = replace(ours, keys=(*ours.keys, bytes.fromhex(given.public_key)))
    assert "evidence.cross_untrusted" not in {one.rule for one in verify.verify(made, both).checks}
    assert evidence.read_witnesses(actor=AUDITOR).crosses == (given,)


def test_a_signature_that_is_not_on_our_head_or_not_anothers_is_refused() -> None:
    grown(5)
    head = store.latest_head()
    assert head is not None
    given, other = crossed(head), crossed(replace(head, root="00" * 32))
    for wrong in (
        other, replace(given, size=4), replace(given, node="别的节点"), replace(given, key="x"),
        replace(given, public_key="00"), replace(given, signature="00"),
    ):  # fmt: skip
        with pytest.raises(Refused, match="签名"):
            evidence.take_cross(actor=AUDITOR, crossed=wrong)
    presented = evidence.present_head(actor=AUDITOR)
    own = evidence.cross_head(actor=AUDITOR, presented=presented, node="我们", called="我们")
    with pytest.raises(Refused, match="自己给自己作证"):
        evidence.take_cross(actor=AUDITOR, crossed=own)


def test_we_sign_anothers_head_only_where_it_goes_on_from_the_last_one() -> None:
    node, leaves = Node(), [journal.leaf_hash(bytes([one])) for one in range(9)]

    def sign(presented: Presented) -> Crossed:
        return evidence.cross_head(actor=AUDITOR, presented=presented, node="省级节点", called="长沙市节点")

    first = node.head(leaves[:5])
    given = sign(
        forms.read(Presented, json.dumps(json.loads(TypeAdapter(Presented).dump_json(Presented(first)))).encode())
    )
    data = journal.head_bytes(5, bytes.fromhex(first.root), first.at)
    signed = verify.cross_bytes(data, bytes.fromhex(first.signature), given.at, "省级节点")
    assert verify.crossed(bytes.fromhex(given.public_key), bytes.fromhex(given.signature), signed)
    assert sign(Presented(first)).size == 5, "the same head again is no other history"
    with pytest.raises(Refused, match="缺少从长度 5 到 9"):
        sign(Presented(node.head(leaves)))
    path = files._path(proofs.consistency(5, 9), leaves)
    with pytest.raises(Refused, match="不是此前签过的"):
        sign(Presented(node.head([leaves[1], *leaves[1:]]), 5, path))
    assert sign(Presented(node.head(leaves), 5, path)).size == 9
    for shorter in (leaves[:7], leaves[1:9] + leaves[:1]):
        with pytest.raises(Refused, match="不是同一部"):
            sign(Presented(node.head(shorter)))
    with pytest.raises(Refused, match="签名头签名无效"):
        sign(Presented(replace(first, root="00" * 32)))


def test_what_we_present_carries_the_growth_from_what_was_signed_last() -> None:
    grown(5, 300)
    found = evidence.present_head(actor=AUDITOR, after=5)
    roots = {size: root for size, root, *_ in store.heads()}
    assert proofs.continued(5, 305, roots[5], roots[305], [bytes.fromhex(one) for one in found.path])
    with pytest.raises(Refused, match="还没有到长度"):
        evidence.present_head(actor=AUDITOR, after=10_000)


@pytest.fixture
def service(settings: Settings, tmp_path: Path) -> Iterator[list[str]]:
    """A time-stamp service over HTTP, by `openssl ts`; what is put into the list is how it does: down, wrong, other."""
    how: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == stamps.TYPE
            other = stamps.question(b"something else", 1)
            said = b"no stamp" if "wrong" in how else files.stamp(other if "other" in how else asked)
            self.send_response(503 if "down" in how else 200)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    (tmp_path / "roots.pem").write_bytes(files.service_root())
    settings.STAMP_URL = f"http://127.0.0.1:{server.server_port}/tsa"
    settings.STAMP_ROOTS = str(tmp_path / "roots.pem")
    yield how
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_stamp_on_the_newest_head_proves_all_before_it(service: list[str]) -> None:
    ids = grown(3, 4)
    assert stamp_newest()
    made = evidence.export_evidence(actor=AUDITOR, entries=ids[:2], number="thing:1")
    assert made.unproven == ("没有其他节点的交叉签名",)
    trusted = verify.trust(evidence.public_keys() + files.service_root())
    report = verify.verify(made, trusted)
    assert report.holds and next(one for one in report.checks if one.rule == "evidence.stamp").said.startswith(
        "不晚于 20"
    )
    without = verify.verify(made, verify.trust(evidence.public_keys()))
    assert [one.rule for one in without.faults] == ["trust.unknown_issuer"], (
        "the roots brought do not vouch for the service"
    )
    assert verify_journal().holds
    assert api.sequence() and evidence.to_stamp() is not None, "what came after it waits for the next stamp"


@pytest.mark.parametrize("wrong", ["down", "wrong", "other", "gone"])
def test_a_lost_service_is_said_on_page_and_in_evidence_stops_nothing_and_is_caught_up(
    wrong: str, service: list[str], settings: Settings
) -> None:
    ids = grown(3)
    address = settings.STAMP_URL
    service.append(wrong)
    if wrong == "gone":
        settings.STAMP_URL = "http://127.0.0.1:1/tsa"
    assert not stamp_newest() and not stamp_newest()
    standing = evidence.read_witnesses(actor=AUDITOR).stamping
    assert standing.failing_since is not None and standing.reason and standing.behind >= 3 and not standing.ever
    write(4, "later")
    assert api.sequence() >= 4, "the journal goes on"
    made = evidence.export_evidence(actor=AUDITOR, entries=ids, number="thing:1")
    assert any(one.startswith("未加盖时间戳（时间戳服务自") for one in made.unproven)
    assert verify.verify(made, verify.trust(evidence.public_keys())).holds
    service.clear()
    settings.STAMP_URL = address
    assert stamp_newest()
    standing = evidence.read_witnesses(actor=AUDITOR).stamping
    assert standing.failing_since is None and standing.ever
    caught = evidence.export_evidence(actor=AUDITOR, entries=ids, number="thing:1")
    assert not any("时间戳" in one for one in caught.unproven)


def test_a_service_that_nobody_vouches_for_is_refused(service: list[str], settings: Settings) -> None:
    grown(3)
    Path(settings.STAMP_ROOTS).write_bytes(evidence.public_keys())
    assert not stamp_newest()
    assert "没有连到您信任的根证书" in evidence.read_witnesses(actor=AUDITOR).stamping.reason


def test_without_a_service_nothing_is_asked(settings: Settings) -> None:
    grown(1)
    settings.STAMP_URL = ""
    assert not stamp_newest()
    assert not evidence.read_witnesses(actor=AUDITOR).configured


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"{" + b" " * 20_001, b'{"size": "x"}'])
def test_what_is_no_such_file_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Refused, match="文件不是签名头"):
        forms.read(SignedHead, data)
    with pytest.raises(Refused, match="文件不是供交叉签名的签名头"):
        forms.read(Presented, data)
    with pytest.raises(Refused, match="文件不是交叉签名"):
        forms.read(Crossed, data)
