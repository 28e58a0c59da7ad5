"""What an upload must be: pure, so that page, verb and satisfaction of a material judge alike."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings

from shuniu.base.rules import RuleBook
from shuniu.cases.declare.material import ByUpload, FileKind, Looked, Scan, UploadView
from shuniu.trust.declare import Refused

_PROBLEMS = {
    "type": ("这不是可以接收的文件。", "请上传 PDF、JPG、PNG、OFD、DOCX 或 XLSX 文件。"),
    "clothes": (
        "文件名后缀与内容不符，或者一份文件里藏着另一种格式。",
        "请用原来的软件重新打开、另存后再上传，不要改后缀。",
    ),
    "damaged": ("文件没有传完整，或已损坏。", "请在本机打开确认无误后重新上传。"),
    "bomb": ("文件展开后过大。", "请压缩图片或者分成几份后上传。"),
    "macro": ("文件里有宏。", "请另存为不含宏的文档，或者转成 PDF 后上传。"),
    "locked": ("文件设有密码，窗口无法打开。", "请取消密码后重新上传。"),
}


def most_bytes(day: date) -> int:
    """The largest file that is taken in on a day: bytes. Raises NoRule."""
    return _limit("cases.upload.bytes", day)


def most_files(day: date) -> int:
    """How many files one account may keep on a day. Raises NoRule."""
    return _limit("cases.upload.files", day)


def most_scans(day: date) -> int:
    """How often a file that the scanner did not look at is tried. Raises NoRule."""
    return _limit("cases.scan.retry.count", day)


def wait_for_scan(tries: int, day: date) -> timedelta:
    """How long a file waits after so many tries: each time twice as long. Raises NoRule."""
    return timedelta(minutes=_limit("cases.scan.retry.minutes", day) << (tries - 1))


def too_large(limit: int) -> Refused:
    """The refusal of a file past the limit."""
    return Refused(
        "upload.size", f"文件超过 {limit / 1e6:g} MB。", "请降低扫描分辨率（300 dpi 足够）或者分成几份后上传。"
    )


def check(looked: Looked, size: int, limit: int) -> FileKind:
    """The kind of a file that may be kept. Raises Refused upload.*."""
    if size == 0:
        raise Refused("upload.empty", "这个文件是空的。", "请核对后重新选择。")
    if size > limit:
        raise too_large(limit)
    if looked.virus:
        raise Refused(
            "upload.virus", f"文件带有病毒（{looked.virus}），未接收、未留存。", "请先在本机查杀病毒，再重新上传。"
        )
    if looked.problem:
        raise Refused(f"upload.{looked.problem}", *_PROBLEMS[looked.problem])
    if looked.kind is None:
        raise Refused("upload.type", *_PROBLEMS["type"])
    return looked.kind


def usable(scan: Scan, gone: bool, scanner: bool) -> bool:
    """Whether a file may be handed in: there, and scanned wherever there is a scanner (even one that is down)."""
    return not gone and (scan is Scan.CLEAN or (scan is Scan.UNSCANNED and not scanner))


def unfit(upload: UploadView, wanted: ByUpload) -> str:
    """Why an upload does not do for a material; empty when it does."""
    if upload.gone:
        return f"“{upload.name}”已经删除。请另传一份。"
    if upload.stopped:
        return f"“{upload.name}”没有通过查毒（{upload.stopped}）。请另传一份。"
    if not upload.usable:
        return f"“{upload.name}”还没有查毒，查毒后才能提交。系统会自动重试，请稍后再来。"
    endings = {"jpg" if one == "jpeg" else one for one in wanted.formats}
    if upload.kind.value not in endings:
        return f"“{upload.name}”是 {upload.kind.value.upper()} 文件，这里要 {'、'.join(sorted(endings)).upper()}。"
    if upload.size > wanted.most_bytes:
        return f"“{upload.name}”超过 {wanted.most_bytes / 1e6:g} MB。请压缩后另传一份。"
    return ""


def _limit(key: str, day: date) -> int:
    return RuleBook.load(settings.RULE_PACK).resolve(key, day).integer()
