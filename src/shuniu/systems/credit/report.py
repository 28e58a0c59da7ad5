"""The one door to credit files: who asks is checked, the reading is journalled, the file comes as a frozen report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import timezone

from shuniu.base.expressions import where
from shuniu.base.identifiers import clean
from shuniu.base.rules import RuleBook
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Published
from shuniu.directory import api as directory
from shuniu.directory.declare import CREDIT_ON_DUTY
from shuniu.registries import api as registries
from shuniu.registries.api.files import Selection, subject_file
from shuniu.registries.declare import SubjectView
from shuniu.systems.credit.declare import RATING, Purpose, Viewer, section_of
from shuniu.systems.credit.disclosure import disclosed
from shuniu.systems.credit.file import ClassView, Fact, Header, Report
from shuniu.systems.credit.header import Line, header_lines
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

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
    return [_header(one) for one in found]


@verb("credit.report", "查询信用报告", reads=True)
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
    made = assemble(_subject(actor, code, viewer), viewer, purpose)
    record(
        f"subject:{made.header.subject}",
        subjects=[made.header.subject],
        detail={"viewer": viewer.value, "purpose": purpose.value if purpose else "", "facts": len(made.facts)},
    )
    return made


def _subject(actor: Actor, code: str, viewer: Viewer) -> SubjectView:
    """Whose file is asked for. A natural person's is given to that person alone."""
    if viewer is Viewer.SUBJECT:
        own = registries.subject(actor.subject) if actor.subject is not None else None
        if own is None:
            raise Refused(
                "credit.own", "您的账号还没有核验为登记的主体。", "请先完成实名核验，再查询本人（本企业）报告。"
            )
        return own
    number = registries.find_subject("uscc", clean(code))
    found = registries.subject(number) if number is not None else None
    if found is None or found.kind != "legal" or not found.known:
        raise Refused("credit.unknown", "没有找到这个统一社会信用代码的主体。", "请核对代码，或者按名称查询。")
    return found


def assemble(subject: SubjectView, viewer: Viewer, purpose: Purpose | None) -> Report:
    """Read and lay out a file. The caller is a verb that has required the right and records the reading."""
    standing = catalogue.snapshot()
    views = _views(viewer, standing)
    header = _header(subject)
    held = subject_file(
        header.subject,
        lambda table: views.by_table[table].selection if table in views.by_table else None,
        changes=viewer is Viewer.SUBJECT,
    )
    lines: tuple[Line, ...] = ()
    if header.kind == "legal":
        lines = header_lines(
            header.subject, header.code, public=viewer is Viewer.PUBLIC, standing=standing, agencies=views.agencies
        )
    facts = tuple(Fact(views.by_table[one.table], viewer, header, one) for one in held)
    return Report(header, viewer, purpose, timezone.now(), settings.RULE_PACK, facts, lines, views.ratings)


def _header(subject: SubjectView) -> Header:
    codes = [value for kind, value in subject.identifiers if kind == "uscc"]
    return Header(subject.id, subject.kind, subject.name, codes[0] if codes and subject.kind == "legal" else "")


@dataclass(frozen=True)
class _Views:
    by_table: Mapping[int, ClassView]
    agencies: Mapping[str, str]
    ratings: tuple[tuple[str, str], ...]


_held: dict[Viewer, tuple[object, date, str, _Views]] = {}


def _views(viewer: Viewer, standing: catalogue.Snapshot) -> _Views:
    """Every class as this viewer sees it today: worked out anew when the catalogue, the day or the rules change."""
    today = timezone.localdate()
    held = _held.get(viewer)
    if held is None or held[0] is not standing or held[1:3] != (today, settings.RULE_PACK):
        held = (standing, today, settings.RULE_PACK, _work_out(standing, viewer, today))
        _held[viewer] = held
    return held[3]


def _work_out(standing: catalogue.Snapshot, viewer: Viewer, today: date) -> _Views:
    book = RuleBook.load(settings.RULE_PACK)
    names = {agency.key: agency.name for agency in directory.agencies()}
    codes = {key: {code.code: code.label for code in one.codes} for key, one in standing.code_lists.items()}
    views, ratings = {}, []
    for published in standing.published.values():
        resource = published.resource
        if resource.credit is not None and resource.credit.nature == RATING:
            ratings.append((names.get(resource.agency, resource.agency), resource.title))
        if view := _view(published, viewer, book, today, names, codes):
            views[published.table] = view
    return _Views(views, names, tuple(ratings))


def _view(
    published: Published,
    viewer: Viewer,
    book: RuleBook,
    today: date,
    names: Mapping[str, str],
    codes: Mapping[str, Mapping[str, str]],
) -> ClassView | None:
    resource = published.resource
    seen = disclosed(resource, viewer, book, today, settings.PROVINCE)
    if seen is None:
        return None
    return ClassView(
        resource,
        names.get(resource.agency, resource.agency),
        section_of(resource),
        seen,
        Selection(published.table, tuple(item.name for item in seen.items), where(seen.where, today)),
        {item.name: codes[item.code_list] for item in resource.items if item.code_list in codes},
    )
