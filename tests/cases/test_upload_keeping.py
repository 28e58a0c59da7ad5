"""Uploads are kept sealed, read by their owner and by who works on the case, and never left half."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

import shuniu
from shuniu.base.rules import RuleBook
from shuniu.cases.api import uploads as api
from shuniu.cases.declare.material import Scan
from shuniu.cases.files import vault
from shuniu.cases.models import CaseMaterial, Upload
from shuniu.exchange import spool
from shuniu.exchange.delivery import spool_blocks
from shuniu.notices.models import Notice
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.cases.papers import CLERK, OTHER, OWNER, PDF, PNG, STRANGER, WORKER, docx, filed, ofd, uploaded

pytestmark = pytest.mark.django_db
COMMITTED = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _empty_folders() -> Iterator[None]:
    for path in files():
        path.unlink()
    yield
    for path in files():
        path.unlink()


def files() -> list[Path]:
    return [*spool.folder().iterdir(), *vault.folder().iterdir()]


def used(number: int, *, readers: list[str]) -> None:
    row = CaseMaterial.objects.create(
        case=filed(), key="proof", title="证明", how="upload", readers=readers, at=filed("A2").filed_at, person="x",
        person_name="田野",
    )  # fmt: skip
    row.files.add(number)


def test_an_upload_lies_as_ciphertext_and_reads_back_as_it_was_sent() -> None:
    kept = uploaded()
    (file,) = files()
    assert file.parent == vault.folder() and b"%PDF" not in file.read_bytes()
    assert b"".join(api.read_upload(actor=OWNER, number=kept.id).blocks) == PDF
    assert (kept.scan, kept.usable, kept.scan.title) == (Scan.UNSCANNED, True, "未查毒")
    entries = list(Entry.objects.order_by("-id").values_list("verb", "object")[:2])
    assert entries == [("cases.read_upload", f"upload:{kept.id}"), ("cases.upload", f"upload:{kept.id}")]


def test_the_same_file_is_kept_once_and_another_name_is_another_material() -> None:
    first = uploaded()
    assert uploaded().id == first.id
    assert uploaded(name="证明2.pdf").id != first.id
    assert len(files()) == 2
    assert [one.name for one in api.uploads(actor=OWNER)] == ["证明2.pdf", "证明.pdf"]
    assert api.uploads(actor=OTHER) == []


@COMMITTED
def test_the_same_file_sent_twice_at_once_is_kept_once() -> None:
    def send(_: int) -> int:
        try:
            return uploaded().id
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        kept = set(pool.map(send, range(4)))
    assert len(kept) == 1 and Upload.objects.count() == 1 and len(files()) == 1


def test_who_may_read_is_the_owner_and_the_agencies_of_a_case_that_uses_it() -> None:
    kept = uploaded()
    for nobody in (OTHER, CLERK, STRANGER):
        with pytest.raises(Refused) as refusal:
            api.read_upload(actor=nobody, number=kept.id)
        assert refusal.value.rule == "upload.unknown"
    used(kept.id, readers=["43.market"])
    assert b"".join(api.read_upload(actor=CLERK, number=kept.id).blocks) == PDF
    entry = Entry.objects.latest("id")
    assert entry.detail == {"case": "A1", "owner": False}
    with pytest.raises(Refused):
        api.read_upload(actor=STRANGER, number=kept.id)
    with pytest.raises(Refused):
        api.read_upload(actor=OWNER, number=kept.id + 99)


def test_a_file_that_the_disk_lost_is_said_to_be_lost() -> None:
    kept = uploaded()
    for file in files():
        file.unlink()
    with pytest.raises(Refused, match="从备份恢复") as refusal:
        api.read_upload(actor=OWNER, number=kept.id)
    assert refusal.value.rule == "upload.lost"


def test_what_a_clerk_uploads_for_a_citizen_is_the_citizens_too() -> None:
    kept = uploaded(CLERK, subject=OWNER.subject)
    assert kept.subject == OWNER.subject
    assert [one.id for one in api.uploads(actor=OWNER)] == [kept.id]
    assert uploaded(OWNER, subject=OTHER.subject).subject == OWNER.subject  # a citizen uploads for himself alone


@COMMITTED
def test_one_deletes_ones_own_and_the_bytes_go_with_it() -> None:
    kept = uploaded()
    with pytest.raises(Refused):
        api.discard_upload(actor=OTHER, number=kept.id)
    api.discard_upload(actor=OWNER, number=kept.id)
    assert files() == [] and api.uploads(actor=OWNER) == []
    assert Upload.objects.get().spool_key is None
    with pytest.raises(Refused) as refusal:
        api.read_upload(actor=OWNER, number=kept.id)
    assert refusal.value.rule == "upload.gone"
    with pytest.raises(Refused):
        api.discard_upload(actor=OWNER, number=kept.id)


def test_what_a_case_uses_stays_with_it() -> None:
    kept = uploaded()
    used(kept.id, readers=["43.market"])
    with pytest.raises(Refused) as refusal:
        api.discard_upload(actor=OWNER, number=kept.id)
    assert refusal.value.rule == "upload.used"
    assert api.uploads(actor=OWNER)[0].used


@pytest.mark.parametrize(
    ("data", "name", "rule"),
    [
        (PDF, "机密★10年 方案.pdf", "classified.mark"),
        (docx("机密★10年"), "方案.docx", "classified.mark"),
        (ofd("秘密★长期"), "批复.ofd", "classified.mark"),
        (docx("此件不公开"), "纪要.docx", "classified.work_secret"),
    ],
)
def test_a_marked_file_is_refused_leaves_nothing_and_the_secrecy_officers_are_told(
    data: bytes, name: str, rule: str
) -> None:
    with pytest.raises(Refused) as refusal:
        uploaded(data=data, name=name)
    assert refusal.value.rule == rule
    assert files() == [] and not Upload.objects.exists()
    told = Notice.objects.get()
    assert "办件材料" in told.text and name not in told.text
    verbs = set(Entry.objects.order_by("-id").values_list("verb", "outcome")[:4])
    assert verbs >= {("exchange.report_classified", "done"), ("cases.upload", "refused")}


def test_whatever_is_refused_leaves_no_bytes() -> None:
    for data, name in ((b"", "a.pdf"), (b"MZ", "a.exe"), (PDF + bytes(20_000_000), "a.pdf")):
        with pytest.raises(Refused):
            uploaded(data=data, name=name)
        assert files() == []
    assert [one.outcome for one in Entry.objects.order_by("-id")[:3]] == ["refused"] * 3


def test_an_account_keeps_no_more_than_the_rule_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    from shuniu.cases.rules import uploads as rules

    assert RuleBook.load("current-2026").resolve("cases.upload.files", filed().filed_at.date()).integer() == 200
    monkeypatch.setattr(rules, "most_files", lambda day: 1)
    uploaded()
    with pytest.raises(Refused) as refusal:
        uploaded(data=PNG, name="a.png")
    assert refusal.value.rule == "upload.many" and len(files()) == 1


def test_a_row_that_cannot_be_written_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> None:
        raise DatabaseError("no space left")

    monkeypatch.setattr(Upload.objects, "create", full)
    with pytest.raises(DatabaseError):
        uploaded()
    assert files() == []


def test_the_database_itself_refuses_what_cannot_be() -> None:
    kept = uploaded()
    for change in ({"spool_key": None}, {"scan": "infected"}, {"scan": "perhaps"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Upload.objects.filter(pk=kept.id).update(**change)
    used(kept.id, readers=[])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        CaseMaterial.objects.update(title="别的")


WORK = """
import os, signal, django
django.setup()
from shuniu.cases.models import Upload
from shuniu.trust import store
def die(*_args, **_options):
    os.kill(os.getpid(), signal.SIGKILL)
store.insert = die
import shuniu.trust.door
from tests.cases.papers import uploaded
uploaded()
"""


@COMMITTED
@pytest.mark.slow
def test_a_kill_between_file_and_row_leaves_an_orphan_that_nobody_can_read_and_the_sweep_removes() -> None:
    url = urlsplit(os.environ["SHUNIU_DATABASE_URL"])._replace(path="/" + connection.settings_dict["NAME"]).geturl()
    source = Path(shuniu.__file__).parents[1]
    env = {
        **os.environ, "SHUNIU_DATABASE_URL": url, "SHUNIU_VAR": str(settings.VAR),
        "PYTHONPATH": f"{source}:{source.parent}",
    }  # fmt: skip
    died = subprocess.run([sys.executable, "-c", WORK], env=env, timeout=100, check=False)
    assert died.returncode == -signal.SIGKILL
    (orphan,) = files()
    assert orphan.parent == vault.folder() and b"%PDF" not in orphan.read_bytes()
    assert not Upload.objects.exists()  # and with the row the only key is gone
    kept = uploaded()
    assert api.sweep_uploads(actor=WORKER) == 0  # it may still be somebody's who is not done
    past = time.time() - vault.ORPHAN_SECONDS - 1
    for file in files():
        os.utime(file, (past, past))
    assert api.sweep_uploads(actor=WORKER) == 1
    assert not orphan.exists() and b"".join(api.read_upload(actor=OWNER, number=kept.id).blocks) == PDF


def test_who_has_no_right_uploads_nothing() -> None:
    from dataclasses import replace

    with pytest.raises(Refused) as refusal:
        api.receive(actor=replace(OWNER, capabilities=frozenset()), writer=spool_blocks([PDF]), name="a.pdf")
    assert refusal.value.rule == "right.missing" and files() == []
