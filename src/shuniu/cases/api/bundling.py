"""A life event applied for as one: begun with a few answers, filed once, followed branch by branch.

It becomes a whole and one case for each item, which its own agency handles under its own number, answers and clocks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from shuniu.cases import telling
from shuniu.cases.api import drafts, fees, filing, items, views, wholes
from shuniu.cases.api.materials import Asked, plan_materials, settle_materials
from shuniu.cases.bundle_procedure import BUNDLE
from shuniu.cases.declare.bundle import PublishedBundle
from shuniu.cases.declare.bundling import BranchView, Holder, JointMaterial
from shuniu.cases.declare.case import CaseState, CaseView
from shuniu.cases.declare.draft import Acting, Filled
from shuniu.cases.declare.material import NOTHING, HandedIn, Material, Planned
from shuniu.cases.declare.service import ServiceItem
from shuniu.cases.models import BundleDraft, Case
from shuniu.cases.rules import bundling as rules
from shuniu.cases.rules import forms
from shuniu.cases.rules.bundles import Joint, applying, joint
from shuniu.cases.store import cases as store
from shuniu.cases.store.cases import subjects
from shuniu.cases.store.drafts import freeze_form
from shuniu.directory import api as directory
from shuniu.procedures import api as procedures
from shuniu.procedures.calendars import api as calendars
from shuniu.procedures.declare import CaseView as MatterView
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Json, Refused


@dataclass(frozen=True)
class _Begun:
    """What a draft was begun for, in the versions of that day."""

    event: PublishedBundle
    versions: Mapping[str, int]
    items: Mapping[str, ServiceItem]
    whole: Joint


@verb("cases.start_bundle", "开始填写一件事申请")
def start(*, actor: Actor, key: str, said: Mapping[str, str], mobile: bool = False) -> int:
    """Begin a draft of a life event for these answers to its determinants; its number.

    Raises Refused: cases.no_item, bundle.determinants (not all answered), bundle.nothing (no item applies), bundle.*
    (`items.whole`), and what `drafts.start` raises.
    """
    require()
    found = items.bundle(key)
    it, today = found.bundle, timezone.localdate()
    asked = {one.name for one in it.determinants}
    said = {name: text for name, text in said.items() if name in asked and text in ("true", "false")}
    if said.keys() != asked:
        raise Refused("bundle.determinants", f"“{it.title}”的先决问题没有答完。", "请先逐题选择“是”或“否”。")
    branches = applying(it, said, today)
    held = {one.item: items.published(one.item) for one in branches}
    whole = joint(it, {key: one.item for key, one in held.items()}, branches, items.limits())
    if whole.form is None:
        raise Refused("bundle.nothing", f"按所答的情况，“{it.title}”没有要办的事项。", "请核对先决问题的回答。")
    drafts.check_reach(actor, [one.item for one in held.values()])
    first = {one for key, one in held.items() if not whole.after[key]}
    audiences = {it.audience}.union(*(one.item.audiences for one in first))
    draft = drafts.begin(actor, it, found.version, whole.form, audiences, mobile=mobile)
    versions = {key: one.version for key, one in held.items()}
    BundleDraft.objects.update_or_create(draft_id=draft, defaults={"said": said, "items": versions})
    record(f"draft:{draft}", detail={"bundle": key, "version": found.version, "items": list(versions)})
    return draft


def is_bundle(draft: int) -> bool:
    """Whether a draft is of a life event."""
    return BundleDraft.objects.filter(draft=draft).exists()


def _begun(draft: int) -> _Begun:
    row = BundleDraft.objects.select_related("draft").filter(draft=draft).first()
    if row is None:
        raise Refused("bundle.draft", "这份草稿不是一件事的申请。", "请从“我的草稿”进入后提交。")
    event = items.bundle_version(row.draft.item, row.draft.item_version)
    held = {key: items.version(key, number).item for key, number in row.items.items()}
    branches = tuple(one for one in event.bundle.branches if one.item in held)
    return _Begun(event, row.items, held, joint(event.bundle, held, branches, items.limits()))


def plan(*, actor: Actor, draft: int, given: HandedIn = NOTHING) -> tuple[JointMaterial, ...]:
    """The materials of the whole, each once, and by what each is satisfied now; what an earlier item gives is not there.

    Raises Refused draft.*, bundle.draft, material.subject.
    """
    found, begun = drafts.view(actor=actor, draft=draft), _begun(draft)
    shown = {name: text for name, text in found.answers.items() if name in found.shown}
    acting = found.acting or Acting()
    subject = found.applicant.subject if found.applicant else None
    planned: dict[str, JointMaterial] = {}
    for key in begun.whole.items:
        item, pairs = begun.items[key], rules.materials_of(begun.items[key], begun.whole)
        asked = Asked(
            rules.answers_of(item, begun.whole, shown), subject, given.consent or bool(found.consented), acting.ground.value,
            _keyed(pairs, given.uploads, acting), [own.key for own, name in pairs if name in given.promised],
        )  # fmt: skip
        needed = filing.with_proof(item.model_copy(update={"materials": tuple(own for own, _ in pairs)}), acting)
        names = {own.key: name for own, name in pairs}
        known = {one.key: one for one in needed.materials}
        for one in plan_materials(actor=actor, item=needed, asked=asked):
            name = names.get(one.material, one.material)
            _join(planned, name, item.title, known[one.material], replace(one, material=name))
    return tuple(planned.values())


def _join(planned: dict[str, JointMaterial], name: str, item: str, material: Material, one: Planned) -> None:
    """Note that an item wants a material; of two that want it, the one for which it is still missing is shown."""
    held = planned.get(name)
    material = material.model_copy(update={"key": name})
    if held is None:
        planned[name] = JointMaterial(material, (item,), one)
    else:
        planned[name] = JointMaterial(held.material, (*held.items, item), held.planned if one.settled else one)


def _keyed(
    pairs: Sequence[tuple[Material, str]], uploads: Mapping[str, Sequence[int]], acting: Acting
) -> dict[str, Sequence[int]]:
    """What is offered for one item: under its own keys, and the proof that somebody may act with each."""
    proof = {acting.proof: uploads[acting.proof]} if acting.proof in uploads else {}
    return {**rules.offered(pairs, uploads), **proof}


@verb("cases.file_bundle", "提交一件事申请")
def file(*, actor: Actor, draft: int, given: HandedIn = NOTHING) -> CaseView:
    """Make a whole of a finished draft, and a case of each item; those that wait for none go before their agencies. Once.

    What is given stands under the whole's names of materials (`plan`). Raises Refused: draft.* (AlreadyFiled after a
    second click), bundle.draft, material.missing (all that is missing, by item), material.*.
    """
    require()
    filled, begun = drafts.freeze(actor=actor, draft=draft), _begun(draft)
    now = timezone.now()
    whole = filing.made(actor, begun.event.bundle, filled, now)
    parts: dict[str, Case] = {}
    for key in begun.whole.items:
        parts[key] = filing.made(actor, begun.items[key], _projected(filled, begun, key), now, whole)
    _settle(actor, begun, filled, parts, replace(given, consent=given.consent or bool(filled.prefilled)))
    first = {key: one for key, one in parts.items() if not begun.whole.after[key]}
    matter = procedures.open_case(
        actor=actor, procedure=BUNDLE.key, object=f"case:{whole.number}", agency=whole.agency, region=whole.region,
        parts=tuple(wholes.opening(one) for one in first.values()),
    )  # fmt: skip
    whole.matter = matter.id
    whole.save(update_fields=["matter"])
    wholes.handed_over(tuple(one.case for one in matter.state.parts), first)
    drafts.name_case(draft, whole.number)
    telling.tell(whole, telling.FILED, begun.event.bundle.title)
    numbers: dict[str, Json] = {key: one.number for key, one in parts.items()}
    detail: dict[str, Json] = {"bundle": filled.item, "version": filled.version, "cases": numbers}
    detail |= views.under(whole)
    record(f"case:{whole.number}", subjects=subjects(whole), detail=detail)
    return views.seen(whole, "", own=True)


def _projected(filled: Filled, begun: _Begun, key: str) -> Filled:
    """What of the one form is an item's, under its own names, as its own form shows it."""
    item = begun.items[key]
    own = drafts.resolved(item.form)
    answers = forms.settle(own.form, rules.answers_of(item, begun.whole, filled.answers), timezone.localdate())
    prefilled = rules.prefilled_of(item, begun.whole, filled.prefilled)
    return replace(
        filled, item=key, version=begun.versions[key], form=own, digest=freeze_form(own), answers=answers,
        prefilled=tuple(one for one in prefilled if one.question in answers),
    )  # fmt: skip


def _settle(actor: Actor, begun: _Begun, filled: Filled, parts: Mapping[str, Case], offer: HandedIn) -> None:
    """Freeze each item's materials with its case. Raises Refused material.missing for all items at once."""
    missing = []
    for key, part in parts.items():
        item, pairs = begun.items[key], rules.materials_of(begun.items[key], begun.whole)
        needed = item.model_copy(update={"materials": tuple(own for own, _ in pairs)})
        asked = Asked(
            part.answers, filled.applicant.subject, offer.consent, filled.acting.ground.value,
            _keyed(pairs, offer.uploads, filled.acting), [own.key for own, name in pairs if name in offer.promised],
        )  # fmt: skip
        try:
            settle_materials(actor=actor, case=part.pk, item=filing.with_proof(needed, filled.acting), asked=asked)
        except Refused as refusal:
            if refusal.rule != "material.missing":
                raise
            missing.append(f"“{item.title}”{refusal.message}")
    if missing:
        raise Refused("material.missing", "".join(missing), "请上传，或者按页面提示改正。")


@verb("cases.read_branches", "查看一件事各单位办理情况", reads=True)
def branches(*, actor: Actor, number: str) -> tuple[BranchView, ...]:
    """Every item of a filed life event: who holds it, by when it is due, what it waits for. Empty for any other case.

    `number` is the whole's or that of one of its items. For the applicant and for the agencies that take part.
    Raises Refused case.unknown, right.region.
    """
    require()
    case = Case.objects.select_related("parent").filter(number=number).first()
    if case is None:
        raise store.unknown(number)
    whole = case.parent or case
    parts = wholes.parts_of(whole)
    if not filing.is_own(actor, whole):
        if actor.agency not in {whole.agency, *(one.agency for one in parts.values())}:
            raise store.unknown(number)
        require(region=whole.region)
    record(f"case:{number}", subjects=subjects(whole), detail={"branches": len(parts)})
    return _branches(whole, parts) if parts else ()


def _branches(whole: Case, parts: dict[str, Case]) -> tuple[BranchView, ...]:
    one = wholes.joint_of(whole, parts)
    states = {key: CaseState(part.state) for key, part in parts.items()}
    titles = {key: items.title(key, part.version) for key, part in parts.items()}
    matters = [part.matter for part in parts.values() if part.matter is not None]
    placed = procedures.case_views(matters)
    dues = {clock.case: clock.due for clock in calendars.clocks(matters) if clock.kind == "promised"}
    names = directory.agency_names()
    found = []
    for key, part in parts.items():
        item = items.version(key, part.version).item
        waits = [titles[before] for before in one.after[key] if states[before].running and states[key].running]
        view = placed.get(part.matter or 0)
        found.append(
            BranchView(
                part.number, key, titles[key], part.agency, names.get(part.agency, part.agency), states[key],
                tuple(waits), tuple((title, titles[giver]) for title, giver in rules.given_to(item, one)),
                _holders(view, names) if view is not None and states[key].running else (), dues.get(part.matter or 0),
                tuple(titles[before] for before in rules.why_cut(one.after, states, key)), fees.bill_of(part.pk),
            )
        )  # fmt: skip
    return tuple(found)


def _holders(view: MatterView, names: Mapping[str, str]) -> tuple[Holder, ...]:
    return tuple(
        Holder(
            view.procedure[seat.stage].title, names.get(seat.agency, seat.agency), seat.person_name,
            view.dues[seat.stage].date if seat.stage in view.dues else None,
        )
        for seat in view.open
    )  # fmt: skip
