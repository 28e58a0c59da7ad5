"""A question from the platform and its answer: believed by signature, once, within its time; answered by the node's own key."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from asn1crypto import pem
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shuniu.node.declare import Settings, Table
from shuniu.node.rows import Rows
from shuniu.trust.certificates import reading
from shuniu.trust.declare import Refused
from shuniu.trust.messages import Message, check, described, digest_header, read_digest, sign_answer
from shuniu.trust.suites import Signer, Suite, name_of, of_key

TYPE = "application/json"
LARGEST = 200_000
"""Bytes of a question."""


class Identifier(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: Annotated[str, Field(max_length=40)]
    value: Annotated[str, Field(max_length=100)]


class Question(BaseModel):
    """What the platform asks: under its number, for a department, these items of these subjects in these regions."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    number: int
    resource: str
    consumer: str
    items: Annotated[list[str], Field(min_length=1, max_length=500)]
    identifiers: Annotated[list[Identifier], Field(min_length=1, max_length=1_000)]
    regions: Annotated[list[str], Field(max_length=1_000)]


@dataclass(frozen=True)
class Answered:
    """What is sent, and what the node's own log says of it: never whom it was about."""

    body: bytes
    headers: dict[str, str]
    question: Question
    purpose: str
    rows: int


def publics_in(path: Path) -> list[bytes]:
    """The public keys (SPKI, DER) in a PEM file: of certificates, or by themselves. Raises Refused node.key."""
    try:
        found = [
            der if kind == "PUBLIC KEY" else reading.certificate(der).public
            for kind, _, der in pem.unarmor(path.read_bytes(), multiple=True)
        ]
        for public in found:
            of_key(public)
    except (OSError, ValueError) as error:
        raise Refused("node.key", f"{path} 里没有可用的证书或公钥。", "请向平台索取它的签名证书（PEM）。") from error
    return found


def signer_in(folder: Path) -> tuple[Suite, Signer]:
    """The node's own key, as joining left it. Raises Refused node.key."""
    try:
        public = reading.certificate((folder / "signing.crt").read_bytes()).public
        used = of_key(public)
        signer = used.signer(pem.unarmor((folder / "signing.key").read_bytes())[2])
    except (OSError, ValueError) as error:
        raise Refused("node.key", f"{folder} 里没有成对的签名证书和私钥。", "请先执行 shuniu trust join。") from error
    if signer.public != public:
        raise Refused("node.key", f"{folder} 里的私钥与证书不是一对。", "请恢复成对的两个文件。")
    return used, signer


class Node:
    """Answers from declared tables. `now` gives the time in Unix seconds."""

    def __init__(self, settings: Settings, now: Callable[[], float] = time.time) -> None:
        self._settings, self._now, self.rows = settings, now, Rows(settings)
        self._suite, self._signer = signer_in(settings.folder)
        keys = [public for path in settings.platform for public in publics_in(path)]
        self._platform = {name_of(public): public for public in keys}
        self._tables = {one.resource: one for one in settings.tables}
        self._begun = int(now())
        self._lock = threading.Lock()
        self._seen: dict[tuple[str, str], int] = {}

    @property
    def public(self) -> bytes:
        """The key that the platform checks answers by (SPKI, DER)."""
        return self._signer.public

    def answer(self, message: Message, body: bytes) -> Answered:
        """The signed answer to a question. Raises Refused message.*, node.*."""
        self._believe(message, body)
        question = _question(body)
        table = self._table(question)
        found = self.rows.find(
            table, [(one.kind, one.value) for one in question.identifiers], question.items, question.regions
        )
        said = {"rows": [row for _, row in found], "of": [place for place, _ in found]}
        content = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"content-digest": digest_header(self._suite, self._suite.digest(content)), "content-type": TYPE}
        signed = sign_answer(Message(headers, status=200), message, self._signer, created=int(self._now()))
        return Answered(content, {**headers, **signed}, question, message.headers["shuniu-purpose"], len(found))

    def _believe(self, message: Message, body: bytes) -> None:
        """That it is the platform that asks, this node, now, and for the first time."""
        said = described(message)
        if said.key_id not in self._platform:
            raise Refused("message.key", "不是所登记的平台密钥签的名。", "平台换过密钥的，请把新证书加进 platform。")
        check(said, self._platform[said.key_id], message)
        used, digest = read_digest(message.headers["content-digest"])
        if used.key != of_key(self._platform[said.key_id]).key or used.digest(body) != digest:
            raise Refused("message.digest", "收到的正文与签名的摘要不符。", "请核对中间有无改动。")
        parts = urlsplit(self._settings.url)
        if (message.authority.lower(), message.path) != (parts.netloc.lower(), parts.path or "/") or message.query:
            raise Refused("node.address", "签名的地址不是本节点的。", "请使 url 与平台登记的接口地址一致。")
        self._once(said.key_id, said.nonce, said.created)

    def _once(self, key: str, nonce: str, created: int) -> None:
        """Within its time, and not seen before. What was signed before the node began it cannot know, so it is refused."""
        now, skew = int(self._now()), self._settings.skew
        if abs(now - created) > skew or created < self._begun:
            raise Refused("node.moment", "签名时间与本机时钟相差过大，或者早于节点启动。", "请校准两边的时钟。")
        with self._lock:
            while self._seen and next(iter(self._seen.values())) < now:  # in about the order in which they end
                self._seen.pop(next(iter(self._seen)))
            if not nonce or (key, nonce) in self._seen:
                raise Refused("node.replay", "这个请求已经收到过。", "每次查询请重新签名。")
            self._seen[key, nonce] = created + skew

    def _table(self, question: Question) -> Table:
        table = self._tables.get(question.resource)
        if table is None:
            raise Refused("node.resource", "本节点没有这个资源的表。", "请核对平台登记的接口。")
        if not set(question.items) <= set(table.items):
            raise Refused("node.items", "所要的信息项在本节点没有对应的列。", "请在 items 中补上。")
        if not {one.kind for one in question.identifiers} <= {kind.value for kind in table.identifiers}:
            raise Refused("node.kind", "本节点不能按这种标识查询。", "请在 identifiers 中补上，或者换一种标识。")
        return table


def _question(body: bytes) -> Question:
    try:
        return Question.model_validate_json(body)
    except ValidationError as error:
        raise Refused("node.question", "请求体不是约定的内容。", "请核对平台和节点的版本。") from error
