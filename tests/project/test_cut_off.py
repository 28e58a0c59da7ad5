from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.instances import environment

_ALONE = ["unshare", "--map-root-user", "--net", "--pid", "--fork", "--kill-child"]
"""A network and processes of their own, which end with the test."""


def _may() -> bool:
    try:
        return subprocess.run([*_ALONE, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not _may(), reason="this machine gives nobody a network of his own (unshare)")
def test_who_is_cut_off_in_the_middle_of_a_request_or_an_answer_holds_no_thread_for_ever(tmp_path: Path) -> None:
    command = [*_ALONE, sys.executable, "-m", "tests.project.cut_off"]
    done = subprocess.run(
        command, env=environment(tmp_path), stdout=subprocess.PIPE, text=True, timeout=90, check=False
    )
    assert sorted(done.stdout.splitlines()) == ["given", "taken 500"]
