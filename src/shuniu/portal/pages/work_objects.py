"""What tasks are about, as every list of them names it and where it is dealt with: one table by the kind of object."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shuniu.cases.api import document_lists, letter_lists
from shuniu.cases.api import tasks as work
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import State
from shuniu.trust.declare import Actor
from shuniu.web.declare import Link


@dataclass(frozen=True)
class Kind:
    """How one kind of object is called (`n`: its number), and the page that it is dealt with at: `by` the object's own
    number, by its procedure's `case`, or (empty) a page of all of them."""

    words: str
    page: str
    by: str = "id"


CASE, LETTER, RESOURCE = "case", "letter", "resource"
DOCUMENTS = ("document", "document_task", "dispatch")
KINDS: Mapping[str, Kind] = {
    CASE: Kind(gettext_noop("办件 %(n)s"), "portal:case"),
    LETTER: Kind(gettext_noop("群众来信 %(n)s"), "portal:letter"),
    "rating": Kind(gettext_noop("差评整改 第 %(n)s 号评价"), "portal:rating"),
    "card": Kind(gettext_noop("监察牌申诉 第 %(n)s 号牌"), "portal:card"),
    "doubt": Kind(gettext_noop("疑似同一主体 第 %(n)s 号"), "portal:match"),
    "objection": Kind(gettext_noop("数据异议 第 %(n)s 号"), "portal:objection"),
    "reading": Kind(gettext_noop("查阅询问（留痕 %(n)s）"), "portal:reading_question", "case"),
    "share_request": Kind(gettext_noop("共享申请 第 %(n)s 号"), "portal:share"),
    "document": Kind(gettext_noop("公文 第 %(n)s 号"), "portal:document"),
    "document_task": Kind(gettext_noop("督查事项 第 %(n)s 号"), "portal:document"),
    "dispatch": Kind(gettext_noop("来文 第 %(n)s 号"), "portal:incoming_document"),
    "repair": Kind(gettext_noop("信用修复申请"), "portal:repair", "case"),
    RESOURCE: Kind(gettext_noop("信息资源 %(n)s"), "portal:catalogue_review", ""),
}


class About(Protocol):
    """A task, or whatever else is about the object of a procedure's case."""

    @property
    def object(self) -> str: ...
    @property
    def case(self) -> int: ...


@dataclass(frozen=True)
class Named:
    """What a list says of an object, and the page that it leads to."""

    words: str
    href: str


def named(who: Actor, found: Sequence[About]) -> dict[str, Named]:
    """The objects of the reader's own tasks, by them: a few statements however many there are."""
    numbers = letter_lists.numbers(who, _of(found, LETTER))
    titles = {**_cases(found), **_resources(found), **document_lists.titles(_of(found, *DOCUMENTS))}
    return {
        one.object: Named(
            titles.get(one.object) or words_of(one.object, numbers), page_of(one.object, one.case, numbers)
        )
        for one in found
    }


def cut(shown: int, most: int) -> Link | None:
    """The way to all of a reader's tasks, where a page lists the most pressing of them alone."""
    words = _("这里只列最先到期的 %(n)s 件，全部的在“待办”中。") % {"n": most}
    return Link(words, reverse("portal:work")) if shown >= most else None


def _of(found: Iterable[About], *kinds: str) -> list[str]:
    return [one.object for one in found if one.object.partition(":")[0] in kinds]


def _cases(found: Iterable[About]) -> dict[str, str]:
    about = {one.case: one.object for one in found if one.object.startswith(f"{CASE}:")}
    return {about[matter]: title for matter, title in work.titles([*about]).items()} if about else {}


def _resources(found: Iterable[About]) -> dict[str, str]:
    if not _of(found, RESOURCE):
        return {}
    return {f"{RESOURCE}:{one.resource}": one.title for one in catalogue.versions(states=[State.REVIEW])}


def page_of(object: str, case: int, numbers: Mapping[str, str] | None = None) -> str:
    """The address at which an object of a procedure is dealt with; where it has no page here, where its case stands.

    `numbers` are what the pages of letters go by, whose objects tell nothing.
    """
    found = KINDS.get(object.partition(":")[0])
    if found and found.by == "case":
        return reverse(found.page, args=[case])
    return place_of(object, numbers) or reverse("portal:case_place", args=[case])


def place_of(object: str, numbers: Mapping[str, str] | None = None) -> str:
    """The same where no case of a procedure is at hand; empty where the object alone leads to no page."""
    kind, _colon, id = object.partition(":")
    id = (numbers or {}).get(object, "") if kind == LETTER else id
    found = KINDS.get(kind)
    try:
        return reverse(found.page, args=[id] if found.by else []) if found and found.by != "case" else ""
    except NoReverseMatch:
        return ""


def words_of(object: str, numbers: Mapping[str, str] | None = None) -> str:
    """An object by its kind and number, where its title is not at hand."""
    kind, _colon, id = object.partition(":")
    id = (numbers or {}).get(object, "") if kind == LETTER else id
    return (_(KINDS[kind].words) % {"n": id}).strip() if kind in KINDS else id
