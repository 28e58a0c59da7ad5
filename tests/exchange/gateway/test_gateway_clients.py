"""Over a real socket: the client library, and the recipe with curl and openssl as it stands in the documentation."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from shuniu.client import Answer, Client, ForgedError, RefusedError, proven
from shuniu.trust import suites
from tests.exchange.conftest import FIRMS
from tests.exchange.gateway.road import KEY, Machine

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
RECIPE = Path(__file__).parents[3] / "docs" / "how-to" / "ask-with-curl.md"


@pytest.fixture
def url(live_server: LiveServer, settings: Settings) -> str:
    settings.PUBLIC_URL = live_server.url
    return live_server.url


def test_the_library_asks_checks_and_keeps_the_evidence(tax: Machine, url: str, tmp_path: Path) -> None:
    client = Client(url, tax.private, [tax.platform])
    answer = client.query(KEY, [("uscc", FIRMS[0])], purpose="inspection", items=["name", "uscc"])
    assert answer.items == ("name", "uscc") and answer.rows[0]["name"] == "湘江机械有限公司"
    kept = json.loads(answer.keep(tmp_path).read_text(encoding="utf-8"))
    assert kept["number"] == answer.number and bytes.fromhex(kept["root"]) == answer.root
    shown = answer.show(0, "name")
    assert proven(shown, answer.root, answer.fields)
    assert not proven(replace(shown, value="别的公司"), answer.root, answer.fields)
    with pytest.raises(RefusedError) as refusal:
        client.query(KEY, [("uscc", FIRMS[0])], purpose="credit")
    assert (refusal.value.status, refusal.value.rule) == (403, "grant.other_purpose") and refusal.value.platform_time
    client.close()


def test_the_library_believes_no_forged_answer(tax: Machine, url: str) -> None:
    client = Client(url, tax.private, [tax.platform])
    signed = client.sign(KEY, [("uscc", FIRMS[0])], purpose="inspection")
    status, headers, body = client.send(signed)
    assert isinstance(client.read(signed, status, headers, body), Answer)
    other = client.sign(KEY, [("uscc", FIRMS[0])], purpose="inspection")
    bad_root = re.sub(
        r"root=:.", "root=:/" if "root=:A" in headers["shuniu-commitment"] else "root=:A", headers["shuniu-commitment"]
    )
    for wrong in (
        (signed, headers, body.replace("湘江".encode(), "岳麓".encode())),
        (other, headers, body),
        (signed, headers | {"shuniu-commitment": bad_root}, body),
        (signed, {name: value for name, value in headers.items() if name != "signature"}, body),
    ):  # fmt: skip
        with pytest.raises(ForgedError):
            client.read(wrong[0], status, wrong[1], wrong[2])
    stranger = suites.suite("international").signer(suites.suite("international").generate()).public
    with pytest.raises(ForgedError):
        Client(url, tax.private, [stranger]).read(signed, status, headers, body)
    client.close()


def test_the_recipe_with_curl_and_openssl_asks_and_verifies(tax: Machine, url: str, tmp_path: Path) -> None:
    pem = load_der_private_key(tax.private, None).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "sign.pem").write_bytes(pem)
    public = load_der_public_key(tax.platform).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "platform.pem").write_bytes(public)
    script = "\n".join(re.findall(r"```bash\n(.*?)```", RECIPE.read_text(encoding="utf-8"), re.DOTALL))
    given = {"URL": url, "KEY_ID": tax.held.key_id, "RESOURCE": KEY, "CODE": FIRMS[0], "PURPOSE": "inspection"}
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", **given},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Signature Verified Successfully" in done.stdout
    assert json.loads((tmp_path / "answer.json").read_bytes())["rows"][0]["uscc"] == FIRMS[0]
    assert urlsplit(url).netloc in (tmp_path / "base.txt").read_text()
