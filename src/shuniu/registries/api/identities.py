"""Who somebody at the window is: by the number and the name that stand on the document, both or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from shuniu.base.identifiers import IdentifierKind, normalise
from shuniu.registries.api import reading
from shuniu.registries.declare import SubjectView
from shuniu.registries.portraits import mask_identifier
from shuniu.trust.api import keyed, record, require, verb
from shuniu.trust.declare import Actor, Refused

_KINDS = (IdentifierKind.USCC, IdentifierKind.RESIDENT_ID)
_NATURAL = "natural"


@dataclass(frozen=True)
class Identity:
    """A subject for who has verified it: its root, every number that is one with it, its name, its code (a person's masked)."""

    id: int
    members: tuple[int, ...]
    natural: bool
    name: str
    number: str


@verb("registries.find_identity", "按证件核对身份", reads=True)
def find_identity(*, actor: Actor, identifier: str, name: str) -> int | None:
    """The root of the subject that answers to this resident ID or social credit code under this very name, or a former one.

    None: nobody, several contend, or the name is another's; which of them it was is not told. The journal keeps the
    identifier as a keyed value alone. Raises Refused identity.number for what is no such number.
    """
    require()
    read = [(kind, normalise(kind, identifier)) for kind in _KINDS]
    numbers = [(kind, value) for kind, value in read if isinstance(value, str)]
    if not numbers:
        raise Refused(
            "identity.number",
            "这不是有效的公民身份号码，也不是统一社会信用代码。",
            "请对照证件逐字核对，末位是校验码。",
        )
    found = next((one for kind, value in numbers if (one := reading.find_named(kind, value, name)) is not None), None)
    record(
        "identities",
        subjects=() if found is None else (found.id,),
        detail={"identifier": keyed(numbers[0][1]), "matched": found is not None},
    )
    return None if found is None else found.id


@verb("registries.read_identity", "查看核对过的身份", reads=True)
def read_identity(*, actor: Actor, subject: int) -> Identity:
    """A subject that was found before, as known now. Raises Refused identity.unknown."""
    require()
    found = reading.subject(subject)
    if found is None:
        raise Refused("identity.unknown", "登记库中没有这个人或者企业。", "请重新核对证件。")
    record("identities", subjects=(found.id,))
    return Identity(found.id, found.members, found.kind == _NATURAL, found.name, _number(found))


def _number(found: SubjectView) -> str:
    """What the subject is told from its namesakes by."""
    wanted = IdentifierKind.RESIDENT_ID if found.kind == _NATURAL else IdentifierKind.USCC
    return next((mask_identifier(kind, value) for kind, value in found.identifiers if kind == wanted), "")
