"""What a file is, is decided by its content: another format in its clothes, a bomb, a macro, a cut-off file are refused."""

from __future__ import annotations

import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.cases.declare.material import ByUpload, FileKind, Looked
from shuniu.cases.files import content, scanner
from shuniu.cases.rules import uploads as rules
from shuniu.exchange.delivery import spool_blocks
from shuniu.trust.declare import Refused
from tests.cases.papers import JPG, PDF, PNG, docx, ofd, packed


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (PDF, "证明.pdf", FileKind.PDF),
        (JPG, "照片.JPEG", FileKind.JPG),
        (JPG + b"what a camera appends" * 200, "照片.jpg", FileKind.JPG),
        (PNG, "截图.png", FileKind.PNG),
        (ofd(), "批复.ofd", FileKind.OFD),
        (docx(), "合同.docx", FileKind.DOCX),
        (packed({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "名单.xlsx", FileKind.XLSX),
        (PDF, "没有后缀", FileKind.PDF),
    ],
)
def test_a_format_is_known_by_its_content(data: bytes, name: str, kind: FileKind) -> None:
    assert content.kind_of(data, name) == (kind, "")


@pytest.mark.parametrize(
    ("data", "name", "problem"),
    [
        (packed({"a.exe": b"MZ"}), "证明.pdf", "clothes"),  # a zip in a PDF's clothes
        (PDF + packed({"a.exe": b"MZ"}), "证明.pdf", "clothes"),  # and one hidden behind a real PDF
        (JPG + packed({"a.exe": b"MZ"}), "照片.jpg", "clothes"),
        (docx(), "证明.pdf", "clothes"),
        (PDF, "证明.docx", "clothes"),
        (b"MZ\x90\x00", "程序.exe", "type"),
        (b"MZ\x90\x00", "证明.pdf", "clothes"),
        (packed({"a.txt": b"1"}), "材料.zip", "type"),
        (b"", "空.pdf", "clothes"),
        (PDF[:-8], "证明.pdf", "damaged"),
        (docx()[:-30], "合同.docx", "damaged"),
        (docx(more={"word/vbaProject.bin": b"macro"}), "合同.docx", "macro"),
        (docx(more={f"{n}.xml": b"" for n in range(2001)}), "合同.docx", "bomb"),
    ],
)
def test_what_is_not_what_it_says_is_refused(data: bytes, name: str, problem: str) -> None:
    kind, found = content.kind_of(data, name)
    assert found == problem
    with pytest.raises(Refused) as refusal:
        rules.check(Looked(kind, found), len(data) or 1, 100_000_000)
    assert refusal.value.rule == f"upload.{problem}" and refusal.value.remedy


def test_a_bomb_is_told_by_its_directory_and_never_unpacked() -> None:
    bomb = docx(more={"word/media.bin": bytes(content.MAX_UNPACKED)})
    assert len(bomb) < 1_000_000
    assert content.kind_of(bomb, "合同.docx") == (None, "bomb")


def test_a_document_behind_a_password_or_with_broken_parts_is_refused() -> None:
    plain = docx()
    at = plain.index(b"PK\x01\x02")
    locked = bytearray(plain)
    locked[at + 8] |= 1
    assert content.kind_of(bytes(locked), "合同.docx")[1] == "locked"
    broken = bytearray(packed({"[Content_Types].xml": b"x", "word/document.xml": b"y" * 100}, zipfile.ZIP_STORED))
    broken[broken.index(b"y" * 100)] ^= 1
    assert content.kind_of(bytes(broken), "合同.docx")[1] == "damaged"
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = _twice()
    assert content.kind_of(twice, "合同.docx")[1] == "damaged"


def _twice() -> bytes:
    import io

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", b"1")
        archive.writestr("word/document.xml", b"2")
    return out.getvalue()


@given(
    st.binary(max_size=300), st.sampled_from(["a.pdf", "a.docx", "a", "a.jpg"]), st.sampled_from([b"", PDF, PNG[:8]])
)
def test_no_bytes_at_all_raise_anything(data: bytes, name: str, start: bytes) -> None:
    kind, problem = content.kind_of(start + data, name)
    assert kind is not None or problem


@pytest.mark.parametrize("size", [0, 1_000_000])
def test_the_test_virus_is_found_wherever_it_stands(db: None, size: int) -> None:
    for data, name in (
        (PDF + bytes(size) + scanner.EICAR, "a.pdf"),
        (docx(more={"word/b.bin": scanner.EICAR}), "a.docx"),
    ):
        spooled = spool_blocks([data]).close()
        looked = content.look(spooled, name, 20_000_000)
        spooled.discard()
        assert looked.virus == "Eicar-Test-Signature"
        with pytest.raises(Refused) as refusal:
            rules.check(looked, len(data), 20_000_000)
        assert refusal.value.rule == "upload.virus"


def test_the_limit_is_a_dated_rule_and_the_refusal_says_it() -> None:
    with pytest.raises(Refused, match="20 MB") as refusal:
        rules.check(Looked(FileKind.PDF), 20_000_001, 20_000_000)
    assert refusal.value.rule == "upload.size"
    with pytest.raises(Refused) as empty:
        rules.check(Looked(None), 0, 20_000_000)
    assert empty.value.rule == "upload.empty"
    assert ByUpload().most_bytes == 20_000_000
