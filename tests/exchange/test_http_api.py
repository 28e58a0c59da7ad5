"""The HTTP API: delivering, following, fetching; refusals as problem details; the description kept."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from shuniu.directory import api as directory
from shuniu.directory.models import ApiToken
from shuniu.exchange import api as exchange
from shuniu.exchange import digest
from shuniu.exchange.models import Submission
from shuniu.exchange.spool import folder
from shuniu.project.http import api
from tests.cast import Cast, cast
from tests.exchange.conftest import WORKER, firm, registration
from tests.exchange.people import MARKET

__all__ = ["cast"]
DESCRIPTION = Path(__file__).parent / "openapi.json"
KEY = "43.market/registration"
needs_database = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client(cast: Cast, catalogued: None) -> Client:
    """A machine of the market department, with a token of its data officer."""
    account = int(cast.market_officer.person.partition(":")[2])
    issued = directory.issue_token(actor=cast.market_admin, account=account, title="业务系统")
    return Client(headers={"Authorization": f"Bearer {issued.token}"})


def post(client: Client, content: str, *, headers: dict[str, str] | None = None, **query: str) -> Any:
    return client.post(
        "/api/exchange/submissions", content.encode(), content_type="text/csv", headers=headers or {},
        query_params={"resource": KEY, **query},
    )  # fmt: skip


def sha256(content: str) -> dict[str, str]:
    value = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
    return {"Content-Digest": f"sha-256=:{value}:"}


@needs_database
def test_a_machine_delivers_follows_and_fetches_what_came_back(client: Client) -> None:
    content = registration(firm(0), firm(1, founded="昨天"), "合计,,,200,,")
    taken = post(client, content, headers=sha256(content), batch="2026-11", name="登记.csv")
    assert taken.status_code == 201, taken.content
    number = taken.json()["number"]
    assert client.get(f"/api/exchange/submissions/{number}/progress").json()["state"] == "received"
    exchange.process(actor=WORKER, number=number)
    receipt = client.get(f"/api/exchange/submissions/{number}").json()
    assert (receipt["state"], receipt["counts"]["rejected"], receipt["department_batch"]) == ("refused", 2, "2026-11")
    assert receipt["notes"] == ["第 4 行是合计行，已跳过。"]
    rejects = client.get(f"/api/exchange/submissions/{number}/rejects.csv")
    assert "昨天" in rejects.content.decode("utf-8-sig") and rejects["X-Content-Type-Options"] == "nosniff"


@needs_database
def test_the_same_delivery_again_answers_200_with_its_first_receipt(client: Client) -> None:
    content = registration(firm(0))
    first, again = post(client, content), post(client, content)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["number"] == first.json()["number"] and again.json()["repeated"]


@needs_database
def test_a_half_uploaded_body_is_refused_and_nothing_of_it_is_kept(client: Client) -> None:
    before = set(folder().iterdir())
    whole = registration(firm(0), firm(1))
    answer = post(client, whole[:-20], headers=sha256(whole))
    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"
    assert answer.json()["rule"] == "file.incomplete" and answer.json()["remedy"]
    assert not Submission.objects.exists() and set(folder().iterdir()) == before


@needs_database
def test_refusals_say_rule_message_and_remedy_with_a_fitting_status(client: Client, cast: Cast) -> None:
    content = registration(firm(0))
    number = post(client, content, batch="1").json()["number"]
    cases = [
        (Client().get(f"/api/exchange/submissions/{number}"), 401, "token.invalid"),
        (post(client, content, resource="43.tax/penalty"), 403, "right.agency"),
        (post(client, content, resource="43.market/none"), 404, "catalogue.unknown"),
        (client.get("/api/exchange/submissions/99999999"), 404, "submission.unknown"),
        (post(client, registration(firm(1)), batch="1"), 409, "batch.number"),
        (post(client, content, mode="all"), 422, "request.parameters"),
        (post(client, content, headers={"Content-Digest": "md5=:x:"}), 422, "file.digest_form"),
        (post(client, registration(firm(0)) + "机密★1年"), 422, "classified.mark"),
    ]
    for answer, status, rule in cases:
        said = answer.json()
        assert (answer.status_code, said["rule"]) == (status, rule)
        assert said["status"] == status and said["message"] and said["remedy"], said


@needs_database
def test_a_revoked_token_opens_nothing(client: Client) -> None:
    token = ApiToken.objects.get()
    token.revoked = token.expires
    token.save()
    assert post(client, registration(firm(0))).status_code == 401


@needs_database
def test_a_nothing_report_and_a_reconciliation_over_http(client: Client, tmp_path: Path) -> None:
    said = client.post("/api/exchange/nothing", query_params={"resource": KEY}).json()
    assert said["period"] and said["state"] == "stored"
    file = tmp_path / "登记.csv"
    file.write_text(registration(firm(0)), encoding="utf-8")
    declaration = exchange.export_declaration(actor=MARKET, resource=KEY)
    data = digest.make(file, declaration).to_bytes(declaration.key)
    answer = client.post(
        "/api/exchange/reconciliations", data, content_type="application/octet-stream", query_params={"resource": KEY}
    )
    assert len(answer.json()["missing"]) == 1
    huge = client.post(
        "/api/exchange/reconciliations", b"x" * 1_000_001, content_type="application/octet-stream",
        query_params={"resource": KEY},
    )  # fmt: skip
    assert (huge.status_code, huge.json()["rule"]) == (413, "file.size")


def test_the_description_is_the_one_that_departments_have() -> None:
    """A difference here is a change of the interface: delete the file, run again, and look at what changed."""
    made = json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
    if not DESCRIPTION.exists():
        DESCRIPTION.write_text(made, encoding="utf-8")
    assert made == DESCRIPTION.read_text(encoding="utf-8")


@needs_database
def test_no_page_of_the_api_loads_anything_from_elsewhere(client: Client) -> None:
    assert client.get("/api/docs").status_code == 404
    assert client.get("/api/openapi.json").status_code == 200
