"""Files of documents: kept with each version, fit before they go out, in the digest that is signed for, read by its readers."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from django.utils import timezone
from pytest_django import Settings

from shuniu.cases.api import uploads
from shuniu.cases.api.dispatches import receive_document, send_document
from shuniu.cases.api.document_files import read_document_file
from shuniu.cases.api.documents import draft_document, read_document, review_document, sign_document, submit_document
from shuniu.cases.declare.document import DocumentView
from shuniu.cases.models import Document, DocumentVersion, Upload
from shuniu.cases.red_head import pdf
from shuniu.cases.rules.documents import compare
from shuniu.exchange.delivery import spool_blocks
from shuniu.systems.documents.declare import OUTGOING
from shuniu.trust.models import Entry
from tests.cases.documents import AUTHOR, CHIEF, NOTICE, OFFICE, REVIEWER, TAX_CLERK
from tests.cases.papers import EVIL, PDF, PNG, WORKER, docx, scanning
from tests.cast import cast
from tests.refusals import refused

__all__ = ["cast"]
pytestmark = pytest.mark.usefixtures("cast")


def uploaded(data: bytes = PDF, name: str = "公示格式.pdf") -> int:
    return uploads.receive(actor=AUTHOR, writer=spool_blocks([data]), name=name).id


def signed(*files: int) -> DocumentView:
    it = draft_document(actor=AUTHOR, draft=NOTICE, attached=files)
    submit_document(actor=AUTHOR, document=it.id, procedure=OUTGOING.key)
    review_document(actor=REVIEWER, document=it.id, stage="review", answer="同意")
    return sign_document(actor=CHIEF, document=it.id, answer="同意")


def test_each_version_keeps_its_own_files_and_a_comparison_names_them() -> None:
    first, second = uploaded(), uploaded(PNG, "抽查名单.png")
    it = draft_document(actor=AUTHOR, draft=NOTICE, attached=[first])
    it = draft_document(actor=AUTHOR, draft=NOTICE, document=it.id, attached=[first, second, first])
    assert [[one.name for one in draft.files] for draft in it.versions] == [
        ["公示格式.pdf"],
        ["公示格式.pdf", "抽查名单.png"],
    ]
    assert it.draft.files[0].digest == hashlib.sha256(PDF).hexdigest()
    assert [row.files.count() for row in DocumentVersion.objects.order_by("number")] == [1, 2]
    (added,) = [row.new for row in compare(*it.versions) if row.change == "added"]
    assert "抽查名单.png" in added
    it = draft_document(
        actor=AUTHOR, draft=NOTICE.model_copy(update={"attachments": ()}), document=it.id, attached=[second]
    )
    assert it.draft.attached == ("抽查名单",) and it.versions[0].attached == ("公示格式", "抽查名单")
    opened = read_document_file(actor=AUTHOR, document=it.id, upload=first)  # of an earlier version
    assert b"".join(opened.blocks) == PDF


def test_another_ones_file_a_destroyed_one_and_too_many_are_refused() -> None:
    theirs = uploads.receive(actor=TAX_CLERK, writer=spool_blocks([PDF]), name="他局文件.pdf").id
    for numbers in ([theirs], [0], [uploaded(PDF + bytes([n]) + b"\n%%EOF\n", f"{n}.pdf") for n in range(21)]):
        with refused("documents.files"):
            draft_document(actor=AUTHOR, draft=NOTICE, attached=numbers)
    gone = uploaded()
    uploads.discard_upload(actor=AUTHOR, number=gone)
    with refused("documents.files"):
        draft_document(actor=AUTHOR, draft=NOTICE, attached=[gone])
    assert not Document.objects.exists()
    with refused("upload.clothes"):
        uploaded(docx(), "公示格式.pdf")
    with refused("classified.mark"):
        uploaded("密级：机密\n%%EOF".encode().join([b"%PDF-1.7\n", b"\n%%EOF\n"]), "名单.pdf")


def test_a_file_of_a_document_is_not_discarded_and_does_not_count_among_the_kept_ones() -> None:
    kept = uploaded()
    draft_document(actor=AUTHOR, draft=NOTICE, attached=[kept])
    with refused("upload.used"):
        uploads.discard_upload(actor=AUTHOR, number=kept)
    assert [one.used for one in uploads.uploads(actor=AUTHOR)] == [True]
    assert not Upload.objects.filter(account=AUTHOR.person, documents=None).exists()


def test_what_is_sent_is_signed_for_by_one_digest_over_the_print_and_its_files() -> None:
    it = signed(uploaded(), uploaded(PNG, "抽查名单.png"))
    (sent, *_) = send_document(actor=AUTHOR, document=it.id)
    lines = [hashlib.sha256(one).hexdigest() for one in (pdf(it), PDF, PNG)]
    assert sent.digest == hashlib.sha256("\n".join(lines).encode()).hexdigest() != lines[0]
    entry = Entry.objects.filter(verb="cases.sign_document").latest("pk")
    assert entry.detail["files"] == lines[1:] and entry.detail["version"] == 1
    receive_document(actor=TAX_CLERK, dispatch=sent.id, digest=sent.digest)


def test_who_may_read_the_document_reads_its_files_and_nobody_else() -> None:
    kept, other = uploaded(), uploaded(PNG, "抽查名单.png")
    it = signed(kept)
    with refused("documents.unknown"):
        read_document_file(actor=TAX_CLERK, document=it.id, upload=kept)
    (to_tax, *_) = send_document(actor=AUTHOR, document=it.id, to=["43.tax"])
    for at in (None, to_tax.id):
        opened = read_document_file(actor=TAX_CLERK, document=it.id, upload=kept, dispatch=at)
        assert b"".join(opened.blocks) == PDF and opened.upload.name == "公示格式.pdf"
    for actor, dispatch in ((OFFICE, to_tax.id), (OFFICE, None), (TAX_CLERK, to_tax.id + 1)):
        with refused("documents.unknown"):
            read_document_file(actor=actor, document=it.id, upload=kept, dispatch=dispatch)
    with refused("documents.no_file"):
        read_document_file(actor=TAX_CLERK, document=it.id, upload=other)
    with refused("right.missing"):
        read_document_file(actor=replace(TAX_CLERK, capabilities=frozenset()), document=it.id, upload=kept)
    with refused("upload.unknown"):  # the document is the way to it
        uploads.read_upload(actor=TAX_CLERK, number=kept)


def test_where_there_is_a_scanner_nothing_unscanned_goes_out_and_nothing_infected_is_signed(settings: Settings) -> None:
    settings.CLAMD = "tcp://127.0.0.1:1"  # down
    held, evil = uploaded(), uploaded(EVIL, "名单.pdf")
    it = draft_document(actor=AUTHOR, draft=NOTICE, attached=[held])
    with refused("documents.files"):
        submit_document(actor=AUTHOR, document=it.id, procedure=OUTGOING.key)
    bad = draft_document(actor=AUTHOR, draft=NOTICE, attached=[evil])
    with scanning() as address:
        settings.CLAMD = address
        Upload.objects.update(scan_due=timezone.now())
        assert uploads.tend(actor=WORKER) == 2
    submit_document(actor=AUTHOR, document=it.id, procedure=OUTGOING.key)
    with refused("documents.files"):
        submit_document(actor=AUTHOR, document=bad.id, procedure=OUTGOING.key)
    with refused("upload.gone"):
        read_document_file(actor=AUTHOR, document=bad.id, upload=evil)
    assert read_document(actor=AUTHOR, document=bad.id).draft.files[0].name == "名单.pdf"
