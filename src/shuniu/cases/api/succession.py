"""Who takes over: an officer has left with tasks in hand, an agency has merged into another (机构改革).

What is still to be done moves to the successor; what was done stands as it was done, and the successor looks after it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from django.utils import timezone

from shuniu.cases import letter_telling as telling
from shuniu.cases.api import letters, withheld
from shuniu.cases.declare.succession import Inherited, Share, Succeeded, SuccessionView
from shuniu.cases.models import Document, LetterPart, Succession
from shuniu.cases.store import inheriting as store
from shuniu.cases.store import successions
from shuniu.directory import api as directory
from shuniu.notices import api as notices
from shuniu.notices.declare import Recipient, Template, Words
from shuniu.procedures import api as procedures
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Json, Refused

TAKEN_OVER = notices.register(
    Template(
        "cases.succeeded",
        Words("承接了另一单位的工作", "You took another agency's place"),
        Words(
            "按照{reason}，{agency}的在办事项 {matters} 件和它的证照、公文、服务事项，从现在起由本单位承接，请分派人员办理。",
            "By {reason}, {matters} running matters of {agency}, and its licences, documents and services, are now yours.",
        ),
        ("agency", "reason", "matters"),
    )
).key


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


def to_hand_back() -> bool:
    """Whether `hand_back` would free anything."""
    return bool(directory.closed(procedures.with_tasks()))


def keeper(agency: str) -> str:
    """Who looks after what is this agency's: itself, or the last of those that took its place."""
    return successions.keeper(agency)


@verb("cases.list_successions", "查看机构合并承接", reads=True)
def list_successions(*, actor: Actor) -> tuple[SuccessionView, ...]:
    """Every agency whose place another took, the last one first."""
    require()
    rows = Succession.objects.order_by("-pk")
    found = tuple(SuccessionView(one.agency, one.successor, one.reason, one.at, one.person_name) for one in rows)
    record("agencies", detail={"successions": len(found)})
    return found


@verb("cases.succeed_agency", "机构合并承接")
def succeed_agency(*, actor: Actor, agency: str, successor: str, reason: str = "", dry_run: bool = False) -> Succeeded:
    """Let another agency take over all that one has still to do, and look after what it has done; or only say what that is.

    `reason`: the document that ordered it; a dry run needs none. Moved are running procedures and cases, parts of letters
    still to be answered, documents without a number, counters with their bookings. By the succession, without an edit,
    the successor looks after what stays as it was made: licences bear the issuer that they were issued by, documents
    their number and 机关代字 (a 机关代字 itself is given anew on its own page), incoming ones whom they were sent to (党政机关公文
    处理工作条例 art. 36: 机关合并时，全部公文应当随之合并管理), ended cases and ratings who handled them, service items who
    declared them, until the successor publishes them anew, agreements the two that made them and objections whose row they
    speak of; new cases, letters and objections go to the successor at once.
    A letter that accuses either stays where it is (`Succeeded.left`), and its leader is told. Done once more for the same
    two, it moves what has come since. Raises Refused: case.agency, case.succeeded, case.reason.
    """
    require()
    _check(agency, successor)
    if not (dry_run or reason.strip()):
        raise Refused("case.reason", "没有写明依据。", "请写明机构改革方案或者文件的名称和文号。")
    found = _found(agency, successor)
    if not dry_run:
        _move(actor, found, reason.strip())
    if actor.agency in (agency, successor):
        found = replace(found, left=0)  # those letters may accuse the actor's own agency
    counts: dict[str, Json] = {one.kind.value: one.count for one in found.shares}
    detail = {"successor": successor, "dry_run": dry_run, "matters": found.matters, "left": found.left, **counts}
    record(f"agency:{agency}", detail=detail)
    return found


def _check(agency: str, successor: str) -> None:
    standing = {one.key for one in directory.agencies()}
    if agency == successor or directory.agency(agency) is None or successor not in standing:
        raise Refused(
            "case.agency",
            "没有这两个机构，或者两者是同一个，或者承接单位已经撤销。",
            "请核对机构，选择两个不同的单位。",
        )
    taken = successions.successors()
    if successor in taken or taken.get(agency, successor) != successor:
        gone = successor if successor in taken else agency
        raise Refused(
            "case.succeeded",
            f"{directory.agency_name(gone)}已经由{directory.agency_name(successions.keeper(gone))}承接。",
            "请改选现在的承接单位。",
        )


def _found(agency: str, successor: str) -> Succeeded:
    """What would go over, by the conditions by which it goes."""
    asked, estate = procedures.concerning(agency), successions.estate(agency)
    running = asked.keys() - _leave(agency, successor)
    cases, parts, drafts = store.cases(agency), store.parts(agency, successor), store.drafts(agency)
    incoming, windows = store.incoming(estate, [*asked]), store.windows(agency)
    told = (
        cases.values_list("matter", flat=True), parts.values_list("matter", flat=True),
        parts.values_list("letter__matter", flat=True), drafts.values_list("matter", flat=True),
        incoming.values_list("matter", flat=True),
    )  # fmt: skip
    others = Counter(asked[one] for one in running - {one for each in told for one in each})
    first, kind = store.FIRST, Inherited
    numbers = [f"第 {one} 号" for one in drafts.values_list("pk", flat=True)[:first]]
    came = [f"第 {one} 号" for one in incoming.values_list("pk", flat=True)[:first]]
    shares = (
        Share(kind.CASES, cases.count(), tuple(cases.values_list("number", flat=True)[:first])),
        Share(kind.LETTERS, parts.count()),
        Share(kind.DRAFTS, drafts.count(), tuple(numbers)),
        Share(kind.INCOMING, incoming.count(), tuple(came)),
        Share(kind.WINDOWS, windows.count(), tuple(windows.values_list("title", flat=True)[:first])),
        Share(kind.OTHERS, others.total(), tuple(_named(others.most_common(first)))),
        Share(kind.ITEMS, store.items(estate).count(), tuple(store.item_titles(estate))),
        Share(kind.LICENCES, store.licences(estate).count(), tuple(_said(store.licence_kinds(estate)))),
        Share(kind.FILED, store.filed(estate, agency, [*asked])),
    )
    return Succeeded(agency, successor, shares, len(running), store.left(agency, successor).count())


def _leave(agency: str, successor: str) -> frozenset[int]:
    return withheld.matters_of(store.barred(agency, successor))


def _named(counted: Iterable[tuple[str, int]]) -> list[str]:
    titles = procedures.PROCEDURES
    return _said((titles[key].title if key in titles else key, count) for key, count in counted)


def _said(counted: Iterable[tuple[str, int]]) -> list[str]:
    return [f"{title} {count:,}" for title, count in counted]


def _move(actor: Actor, found: Succeeded, reason: str) -> None:
    agency, successor = found.agency, found.successor
    before = directory.agency(agency)
    unfit = list(store.left(agency, successor))
    drafts = list(store.drafts(agency).values_list("pk", flat=True))  # those that stand so before their procedures move
    procedures.succeed(actor=actor, agency=agency, successor=successor, reason=reason, leave=_leave(agency, successor))
    store.cases(agency).update(agency=successor)
    store.move_parts(agency, successor)
    Document.objects.filter(pk__in=drafts).update(agency=successor)
    store.move_windows(agency, successor, before.short if before else agency)
    store.accuse(agency, successor)
    Succession.objects.get_or_create(
        agency=agency,
        defaults={
            "successor": successor, "reason": reason, "at": timezone.now(), "person": actor.person,
            "person_name": actor.name,
        },
    )  # fmt: skip
    _tell(found, reason, unfit)


def _tell(found: Succeeded, reason: str, unfit: list[LetterPart]) -> None:
    values = {"agency": directory.agency_name(found.agency), "reason": reason, "matters": f"{found.matters:,}"}
    to = Recipient(agency=found.successor)
    notices.tell(template=TAKEN_OVER, to=to, object=f"agency:{found.agency}", values=values, owner=found.successor)
    for one in {part.letter_id: part.letter for part in unfit}.values():
        telling.tell_agency(one, telling.leader(letters.BOXES[one.box], one), telling.UNFIT)
