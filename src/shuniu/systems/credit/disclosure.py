"""Who may see a fact of a class, and until when: the dated rule as one expression, compiled into the query. Pure.

The rule in force on the day of looking decides, whatever the date of the fact: what may not be published today is not
published today. Every answer keeps the ids of the rules that decided it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from shuniu.base.expressions import And, Compare, Field, In, IsNull, Kind, Node, Not, Or, Shift, Today, value
from shuniu.base.periods import add_months
from shuniu.base.rules import Rule, RuleBook
from shuniu.catalogue.declare import Disclosure, Item, ItemType, Resource, ShareType, SubjectType
from shuniu.systems.credit.declare import (
    ADVERSE,
    DOCUMENT_DATES,
    ENDS,
    FULFILLED,
    IN_FORCE,
    RATING,
    STATED_END,
    VALID_TO,
    Viewer,
)

KEY = "credit.disclosure."
NATURAL = "01"
"""自然人, in the code list of a party's kind (双公示: 01 natural, 02 legal, 03 other organisation, 04 个体工商户)."""
PERSONS_NUMBERS = ("resident_id", "passport")
_PERSON = re.compile(r"姓名|联系方式|(电话|手机|电话号码|手机号|人|员|者|代表|股东)(（.*）)?$")


@dataclass(frozen=True)
class Disclosed:
    """What a viewer may see of a class on a day: rows that meet `where`, of them `items`; `rules` decided it.

    `document` is the item with the date from which a term runs; `months` that term (0: no term).
    """

    where: Node
    items: tuple[Item, ...]
    rules: tuple[str, ...]
    document: str = ""
    months: int = 0

    def until(self, document_date: date | None) -> date | None:
        """The last day on which a fact of that date is shown; None when no term runs."""
        return add_months(document_date, self.months) if self.months and document_date else None


def disclosed(resource: Resource, viewer: Viewer, book: RuleBook, day: date, region: str) -> Disclosed | None:
    """What `viewer` may see of a credit class on a day under a pack of rules; None when nothing.

    Raises NoRule when the pack has no rule for the class's term.
    """
    if resource.credit is None or resource.credit.nature == RATING:
        return None
    persons = book.resolve(f"{KEY}natural_person", day, region)
    if viewer is not Viewer.SUBJECT and resource.subject is SubjectType.NATURAL:
        return None
    public = resource.credit.disclosure is Disclosure.PUBLIC and resource.subject is SubjectType.LEGAL
    if viewer is Viewer.PUBLIC and not public:
        return None
    conditions, rules, months = _term(resource, book, day, region)
    if viewer is not Viewer.SUBJECT:
        conditions += _legal_persons_only(resource)
        rules = (persons.id, *rules)
    if viewer is Viewer.PUBLIC and _level(resource) == "minor":
        published = book.resolve(f"{KEY}minor.published", day, region)
        rules = (*rules, published.id)
        if published.text() == "no":
            return None
    items = tuple(item for item in resource.items if viewer is not Viewer.PUBLIC or is_public(item, resource))
    return Disclosed(_all(conditions), items, rules, _first(resource, DOCUMENT_DATES), months)


def least(resource: Resource, book: RuleBook, day: date, region: str) -> Rule:
    """The rule of the least time for which a fact of the class is shown before it may be repaired (最短公示期)."""
    return book.resolve(f"{KEY}{_level(resource) or 'general'}.min", day, region)


def earliest_repair(document_date: date, rule: Rule) -> date:
    """The first day on which a fact may be repaired.

    The day of the document does not count, and the term ends with the corresponding day of its last month
    (民法典 art. 201, 202): the day after is the first. Where there is no least time, it is the document's own day.
    """
    months = rule.integer()
    return add_months(document_date, months) + timedelta(days=1) if months else document_date


def is_public(item: Item, resource: Resource) -> bool:
    """Whether the public may see an item: shared unconditionally, and not a natural person's name, number or its kind.

    What may as well be a person's name as a firm's (申请执行人, 见证人, 船舶所有人) is not shown: it cannot be told apart.
    """
    if (item.share or resource.share) is not ShareType.UNCONDITIONAL or item.sensitivity > 2:
        return False
    if item.type is ItemType.TEXT and not item.code_list and not item.identifies and _PERSON.search(item.title):
        return False
    return (
        item.identifies not in (*PERSONS_NUMBERS, "person_name")
        and item.check != "resident_id"
        and (item.code_list != "id-type")
    )


def _level(resource: Resource) -> str:
    """minor, general or serious for what is adverse or has such a term; empty for what is shown while it is valid."""
    terms = resource.credit
    named = terms.term_rule.removeprefix(KEY) if terms else ""
    if named in ("minor", "general", "serious"):
        return named
    return "general" if terms and terms.nature in ADVERSE and named != "until_removed" else ""


def _term(resource: Resource, book: RuleBook, day: date, region: str) -> tuple[list[Node], tuple[str, ...], int]:
    """Until when: the conditions on a row, the rules that set them, and the months that a fact is shown at most."""
    conditions = [*_in_force(resource)]
    level = _level(resource)
    if not level:
        named = resource.credit.term_rule if resource.credit else ""
        term = book.resolve(named or f"{KEY}none", day, region)
        return conditions + [_before(_date(name)) for name in _named(resource, ("removal_date",))], (term.id,), 0
    longest, start = (book.resolve(f"{KEY}{key}", day, region) for key in (f"{level}.max", "start"))
    months = longest.integer()
    document, ends = _first(resource, DOCUMENT_DATES), _named(resource, ENDS)
    if start.text() == "behaviour_end" and ends:
        conditions += [Or((IsNull(_date(name)), _within(name, months))) for name in ends]
    else:
        conditions += [_within(document, months)] if document else [value(False)]
        conditions += [_before(_date(name)) for name in ends]
    if start.text() == "document_date" and _named(resource, (FULFILLED[0],)):
        done = Field(FULFILLED[0], Kind.TEXT)
        conditions.append(Or((IsNull(done), Not(In(done, (FULFILLED[1],))))))
    return conditions, (longest.id, start.id), months


def _in_force(resource: Resource) -> list[Node]:
    """While a licence, an entry or an honour is valid, and no longer than the source itself says."""
    last = [
        Or((IsNull(_date(name)), Compare("<=", Today(), _date(name))))
        for name in _named(resource, (*VALID_TO, STATED_END))
    ]
    states = [
        (Field(item.name, Kind.TEXT), IN_FORCE[item.code_list]) for item in resource.items if item.code_list in IN_FORCE
    ]
    return [*last, *(Or((IsNull(field), In(field, (code,)))) for field, code in states)]


def _legal_persons_only(resource: Resource) -> list[Node]:
    """Not the rows of a class for firms that say that the party is a natural person, nor those that do not say what it
    is and give a person's number: whoever the number is found to belong to, its row is not a firm's.
    """
    kinds = [Field(item.name, Kind.TEXT) for item in resource.items if item.code_list == "party-type"]
    numbers = [IsNull(Field(item.name, Kind.TEXT)) for item in resource.items if item.identifies in PERSONS_NUMBERS]
    unsaid = And((*(IsNull(kind) for kind in kinds), *numbers)) if kinds or numbers else value(True)
    said = [And((Not(IsNull(kind)), Not(In(kind, (NATURAL,))))) for kind in kinds]
    return [Or((*said, unsaid))]


def _within(name: str, months: int) -> Node:
    return Compare("<=", Today(), Shift(_date(name), months, "month"))


def _before(end: Node) -> Node:
    return Or((IsNull(end), Compare("<", Today(), end)))


def _date(name: str) -> Field:
    return Field(name, Kind.DATE)


def _named(resource: Resource, names: tuple[str, ...]) -> list[str]:
    held = {item.name for item in resource.items}
    return [name for name in names if name in held]


def _first(resource: Resource, names: tuple[str, ...]) -> str:
    return next(iter(_named(resource, names)), "")


def _all(conditions: list[Node]) -> Node:
    return And(tuple(conditions)) if conditions else value(True)
