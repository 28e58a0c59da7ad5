"""A licence signed as a PDF: found good by three readers that are not ours, found altered when a byte is."""

from __future__ import annotations

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.generic import NameObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import PdfSignatureStatus, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from shuniu.portal.hall.licence_document import pdf
from shuniu.portal.signed_pdf import FIELD
from shuniu.trust.api import document_certificate
from shuniu.trust.documents import SUBJECT
from tests.cases import licensed

pytestmark = pytest.mark.django_db


@pytest.fixture
def document() -> bytes:
    licensed.agencies()
    return pdf(licensed.issued())


def status(document: bytes) -> PdfSignatureStatus:
    (found,) = PdfFileReader(BytesIO(document)).embedded_signatures
    trusting = ValidationContext(trust_roots=[Certificate.load(document_certificate())], allow_fetching=False)
    return validate_pdf_signature(found, trusting)


def parts(document: bytes) -> tuple[bytes, bytes]:
    """What the signature covers, and the signature (CMS, DER), cut out by the byte range that the document states."""
    found = re.search(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", document)
    assert found is not None
    start, first, second, rest = (int(one) for one in found.groups())
    assert (start, second + rest) == (0, len(document)), "the signature covers all but itself"
    return document[:first] + document[second:], bytes.fromhex(document[first + 1 : second - 1].decode())


def openssl(tmp_path: Path, content: bytes, signature: bytes) -> subprocess.CompletedProcess[bytes]:
    """`openssl cms` over what the signature covers. DER ends where it says: the zeroes behind it are padding."""
    for name, data in (("content", content), ("signature", signature)):
        (tmp_path / name).write_bytes(data)
    (tmp_path / "certificate").write_bytes(document_certificate())
    asked = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "signature", "-content", "content"]
    trust = ["-CAfile", "certificate.pem", "-purpose", "any", "-partial_chain", "-out", "said"]
    convert = ["openssl", "x509", "-inform", "DER", "-in", "certificate", "-out", "certificate.pem"]
    subprocess.run(convert, cwd=tmp_path, check=True, capture_output=True)
    return subprocess.run([*asked, *trust], cwd=tmp_path, check=False, capture_output=True)


def test_the_signature_is_pades_and_good(document: bytes) -> None:
    found = status(document)
    assert found.intact and found.valid and found.trusted and found.bottom_line
    assert found.modification_level is ModificationLevel.NONE and found.docmdp_ok
    (one,) = PdfFileReader(BytesIO(document)).embedded_signatures
    assert one.field_name == FIELD and one.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    attributes = {attribute["type"].native for attribute in one.signer_info["signed_attrs"]}
    assert "signing_certificate_v2" in attributes and "signing_time" not in attributes


def test_its_certificate_says_that_it_is_a_test(document: bytes) -> None:
    (one,) = PdfFileReader(BytesIO(document)).embedded_signatures
    assert one.signer_cert.subject.native["common_name"] == SUBJECT
    assert "测试" in SUBJECT and "演示" in SUBJECT


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
def test_openssl_finds_it_good_and_an_altered_byte_bad(document: bytes, tmp_path: Path) -> None:
    content, signature = parts(document)
    good = openssl(tmp_path, content, signature)
    assert good.returncode == 0, good.stderr
    at = content.index(b"%PDF") + 9
    altered = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
    assert openssl(tmp_path, altered, signature).returncode != 0


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="no poppler-utils on this machine")
def test_a_reader_of_pdf_finds_it_good_and_an_altered_byte_bad(document: bytes, tmp_path: Path) -> None:
    said = []
    at = document.index(b"/Producer") if b"/Producer" in document else 9
    for data in (document, document[:at] + bytes([document[at] ^ 1]) + document[at + 1 :]):
        (tmp_path / "licence.pdf").write_bytes(data)
        asked = ["pdfsig", "-nocert", "licence.pdf"]
        said.append(subprocess.run(asked, cwd=tmp_path, check=False, capture_output=True, text=True).stdout)
    assert "Signature is Valid" in said[0] and "Total document signed" in said[0]
    assert "Signature is Valid" not in said[1]


def test_altered_or_appended_bytes_are_found(document: bytes) -> None:
    at = document.index(b"stream") + 20
    altered = document[:at] + bytes([document[at] ^ 1]) + document[at + 1 :]
    assert not status(altered).intact
    writer = IncrementalPdfFileWriter(BytesIO(document))
    writer.root["/PageLayout"] = NameObject("/TwoColumnLeft")
    writer.update_root()  # type: ignore[no-untyped-call]  # pyhanko leaves it unannotated
    appended = BytesIO()
    writer.write(appended)  # type: ignore[no-untyped-call]  # pyhanko leaves it unannotated
    found = status(appended.getvalue())
    assert found.intact and not found.bottom_line, "the old bytes stand, what was appended is not allowed"
