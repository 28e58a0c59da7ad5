"""Materials of a case: facts and licences are looked up under consent, the list is frozen, and what waits is handed in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shuniu.base.expressions import Compare, Field, Kind, value
from shuniu.cases.api.materials import Asked, case_materials, hand_in, plan_materials, settle_materials
from shuniu.cases.declare.form import Form, Page, Question
from shuniu.cases.declare.licence import LicenceState
from shuniu.cases.declare.material import ByFact, ByLicence, ByUpload, How, Material
from shuniu.cases.declare.service import Audience, Basis, ServiceItem, ServiceKind
from shuniu.cases.models import Case
from shuniu.registries import api as registries
from shuniu.trust.api import signed_by_platform
from shuniu.trust.declare import Refused, Signature
from shuniu.trust.models import Entry
from tests.cases import licensed
from tests.cases.papers import CLERK, OTHER, OWNER, PNG, STRANGER, filed, uploaded
from tests.exchange.conftest import FIRMS, Deliver, catalogued, deliver, firm, registration

__all__ = ["catalogued", "deliver"]
pytestmark = pytest.mark.django_db
REGISTERED = Material(
    key="registration",
    title="营业执照",
    satisfied_by=(
        ByFact(resource="43.market/registration", condition=Compare("=", Field("state", Kind.TEXT), value("1"))),
        ByUpload(),
    ),
)
LEASE = Material(key="lease", title="场所使用证明", satisfied_by=(ByUpload(formats=("pdf", "jpeg")),), paper=True)
HEALTH = Material(key="health", title="健康证明", satisfied_by=(ByUpload(),), promise=True)
PLAN = Material(key="plan", title="平面图", satisfied_by=(ByUpload(),), later=True)
OLD = Material(key="old", title="原许可证", satisfied_by=(ByLicence(licence="food"),), required=False)
GONE = Material(key="gone", title="停用数据", satisfied_by=(ByFact(resource="43.market/nothing"),), required=False)
ITEM = ServiceItem(
    key="43.market/food",
    title="食品经营许可",
    agency="43.market",
    code="000131001000",
    kind=ServiceKind.LICENSING,
    audiences=(Audience.ENTERPRISE,),
    bases=(Basis(law="中华人民共和国食品安全法", article="第三十五条"),),
    conditions=("有固定场所",),
    form=Form(pages=(Page(key="one", title="场所", questions=(Question(name="premises", title="经营场所"),)),)),
    materials=(REGISTERED, LEASE, HEALTH, PLAN, OLD, GONE),
    lanes=(("inspect", ("43.health",)),),
)


@pytest.fixture
def subject(deliver: Deliver) -> int:
    """The subject of a firm that the register knows."""
    deliver(registration(firm(0), firm(1)))
    found = registries.find_subject("uscc", FIRMS[0])
    assert found is not None
    return found


def asked(subject: int | None, **more: object) -> Asked:
    return replace(Asked(answers={}, subject=subject, consent=True), **more)  # type: ignore[arg-type]  # test's own words


def hows(planned: object) -> dict[str, How]:
    return {one.material: one.how for one in planned}  # type: ignore[attr-defined]  # planned or frozen materials


def test_a_registered_fact_is_used_under_consent_and_not_asked_for(subject: int) -> None:
    firm_itself = replace(OWNER, subject=subject)
    planned = plan_materials(actor=firm_itself, item=ITEM, asked=asked(subject))
    assert hows(planned) == {
        "registration": How.FACT, "lease": How.MISSING, "health": How.MISSING, "plan": How.LATER,
        "old": How.OMITTED, "gone": How.OMITTED,
    }  # fmt: skip
    fact = planned[0].fact
    assert fact is not None and (fact.resource, fact.batch, fact.line) == ("43.market/registration", 1, 2)
    entry = Entry.objects.latest("id")
    assert entry.detail["consent"] is True
    assert entry.detail["resources"] == ["43.market/nothing", "43.market/registration"]


def test_without_consent_nothing_is_looked_up(subject: int) -> None:
    firm_itself = replace(OWNER, subject=subject)
    planned = plan_materials(actor=firm_itself, item=ITEM, asked=asked(subject, consent=False))
    assert planned[0].how is How.MISSING
    assert Entry.objects.latest("id").detail["resources"] == []


def test_a_row_that_does_not_meet_the_condition_proves_nothing(deliver: Deliver) -> None:
    deliver(registration(firm(0).replace("存续", "注销")))
    found = registries.find_subject("uscc", FIRMS[0])
    planned = plan_materials(actor=replace(OWNER, subject=found), item=ITEM, asked=asked(found))
    assert planned[0].how is How.MISSING


def test_anothers_data_are_not_looked_into_without_a_ground(subject: int) -> None:
    with pytest.raises(Refused) as refusal:
        plan_materials(actor=OTHER, item=ITEM, asked=asked(subject))
    assert refusal.value.rule == "material.subject"
    for who, more in ((OTHER, {"acting": "委托代办"}), (CLERK, {})):
        assert plan_materials(actor=who, item=ITEM, asked=asked(subject, **more))[0].how is How.FACT


def test_the_list_is_frozen_with_the_case_and_a_promise_is_signed_under_a_number(subject: int) -> None:
    firm_itself = replace(OWNER, subject=subject)
    case = filed(applicant=subject)
    lease = uploaded(firm_itself)
    offer = asked(subject, uploads={"lease": (lease.id,), "registration": (lease.id,)}, promised=("health",))
    settle_materials(actor=firm_itself, case=case.pk, item=ITEM, asked=offer)
    frozen = {one.material: one for one in case_materials(actor=CLERK, case=case.pk)}
    assert hows(frozen.values()) == {
        "registration": How.FACT, "lease": How.UPLOAD, "health": How.PROMISE, "plan": How.LATER,
        "old": How.OMITTED, "gone": How.OMITTED,
    }  # fmt: skip
    assert frozen["registration"].uploads == () and frozen["lease"].uploads == (lease.id,) and frozen["lease"].paper
    promise = frozen["health"].promise
    assert promise is not None and promise.number == "A1-诺03"
    assert signed_by_platform(f"{promise.number}\n{promise.text}".encode(), Signature(promise.key, promise.signature))
    with pytest.raises(Refused) as refusal:
        settle_materials(actor=firm_itself, case=case.pk, item=ITEM, asked=offer)
    assert refusal.value.rule == "material.settled"


def test_what_is_missing_is_named_all_at_once() -> None:
    case = filed()
    with pytest.raises(Refused) as refusal:
        settle_materials(actor=OWNER, case=case.pk, item=ITEM, asked=asked(None))
    assert refusal.value.rule == "material.missing"
    assert all(word in refusal.value.message for word in ("3 份", "营业执照", "场所使用证明", "健康证明"))
    picture = uploaded(data=PNG, name="租约.png")
    with pytest.raises(Refused, match="PNG 文件，这里要"):
        settle_materials(actor=OWNER, case=case.pk, item=ITEM, asked=asked(None, uploads={"lease": (picture.id,)}))


def test_anothers_upload_and_anothers_case_are_of_no_use() -> None:
    theirs = uploaded(OTHER).id
    everything = {one.key: (theirs,) for one in ITEM.materials}
    with pytest.raises(Refused) as refusal:
        settle_materials(actor=OWNER, case=filed().pk, item=ITEM, asked=asked(None, uploads=everything))
    assert refusal.value.rule == "material.missing"
    mine = {one.key: (uploaded(OTHER).id,) for one in ITEM.materials}
    with pytest.raises(Refused) as refusal:
        settle_materials(actor=OTHER, case=Case.objects.get().pk, item=ITEM, asked=asked(None, uploads=mine))
    assert refusal.value.rule == "material.case"


def settled(state: str = "filed") -> Case:
    case = filed()
    mine = uploaded().id
    offer = asked(None, uploads=dict.fromkeys(("registration", "lease"), (mine,)), promised=("health",))
    settle_materials(actor=OWNER, case=case.pk, item=ITEM, asked=offer)
    Case.objects.filter(pk=case.pk).update(state=state, accepted_at=case.filed_at if state == "accepted" else None)
    return case


def test_what_may_wait_is_handed_in_later_beside_what_stood_before() -> None:
    case = settled("accepted")
    picture = uploaded(data=PNG, name="平面图.png")
    done = hand_in(actor=OWNER, case=case.pk, material=PLAN, uploads=(picture.id,))
    assert (done.how, done.version, done.uploads) == (How.UPLOAD, 2, (picture.id,))
    versions = [(one.version, one.how) for one in case_materials(actor=OWNER, case=case.pk) if one.material == "plan"]
    assert versions == [(1, How.LATER), (2, How.UPLOAD)]
    for material in (PLAN, LEASE):  # handed in already; handed in and not asked to be corrected
        with pytest.raises(Refused) as refusal:
            hand_in(actor=OWNER, case=case.pk, material=material, uploads=(picture.id,))
        assert refusal.value.rule == "material.not_open"


def test_while_a_case_is_corrected_any_material_may_be_handed_in_anew() -> None:
    case = settled("correcting")
    again = uploaded(name="新租约.pdf")
    assert hand_in(actor=OWNER, case=case.pk, material=LEASE, uploads=(again.id,)).version == 2
    for who, number, rule in ((OTHER, again.id, "material.case"), (OWNER, again.id + 99, "material.unfit")):
        with pytest.raises(Refused) as refusal:
            hand_in(actor=who, case=case.pk, material=LEASE, uploads=(number,))
        assert refusal.value.rule == rule


def test_the_agencies_of_the_case_read_its_materials_and_nobody_else() -> None:
    case = settled()
    health = replace(STRANGER, agency="43.health")
    for reader in (OWNER, CLERK, health):
        assert len(case_materials(actor=reader, case=case.pk)) == 6
    for nobody in (OTHER, STRANGER):
        with pytest.raises(Refused) as refusal:
            case_materials(actor=nobody, case=case.pk)
        assert refusal.value.rule == "material.case"


def test_a_licence_in_force_is_reused_and_one_that_is_suspended_is_not(catalogued: None) -> None:
    licensed.agencies()
    issued = licensed.issued()
    holder = replace(OWNER, subject=licensed.HOLDER)
    planned = plan_materials(actor=holder, item=ITEM, asked=asked(licensed.HOLDER))
    assert hows(planned)["old"] is How.LICENCE
    assert {one.licence for one in planned if one.licence} == {issued.number}
    licensed.change(issued.number, LicenceState.SUSPENDED)
    planned = plan_materials(actor=holder, item=ITEM, asked=asked(licensed.HOLDER))
    assert hows(planned)["old"] is How.OMITTED
