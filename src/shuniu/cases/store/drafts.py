"""Rows of drafts: whose they are, what they hold, and forms frozen under their digests."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import lru_cache

from shuniu.cases.declare.draft import Acting, Applicant, DraftState, DraftView, Offer, Prefilled
from shuniu.cases.declare.form import ResolvedForm
from shuniu.cases.models import Draft, FrozenForm
from shuniu.cases.rules import forms
from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.trust.declare import Actor, Refused


class AlreadyFiled(Refused):
    """A draft that has become a case (rule draft.filed); `number` is the case's, empty within the very act of filing."""

    def __init__(self, number: str) -> None:
        said = f"，办件编号 {number}" if number else ""
        super().__init__("draft.filed", f"这份申请已经提交{said}。", "请在“我的办件”中查看进度，不必重复提交。")
        self.number = number


def freeze_form(resolved: ResolvedForm) -> str:
    """Keep a resolved form once; its digest."""
    content = resolved.model_dump(mode="json")
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    FrozenForm.objects.bulk_create([FrozenForm(digest=digest, content=content)], ignore_conflicts=True)
    return digest


@lru_cache(maxsize=256)
def form_of(digest: str) -> ResolvedForm:
    """The resolved form of a digest: never changed, so read once. KeyError for an unknown one."""
    found = FrozenForm.objects.filter(digest=digest).first()
    if found is None:
        raise KeyError(digest)
    return ResolvedForm.model_validate(found.content)


def owned(actor: Actor, number: int, *, lock: bool = False) -> Draft:
    """One's own draft. Another's is unknown, and nothing says that it is there. Raises Refused draft.unknown."""
    rows = Draft.objects.select_for_update() if lock else Draft.objects
    found = rows.filter(pk=number, account=actor.person).first()
    if found is None:
        raise Refused("draft.unknown", "您没有这份草稿。", "请从“我的草稿”进入，或重新开始申请。")
    return found


def open_draft(actor: Actor, number: int, today: date) -> Draft:
    """One's own draft, locked, that can still be gone on with. Raises Refused draft.unknown, draft.filed, draft.ended."""
    found = owned(actor, number, lock=True)
    if found.state == DraftState.FILED:
        raise AlreadyFiled(found.number)
    if found.state != DraftState.OPEN or found.expires < today:
        state = DraftState.EXPIRED if found.state == DraftState.OPEN else DraftState(found.state)
        raise Refused("draft.ended", f"这份草稿{state.title}，内容已经清除。", "请从事项页面重新开始申请。")
    return found


def issued(resolved: ResolvedForm) -> dict[str, str]:
    """Region codes ever issued, where a question asks for one."""
    regional = any(one.check == "region" for one in resolved.form.questions)
    return directory.issued_codes() if regional else {}


def offers(resolved: ResolvedForm) -> tuple[Offer, ...]:
    """What the form's questions could be prefilled with, of registers that are published."""
    held = catalogue.snapshot().published
    found = []
    for one in resolved.form.questions:
        if one.prefill is None or one.prefill.resource not in held:
            continue
        resource = held[one.prefill.resource].resource
        item = next((item for item in resource.items if item.name == one.prefill.item), None)
        agency = directory.agency(resource.agency)
        if item is not None:
            found.append(
                Offer(
                    question=one.name, title=one.title, prefill=one.prefill, item_title=item.title,
                    resource_title=resource.title, agency_name=agency.name if agency else "",
                )
            )  # fmt: skip
    return tuple(found)


def view(row: Draft, actor: Actor, today: date) -> DraftView:
    """A draft as its owner sees it."""
    resolved = form_of(row.form_id)
    acting = Acting.model_validate(row.acting) if row.acting is not None else None
    applicant = Applicant.model_validate(row.applicant) if row.applicant is not None else None
    if acting is not None and acting.delegation is not None and not _in_force(actor, row, acting.delegation):
        acting = applicant = None  # it is asked again in whose name
    own = applicant is not None and applicant.subject is not None and applicant.subject == actor.subject
    gone = row.state == DraftState.OPEN and row.expires < today
    answers = {} if gone else row.answers
    return DraftView(
        id=row.pk, item=row.item, item_version=row.item_version, title=row.title, agency=row.agency,
        channel=row.channel, state=DraftState.EXPIRED if gone else DraftState(row.state), number=row.number,
        version=row.version, expires=row.expires, form=resolved, applicant=applicant,
        acting=acting, answers=answers,
        visited=row.visited, unsettled=frozenset(row.unsettled), consented=row.consented,
        offers=offers(resolved) if own else (), prefilled=prefilled(row),
        shown=forms.shown(resolved.form, answers, today),
        faults=forms.check(resolved, answers, today),
    )  # fmt: skip


def _in_force(actor: Actor, row: Draft, delegation: int) -> bool:
    """Whether the delegation that a draft is made under still lets it be filed."""
    held = directory.delegations_to(actor)
    return any(one.number == delegation and one.scope.covers("file", row.item) for one in held)


def prefilled(row: Draft) -> tuple[Prefilled, ...]:
    """What a draft's answers were taken from."""
    return tuple(Prefilled.model_validate(one) for one in row.prefilled)


def fixed(row: Draft) -> dict[str, str]:
    """The answers that the registers have given for good."""
    return {one.question: one.value for one in prefilled(row) if not one.changeable}


def forget(row: Draft, state: DraftState) -> None:
    """End a draft: what was answered goes with it."""
    row.state, row.answers, row.prefilled, row.applicant, row.acting = state, {}, [], None, None
    row.save()
