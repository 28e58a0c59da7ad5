"""Files of documents: attached to a version, fit to go out, read by who may read the document.

The bytes lie in the store of uploads (size, type, virus and marks of secrecy were looked at when they came in). A version
keeps the digest of each file, and what is sent is signed for by one digest over the printed document and its files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import RuleBook
from shuniu.cases.api import uploads
from shuniu.cases.api.uploads import Opened
from shuniu.cases.declare.document import DocumentFile, DocumentView, Draft
from shuniu.cases.declare.material import UploadView
from shuniu.cases.models import Dispatch, Document, Upload
from shuniu.cases.red_head import pdf
from shuniu.cases.store import documents as store
from shuniu.cases.store import successions
from shuniu.trust.api import record, require_or, verb
from shuniu.trust.declare import Actor, Refused


def most_files() -> int:
    """How many files may go with one document today."""
    return RuleBook.load(settings.RULE_PACK).resolve("documents.files.count", timezone.localdate()).integer()


def attached(actor: Actor, row: Document, numbers: Sequence[int]) -> tuple[DocumentFile, ...]:
    """These uploads as files of a document's next version; inside the drafting verb. Raises Refused documents.files."""
    wanted = tuple(dict.fromkeys(numbers))
    if len(wanted) > (most := most_files()):
        raise Refused("documents.files", f"一份公文最多带 {most} 个附件文件。", "请合并文件，或者分成几份公文。")
    before = Upload.objects.filter(documents__document=row, pk__in=wanted).distinct()
    known = {one.pk: uploads.view(one) for one in before} | uploads.owned(actor, None, set(wanted))
    if missing := [one for one in wanted if one not in known or known[one].gone]:
        raise Refused(
            "documents.files", f"第 {missing[0]} 号文件已经删除，或者不是您上传的。", "请去掉它，或者重新上传。"
        )
    return tuple(_file(known[one]) for one in wanted)


def _file(one: UploadView) -> DocumentFile:
    return DocumentFile(upload=one.id, name=one.name, kind=one.kind, size=one.size, digest=one.digest)


def check(draft: Draft) -> None:
    """Refuse a document of which a file is gone or not yet scanned, where there is a scanner. Raises Refused documents.files."""
    found = {one.pk: uploads.view(one) for one in Upload.objects.filter(pk__in=[one.upload for one in draft.files])}
    for one in draft.files:
        now = found[one.upload]
        if now.gone or now.stopped:
            raise Refused("documents.files", f"附件“{one.name}”没有通过查毒，已不能使用。", "请退回起草人换一个文件。")
        if not now.usable:
            raise Refused("documents.files", f"附件“{one.name}”还没有查毒。", "系统每分钟自动重试，请稍后再办。")


def sealed(it: DocumentView) -> str:
    """The digest of a signed document as it goes out: hex SHA-256 of its PDF; with files, of that and theirs, line by line."""
    printed = hashlib.sha256(pdf(it)).hexdigest()
    if not it.draft.files:
        return printed
    lines = (printed, *(one.digest for one in it.draft.files))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def own(document: int) -> Document:
    """A document in the care of the actor's agency, locked; requires the right of the open verb. Raises Refused."""
    row = store.locked(document)
    require_or(store.unknown(document), agency=successions.keeper(row.agency))
    return row


def readable(actor: Actor, document: int) -> DocumentView:
    """A document as this reader may have it; requires the right of the open verb. Raises Refused documents.unknown."""
    it = store.view(document)
    estate = successions.estate(actor.agency)
    received = next((one for one in estate if one in {sent.agency for sent in it.sent}), "")
    asked = bool(it.seated.intersection(estate))
    require_or(store.unknown(document), agency=actor.agency if received or asked else it.keeper)
    return it.sent_to(received) if received and not asked and actor.agency != it.keeper else it


@verb("cases.read_document_file", "查看公文附件", reads=True)
def read_document_file(*, actor: Actor, document: int, upload: int, dispatch: int | None = None) -> Opened:
    """A file of a version that the reader may read, with its bytes; `dispatch`: of what came with it (收文).

    Raises Refused: documents.unknown, documents.no_file, upload.gone, upload.lost.
    """
    if dispatch is None:
        it = readable(actor, document)
    else:
        came = Dispatch.objects.filter(pk=dispatch, document=document).first()
        if came is None:
            raise store.unknown(document)
        require_or(store.unknown(document), agency=successions.keeper(came.agency))
        it = store.view(document).sent_to(came.agency, came.version)
    if upload not in {one.upload for version in it.versions for one in version.files}:
        raise Refused("documents.no_file", "这份公文没有这个附件，或者您看到的版本没有。", "请从公文页面重新进入。")
    record(f"document:{document}", detail={"upload": upload})
    return uploads.opened(Upload.objects.get(pk=upload))
