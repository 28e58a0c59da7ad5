"""SQL of ratings: the newest version of each, counts, and finding one under its lock."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from shuniu.cases.declare.rating import Level, RatedStage
from shuniu.cases.models import Rating, Rectification
from shuniu.trust.declare import Refused

_ASIDE = Q(aside__agreed=True)


def unknown() -> Refused:
    return Refused("rating.unknown", "没有这条评价，或者您不能查看它。", "请从评价列表进入。")


def newest() -> QuerySet[Rating]:
    """The newest version of every rating, with what became of it."""
    later = Rating.objects.filter(case=OuterRef("case"), stage=OuterRef("stage"), version__gt=OuterRef("version"))
    return Rating.objects.filter(~Exists(later)).select_related("case", "aside", "look", "rectification")


def last(case: int, stage: RatedStage) -> Rating | None:
    return Rating.objects.filter(case=case, stage=stage).order_by("-version").first()


def narrowed(agency: str, item: str, level: int | None, aside: bool) -> QuerySet[Rating]:
    """The ratings behind one published number."""
    rows = newest().filter(_ASIDE) if aside else newest().exclude(_ASIDE)
    for field, value in (("agency", agency), ("item", item), ("level", level)):
        rows = rows.filter(**{field: value}) if value else rows
    return rows.order_by("-at__year", "-at__month", "item", "level", "id")


class Counted(NamedTuple):
    """One item of one agency; `latest` is the newest version of the item that was rated."""

    agency: str
    item: str
    latest: int
    counts: dict[Level, int]
    aside: int


def counted(agency: str) -> list[Counted]:
    """How each agency and item was rated, of one agency or (empty) of all."""
    rows = newest().filter(agency=agency) if agency else newest()
    by_level = {f"level_{one.value}": Count("pk", filter=Q(level=one) & ~_ASIDE) for one in Level}
    found = rows.values("agency", "item").annotate(
        **by_level, set_aside=Count("pk", filter=_ASIDE), latest=Max("case__version")
    )
    listed = found.order_by("agency", "item").values_list("agency", "item", "latest", "set_aside", *by_level)
    return [
        Counted(agency, item, latest, dict(zip(Level, counts, strict=True)), aside)
        for agency, item, latest, aside, *counts in listed
    ]


def locked(rating: int) -> Rating:
    """A rating, locked: its row orders those who act on it. Raises Refused rating.unknown."""
    found = Rating.objects.select_for_update(of=("self",)).select_related("case").filter(pk=rating).first()
    if found is None:
        raise unknown()
    return found


def rectifications(case: int) -> list[Rectification]:
    """Every rectification of a case, the newest first."""
    return list(Rectification.objects.filter(rating__case=case).select_related("rating").order_by("-id"))
