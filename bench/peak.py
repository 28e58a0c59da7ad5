"""The evening before a deadline: 300 k filings at once, each receipted, none lost, none double: `shuniu bench peak`.

Two processes of four threads, as the web server has, file finished drafts by `filing.file`: the whole act, from the check
of the draft to the case's number, its procedure, the applicant's notice and the journal entry, in one transaction. Every
tenth applicant clicks twice, and the second click must lead to the first one's case. The drafts are copies of one that the
verbs made, by SQL, each its own applicant's; the first of them is compared with a draft that the verbs make for the same.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from django.db import connection, connections

from bench.hall import citizen, drafted, prepare
from bench.result import Result
from shuniu.cases.models import Case, Draft
from shuniu.notices.models import Notice
from shuniu.procedures.models import Task
from shuniu.trust.models import Entry

PROCESSES = 2
ITEMS = 100
ROOT = Path(__file__).parents[1]
_COPY = """
insert into cases_draft ({columns}) select {values} from cases_draft d, generate_series(1, %s) n where d.id = %s
"""
_WHOLE = f"""
select count(*) from {Case._meta.db_table} c join {Draft._meta.db_table} d on d.number = c.number and d.state = 'filed'
where exists (select from {Task._meta.db_table} t where t.case_id = c.matter and t.open)
  and exists (select from {Notice._meta.db_table} n where n.object = 'case:' || c.number and n.person = c.account
    and n.template = 'cases.filed')
  and exists (select from {Entry._meta.db_table} e where e.object = 'case:' || c.number and e.verb = 'cases.file'
    and e.outcome = 'done')
"""


def run(*, rows: int = 300_000, seed: int = 1, input: Path | None = None) -> Result:
    """Measure `rows` filings."""
    del input, seed
    prepare(ITEMS)
    first = _drafts(rows)
    connections.close_all()
    clients = [_client(number, first, rows) for number in range(PROCESSES)]
    for client in clients:
        assert client.stdout is not None
        client.stdout.readline()  # ready: set up and connected
    begun = time.perf_counter()
    told = [json.loads(client.communicate()[0]) for client in _started(clients)]
    elapsed = time.perf_counter() - begun
    taken = sorted(one for client in told for one in client["ms"])
    return Result(
        "peak",
        measures={
            "rate": round(len(taken) / elapsed, 1),
            "p50_ms": round(taken[len(taken) // 2], 1),
            "p95_ms": round(taken[len(taken) * 95 // 100], 1),
            "p99_ms": round(taken[len(taken) * 99 // 100], 1),
            "client_cpu_ms": round(1000 * sum(client["cpu_s"] for client in told) / len(taken), 2),
            "accepted": len(taken),
            "clicked_twice": sum(client["twice"] for client in told),
            "errors": sum(client["errors"] for client in told),
            "lost": _lost(rows),
            "double": Case.objects.count() - Draft.objects.filter(state="filed").values("number").distinct().count(),
        },
        must={"rate": ">=150", "lost": "==0", "double": "==0", "errors": "==0"},
    )


def _drafts(rows: int) -> int:
    """So many finished drafts, each another citizen's; the number of the first."""
    template = drafted(citizen(1), 0)
    written = {
        "account": "'citizen:' || n",
        "applicant": "d.applicant || jsonb_build_object('subject', n, 'name', '申请人' || n)",
    }
    names = [str(one.column) for one in Draft._meta.concrete_fields if one.column != "id"]
    values = ", ".join(written.get(name, f"d.{name}") for name in names)
    with connection.cursor() as cursor:
        cursor.execute(_COPY.format(columns=", ".join(names), values=values), [rows, template])
        cursor.execute("select min(id) from cases_draft where id > %s", [template])
        first = int(cursor.fetchone()[0])
    _prove(first + min(rows, 7) - 1, min(rows, 7))
    Draft.objects.filter(pk__lt=first).delete()
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
        cursor.execute("checkpoint")  # what filling left to write is not the filers'
    return first


def _prove(copied: int, applicant: int) -> None:
    """A copied draft is what the verbs make for the same citizen, numbers and times aside. Raises ValueError."""
    Draft.objects.filter(pk=copied).update(account="aside")  # or the verb would go on with it
    made = drafted(citizen(applicant), 0)
    aside = {"id", "started_at", "saved_at", "account"}
    ours, theirs = Draft.objects.get(pk=copied), Draft.objects.get(pk=made)
    names = [one.attname for one in Draft._meta.concrete_fields if one.attname not in aside]
    if wrong := [name for name in names if getattr(ours, name) != getattr(theirs, name)]:
        raise ValueError(f"a copied draft differs in {wrong}")
    Draft.objects.filter(pk=made).delete()
    Draft.objects.filter(pk=copied).update(account=f"citizen:{applicant}")


def _client(number: int, first: int, rows: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.peak_client", *map(str, (number, PROCESSES, first, rows))]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _started(clients: list[subprocess.Popen[str]]) -> list[subprocess.Popen[str]]:
    """The clients, all told to begin."""
    for client in clients:
        assert client.stdin is not None
        client.stdin.write("go\n")
        client.stdin.flush()
    return clients


def _lost(rows: int) -> int:
    """Filings that lack one of: case, draft that names it, task at the agency, applicant's notice, journal entry."""
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE)
        return rows - int(cursor.fetchone()[0])
