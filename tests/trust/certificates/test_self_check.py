"""The self-check says in words what is wrong and who must act, the clock first."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.translation import gettext, override
from pytest_django import Settings

from shuniu.directory.certificate_tasks import keep_nodes, publish
from shuniu.project.main import parser
from shuniu.trust import suites
from shuniu.trust.certificates import api, authority, clock, doctor, models, reading
from shuniu.trust.certificates.declare import Finding
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cast import Cast
from tests.trust.certificates import licensed as authorities
from tests.trust.certificates import machine
from tests.trust.certificates.licensed import MARKET, Licensed

pytestmark = pytest.mark.django_db


def checked(actor: Actor, agency: str = "") -> dict[str, Finding]:
    found = api.self_check(actor=actor, agency=agency)
    assert found[0].rule == "clock"
    assert all(one.state == "good" or (one.who and one.remedy) for one in found), "who must act, and how"
    return {one.rule: one for one in found}


@contextmanager
def time_server(ahead: timedelta, stratum: int = 2) -> Iterator[str]:
    """A time server on this machine whose clock goes ahead by so much; answers once."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(20)

        def answer() -> None:
            _asked, whom = server.recvfrom(512)
            seconds = (datetime.now(UTC) + ahead - datetime(1900, 1, 1, tzinfo=UTC)).total_seconds()
            said = bytes((0x24, stratum)) + bytes(38) + struct.pack("!II", int(seconds), int(seconds % 1 * 2**32))
            server.sendto(said, whom)

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join()


def test_a_healthy_instance_says_so(cast: Cast) -> None:
    keep_nodes(0)
    machine.join(cast.office)
    found = checked(cast.market_officer, "43.market")
    assert {one.state for one in found.values()} == {"good"}
    assert "还有 729 天到期" in found["certificate"].message


def test_a_wrong_clock_is_named_first_and_how_far_it_is_off(settings: Settings, db: None) -> None:
    ahead = doctor.clocks(datetime.now(UTC) + timedelta(minutes=5))[0]
    assert ahead.state == "wrong" and "比数据库快" in ahead.message and ahead.who == "平台运维人员"
    assert doctor.clocks(datetime.now(UTC) - timedelta(minutes=5))[0].message.startswith("本机时钟比数据库慢")
    unconfirmed = doctor.platform(timezone.now())[0]
    assert (unconfirmed.rule, unconfirmed.state, unconfirmed.who) == ("clock.unconfirmed", "warning", "平台运维人员")
    assert "SHUNIU_TIME_SOURCE" in unconfirmed.remedy, "the database mostly goes by the same clock"
    with time_server(timedelta(minutes=10)) as address:
        settings.TIME_SOURCE = address
        ours, theirs = doctor.clocks()
    assert ours.state == "good" and theirs.state == "wrong" and "授时服务器慢" in theirs.message
    with time_server(timedelta(0)) as address:
        settings.TIME_SOURCE = address
        assert doctor.clocks()[1].state == "good"
    with time_server(timedelta(0), stratum=0) as address:
        assert clock.ask(address) is None, "a server that is not set itself"
    assert {one.rule for one in doctor.platform(timezone.now())} <= {"journal", "journal.unnoted"}
    settings.TIME_SOURCE = "127.0.0.1:1"
    assert doctor.clocks()[1].state == "warning"
    assert clock.ask("no.such.host.invalid") is None


def test_each_way_of_being_without_a_good_certificate_is_told_apart(cast: Cast) -> None:
    assert checked(cast.tax_officer, "43.tax")["certificate.missing"].state == "wrong"
    one = machine.join(cast.office, "43.tax").held
    rows, now = models.Certificate.objects.filter(pk=one.number), timezone.now()
    rows.update(not_after=now + timedelta(days=10))
    assert "9 天" in checked(cast.tax_officer, "43.tax")["certificate.expiring"].message
    assert checked(cast.office)["certificate.expiring"].who == "省级平台主管"
    assert [line.held.number for line in api.expiring(within_days=30)] == [one.number]
    rows.update(not_before=now - timedelta(days=9), not_after=now - timedelta(days=1))
    assert checked(cast.tax_officer, "43.tax")["certificate.expired"].state == "wrong"
    assert "省市场监督管理局" in checked(cast.office)["certificate.expired"].message
    rows.update(not_before=now + timedelta(days=1), not_after=now + timedelta(days=9))
    assert "时钟" in checked(cast.tax_officer, "43.tax")["certificate.not_yet"].remedy
    rows.update(not_before=now)
    api.revoke_certificate(actor=cast.office, number=one.number, reason="key_compromise")
    assert checked(cast.tax_officer, "43.tax")["certificate.revoked"].who == "本单位管理员"
    models.Certificate.objects.filter(agency="43.tax").update(purpose="encrypt")
    assert checked(cast.tax_officer, "43.tax")["certificate.purpose"].state == "wrong"


def test_authorities_lists_and_the_platforms_own_certificate_are_looked_at(cast: Cast, settings: Settings) -> None:
    assert checked(cast.office)["node.missing"].state == "wrong"
    with pytest.raises(Refused, match="还没有自己的签名证书"):
        api.node("guomi")
    publish(0)
    settings.SHUNIU_DEMO = False
    found = checked(cast.office)
    assert found["crl"].state == "good" and "持牌" in found["ca.own"].remedy
    models.RevocationList.objects.update(next_update=timezone.now() - timedelta(hours=1))
    assert checked(cast.office)["crl.stale"].who == "平台运维人员"
    for days, rule in ((8000, "ca.expired"), (7000, "ca.expiring"), (-1, "ca.expired")):
        root = doctor._authority(reading.certificate(authority.root("guomi")), timezone.now() + timedelta(days=days))
        assert root.rule == rule and root.who == "安全管理员"


def test_a_licensed_authority_whose_list_is_overdue_is_named_and_at_last_refused(
    cast: Cast, licensed: Licensed
) -> None:
    now, key = timezone.now(), authorities.signer()
    assert not doctor.licensed(now), "nobody here has a certificate of its"
    api.import_certificate(actor=cast.office, subject=MARKET, certificate=licensed.certificate(key.public))
    first = checked(cast.office)["licensed.stale"]
    assert (first.state, first.who) == ("warning", "安全管理员") and "还没有接收过" in first.message

    def usable(at: datetime) -> str:
        try:
            return api.check_held(api.certificate_of(key.key_id), at=at).agency
        except Refused as refusal:
            assert refusal.remedy
            return refusal.rule

    assert usable(now + timedelta(hours=71)) == "43.market" and usable(now + timedelta(hours=73)) == "trust.stale"
    api.take_revocations(actor=cast.security, revocation_list=licensed.list([5], timedelta(hours=48), number=2))
    with pytest.raises(Refused, match="旧"):
        api.take_revocations(actor=cast.security, revocation_list=licensed.list([5], timedelta(hours=24)))
    assert checked(cast.office)["licensed.crl"].state == "good"
    assert usable(now + timedelta(hours=48 + 71)) == "43.market" and usable(now + timedelta(hours=121)) == "trust.stale"
    (late,) = doctor.licensed(now + timedelta(hours=50))
    assert late.state == "wrong" and "应在" in late.message and "将被拒用" in late.message and late.remedy
    (refused,) = doctor.licensed(now + timedelta(hours=121))
    assert refused.state == "wrong" and "已被拒用" in refused.message
    api.take_revocations(actor=cast.security, revocation_list=licensed.list([5], timedelta(hours=200), number=3))
    assert usable(now + timedelta(hours=121)) == "43.market", "the list that came at last is seen at once"
    held = Entry.objects.filter(verb="trust.take_revocations").latest("id").detail
    assert held["revoked"] == "" and held["listed"] == 1 and held["until"].endswith("+00:00")


def test_a_long_list_of_a_licensed_authority_revokes_all_of_ours_at_once(cast: Cast, licensed: Licensed) -> None:
    keys = [authorities.signer().public for _ in range(3)]
    for at, public in enumerate(keys):
        one = licensed.certificate(public, serial=70 + at)
        api.import_certificate(actor=cast.office, subject=MARKET, certificate=one)
    began = time.process_time()
    assert api.take_revocations(actor=cast.security, revocation_list=licensed.list(range(60, 20_060))) == 3
    assert time.process_time() - began < 20
    assert {one.reason for one in models.Certificate.objects.filter(source="licensed")} == {"key_compromise"}


def test_the_self_check_speaks_the_language_of_its_reader(cast: Cast) -> None:
    with override("en"):
        english = api.self_check(actor=cast.office)
        assert english[0].message == gettext("本机时钟与%(whose)s相差 %(seconds)d 秒。") % {
            "whose": gettext("数据库"), "seconds": 0,
        }  # fmt: skip
        assert not [one for one in english if "%(" in one.message]


def test_a_machine_that_lacks_a_suite_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = "本机的 OpenSSL 不支持 SM2，国密套件不可用。请由系统管理员换装支持国密算法的 OpenSSL 3。"

    there = suites.suite

    def without(key: str) -> suites.Suite:
        if key == "guomi":
            raise suites.Unavailable(lacking)
        return there(key)

    monkeypatch.setattr(suites, "suite", without)
    found = api.self_check(actor=cast.office)
    wrong = next(one for one in found if one.rule == "trust.suite_unavailable")
    assert wrong.message == lacking and wrong.remedy


def test_the_platform_makes_and_renews_its_own_keys(cast: Cast, settings: Settings) -> None:
    keep_nodes(0)
    first = api.node("guomi")
    held = api.certificate_of(first.key_id)
    assert (
        held is not None and held.kind == "node" and suites.suite("guomi").signer(first.private).key_id == first.key_id
    )
    keep_nodes(0)
    assert api.node("guomi") == first, "not before it is time"
    models.Certificate.objects.filter(kind="node").update(not_after=timezone.now() + timedelta(days=20))
    keep_nodes(0)
    second = api.node("guomi")
    assert second.key_id != first.key_id
    old = models.Certificate.objects.get(key_id=first.key_id)
    assert old.successor.key_id == second.key_id and old.revoked_at is None
    path = Path(settings.KEYS) / f"node-{second.key_id.replace(':', '-')}.key"
    assert path.stat().st_mode & 0o077 == 0
    api.revoke_certificate(actor=cast.security, number=old.successor.pk, reason="key_compromise")
    keep_nodes(0)
    assert api.node("guomi").key_id not in {first.key_id, second.key_id}


def test_the_command_prints_it_and_fails_when_something_is_wrong(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    keep_nodes(0)
    args = parser().parse_args(["trust", "doctor", "--json"])
    assert args.call(args) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["rule"] for one in found[:4]][0::3] == ["clock", "journal"]
    odd = {one["rule"] for one in found if one["state"] != "good"}
    assert odd <= {"clock.unconfirmed", "clock.machines", "journal.unnoted"}
    args = parser().parse_args(["trust", "doctor", "--agency", "43.tax"])
    assert args.call(args) == 1
    said = capsys.readouterr().out
    assert said.startswith("[正常] 本机时钟") and "1 项有问题" in said
    assert "[有问题] 本单位还没有证书。（本单位管理员）" in said
    args = parser().parse_args(["trust", "invite", "43.tax"])
    assert args.call(args) == 0 and "省税务局 的邀请码" in capsys.readouterr().out


def test_a_licensed_certificate_and_its_list_come_in_by_command(
    cast: Cast, licensed: Licensed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.crt").write_bytes(licensed.certificate(authorities.signer().public))
    (tmp_path / "list.crl").write_bytes(licensed.list([1 << 70]))
    args = parser().parse_args(["trust", "import", "43.market", str(tmp_path / "one.crt")])
    assert args.call(args) == 0 and "属于省市场监督管理局" in capsys.readouterr().out
    args = parser().parse_args(["trust", "revocations", str(tmp_path / "list.crl")])
    assert args.call(args) == 0 and "新吊销 1 张" in capsys.readouterr().out
