"""Over a real socket: the client library that goes on by itself, and the recipe with curl as it stands in the documentation."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_private_key
from django.db import close_old_connections, connections
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from shuniu.client import Client, RefusedError
from shuniu.client.speaking import Signed
from shuniu.exchange import tasks
from shuniu.exchange.gateway import admission
from shuniu.exchange.gateway.store import uploads as store
from shuniu.exchange.grants.models import Agreement
from shuniu.exchange.spool import FRAME
from tests.exchange.gateway.breaking import breaking
from tests.exchange.gateway.offering import content, kept, offered
from tests.exchange.gateway.road import Machine

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
RECIPE = Path(__file__).parents[3] / "docs" / "how-to" / "offer-a-file.md"


@pytest.fixture
def url(live_server: LiveServer, settings: Settings) -> Iterator[str]:
    """The platform's address, and a worker beside it that checks what has come whole."""
    settings.PUBLIC_URL = live_server.url
    stopped = threading.Event()
    beside = threading.Thread(target=work, args=(stopped,))
    beside.start()
    yield live_server.url
    stopped.set()
    beside.join()


def work(stopped: threading.Event) -> None:
    close_old_connections()
    while not stopped.wait(0.1):
        for number in store.unchecked(0):
            tasks.check_upload(number=number)
    connections.close_all()


def test_a_file_that_breaks_off_again_and_again_comes_whole_by_itself(
    market: Machine, tax: Machine, url: str, tmp_path: Path, settings: Settings
) -> None:
    data = content(23 * FRAME + 77)
    (tmp_path / "登记.bin").write_bytes(data)
    with breaking(url, 9 * FRAME, "requests") as (line, breaks):
        settings.PUBLIC_URL = line
        client = Client(line, market.private, [market.platform])
        number = client.offer(tmp_path / "登记.bin", agreement=Agreement.objects.get().pk, days=3, pause=0.05)
        assert client.offer(tmp_path / "登记.bin", agreement=Agreement.objects.get().pk, days=3) == number
        client.close()
        assert len(breaks) >= 2
    settings.PUBLIC_URL = url
    taker = Client(url, tax.private, [tax.platform])
    assert taker.fetch(number, tmp_path / "came", purpose="inspection").read_bytes() == data
    taker.close()
    assert [(one.number, one.name) for one in offered()] == [(number, "登记.bin")] and len(kept()) == 1


def test_another_process_goes_on_where_the_first_gave_up(market: Machine, url: str, tmp_path: Path) -> None:
    data, agreement = content(20 * FRAME), Agreement.objects.get().pk
    (tmp_path / "x").write_bytes(data)
    sent: list[str] = []

    class Watched(Client):
        most = 99

        def _told(self, signed: Signed) -> dict[str, Any]:
            sent.append(signed.message.path)
            if len(sent) > self.most:
                raise ConnectionError
            return super()._told(signed)

    first = Watched(url, market.private, [market.platform])
    first.most = 2
    with pytest.raises(ConnectionError):
        first.offer(tmp_path / "x", agreement=agreement, tries=0)
    first.close()
    sent.clear()
    second = Watched(url, market.private, [market.platform])
    assert second.offer(tmp_path / "x", agreement=agreement, pause=0.05) == offered()[0].number
    second.close()
    places = [int(one.rpartition("/")[2]) for one in sent if one.count("/") == 4]
    assert places == [4 * FRAME * place for place in range(1, 5)]


def test_what_is_turned_away_for_the_moment_comes_later_and_what_is_refused_does_not(
    market: Machine, url: str, tmp_path: Path
) -> None:
    (tmp_path / "x").write_bytes(content(3))
    client, agreement = Client(url, market.private, [market.platform]), Agreement.objects.get().pk
    gate = admission.files()
    places = [gate.enter() for _ in range(3)]
    assert all(places)
    timer = threading.Timer(1.0, left, [gate])
    timer.start()
    assert client.offer(tmp_path / "x", agreement=agreement, pause=0.05) == offered()[0].number
    timer.join()
    for which, days, rule in ((agreement, 400, "file.days"), (0, 1, "file.agreement")):
        with pytest.raises(RefusedError) as refusal:
            client.offer(tmp_path / "x", agreement=which, days=days)
        assert refusal.value.rule == rule
    client.close()


def test_the_recipe_with_curl_and_openssl_is_stopped_and_goes_on(market: Machine, url: str, tmp_path: Path) -> None:
    data = content(18 * FRAME + 9)
    (tmp_path / "firms.csv").write_bytes(data)
    pem = load_der_private_key(market.private, None).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "sign.pem").write_bytes(pem)
    script = "\n".join(re.findall(r"```bash\n(.*?)```", RECIPE.read_text(encoding="utf-8"), re.DOTALL))
    environment = {
        "PATH": "/usr/bin:/bin", "URL": url, "KEY_ID": market.held.key_id, "FILE": "firms.csv",
        "AGREEMENT": str(Agreement.objects.get().pk),
    }  # fmt: skip
    stopped = script.replace("done\n: > none", "exit 9\ndone\n: > none")
    assert stopped != script
    for text, code in ((stopped, 9), (script, 0)):
        done = subprocess.run(
            ["bash", "-c", text], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert len(offered()) == (code == 0)
    assert json.loads(done.stdout)["file"] == offered()[0].number and offered()[0].size == len(data)


def left(gate: admission.Gate) -> None:
    for _ in range(3):
        gate.leave()
