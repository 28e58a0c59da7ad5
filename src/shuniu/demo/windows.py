"""The demo's windows that take appointments, set up by their own chiefs."""

from __future__ import annotations

from django.utils import timezone

from shuniu.cases.api import appointments, counter, items
from shuniu.demo import staff
from shuniu.directory import api as directory

WINDOWS = (
    ("market", "综合窗口 3 号", "09:00-12:00 13:30-17:00", 30, 4),
    ("police", "户政窗口 1 号", "09:00-12:00 13:00-17:00", 20, 3),
    ("education", "教师资格窗口", "09:00-12:00", 60, 5),
)
"""Department, name, hours, minutes of a slot, places in it."""
PLACE = "省政务服务中心（演示地址）一楼"
CHIEF = "case_decider"


def open_windows() -> None:
    """Set up the windows that are not there yet, from today on, for all items of theirs that take appointments."""
    for department, title, hours, minutes, places in WINDOWS:
        agency = staff.agency(department)
        served = [one.item.key for one in items.published_all(agency) if one.item.appointment]
        known = {one.title for one in appointments.windows(agency=agency)}
        if title in known or not served or not directory.holders(agency, CHIEF):
            continue
        chief = staff.actor(agency, CHIEF)
        made = counter.keep_window(actor=chief, title=title, place=PLACE, items=served)
        counter.schedule(
            actor=chief, window=made.id, since=timezone.localdate(), hours=hours, minutes=minutes, places=places
        )
