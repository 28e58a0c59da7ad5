"""Telling: a notice and its deliveries, written in the transaction of the act that they speak of. Called inside verbs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from django.utils import timezone

from shuniu.notices import channels, jobs, rules, store
from shuniu.notices.declare import CHANNELS, INBOX, Letter, Recipient, State, Template
from shuniu.notices.models import Delivery, Notice
from shuniu.notices.sealing import seal, unseal
from shuniu.trust.api import keyed, record
from shuniu.trust.declare import Json

TEMPLATES: dict[str, Template] = {}
"""The templates that can be told by, by key: what engines and systems registered."""


def register(template: Template) -> Template:
    """Make a declared template known. Raises ValueError for another one under the same key."""
    if TEMPLATES.setdefault(template.key, template) != template:
        raise ValueError(f"通知模板“{template.key}”登记了两种内容")
    return template


def tell(
    *,
    template: str,
    to: Recipient,
    object: str,
    values: Mapping[str, str] | None = None,
    once: str = "",
    owner: str = "",
) -> int | None:
    """Tell one recipient: see `tell_many`. Returns the notice's number; None when `once` was told before."""
    told = tell_many(template=template, letters=[Letter(to, object, values or {}, once)], owner=owner)
    return told[0] if told else None


def tell_many(*, template: str, letters: Sequence[Letter], owner: str = "") -> tuple[int, ...]:
    """Tell many by one template, set-based, inside the open verb: all of it is kept with the verb's own act, or nothing is.

    Each notice goes to the inbox at once, and to every other channel of the template that this instance has set up and
    the recipient a verified (or stated) address for. `owner` is the agency that sees to deliveries which fail. The
    journal keeps how many were told what about, and of a single notice a keyed value of its words. Returns the numbers
    of what was told. Raises KeyError for a template that nobody registered, ValueError for values that are not its own,
    Refused (notices.address) for a stated address that is none.
    """
    declared = TEMPLATES[template]
    for letter in letters:
        declared.check(letter.values)
    now = timezone.now()
    unique = {letter.once or str(number): letter for number, letter in enumerate(letters)}.values()
    asked = {notice.key: (notice, letter) for letter in unique for notice in [_notice(declared, letter, owner, now)]}
    notices = store.insert_notices([notice for notice, _ in asked.values()])
    if not notices:
        return ()
    ways = [key for key in declared.channels if channels.ready(key)]
    known = store.addresses(notices, [key for key in ways if key != INBOX.key])
    rows = [row for notice in notices for row in _deliveries(declared, notice, asked[notice.key][1], ways, known)]
    Delivery.objects.bulk_create(rows)
    for channel in {row.channel for row in rows if row.state == State.QUEUED.value}:
        jobs.enqueue(channel)
    _record(declared, notices)
    return tuple(notice.pk for notice in notices)


def _notice(declared: Template, letter: Letter, owner: str, now: datetime) -> Notice:
    hidden = declared.fleeting
    return Notice(
        key=uuid4(),
        template=declared.key,
        person=letter.to.person,
        agency=letter.to.agency,
        capability=letter.to.capability,
        object=letter.object,
        title=declared.title.zh,
        title_en=declared.title.en,
        text="" if hidden else declared.text.said("zh", letter.values),
        text_en="" if hidden else declared.text.said("en", letter.values),
        owner=owner,
        in_inbox=INBOX.key in declared.channels,
        at=now,
        once=letter.once or None,
    )


def _deliveries(
    declared: Template,
    notice: Notice,
    letter: Letter,
    ways: Sequence[str],
    known: Mapping[tuple[str, str, str], bytes],
) -> list[Delivery]:
    rows = []
    for key in ways:
        stated = letter.to.addresses.get(key, "")
        sealed = seal(rules.address(key, stated)) if stated else known.get((notice.person, notice.agency, key))
        if key == INBOX.key or sealed:
            rows.append(_delivery(declared, notice, letter, key, sealed))
    return rows


def _delivery(declared: Template, notice: Notice, letter: Letter, key: str, sealed: bytes | None) -> Delivery:
    row = Delivery(
        notice=notice,
        channel=key,
        reference=store.reference_of(notice, key),
        urgent=declared.urgent,
        fleeting=declared.fleeting,
        state=State.DELIVERED.value,
        at=notice.at,
    )
    if sealed is not None and key != INBOX.key:
        language = letter.to.language
        words = declared.short if declared.short and not CHANNELS[key].takes_long else declared.text
        row.state, row.due_at = State.QUEUED.value, notice.at
        row.address, row.masked = sealed, rules.masked(key, unseal(sealed))
        row.title, row.text = declared.title.said(language, {}), words.said(language, letter.values)
    return row


def _record(declared: Template, notices: Sequence[Notice]) -> None:
    first = notices[0]
    detail: dict[str, Json] = {"template": declared.key, "notices": len(notices)}
    if len(notices) == 1:
        detail |= {"object": first.object, "to": store.recipient(first), "words": keyed(f"{first.title}\n{first.text}")}
        record(f"notice:{first.pk}", detail=detail)
    else:
        record(f"notices:{first.pk}-{notices[-1].pk}", detail=detail)
