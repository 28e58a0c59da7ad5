"""In whose name an application is made: who may say what of whom, and what must prove it. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from shuniu.base.identifiers import clean, resident_id_valid, uscc_valid
from shuniu.base.text import normalise_text, person_name_key
from shuniu.cases.declare.draft import Acting, Applicant, Ground, Kind, Whom
from shuniu.cases.declare.service import Reach, ServiceItem
from shuniu.directory.declare import Delegated
from shuniu.trust.declare import Actor, Refused

_GROUNDS: dict[str, tuple[Ground, ...]] = {
    "citizen": (Ground.OWN, Ground.GUARDIAN, Ground.AGENT, Ground.DELEGATE),
    "firm": (Ground.REPRESENTATIVE, Ground.AGENT, Ground.DELEGATE),
    "officer": (Ground.OWN, Ground.GUARDIAN, Ground.AGENT, Ground.REPRESENTATIVE),
}
_SUBJECTS: dict[str, Kind] = {"citizen": "natural", "firm": "legal"}
_KIND_TITLES = {"natural": "个人", "legal": "法人和其他组织"}


@dataclass(frozen=True)
class Stated:
    """What was stated, in order: the applicant as far as it follows from the account, who acts, and a code to look up."""

    applicant: Applicant
    acting: Acting
    code: str


def account_kind(actor: Actor) -> str:
    """citizen, firm or officer."""
    return actor.person.partition(":")[0]


def grounds(actor: Actor) -> tuple[Ground, ...]:
    """The grounds on which this account may act; an officer does so for whoever stands at the counter."""
    return _GROUNDS.get(account_kind(actor), ())


def check_counter(item: ServiceItem, own: bool, same_city: bool) -> None:
    """Refuse a counter that the item's 通办范围 does not reach; what it takes in, the item's agency decides.

    `own`: the counter is that agency's; `same_city`: it is of the same city. Other provinces have platforms of their own.
    Raises Refused draft.reach.
    """
    if own or item.regions in (Reach.PROVINCE, Reach.NATION) or (item.regions is Reach.CITY and same_city):
        return
    where = "办理单位所在市的窗口" if item.regions is Reach.CITY else "办理单位自己的窗口"
    raise Refused(
        "draft.reach", f"“{item.title}”的通办范围是{item.regions.title}，本单位的窗口不能收件。",
        f"请申请人在网上申请，或者到{where}办理。",
    )  # fmt: skip


def own_applicant(actor: Actor, ground: Ground, under: Delegated | None = None) -> Applicant | None:
    """The applicant where it is the account itself (a person in his own name, a firm always) or who delegated to it;
    None: it must be stated.
    """
    if under is not None:
        return Applicant(kind=_SUBJECTS[under.giver_kind], name=under.giver_name, subject=under.subject)
    kind = account_kind(actor)
    if kind == "firm" or (kind == "citizen" and ground is Ground.OWN):
        return Applicant(kind="legal" if kind == "firm" else "natural", name=actor.name, subject=actor.subject)
    return None


def state(actor: Actor, whom: Whom, kinds: Collection[str], under: Delegated | None = None) -> Stated:
    """Put in order who applies and who acts; `under` is the delegation in force that was named, where one is the ground.

    Raises Refused acting.ground, acting.kind, acting.name, acting.code, acting.by, acting.audience.
    """
    if whom.ground not in grounds(actor) or (whom.ground is Ground.DELEGATE) != (under is not None):
        raise Refused("acting.ground", f"这个账号不能以“{whom.ground.title}”的身份办理。", "请选择列出的办理身份。")
    applicant = own_applicant(actor, whom.ground, under) or _named(whom)
    _check_kind(whom.ground, applicant.kind)
    if applicant.kind not in kinds:
        served = "、".join(title for kind, title in _KIND_TITLES.items() if kind in kinds)
        raise Refused("acting.audience", f"这个事项只面向{served}。", "请核对申请人，或选择其他事项。")
    by = _by(actor, whom)
    acting = Acting(
        ground=whom.ground, name=by, proof=whom.ground.proof, delegation=under.number if under is not None else None
    )
    return Stated(applicant, acting, _code(whom, applicant))


def _named(whom: Whom) -> Applicant:
    name = normalise_text(whom.name)
    if not name or len(name) > 200:
        raise Refused("acting.name", "没有填写申请人的姓名（名称）。", "请按身份证件或营业执照填写，不超过 200 个字。")
    return Applicant(kind=whom.kind, name=name)


def _check_kind(ground: Ground, kind: Kind) -> None:
    if (ground is Ground.GUARDIAN and kind != "natural") or (ground is Ground.REPRESENTATIVE and kind != "legal"):
        raise Refused("acting.kind", f"{_KIND_TITLES[kind]}没有“{ground.title}”。", "请核对申请人的类型和办理身份。")
    if ground is Ground.OWN and kind != "natural":
        raise Refused(
            "acting.kind", "法人和其他组织由法定代表人或代办人办理。", "请选择“法定代表人”或“代办人（受委托）”。"
        )


def _by(actor: Actor, whom: Whom) -> str:
    """Who acts: the signed-in person, or who is named where the account is a firm's or the counter's."""
    if whom.ground is Ground.OWN:
        return ""
    if account_kind(actor) == "citizen" or whom.ground is Ground.DELEGATE:
        return actor.name
    name = normalise_text(whom.by)
    if not name or len(name) > 100:
        raise Refused("acting.by", f"没有填写{whom.ground.title}的姓名。", "请按身份证件填写。")
    return name


def _code(whom: Whom, applicant: Applicant) -> str:
    code = clean(whom.code)
    if not code or applicant.subject is not None:
        return ""
    valid, title = (
        (resident_id_valid, "公民身份号码") if applicant.kind == "natural" else (uscc_valid, "统一社会信用代码")
    )
    if not valid(code):
        raise Refused("acting.code", f"所填的不是有效的{title}。", "请核对证件后改正，或留空。")
    return code


def by_register(acting: Acting, registered: Collection[str]) -> Acting:
    """A representative as the register knows him needs no other proof. Raises Refused acting.representative.

    `registered` are the names that the registers give; none: the register does not know, and the proof is asked for.
    """
    if acting.ground is not Ground.REPRESENTATIVE or not registered:
        return acting
    if person_name_key(acting.name) not in {person_name_key(name) for name in registered}:
        raise Refused(
            "acting.representative",
            "所填的法定代表人与登记的不一致。",
            "请核对姓名；刚变更的，请等登记机关报送后再办，或由代办人凭授权委托书办理。",
        )
    return acting.model_copy(update={"proof": ""})
