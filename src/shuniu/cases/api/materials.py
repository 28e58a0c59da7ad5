"""Materials of an application: what is held already is looked up under consent, the list is frozen with the case."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from django.utils import timezone

from shuniu.base.expressions.sql import where
from shuniu.cases.api.licences import in_force
from shuniu.cases.api.uploads import owned
from shuniu.cases.api.whose import claim, is_own
from shuniu.cases.declare.form import Answers
from shuniu.cases.declare.material import (
    ByFact,
    ByLicence,
    CaseMaterialView,
    Fact,
    How,
    Material,
    Planned,
    Promise,
    UploadView,
)
from shuniu.cases.declare.service import ServiceItem
from shuniu.cases.models import Case, CaseMaterial, Licence
from shuniu.cases.rules import materials as rules
from shuniu.cases.store import successions
from shuniu.cases.store.cases import subjects
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import NotFound
from shuniu.directory import api as directory
from shuniu.registries import api as registries
from shuniu.trust.api import countersign, record, require, verb
from shuniu.trust.declare import Actor, Json, Refused


@dataclass(frozen=True)
class Asked:
    """What an application says of its materials. Without `consent` nothing is looked up and all must be handed in.

    `uploads` by material key: the uploads that are offered for it. `acting`: on what ground the actor acts for a subject
    that is not his own (代办, 法定代表人, 窗口代录); whoever passes it has seen the proof.
    """

    answers: Answers
    subject: int | None = None
    consent: bool = False
    acting: str = ""
    uploads: Mapping[str, Sequence[int]] = field(default_factory=dict)
    promised: Collection[str] = ()


@verb("cases.plan_materials", "查看申请材料是否已有", reads=True)
def plan_materials(*, actor: Actor, item: ServiceItem, asked: Asked) -> tuple[Planned, ...]:
    """Which materials the application needs, and by what each is satisfied now. Nothing is kept.

    The reading is journalled on the subject, with its consent and the resources that were looked into.
    Raises `Refused` material.subject (another's data without a ground).
    """
    require()
    _check_subject(actor, item, asked)
    planned, looked = _plan(actor, item, asked)
    record(f"item:{item.key}", subjects=_subjects(asked), detail=_detail(asked, looked))
    return planned


@verb("cases.settle_materials", "确定申请材料")
def settle_materials(*, actor: Actor, case: int, item: ServiceItem, asked: Asked) -> tuple[Planned, ...]:
    """Freeze the materials of a case with it; asked once. Called by the filing, in its transaction.

    Raises `Refused`: material.subject, material.missing (names all that is missing), material.settled (it has a list).
    """
    require()
    _check_subject(actor, item, asked)
    row = Case.objects.select_for_update().get(pk=case)
    if row.account != actor.person and row.agency != actor.agency:
        raise Refused("material.case", f"办件 {row.number} 不是您申请的。", "请从“我的办件”进入。")
    if CaseMaterial.objects.filter(case=row).exists():
        raise Refused("material.settled", f"办件 {row.number} 的材料已经确定。", "需要补正或者补交的，请在办件中办理。")
    planned, looked = _plan(actor, item, asked)
    missing = [one for one in planned if not one.settled]
    if missing:
        said = "；".join(f"{one.title}（{one.problem}）" if one.problem else one.title for one in missing)
        raise Refused("material.missing", f"还缺 {len(missing)} 份材料：{said}。", "请上传，或者按页面提示改正。")
    readers = sorted({item.agency, *(agency for _, seats in item.lanes for agency in seats)})
    for at, one in enumerate(planned, start=1):
        _keep(actor, row, one, readers, promise=_promise(row, item.title, one, at))
    record(f"case:{row.number}", subjects=_subjects(asked), detail=_detail(asked, looked))
    return planned


@verb("cases.hand_in", "补交材料")
def hand_in(*, actor: Actor, case: int, material: Material, uploads: Sequence[int]) -> CaseMaterialView:
    """Hand in what was let wait (容缺), what a promise stood for, or anything while the case is being corrected (补正).

    A further version beside the earlier. Raises `Refused`: material.case, material.not_open, material.unfit.
    """
    require()
    row = Case.objects.select_for_update(of=("self",)).select_related("parent").get(pk=case)
    if row.agency != actor.agency and not claim(actor, row, "file", "cases.hand_in"):
        raise Refused("material.case", f"办件 {row.number} 不是您申请的。", "请从“我的办件”进入。")
    last = CaseMaterial.objects.filter(case=row, key=material.key).order_by("-version").first()
    waits = last is not None and How(last.how) in (How.LATER, How.PROMISE)
    if last is None or row.ended_at is not None or not (waits or row.state == "correcting"):
        raise Refused("material.not_open", f"“{material.title}”现在不能补交。", "请等待办理单位的补正通知。")
    offered = tuple(owned(actor, row.applicant, set(uploads)).values())
    (one,) = rules.plan((material,), rules.Evidence(uploads={material.key: offered}))
    if one.how is not How.UPLOAD or len(offered) < len(set(uploads)):
        raise Refused("material.unfit", one.problem or "没有选中您自己的材料文件。", "请重新选择文件。")
    kept = _keep(actor, row, one, list(last.readers), version=last.version + 1)
    detail: dict[str, Json] = {"material": material.key, "version": kept.version}
    record(f"case:{row.number}", detail=detail)
    return _view(kept)


@verb("cases.read_materials", "查看办件材料", reads=True)
def case_materials(*, actor: Actor, case: int) -> list[CaseMaterialView]:
    """Every material of a case with all its versions, in order: for its applicant and the agencies that work on it.

    Raises `Refused` material.case.
    """
    require()
    row = Case.objects.filter(pk=case).first()
    if row is None:
        raise _unknown()
    own = is_own(actor, row) or _is_own(actor, row.applicant)
    found = CaseMaterial.objects.filter(case=row).select_related("licence").prefetch_related("files").order_by("id")
    estate = successions.estate(actor.agency) if actor.agency and not own else []
    listed = [one for one in found if own or {*estate} & {*one.readers}]
    if not (own or listed or (not found and row.agency in estate)):
        raise _unknown()
    record(f"case:{row.number}", subjects=subjects(row))
    return [_view(one) for one in listed]


def _unknown() -> Refused:
    return Refused("material.case", "没有这个办件，或者您不能查看它。", "请从您的办件或者待办中进入。")


def _is_own(actor: Actor, subject: int | None) -> bool:
    """Whether the actor is this subject, under whichever of its numbers."""
    own = actor.subject
    if own is None or subject is None:
        return False
    return own == subject or own in registries.members(subject)


def _check_subject(actor: Actor, item: ServiceItem, asked: Asked) -> None:
    if asked.subject is None or asked.acting or actor.agency == item.agency:
        return
    if not _is_own(actor, asked.subject):
        raise Refused("material.subject", "只能为本人、本单位申请。", "代他人办理的，请先提交委托或者代理的证明。")


def _plan(actor: Actor, item: ServiceItem, asked: Asked) -> tuple[tuple[Planned, ...], list[str]]:
    """The plan, and the resources that were looked into for it."""
    needed = rules.needed(item.materials, asked.answers, timezone.localdate())
    numbers = {number for some in asked.uploads.values() for number in some}
    mine = owned(actor, asked.subject, numbers)
    offered: dict[str, tuple[UploadView, ...]] = {
        key: tuple(mine[number] for number in some if number in mine) for key, some in asked.uploads.items()
    }
    facts: dict[tuple[str, int], Fact] = {}
    licences: dict[str, str] = {}
    looked: list[str] = []
    if asked.consent and asked.subject is not None:
        for one in needed:
            for place, by in enumerate(one.satisfied_by):
                if isinstance(by, ByFact):
                    looked.append(by.resource)
                    if (fact := _fact(asked.subject, by)) is not None:
                        facts[one.key, place] = fact
        kinds = {by.licence for one in needed for by in one.satisfied_by if isinstance(by, ByLicence)}
        licences = in_force(asked.subject, sorted(kinds)) if kinds else {}
    return rules.plan(needed, rules.Evidence(facts, licences, offered, asked.promised)), sorted(set(looked))


def _fact(subject: int, by: ByFact) -> Fact | None:
    """The subject's newest row that meets the condition; None where there is none, or the resource is not published."""
    try:
        published = catalogue.published(by.resource)
    except NotFound:
        return None
    narrowed = {by.resource: where(by.condition, timezone.localdate(), alias="t")} if by.condition else {}
    rows = registries.subject_rows_of(subject, [published], narrowed).get(by.resource)
    if not rows:
        return None
    name = directory.agency_name(published.resource.agency)
    return Fact(by.resource, published.resource.title, name, rows[-1].row, rows[-1].batch, rows[-1].line)


def _promise(case: Case, item: str, one: Planned, at: int) -> Promise | None:
    if one.how is not How.PROMISE:
        return None
    number = f"{case.number}-诺{at:02d}"
    text = rules.promise_text(item, one.title, case.applicant_name)
    signed = countersign(f"{number}\n{text}".encode())
    return Promise(number, text, signed.signature, signed.key)


def _keep(
    actor: Actor, case: Case, one: Planned, readers: list[str], *, promise: Promise | None = None, version: int = 1
) -> CaseMaterial:
    row = CaseMaterial.objects.create(
        case=case, key=one.material, version=version, title=one.title, how=one.how.value,
        fact=asdict(one.fact) if one.fact else None, promise=asdict(promise) if promise else None, paper=one.paper,
        licence=Licence.objects.get(number=one.licence) if one.licence else None, readers=readers,
        at=timezone.now(), person=actor.person, person_name=actor.name,
    )  # fmt: skip
    row.files.set(one.uploads)
    return row


def _view(row: CaseMaterial) -> CaseMaterialView:
    files = sorted(row.files.all(), key=lambda one: one.pk)
    return CaseMaterialView(
        row.key, row.version, row.title, How(row.how), row.at, row.person_name,
        Fact(**row.fact) if row.fact else None, row.licence.number if row.licence else "",
        tuple(one.pk for one in files), Promise(**row.promise) if row.promise else None, row.paper,
        tuple(one.name for one in files),
    )  # fmt: skip


def _subjects(asked: Asked) -> list[int]:
    return [asked.subject] if asked.subject is not None else []


def _detail(asked: Asked, looked: list[str]) -> dict[str, Json]:
    return {"consent": asked.consent, "acting": asked.acting[:100], "resources": [*looked]}
