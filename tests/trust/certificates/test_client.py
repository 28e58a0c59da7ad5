"""A department's machine joins, checks itself and renews by the command line, over HTTP, with nothing of Django."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import pem
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from shuniu.directory import api as directory
from shuniu.project.main import main
from shuniu.trust import suites
from shuniu.trust.certificates import api, client, models, reading
from shuniu.trust.certificates.client import Machine, check, clock_finding, due, join, renew
from shuniu.trust.declare import Refused
from tests.cast import Cast
from tests.trust.certificates import machine
from tests.trust.certificates.machine import SUITES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "keys"


def rules(at: Machine, now: datetime | None = None) -> dict[str, str]:
    return {one.rule: one.state for one in check(at, at=now)}


@pytest.mark.parametrize("suite", SUITES)
def test_one_command_joins_within_a_minute_and_one_renews(
    live_server: LiveServer, cast: Cast, folder: Path, suite: str, capsys: pytest.CaptureFixture[str]
) -> None:
    url = ["--url", live_server.url, "--folder", str(folder)]
    began = time.monotonic()
    assert main(["trust", "join", machine.code(cast.office, suite=suite), "--suite", suite, *url]) == 0
    assert time.monotonic() - began < 60 and "已接入" in capsys.readouterr().out
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    first = reading.certificate((folder / "signing.crt").read_bytes())
    held = api.certificate_of(reading.name_of(first.public))
    assert held is not None and held.agency == "43.market"
    assert main(["trust", "check", *url]) == 0 and "有效" in capsys.readouterr().out
    assert main(["trust", "renew", "--within", "60", *url]) == 0 and "没到" in capsys.readouterr().out
    assert main(["trust", "renew", *url]) == 1 and "还不能换发" in capsys.readouterr().err
    models.Certificate.objects.filter(pk=held.number).update(not_after=timezone.now() + timedelta(days=20))
    assert main(["trust", "renew", *url]) == 0 and "旧证书到期前仍可使用" in capsys.readouterr().out
    second = reading.certificate((folder / "signing.crt").read_bytes())
    assert second.public != first.public
    assert reading.certificate((folder / "signing-old.crt").read_bytes()).public == first.public
    own = suites.suite(suite).signer(pem.unarmor((folder / "signing.key").read_bytes())[2])
    assert own.public == second.public
    assert rules(Machine(folder, live_server.url)) == {"clock": "good", "certificate": "good"}
    assert due(folder, days=10_000) and not due(folder, days=10)


def test_a_refusal_comes_back_in_the_platforms_words(live_server: LiveServer, cast: Cast, folder: Path) -> None:
    with pytest.raises(Refused) as refusal:
        join(live_server.url, "AAAA-BBBB-CCCC-DDDD", folder)
    assert refusal.value.rule == "trust.code_unknown" and "邀请码" in refusal.value.message
    assert not (folder / "signing.crt").exists()
    join(live_server.url, machine.code(cast.office), folder)
    with pytest.raises(Refused) as refusal:
        join(live_server.url, machine.code(cast.office), folder)
    assert refusal.value.rule == "client.joined"


def test_a_platform_that_cannot_be_reached_or_talks_otherwise_is_said(folder: Path) -> None:
    for url in ("http://127.0.0.1:1", "http://no.such.host.invalid"):
        with pytest.raises(Refused) as refusal:
            join(url, "AAAA", folder)
        assert refusal.value.rule == "client.unreachable" and refusal.value.remedy
    with pytest.raises(Refused) as refusal:
        renew("http://127.0.0.1:1", folder)
    assert refusal.value.rule == "client.missing"
    assert rules(Machine(folder, "http://127.0.0.1:1")) == {"clock": "warning", "client.missing": "wrong"}


def test_the_machine_finds_what_is_wrong_with_its_own_files(live_server: LiveServer, cast: Cast, folder: Path) -> None:
    join(live_server.url, machine.code(cast.office), folder)
    now, own = datetime.now(UTC), Machine(folder)
    assert rules(own) == {"certificate": "good"}
    assert rules(own, now + timedelta(days=715)) == {"certificate": "warning"}
    assert rules(own, now + timedelta(days=800)) == {"trust.expired": "wrong"}
    assert rules(own, now - timedelta(days=1)) == {"trust.not_yet": "wrong"}
    good = {path.name: path.read_bytes() for path in folder.iterdir()}
    stranger = pem.armor("PRIVATE KEY", suites.suite("international").generate())
    root = api.authority_certificate("international", "root")
    cases = {
        "client.key": {"signing.key": stranger},
        "trust.self_signed": {"signing.crt": root, "signing.key": stranger},
        "trust.purpose": {"signing.crt": good["encryption.crt"]},
        "trust.unknown_issuer": {"chain.crt": pem.armor("CERTIFICATE", api.authority_certificate("guomi", "issuing"))},
        "trust.unreadable": {"signing.crt": b"junk"},
    }
    for rule, files in cases.items():
        for name, content in {**good, **files}.items():
            (folder / name).write_bytes(content)
        assert set(rules(own).values()) == {"wrong"}, rule


def test_clocks_apart_are_said_in_words() -> None:
    now = datetime.now(UTC)
    assert clock_finding(now, now + timedelta(seconds=29), 30).state == "good"
    slow = clock_finding(now, now + timedelta(seconds=90), 30)
    assert slow.state == "wrong" and "慢 90 秒" in slow.message and "校准" in slow.remedy


def test_the_clients_half_needs_no_django() -> None:
    code = "import sys, shuniu.trust.certificates.client as c; sys.exit('django' in sys.modules)"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONPATH": str(Path(client.__file__).parents[3])}, check=False
        ).returncode
        == 0
    )


def test_an_answer_carries_the_platforms_time_and_no_private_signing_key(cast: Cast) -> None:
    from django.test import Client

    signer = machine.fresh()[1]
    asked = {
        "code": machine.code(cast.office),
        "request": pem.armor("CERTIFICATE REQUEST", client.certificate_request(signer)).decode(),
    }
    answer = Client().post("/api/trust/join", asked, content_type="application/json")
    said = answer.json()
    assert abs(datetime.fromisoformat(said["now"]) - timezone.now()) < timedelta(minutes=1)
    assert set(said) == {"certificate", "chain", "encryption", "sealed", "now"} and said["sealed"] == ""
    again = Client().post("/api/trust/join", asked, content_type="application/json")
    assert (again.status_code, again.json()["rule"]) == (422, "trust.code_used")
    bad = Client().post("/api/trust/join", {**asked, "envelope": "§"}, content_type="application/json")
    assert (bad.status_code, bad.json()["rule"]) == (422, "request.parameters")
    deep = Client().post("/api/trust/join", "[" * 50_000, content_type="application/json")
    assert deep.status_code in (400, 422) and directory.system("joining").may("trust.join")
