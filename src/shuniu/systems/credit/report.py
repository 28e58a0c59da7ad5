"""The one door to credit files: who asks is checked, the reading is journalled, the file comes as a frozen report."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils import timezone

from shuniu.base.identifiers import clean
from shuniu.catalogue import api as catalogue
from shuniu.directory.declare import CREDIT_ON_DUTY
from shuniu.registries import api as registries
from shuniu.registries.api.files import Who, subject_file, who_answers, who_is
from shuniu.systems.credit.declare import Purpose, Viewer
from shuniu.systems.credit.file import Fact, Header, Report
from shuniu.systems.credit.header import header_lines
from shuniu.systems.credit.views import Views, work_out
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Json, Refused

FEWEST_CHARACTERS, MOST_FOUND = 2, 20


@verb("credit.search", "查询信用主体", reads=True)
def search(*, actor: Actor, text: str) -> list[Header]:
    """Legal persons by code or by a part of the name, at most 20; never a natural person, never a list of all.

    Raises Refused credit.too_short.
    """
    require()
    asked = text.strip()
    if len(asked) < FEWEST_CHARACTERS:
        raise Refused(
            "credit.too_short", "请至少输入两个字。", "请输入统一社会信用代码，或者企业名称中连续的两个字以上。"
        )
    found = registries.search_subjects(asked, limit=MOST_FOUND)
    record("credit", detail={"found": len(found)})
    codes = [next((value for kind, value in one.identifiers if kind == "uscc"), "") for one in found]
    return [Header(one.id, one.kind, one.name, code) for one, code in zip(found, codes, strict=True)]


@verb("credit.report", "查询信用报告", reads=True, entry_only=True)
def report(*, actor: Actor, code: str = "", viewer: Viewer = Viewer.PUBLIC, purpose: Purpose | None = None) -> Report:
    """The credit file of the legal person with that code, or (`viewer` SUBJECT) of the actor's own verified subject.

    Raises Refused: credit.unknown, credit.own (no verified subject), credit.purpose (duty without one of the closed
    list), right.missing.
    """
    if viewer is Viewer.DUTY:
        require(capability=CREDIT_ON_DUTY)
        if purpose is None:
            raise Refused("credit.purpose", "依法履职查询须写明用途。", "请从用途清单中选择一项。")
    else:
        require()
    made = assemble(_whose(actor, code, viewer), viewer, purpose)
    record(
        f"subject:{made.header.subject}",
        subjects=[made.header.subject],
        detail={
            "viewer": viewer.value, "purpose": purpose.value if purpose else "", "facts": len(made.facts),
            **({"items": _shown(made)} if viewer is Viewer.DUTY else {}),
        },
    )  # fmt: skip
    return made


def _shown(made: Report) -> list[Json]:
    """The items that an officer was shown, each once, with its class: for the subject. What is public is on its page."""
    return list(
        dict.fromkeys(f"{fact.seen_as.resource.title}：{title}" for fact in made.facts for title, _ in fact.items)
    )


def _whose(actor: Actor, code: str, viewer: Viewer) -> Who:
    """Whose file is asked for. A natural person's is given to that person alone."""
    if viewer is Viewer.SUBJECT:
        own = who_is(actor.subject) if actor.subject is not None else None
        if own is None:
            raise Refused(
                "credit.own", "您的账号还没有核验为登记的主体。", "请先完成实名核验，再查询本人（本企业）报告。"
            )
        return own
    found = who_answers("uscc", clean(code))
    if found is None or found.kind != "legal" or not found.known:
        raise Refused("credit.unknown", "没有找到这个统一社会信用代码的主体。", "请核对代码，或者按名称查询。")
    return found


def assemble(who: Who, viewer: Viewer, purpose: Purpose | None) -> Report:
    """Read and lay out a file. The caller is a verb that has required the right and records the reading."""
    views = _views(viewer)
    header = Header(who.root, who.kind, who.name, who.code if who.kind == "legal" else "")
    held = subject_file(who, views.selections.get, changes=viewer is Viewer.SUBJECT)
    said = [(register, one) for table, register in views.registers.items() for one in held if one.table == table]
    return Report(
        header, viewer, purpose, timezone.now(), settings.RULE_PACK,
        tuple(Fact(views.classes[one.table], viewer, header, one) for one in held if one.table in views.classes),
        header_lines(said, header.code, public=viewer is Viewer.PUBLIC) if who.kind == "legal" else (),
        views.ratings,
    )  # fmt: skip


_held: dict[Viewer, tuple[object, date, str, Views]] = {}


def _views(viewer: Viewer) -> Views:
    """Every class as this viewer sees it today: worked out anew when the catalogue, the day or the rules change."""
    standing, today = catalogue.snapshot(), timezone.localdate()
    held = _held.get(viewer)
    if held is None or held[0] is not standing or held[1:3] != (today, settings.RULE_PACK):
        held = (standing, today, settings.RULE_PACK, work_out(standing, viewer, today))
        _held[viewer] = held
    return held[3]
