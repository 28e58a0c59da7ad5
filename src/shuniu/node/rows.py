"""The department's table, read only: by identifier, in declared columns, within a time and a number of rows."""

from __future__ import annotations

import queue
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from shuniu.node.declare import Settings, Table
from shuniu.trust.certificates.declare import Finding
from shuniu.trust.declare import Refused

Row = tuple[int, dict[str, str | None]]
_OWN = "本单位数据库管理员"


class Rows:
    """So many kept connections, each for one question at a time. Values travel as parameters, names are quoted."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._idle: queue.SimpleQueue[psycopg.Connection | None] = queue.SimpleQueue()
        for _ in range(settings.connections):
            self._idle.put(None)

    def close(self) -> None:
        """End the connections that are idle."""
        while not self._idle.empty():
            if (one := self._idle.get()) is not None:
                one.close()

    def find(
        self, table: Table, identifiers: Sequence[tuple[str, str]], items: Sequence[str], regions: Sequence[str]
    ) -> list[Row]:
        """Rows with the place in the question, from 1, of the identifier that found them.

        Raises Refused node.busy, node.slow, node.down, node.many.
        """
        found: list[Row] = []
        with self._connection() as made:
            for kind, column in table.identifiers.items():
                places = {value: place for place, (name, value) in enumerate(identifiers, 1) if name == kind.value}
                if places:
                    statement, values = _select(table, column, items, (list(places), regions, self._settings.rows + 1))
                    rows = made.execute(statement, values).fetchall()
                    found += [
                        (places[row[0]], dict(zip(items, row[1:], strict=True))) for row in rows if row[0] in places
                    ]
        if len(found) > self._settings.rows:
            raise Refused("node.many", f"符合的记录超过 {self._settings.rows} 行。", "请分批查询。")
        return found

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection]:
        try:
            held = self._idle.get(timeout=self._settings.timeout_ms / 1000)
        except queue.Empty as error:
            raise Refused("node.busy", "节点正忙。", "请稍后再试。") from error
        try:
            if held is None or held.closed:
                held = self._connect()
            yield held
        except psycopg.errors.QueryCanceled as error:
            raise Refused("node.slow", "数据库没有按时答复。", "请为标识列建索引，或者放宽 timeout_ms。") from error
        except psycopg.Error as error:
            if held is not None:
                held.close()
            raise Refused("node.down", "数据库不能查询。", "请执行 shuniu node check 查看原因。") from error
        finally:
            self._idle.put(held)

    def _connect(self) -> psycopg.Connection:
        own = conninfo_to_dict(self._settings.database).get("options") or ""
        options = (
            f"{own} -c default_transaction_read_only=on -c statement_timeout={self._settings.timeout_ms}"
            " -c datestyle=ISO -c client_min_messages=error"
        )
        seconds = max(2, self._settings.timeout_ms // 1000)
        return psycopg.connect(self._settings.database, autocommit=True, connect_timeout=seconds, options=options)

    def check(self) -> tuple[Finding, ...]:
        """What stands in the way of answering from each table. Raises Refused node.database."""
        try:
            with self._connect() as made:
                return tuple(one for table in self._settings.tables for one in _findings(made, table))
        except psycopg.Error as error:
            raise Refused(
                "node.database", f"数据库不能用：{str(error).strip()}。", "请核对地址、账号和权限。"
            ) from error


def _select(
    table: Table, column: str, items: Sequence[str], asked: tuple[list[str], Sequence[str], int]
) -> tuple[sql.Composed, list[object]]:
    codes, regions, most = asked
    cells = [sql.SQL("{}::text").format(sql.Identifier(table.items[item])) for item in items]
    values: list[object] = [codes]
    within: sql.Composable = sql.SQL("")
    if table.region and regions:
        within = sql.SQL(" and {}::text like any (%s)").format(sql.Identifier(table.items[table.region]))
        values.append([f"{one.replace('%', '').replace('_', '')}%" for one in regions])
    statement = sql.SQL("select {code}::text{cells} from {table} where {code} = any (%s){within} limit %s").format(
        code=sql.Identifier(column), cells=sql.SQL("").join(sql.SQL(", ") + one for one in cells),
        table=sql.Identifier(table.namespace, table.table), within=within,
    )  # fmt: skip
    return statement, [*values, most]


_COLUMNS = """
select a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
where n.nspname = %s and c.relname = %s and a.attnum > 0 and not a.attisdropped
"""
_RIGHTS = """
select has_table_privilege(c.oid, 'insert') or has_table_privilege(c.oid, 'update') or has_table_privilege(c.oid, 'delete'),
    c.relkind in ('r', 'm'), array(
        select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        where i.indrelid = c.oid and i.indisvalid
    )
from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = %s and c.relname = %s
"""


def _findings(made: psycopg.Connection, table: Table) -> Iterator[Finding]:
    named, called = f"{table.namespace}.{table.table}", (table.namespace, table.table)
    columns = {str(row[0]) for row in made.execute(_COLUMNS, called)}
    if not columns:
        yield Finding("node.table", "wrong", f"数据库里没有表或视图 {named}。", _OWN, "请核对 schema 和 table。")
        return
    if missing := sorted(_wanted(table).keys() - columns):
        for column in missing:
            what = f"{named} 没有列 {column}（{_wanted(table)[column]}）。"
            yield Finding("node.column", "wrong", what, _OWN, "请改正列名，或者建一个有这一列的视图。")
        return
    try:
        for column in table.identifiers.values():
            statement, values = _select(table, column, list(table.items), ([""], ["00"], 1))
            made.execute(statement, values)
    except psycopg.Error as error:
        what = f"{named} 不能查询：{str(error).strip()}。"
        yield Finding("node.table", "wrong", what, _OWN, "请授予本账号 select 权限，标识列应为文本。")
        return
    found = made.execute(_RIGHTS, called).fetchone()
    writes, plain, indexed = found if found is not None else (False, False, [])
    if writes:
        yield Finding("node.rights", "warning", f"本账号可以改动 {named}。", _OWN, "请换一个只能 select 的账号。")
    if plain and (slow := sorted(set(table.identifiers.values()) - set(indexed))):
        what = f"{named} 的列 {'、'.join(slow)} 没有索引，查询会慢。"
        yield Finding("node.index", "warning", what, _OWN, "请为标识列建索引。")
    yield Finding("node.table", "good", f"{named} 可以回答 {table.resource}，{len(table.items)} 个信息项。")


def _wanted(table: Table) -> Mapping[str, str]:
    """What each column is needed for, in words."""
    items = {column: f"信息项 {item}" for item, column in table.items.items()}
    return items | {column: f"标识 {kind.value}" for kind, column in table.identifiers.items()}
