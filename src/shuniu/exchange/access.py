"""Who may see which items of whose rows. Pure.

The stricter of an item's and its resource's share type holds (政务信息资源目录编制指南 2017). Natural persons' rows are
seen by their owner, by the subject, and masked by the reviewer who has taken an open review of that subject; 不予共享 is
seen by nobody else, 有条件共享 by grant only. Under a grant exactly what was granted is seen (`grants.policy`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from shuniu.base.masking import mask_free_text, mask_name, mask_phone, mask_resident_id
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Item, Resource, ShareType, SubjectType
from shuniu.exchange.grants import policy
from shuniu.exchange.grants.declare import Agreement
from shuniu.trust.declare import Refused


class Reader(StrEnum):
    """What somebody is to the rows that he asks for."""

    OWNER = "owner"  # an officer of the agency that delivers them
    SUBJECT = "subject"  # whom they are about, verified
    REVIEWER = "reviewer"  # whom an open review of a doubtful match that concerns them is assigned to
    OFFICER = "officer"  # an officer of another agency
    ANYBODY = "anybody"


@dataclass(frozen=True)
class Sight:
    """What may be seen: these items, whole or masked: all of them (`masked`), or those that are named in `veiled`."""

    items: tuple[Item, ...]
    masked: bool = False
    veiled: frozenset[str] = field(default_factory=frozenset)

    def cell(self, item: Item, value: str | None) -> str | None:
        """A value of an item that may be seen, as it may be seen."""
        if item.name in self.veiled:
            return veiled(item, value)
        return masked(item, value) if self.masked else value


def sight(resource: Resource, reader: Reader, *, natural: bool, agreement: Agreement | None = None) -> Sight:
    """What a reader may see of a resource's rows; `natural`: the rows are about a natural person.

    `agreement` is the one that an officer reads under; it counts for nobody else.
    Raises `Refused` share.natural_person, share.none, share.conditional, share.not_open, grant.nothing_left.
    """
    if reader in (Reader.OWNER, Reader.SUBJECT):
        return Sight(resource.items)
    if reader is Reader.REVIEWER:
        return Sight(resource.items, masked=True)
    if reader is Reader.OFFICER and agreement is not None:
        return _granted(resource, agreement)
    if natural:
        raise Refused(
            "share.natural_person",
            f"“{resource.title}”涉及自然人，只有提供单位、本人和领办其主体复核的复核员可以查看。",
            "复核员请先领办该主体的复核；确因履职需要的，请向提供单位提出共享申请，写明依据和用途。",
        )
    if reader is Reader.ANYBODY and not resource.open:
        raise Refused("share.not_open", f"“{resource.title}”不向社会开放。", "可以依申请公开程序向提供单位申请。")
    free = tuple(item for item in resource.items if catalogue.share_of(resource, item) is ShareType.UNCONDITIONAL)
    if not free:
        raise _refusal(resource)
    return Sight(free)


def _granted(resource: Resource, agreement: Agreement) -> Sight:
    items = policy.view(resource, agreement)
    if (nothing := policy.nothing_left(agreement, items)) is not None:
        raise nothing
    seen = policy.Judgement(None, items)
    return Sight(seen.seen, veiled=seen.masked)


_PUBLIC = ("uscc", "organisation_code", "registration_number", "legal_name")
_NAMES = ("person_name", "legal_representative")
_PERSONAL = 3  # 敏感程度: from here on an item says something of a natural person


def masked(item: Item, value: str | None) -> str | None:
    """A cell as a reviewer sees it: what identifies a person is masked by its kind or hidden, a firm's number is not.

    Of a birth date the year stays; running text is cleaned of what identifies.
    """
    if value is None or item.identifies in _PUBLIC:
        return value
    if "resident_id" in (item.identifies, item.check):
        return mask_resident_id(value)
    if item.identifies in _NAMES or item.element in _NAMES:
        return mask_name(value)
    if item.element == "birth_date":
        return f"{value[:4]}年"
    if item.check == "phone":
        return mask_phone(value)
    return "［已隐去］" if item.sensitivity >= _PERSONAL else mask_free_text(value)


def veiled(item: Item, value: str | None) -> str | None:
    """A cell that an agreement gives masked: as a reviewer sees it, and hidden where that would leave it as it is."""
    shown = masked(item, value)
    return "［已隐去］" if shown is not None and shown == value else shown


def about_persons(resource: Resource, kind: str) -> bool:
    """Whether rows must be handled as a natural person's: by the resource, and by the subject's kind where it has both."""
    if resource.subject is SubjectType.BOTH:
        return kind != "legal"
    return resource.subject is SubjectType.NATURAL or kind == "natural"


def _refusal(resource: Resource) -> Refused:
    if resource.share is ShareType.NOT_SHARED:
        basis = f"（依据：{resource.share_refusal_basis}）" if resource.share_refusal_basis else ""
        return Refused("share.none", f"“{resource.title}”不予共享{basis}。", "有异议的，请向政务数据共享主管部门提出。")
    return Refused(
        "share.conditional",
        f"“{resource.title}”有条件共享：{resource.share_conditions or '须经提供单位同意'}。",
        "请向提供单位提出共享申请，写明依据、用途和所需信息项。",
    )
