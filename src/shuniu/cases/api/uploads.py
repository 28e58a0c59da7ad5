"""Uploads: taken in sealed, looked at before they are kept, read by their owner and by who works on the case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from shuniu.cases.declare.material import FileKind, Looked, Scan, UploadView
from shuniu.cases.files import content, scanner, vault
from shuniu.cases.models import CaseMaterial, DocumentVersion, Upload
from shuniu.cases.rules import uploads as rules
from shuniu.cases.store import successions
from shuniu.exchange import api as exchange
from shuniu.exchange import classified
from shuniu.exchange.spool import Spooled, SpoolWriter
from shuniu.registries import api as registries
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

WHERE: Final = "办件材料"
"""What the secrecy officers read: where a marked file was offered."""


IN_A_ROW: Final = 3
"""So many files in a row that the scanner did not look at mean that it is down."""


@dataclass(frozen=True)
class Opened:
    """An upload with its bytes, in blocks, decrypted as they are asked for."""

    upload: UploadView
    blocks: Iterator[bytes]


def largest() -> int:
    """The largest file that is taken in today: bytes."""
    return rules.most_bytes(timezone.localdate())


def refuse_larger(size: int) -> None:
    """Refuse a file of so many bytes as soon as they are said or counted. Raises `Refused` upload.size."""
    if size > (limit := largest()):
        raise rules.too_large(limit)


def receive(*, actor: Actor, writer: SpoolWriter, name: str, subject: int | None = None) -> UploadView:
    """Keep what a writer has spooled, having looked at it: the one way in. `subject`: for whom a clerk uploads it.

    Whatever is refused leaves no bytes behind. Raises `Refused`: right.missing, upload.*, classified.*.
    """
    spooled = writer.close()
    try:
        limit = largest()
        # Before the transaction: a scanner may take its time.
        looked = content.look(spooled, name, limit) if 0 < writer.size <= limit else Looked(None)
        return upload(
            actor=actor, spooled=spooled, name=name, digest=writer.digest, size=writer.size, looked=looked,
            subject=subject,
        )  # fmt: skip
    except Refused as refusal:
        if refusal.rule in classified.RULES and actor.may("exchange.report_classified"):
            exchange.report_classified(actor=actor, resource=WHERE, channel="web", rule=refusal.rule)
        raise
    finally:
        spooled.discard()  # where it was not kept


@verb("cases.upload", "上传材料")
def upload(
    *, actor: Actor, spooled: Spooled, name: str, digest: str, size: int, looked: Looked, subject: int | None = None
) -> UploadView:
    """Keep a file that was looked at. The same file under the same name is kept once and gives its first upload.

    Raises `Refused` upload.* (what it is), upload.many (the account keeps too many), classified.* (it bears a mark).
    """
    require()
    today = timezone.localdate()
    limit = rules.most_bytes(today)
    kind = rules.check(looked, size, limit)
    for text in content.texts(spooled, kind, limit):
        classified.refuse(text, name)
    mine = Upload.objects.filter(account=actor.person, gone_at=None)
    earlier = mine.filter(digest=digest, name=name).first()
    if earlier is not None:
        record(f"upload:{earlier.pk}", detail={"repeated": True})
        return view(earlier)
    if mine.filter(documents=None).count() >= (most := rules.most_files(today)):
        raise Refused("upload.many", f"一个账号最多留存 {most} 份材料。", "请先删除不再需要的材料。")
    row = _stored(
        actor, vault.keep(spooled), looked, name=name, kind=kind.value, size=size, digest=digest, subject=subject
    )
    if row is None:  # sent twice at once: the other was first
        row = mine.get(digest=digest, name=name)
    record(f"upload:{row.pk}", detail={"kind": kind.value, "size": size, "scan": row.scan})
    return view(row)


def _stored(actor: Actor, kept: vault.Kept, looked: Looked, *, subject: int | None, **said: str | int) -> Upload | None:
    """The row of a kept file; None when the same upload got one meanwhile. Without its row the file is gone."""
    now = timezone.now()
    scan = Scan.CLEAN if looked.scanned else Scan.UNSCANNED
    try:
        with transaction.atomic():
            return Upload.objects.create(
                account=actor.person, subject=subject if actor.agency else actor.subject, file=kept.name,
                spool_key=kept.key, received_at=now, scan=scan.value, scanned_at=now if looked.scanned else None, **said,
            )  # fmt: skip
    except IntegrityError as again:
        kept.discard()
        if "upload_once" not in str(again):
            raise
        return None
    except BaseException:
        kept.discard()
        raise


@verb("cases.list_uploads", "查看我的材料", reads=True)
def uploads(*, actor: Actor, limit: int = 200) -> list[UploadView]:
    """What the actor keeps for reuse, newest first; destroyed ones only where a virus was the reason."""
    require()
    used = Q(Exists(CaseMaterial.objects.filter(files=OuterRef("pk"))))
    used |= Q(Exists(DocumentVersion.objects.filter(files=OuterRef("pk"))))
    found = _own(actor).filter(Q(gone_at=None) | Q(scan=Scan.INFECTED.value)).annotate(in_use=used)
    listed = [view(one, used=bool(vars(one)["in_use"])) for one in found.order_by("-id")[:limit]]
    record("uploads", detail={"uploads": len(listed)})
    return listed


@verb("cases.read_upload", "查看材料文件", reads=True)
def read_upload(*, actor: Actor, number: int) -> Opened:
    """An upload with its bytes: for its owner, and for the agencies of a case that uses it.

    Raises `Refused` upload.unknown (also for who may not know of it), upload.gone, upload.lost (the disk lost it).
    """
    require()
    row = Upload.objects.filter(pk=number).first()
    owner = row is not None and _own(actor).filter(pk=number).exists()
    estate = successions.estate(actor.agency) if actor.agency else []
    serving = CaseMaterial.objects.filter(files=number, readers__overlap=estate) if estate else None
    case = serving.values_list("case__number", flat=True).first() if serving is not None and not owner else None
    if row is None or not (owner or case):
        raise Refused("upload.unknown", f"没有第 {number} 号材料，或者您不能查看它。", "请从您的材料或者办件中进入。")
    found = opened(row)
    subjects = [row.subject] if row.subject is not None else []
    record(f"upload:{number}", subjects=subjects, detail={"case": case, "owner": owner})
    return found


def opened(row: Upload) -> Opened:
    """An upload with its bytes; the caller's verb has checked who reads. Raises `Refused` upload.gone, upload.lost."""
    if row.spool_key is None:
        raise Refused("upload.gone", f"“{row.name}”已经删除。", "请联系上传人另传一份。")
    kept = vault.Kept(bytes(row.spool_key), row.file)
    if not kept.path.exists():
        raise Refused(
            "upload.lost", f"“{row.name}”的文件不在材料库中。", "请平台管理员从备份恢复，或请上传人另传一份。"
        )
    return Opened(view(row), kept.blocks())


@verb("cases.discard_upload", "删除材料文件")
def discard_upload(*, actor: Actor, number: int) -> None:
    """Destroy one's own upload, key and bytes; one that a case or a document uses stays with it.

    Raises `Refused` upload.unknown, upload.used.
    """
    require()
    row = _own(actor).select_for_update().filter(pk=number, gone_at=None).first()
    if row is None:
        raise Refused("upload.unknown", f"您没有第 {number} 号材料。", "请从“我的材料”中选择。")
    if row.used.exists() or row.documents.exists():
        raise Refused("upload.used", f"“{row.name}”已用于办件或者公文，随其保存。", "归档期满后由办理单位处置。")
    _destroy(row)
    record(f"upload:{number}", detail={"gone": True})


def tend(*, actor: Actor) -> int:
    """Have everything scanned that is not and is due, and remove orphans. Returns how many were scanned.

    A file that the scanner does not look at is noted and waits, each time twice as long; it holds up no other. After some in a
    row the scanner is taken to be down, and the rest waits for the next minute.
    """
    scanned = failed = 0
    due = Q(scan_due=None) | Q(scan_due__lte=timezone.now())
    waiting = Upload.objects.filter(due, scan=Scan.UNSCANNED.value, gone_at=None, scan_stopped="").order_by("id")
    for row in waiting[:500] if scanner.configured() else ():
        try:
            virus = scanner.scan(vault.Kept(bytes(row.spool_key or b""), row.file).blocks())
        except FileNotFoundError:
            continue  # its owner has just destroyed it
        except scanner.Unavailable as why:
            note_scan(actor=actor, number=row.pk, said=str(why))
            failed += 1
            if failed == IN_A_ROW:
                break
            continue
        record_scan(actor=actor, number=row.pk, virus=virus)
        scanned, failed = scanned + 1, 0
    if vault.orphans(_named()):
        sweep_uploads(actor=actor)
    return scanned


@verb("cases.note_scan", "记录没有查成")
def note_scan(*, actor: Actor, number: int, said: str) -> None:
    """Note that the scanner did not look at an upload, and when it is asked again; past the dated limit, no more."""
    require()
    row = Upload.objects.select_for_update().filter(pk=number, gone_at=None, scan=Scan.UNSCANNED.value).first()
    if row is not None:
        today = timezone.localdate()
        row.scan_tries, row.scan_said = row.scan_tries + 1, said[:300]
        row.scan_due = timezone.now() + rules.wait_for_scan(row.scan_tries, today)
        if row.scan_tries >= rules.most_scans(today):
            row.scan_stopped = f"已试 {row.scan_tries} 次"
        row.save(update_fields=["scan_tries", "scan_said", "scan_due", "scan_stopped"])
    record(f"upload:{number}", detail={"scanned": False, "tries": row.scan_tries if row is not None else 0})


@verb("cases.record_scan", "记录查毒结果")
def record_scan(*, actor: Actor, number: int, virus: str) -> None:
    """Keep what the scanner said of an upload; one with a virus (its name, else empty) is destroyed."""
    require()
    row = Upload.objects.select_for_update().filter(pk=number, gone_at=None).first()
    if row is not None:
        row.scanned_at, row.virus = timezone.now(), virus
        row.scan = (Scan.INFECTED if virus else Scan.CLEAN).value
        row.save(update_fields=["scan", "scanned_at", "virus"]) if not virus else _destroy(row)
    record(f"upload:{number}", detail={"virus": virus})


@verb("cases.sweep_uploads", "清理无主材料")
def sweep_uploads(*, actor: Actor) -> int:
    """Remove kept files that no upload names: what a killed request left, readable by nobody. Returns how many."""
    require()
    removed = vault.sweep(_named())
    record("uploads", detail={"removed": removed})
    return removed


def _named() -> set[str]:
    return set(Upload.objects.filter(gone_at=None).values_list("file", flat=True))


def owned(actor: Actor, subject: int | None, numbers: set[int]) -> dict[int, UploadView]:
    """Of these uploads those that the actor, or the subject that a clerk serves, may hand in; by number.

    They are locked, so that none is deleted between being chosen and being part of a case.
    """
    if not numbers:
        return {}
    found = _own(actor) | (Upload.objects.filter(subject=subject) if subject is not None else Upload.objects.none())
    return {one.pk: view(one) for one in found.filter(pk__in=numbers).select_for_update().order_by("pk")}


def view(row: Upload, *, used: bool = False) -> UploadView:
    """An upload as others see it."""
    scan, gone = Scan(row.scan), row.gone_at is not None
    return UploadView(
        row.pk, row.account, row.subject, row.name, FileKind(row.kind), row.size, row.digest, scan, row.virus,
        row.received_at, gone, used, not row.scan_stopped and rules.usable(scan, gone, scanner.configured()),
        row.scan_stopped,
    )  # fmt: skip


def _own(actor: Actor) -> QuerySet[Upload]:
    mine = Q(account=actor.person)
    if actor.subject is not None:
        mine |= Q(subject__in=[actor.subject, *registries.members(actor.subject)])
    return Upload.objects.filter(mine)


def _destroy(row: Upload) -> None:
    row.spool_key, row.gone_at = None, timezone.now()
    row.save(update_fields=["spool_key", "gone_at", "scan", "scanned_at", "virus"])
    transaction.on_commit(vault.Kept(b"", row.file).discard)
