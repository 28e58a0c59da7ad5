"""Giving a credit report out under a number, and telling later whether such a number was given out."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from shuniu.base.masking import mask_name
from shuniu.portal.models import IssuedReport
from shuniu.registries.api.files import who_is
from shuniu.systems.credit.declare import Purpose, Viewer
from shuniu.systems.credit.file import Report
from shuniu.systems.credit.report import assemble, report
from shuniu.trust.api import keyed, record, require, verb
from shuniu.trust.declare import Actor, Refused

RANDOM_BYTES = 15
"""120 random bits: nobody comes upon a report's number by trying."""
DIGEST_START = 16
"""Hex digits of the digest that the printed code carries, and that suffice to compare."""


@dataclass(frozen=True)
class Issued:
    """A report under its number, as it was given out."""

    number: str
    digest: str
    report: Report


@dataclass(frozen=True)
class Verified:
    """What anybody may learn of an issued report who knows its number."""

    number: str
    name: str
    kind: str
    issued_at: datetime
    digest: str
    same_digest: bool | None  # None: no digest was given to compare
    unchanged: bool  # whether a report made now would hold the same facts


@verb("portal.issue_report", "出具信用报告", reads=True)
def issue(*, actor: Actor, code: str = "", viewer: Viewer = Viewer.PUBLIC, purpose: Purpose | None = None) -> Issued:
    """Make a report, freeze it under a fresh number and digest, and keep what is needed to verify it later.

    Raises Refused as `credit.report` does.
    """
    require()
    made = report(actor=actor, code=code, viewer=viewer, purpose=purpose)
    number = new_number()
    digest = made.digest(number)
    legal = made.header.kind == "legal"
    IssuedReport.objects.create(
        number=number, subject=made.header.subject, name=made.header.name if legal else mask_name(made.header.name),
        viewer=viewer.value, purpose=purpose.value if purpose else "", digest=digest, content=_content(made),
        rules=made.pack, person=actor.person, agency=actor.agency, issued_at=made.at,
    )  # fmt: skip
    record(f"report:{number}", subjects=[made.header.subject], detail={"viewer": viewer.value, "digest": digest})
    return Issued(number, digest, made)


@verb("portal.verify_report", "核验信用报告", reads=True)
def verify(*, actor: Actor, number: str, digest: str = "") -> Verified:
    """What was issued under a number and when; never what it said. Raises Refused report.unknown."""
    require()
    found = IssuedReport.objects.filter(number=canonical_number(number)).first()
    if found is None:
        raise Refused("report.unknown", "没有出具过这个编号的报告。", "请逐字核对编号；仍不符的，请向持件人索要原件。")
    subject = who_is(found.subject)
    purpose = Purpose(found.purpose) if found.purpose else None
    now = assemble(subject, Viewer(found.viewer), purpose) if subject is not None else None
    record(f"report:{found.number}", subjects=[found.subject])
    return Verified(
        found.number,
        found.name,
        Viewer(found.viewer).title,
        found.issued_at,
        found.digest,
        _same(digest.strip().lower(), found.digest) if digest.strip() else None,
        now is not None and hmac.compare_digest(_content(now), found.content),
    )


def _same(said: str, digest: str) -> bool:
    """Whether this is the digest, or as much of it as the printed code carries."""
    return len(said) >= DIGEST_START and digest.startswith(said)


def new_number() -> str:
    """A fresh number: 24 letters and digits (RFC 4648 base32), written in fours."""
    return canonical_number(base64.b32encode(secrets.token_bytes(RANDOM_BYTES)).decode())


def canonical_number(text: str) -> str:
    """A number as it is kept, however it was typed: upper case, in fours, 0 and 1 read as the letters they look like."""
    plain = "".join(char for char in text.upper() if char.isalnum()).translate(str.maketrans("018", "OIB"))
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def _content(made: Report) -> str:
    """The facts alone under the platform's key. Marks and source versions count; when and for whom it was made do not."""
    facts = [{**fact, "changes": []} for fact in made.content()]  # a changed row has another batch anyway
    return keyed(json.dumps(facts, ensure_ascii=False, sort_keys=True))
