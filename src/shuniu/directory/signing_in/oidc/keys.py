"""The provider's signing keys: files in the folder of keys, the newest signs, the others are published until they are old.

RSA with SHA-256 (RS256), which every OpenID Connect client understands.
"""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from shuniu.base.files import kept

_BITS = 3072
_ALGORITHM = "RS256"


def _folder() -> Path:
    folder = Path(settings.KEYS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _files() -> list[Path]:
    """Key files, oldest first: their names end with the second in which they were made. No folder of their own: the
    backup takes the files of the folder of keys."""
    found = sorted(_folder().glob("oidc-*.pem"))
    return found or [_made()]


def _made_at(path: Path) -> int:
    return int(path.stem.removeprefix("oidc-"))


def _made() -> Path:
    path = _folder() / f"oidc-{int(time.time()):012d}.pem"
    kept(path, RSAKey.generate_key(_BITS).as_pem(private=True))
    return path


@lru_cache(maxsize=8)
def _key(path: Path) -> RSAKey:
    key = RSAKey.import_key(path.read_bytes())
    return RSAKey.import_key(path.read_bytes(), {"kid": key.thumbprint(), "use": "sig", "alg": _ALGORITHM})


def published() -> dict[str, Any]:
    """The public halves, as a JWK set (RFC 7517)."""
    return {"keys": [_key(path).as_dict(private=False) for path in _files()]}


def signed(claims: dict[str, Any], kind: str = "JWT") -> str:
    """A token with these claims, signed by the newest key (RFC 7519)."""
    key = _key(_files()[-1])
    return jwt.encode({"alg": _ALGORITHM, "kid": key.kid, "typ": kind}, claims, key)


def opened(token: str) -> dict[str, Any]:
    """The claims of a token that one of the published keys signed, however old it is; empty for any other."""
    try:
        return jwt.decode(token, KeySet([_key(path) for path in _files()]), algorithms=[_ALGORITHM]).claims
    except (JoseError, ValueError):
        return {}


def roll(keep_days: int) -> tuple[str, int]:
    """Make a new key that signs from now on, and destroy those that have not signed for so many days.

    Returns the new key's id, and how many were destroyed. A key that no longer signs stays published meanwhile, for
    the tokens that it signed.
    """
    newest = _files()[-1]
    while _made_at(newest) >= int(time.time()):
        time.sleep(0.1)  # two keys of one second would be one file
    made, old = _made(), time.time() - keep_days * 86400
    ended = [path for path, after in zip(_files(), _files()[1:], strict=False) if _made_at(after) < old]
    for path in ended:
        path.unlink()
    return _key(made).kid or "", len(ended)
