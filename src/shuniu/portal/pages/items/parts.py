"""The parts of an item as its desk edits them one by one; where a fault belongs; what a draft changes, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.base.expressions import fields_of
from shuniu.cases.declare import ItemFault, ServiceItem
from shuniu.portal.pages.items.entries import (
    BasisForm,
    FaqForm,
    FeeForm,
    MaterialForm,
    ResultForm,
    SpecialForm,
    StepForm,
)
from shuniu.portal.pages.items.fields import PartForm
from shuniu.portal.pages.items.plain import Basics, Handling, Results, Service, Terms
from shuniu.portal.pages.items.questions import PageForm, QuestionForm, formed, moved, placed


@dataclass(frozen=True)
class Part:
    """One part. With `field` it is a list of entries, each called `one`; `least` are always left."""

    key: str
    title: Any
    form: type[PartForm]
    field: str = ""
    one: Any = ""
    least: int = 0
    adds: bool = True

    def entries(self, item: ServiceItem) -> tuple[Any, ...]:
        """What stands in the list."""
        if self.key == "questions":
            return placed(item)
        return item.form.pages if self.key == "pages" else tuple(getattr(item, self.field))

    def moved(self, entries: Sequence[Any], place: int, by: int) -> tuple[Any, ...]:
        """The entries with one of them a place further."""
        if self.key == "questions":
            return moved(entries, place, by)
        found = list(entries)
        found.insert(max(0, place + by), found.pop(place))
        return tuple(found)

    def put(self, item: ServiceItem, entries: Sequence[Any]) -> ServiceItem:
        """The item with these entries. ValueError for what is no declaration."""
        value: object = tuple(entries)
        if self.key == "questions":
            value = formed(entries)
        elif self.key == "pages":
            value = item.form.model_validate({"pages": value})
        return with_fields(item, {self.field: value})

    def put_one(self, item: ServiceItem, said: Any, place: int | None) -> ServiceItem:
        """The item with this entry at its place, or as one more. ValueError for what is no declaration."""
        entries = list(self.entries(item))
        if place is None:
            entries.append(said)
        else:
            entries[place] = said
        return self.put(item, entries)


def with_fields(item: ServiceItem, said: Mapping[str, object]) -> ServiceItem:
    """The item with other values, checked anew. ValueError for what is no declaration."""
    return ServiceItem.model_validate({**dict(item), **said})


PARTS: Mapping[str, Part] = {
    one.key: one
    for one in (
        Part("basics", gettext_lazy("基本信息"), Basics),
        Part("bases", gettext_lazy("设定依据"), BasisForm, "bases", gettext_lazy("依据"), least=1),
        Part("terms", gettext_lazy("办理时限"), Terms),
        Part("specials", gettext_lazy("特别程序"), SpecialForm, "specials", gettext_lazy("特别程序")),
        Part("materials", gettext_lazy("材料"), MaterialForm, "materials", gettext_lazy("材料")),
        Part("pages", gettext_lazy("表单的页面"), PageForm, "form", gettext_lazy("页面"), least=1, adds=False),
        Part("questions", gettext_lazy("表单的问题"), QuestionForm, "form", gettext_lazy("问题"), least=1),
        Part("fees", gettext_lazy("收费"), FeeForm, "fees", gettext_lazy("收费项目")),
        Part("extra_fees", gettext_lazy("由机关决定是否收取的费用"), FeeForm, "extra_fees", gettext_lazy("收费项目")),
        Part("results", gettext_lazy("结果和证照"), Results),
        Part("outcomes", gettext_lazy("决定种类"), ResultForm, "results", gettext_lazy("决定种类")),
        Part("steps", gettext_lazy("办理流程"), StepForm, "steps", gettext_lazy("环节")),
        Part("procedure", gettext_lazy("办理程序"), Handling),
        Part("service", gettext_lazy("服务方式"), Service),
        Part("faq", gettext_lazy("常见问题"), FaqForm, "questions", gettext_lazy("常见问题")),
    )
}
_FAULTY: Mapping[str, tuple[str, str]] = {
    "owner": ("basics", "title"), "basis": ("bases", "law"), "promise": ("terms", "promised"),
    "no_term": ("terms", "promised"), "procedure": ("procedure", "procedure"), "lanes": ("procedure", "lanes"),
    "on_the_spot": ("terms", "promised"), "licensing_term": ("terms", "statutory"), "extension": ("terms", "extension"),
    "fee_basis": ("fees", "basis"), "fee_per": ("fees", "per"), "visits_why": ("service", "visits_why"),
    "online_visits": ("service", "visits"), "no_way": ("service", "by_mail"), "telephones": ("service", "telephone"),
    "result": ("results", "result"), "faq": ("faq", "question"), "steps": ("steps", "title"),
    "licence": ("results", "licences"), "held_first": ("materials", "fact"), "fact": ("materials", "fact"),
    "asked_twice": ("questions", "element"), "element": ("questions", "element"), "untitled": ("questions", "title"),
    "prefill": ("questions", "column"), "effect_asks": ("questions", "name"), "condition": ("materials", "if_question"),
}  # fmt: skip
"""By a fault's rule, the part and the field that it concerns."""


_LONGEST = 60
"""So many characters of a value stand in a sentence."""


@dataclass(frozen=True)
class Placement:
    """Where a fault is mended: the part, the entry and the field by their words, and the address. Empty: elsewhere."""

    fault: ItemFault
    part: Part | None = None
    words: str = ""
    href: str = ""


def part_href(item: ServiceItem, part: Part, place: int | None = None) -> str:
    """The address of a part, or of one entry of it."""
    args = [*item.key.split("/"), part.key]
    return (
        reverse("portal:item_entry", args=[*args, place])
        if place is not None
        else reverse("portal:item_part", args=args)
    )


def placements(item: ServiceItem, faults: Sequence[ItemFault]) -> list[Placement]:
    """Each fault with where it is mended."""
    return [_placement(item, fault) for fault in faults]


def _placement(item: ServiceItem, fault: ItemFault) -> Placement:
    engine, _dot, rule = fault.rule.partition(".")
    if engine != "item" or rule not in (*_FAULTY, "doubled"):
        return Placement(fault)
    part, place, field = _found(item, rule, fault.part)
    form = part.form.base_fields
    label = str(form[field].label) if field in form else ""
    if not part.field:
        href = f"{part_href(item, part)}#id_{field}"
        return Placement(fault, part, "，".join((str(part.title), label)), href)
    if place is None:
        return Placement(fault, part, str(part.title), part_href(item, part))
    called = part.form.words(part.entries(item)[place], item)[0]
    href = f"{part_href(item, part, place)}#id_{field}"
    return Placement(fault, part, "，".join((f"{part.title}“{called}”", label)), href)


def _found(item: ServiceItem, rule: str, name: str) -> tuple[Part, int | None, str]:
    """The part, the entry's place in it and the field that a fault of this rule about this name concerns."""
    key, field = _FAULTY.get(rule, ("materials", "title"))
    keys = [key, *("materials", "fees", "extra_fees", "outcomes", "specials", "bases")]
    for part in (PARTS[one] for one in dict.fromkeys(keys) if PARTS[one].field):
        for place, one in enumerate(part.entries(item)):
            if _is(one, rule, name):
                return part, place, "licence" if rule == "licence" else field
    return PARTS[key], None, field


def _is(entry: Any, rule: str, name: str) -> bool:
    """Whether a fault of this rule about this name is about this entry."""
    if rule == "condition":
        condition = getattr(entry, "show_if", None)
        return condition is not None and name in {field.name for field in fields_of(condition)}
    if rule == "basis":
        basis = getattr(entry, "basis", entry)
        return hasattr(basis, "law") and not (basis.law.strip() and basis.article.strip())
    return bool(name) and getattr(entry, "key", None) == name


def changes(before: ServiceItem, after: ServiceItem) -> Iterator[str]:
    """What a draft says otherwise than what is published, in plain words."""
    for part in PARTS.values():
        if part.field:
            yield from _list_changes(part, before, after)
        else:
            yield from _changed(part, "", part.form(item=before), part.form(item=after))


def _list_changes(part: Part, before: ServiceItem, after: ServiceItem) -> Iterator[str]:
    was, now = (dict(_named(part, item)) for item in (before, after))
    said = {"one": part.one}
    for name in (one for one in now if one not in was):
        yield _("新增%(one)s“%(what)s”。") % {**said, "what": part.form.words(now[name], after)[0]}
    for name in (one for one in was if one not in now):
        yield _("去掉%(one)s“%(what)s”。") % {**said, "what": part.form.words(was[name], before)[0]}
    for name in (one for one in now if one in was):
        what = part.form.words(now[name], after)[0]
        forms = part.form(item=before, of=was[name]), part.form(item=after, of=now[name])
        yield from _changed(part, _("%(one)s“%(what)s”的") % {**said, "what": what}, *forms)
    both = [name for name in now if name in was]
    if both != [name for name in was if name in now]:
        yield _("%(part)s的顺序变了。") % {"part": part.title}


def _named(part: Part, item: ServiceItem) -> Iterator[tuple[str, Any]]:
    """Entries by what they are known by again: their code, or else their words."""
    for one in part.entries(item):
        yield str(getattr(one, "key", "") or part.form.words(one, item)[0]), one


def _changed(part: Part, of: str, was: PartForm, now: PartForm) -> Iterator[str]:
    for name, field in now.fields.items():
        old, new = (form.spoken(name, form.initial.get(name)) if name in form.fields else "" for form in (was, now))
        if name == "seen" or old == new:
            continue
        said = {"of": of, "label": field.label, "old": _short(old), "new": _short(new)}
        yield _("%(of)s“%(label)s”由“%(old)s”改为“%(new)s”。") % said


def _short(said: str) -> str:
    """A value as a sentence can carry it."""
    return (said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…") or _("空")
