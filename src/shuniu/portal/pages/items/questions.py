"""The form of an item at the desk: its pages and, in their order, its questions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shuniu.base.expressions import fields_of
from shuniu.cases.declare import Form, Page, Prefill, Question, ServiceItem
from shuniu.cases.declare.condition import Condition
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import ItemType
from shuniu.portal.pages.items.fields import (
    NONE,
    ShownForm,
    condition_fields,
    fresh,
    long,
    text,
    tick,
    titled,
    titles_of,
    type_of,
)

NEW_PAGE = "=new"


@dataclass(frozen=True)
class Placed:
    """A question with the page that it stands on."""

    page: Page
    question: Question

    @property
    def key(self) -> str:
        return self.question.name

    @property
    def show_if(self) -> Condition | None:
        return self.question.show_if


def placed(item: ServiceItem) -> tuple[Placed, ...]:
    """Every question in order."""
    return tuple(Placed(page, one) for page in item.form.pages for one in page.questions)


def formed(entries: Sequence[Placed]) -> Form:
    """The form of these questions; a page without any is gone. ValueError as `Form` says."""
    pages = {one.page.key: one.page for one in entries}
    return Form(
        pages=tuple(
            page.model_copy(update={"questions": tuple(one.question for one in entries if one.page.key == key)})
            for key, page in pages.items()
        )
    )


def moved(entries: Sequence[Placed], place: int, by: int) -> tuple[Placed, ...]:
    """One question a place further; at the edge of its page it goes over to the next one."""
    found, goal = list(entries), place + by
    if not 0 <= goal < len(found):
        return tuple(found)
    one, other = found[place], found[goal]
    if one.page.key != other.page.key:
        found[place] = Placed(other.page, one.question)
    else:
        found[place], found[goal] = other, one
    return tuple(found)


class PageForm(ShownForm):
    """页面: the questions that are answered together."""

    title = text(_("页面标题"), required=True, max_length=100)
    if_question, if_value = condition_fields()

    def askable(self) -> Sequence[Question]:
        """The questions on the pages before."""
        keys = [one.key for one in self.item.form.pages]
        before = self.item.form.pages[: keys.index(self.of.key)]
        return [question for page in before for question in page.questions]

    def read(self) -> dict[str, Any]:
        """The page that is edited."""
        return {"title": self.of.title, **self.read_condition()}

    def write(self, said: dict[str, Any]) -> Page:
        """The page with its questions as they are."""
        page: Page = self.of
        return page.model_copy(update={"title": said["title"], "show_if": said["show_if"]})

    @classmethod
    def words(cls, of: Page, item: ServiceItem) -> tuple[str, str]:
        """Its title and how many questions it has."""
        return of.title, gettext("%(n)s 个问题") % {"n": len(of.questions)}


class QuestionForm(ShownForm):
    """问题: one thing that is asked; what it is, its data element says."""

    element = text(_("数据元"), _("填数据元的名称或代码，从列表中选；没有对应的不填。"), max_length=100)
    title = text(_("问题"), _("不填就用数据元的名称。"), max_length=200)
    name = text(_("代码"), _("小写字母开头，只用小写字母、数字、下划线；不填就自动编。"), max_length=59)
    page = forms.ChoiceField(label=_("放在哪一页"))
    page_title = text(_("新页的标题"), _("放在新的一页才填。"), max_length=100)
    type = forms.ChoiceField(label=_("类型"), choices=titled(ItemType), help_text=_("选了数据元的以数据元为准。"))
    code_list = forms.ChoiceField(label=_("代码集"), required=False)
    required = tick(_("必填"))
    hint = long(_("提示"), max_length=500)
    about = text(_("问的是谁（不是申请人本人时填）"), max_length=59)
    resource = forms.ChoiceField(
        label=_("从登记库预填：资源"), required=False, help_text=_("已有的不再让人填（一数一源）。")
    )
    column = text(_("从登记库预填：信息项字段名"), _("例如 enterprise_name。"), max_length=59)
    changeable = tick(_("预填的可以改"))
    if_question, if_value = condition_fields()

    def __init__(self, *args: Any, item: ServiceItem, of: Placed | None = None, **options: Any) -> None:
        super().__init__(*args, item=item, of=of, **options)
        self.elements = catalogue.elements()
        lists = sorted(((one.key, one.title) for one in catalogue.code_lists().values()), key=lambda one: one[1])
        self.choose("code_list", [NONE, *lists], self.initial.get("code_list", ""))
        names = sorted((one.resource.title, key) for key, one in catalogue.snapshot().published.items())
        self.choose("resource", [NONE, *((key, title) for title, key in names)], self.initial.get("resource", ""))
        pages = [(page.key, page.title) for page in item.form.pages]
        self.choose("page", [*pages, (NEW_PAGE, _("新的一页"))])
        self.fields["element"].widget.attrs |= {"list": "elements", "autocomplete": "off"}

    def askable(self) -> Sequence[Question]:
        """The questions before this one."""
        names = [one.name for one in self.item.form.questions]
        before = names.index(self.of.key) if self.of else len(names)
        return self.item.form.questions[:before]

    def read(self) -> dict[str, Any]:
        """The question that is edited; a new one goes to the last page."""
        if self.of is None:
            return {
                "page": self.item.form.pages[-1].key,
                "required": True,
                "type": ItemType.TEXT.value,
                **self.read_condition(),
            }
        one: Question = self.of.question
        element = catalogue.elements().get(one.element)
        fill = one.prefill
        return {
            **one.model_dump(exclude={"show_if", "prefill"}), "type": one.type.value, "page": self.of.page.key,
            "element": element.title if element else one.element,
            "resource": fill.resource if fill else "", "column": fill.item if fill else "",
            "changeable": fill.changeable if fill else False, **self.read_condition(),
        }  # fmt: skip

    def clean_element(self) -> str:
        """The element's key, named by key or by title."""
        said = str(self.cleaned_data["element"]).strip()
        if not said or said in self.elements or (self.of is not None and said == self.of.question.element):
            return said
        found = next((one.key for one in self.elements.values() if said in (one.title, *one.aliases)), None)
        if found is None:
            raise forms.ValidationError(_("没有数据元“%(said)s”。请从列表中选，或者不填。") % {"said": said})
        return found

    def clean_name(self) -> str:
        """A code that no other question has."""
        said = str(self.cleaned_data["name"]).strip()
        taken = {one.key for one in placed(self.item) if self.of is None or one.key != self.of.key}
        if said and not re.fullmatch(r"[a-z][a-z0-9_]{0,58}", said):
            raise forms.ValidationError(_("代码要以小写字母开头，只用小写字母、数字、下划线。"))
        if said in taken:
            raise forms.ValidationError(_("这个代码已经用过了。请换一个。"))
        return said

    def clean(self) -> dict[str, Any]:
        """What a question cannot do without."""
        said = super().clean()
        if "element" in said and not (said["element"] or said.get("title")):
            self.add_error("title", _("请填写问什么，或者选一个数据元。"))
        if said.get("page") == NEW_PAGE and not said.get("page_title"):
            self.add_error("page_title", _("请填写新页的标题。"))
        if bool(said.get("resource")) != bool(said.get("column")):
            self.add_error("column", _("预填要同时写明资源和信息项；不预填的两项都不填。"))
        return said

    def write(self, said: dict[str, Any]) -> Placed:
        """The question on its page."""
        taken = [one.key for one in placed(self.item)]
        key = said["element"].replace(".", "_")
        auto = key if re.fullmatch(r"[a-z][a-z0-9_]{0,58}", key) and key not in taken else fresh("q", taken)
        fill = Prefill(resource=said["resource"], item=said["column"], changeable=said["changeable"])
        held = self.of.question.model_dump() if self.of else {}
        names = ("element", "title", "type", "code_list", "required", "hint", "about", "show_if")
        question = Question.model_validate({
            **held, **{name: said[name] for name in names}, "name": said["name"] or (self.of.key if self.of else auto),
            "prefill": fill if said["resource"] else None,
        })  # fmt: skip
        return Placed(self._page(said, question), question)

    def _page(self, said: dict[str, Any], question: Question) -> Page:
        pages = {page.key: page for page in self.item.form.pages}
        if said["page"] in pages:
            return pages[said["page"]]
        return Page(key=fresh("p", pages), title=said["page_title"], questions=(question,))

    @classmethod
    def words(cls, of: Placed, item: ServiceItem) -> tuple[str, str]:
        """What is asked, and where."""
        one = of.question
        notes = [gettext("第 %(n)s 页 %(title)s") % {"n": item.form.pages.index(of.page) + 1, "title": of.page.title},
                 gettext(type_of(one).title)]  # fmt: skip
        notes += [gettext("预填")] if one.prefill else []
        notes += [gettext("有条件")] if one.show_if is not None and fields_of(one.show_if) else []
        return titles_of(item)[one.name], "、".join(notes)
