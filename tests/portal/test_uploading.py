"""An upload by browser: spooled as ciphertext alone, within limits, gone when anything goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.http import UnreadablePostError
from django.test import Client, RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from shuniu.exchange import uploads
from shuniu.exchange.models import Submission
from shuniu.exchange.spool import FRAME, folder
from shuniu.exchange.uploads import SpooledUpload, spooled_uploads
from shuniu.trust.declare import Refused
from tests.cast import Cast, SignedIn
from tests.exchange.conftest import firm, registration

pytestmark = pytest.mark.django_db(transaction=True)
AT = "/desk/upload/43.market/registration/"
TEXT = registration(firm(0), firm(1))


@pytest.fixture(autouse=True)
def _empty_spool() -> Iterator[None]:
    for path in folder().iterdir():
        path.unlink()
    yield
    for path in folder().iterdir():
        path.unlink()


@pytest.fixture
def officer(catalogued: None, cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.market_officer)


def form(content: bytes = TEXT.encode(), **more: str) -> dict[str, object]:
    return {"mode": "snapshot", "file": _file(content), "whole": "1", **more}


def spooled() -> list[Path]:
    return list(folder().iterdir())


def test_an_upload_becomes_a_submission_and_only_ciphertext_meets_the_disk(officer: Client) -> None:
    response = officer.post(AT, form(department_batch="2026-11"))
    submission = Submission.objects.get()
    assert response.headers["Location"] == f"/desk/submissions/{submission.pk}/"
    assert (submission.name, submission.channel, submission.department_batch) == ("登记.csv", "web", "2026-11")
    (file,) = spooled()
    assert "湘江机械".encode() not in file.read_bytes()
    assert file.stat().st_size > len(TEXT.encode())


def test_the_same_file_again_leads_to_its_first_receipt(officer: Client) -> None:
    first = officer.post(AT, form())
    again = officer.post(AT, form(), follow=True)
    assert again.redirect_chain[0][0] == first.headers["Location"]
    assert "没有重复处理" in again.content.decode()
    assert len(spooled()) == 1


def test_a_refused_delivery_says_why_in_the_form_and_leaves_nothing(officer: Client) -> None:
    officer.post(AT, form(department_batch="7"))
    refused = officer.post(AT, form(b"other", department_batch="7"))
    assert refused.status_code == 422
    assert "批次号“7”已用于" in refused.content.decode()
    assert len(spooled()) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"mode": "snapshot", "whole": "1"}, "请选择数据文件"),
        ({"mode": "sometimes", "file": SimpleUploadedFile("a.csv", b"x"), "whole": "1"}, "报送方式"),
        ({"mode": "snapshot", "file": SimpleUploadedFile("a.csv", b""), "whole": "1"}, "这个文件是空的"),
    ],
)
def test_a_wrong_form_is_explained_and_leaves_nothing(officer: Client, data: dict[str, object], words: str) -> None:
    refused = officer.post(AT, data)
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert spooled() == []


def test_without_the_forms_token_nothing_is_taken_in(catalogued: None, cast: Cast, signed_in: SignedIn) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(cast.market_officer).cookies
    assert client.post(AT, form()).status_code == 403
    assert spooled() == []
    page = client.get(AT).content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    assert client.post(AT, form(csrfmiddlewaretoken=token)).status_code == 302


def test_who_may_not_deliver_is_refused_before_a_byte_is_read(
    catalogued: None, cast: Cast, signed_in: SignedIn
) -> None:
    for who in (cast.tax_officer, cast.market_second):
        assert signed_in(who).post(AT, form()).status_code == 403
        assert signed_in(who).get(AT).status_code == 403
    assert spooled() == []


def test_past_the_limit_the_upload_is_refused_and_discarded(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES", 10)
    refused = officer.post(AT, form())
    assert refused.status_code == 403
    assert "文件超过" in refused.content.decode()
    assert spooled() == []


def test_a_request_that_declares_too_much_is_refused_unread(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES", -FRAME)
    assert officer.post(AT, form()).status_code == 403
    assert spooled() == []


def test_an_upload_cut_off_on_the_way_is_never_taken_for_the_whole_file(officer: Client) -> None:
    body = encode_multipart(BOUNDARY, form(TEXT.encode() * 50))
    cut = officer.generic("POST", AT, body[: len(body) // 2], content_type=MULTIPART_CONTENT)
    assert cut.status_code == 422
    assert "文件没有传完" in cut.content.decode()
    assert spooled() == []
    assert not Submission.objects.exists()


def test_an_upload_whose_reader_fails_leaves_nothing() -> None:
    class Line(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise OSError("the line went dead")
            assert spooled() == []
            return super().read(400)

    sent = RequestFactory().post("/", {"file": _file(TEXT.encode() * 100)})
    request = WSGIRequest({**sent.environ, "wsgi.input": Line(sent.environ["wsgi.input"].read())})
    with pytest.raises(UnreadablePostError), spooled_uploads(request):
        request.FILES["file"]
    assert spooled() == []


def test_an_upload_that_nobody_takes_is_gone_at_the_end() -> None:
    request = _request()
    with spooled_uploads(request):
        file = request.FILES["file"]
        assert isinstance(file, SpooledUpload)
        assert len(spooled()) == 1
    assert spooled() == []
    with pytest.raises(ValueError, match="taken or discarded"):
        file.take()
    with pytest.raises(ValueError, match="taken or discarded"):
        file.append(b"more")


def test_what_was_taken_reads_as_it_was_sent_and_outlives_the_request() -> None:
    request = _request()
    with spooled_uploads(request):
        file = request.FILES["file"]
        assert isinstance(file, SpooledUpload)
        writer = file.take()
    request.close()
    taken = writer.close()
    assert b"".join(taken.blocks()) == TEXT.encode()
    taken.discard()


def test_files_in_other_fields_are_read_and_dropped() -> None:
    request = RequestFactory().post("/", {"a": _file(b"first"), "file": _file(), "z": _file(b"last")})
    with spooled_uploads(request):
        assert list(request.FILES) == ["file"]
        assert len(spooled()) == 1
        file = request.FILES["file"]
        assert isinstance(file, SpooledUpload)
        assert file.size == len(TEXT.encode())


def test_the_limit_names_itself_and_the_remedy() -> None:
    with pytest.raises(Refused, match="拆分") as refused:
        raise uploads._too_large(8 << 30)
    assert refused.value.rule == "file.size"


def _file(content: bytes = TEXT.encode()) -> SimpleUploadedFile:
    return SimpleUploadedFile("登记.csv", content)


def _request() -> WSGIRequest:
    return RequestFactory().post("/", {"file": _file()})
