"""The departments' data dictionaries: imported, handed in, reviewed by two others, their tables made."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import State
from shuniu.demo import staff
from shuniu.directory import api as directory
from shuniu.registries import api as registries

AGREED = "同意"


def owners() -> list[str]:
    """The agencies that have a dictionary in the province's folder, by key."""
    return sorted({agency for agency, _ in _files()})


def _files() -> Iterator[tuple[str, Path]]:
    """Agency and file of every dictionary, registers before credit classes."""
    for folder in ("registers", "classes"):
        for path in sorted((settings.PROVINCE_FOLDER / folder).glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                yield next(csv.DictReader(file))["资源代码"].partition("/")[0], path


def publish(agencies: Collection[str], progress: Callable[[str], None]) -> None:
    """Bring every dictionary of these agencies into the catalogue; those that are in it stay. All or none of a file."""
    files = [(agency, path) for agency, path in _files() if agency in agencies]
    states = (State.REVIEW, State.PUBLISHED, State.SUPERSEDED)
    held = {view.resource for agency in agencies for view in catalogue.versions(agency=agency, states=states)}
    for number, (agency, path) in enumerate(files, start=1):
        if not set(_keys(path)) <= held:
            with transaction.atomic():
                _publish(agency, path)
        if number % 4 == 0 or number == len(files):
            progress(f"演示数据：数据字典 {number}/{len(files)} 份，已发布 {len(catalogue.published_all())} 类……")


def _keys(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["资源代码"]


def _publish(agency: str, path: Path) -> None:
    """The data officer imports and hands in, a colleague agrees for the department, the provincial office publishes."""
    officer = staff.actor(agency, "data_officer")
    name = f"演示数据_{path.name}"
    made = catalogue.import_dictionary(
        actor=officer, content=path.read_bytes(), name=name, agency=agency, accept_all=True
    )
    if not made.drafts:
        return
    catalogue.submit_for_review(actor=officer, keys=made.drafts)
    for reviewer in (staff.actor(agency, staff.REVIEWER), staff.actor(staff.office(), staff.REVIEWER)):
        catalogue.review(actor=reviewer, keys=made.drafts, answer=AGREED)


def mount(progress: Callable[[str], None]) -> None:
    """Make the table of every published version that has none."""
    waiting = len(catalogue.to_mount())
    for number, _ in enumerate(registries.mount_published(actor=directory.system("install")), start=1):
        if number % 250 == 0 or number == waiting:
            progress(f"演示数据：建立资源库表 {number}/{waiting}……")
