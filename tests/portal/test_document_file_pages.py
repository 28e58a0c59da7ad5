"""Files of documents by browser: uploaded while writing, not lost to another mistake, taken away; 退文 and 修改后重发."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuniu.cases.models import Dispatch, Document, DocumentVersion, Upload
from tests.cases.papers import PDF, PNG
from tests.cast import Cast, cast
from tests.portal.reading import words
from tests.portal.test_document_pages import (
    AT,
    WRITTEN,
    agreed,
    author,
    chief,
    do,
    holder,
    reviewer,
    signed,
    tax_clerk,
)

__all__ = ["author", "cast", "chief", "reviewer", "tax_clerk"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(cast: Cast) -> None:
    cache.clear()


def file(name: str = "公示格式.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def written(author: Client, *files: SimpleUploadedFile, said: Mapping[str, object] | None = None) -> int:
    do(author, f"{AT}new/outgoing/", {**WRITTEN, "new": list(files), **(said or {})})
    return Document.objects.latest("pk").pk


def sent(author: Client, reviewer: Client, chief: Client, *files: SimpleUploadedFile) -> Dispatch:
    number = written(author, *files)
    do(author, f"{AT}{number}/do/submit/")
    agreed(reviewer, number, "review")
    agreed(chief, number, "sign")
    do(author, f"{AT}{number}/do/send/", {"to": ["43.tax"]})
    return Dispatch.objects.get()


def names() -> list[list[str]]:
    return [[one["name"] for one in row.draft["files"]] for row in DocumentVersion.objects.order_by("number")]


def test_several_files_come_with_the_text_and_the_next_version_keeps_those_still_chosen(author: Client) -> None:
    number = written(author, file(), file("抽查名单.png", PNG))
    assert names() == [["公示格式.pdf", "抽查名单.png"]]
    page = words(author, f"{AT}{number}/")
    assert "附件文件" in page and "公示格式.pdf" in page and "摘要" in page
    form = words(author, f"{AT}{number}/edit/")
    assert 'enctype="multipart/form-data"' in form and form.count("checked") >= 3
    first = str(Upload.objects.get(name="公示格式.pdf").pk)
    do(author, f"{AT}{number}/edit/", {**WRITTEN, "kept": [first], "new": [file("补充.pdf", PDF + b"1\n%%EOF\n")]})
    assert names()[1] == ["公示格式.pdf", "补充.pdf"]
    page = words(author, f"{AT}{number}/")
    assert "旧稿的附件文件：" in page and "抽查名单.png" in page


def test_a_file_is_not_lost_where_something_else_is_wrong(author: Client) -> None:
    wrong = do(author, f"{AT}new/outgoing/", {**WRITTEN, "title": "", "new": [file()]}, 422)
    kept = re.search(r'name="kept" value="(\d+)"[^>]*checked', wrong)
    assert kept is not None and "公示格式.pdf" in wrong and not Document.objects.exists()
    do(author, f"{AT}new/outgoing/", {**WRITTEN, "kept": [kept[1]]})
    assert names() == [["公示格式.pdf"]]


def test_a_file_that_may_not_be_kept_is_refused_beside_the_field_and_the_text_stays(author: Client) -> None:
    wrong = do(author, f"{AT}new/outgoing/", {**WRITTEN, "new": [file("名单.exe", b"MZ..."), file()]}, 422)
    assert "这不是可以接收的文件" in wrong and "一、按时公示。" in wrong and "公示格式.pdf" in wrong
    marked = do(author, f"{AT}new/outgoing/", {**WRITTEN, "new": [file("机密★10年.pdf")]}, 422)
    assert "summary-error" in marked and not Document.objects.exists()
    assert author.post(f"{AT}new/outgoing/", {**WRITTEN, "kept": ["999999"]}).status_code == 422


def test_files_are_taken_away_by_those_who_may_read_the_document_and_by_no_others(
    author: Client, reviewer: Client, chief: Client, tax_clerk: Client
) -> None:
    came = sent(author, reviewer, chief, file())
    upload = Upload.objects.get().pk
    at, theirs = f"{AT}{came.document_id}/files/{upload}", f"{AT}incoming/{came.pk}/files/{upload}"
    for client, address in ((author, at), (chief, at), (tax_clerk, at), (tax_clerk, theirs)):
        answer = client.get(address)
        assert b"".join(answer) == PDF, address  # streamed
        assert answer["Content-Disposition"].startswith("attachment;")
    page = words(tax_clerk, f"{AT}incoming/{came.pk}/")
    assert theirs in page
    assert tax_clerk.get(f"{AT}incoming/{came.pk}/document.pdf").content[:5] == b"%PDF-"
    office = holder("officeclerk", "43.office", "document_clerk")
    assert [office.get(one).status_code for one in (at, theirs)] == [403, 403]
    assert author.get(f"{AT}{came.document_id}/files/{upload + 1}").status_code >= 400
    assert Client().get(at).status_code in (302, 401, 403)


def test_what_was_given_back_is_mended_signed_and_sent_again(
    author: Client, reviewer: Client, chief: Client, tax_clerk: Client
) -> None:
    came = sent(author, reviewer, chief)
    number = came.document_id
    assert "修改后重发" not in words(author, f"{AT}{number}/")
    do(tax_clerk, f"{AT}incoming/{came.pk}/return/", {"reason": "缺少附件"})
    page = words(author, f"{AT}{number}/")
    assert "修改后重发" in page and "缺少附件" in page
    assert "文号不变" in words(author, f"{AT}{number}/edit/")
    assert "不能改机关代字" in do(author, f"{AT}{number}/edit/", {**WRITTEN, "code": "湘市监办"}, 422)
    do(author, f"{AT}{number}/edit/", {**WRITTEN, "body": "现补充附件。", "new": [file()]})
    do(author, f"{AT}{number}/do/submit/")
    agreed(reviewer, number, "review")
    agreed(chief, number, "sign")
    do(author, f"{AT}{number}/do/send/", {"to": ["43.tax"]})
    again = Dispatch.objects.get(version=2)
    assert f"{AT}incoming/{again.pk}/" in words(tax_clerk, f"{AT}incoming/{came.pk}/")
    page = words(tax_clerk, f"{AT}incoming/{again.pk}/")
    assert "第 2 稿（修改后重发）" in page and "现补充附件。" in page and "公示格式.pdf" in page
    do(tax_clerk, f"{AT}incoming/{again.pk}/receive/", {"digest": again.digest})
    assert "第 2 稿" in words(author, f"{AT}{number}/")


def test_a_joint_document_says_whose_it_is(author: Client, reviewer: Client, chief: Client, tax_clerk: Client) -> None:
    number = written(author)
    do(author, f"{AT}{number}/do/submit/", {"joint": ["43.tax"]})
    agreed(reviewer, number, "review")
    agreed(chief, number, "sign")
    agreed(holder("taxchief", "43.tax", "document_signer"), number, "sign")
    assert "省市场监督管理局、省税务局" in words(author, f"{AT}{number}/")
    assert signed(author, reviewer, chief) != number
