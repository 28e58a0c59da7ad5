"""Further connections to the same database, beside the transaction's own."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connection

_KEPT = {"dbname", "user", "password", "host", "port"}


def own_connection(options: str = "") -> psycopg.Connection[tuple[Any, ...]]:
    """Connect as the platform is connected, each statement a transaction of its own; `options` as PostgreSQL's command line.

    For what must show or run while a transaction is open, or cannot run in one.
    """
    known = connection.get_connection_params()
    parameters = {key: value for key, value in known.items() if key in _KEPT or key.startswith("ssl")}
    return psycopg.connect(**parameters, autocommit=True, options=options)
