"""The self-check as a verb: of one agency, or of the whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils import timezone

from shuniu.trust.certificates import doctor
from shuniu.trust.certificates.api.making import within
from shuniu.trust.certificates.declare import Finding
from shuniu.trust.declare import Actor
from shuniu.trust.door import record, verb


@verb("trust.self_check", "自检证书与时钟", reads=True)
def self_check(
    *, actor: Actor, agency: str = "", machines: Callable[[str], Sequence[Finding]] = lambda _agency: ()
) -> tuple[Finding, ...]:
    """What is wrong and who must act: clocks first; then authorities and certificates, the agency's or everybody's.

    `machines` says of an agency's machines, or everybody's (''), what was seen of their clocks where they call: whoever
    asks for the check hands it in.
    """
    within(actor, agency)
    now = timezone.now()
    found = [
        *doctor.clocks(),
        *machines(agency),
        *([] if agency else doctor.platform(now)),
        *doctor.authorities(now),
        *(doctor.agency(agency, now) if agency else doctor.province(now)),
    ]
    record(
        f"agency:{agency}" if agency else "certificates", detail={"wrong": sum(one.state == "wrong" for one in found)}
    )
    return tuple(found)
