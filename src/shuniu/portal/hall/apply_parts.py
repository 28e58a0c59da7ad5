"""What the pages of applying share: the way back, the version that was looked at, an answer with its source."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shuniu.cases.declare.draft import DraftView, Prefilled
from shuniu.cases.declare.form import Page, Question
from shuniu.directory import api as directory
from shuniu.portal.hall.apply_forms import spoken
from shuniu.portal.shell import number
from shuniu.web.declare import Link, Source, State


@dataclass(frozen=True)
class Answered:
    """One line of the answers to check: the question, what is answered, where that comes from, and where to change it."""

    title: str
    text: str
    source: Source | None
    change: Link | None


def crumbs(found: DraftView) -> list[Link]:
    """The way back to the task list."""
    return [Link(_("我的草稿"), reverse("portal:drafts")), Link(found.title, reverse("portal:draft", args=[found.id]))]


def handler(found: DraftView) -> str:
    """Who will handle what the draft applies for."""
    return directory.agency_name(found.agency)


def seen(request: HttpRequest) -> int:
    """The version of the draft that the posted page was drawn from."""
    return number(request.POST.get("seen"))


def page_href(found: DraftView, page: Page, checking: bool = False) -> str:
    """Where a page is answered; `checking`: and come back from to the answers."""
    return reverse("portal:draft_page", args=[found.id, page.key]) + ("?back=check" if checking else "")


STANDINGS = {
    "todo": State(gettext_noop("待填写"), "waiting"),
    "done": State(gettext_noop("已完成"), "done"),
    "fault": State(gettext_noop("需改正"), "stopped"),
}


def chip(one: Prefilled) -> Source:
    """Where an answer was taken from."""
    return Source(
        one.agency_name, one.resource_title, one.day, _("第 %(n)s 批") % {"n": one.batch},
        reverse("portal:resource", args=[one.resource]),
    )  # fmt: skip


def asked(found: DraftView, page: Page) -> tuple[list[Question], list[Answered]]:
    """The shown questions of a page: those to be answered, and those that the register has answered for good."""
    given = {one.question: one for one in found.prefilled}
    shown = [one for one in page.questions if one.name in found.shown]
    open_ones = [one for one in shown if one.name not in given or given[one.name].changeable]
    closed = [
        Answered(one.title, spoken(one, found.form, given[one.name].value), chip(given[one.name]), None)
        for one in shown
        if one not in open_ones
    ]
    return open_ones, closed


def answered(found: DraftView, page: Page) -> list[Answered]:
    """Every shown question of a page with its answer, its source where the register's own value stands, and its change link."""
    given = {one.question: one for one in found.prefilled}
    change = Link(_("修改"), page_href(found, page, checking=True))
    lines = []
    for one in (one for one in page.questions if one.name in found.shown):
        text, held = found.answers.get(one.name), given.get(one.name)
        fixed = held is not None and not held.changeable
        source = chip(held) if held is not None and held.value == text else None
        lines.append(
            Answered(one.title, spoken(one, found.form, text) if text else "", source, None if fixed else change)
        )
    return lines
