"""What a draft is told of its applicant: in whose name it is made, and what the registers already hold of him."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from shuniu.cases.api import effects, items
from shuniu.cases.api.drafts import check_seen, resolved, touch
from shuniu.cases.declare.draft import Applicant, DraftView, Offer, Prefilled, Whom
from shuniu.cases.models import Draft
from shuniu.cases.rules import acting as rules
from shuniu.cases.rules import forms
from shuniu.cases.rules.acting import account_kind as account_kind
from shuniu.cases.rules.acting import grounds as grounds
from shuniu.cases.store import drafts as store
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import SubjectType
from shuniu.directory import api as directory
from shuniu.directory.declare import Delegated
from shuniu.registries import api as registries
from shuniu.registries.api.golden import read as read_golden
from shuniu.registries.declare import Attribute, Register, Said, Source
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

ACTING, PREFILL = ":acting", ":prefill"
"""Parts of a draft beside its pages, whose keys begin with a letter."""


@verb("cases.name_applicant", "说明以谁的名义办理")
def name_applicant(*, actor: Actor, draft: int, whom: Whom, seen: int) -> DraftView:
    """Say in whose name a draft is made and on what ground. A representative is compared with the register.

    Another applicant than before: what was taken from the registers of the former is dropped. Raises Refused
    draft.unknown, draft.filed, draft.ended, draft.changed, acting.* (see `rules.acting`), and delegation.* for one that is
    not in force or does not cover the item.
    """
    require()
    today = timezone.localdate()
    row = store.open_draft(actor, draft, today)
    under = directory.check_delegation(actor, whom.delegation, "file", row.item) if whom.delegation else None
    stated = rules.state(actor, whom, row.kinds, under)
    applicant = stated.applicant
    if applicant.subject is None and stated.code:
        applicant = applicant.model_copy(update={"subject": _known(applicant, stated.code)})
    acting = rules.by_register(stated.acting, _representatives(applicant))
    now = {"applicant": applicant.model_dump(mode="json"), "acting": acting.model_dump(mode="json")}
    if (row.applicant, row.acting) != (now["applicant"], now["acting"]):
        check_seen(row, [ACTING], seen)
    if row.applicant is not None and row.applicant != now["applicant"]:
        _drop_prefilled(row)
    row.applicant, row.acting = now["applicant"], now["acting"]
    if account_kind(actor) == "officer":
        row.form_id = _asked_of(actor, row, applicant)
    touch(row, [ACTING])
    record(
        f"draft:{draft}", subjects=(applicant.subject,) if applicant.subject else (),
        detail={
            "ground": acting.ground.value, "proof": acting.proof, "counter": account_kind(actor) == "officer",
            **({"delegation": acting.delegation} if acting.delegation is not None else {}),
        },
    )  # fmt: skip
    return store.view(row, actor, today)


def _asked_of(actor: Actor, row: Draft, applicant: Applicant) -> str:
    """The form with the choices that the item's effect offers of whom a clerk has named; the same where it offers none."""
    found = items.snapshot().items.get(row.item)
    if found is None or not found.item.effect:
        return row.form_id
    item = items.version(row.item, row.item_version).item.at(row.agency)
    return store.freeze_form(resolved(item.form, effects.choices(actor, item, applicant)))


def delegations(actor: Actor, item: str) -> tuple[Delegated, ...]:
    """The delegations under which the actor may apply for that item now."""
    return tuple(one for one in directory.delegations_to(actor) if one.scope.covers("file", item))


def _known(applicant: Applicant, code: str) -> int | None:
    """The subject of a code, where the register knows it by the very name that was stated; never a hint of another's name."""
    held = registries.find_named("resident_id" if applicant.kind == "natural" else "uscc", code, applicant.name)
    return held.id if held is not None and held.kind == applicant.kind else None


def _representatives(applicant: Applicant) -> frozenset[str]:
    """Who the base registers of legal persons say represents it now; empty: they do not know."""
    if applicant.kind != "legal" or applicant.subject is None:
        return frozenset()
    sources = tuple(
        Source(one.resource.key, item.name)
        for one in catalogue.published_all()
        if one.resource.register_for is SubjectType.LEGAL
        for item in one.resource.items
        if item.element == "legal_representative"
    )
    if not sources:
        return frozenset()
    asked = Attribute("representative", "法定代表人", "legal_representative", sources)
    (held,) = read_golden(Register("representatives", "法定代表人", "legal", (asked,)), applicant.subject)
    # The newest word counts; a register that says otherwise is a conflict of the registers, not of the applicant.
    return frozenset((held.winner.value, *(one.value for one in held.conflicts))) if held.winner else frozenset()


def _drop_prefilled(row: Draft) -> None:
    """Take what came from the registers out again; the pages where it stood are to be filled in."""
    gone = {one.question for one in store.prefilled(row)}
    row.answers = {name: text for name, text in row.answers.items() if name not in gone}
    pages = {page.key for page in store.form_of(row.form_id).form.pages if gone & {one.name for one in page.questions}}
    row.visited = {part: version for part, version in row.visited.items() if part not in pages}
    row.prefilled, row.consented = [], None


def _settled(row: Draft, actor: Actor, taken: tuple[Prefilled, ...], today: date) -> list[str]:
    """The pages that need no visit: the registers have answered on them, and nothing is missing or wrong."""
    found, names = store.view(row, actor, today), {one.question for one in taken}
    wrong = {one.question for one in found.faults}
    asked = {page.key: {one.name for one in page.questions} for page in found.pages}
    return [key for key, here in asked.items() if here & names and not here & wrong]


@verb("cases.prefill_draft", "同意调取本人信息")
def prefill(*, actor: Actor, draft: int, consent: bool, seen: int) -> DraftView:
    """Take what the registers hold of the applicant, who consents, into the answers; or note that he does not.

    Only the account's own subject is ever read: neither an agent nor a clerk is shown what is held of somebody else. The
    consent is journalled with the resources and items, never with values. A value on which rows of its register differ is
    not taken. Raises Refused prefill.own, draft.unknown, draft.filed, draft.ended, draft.changed.
    """
    require()
    today = timezone.localdate()
    row = store.open_draft(actor, draft, today)
    before = store.view(row, actor, today)
    if not before.offers or actor.subject is None or before.applicant is None:
        raise Refused("prefill.own", "只有申请人本人登录，才能调取其信息。", "请由申请人本人办理，或逐项填写。")
    check_seen(row, [PREFILL], seen)
    _drop_prefilled(row)
    row.consented = consent
    taken = _taken(before, before.applicant.kind, actor.subject) if consent else ()
    row.prefilled = [one.model_dump(mode="json") for one in taken]
    row.answers = forms.settle(before.form.form, {**row.answers, **{one.question: one.value for one in taken}}, today)
    touch(row, [PREFILL, *_settled(row, actor, taken, today)])
    after = store.view(row, actor, today)
    asked = sorted({f"{one.prefill.resource}:{one.prefill.item}" for one in before.offers})
    record(
        f"draft:{draft}",
        subjects=(actor.subject,),
        detail={"consent": consent, "items": list(asked), "taken": len(taken)},
    )
    return after


def _taken(view: DraftView, kind: str, subject: int) -> tuple[Prefilled, ...]:
    """What the registers say of a subject, question by question; nothing where they contradict themselves."""
    offered = {one.question: one for one in view.offers}
    asked = tuple(
        Attribute(name, one.title, "", (Source(one.prefill.resource, one.prefill.item),))
        for name, one in offered.items()
    )
    read = read_golden(Register("prefill", "预填", kind, asked), subject)
    said = {one.attribute.name: one.winner for one in read if one.winner is not None and not one.conflicts}
    sound = forms.read(view.form, {name: one.value for name, one in said.items()}, store.issued(view.form)).answers
    return tuple(_prefilled(offered[name], said[name], text) for name, text in sound.items())


def _prefilled(offer: Offer, said: Said, value: str) -> Prefilled:
    return Prefilled(
        question=offer.question, value=value, resource=said.resource, resource_title=offer.resource_title,
        item=said.item, agency_name=offer.agency_name, batch=said.batch, line=said.line,
        day=timezone.localdate(said.at), changeable=offer.prefill.changeable,
    )  # fmt: skip
