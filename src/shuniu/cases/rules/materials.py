"""Which materials an application needs, and by what each is satisfied. Pure: the same input gives the same list.

For each material the first of its declared satisfiers that holds is used, and nothing else is kept for it: what the
government holds is not asked for, and a file that was offered beside it does not enter the case.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from shuniu.base.expressions import Kind, Node, Raw, fields_of, holds
from shuniu.cases.declare.form import Answers
from shuniu.cases.declare.material import (
    ByFact,
    ByLicence,
    ByUpload,
    Fact,
    How,
    Material,
    Planned,
    Satisfier,
    UploadView,
)
from shuniu.cases.rules import uploads

_TYPED: Mapping[Kind, Callable[[str], Raw]] = {
    Kind.TEXT: str,
    Kind.BIGINT: int,
    Kind.NUMERIC: Decimal,
    Kind.DATE: date.fromisoformat,
    Kind.TIMESTAMPTZ: datetime.fromisoformat,
    Kind.BOOLEAN: lambda text: text == "true",
}


@dataclass(frozen=True)
class Evidence:
    """What there is to satisfy materials with.

    `facts` by material key and place among its satisfiers; `licences`: numbers in force by type; `uploads`: what the
    applicant offers, by material key; `promised`: keys of materials for which a promise is given.
    """

    facts: Mapping[tuple[str, int], Fact] = field(default_factory=dict)
    licences: Mapping[str, str] = field(default_factory=dict)
    uploads: Mapping[str, tuple[UploadView, ...]] = field(default_factory=dict)
    promised: Collection[str] = ()


def needed(materials: Sequence[Material], answers: Answers, today: date) -> tuple[Material, ...]:
    """The materials that these answers call for, in the item's order."""
    return tuple(one for one in materials if one.show_if is None or shown(one.show_if, answers, today))


def shown(condition: Node, answers: Answers, today: date) -> bool:
    """Whether a condition holds of the answers; a question that was not answered is empty."""
    row = {one.name: _typed(answers.get(one.name), one.kind) for one in fields_of(condition)}
    return holds(condition, row, today)


def plan(materials: Sequence[Material], evidence: Evidence) -> tuple[Planned, ...]:
    """By what each of the needed materials is satisfied."""
    return tuple(_choose(one, evidence) for one in materials)


def _choose(material: Material, evidence: Evidence) -> Planned:
    problem = ""
    for place, satisfier in enumerate(material.satisfied_by):
        found = _by(material, place, satisfier, evidence)
        if found is not None and found.settled:
            return found
        problem = problem or (found.problem if found else "")
    if material.promise and material.key in evidence.promised:
        how = How.PROMISE
    elif material.later:
        how = How.LATER
    else:
        how = How.MISSING if material.required or problem else How.OMITTED
    return _planned(material, how, problem=problem)


def _by(material: Material, place: int, satisfier: Satisfier, evidence: Evidence) -> Planned | None:
    match satisfier:
        case ByFact():
            fact = evidence.facts.get((material.key, place))
            return _planned(material, How.FACT, fact=fact) if fact else None
        case ByLicence(licence=kind):
            number = evidence.licences.get(kind, "")
            return _planned(material, How.LICENCE, licence=number) if number else None
        case ByUpload():
            offered = evidence.uploads.get(material.key, ())
            problem = next((said for one in offered if (said := uploads.unfit(one, satisfier))), "")
            if not offered or problem:
                return _planned(material, How.MISSING, problem=problem) if problem else None
            return _planned(material, How.UPLOAD, files=tuple(dict.fromkeys(one.id for one in offered)))


def _planned(
    material: Material, how: How, *, fact: Fact | None = None, licence: str = "", files: tuple[int, ...] = (),
    problem: str = "",
) -> Planned:  # fmt: skip
    paper = material.paper and how in (How.UPLOAD, How.LATER)
    return Planned(material.key, material.title, how, fact, licence, files, problem, paper)


def promise_text(item_title: str, material_title: str, applicant: str) -> str:
    """What is promised (国办发〔2020〕42号: 告知承诺制), in words that name the item, the material and who promises."""
    return (
        f"申请人{applicant}办理“{item_title}”，已知晓“{material_title}”的要求、不实承诺的责任和核查方式，"
        "承诺已经符合该要求，所述真实，愿意接受核查；承诺不实的，愿意承担撤销决定、记入信用记录等法律责任。"
    )


def _typed(text: str | None, kind: Kind) -> Raw | None:
    """An answer as expressions compare it; None where there is none, or it is not canonical."""
    try:
        return None if text is None else _TYPED[kind](text)
    except (ValueError, InvalidOperation):
        return None
