"""Forms posted after their session ended: sealed at once under a token of the browser's, opened for their writer, and ended."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db.models import Count, Q, Sum
from django.utils import timezone
from pydantic import BaseModel, ConfigDict

from shuniu.base.rules import RuleBook
from shuniu.portal.models import KeptForm
from shuniu.trust.api import keyed, record, require, verb
from shuniu.trust.declare import Actor, Refused

MOST = (20, 5_000_000)
"""Forms, and bytes of them, that wait for one account."""
MOST_UNKNOWN = (200, 20_000_000)
"""Of all together whose writer is not known: whoever never signed in could otherwise fill the disk."""
_NONCE = 12


class Typed(BaseModel):
    """What was posted: where to, from which page, the fields in their order, and which files could not be kept."""

    model_config = ConfigDict(frozen=True)

    address: str
    page: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...] = ()  # field, file name
    left_out: bool = False  # passwords and codes, which are never kept


@dataclass(frozen=True)
class Kept:
    """A form that waits."""

    number: int
    typed: Typed
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Waiting:
    """What waits in a browser for who asks, and whether something else waits there for another account."""

    forms: tuple[Kept, ...]
    others: bool


def whose(actor: Actor) -> str:
    """What stands for an account where a browser remembers who used it last."""
    return keyed(f"kept {actor.person}")


@verb("portal.keep_form", "密存登录过期时提交的内容")
def keep(*, actor: Actor, token: str, writer: str, view: str, typed: Typed) -> None:
    """Seal what was posted without a session, for the account that `writer` stands for, or with "" for whoever signs in.

    The token opens it and is kept nowhere here; `view` names the page in the journal, which an address with a number in it
    must not do. The same again is kept once. Raises Refused kept.much.
    """
    require()
    now, text = timezone.now(), typed.model_dump_json().encode(errors="replace")
    said = hashlib.sha256(f"same {token} {writer} ".encode() + text).digest()
    row = {"view": view, "until": now + _term(), "since": now}
    again = KeptForm.objects.filter(token=_digest(token), said=said).update(**row)
    if not again:
        _check_room(writer, len(text))
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + AESGCM(_key(token)).encrypt(nonce, text, writer.encode())
        kept = KeptForm(token=_digest(token), said=said, whose=writer, sealed=sealed, size=len(text), **row)
        KeptForm.objects.bulk_create([kept], ignore_conflicts=True)  # a double click
    record(f"form:{view}", detail={"fields": len(typed.fields), "files": len(typed.files)})


def _term() -> timedelta:
    return timedelta(days=RuleBook.load(settings.RULE_PACK).resolve("form.kept.days", timezone.localdate()).integer())


def _check_room(writer: str, size: int) -> None:
    """Refuse what would be too much. Raises Refused kept.much."""
    held = KeptForm.objects.filter(whose=writer, until__gt=timezone.now()).aggregate(n=Count("pk"), bytes=Sum("size"))
    forms, most = MOST if writer else MOST_UNKNOWN
    if held["n"] >= forms or (held["bytes"] or 0) + size > most:
        raise Refused(
            "kept.much",
            "登录已过期，这次填写的内容没有提交，留存的内容太多，也没有能留下。",
            "请用浏览器的“返回”回到填写页，先把内容复制下来，登录后重新填写。",
        )


@verb("portal.read_kept", "取回密存的内容", reads=True)
def waiting(*, actor: Actor, token: str) -> Waiting:
    """What waits under a browser's token, the newest first, for the account that wrote it alone."""
    require()
    rows = list(KeptForm.objects.filter(token=_digest(token), until__gt=timezone.now()).order_by("-pk"))
    mine = [row for row in rows if row.whose in ("", whose(actor))]
    found = tuple(one for row in mine if (one := _opened(row, token)) is not None)
    record("forms", detail={"forms": len(found)})
    return Waiting(found, others=len(mine) < len(rows))


def _opened(row: KeptForm, token: str) -> Kept | None:
    sealed = bytes(row.sealed)
    try:
        text = AESGCM(_key(token)).decrypt(sealed[:_NONCE], sealed[_NONCE:], row.whose.encode())
    except InvalidTag:
        return None
    return Kept(row.pk, Typed.model_validate_json(text), row.since, row.until)


@verb("portal.drop_kept", "清除密存的内容")
def drop(*, actor: Actor, token: str, number: int) -> None:
    """Destroy one's own: it was posted, or is not wanted. Twice is once."""
    require()
    mine = Q(whose="") | Q(whose=whose(actor))
    gone, _kinds = KeptForm.objects.filter(mine, pk=number, token=_digest(token)).delete()
    record(f"forms:{number}", detail={"forms": gone})


@verb("portal.expire_kept", "清除过期未取的内容")
def expire(*, actor: Actor) -> int:
    """Destroy what nobody came for in time; how many."""
    require()
    gone, _kinds = KeptForm.objects.filter(until__lt=timezone.now()).delete()
    record("forms", detail={"forms": gone})
    return gone


def _digest(token: str) -> bytes:
    return hashlib.sha256(f"find {token}".encode()).digest()


def _key(token: str) -> bytes:
    return hashlib.sha256(f"open {token}".encode()).digest()
