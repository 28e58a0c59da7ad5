"""The forms of documents: writing one, and each step of the desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.base.rules import RuleBook
from shuniu.cases.api import uploads
from shuniu.cases.declare.document import GRADES, Draft, Sort, Task
from shuniu.directory import api as directory
from shuniu.portal.hall.beside import SeveralFiles
from shuniu.portal.pages.agency_choice import AgenciesField
from shuniu.procedures.declare import Move
from shuniu.web.forms import DayField, PlainForm

_LINES = forms.Textarea(attrs={"rows": 2})
_WORDS = forms.Textarea(attrs={"rows": 3})
TASKS = 3
"""So many empty rows for tasks are offered beside those that are there."""
_NEW = gettext_lazy(
    "可以一次选几个，每个不超过 %(largest)s。PDF、OFD、DOCX、XLSX、JPG 或 PNG；上传时查毒、查密级标志。"
)
KINDS: dict[Sort, str] = {"information": "信息", "supervision": "督查事项"}
"""What the desk calls what is no 文种 of official documents."""


def agencies(first: str = "") -> list[tuple[str, str]]:
    """Every agency that stands, by name; `first` names the empty choice."""
    return [*([("", first)] if first else []), *((one.key, one.name) for one in directory.agencies())]


def _choose(form: forms.Form, name: str, choices: Iterable[tuple[str, str]]) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = list(choices)


def _split(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


class DraftForm(PlainForm):
    """A document as its author writes it. What the sort does not have is not asked.

    `codes`: the agency's 机关代字 that it may be numbered by, the one to begin with first. `kept` are those files that go
    with it so far, `new` are uploaded with this form; the page takes them in first.
    """

    kind = forms.ChoiceField(label=gettext_lazy("文种"))
    title = forms.CharField(
        label=gettext_lazy("标题"),
        max_length=200,
        help_text=gettext_lazy("由发文机关或事由和文种组成，例如“关于……的通知”。"),
    )
    code = forms.ChoiceField(
        label=gettext_lazy("机关代字"), help_text=gettext_lazy("签发时按它编号。"),
        error_messages={"invalid_choice": gettext_lazy(
            "“%(value)s”不能用：请从列表中选择本单位的机关代字。已经编号的公文，不能改机关代字。"
        )},
    )  # fmt: skip
    urgency = forms.ChoiceField(
        label=gettext_lazy("紧急程度"), required=False,
        choices=[("", gettext_lazy("平件")), ("加急", gettext_lazy("加急")), ("特急", gettext_lazy("特急"))],
    )  # fmt: skip
    to = AgenciesField(label=gettext_lazy("主送机关"), required=False)
    copies = AgenciesField(label=gettext_lazy("抄送机关"), required=False)
    body = forms.CharField(
        label=gettext_lazy("正文"), widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("一段一行。涉密内容不得在本网起草、传递。"),
    )  # fmt: skip
    attachments = forms.CharField(
        label=gettext_lazy("附件说明"), required=False, widget=_LINES,
        help_text=gettext_lazy("附件名称，一行一个；不写的，按附件文件的名称印出。"),
    )  # fmt: skip
    kept = forms.TypedMultipleChoiceField(
        label=gettext_lazy("已有的附件文件"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不再附上的，去掉勾选；以前各稿的附件仍保留。"),
    )  # fmt: skip
    new = forms.FileField(
        label=gettext_lazy("上传附件文件"), required=False, widget=SeveralFiles(attrs={"multiple": True})
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("附注"), required=False, max_length=100, help_text=gettext_lazy("例如“此件公开发布”。")
    )

    def __init__(
        self, sort: Sort, draft: Draft | None, codes: Sequence[str], data: object = None,
        files: Sequence[tuple[int, str]] = (),
    ) -> None:  # fmt: skip
        super().__init__(data, initial=_initial(draft, codes[0] if codes else ""))
        self.sort = sort
        self.fields["new"].help_text = _NEW % {"largest": f"{uploads.largest() / 1e6:g} MB"}
        _choose(self, "kept", [(str(number), name) for number, name in files])
        if not files and not (isinstance(data, QueryDict) and data.getlist("kept")):
            del self.fields["kept"]
        today = timezone.localdate()
        kinds = RuleBook.load(settings.RULE_PACK).resolve("documents.kinds", today, settings.PROVINCE).texts()
        _choose(self, "kind", [("", _("请选择")), *((one, _(one)) for one in kinds)])
        _choose(self, "code", [("", _("请选择")), *((one, one) for one in codes)])
        if not codes:
            self.fields["code"].help_text = _("本单位还没有登记机关代字，请联系省级平台主管登记后再起草发文。")
        for name in ("to", "copies"):
            cast(AgenciesField, self.fields[name]).offer(name, data if isinstance(data, QueryDict) else None)
        if sort != "outgoing":
            for name in ("kind", "code", "copies", "note"):
                del self.fields[name]
            self.fields["title"].help_text = ""
        if sort == "information":
            self.fields["to"].label, self.fields["to"].required = _("报送给"), True
        if sort == "supervision":
            del self.fields["to"]
            self._ask_tasks(len(draft.tasks) if draft else 0)

    def _ask_tasks(self, there: int) -> None:
        for at in range(1, there + TASKS + 1):
            choices = agencies(_("没有"))
            self.fields[f"agency{at}"] = forms.ChoiceField(
                label=_("承办单位 %(n)s") % {"n": at}, required=at == 1, choices=choices
            )
            self.fields[f"what{at}"] = forms.CharField(
                label=_("单位 %(n)s 的任务") % {"n": at}, required=at == 1, max_length=500
            )
            self.fields[f"due{at}"] = DayField(label=_("单位 %(n)s 的反馈期限") % {"n": at}, required=at == 1)

    def clean(self) -> None:
        """A task has an agency, words and a day, or none of them."""
        said = super().clean() or self.cleaned_data
        for name in [one for one in self.fields if one.startswith("agency")]:
            at = name.removeprefix("agency")
            row = {key: said.get(f"{key}{at}") for key in ("agency", "what", "due")}
            if any(row.values()) and not all(row.values()) and not self.errors:
                self.add_error(f"what{at}", _("第 %(n)s 项任务没有写全：单位、任务和期限都要填。") % {"n": at})

    @property
    def attached(self) -> tuple[int, ...]:
        """The files that go with this version."""
        return tuple(self.cleaned_data.get("kept", ()))

    def draft(self) -> Draft:
        """What was written."""
        said = self.cleaned_data
        rows = [one.removeprefix("agency") for one in self.fields if one.startswith("agency")]
        tasks = tuple(
            Task(agency=said[f"agency{at}"], what=said[f"what{at}"], due=said[f"due{at}"])
            for at in rows if said[f"agency{at}"]
        )  # fmt: skip
        return Draft(
            kind=said.get("kind") or KINDS[self.sort], title=said["title"].strip(), code=said.get("code", "").strip(),
            to=tuple(said.get("to", ())), copies=tuple(said.get("copies", ())), body=_split(said["body"]),
            attachments=_split(said["attachments"]), note=said.get("note", "").strip(), urgency=said["urgency"],
            sort=self.sort, tasks=tasks,
        )  # fmt: skip


def _initial(draft: Draft | None, code: str) -> dict[str, object]:
    if draft is None:
        return {"code": code}
    rows = {
        f"{key}{at}": getattr(task, key)
        for at, task in enumerate(draft.tasks, start=1)
        for key in ("agency", "what", "due")
    }
    files = {"kept": [str(one.upload) for one in draft.files]}
    texts = {"body": "\n".join(draft.body), "attachments": "\n".join(draft.attachments)}
    return {
        **draft.model_dump(include={"kind", "title", "code", "urgency", "to", "copies", "note"}),
        **texts,
        **files,
        **rows,
    }


class SubmitForm(PlainForm):
    """Which agencies countersign and sign with us."""

    countersign = AgenciesField(
        label=gettext_lazy("会签单位"), required=False,
        help_text=gettext_lazy("内容涉及其他单位职责的，请其会签；同时进行，都同意后签发。"),
    )  # fmt: skip
    joint = AgenciesField(
        label=gettext_lazy("联合签发单位"), required=False,
        help_text=gettext_lazy("联合行文的其他机关；以最后签发的日期为成文日期。"),
    )  # fmt: skip

    def __init__(self, own: str, data: QueryDict | None = None, issuers: Sequence[str] = ()) -> None:
        super().__init__(data, initial={"joint": [one for one in issuers if one != own]})
        for name in ("countersign", "joint"):
            cast(AgenciesField, self.fields[name]).offer(name, data, without={own})

    def lanes(self, own: str) -> dict[str, tuple[str, ...]]:
        said = self.cleaned_data
        asked = {"countersign": tuple(said["countersign"])} if said["countersign"] else {}
        return {**asked, "sign": (own, *said["joint"])} if said["joint"] else asked


class StageForm(PlainForm):
    """An answer in a stage."""

    stage = forms.CharField(widget=forms.HiddenInput, max_length=20)


class AnswerForm(StageForm):
    """An opinion in a stage: yes or no, and words."""

    answer = forms.ChoiceField(
        label=gettext_lazy("意见"), widget=forms.RadioSelect,
        choices=[(Move.AGREE.value, gettext_lazy("同意")), (Move.DISAGREE.value, gettext_lazy("不同意（须写明理由）"))],
    )  # fmt: skip
    opinion = forms.CharField(label=gettext_lazy("批注"), required=False, max_length=1000, widget=_WORDS)


class WordsForm(StageForm):
    """A stage that is answered by what was done, not by yes or no."""

    answer = forms.CharField(widget=forms.HiddenInput, initial=Move.AGREE.value)
    opinion = forms.CharField(label=gettext_lazy("办理情况"), max_length=1000, widget=_WORDS)


class SendForm(PlainForm):
    to = forms.MultipleChoiceField(
        label=gettext_lazy("发往"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不选的，发往全部主送、抄送机关；已经发过的不重复发。"),
    )  # fmt: skip

    def __init__(self, named: Iterable[str], data: object = None) -> None:
        super().__init__(data)
        known = set(named)
        _choose(self, "to", [one for one in agencies() if one[0] in known])


class VoidForm(PlainForm):
    reason = forms.CharField(label=gettext_lazy("作废理由"), max_length=300)


class ReturnForm(PlainForm):
    reason = forms.CharField(label=gettext_lazy("退文理由"), max_length=300)


class ReceiveForm(PlainForm):
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class CirculateForm(PlainForm):
    to = forms.MultipleChoiceField(label=gettext_lazy("传阅给"), widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=200)

    def __init__(self, people: Iterable[tuple[str, str]], data: object = None) -> None:
        super().__init__(data)
        _choose(self, "to", people)


class CloseForm(PlainForm):
    """An evaluation of each agency's answer."""

    def __init__(self, asked: Iterable[tuple[str, str]], data: object = None) -> None:
        super().__init__(data)
        for key, name in asked:
            self.fields[f"grade:{key}"] = forms.ChoiceField(
                label=_("%(agency)s的完成情况") % {"agency": name}, choices=[(one, _(one)) for one in GRADES],
                widget=forms.RadioSelect,
            )  # fmt: skip
            self.fields[f"words:{key}"] = forms.CharField(
                label=_("对%(agency)s的评语") % {"agency": name}, required=False, max_length=300
            )
        self.fields["opinion"] = forms.CharField(label=_("办结意见"), required=False, max_length=500, widget=_WORDS)

    def grades(self) -> dict[str, tuple[str, str]]:
        said = self.cleaned_data
        keys = [name.removeprefix("grade:") for name in self.fields if name.startswith("grade:")]
        return {key: (said[f"grade:{key}"], said[f"words:{key}"]) for key in keys}
