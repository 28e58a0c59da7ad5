"""Interface tokens as an agency's administrator sees them: who has which, since when, until when, used when, taken back."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.utils import timezone

from shuniu.directory import api
from shuniu.directory.declare import IssuedToken, TokenState
from shuniu.directory.models import ApiToken
from shuniu.exchange import api as exchange
from tests.cast import Cast, number
from tests.refusals import rule_of


def issued(cast: Cast, title: str = "每日报送") -> IssuedToken:
    return api.issue_token(actor=cast.market_admin, account=number(cast.market_officer), title=title, days=30)


def test_a_token_is_listed_with_who_gave_it_and_without_its_secret(cast: Cast) -> None:
    made = issued(cast)
    (one,), total = api.list_tokens(actor=cast.market_admin, agency="43.market")
    assert total == 1 and made.token.partition(".")[2] not in repr(one)
    assert (one.id, one.holder, one.login, one.title) == (made.id, "王敏", "wangmin", "每日报送")
    assert (one.issued_by, one.expires, one.last_used, one.state) == ("刘强", made.expires, None, TokenState.VALID)
    assert one.issued is not None and timezone.now() - one.issued < timedelta(minutes=1)
    assert api.read_token(actor=cast.market_admin, token=made.id) == one


def test_its_last_use_is_the_journals_and_never_a_namesakes(cast: Cast) -> None:
    first = issued(cast)
    machine = api.actor_of_token(first.token)
    assert machine is not None
    exchange.submissions(actor=machine)
    used = api.read_token(actor=cast.market_admin, token=first.id).last_used
    assert used is not None
    api.revoke_token(actor=cast.market_admin, token=first.id)
    second = issued(cast)
    assert api.read_token(actor=cast.market_admin, token=second.id).last_used is None
    assert api.read_token(actor=cast.market_admin, token=first.id).last_used == used


def test_the_good_ones_stand_first_and_what_ended_says_how(cast: Cast) -> None:
    gone, late, good = (issued(cast, title) for title in ("收回的", "到期的", "有效的"))
    api.revoke_token(actor=cast.market_admin, token=gone.id)
    ApiToken.objects.filter(pk=late.id).update(expires=timezone.now() - timedelta(seconds=1))
    found, _total = api.list_tokens(actor=cast.security, agency="43.market")
    assert [(one.id, one.state) for one in found] == [
        (good.id, TokenState.VALID), (late.id, TokenState.EXPIRED), (gone.id, TokenState.REVOKED),
    ]  # fmt: skip
    assert (found[2].revoked_by, found[2].revoked is not None, found[0].revoked_by) == ("刘强", True, "")


def test_two_good_tokens_of_an_officer_never_have_one_title(cast: Cast) -> None:
    first = issued(cast)
    assert rule_of(partial(issued, cast)) == rule_of(partial(issued, cast, " 每日报送 ")) == "directory.token_title"
    api.issue_token(actor=cast.market_admin, account=number(cast.market_second), title="每日报送")
    api.revoke_token(actor=cast.market_admin, token=first.id)
    ApiToken.objects.filter(pk=issued(cast).id).update(expires=timezone.now() - timedelta(seconds=1))
    issued(cast)


def test_another_agencys_token_is_answered_as_one_that_there_is_not(cast: Cast) -> None:
    made = issued(cast)
    for token in (made.id, made.id + 1):
        for act in (api.read_token, api.revoke_token):
            assert rule_of(partial(act, actor=cast.tax_admin, token=token)) == "right.agency"
            assert rule_of(partial(act, actor=cast.market_officer, token=token)) == "right.missing"
    assert rule_of(partial(api.list_tokens, actor=cast.tax_admin, agency="43.market")) == "right.agency"
    assert rule_of(partial(api.read_token, actor=cast.security, token=made.id + 1)) == "directory.no_token"
    assert api.list_tokens(actor=cast.tax_admin, agency="43.tax") == ((), 0)


def test_the_security_administrator_takes_back_and_gives_none(cast: Cast) -> None:
    made = issued(cast)
    give = partial(api.issue_token, account=number(cast.market_officer), title="另一个")
    assert rule_of(partial(give, actor=cast.security)) == "right.missing"
    api.revoke_token(actor=cast.security, token=made.id)
    assert api.read_token(actor=cast.security, token=made.id).revoked_by == "郭安"


def test_no_administrator_gets_a_token_of_rights_that_are_not_his_to_give(cast: Cast) -> None:
    second = number(cast.market_second)
    api.appoint(actor=cast.security, account=second, role="report_keeper", regions=["43"])
    give = partial(api.issue_token, account=second, title="每日报送")
    assert rule_of(partial(give, actor=cast.market_admin)) == "directory.administrator"
    own = partial(api.issue_token, actor=cast.market_admin, account=number(cast.market_admin), title="每日报送")
    assert rule_of(own) == "directory.own_account"
