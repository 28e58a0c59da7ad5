"""The instance's own secrets: made on the first start, in files that only the platform's user reads."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from shuniu.base.files import kept


class SecretsError(RuntimeError):
    """The secrets cannot be read or written; the Chinese text says where and how to mend it."""


@dataclass(frozen=True)
class Secrets:
    """What the settings need: Django's key, and the folder (0700) in which engines keep their signing keys."""

    django_key: str
    folder: Path


def load_or_create(var: Path) -> Secrets:
    """Read the secrets under `var`/keys, making on the first start whatever is missing.

    Two processes that start at once agree on one key. Raises SecretsError when the folder cannot be used.
    """
    folder = var / "keys"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = kept(folder / "django.key", secrets.token_urlsafe(48).encode()).decode()
    except OSError as error:
        raise SecretsError(
            f"密钥目录 {folder} 不能读写（{error.strerror}）：请用上次启动的用户运行，或用 SHUNIU_VAR 另指目录。"
        ) from error
    if folder.stat().st_mode & 0o077:
        raise SecretsError(f"密钥目录 {folder} 对其他用户开放，密钥可能已泄露：请执行 chmod 700 {folder} 并更换密钥。")
    return Secrets(django_key=key, folder=folder)
