"""One PostgreSQL for the whole test session, our own supervisor's, in its own folder, not waiting for the disk.

`SHUNIU_TEST_DATABASE_URL` names another server (a role that may create databases). The environment is set before the
settings are first imported, so nothing outside this folder, such as the developer's `var`, is ever touched.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import django
import hypothesis
import pytest
from django.db import connection

from shuniu.project.postgres import Postgres

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


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
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
