"""What the same applicant asked the same agency for before: a hint for who answers, never an answer by itself."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Q

from shuniu.base.text import normalise_text
from shuniu.cases.api import filing, views
from shuniu.cases.declare.case import CaseLine
from shuniu.cases.models import Case
from shuniu.registries import api as registries
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor

ALIKE = 0.6
"""From this likeness on (0 to 1, by matching runs of characters) an earlier application is shown."""
MOST_COMPARED, MOST_SHOWN = 200, 5


@dataclass(frozen=True)
class Earlier:
    """An application of before, and how alike it is: 1 word for word."""

    line: CaseLine
    alike: float


@verb("cases.list_earlier", "查看同一申请人的相似申请", reads=True)
def list_earlier(*, actor: Actor, number: str, question: str) -> tuple[Earlier, ...]:
    """Earlier applications of the case's applicant for the same item at the same agency, the most alike first.

    Compared by the answers to one question. For the officers of the case's agency. Raises Refused case.unknown, right.*.
    """
    found = filing.read_case(actor=actor, number=number)
    require(region=found.region, agency=found.agency)
    case = Case.objects.get(number=number)
    same = Q(account=case.account, applicant_name=case.applicant_name)
    if case.applicant is not None:
        same |= Q(applicant__in={case.applicant, *registries.members(case.applicant)})
    rows = Case.objects.filter(same, item=case.item, agency=case.agency, pk__lt=case.pk).order_by("-id")[:MOST_COMPARED]
    text = normalise_text(str(case.answers.get(question, "")))
    alike = {row.pk: _alike(text, normalise_text(str(row.answers.get(question, "")))) for row in rows}
    shown = sorted((row for row in rows if alike[row.pk] >= ALIKE), key=lambda row: -alike[row.pk])[:MOST_SHOWN]
    lines = {line.number: line for line in views.listed(shown)}
    record(f"case:{number}", subjects=[case.applicant] if case.applicant else [], detail={"earlier": len(shown)})
    return tuple(Earlier(lines[row.number], alike[row.pk]) for row in shown)


def _alike(one: str, other: str) -> float:
    """How alike two texts are; 0 where cheap upper bounds say that they are not alike enough."""
    found = SequenceMatcher(None, one, other)
    near = found.real_quick_ratio() >= ALIKE and found.quick_ratio() >= ALIKE
    return found.ratio() if near else 0.0
