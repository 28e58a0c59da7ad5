"""Who takes over: an officer has left with tasks in hand, an agency has merged into another in the middle of cases."""

from __future__ import annotations

from shuniu.cases.models import Case
from shuniu.directory import api as directory
from shuniu.procedures import api as procedures
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


@verb("cases.hand_back", "离岗人员待办交回")
def hand_back(*, actor: Actor) -> int:
    """Free what is in the hands of people whose accounts are closed: their colleagues find it in the common queue.

    Of every procedure, not of cases alone. Returns how many people that were.
    """
    require()
    left = sorted(directory.closed(procedures.with_tasks()))
    for person in left:
        procedures.release_person(actor=actor, person=person, reason="账号已停用")
    record("procedures", detail={"people": len(left)})
    return len(left)


@verb("cases.succeed_agency", "机构合并承接办件")
def succeed_agency(*, actor: Actor, agency: str, successor: str, reason: str) -> int:
    """Let another agency take over all that one has still to answer, its cases with it; what was answered stands.

    `reason`: the document that ordered it. Returns how many running matters moved. Raises Refused: case.agency, case.reason.
    """
    require()
    if agency == successor or directory.agency(agency) is None or directory.agency(successor) is None:
        raise Refused("case.agency", "没有这两个机构，或者两者是同一个。", "请核对机构代码。")
    if not reason.strip():
        raise Refused("case.reason", "没有写明依据。", "请写明机构改革方案或者文件的名称和文号。")
    moved = procedures.succeed(actor=actor, agency=agency, successor=successor, reason=reason.strip())
    cases = Case.objects.filter(agency=agency, ended_at=None).update(agency=successor)
    record(f"agency:{agency}", detail={"successor": successor, "matters": len(moved), "cases": cases})
    return len(moved)
