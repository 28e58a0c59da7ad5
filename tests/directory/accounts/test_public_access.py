"""The public's accounts: a proof of identity is stated, a person has one, and the clerk sees what came of the codes given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from shuniu.directory import api
from shuniu.directory.declare import AccessState, Enrolment
from shuniu.directory.models import Account, OneTimeCode
from shuniu.trust.models import Entry
from tests.cast import CITIZEN_SUBJECT, FIRM_SUBJECT, Cast, newcomer, number
from tests.refusals import rule_of

Entries = Callable[[str], list[Entry]]
PASSWORD = "湘江北去八百里洞庭波"


def registered(cast: Cast, login: str = "linchuan", subject: int = 9) -> Enrolment:
    return api.register_citizen(
        actor=cast.identity_clerk, login=login, name="林川", subject=subject, proof="resident_card"
    )


def states(cast: Cast, *subjects: int) -> list[AccessState]:
    return [one.state for one in api.list_public_accounts(actor=cast.identity_clerk, subjects=subjects)]


def test_how_the_identity_was_proved_is_stated_and_journalled_in_words(cast: Cast, entries: Entries) -> None:
    make = partial(api.register_citizen, actor=cast.identity_clerk, login="linchuan", name="林川", subject=9)
    for proof in ("", "by heart", "representative"):
        assert rule_of(partial(make, proof=proof)) == "directory.no_proof"
    firm = partial(api.register_firm, actor=cast.identity_clerk, login="linfirm", name="林氏", subject=10)
    assert rule_of(partial(firm, proof="resident_card")) == "directory.no_proof"
    firm(proof="agent")
    make(proof="guardian")
    assert [entry.detail["proof"] for entry in entries("directory.register_firm") if entry.outcome == "done"] == [
        "经办人持授权委托书、身份证件和营业执照到场"
    ]
    assert "监护人" in entries("directory.register_citizen")[-1].detail["proof"]


def test_a_person_has_one_account_and_a_firm_as_many_as_act_for_it(cast: Cast) -> None:
    assert rule_of(partial(registered, cast, "tianye2", CITIZEN_SUBJECT)) == "directory.has_account"
    Account.objects.filter(subject=CITIZEN_SUBJECT).update(is_active=False)
    registered(cast, "tianye2", CITIZEN_SUBJECT)
    for login in ("xingsha2", "xingsha3"):
        api.register_firm(actor=cast.identity_clerk, login=login, name="星沙", subject=FIRM_SUBJECT, proof="agent")
    assert len(states(cast, FIRM_SUBJECT)) == 3


def test_access_is_given_anew_for_a_reason_that_names_nobody(cast: Cast, entries: Entries) -> None:
    reset = partial(api.reset_public_access, actor=cast.identity_clerk, account=number(cast.citizen))
    for proof, reason, rule in (
        ("", "忘记密码", "no_proof"),
        ("agent", "忘记密码", "no_proof"),
        ("resident_card", " ", "no_reason"),
        ("resident_card", "430102199003070012 忘记密码", "reason_identity"),
        ("resident_card", "换了手机 13812345678", "reason_identity"),
    ):
        assert rule_of(partial(reset, proof=proof, reason=reason)) == f"directory.{rule}"
    reset(proof="resident_card", reason="手机遗失，怀疑被人登录 ")
    assert entries("directory.reset_public_access")[-1].detail == {
        "proof": "本人持居民身份证到场，人证相符", "reason": "手机遗失，怀疑被人登录",
    }  # fmt: skip
    said = "".join(str(entry.detail) for entry in entries("directory.reset_public_access"))
    assert "430102199003070012" not in said and "13812345678" not in said


def test_an_account_says_how_far_its_owner_has_come(cast: Cast) -> None:
    made = registered(cast)
    (one,) = api.list_public_accounts(actor=cast.identity_clerk, subjects=(9,))
    assert (one.state, one.until, one.signed_in, one.login) == (AccessState.WAITING, made.expires, None, "linchuan")
    OneTimeCode.objects.filter(account=made.account).update(expires=timezone.now() - timedelta(seconds=1))
    assert states(cast, 9) == [AccessState.LAPSED]
    again = api.reset_public_access(
        actor=cast.identity_clerk, account=made.account, proof="resident_card", reason="激活码过期"
    )
    assert states(cast, 9) == [AccessState.WAITING]
    api.enrol(actor=cast.anonymous, login="linchuan", code=again.code, password=PASSWORD)
    assert states(cast, 9) == [AccessState.ACTIVE]
    Account.objects.filter(pk=made.account).update(locked_until=timezone.now() + timedelta(minutes=5))
    assert states(cast, 9) == [AccessState.LOCKED]
    Account.objects.filter(pk=made.account).update(is_active=False)
    assert states(cast, 9) == [AccessState.CLOSED]
    assert states(cast, 8) == []


def test_a_clerk_looks_back_on_the_codes_that_he_gave_and_on_nobody_elses(cast: Cast) -> None:
    made = registered(cast)
    api.register_firm(actor=cast.identity_clerk, login="linfirm", name="林氏食品有限公司", subject=10, proof="agent")
    api.reset_public_access(
        actor=cast.identity_clerk, account=made.account, proof="resident_card", reason="没有记下激活码"
    )
    again, firm, first = api.list_given_access(actor=cast.identity_clerk)
    assert (again.login, again.name, again.again, again.state) == ("linchuan", "林*", True, AccessState.WAITING)
    assert (first.account, first.again) == (again.account, False)
    assert (firm.name, firm.kind, firm.again) == ("林氏食品有限公司", "firm", False)
    other = newcomer("430102.market", "identity_clerk", login="other", name="另一核验员", region="430102")
    assert api.list_given_access(actor=other) == ()


@pytest.mark.parametrize("who", ["market_admin", "security", "office", "citizen", "anonymous"])
def test_nobody_else_sees_or_makes_the_publics_accounts(cast: Cast, who: str) -> None:
    actor = getattr(cast, who)
    for act in (
        partial(api.list_public_accounts, actor=actor, subjects=(CITIZEN_SUBJECT,)),
        partial(api.list_given_access, actor=actor),
        partial(api.register_citizen, actor=actor, login="linchuan", name="林川", subject=9, proof="resident_card"),
        partial(api.reset_public_access, actor=actor, account=number(cast.citizen), proof="resident_card", reason="x"),
    ):
        assert rule_of(act) == "right.missing"
