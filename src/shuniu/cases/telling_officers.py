"""What officers are told of cases: that one was handed to them, that an answer is awaited, that one is theirs to read."""

from __future__ import annotations

from collections.abc import Iterable

from shuniu.cases.api import items
from shuniu.cases.models import Case
from shuniu.notices import api as notices
from shuniu.notices.declare import EMAIL, INBOX, SMS, Letter, Recipient, Template, Words
from shuniu.procedures.declare import Seat
from shuniu.trust.declare import Actor

_CHANNELS = (INBOX.key, EMAIL.key, SMS.key)
TRANSFERRED, DELEGATED, SIGNER, CIRCULATED, URGED, SUPERVISED, RETURNED = (
    notices.register(Template(f"cases.{key}", title, text, ("number", "item", "who", *more), channels)).key
    for key, title, text, more, channels in (
        (
            "transferred",
            Words("有办件转给您办理", "A case was handed to you"),
            Words("{who}把办件 {number}（{item}）转给您办理。", "{who} handed case {number} ({item}) to you."),
            (),
            _CHANNELS,
        ),
        (
            "delegated",
            Words("请您答复意见", "Your opinion is asked for"),
            Words("{who}请您先对办件 {number}（{item}）答复意见。",
                  "{who} asks for your opinion on case {number} ({item})."),
            (),
            _CHANNELS,
        ),
        (
            "signer",
            Words("有办件请您会签", "Your signature is asked for"),
            Words("{who}请您会签办件 {number}（{item}），您同意后才能办理下去。",
                  "{who} asks you to sign case {number} ({item}); it goes on only with your consent."),
            (),
            _CHANNELS,
        ),
        (
            "circulated",
            Words("有办件传给您阅", "A case for you to read"),
            Words("{who}把办件 {number}（{item}）传给您阅，阅后请点“已阅”。",
                  "{who} circulated case {number} ({item}) to you; please confirm that you have read it."),
            (),
            (INBOX.key,),
        ),
        (
            "urged",
            Words("有办件催办", "A case is waiting for you"),
            Words("{who}催办办件 {number}（{item}），请尽快办理。",
                  "{who} asks you to deal with case {number} ({item}) soon."),
            (),
            _CHANNELS,
        ),
        (
            "supervised",
            Words("有办件被督办", "A case is being supervised"),
            Words("{who}督办办件 {number}（{item}），办结期限：{due}。",
                  "{who} supervises case {number} ({item}), to be done by: {due}."),
            ("due",),
            _CHANNELS,
        ),
        (
            "returned",
            Words("有办件退回重新办理", "A case was sent back"),
            Words("{who}把办件 {number}（{item}）退回，请重新办理。理由见办件。",
                  "{who} sent case {number} ({item}) back to be dealt with again; the reason is with the case."),
            (),
            _CHANNELS,
        ),
    )
)  # fmt: skip


def tell(case: Case, template: str, by: Actor, to: Iterable[Recipient], **values: str) -> None:
    """Tell these officers of what another did in a case, inside the open verb."""
    said = {"number": case.number, "item": items.title(case.item, case.version), "who": by.name, **values}
    letters = [Letter(one, f"case:{case.number}", said) for one in to]
    if letters:
        notices.tell_many(template=template, letters=letters, owner=case.agency)


def holders(seats: Iterable[Seat]) -> list[Recipient]:
    """Who is to answer in these seats: the person who has one, or the agency where nobody has taken it; each once."""
    asked = dict.fromkeys((seat.person, "" if seat.person else seat.agency) for seat in seats)
    return [Recipient(person=person, agency=agency) for person, agency in asked]
