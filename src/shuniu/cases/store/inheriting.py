"""What of an agency goes over to the one that took its place: each kind's condition, by which it is counted and moved.

Called by `api.succession` alone.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Case as When
from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models import When as If
from django.db.models.fields.json import KT
from django.db.models.functions import Concat

from shuniu.cases.declare.letters import PartState
from shuniu.cases.declare.licence import LicenceState
from shuniu.cases.models import (
    Case,
    Dispatch,
    Document,
    ItemVersion,
    Letter,
    LetterAccused,
    LetterPart,
    Licence,
    ServiceWindow,
)
from shuniu.cases.store import letters
from shuniu.procedures import api as procedures

FIRST = 3
"""How many of a kind are named."""
_RUNNING_PARTS = [one.value for one in PartState if one.running]


def cases(agency: str) -> QuerySet[Case]:
    """Its running cases. Those that ended keep it in lists and figures."""
    return Case.objects.filter(agency=agency, ended_at=None).order_by("pk")


def barred(agency: str, successor: str) -> QuerySet[Letter]:
    """The letters that accuse either of them, or one above the successor: the successor never learns of these."""
    accused = {agency, *letters.with_above(successor)}
    return Letter.objects.filter(pk__in=LetterAccused.objects.filter(agency__in=accused).values("letter"))


def parts(agency: str, successor: str) -> QuerySet[LetterPart]:
    """Its parts of letters still to be answered, but for `left`."""
    running = LetterPart.objects.filter(agency=agency, state__in=_RUNNING_PARTS)
    return running.exclude(letter__in=barred(agency, successor))


def left(agency: str, successor: str) -> QuerySet[LetterPart]:
    """Parts of either that the successor must not answer: their letters' leader names another agency."""
    running = LetterPart.objects.filter(agency__in=[agency, successor], state__in=_RUNNING_PARTS)
    return running.filter(letter__in=barred(agency, successor)).select_related("letter").order_by("pk")


def drafts(agency: str) -> QuerySet[Document]:
    """Its documents that are drafted or under review: without a number, and not ended."""
    open_ = Document.objects.filter(agency=agency, given=None).order_by("pk")
    ends = procedures.outcomes([one for one in open_.values_list("matter", flat=True) if one])
    return open_.exclude(matter__in=[key for key, outcome in ends.items() if outcome in ("granted", "partial")])


def incoming(estate: Collection[str], running: Collection[int]) -> QuerySet[Dispatch]:
    """What came to it and is neither signed for, nor given back, nor done; `running` are the procedures that ask it."""
    rows = Dispatch.objects.filter(agency__in=estate).order_by("pk")
    return rows.filter(Q(receipt=None) | Q(matter__in=running))


def windows(agency: str) -> QuerySet[ServiceWindow]:
    """Its counters: what was booked at them is served there."""
    return ServiceWindow.objects.filter(agency=agency).order_by("pk")


def items(estate: Collection[str]) -> QuerySet[ItemVersion]:
    """The service items and life events that are published or being written."""
    rows = ItemVersion.objects.filter(agency__in=estate, state__in=["published", "review", "draft"])
    return rows.order_by("key", "number")


def item_titles(estate: Collection[str]) -> list[str]:
    """What the first of those are called."""
    return [*items(estate).annotate(title=KT("declaration__title")).values_list("title", flat=True)[:FIRST]]


def licences(estate: Collection[str]) -> QuerySet[Licence]:
    """The licences that were issued and not cancelled."""
    return Licence.objects.filter(agency__in=estate).exclude(state=LicenceState.CANCELLED.value)


def licence_kinds(estate: Collection[str]) -> list[tuple[str, int]]:
    """What those licences are called, with how many there are, the most first."""
    counted = licences(estate).order_by().values("title").annotate(n=Count("pk"))
    return [*counted.order_by("-n", "title").values_list("title", "n")[:FIRST]]


def filed(estate: Collection[str], agency: str, running: Collection[int]) -> int:
    """How many documents and incoming ones are closed: all that are neither `drafts` nor `incoming`."""
    documents = Document.objects.filter(agency__in=estate).exclude(pk__in=drafts(agency).order_by().values("pk"))
    came = Dispatch.objects.filter(agency__in=estate).exclude(pk__in=incoming(estate, running).order_by().values("pk"))
    return documents.count() + came.count()


def move_parts(agency: str, successor: str) -> int:
    """Give those parts to the successor; the first agency that had a part stays written in it."""
    had = When(If(came_from="", then=F("agency")), default=F("came_from"))
    return parts(agency, successor).update(agency=successor, came_from=had)


def accuse(agency: str, successor: str) -> None:
    """What accuses an agency accuses who took its place: neither the one's people nor the other's see it."""
    accused = LetterAccused.objects.filter(agency=agency).values_list("letter", flat=True)
    LetterAccused.objects.bulk_create(
        (LetterAccused(letter_id=one, agency=successor) for one in accused), ignore_conflicts=True
    )


def move_windows(agency: str, successor: str, short: str) -> int:
    """Give the counters to the successor; one whose name it has already bears the old agency's beside it."""
    same = ServiceWindow.objects.filter(agency=successor).values("title")
    windows(agency).filter(title__in=same).update(title=Concat("title", Value(f"（原{short}）")))
    return windows(agency).update(agency=successor)
