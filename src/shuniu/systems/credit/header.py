"""The head of a report: what the registers say of a legal person, each line from the register that answers for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shuniu.base.masking import mask_name
from shuniu.catalogue.api import Snapshot
from shuniu.registries.api.golden import read
from shuniu.registries.declare import Attribute, Register, Source
from shuniu.systems.credit.masks import INDIVIDUAL, public_text

_REGISTERS = ("43.market/registration", "43.staffing/registration", "43.civil/organisation")


def _attribute(name: str, title: str, element: str, *items: str) -> Attribute:
    """One attribute; `items` are its names in the three registers, the last standing for those that follow."""
    named = [*items, *items[-1:] * (len(_REGISTERS) - len(items))]
    sources = tuple(Source(resource, item) for resource, item in zip(_REGISTERS, named, strict=True))
    return Attribute(name, title, element, sources)


REGISTER = Register(
    key="credit.header",
    title="登记注册基本信息",
    subject="legal",
    attributes=(
        _attribute("type", "类型", "enterprise_type", "enterprise_type", "jglb", "shzzlb"),
        _attribute("legal_representative", "法定代表人", "legal_representative", "legal_representative"),
        _attribute("status", "登记状态", "registration_status", "registration_status"),
        _attribute("capital", "注册资本（万元）", "registered_capital", "registered_capital"),
        _attribute("established", "成立日期", "establishment_date", "establishment_date"),
        _attribute("authority", "登记机关", "registration_authority", "registration_authority"),
        _attribute("address", "住所", "address", "address"),
        _attribute("scope", "经营（业务）范围", "business_scope", "business_scope", "zzhywfw", "business_scope"),
    ),
)
"""Registration items that registration law makes public (市场主体登记管理条例 art. 8, 35 and its like for the other two)."""


@dataclass(frozen=True)
class Line:
    """One line of the head, and where it comes from."""

    title: str
    text: str
    resource: str
    agency: str
    recorded: date
    batch: int


def header_lines(
    subject: int, code: str, *, public: bool, standing: Snapshot, agencies: Mapping[str, str]
) -> tuple[Line, ...]:
    """What the registers say of a legal person, codes by their labels; what may point to a home or a person masked."""
    found = []
    for value in read(REGISTER, subject):
        if (said := value.winner) is None:
            continue
        resource = standing.published[said.resource].resource
        item = resource.item(said.item)
        codes = standing.code_lists.get(item.code_list)
        text = (
            next((code.label for code in codes.codes if code.code == said.value), said.value) if codes else said.value
        )
        if public and value.attribute.name == "legal_representative":
            text = mask_name(text) if code.startswith(INDIVIDUAL) else text
        elif public:
            text = public_text(text, item, resource, code)
        agency = agencies.get(said.agency, said.agency)
        found.append(Line(value.attribute.title, text, said.resource, agency, said.at.date(), said.batch))
    return tuple(found)
