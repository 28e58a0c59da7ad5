"""Reconciliation by browser: the declaration out, the summary in, every difference named, the result out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuniu.exchange import digest
from shuniu.exchange.differences import Differences, named
from tests.cast import Cast, SignedIn
from tests.exchange.conftest import FIRMS, Deliver, firm, registration
from tests.exchange.test_submission import many_codes

pytestmark = pytest.mark.django_db(transaction=True)
AT = "/desk/reconciling/43.market/registration/"


def declared(client: Client) -> digest.Declaration:
    taken = client.get(f"{AT}declaration.json")
    assert "attachment" in taken.headers["Content-Disposition"]
    return digest.Declaration.model_validate_json(taken.content)


def sent(client: Client, data: bytes) -> tuple[int, str]:
    answer = client.post(AT, {"file": SimpleUploadedFile("本单位数据.csv.digest", data)})
    return answer.status_code, answer.content.decode()


def result_of(page: str) -> str:
    found = re.search(r'name="result" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_every_difference_is_named_and_the_result_file_finds_the_lines(
    deliver: Deliver, cast: Cast, signed_in: SignedIn, tmp_path: Path
) -> None:
    deliver(registration(firm(0), firm(1), firm(2)), actor=cast.market_officer)
    desk = tmp_path / "本单位数据.csv"
    desk.write_text(registration(firm(0), firm(1, capital="9"), firm(3)), encoding="utf-8")
    officer = signed_in(cast.market_officer)
    assert "企业登记信息" in officer.get("/desk/reconciling/").content.decode()
    assert "下载声明文件" in officer.get(AT).content.decode()
    declaration = declared(officer)
    status, page = sent(officer, digest.make(desk, declaration).to_bytes(declaration.key))
    assert status == 200
    assert "平台缺 1 行，内容不同 1 行，平台多 1 行" in page
    assert FIRMS[1] in page
    assert FIRMS[2] in page
    assert FIRMS[3] not in page, "the platform knows but the mark of what it lacks"
    file = officer.post(
        "/desk/reconciling/result.json", {"resource": "43.market/registration", "result": result_of(page)}
    )
    rows = named(desk, declaration, Differences.from_json(file.content.decode()))
    assert [(row.kind, row.line) for row in rows] == [("missing", 4), ("changed", 3), ("extra", 0)]


def test_a_long_result_is_leafed_through_without_the_platform_keeping_it(
    deliver: Deliver, cast: Cast, signed_in: SignedIn, tmp_path: Path
) -> None:
    lines = [f"{code},湘江机械有限公司,2010-03-05,{n},存续,430102" for n, code in enumerate(many_codes(70))]
    deliver(registration(*lines), actor=cast.market_officer)
    desk = tmp_path / "x.csv"
    desk.write_text(registration(lines[0]), encoding="utf-8")
    officer = signed_in(cast.market_officer)
    declaration = declared(officer)
    _, page = sent(officer, digest.make(desk, declaration).to_bytes(declaration.key))
    assert "共 69 行，第 1 页，共 2 页" in page
    held = result_of(page)
    second = officer.post(AT, {"result": held, "page": "2"}).content.decode()
    assert "第 2 页，共 2 页" in second
    assert {code for code in many_codes(70) if code in page or code in second} == set(many_codes(70)[1:])
    other = signed_in(cast.market_admin)
    assert other.post(AT, {"result": held, "page": "2"}).status_code == 403
    forged = officer.post(AT, {"result": f"{held}x", "page": "2"})
    assert forged.status_code == 403
    assert "过期" in forged.content.decode()


def test_what_is_no_summary_or_too_large_is_refused_in_the_form(
    deliver: Deliver, cast: Cast, signed_in: SignedIn
) -> None:
    officer = signed_in(cast.market_officer)
    for data, said in ((b"a,b\n", "不是 shuniu digest"), (b"x" * 1_000_001, "超过 1 MB"), (b"", "空的")):
        status, page = sent(officer, data)
        assert (status, said in page) == (422, True), said


def test_only_the_owner_reconciles(catalogued: None, cast: Cast, signed_in: SignedIn) -> None:
    tax = signed_in(cast.tax_officer)
    assert tax.get(f"{AT}declaration.json").status_code == 403
    assert "企业登记信息" not in tax.get("/desk/reconciling/").content.decode()
    assert signed_in(cast.office).get(AT).status_code == 403
