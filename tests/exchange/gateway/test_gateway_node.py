"""A table behind a front-end node: asked by the platform as any live interface, from a real table, end to end."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from asn1crypto import pem
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from bench.gateway import free_port
from shuniu.exchange.gateway import interfaces, live
from shuniu.node.answering import Node, publics_in
from shuniu.node.declare import Settings, read
from shuniu.node.serving import Server
from shuniu.trust import suites
from shuniu.trust.certificates import api as certificates
from shuniu.trust.certificates.client import join
from shuniu.trust.declare import Refused
from shuniu.trust.messages import Message, digest_header, sign_request
from tests.exchange.conftest import FIRMS
from tests.exchange.gateway.road import ISSUER, KEY, Machine
from tests.exchange.people import OFFICE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
HOW_TO = (Path(__file__).parents[3] / "docs" / "how-to" / "front-end-node.md").read_text(encoding="utf-8")
INVITING = replace(ISSUER, capabilities=ISSUER.capabilities | {"trust.invite"})
NAMES = {FIRMS[0]: ("本单位自己的名称", "1", "430102"), FIRMS[1]: ("另一区划的企业", "2", "431000")}


def blocks(language: str) -> list[str]:
    """The how-to's own examples."""
    return re.findall(rf"```{language}\n(.*?)```", HOW_TO, re.DOTALL)


def database() -> str:
    """The test database's address, with options of the department's own."""
    said = connection.settings_dict
    asked = {key.lower(): said[key] for key in ("HOST", "PORT", "USER", "PASSWORD") if said[key]}
    return f"postgresql:///{said['NAME']}?{urlencode({**asked, 'options': '-c work_mem=1MB'}, quote_via=quote)}"


@pytest.fixture
def table(delivered: None) -> Iterator[None]:
    """The department's own table with the how-to's view; the tests' account may make no other, so it reads as itself."""
    said = str(connection.settings_dict["USER"])
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "create table firm (credit_code text primary key, firm_name text, state_code text, region_code text)"
            )
            rows = [(code, *rest) for code, rest in NAMES.items()]
            cursor.executemany("insert into firm values (%s, %s, %s, %s)", rows)
            cursor.execute(re.sub("create role .*\n", "", blocks("sql")[0]).replace("hub_reader", said))
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("drop schema if exists hub cascade; drop table if exists firm")


@pytest.fixture
def folder(table: None, tax: Machine, live_server: LiveServer, tmp_path: Path) -> Path:
    """The front-end machine's folder: keys from joining, the platform's certificates, the how-to's file."""
    made = certificates.invite(actor=INVITING, agency="43.market", agency_name="省市场监管局", suite="international")
    join(live_server.url, made.code, tmp_path / "shuniu-keys")
    (tmp_path / "platform.pem").write_bytes(pem.armor("PUBLIC KEY", tax.platform))
    port = free_port()
    text = blocks("toml")[0].replace("https://10.1.2.3", f"http://127.0.0.1:{port}")
    text = text.replace("127.0.0.1:9043", f"127.0.0.1:{port}")
    text = re.sub(r'database = ".*"', f'database = "{database()}"', text).replace("= 3000 ", "= 400 ")
    (tmp_path / "node.toml").write_text(text, encoding="utf-8")
    return tmp_path


@dataclass
class Running:
    """A node that runs in this process."""

    settings: Settings
    node: Node
    platform: Machine

    def post(self, said: dict[str, Any] | None = None, **changed: Any) -> tuple[int, dict[str, Any]]:
        """Status and body of a question as the platform would sign it, changed where named."""
        parts = urlsplit(self.settings.url)
        question = {
            "number": 1, "resource": KEY, "consumer": "43.tax", "items": ["uscc", "name"],
            "identifiers": [{"kind": "uscc", "value": FIRMS[0]}], "regions": ["43"],
        } | (said or {})  # fmt: skip
        body, suite = json.dumps(question).encode(), suites.suite("international")
        headers = {
            "content-digest": digest_header(suite, suite.digest(body)), "content-type": "application/json",
            "shuniu-purpose": "inspection",
        }  # fmt: skip
        message = Message(headers, "POST", changed.get("authority", parts.netloc), changed.get("path", parts.path))
        signer = changed.get("signer") or suite.signer(certificates.node("international").private)
        created = int(time.time()) + changed.get("ahead", 0)
        headers |= sign_request(message, signer, created=created, nonce=changed.get("nonce", os.urandom(8).hex()))
        made = http.client.HTTPConnection(parts.netloc, timeout=20)
        try:
            made.request("POST", message.path, changed.get("body", body), {"host": message.authority, **headers})
            came = made.getresponse()
            return came.status, json.loads(came.read())
        finally:
            made.close()


@pytest.fixture
def running(folder: Path, tax: Machine) -> Iterator[Running]:
    settings = read(folder / "node.toml")
    node = Node(settings, now=lambda: time.time())
    host, _, port = settings.listen.rpartition(":")
    with Server(node, (host, int(port))) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        signing = (settings.folder / "signing.crt").read_bytes()
        interfaces.declare_live(actor=OFFICE, resource=KEY, url=settings.url, certificate=signing, wait_ms=3_000)
        live.breaker.forget()
        yield Running(settings, node, tax)
        server.shutdown()
    node.rows.close()


def test_a_departments_own_table_answers_through_the_platform(tax: Machine, running: Running) -> None:
    answer = tax.ask(FIRMS[0], FIRMS[1])
    assert sorted((place, dict(row)) for place, row in zip(answer.of, answer.rows, strict=True)) == [
        (place, {"@of": f"uscc:{code}", "uscc": code, "name": NAMES[code][0], "state": NAMES[code][1]})
        for place, code in enumerate(FIRMS[:2], 1)
    ]


def test_rows_of_other_regions_and_other_subjects_do_not_leave_the_department(running: Running) -> None:
    both = [{"kind": "uscc", "value": code} for code in FIRMS[:2]]
    status, said = running.post({"identifiers": both, "regions": ["4301"]})
    assert (status, said["of"]) == (200, [1]) and said["rows"][0]["uscc"] == FIRMS[0]
    status, said = running.post({"identifiers": [{"kind": "uscc", "value": "x' or '1'='1"}]})
    assert (status, said) == (200, {"rows": [], "of": []})
    assert running.post({"identifiers": both, "regions": ["%"]})[1]["of"] == [1, 2], "a wildcard is none"


def test_only_the_platform_is_answered_and_once(running: Running) -> None:
    suite = suites.suite("international")
    stranger = suite.signer(suite.generate())
    asked: list[tuple[dict[str, Any], int, str]] = [
        ({"signer": stranger}, 401, "message.key"), ({"body": b"{}"}, 400, "message.digest"),
        ({"authority": "other.example:1"}, 401, "node.address"), ({"path": "/elsewhere"}, 401, "node.address"),
        ({"ahead": 900}, 401, "node.moment"), ({"ahead": -60}, 401, "node.moment"),
    ]  # fmt: skip
    for changed, status, rule in asked:
        found = running.post(**changed)
        assert (found[0], found[1]["rule"]) == (status, rule)
    assert running.post(nonce="00" * 8)[0] == 200
    again = running.post(nonce="00" * 8)
    assert (again[0], again[1]["rule"]) == (409, "node.replay")


def test_what_there_is_no_column_for_is_said(running: Running) -> None:
    for said, status, rule in (
        ({"resource": "43.market/other"}, 404, "node.resource"), ({"items": ["capital"]}, 400, "node.items"),
        ({"identifiers": [{"kind": "resident_id", "value": "1"}]}, 400, "node.kind"),
        ({"number": "1"}, 400, "node.question"), ({"more": 1}, 400, "node.question"),
    ):  # fmt: skip
        found = running.post(said)
        assert (found[0], found[1]["rule"]) == (status, rule)


def test_a_table_that_is_slow_or_gone_is_said_and_the_node_goes_on(tax: Machine, running: Running) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "alter view hub.registration rename to quick; create view hub.registration as"
            " select * from hub.quick where pg_sleep(5) is not null"
        )
    begun = time.monotonic()
    assert running.post()[1]["rule"] == "node.slow" and time.monotonic() - begun < 3
    assert tax.refused(tax.sign(FIRMS[0])) == (502, "gateway.down"), "the platform says that the interface failed"
    with connection.cursor() as cursor:
        cursor.execute("drop view hub.registration")
    found = running.post()
    assert (found[0], found[1]["rule"]) == (503, "node.down") and "registration" not in json.dumps(found[1])
    with connection.cursor() as cursor:
        cursor.execute("alter view hub.quick rename to registration")
    assert running.post()[0] == 200


def test_the_node_can_change_nothing_whatever_its_account_may(running: Running) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "create function hub.note() returns text language sql as $$ insert into firm values ('x') returning 'x' $$;"
            " create or replace view hub.registration as select credit_code as uscc, hub.note() as name,"
            " state_code as state, region_code as region from firm"
        )
    assert running.post()[1]["rule"] == "node.down"
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from firm")
        assert cursor.fetchone() == (len(NAMES),)


def test_the_check_names_what_is_missing_before_the_node_starts(folder: Path) -> None:
    text = (folder / "node.toml").read_text(encoding="utf-8")
    whole = read(folder / "node.toml")
    assert [one.rule for one in Node(whole).rows.check()] == ["node.rights", "node.table"]
    column = changed(folder, text.replace('name = "name"', 'name = "title"'))
    (found,) = Node(column).rows.check()
    assert (found.rule, found.state) == ("node.column", "wrong")
    assert found.message == "hub.registration 没有列 title（信息项 name）。"
    (found,) = Node(changed(folder, text.replace('table = "registration"', 'table = "nowhere"'))).rows.check()
    assert found.message == "数据库里没有表或视图 hub.nowhere。"
    with connection.cursor() as cursor:
        cursor.execute("alter table firm drop constraint firm_pkey")
    own = re.sub(r"items = \{[^}]*\}", 'items = { uscc = "credit_code", region = "region_code" }', text)
    own = (
        own.replace('"hub"', '"public"')
        .replace('"registration"', '"firm"', 1)
        .replace('uscc = "uscc" }', 'uscc = "credit_code" }')
    )
    rules = [one.rule for one in Node(changed(folder, own)).rows.check()]
    assert rules == ["node.rights", "node.index", "node.table"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('listen = "127', 'listens = "127', "listens"), ('region = "region"  ', 'region = "place"  ', "place"),
        ("[[table]]", "[[table", "TOML"), ("/registration\"", "/registration?x=1\"", "url"),
        ("{ uscc =", "{ passport_of_mars =", "passport_of_mars"), ('"platform.pem"', '"nowhere.pem"', "nowhere.pem"),
        ('"shuniu-keys"', '"empty"', "trust join"),
    ],
)  # fmt: skip
def test_a_slip_in_the_file_is_said_at_the_start(folder: Path, old: str, new: str, said: str) -> None:
    text = (folder / "node.toml").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(Refused, match=re.escape(said)):
        Node(changed(folder, text.replace(old, new, 1)))


def changed(folder: Path, text: str) -> Settings:
    (folder / "other.toml").write_text(text, encoding="utf-8")
    return read(folder / "other.toml")


def test_the_commands_of_the_how_to_run_as_they_stand(tax: Machine, folder: Path) -> None:
    here, there = (block.strip().splitlines() for block in blocks("bash"))
    settings = read(folder / "node.toml")
    (folder / "signing.crt").write_bytes((folder / "shuniu-keys" / "signing.crt").read_bytes())
    for line in there:
        with command(line.replace("https://10.1.2.3/registration", settings.url), folder) as done:
            _, said = done.communicate(timeout=100)
        assert done.returncode == 0, said
    assert publics_in(folder / "platform.pem")[0] == tax.platform
    with command(here[0], folder) as checked:
        assert "没有发现问题" in checked.communicate(timeout=100)[0]
    with command(here[1], folder) as node:
        assert node.stdout is not None
        try:
            while "等待平台查询" not in (line := node.stdout.readline()):
                assert line, "it did not start"
            live.breaker.forget()
            assert tax.ask(FIRMS[0]).rows[0]["name"] == NAMES[FIRMS[0]][0]
        finally:
            node.send_signal(signal.SIGINT)
            _, log = node.communicate(timeout=60)
    assert node.returncode == 0 and "给 43.tax，用途 inspection，1 个主体，1 行" in log and FIRMS[0] not in log


def command(line: str, folder: Path) -> subprocess.Popen[str]:
    """A command line of `shuniu`, started in the machine's folder, with the tests' database."""
    said = connection.settings_dict
    asked = urlencode({key.lower(): said[key] for key in ("HOST", "PORT", "USER", "PASSWORD") if said[key]})
    source = str(Path(__file__).parents[3] / "src")
    env = os.environ | {"SHUNIU_DATABASE_URL": f"postgresql:///{said['NAME']}?{asked}", "PYTHONPATH": source}
    words = line.split()
    assert words[0] == "shuniu"
    return subprocess.Popen(
        [sys.executable, "-m", "shuniu.project.main", *words[1:]],
        cwd=folder, env=env | {"PYTHONUNBUFFERED": "1"}, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
