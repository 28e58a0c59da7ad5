"""The head of a report: what the registers say of a legal person, each line from the register that answers for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from shuniu.base.masking import mask_name
from shuniu.catalogue.declare import Item, Resource
from shuniu.registries.api.files import Held
from shuniu.systems.credit.masks import INDIVIDUAL, public_text

REGISTERS = ("43.market/registration", "43.staffing/registration", "43.civil/organisation")
"""The registers that found legal persons. A subject is registered in one of them; the first that speaks is believed."""
LINES: tuple[tuple[str, tuple[str, str, str]], ...] = (
    ("类型", ("enterprise_type", "jglb", "shzzlb")),
    ("法定代表人", ("legal_representative", "legal_representative", "legal_representative")),
    ("登记状态", ("registration_status", "registration_status", "registration_status")),
    ("注册资本（万元）", ("registered_capital", "registered_capital", "registered_capital")),
    ("成立日期", ("establishment_date", "establishment_date", "establishment_date")),
    ("登记机关", ("registration_authority", "registration_authority", "registration_authority")),
    ("住所", ("address", "address", "address")),
    ("经营（业务）范围", ("business_scope", "zzhywfw", "business_scope")),
)
"""Title of each line, and its item in each register. Registration law makes these public (市场主体登记管理条例 art. 8, 35,
and its like for the other two)."""
_REPRESENTATIVE = "legal_representative"


@dataclass(frozen=True)
class Line:
    """One line of the head, and where it comes from."""

    title: str
    text: str
    resource: str
    agency: str
    recorded: date
    batch: int


@dataclass(frozen=True)
class RegisterView:
    """One register as heads are read from it: which of its items, and the labels of their codes."""

    resource: Resource
    agency: str
    items: tuple[Item | None, ...]  # in the order of LINES; None where this register has no such item
    labels: Mapping[str, Mapping[str, str]]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(item.name for item in self.items if item is not None)


def header_lines(said: Iterable[tuple[RegisterView, Held]], code: str, *, public: bool) -> tuple[Line, ...]:
    """What the registers say of a legal person, codes by their labels; what may point to a home or a person masked.

    `said` comes in the order of REGISTERS, within one the newest row first.
    """
    lines: dict[str, Line] = {}
    for view, held in said:
        cells = iter(held.cells)
        for (title, _), item in zip(LINES, view.items, strict=True):
            cell = next(cells) if item is not None else None
            if item is not None and cell and title not in lines:
                text = view.labels.get(item.name, {}).get(cell, cell)
                text = _public(text, item, view.resource, code) if public else text
                lines[title] = Line(
                    title, text, view.resource.key, view.agency, timezone.localdate(held.recorded), held.batch
                )
    return tuple(lines[title] for title, _ in LINES if title in lines)


def _public(text: str, item: Item, resource: Resource, code: str) -> str:
    """A firm's representative is public registration; an individual's owner is a person at home."""
    if item.name == _REPRESENTATIVE:
        return mask_name(text) if code.startswith(INDIVIDUAL) else text
    return public_text(text, item, resource, code)
