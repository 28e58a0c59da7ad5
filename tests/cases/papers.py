"""Files as people upload them, people who do, a case that uses them, and a scanner that speaks clamd's INSTREAM."""

from __future__ import annotations

import io
import socketserver
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.utils import timezone

from shuniu.cases.api import uploads
from shuniu.cases.declare.material import UploadView
from shuniu.cases.files.scanner import EICAR
from shuniu.cases.models import Case
from shuniu.directory import api as directory
from shuniu.exchange.delivery import spool_blocks
from shuniu.trust.declare import Actor
from tests.exchange.people import citizen, officer

OWNER = citizen(31, 7_000_001)
OTHER = citizen(32, 7_000_009)
CLERK = officer(33, "王敏", "43.market", "counter_clerk", "licence_officer")
STRANGER = officer(34, "李娜", "43.tax", "counter_clerk", "licence_officer")
WORKER = directory.system("worker")

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 40 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 20 + b"IEND\xaeB`\x82"
EVIL = b"%PDF-1.7\nWICKED\n%%EOF\n"
"""What the tests' scanner calls a virus, and nothing else would."""


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(text: str = "合同", more: Mapping[str, bytes] | None = None) -> bytes:
    parts = {"[Content_Types].xml": b"<Types/>", "word/document.xml": f"<w:t>{text}</w:t>".encode()}
    return packed({**parts, **(more or {})})


def ofd(text: str = "证明") -> bytes:
    shown = "".join(f"<ofd:TextCode>{char}</ofd:TextCode>" for char in text)
    return packed(
        {"OFD.xml": b"<ofd:OFD/>", "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page>{shown}</ofd:Page>".encode()}
    )


def uploaded(actor: Actor = OWNER, data: bytes = PDF, name: str = "证明.pdf", subject: int | None = None) -> UploadView:
    """What a person uploads, kept."""
    return uploads.receive(actor=actor, writer=spool_blocks([data]), name=name, subject=subject)


def filed(number: str = "A1", state: str = "filed", **more: object) -> Case:
    """A case as the filing writes it."""
    ended = timezone.now() if state in ("granted", "refused", "declined", "withdrawn") else None
    said: dict[str, object] = {
        "number": number, "item": "43.market/food", "version": 1, "agency": "43.market", "region": "430000",
        "applicant": 7_000_001, "applicant_kind": "natural", "applicant_name": "田野", "account": OWNER.person,
        "channel": "2", "answers": {}, "state": state, "filed_at": timezone.now(), "ended_at": ended,
        "accepted_at": timezone.now() if state == "accepted" else None,
    }  # fmt: skip
    return Case.objects.create(**{**said, **more})


class _Scanner(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        if self.rfile.read(10) != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        data = b""
        while size := int.from_bytes(self.rfile.read(4), "big"):
            data += self.rfile.read(size)
            if len(data) > 5_000_000:  # clamd's StreamMaxLength
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        found = b"Wicked.Test" if b"WICKED" in data else b"Eicar-Test-Signature" if EICAR in data else b""
        self.wfile.write(b"stream: " + (found + b" FOUND" if found else b"OK") + b"\0")


@contextmanager
def scanning(path: Path | None = None) -> Iterator[str]:
    """A running scanner's address, on TCP or (with a path) on a UNIX socket."""
    server = (
        socketserver.ThreadingUnixStreamServer(str(path), _Scanner)
        if path
        else socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Scanner)
    )
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"unix://{path}" if path else f"tcp://127.0.0.1:{server.socket.getsockname()[1]}"
        finally:
            server.shutdown()
            thread.join()
