"""The node over HTTP: one address, signed questions in, signed answers out; refusals say their rule and nothing of the rows."""

from __future__ import annotations

import json
import logging
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from shuniu.node.answering import LARGEST, Node
from shuniu.trust.declare import Refused
from shuniu.trust.messages import Message

_log = logging.getLogger("shuniu.node")
_STATUSES = {
    "node.busy": 503, "node.down": 503, "node.slow": 504, "node.replay": 409, "node.resource": 404, "node.size": 413,
    "message.digest": 400, "node.items": 400, "node.kind": 400, "node.many": 400, "node.question": 400,
}  # fmt: skip


class Server(ThreadingHTTPServer):
    """A node's server; a thread a question."""

    daemon_threads = True

    def __init__(self, node: Node, address: tuple[str, int]) -> None:
        self.node = node
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = 10  # seconds that a question may take to arrive
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "shuniu-node", ""

    def do_POST(self) -> None:
        begun = time.perf_counter()
        try:
            body = self._body()
            headers = {name.lower(): value for name, value in self.headers.items()}
            path, _, query = self.path.partition("?")
            answered = self.server.node.answer(Message(headers, "POST", headers.get("host", ""), path, query), body)
        except Refused as refusal:
            status = _STATUSES.get(refusal.rule, 401)
            said = {"rule": refusal.rule, "message": refusal.message, "remedy": refusal.remedy}
            _log.warning("拒绝 %s %s", status, refusal.rule)
            kind = {"content-type": "application/problem+json"}
            self._send(status, kind, json.dumps(said, ensure_ascii=False).encode())
            return
        asked, taken = answered.question, round(1000 * (time.perf_counter() - begun))
        _log.info(
            "答复 %s 号 %s 给 %s，用途 %s，%s 个主体，%s 行，%s 毫秒",
            asked.number, asked.resource, asked.consumer, answered.purpose, len(asked.identifiers), answered.rows, taken,
        )  # fmt: skip
        self._send(200, answered.headers, answered.body)

    def _body(self) -> bytes:
        said = self.headers.get("content-length", "")
        if not said.isascii() or not said.isdigit() or int(said) > LARGEST:
            raise Refused("node.size", f"请求体应写明长度，最多 {LARGEST:,} 字节。")
        body = self.rfile.read(int(said))
        if len(body) != int(said):
            raise Refused("node.size", "请求体没有收全。")
        return body

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """The node's own lines say more."""
