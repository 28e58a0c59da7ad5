"""Every credit class as one viewer sees it on one day, and the registers that heads are read from."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from shuniu.base.expressions import Sql, where
from shuniu.base.rules import NoRule, RuleBook
from shuniu.catalogue.api import Snapshot
from shuniu.catalogue.declare import Published, Resource
from shuniu.directory import api as directory
from shuniu.registries.api.files import Selection
from shuniu.systems.credit.declare import RATING, Viewer, section_of
from shuniu.systems.credit.disclosure import disclosed
from shuniu.systems.credit.file import ClassView
from shuniu.systems.credit.header import LINES, REGISTERS, RegisterView

_EVERY = Sql("true", ())
log = logging.getLogger("shuniu")


@dataclass(frozen=True)
class Views:
    """What a viewer may see, by table number; `selections` holds what is asked of the tables of both kinds."""

    classes: Mapping[int, ClassView]
    registers: Mapping[int, RegisterView]
    selections: Mapping[int, Selection]
    ratings: tuple[tuple[str, str], ...]  # agency and title of ratings that are the sources' to tell


def work_out(standing: Snapshot, viewer: Viewer, today: date) -> Views:
    """Every published class and register for this viewer on this day, their conditions compiled."""
    book = RuleBook.load(settings.RULE_PACK)
    names = directory.agency_names()
    every = list(standing.published.values())
    classes = {
        one.table: view for one in every if (view := _class(one, viewer, book, today, names, standing)) is not None
    }
    found = [(standing.published[key], at) for at, key in enumerate(REGISTERS) if key in standing.published]
    registers = {one.table: _register(one.resource, at, names, standing) for one, at in found}
    heads = {table: Selection(table, one.columns, _EVERY) for table, one in registers.items()}
    ratings = [one.resource for one in every if one.resource.credit and one.resource.credit.nature == RATING]
    return Views(
        classes,
        registers,
        {table: one.selection for table, one in classes.items()} | heads,
        tuple((names.get(one.agency, one.agency), one.title) for one in ratings),
    )


def _class(
    published: Published, viewer: Viewer, book: RuleBook, today: date, names: Mapping[str, str], standing: Snapshot
) -> ClassView | None:
    resource = published.resource
    try:
        seen = disclosed(resource, viewer, book, today, settings.PROVINCE)
    except NoRule as missing:  # one class with a term that nobody knows must not close the site: it is shown to nobody
        log.error("%s: %s", resource.key, missing)
        return None
    if seen is None:
        return None
    columns = tuple(item.name for item in seen.items)
    return ClassView(
        resource,
        names.get(resource.agency, resource.agency),
        section_of(resource),
        seen,
        Selection(published.table, columns, where(seen.where, today)),
        _labels(resource, standing),
    )


def _register(resource: Resource, at: int, names: Mapping[str, str], standing: Snapshot) -> RegisterView:
    held = {item.name: item for item in resource.items}
    items = tuple(held.get(items[at]) for _, items in LINES)
    return RegisterView(resource, names.get(resource.agency, resource.agency), items, _labels(resource, standing))


def _labels(resource: Resource, standing: Snapshot) -> dict[str, dict[str, str]]:
    lists = standing.code_lists
    return {
        item.name: {code.code: code.label for code in lists[item.code_list].codes}
        for item in resource.items
        if item.code_list in lists
    }
