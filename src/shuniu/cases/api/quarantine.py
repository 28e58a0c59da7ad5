"""Uploads that wait for the virus scanner: seen by who runs the platform, tried anew, or given up."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import QuerySet

from shuniu.base.masking import mask_name
from shuniu.cases.declare.material import Quarantined, Scan
from shuniu.cases.files import scanner
from shuniu.cases.models import CaseMaterial, Upload
from shuniu.directory import api as directory
from shuniu.exchange.api.telling import notify
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


def scans() -> bool:
    """Whether this instance has a virus scanner, up or down."""
    return scanner.configured()


@verb("cases.list_quarantine", "查看待查毒的材料", reads=True)
def list_quarantine(*, actor: Actor, after: int = 0, limit: int = 50) -> list[Quarantined]:
    """What the scanner has not looked at, the oldest first; `after` is the `id` of the last one seen. Names are masked."""
    require()
    rows = list(_waiting().filter(pk__gt=after).order_by("id")[:limit])
    used = _cases([row.pk for row in rows])
    names = directory.names([row.account for row in rows])
    record("uploads", detail={"waiting": len(rows)})
    return [
        Quarantined(
            row.pk, row.name, row.size, mask_name(names.get(row.account, "")), row.received_at, row.scan_tries,
            row.scan_said, row.scan_due, row.scan_stopped, tuple(used[row.pk]),
        )
        for row in rows
    ]  # fmt: skip


def _cases(uploads: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    pairs = CaseMaterial.objects.filter(files__in=uploads).values_list("files", "case__number").distinct()
    for upload, number in pairs.order_by("case__number"):
        found[upload].append(number)
    return found


@verb("cases.retry_scan", "重新查毒")
def retry_scan(*, actor: Actor, number: int) -> None:
    """Have an upload looked at with the next run, its tries counted anew. Raises Refused upload.unknown."""
    require()
    row = _held(number)
    row.scan_tries, row.scan_due, row.scan_stopped = 0, None, ""
    row.save(update_fields=["scan_tries", "scan_due", "scan_stopped"])
    record(f"upload:{number}", detail={"retried": True})


@verb("cases.stop_scan", "停止查毒")
def stop_scan(*, actor: Actor, number: int, reason: str) -> None:
    """Try an upload no more and tell its owner to send another: unscanned as it is, it can be handed in nowhere.

    Raises Refused upload.unknown, upload.reason.
    """
    require()
    row = _held(number)
    if not reason.strip():
        raise Refused("upload.reason", "没有写明停止的理由。", "请写明为什么查不了，上传人会看到。")
    row.scan_stopped = reason.strip()[:300]
    row.save(update_fields=["scan_stopped"])
    told = f"您上传的“{row.name}”没有通过查毒：{row.scan_stopped}。请另传一份。"
    notify("upload", f"upload:{number}", told, person=row.account)
    record(f"upload:{number}", detail={"stopped": True})


def _waiting() -> QuerySet[Upload]:
    return Upload.objects.filter(scan=Scan.UNSCANNED.value, gone_at=None)


def _held(number: int) -> Upload:
    row = Upload.objects.select_for_update().filter(pk=number, scan=Scan.UNSCANNED.value, gone_at=None).first()
    if row is None:
        raise Refused("upload.unknown", f"没有第 {number} 号待查毒的材料。", "可能刚刚查完或者已删除，请刷新页面查看。")
    return row
