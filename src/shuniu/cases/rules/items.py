"""What a service item must keep to before it is published: 行政许可法 on terms and fees, 716号令 on what is not asked.

The rules in use are those of the national exchange table of 实施清单 and of the law; each has an id, says where it was
broken, and how to mend it. Pure: what is known of elements, resources and other items is passed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain

from shuniu.base.expressions import Node, fields_of
from shuniu.base.periods import Term, Unit
from shuniu.cases.declare import (
    ByFact,
    ByLicence,
    ByUpload,
    ItemFault,
    Material,
    Question,
    Satisfier,
    ServiceItem,
    ServiceStage,
)
from shuniu.cases.declare.service import ServiceKind, serves
from shuniu.catalogue.declare import Element, ItemType, Resource
from shuniu.procedures.declare import Procedure

LEAST_STEPS = 5
"""收件、受理、审查、决定、送达: a licence is never given in fewer steps (实施清单 rule in use)."""


@dataclass(frozen=True)
class Limits:
    """Terms of 行政许可法 art. 42 on the day in question: one agency's, and those of 统一、联合、集中办理."""

    decide: Term
    extend: Term
    joint: Term
    joint_extend: Term


@dataclass(frozen=True)
class Known:
    """What the platform holds: elements and resources by key, satisfiers by title of what is already fetched, the
    keys of the licence types that are declared."""

    elements: Mapping[str, Element]
    resources: Mapping[str, Resource]
    fetched: Mapping[str, Satisfier]
    limits: Limits
    licences: Set[str]
    effects: Mapping[str, Set[str]]  # registered ones, with the questions that each needs
    unmanned: Mapping[str, Sequence[tuple[str, str, tuple[str, ...]]]]
    """By item, the stages that nobody can answer: stage, agency, the roles of which one would do."""
    procedures: Mapping[str, Procedure]  # registered ones


def faults(item: ServiceItem, known: Known) -> tuple[ItemFault, ...]:
    """All that an item does against the rules, the blocking first."""
    found = chain(
        _names(item), _terms(item, known.limits), _money(item), _ways(item), _guide(item),
        _licences(item, known.licences), _materials(item, known), _questions(item, known), _effect(item, known.effects),
        _manned(item, known), _procedure(item, known.procedures),
    )  # fmt: skip
    return tuple(sorted(found, key=lambda fault: not fault.blocks))


def held_by(material: Material) -> Satisfier | None:
    """The first satisfier of a material that asks nothing of the applicant; None when a file must be handed in."""
    return next((one for one in material.satisfied_by if not isinstance(one, ByUpload)), None)


def days(term: Term | None) -> float:
    """A term's length in calendar days for comparing units: five working days to seven days, 30 days to the month."""
    if term is None:
        return 0
    return term.amount * {Unit.WORKING_DAY: 1.4, Unit.DAY: 1, Unit.MONTH: 30, Unit.YEAR: 365}[term.unit]


def _names(item: ServiceItem) -> Iterator[ItemFault]:
    if item.key.partition("/")[0] != item.agency:
        yield _fault(item, "owner", "", "事项代码的前段不是实施机关", f"把代码改为“{item.agency}/名称”。")
    lists = (
        ("材料", [one.key for one in item.materials]),
        ("收费", [one.key for one in (*item.fees, *item.extra_fees)]),
        ("结果", [one.key for one in item.results]),
    )
    for what, names in lists:
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield _fault(item, "doubled", name, f"{what}“{name}”重复", "同一事项内每个名称只用一次。")
    for basis in (*item.bases, *(special.basis for special in item.specials)):
        if not (basis.law.strip() and basis.article.strip()):
            yield _fault(item, "basis", basis.law, "依据没有写明法律和条款", "写明法律全称和第几条。")


def _terms(item: ServiceItem, limits: Limits) -> Iterator[ItemFault]:
    if item.statutory is None and item.promised is None:
        remedy = "写明法定或者承诺的办结时限；当场办结的，承诺办结时限写 0（即办）。"
        yield _fault(item, "no_term", "", "没有写明办结时限", remedy)
    elif item.statutory is None and not item.on_the_spot:
        remedy = "写明法定办结时限；法定当场办结的，承诺办结时限写 0（即办）。"
        yield _fault(item, "on_the_spot", "", "没有法定时限的事项承诺了期限", remedy)
    elif days(item.promised) > days(item.statutory):
        message = f"承诺时限{item.promised}长于法定时限{item.statutory}"
        yield _fault(item, "promise", "", message, "承诺时限改为不超过法定时限。")
    if item.on_the_spot and item.specials:
        yield _fault(item, "on_the_spot", "", "即办事项不能有停表的特别程序", "去掉特别程序，或者改为承诺件。")
    if item.kind is ServiceKind.LICENSING and item.term_basis is None:
        if item.statutory is not None and (
            item.statutory.unit is not Unit.WORKING_DAY or item.statutory.amount > limits.decide.amount
        ):
            message = f"行政许可的法定时限{item.statutory}与一般规定（{limits.decide}）不符，没有写明依据"
            yield _fault(
                item, "licensing_term", "", message, "另有法律、法规规定的，在时限依据中写明（行政许可法第四十二条）。"
            )
        if item.extension is not None and days(item.extension) > days(limits.extend):
            message = f"延长{item.extension}超过一般规定的{limits.extend}，没有写明依据"
            yield _fault(
                item, "extension", "", message, "另有法律、法规规定的，在时限依据中写明（行政许可法第四十二条）。"
            )


def _money(item: ServiceItem) -> Iterator[ItemFault]:
    questions = {one.name: one for one in item.form.questions}
    for line in (one for one in item.extra_fees if not (one.basis.strip() and one.per)):
        message = f"收费“{line.title}”没有依据，或者没有写明按什么计量"
        yield _fault(item, "fee_basis", line.key, message, "写明收费依据和计量单位；没有依据的不得收费。")
    for line in item.fees:
        if not line.basis.strip():
            yield _fault(
                item, "fee_basis", line.key, f"收费“{line.title}”没有依据", "写明收费依据；没有依据的不得收费。"
            )
        if line.per and (line.per not in questions or questions[line.per].type is not ItemType.INTEGER):
            yield _fault(
                item,
                "fee_per",
                line.key,
                f"收费“{line.title}”按“{line.per}”计量，它不是整数问题",
                "改为表单中的整数问题。",
            )
        yield from _refers(item, f"收费“{line.title}”", line.show_if, set(questions))


def _ways(item: ServiceItem) -> Iterator[ItemFault]:
    if item.visits and not item.visits_why.strip():
        yield _fault(
            item, "visits_why", "", f"须到现场{item.visits}次，没有说明原因", "写明为什么必须到现场，或者改为 0 次。"
        )
    if item.visits and item.stage is ServiceStage.ONLINE:
        yield _fault(item, "online_visits", "", "全程网上办理的事项仍须到现场", "到现场次数改为 0，或者降低网办阶段。")
    if not item.visits and item.stage < ServiceStage.ONLINE and not item.by_mail:
        yield _fault(item, "no_way", "", "不必到现场，又不能全程网办，也不收邮寄", "开通邮寄，或者改正到现场次数。")
    if item.telephone.strip() and item.telephone.strip() == item.complaints.strip():
        yield _fault(item, "telephones", "", "咨询电话与监督投诉电话相同", "监督投诉由另一部电话受理。")
    if not (item.telephone.strip() and item.complaints.strip()):
        yield _fault(item, "telephones", "", "没有写明咨询电话或监督投诉电话", "两者都要写明。")


def _guide(item: ServiceItem) -> Iterator[ItemFault]:
    if not (item.licences or item.result.strip()):
        yield _fault(item, "result", "", "没有写明办理结果", "写明发什么证照，或者结果的名称。")
    if item.kind is ServiceKind.LICENSING and not item.questions:
        yield _fault(item, "faq", "", "行政许可没有常见问题", "至少写一个常见问题及其回答。")
    if item.kind is ServiceKind.LICENSING and len(item.steps) < LEAST_STEPS:
        message = f"行政许可的办理流程只有{len(item.steps)}个环节"
        yield _fault(item, "steps", "", message, f"写明收件、受理、审查、决定、送达等至少{LEAST_STEPS}个环节。")


def _licences(item: ServiceItem, declared: Set[str]) -> Iterator[ItemFault]:
    """A licence type that nobody declared could be neither issued nor found again."""
    remedy = "改用已登记的证照类型，或者先登记这一类型。"
    for name in sorted(set(item.licences) - declared):
        yield _fault(item, "licence", name, f"制发的证照类型“{name}”没有登记", remedy)
    for material in item.materials:
        for one in material.satisfied_by:
            if isinstance(one, ByLicence) and one.licence not in declared:
                message = f"材料“{material.title}”以证照类型“{one.licence}”代替，该类型没有登记"
                yield _fault(item, "licence", material.key, message, remedy)


def _materials(item: ServiceItem, known: Known) -> Iterator[ItemFault]:
    questions = {one.name for one in item.form.questions}
    for material in item.materials:
        yield from _refers(item, f"材料“{material.title}”", material.show_if, questions)
        held = held_by(material) or known.fetched.get(material.title)
        if held is not None and material.satisfied_by[0] != held:
            message = f"材料“{material.title}”平台已经能取得，却先要申请人提交"
            remedy = f"把“{_source(held, known)}”放在提供方式的第一位（国务院令第716号第七条）。"
            yield _fault(item, "held_first", material.key, message, remedy)
        for one in material.satisfied_by:
            if isinstance(one, ByFact) and (resource := known.resources.get(one.resource)) is not None:
                names = {field.name for field in fields_of(one.condition)} if one.condition is not None else set()
                for name in sorted(names - {column.name for column in resource.items}):
                    message = f"材料“{material.title}”的条件用到“{name}”，资源“{resource.title}”没有这个信息项"
                    yield _fault(item, "fact", material.key, message, "按资源目录改正信息项名称。")


def _questions(item: ServiceItem, known: Known) -> Iterator[ItemFault]:
    asked: dict[tuple[str, str], Question] = {}
    for question in item.form.questions:
        yield from _question(item, question, known)
        if not question.element:
            continue
        first = asked.setdefault((question.element, question.about), question)
        if first is not question:
            way = "已从登记库预填" if first.prefill or question.prefill else "前面已经问过"
            message = f"问题“{question.name}”与“{first.name}”是同一个数据元，{way}，却要再填一次"
            remedy = "删去后一个；问的若是另一个人或物，在“对象”中写明。"
            yield _fault(item, "asked_twice", question.name, message, remedy)


def _question(item: ServiceItem, question: Question, known: Known) -> Iterator[ItemFault]:
    if question.element and question.element not in known.elements:
        message = f"问题“{question.name}”的数据元“{question.element}”不在目录中"
        yield _fault(item, "element", question.name, message, "改用目录中的数据元，或者先提出新的数据元。")
    if not (question.element or question.title):
        yield _fault(item, "untitled", question.name, f"问题“{question.name}”没有名称", "写明要问什么。")
    if question.prefill is None:
        return
    resource = known.resources.get(question.prefill.resource)
    if resource is not None and question.prefill.item not in {column.name for column in resource.items}:
        message = f"问题“{question.name}”从“{resource.title}”预填“{question.prefill.item}”，该资源没有这个信息项"
        yield _fault(item, "prefill", question.name, message, "按资源目录改正信息项名称。")
    if resource is None:
        message = f"问题“{question.name}”的预填来源“{question.prefill.resource}”尚未发布"
        yield _fault(item, "prefill", question.name, message, "来源发布以前，申请人要自己填写。", blocks=False)


def _effect(item: ServiceItem, registered: Mapping[str, Set[str]]) -> Iterator[ItemFault]:
    """What granting it does must be known in that version, and be told what it needs."""
    if item.effect and item.effect not in registered:
        message = f"准予后要执行的“{item.effect}”平台没有登记"
        yield _fault(item, "effect", item.effect, message, "核对名称和版本，例如“credit.repair@1”。")
    for name in sorted({*registered.get(item.effect, ())} - {one.name for one in item.form.questions}):
        message = f"准予后要执行的“{item.effect}”需要问题“{name}”的回答，表单没有问"
        yield _fault(item, "effect_asks", name, message, "在表单中加上这个问题。")


def _procedure(item: ServiceItem, registered: Mapping[str, Procedure]) -> Iterator[ItemFault]:
    """It is known, and in each of its stages there are as many agencies as must agree."""
    procedure = registered.get(item.procedure)
    if procedure is None or not serves(procedure):
        message = f"办理程序“{item.procedure}”没有登记，或者不是受理、审查、决定的程序"
        yield _fault(item, "procedure", "", message, "从已登记的办理程序中选择。")
        return
    stages, sitting = {stage.key: stage for stage in procedure.stages}, dict(item.lanes)
    for key in sorted(sitting.keys() - stages.keys()):
        message = f"办理程序“{procedure.title}”没有环节“{key}”，却写明了它的办理单位"
        yield _fault(item, "lanes", key, message, "去掉这个环节，或者改选有这个环节的办理程序。")
    for stage in procedure.stages:
        if stage.quorum > len(found := sitting.get(stage.key) or (item.agency,)):
            message = f"环节“{stage.title}”须 {stage.quorum} 方同意，只写明 {len(found)} 个办理单位"
            yield _fault(item, "lanes", stage.key, message, "为这个环节补足办理单位。")


def _manned(item: ServiceItem, known: Known) -> Iterator[ItemFault]:
    """What is filed would lie; it does not block, for people are appointed after items are declared as well as before."""
    for stage, agency, roles in known.unmanned.get(item.key, ()):
        message = f"“{stage}”环节谁都不能办：{agency}没有人任“{'”或“'.join(roles)}”岗位"
        yield _fault(item, "unmanned", stage, message, "请该单位管理员在“账号与岗位”中任命，再受理申请。", blocks=False)


def _refers(item: ServiceItem, where: str, condition: Node | None, names: set[str]) -> Iterator[ItemFault]:
    """A condition may read only what the form asks."""
    for name in sorted({field.name for field in fields_of(condition)} - names) if condition is not None else ():
        yield _fault(item, "condition", name, f"{where}的条件用到“{name}”，表单没有问过", "改用表单中的问题。")


def _source(held: Satisfier, known: Known) -> str:
    """What users read for where a thing comes from."""
    if isinstance(held, ByFact):
        return known.resources[held.resource].title if held.resource in known.resources else held.resource
    return held.licence if not isinstance(held, ByUpload) else ""


def _fault(item: ServiceItem, rule: str, part: str, message: str, remedy: str, blocks: bool = True) -> ItemFault:
    return ItemFault(f"item.{rule}", item.key, part, f"“{item.title}”：{message}。", remedy, blocks)
