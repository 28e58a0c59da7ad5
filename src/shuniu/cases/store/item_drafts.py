"""Versions of items in lists, and the cases that run under them. Called by `api` alone."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet
from django.db.models.fields.json import KT

from shuniu.cases.declare.item_draft import ItemRow, ItemState
from shuniu.cases.declare.service import ServiceStage
from shuniu.cases.models import Case, ItemVersion
from shuniu.cases.store import successions

_FIELDS = (
    "key", "number", "agency", "title", "stage", "state", "shipped", "made_by", "makers", "made_at", "valid_from", "valid_until",
)  # fmt: skip


def rows(agency: str, states: Sequence[str], words: str = "") -> list[ItemRow]:
    """Versions of items in these states, the last changed first; of every agency where none is named.

    `words` are a part of the title or of the key.
    """
    found = _rows().filter(state__in=states)
    if agency:
        found = found.filter(agency__in=successions.estate(agency))
    if words:
        found = found.filter(Q(title__icontains=words) | Q(key__icontains=words))
    return [_row(values) for values in found.order_by("-made_at", "key", "-number").values_list(*_FIELDS)]


def newest(key: str) -> ItemRow | None:
    """The open version of a key, else its published one, else its last; None where there never was one."""
    found = [_row(values) for values in _rows().filter(key=key).order_by("-number").values_list(*_FIELDS)]
    standing = [one for one in found if one.state is not ItemState.WITHDRAWN]
    return next(iter(standing or found), None)


def _rows() -> QuerySet[ItemVersion]:
    return ItemVersion.objects.filter(kind="item").annotate(
        title=KT("declaration__title"), stage=KT("declaration__stage")
    )


def _row(values: tuple[object, ...]) -> ItemRow:
    it = {key: tuple(one) if isinstance(one, list) else one for key, one in zip(_FIELDS, values, strict=True)}
    made = {**it, "stage": ServiceStage(int(str(it["stage"]))), "state": ItemState(str(it["state"]))}
    return ItemRow(**made)  # type: ignore[arg-type]  # the columns' own types


def discard(key: str, number: int) -> None:
    """Delete a draft that was never published: nothing was ever filed under it."""
    ItemVersion.objects.filter(key=key, number=number, state="draft").delete()


def running(key: str) -> tuple[tuple[int, int], ...]:
    """How many cases of an item have not ended, by the version that they were filed under, the newest first."""
    found = Case.objects.filter(item=key, ended_at__isnull=True).values_list("version")
    return tuple(found.annotate(Count("id")).order_by("-version"))
