"""The database as a stream: pg_dump out, pg_restore in, with the programs of the server that we run."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg

from shuniu.project import programs
from shuniu.project.archive import BLOCK
from shuniu.project.postgres import Postgres
from shuniu.trust.declare import Refused

_OWNERLESS = ("--no-owner", "--no-privileges")
RENUMBER = (
    # Transaction numbers belong to the server that gave them. On a new one, whose numbers start low, the sequencer would take
    # new entries for old ones and pass them by, or read all the old ones again each second: they become "long ago".
    "alter table trust_entry alter column xid type xid8 using '3'::xid8",
    "alter table trust_head alter column horizon type xid8 using '0'::xid8",
)

_TABLES = (
    "select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    " where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' limit 1"
)


def dump(url: str, var: Path) -> Generator[bytes]:
    """The whole database as one consistent snapshot, in pg_dump's own format. Raises Refused backup.dump."""
    # The fast level: deflate is most of a dump's time, and the next one saves a tenth.
    command: list[str | Path] = [_program(var, "pg_dump"), "--format=custom", "--compress=1", *_OWNERLESS]
    with tempfile.TemporaryFile() as errors:
        with subprocess.Popen([*command, *_place(url)], stdout=subprocess.PIPE, stderr=errors, env=_env(url)) as child:  # noqa: S603 - the commands are ours
            assert child.stdout is not None  # noqa: S101 - a pipe was asked for
            try:
                while block := child.stdout.read(BLOCK):
                    yield block
            except BaseException:
                child.kill()
                raise
        _check(child.returncode, errors.fileno(), "backup.dump", "导出数据库失败")


def load(url: str, var: Path, blocks: Iterable[bytes], again: Iterable[bytes], *, own: bool) -> None:
    """Load a dump into an empty database: tables and rows first, indexes and constraints after them.

    `blocks` and `again` are the same stream twice. On a server of our `own`, rows go in as one transaction, which spares
    the write-ahead log. Raises Refused backup.load.
    """
    once = ["--single-transaction"] if own else []
    _restore(url, var, blocks, ["--section=pre-data", "--section=data", *once])
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in RENUMBER:
            connection.execute(statement.encode())
    _restore(url, var, again, ["--section=post-data"])
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("analyze")  # a dump carries no statistics


@contextmanager
def empty_database(draft: Path, given: str | None, say: Callable[[str], None]) -> Iterator[str]:
    """The database of an instance that is being made: the one `given`, or one of its own in the folder `draft`.

    Raises Refused database.not_empty when the one given holds anybody's tables.
    """
    if given is None:
        with Postgres(draft, say=say) as server:
            yield server.url
    else:
        with psycopg.connect(given) as connection:
            found = connection.execute(_TABLES).fetchone()
        if found is not None:
            raise Refused(
                "database.not_empty", "SHUNIU_DATABASE_URL 指明的数据库里已有数据，不会覆盖。", "请另建一个空数据库。"
            )
        yield given


def _restore(url: str, var: Path, blocks: Iterable[bytes], options: list[str]) -> None:
    command: list[str | Path] = [_program(var, "pg_restore"), "--exit-on-error", *_OWNERLESS, *options, *_place(url)]
    with tempfile.TemporaryFile() as errors:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=errors, env=_env(url)) as child:  # noqa: S603 - the commands are ours
            assert child.stdin is not None  # noqa: S101 - a pipe was asked for
            try:
                for block in blocks:
                    child.stdin.write(block)
                child.stdin.close()
            except BrokenPipeError:
                pass  # it has read all that it needs, or its exit status says why not
            except BaseException:
                child.kill()
                raise
        _check(child.returncode, errors.fileno(), "backup.load", "装入数据库失败")


def _check(code: int, errors: int, rule: str, what: str) -> None:
    if code:
        os.lseek(errors, 0, os.SEEK_SET)
        said = os.read(errors, 4000).decode("utf-8", "replace").strip()
        raise Refused(rule, f"{what}：{said}", "请看磁盘空间、数据库版本和权限，然后重试。")


def _program(var: Path, name: str) -> Path:
    return programs.find(None, var / "postgres" / "programs", var / "postgres" / "data").bin / name


def _place(url: str) -> list[str]:
    """The address without its password, which everybody could read in the list of processes."""
    parts = urlsplit(url)
    bare = parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@")) if parts.password else parts
    return [f"--dbname={bare.geturl()}"]


def _env(url: str) -> dict[str, str]:
    password = urlsplit(url).password
    own = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"}
    return own | ({"PGPASSWORD": unquote(password)} if password else {})
