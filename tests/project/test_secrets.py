from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shuniu.project.secrets import SecretsError, load_or_create


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first = load_or_create(tmp_path / "var")

    assert first == load_or_create(tmp_path / "var")
    assert len(first.django_key) >= 50
    assert first.folder.stat().st_mode & 0o777 == 0o700
    assert [(file.name, file.stat().st_mode & 0o777) for file in first.folder.iterdir()] == [("django.key", 0o600)]


def test_two_instances_have_different_secrets(tmp_path: Path) -> None:
    assert load_or_create(tmp_path / "a").django_key != load_or_create(tmp_path / "b").django_key


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = {made.django_key for made in pool.map(load_or_create, [tmp_path] * 32)}

    assert len(keys) == 1


def test_a_folder_that_others_may_enter_is_refused_with_the_remedy(tmp_path: Path) -> None:
    load_or_create(tmp_path).folder.chmod(0o755)

    with pytest.raises(SecretsError, match="chmod 700"):
        load_or_create(tmp_path)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(SecretsError, match="SHUNIU_VAR"):
        load_or_create(tmp_path / "file")
