"""Materials by browser: streamed as ciphertext, stopped at the limit in constant memory, listed with their scan."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from io import RawIOBase

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client, RequestFactory
from pytest_django import Settings

from shuniu.cases.api import uploads as api
from shuniu.cases.files import vault
from shuniu.cases.models import Upload
from shuniu.exchange import spool
from shuniu.portal.hall.uploads import limited_upload
from shuniu.trust.declare import Refused
from tests.cases.papers import EVIL, PDF, PNG, WORKER, scanning, uploaded
from tests.cast import Cast, SignedIn, cast, signed_in

__all__ = ["cast", "signed_in"]
pytestmark = [pytest.mark.django_db(transaction=True)]
AT = "/hall/materials/"


@pytest.fixture(autouse=True)
def _empty_folders() -> Iterator[None]:
    _empty()
    yield
    _empty()


def _empty() -> None:
    for folder in (spool.folder(), vault.folder()):
        for path in folder.iterdir():
            path.unlink()


@pytest.fixture
def citizen(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.citizen)


def form(content: bytes = PDF, name: str = "租约.pdf") -> dict[str, object]:
    return {"file": SimpleUploadedFile(name, content), "whole": "1"}


def spooled() -> int:
    return len(list(spool.folder().iterdir())) + len(list(vault.folder().iterdir()))


def test_a_material_is_uploaded_listed_taken_back_and_deleted(citizen: Client) -> None:
    page = citizen.post(AT, form(), follow=True).content.decode()
    assert "“租约.pdf”已收好" in page and "未查毒" in page and "未使用" in page
    number = Upload.objects.get().pk
    taken = citizen.get(f"{AT}{number}/file")
    assert taken.getvalue() == PDF
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert taken.headers["X-Content-Type-Options"] == "nosniff"
    gone = citizen.post(f"{AT}{number}/discard/", follow=True).content.decode()
    assert "材料已删除" in gone and "还没有上传过材料" in gone and spooled() == 0


def test_anothers_file_is_unknown_to_me(citizen: Client, cast: Cast, signed_in: SignedIn) -> None:
    citizen.post(AT, form())
    number = Upload.objects.get().pk
    firm = signed_in(cast.firm)
    assert firm.get(f"{AT}{number}/file").status_code == 403
    assert firm.post(f"{AT}{number}/discard/").status_code == 403
    assert citizen.get(f"{AT}{number}/discard/").status_code == 405


def test_who_has_not_signed_in_is_sent_to_and_uploads_nothing(cast: Cast) -> None:
    anybody = Client()
    assert anybody.get(AT).headers["Location"].startswith("/sign-in/")
    assert anybody.post(AT, form()).headers["Location"].startswith("/sign-in/") and spooled() == 0


def test_without_the_forms_token_nothing_is_taken_in(cast: Cast, signed_in: SignedIn) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in(cast.citizen).cookies
    assert strict.post(AT, form()).status_code == 403 and spooled() == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"whole": "1"}, "请选择要上传的文件"),
        (form(b"PK\x03\x04", "租约.pdf"), "文件没有传完整，或已损坏"),
        (form(PNG, "租约.pdf"), "后缀与内容不符"),
        ({"file": SimpleUploadedFile("租约.pdf", PDF)}, "文件没有传完"),
        (form(b""), "这个文件是空的"),
    ],
)
def test_a_wrong_upload_is_explained_in_the_form_and_leaves_nothing(
    citizen: Client, data: dict[str, object], words: str
) -> None:
    refused = citizen.post(AT, data)
    assert refused.status_code == 422 and words in refused.content.decode() and spooled() == 0


def test_a_virus_is_refused_by_name(citizen: Client, settings: Settings) -> None:
    with scanning() as settings.CLAMD:
        page = citizen.post(AT, form(EVIL)).content.decode()
    assert "Wicked.Test" in page and spooled() == 0


def test_while_the_scanner_is_down_the_page_says_so_and_later_that_all_is_well(
    citizen: Client, settings: Settings
) -> None:
    settings.CLAMD = "tcp://127.0.0.1:1"
    assert "未查毒，正在重试" in citizen.post(AT, form(), follow=True).content.decode()
    with scanning() as settings.CLAMD:
        api.tend(actor=WORKER)
        page = citizen.get(AT).content.decode()
    assert "查毒无异常" in page and "每分钟自动重试" not in page


def test_a_body_that_says_it_is_too_large_is_refused_unread(citizen: Client) -> None:
    response = citizen.post(AT, form(), CONTENT_LENGTH=str(2 << 30))
    assert response.status_code == 403 and "文件超过 20 MB" in response.content.decode()


class Endless(RawIOBase):
    """A multipart body whose file never ends, made as it is read; counts what was asked of it."""

    def __init__(self, boundary: str, size: int) -> None:
        self.head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        ).encode()
        self.left = size
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        part = self.head[:size] if self.head else bytes(min(size, self.left))
        self.head = self.head[len(part) :]
        self.left -= len(part)
        self.given += len(part)
        return part


def huge(body: Endless, said: int) -> WSGIRequest:
    """A request with this body that says so many bytes of itself."""
    more = {"CONTENT_TYPE": "multipart/form-data; boundary=b0", "CONTENT_LENGTH": str(said), "wsgi.input": body}
    return WSGIRequest({**RequestFactory().post(AT).environ, **more})


def test_two_gigabytes_that_lie_about_their_size_are_refused_at_the_limit_in_constant_memory(cast: Cast) -> None:
    body = Endless("b0", 2 << 30)
    request = huge(body, 1_000_000)
    vars(request)["_stream"] = body  # as a server that passes a chunked body on: the length says nothing
    tracemalloc.start()
    with pytest.raises(Refused) as refusal, limited_upload(request):
        request.POST.get("whole")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refusal.value.rule == "upload.size"
    assert body.given < 30_000_000 and peak < 12_000_000
    assert spooled() == 0


def test_an_honest_two_gigabytes_are_refused_before_the_first_byte(cast: Cast) -> None:
    body = Endless("b0", 2 << 30)
    request = huge(body, 2 << 30)
    with pytest.raises(Refused), limited_upload(request):
        request.POST.get("whole")
    assert body.given == 0


def test_an_infected_file_shows_why_it_is_gone(citizen: Client, cast: Cast) -> None:
    kept = uploaded(cast.citizen)
    api.record_scan(actor=WORKER, number=kept.id, virus="Wicked.Test")
    page = citizen.get(AT).content.decode()
    assert "查出病毒 Wicked.Test，已销毁" in page and f"{AT}{kept.id}/file" not in page
