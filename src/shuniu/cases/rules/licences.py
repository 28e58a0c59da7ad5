"""What may become of a licence, and the numbers that it bears. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date

from shuniu.base.identifiers import mod_37_36_check_digit
from shuniu.base.identifiers.checks import LICENCE_ROOT
from shuniu.base.periods import add_months
from shuniu.cases.declare.licence import LicenceState, LicenceType
from shuniu.trust.declare import Refused

_S = LicenceState
NEXT: Mapping[LicenceState, frozenset[LicenceState]] = {
    _S.VALID: frozenset({_S.SUSPENDED, _S.REVOKED, _S.CANCELLED, _S.EXPIRED, _S.WITHDRAWN}),
    _S.SUSPENDED: frozenset({_S.VALID, _S.REVOKED, _S.CANCELLED, _S.EXPIRED, _S.WITHDRAWN}),
    _S.REVOKED: frozenset({_S.CANCELLED}),
    _S.EXPIRED: frozenset({_S.CANCELLED}),
    _S.WITHDRAWN: frozenset({_S.CANCELLED}),
    _S.CANCELLED: frozenset(),
}
"""What may follow what: a licence that was revoked, withdrawn or has run out is cancelled in the books (行政许可法 art. 70)."""

IN_FORCE = (_S.VALID, _S.SUSPENDED)


def change(before: LicenceState, after: LicenceState, reason: str, basis: str) -> None:
    """Refuse what may not become of a licence. Raises Refused licence.state, licence.reason, licence.basis."""
    if after not in NEXT[before]:
        allowed = "、".join(one.title for one in _S if one in NEXT[before])
        raise Refused(
            "licence.state",
            f"证照现为“{before.title}”，不能变为“{after.title}”。",
            f"可以变为：{allowed}。" if allowed else "已注销的证照不再变更；需要的，请重新申请。",
        )
    if not reason.strip():
        raise Refused("licence.reason", "变更证照状态要写明理由。", "请写明事实。")
    if not basis.strip():
        raise Refused("licence.basis", "变更证照状态要写明依据。", "请写明法律、法规的名称和条款。")


def state_on(kept: LicenceState, valid_to: date | None, day: date) -> LicenceState:
    """The state on a day: what has run out is expired without anybody's act."""
    ran_out = valid_to is not None and valid_to < day
    return LicenceState.EXPIRED if ran_out and kept in IN_FORCE else kept


def last_day(kind: LicenceType, first: date, stated: date | None = None) -> date | None:
    """The last valid day of a licence whose first is given; None: long. `stated` is the issuer's, where the law lets it.

    Raises Refused licence.term, ValueError past the year 9999.
    """
    if kind.varies != (stated is not None) or (stated is not None and stated < first):
        raise Refused(
            "licence.term",
            f"“{kind.title}”的有效期由{'颁发机构按持证人的情况写明' if kind.varies else '法律统一规定'}。",
            "请写明有效期的最后一天，不早于生效日。" if kind.varies else "请不要另写有效期。",
        )
    if stated is not None:
        return stated
    if kind.valid_years is None:
        return None
    return date.fromordinal(add_months(first, 12 * kind.valid_years).toordinal() - 1)


def identifier(kind: LicenceType, issuer: str, serial: str, version: int = 1) -> str:
    """The e-licence identifier (GB/T 36904-2018): root, type code, issuer, serial, version, check character.

    `issuer` is the issuing agency's unified social credit code. Raises ValueError for characters outside 0-9 A-Z.
    """
    parts = (kind.definer + kind.number, issuer, serial, f"{version:03d}")
    return LICENCE_ROOT + ".".join((*parts, mod_37_36_check_digit("".join(parts))))


def serial_of(identifier: str) -> str:
    """The serial number that an identifier contains: its last part but two."""
    return identifier.rsplit(".", 3)[1]


def digest(number: str, facts: Sequence[tuple[str, str]], valid_from: date, valid_to: date | None) -> str:
    """SHA-256 over what a licence says, as UTF-8 JSON without spaces: [number, [[title, value], …], from, to]."""
    said = [number, [list(one) for one in facts], valid_from.isoformat(), valid_to.isoformat() if valid_to else ""]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
