"""A mail server and an SMS gateway as others run them: real sockets, real protocols, and the bad days that they have."""

from __future__ import annotations

import json
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

from shuniu.notices.channels.sms import SIGNATURE, STAMP, signature


@dataclass
class Mailbox:
    """What the mail server got, and how it behaves: a mood for each command, `ok` where none is set."""

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    connections: int = 0
    moods: dict[str, str] = field(default_factory=dict)
    released: threading.Event = field(default_factory=threading.Event)

    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.messages]


class _Smtp(socketserver.StreamRequestHandler):
    """RFC 5321's HELO, EHLO, MAIL, RCPT, DATA, RSET, QUIT. A mood is a reply to give, `hang`, or `drop` (after DATA too)."""

    def handle(self) -> None:
        box = cast("_MailServer", self.server).box
        box.connections += 1
        if not self._reply("connect", "220 mail.test ESMTP"):
            return
        while line := self.rfile.readline():
            word = line.split()[0].upper().decode().partition(":")[0] if line.split() else ""
            if word == "QUIT":
                self._say("221 bye")
                return
            if not (self._data() if word == "DATA" else self._reply(word, "250 ok" if word else "500 what")):
                return

    def _data(self) -> bool:
        if not self._reply("DATA", "354 go on"):
            return False
        if "DATA" in self._moods:
            return True
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        message = message_from_bytes(b"".join(lines), policy=default)
        if not self._moods.get("end", "").startswith(("4", "5")):
            cast("_MailServer", self.server).box.messages.append(message)
        return self._reply("end", "250 2.0.0 queued as 4711")

    @property
    def _moods(self) -> dict[str, str]:
        return cast("_MailServer", self.server).box.moods

    def _reply(self, word: str, usual: str) -> bool:
        mood = self._moods.get(word, usual)
        if mood == "hang":
            cast("_MailServer", self.server).box.released.wait(60)
        if mood in ("hang", "drop"):
            return False
        self._say(mood)
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class _MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    box: Mailbox


@dataclass
class Gateway:
    """What the SMS gateway was given. It keeps references: a repeated one sends nothing more."""

    port: int = 0
    sent: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: int = 0
    posted: int = 0
    status: int = 202
    said: str = ""
    states: dict[str, str] = field(default_factory=dict)
    hours: list[float] = field(default_factory=list)


class _Sms(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        gateway = cast("_SmsServer", self.server).gateway
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self._signed(body):
            return self._answer(401, {"said": "bad signature"})
        message = json.loads(body)
        gateway.posted += 1
        if gateway.status < 300:
            gateway.sent.setdefault(message["reference"], message)
        return self._answer(gateway.status, {"state": "accepted", "said": gateway.said})

    def do_GET(self) -> None:
        gateway = cast("_SmsServer", self.server).gateway
        gateway.asked += 1
        if not self._signed(b""):
            return self._answer(401, {"said": "bad signature"})
        if gateway.status >= 300:
            return self._answer(gateway.status, {})
        state = gateway.states.get(self.path.rpartition("/")[2], "accepted")
        return self._answer(200, {"state": state, "said": "DELIVRD" if state == "delivered" else ""})

    def _signed(self, body: bytes) -> bool:
        stamp = self.headers[STAMP]
        return abs(time.time() - int(stamp)) < 60 and self.headers[SIGNATURE] == signature(stamp, body)

    def _answer(self, status: int, answer: dict[str, str]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """The test's output is no access log."""


class _SmsServer(ThreadingHTTPServer):
    daemon_threads = True
    gateway: Gateway


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A mail server on a free port."""
    with _MailServer(("127.0.0.1", 0), _Smtp) as server:
        server.box = box = Mailbox(port=server.server_address[1])
        with _running(server):
            yield box
            box.released.set()


@contextmanager
def sms_gateway() -> Iterator[Gateway]:
    """An SMS gateway on a free port."""
    with _SmsServer(("127.0.0.1", 0), _Sms) as server:
        server.gateway = gateway = Gateway(port=server.server_address[1])
        with _running(server):
            yield gateway


@contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
