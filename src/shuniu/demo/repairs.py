"""The demo firm asks for one repair, by the verb that its page calls, and leaves another fact for the visitor to ask for."""

from __future__ import annotations

from django.utils import timezone

from shuniu.directory import api as directory
from shuniu.systems.credit.declare import Viewer
from shuniu.systems.credit.file import Fact
from shuniu.systems.credit.repair import apply_repair, terms
from shuniu.systems.credit.report import report
from shuniu.trust.declare import Actor

REVIEWER = "repair_reviewer"


def ask(firm: Actor) -> None:
    """Apply for the first fact that may be repaired today and whose agency has somebody to decide; nothing without one."""
    found = next(iter(repairable(firm)), None)
    if found is None:
        return
    apply_repair(
        actor=firm, resource=found.seen_as.resource.key, row=found.row,
        corrected="罚款已经缴清，违法行为已经停止，整改情况经检查合格（演示）。",
        material="非税收入缴款书（演示）\n整改复查记录（演示）",
        commitment="本企业承诺所述属实，今后依法诚信经营，违背承诺愿受惩戒，同意公开本承诺（演示）。",
    )  # fmt: skip


def repairable(firm: Actor) -> list[Fact]:
    """The firm's facts that may be repaired today, at agencies where somebody decides."""
    today = timezone.localdate()
    facts = report(actor=firm, viewer=Viewer.SUBJECT).facts
    open_today = [one for one in facts if (asked := terms(one, today)) is not None and asked.open(today)]
    deciding = {agency: bool(directory.holders(agency, REVIEWER)) for agency in {_agency(one) for one in open_today}}
    return [one for one in open_today if deciding[_agency(one)]]


def _agency(fact: Fact) -> str:
    return fact.seen_as.resource.agency
