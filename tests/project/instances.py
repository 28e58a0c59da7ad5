"""Whole instances for tests: the command line and small scripts, each in a process of its own, as an operator has them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "江水东流到海不复回，对账无差"


def environment(var: Path, **more: str) -> dict[str, str]:
    """Nothing of the test session's own settings, which name another instance."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("SHUNIU_", "DJANGO_"))}
    return {**bare, "SHUNIU_VAR": str(var), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", **more}


def shuniu(var: Path, *words: str | Path, status: int = 0, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; it must end with `status`."""
    done = subprocess.run(
        [sys.executable, "-m", "shuniu.project.main", *map(str, words)],
        env=environment(var, **more),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == status, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def answer(done: subprocess.CompletedProcess[str]) -> Any:
    """What a command with --json said."""
    return json.loads(done.stdout.splitlines()[-1])


def script(var: Path, body: str) -> Any:
    """Run Python inside an instance; `body` leaves what it found in `said`."""
    head = """
        import json, os
        from pathlib import Path
        from shuniu.project.postgres import attached
        with attached(Path(os.environ["SHUNIU_VAR"])) as url:
            os.environ |= {"SHUNIU_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "shuniu.project.settings"}
            import django
            django.setup()
            from django.db import connection
    """
    text = textwrap.dedent(head) + textwrap.indent(textwrap.dedent(body), "    ")
    text += "\n    print(json.dumps(said, ensure_ascii=False))\n    connection.close()\n"
    done = subprocess.run(
        [sys.executable, "-c", text], env=environment(var), capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
