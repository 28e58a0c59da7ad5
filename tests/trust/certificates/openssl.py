"""OpenSSL's command line, as an outsider who reads our bytes."""

from __future__ import annotations

import subprocess
from pathlib import Path

DISTID = ("-vfyopt", "distid:1234567812345678")


def run(folder: Path, *arguments: str, good: bool = True) -> str:
    """What `openssl …` says in that folder; it must succeed, or fail where `good` is False."""
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=False)
    said = (done.stdout + done.stderr).decode(errors="replace")
    assert (done.returncode == 0) == good, said
    return said


def write(folder: Path, **files: bytes) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)


def verify(folder: Path, suite: str, certificate: str, issuer: str, root: str, *, good: bool = True) -> str:
    """Check a chain of DER files. The tool applies SM2's identity to the first certificate alone, so there it goes by steps."""
    files = {name: f"{name}.pem" for name in (certificate, issuer, root)}
    for name, made in files.items():
        run(folder, "x509", "-inform", "DER", "-in", name, "-out", made)
    if suite == "international":
        return run(
            folder, "verify", "-x509_strict", "-CAfile", files[root], "-untrusted", files[issuer], files[certificate],
            good=good,
        )  # fmt: skip
    run(folder, "verify", *DISTID, "-CAfile", files[root], files[issuer])
    return run(folder, "verify", *DISTID, "-partial_chain", "-trusted", files[issuer], files[certificate], good=good)
