"""One PostgreSQL for the whole test session, our own supervisor's, in its own folder, not waiting for the disk.

`SHUNIU_TEST_DATABASE_URL` names another server (a role that may create databases). The environment is set before the
settings are first imported, so nothing outside this folder, such as the developer's `var`, is ever touched.

With `-n 2` (`make test`) each worker imports this file and so has a folder and a server of its own: the workers cannot
meet, not even in what PostgreSQL tells of all databases together. On a server that was named they have a database each.
"""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import django
import hypothesis
import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

from shuniu.project.postgres import Postgres

if TYPE_CHECKING:
    from xdist.remote import Producer

    from tests.dealing import InOrder

_VAR = Path(tempfile.mkdtemp(prefix="shuniu-test-"))
_VAR.chmod(0o711)  # under root the server runs as another user, who must pass
_SERVER = Postgres(_VAR, durable=False)
atexit.register(shutil.rmtree, _VAR)  # also after a session that ends before it has begun

os.environ["SHUNIU_VAR"] = str(_VAR)
os.environ["SHUNIU_DATABASE_URL"] = os.environ.get("SHUNIU_TEST_DATABASE_URL", _SERVER.url)
# Sooner than a test's own timeout, which would leave the statement and its locks behind to stop every test after it.
os.environ["PGOPTIONS"] = "-c statement_timeout=90s"
os.environ["DJANGO_SETTINGS_MODULE"] = "shuniu.project.settings"
django.setup()

# A slow or busy machine is no defect: how long one example takes is not what the properties are about.
hypothesis.settings.register_profile("shuniu", deadline=None)
hypothesis.settings.load_profile("shuniu")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Modules and tests stay to the end: to look among them for garbage over and over takes a third of the collecting."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """A worker that inherited the name of the settings would read them before this file tells it where its folder is."""
    del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> InOrder:
    """See `InOrder`, which runs of one process need not import."""
    from tests.dealing import InOrder

    return InOrder(config, log)


# The tables of the models that hold a row, and those that refer to them: PostgreSQL empties these only together.
_TO_EMPTY = """
with recursive mine as (
    select c.oid from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = current_schema::regnamespace
    and c.relname = any(%s)
), to_empty as (
    select oid from mine
    where pg_relation_size(oid) > 0 or exists (select from pg_partition_tree(oid) where pg_relation_size(relid) > 0)
    union
    select k.conrelid from to_empty e join pg_constraint k on k.confrelid = e.oid and k.contype = 'f'
)
select string_agg(oid::regclass::text, ', ') from to_empty where oid in (select oid from mine)
"""
# The triggers that keep them from being emptied.
_KEPT = """
select tgrelid::regclass::text, quote_ident(tgname) from pg_trigger
where not tgisinternal and tgtype & 32 > 0 and tgrelid::regclass::text = any(string_to_array(%s, ', '))
"""
_SAME_IN_EVERY_TEST = {"django_content_type", "auth_permission"}


def _empty(case: TransactionTestCase) -> None:
    """Empty the tables that the test has written to.

    Django would empty them all, and then write the content types and permissions anew, which takes longer than most tests.
    """
    tables = connection.introspection.django_table_names(only_existing=False, include_views=False)
    with connection.cursor() as cursor:
        cursor.execute(_TO_EMPTY, [[*set(tables) - _SAME_IN_EVERY_TEST]])
        if not (written := cursor.fetchone()[0]):
            return
        cursor.execute(_KEPT, [written])
        kept = [f"alter table {table} {{}} trigger {trigger}" for table, trigger in cursor.fetchall()]
        with transaction.atomic():
            cursor.execute(";".join([*(one.format("disable") for one in kept), f"truncate {written}"]))
            cursor.execute(";".join(one.format("enable") for one in kept) or "select")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """See `_empty`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _empty)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Have the server up before pytest-django makes the test database; only runs that need one pay for it."""
    if "SHUNIU_TEST_DATABASE_URL" in os.environ:
        yield
    else:
        with _SERVER:
            yield


@pytest.fixture
def messages() -> Callable[[], AbstractContextManager[list[str]]]:
    """Note what is sent to the database, prepared statements too, which Django's own counting does not see."""

    @contextmanager
    def noted() -> Iterator[list[str]]:
        connection.ensure_connection()
        sent: list[str] = []
        with tempfile.TemporaryFile("w+") as trace:
            connection.connection.pgconn.trace(trace.fileno())
            try:
                yield sent
            finally:
                connection.connection.pgconn.untrace()
                trace.seek(0)
                sent += [line for line in trace if "\tF\t" in line and ("\tQuery" in line or "\tExecute" in line)]

    return noted


@pytest.fixture
def var() -> Iterator[Path]:
    """A short data folder that PostgreSQL's user may pass through, unlike pytest's `tmp_path` under root."""
    folder = Path(tempfile.mkdtemp(prefix="shuniu-var-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)
